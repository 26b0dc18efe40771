// The examples of the README of @aws-cdk/aws-stepfunctions-tasks, for the current CDK. The constructs have the names of the
// README, because the logical IDs are derived from them.
import * as batch from 'aws-cdk-lib/aws-batch';
import * as cdk from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';

const at = sfn.JsonPath.stringAt;
const { DynamoAttributeValue: Attribute } = tasks;

const fn = (stack, id = 'Fn') =>
  new lambda.Function(stack, id, {
    code: lambda.Code.fromInline('exports.handler = async (event) => event;'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_22_X,
  });
const invoke = (name, properties, id) => (stack) =>
  new tasks.LambdaInvoke(stack, name, { lambdaFunction: fn(stack, id), ...properties });
const table = (stack) =>
  new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'MessageId', type: dynamodb.AttributeType.STRING } });
const role = (stack, id, service) => new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal(service) });
const query = (task) => (stack) => new tasks[`Athena${task}`](stack, task, { queryExecutionId: at('$.QueryExecutionId') });
const startQuery = (outputLocation) => (stack) =>
  new tasks.AthenaStartQueryExecution(stack, 'Start Athena Query', {
    queryString: at('$.queryString'),
    queryExecutionContext: { databaseName: 'mydatabase' },
    resultConfiguration: {
      encryptionConfiguration: { encryptionOption: tasks.EncryptionOption.S3_MANAGED },
      outputLocation,
    },
  });
const message = () => sfn.TaskInput.fromObject({ field1: 'somedata', field2: at('$.field2') });
const key = (name) => ({ [name]: Attribute.fromString('message-007') });

export const cases = {
  '01-paths-inputpath': invoke('Invoke Handler', { inputPath: '$.input' }),
  '02-paths-outputpath': invoke('Invoke Handler', { outputPath: '$.Payload.result' }),
  '03-paths-resultpath': (stack) =>
    new tasks.DynamoGetItem(stack, 'PutItem', {
      key: { MessageId: Attribute.fromString('12345') },
      table: table(stack),
      resultPath: '$.Item',
    }),
  '04-parameters-from-state': invoke('Invoke Handler', {
    payload: sfn.TaskInput.fromJsonPathAt('$.input'),
    invocationType: tasks.LambdaInvocationType.EVENT,
  }),
  '05-evaluate-expression': (stack) => {
    const topic = new sns.Topic(stack, 'Topic');
    return new tasks.EvaluateExpression(stack, 'Convert to seconds', {
      expression: '$.waitMilliseconds / 1000',
      resultPath: '$.waitSeconds',
    })
      .next(
        new tasks.EvaluateExpression(stack, 'Create message', {
          expression: '`Now waiting ${$.waitSeconds} seconds...`',
          resultPath: '$.message',
        }),
      )
      .next(
        new tasks.SnsPublish(stack, 'Publish message', {
          topic,
          message: sfn.TaskInput.fromJsonPathAt('$.message'),
          resultPath: '$.sns',
        }),
      )
      .next(new sfn.Wait(stack, 'Wait', { time: sfn.WaitTime.secondsPath('$.waitSeconds') }));
  },
  '06-athena-start-query-execution': startQuery({ bucketName: 'query-results-bucket', objectKey: 'folder' }),
  '06b-athena-start-query-execution-jsonpath-location': startQuery({ bucketName: at('$.outputLocation'), objectKey: 'x' }),
  '07-athena-get-query-execution': query('GetQueryExecution'),
  '08-athena-get-query-results': query('GetQueryResults'),
  '09-athena-stop-query-execution': query('StopQueryExecution'),
  '10-batch-submit-job': (stack) => {
    const computeEnvironment = new batch.ManagedEc2EcsComputeEnvironment(stack, 'ComputeEnv', {
      vpc: new ec2.Vpc(stack, 'Vpc'),
    });
    const queue = new batch.JobQueue(stack, 'JobQueue', { computeEnvironments: [{ order: 1, computeEnvironment }] });
    const container = new batch.EcsEc2ContainerDefinition(stack, 'C', {
      image: ecs.ContainerImage.fromRegistry('batchjob-image'),
      cpu: 1,
      memory: cdk.Size.mebibytes(512),
    });
    const definition = new batch.EcsJobDefinition(stack, 'JobDefinition', { container });
    return new tasks.BatchSubmitJob(stack, 'Submit Job', {
      jobDefinitionArn: definition.jobDefinitionArn,
      jobName: 'MyJob',
      jobQueueArn: queue.jobQueueArn,
    });
  },
  '11-codebuild-start-build': (stack) => {
    const buildSpec = codebuild.BuildSpec.fromObject({ version: '0.2', phases: { build: { commands: ['echo "Hello, CodeBuild!"'] } } });
    return new tasks.CodeBuildStartBuild(stack, 'Task', {
      project: new codebuild.Project(stack, 'Project', { projectName: 'MyTestProject', buildSpec }),
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      environmentVariablesOverride: {
        ZONE: { type: codebuild.BuildEnvironmentVariableType.PLAINTEXT, value: at('$.envVariables.zone') },
      },
    });
  },
  '12-dynamodb-get-item': (stack) => new tasks.DynamoGetItem(stack, 'Get Item', { key: key('messageId'), table: table(stack) }),
  '13-dynamodb-put-item': (stack) =>
    new tasks.DynamoPutItem(stack, 'PutItem', {
      item: { ...key('MessageId'), Text: Attribute.fromString(at('$.bar')), TotalCount: Attribute.fromNumber(10) },
      table: table(stack),
    }),
  '14-dynamodb-delete-item': (stack) =>
    new tasks.DynamoDeleteItem(stack, 'DeleteItem', { key: key('MessageId'), table: table(stack), resultPath: sfn.JsonPath.DISCARD }),
  '15-dynamodb-update-item': (stack) =>
    new tasks.DynamoUpdateItem(stack, 'UpdateItem', {
      key: key('MessageId'),
      table: table(stack),
      expressionAttributeValues: {
        ':val': Attribute.numberFromString(at('$.Item.TotalCount.N')),
        ':rand': Attribute.fromNumber(20),
      },
      updateExpression: 'SET TotalCount = :val + :rand',
    }),
  '16-ecs-run-task-ec2': {
    env: true,
    build: (stack) => {
      const cluster = new ecs.Cluster(stack, 'Ec2Cluster', { vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { isDefault: true }) });
      cluster.addCapacity('DefaultAutoScalingGroup', {
        instanceType: new ec2.InstanceType('t2.micro'),
        vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      });
      const taskDefinition = new ecs.TaskDefinition(stack, 'TD', { compatibility: ecs.Compatibility.EC2 });
      taskDefinition.addContainer('TheContainer', { image: ecs.ContainerImage.fromRegistry('foo/bar'), memoryLimitMiB: 256 });
      return new tasks.EcsRunTask(stack, 'Run', {
        integrationPattern: sfn.IntegrationPattern.RUN_JOB,
        cluster,
        taskDefinition,
        launchTarget: new tasks.EcsEc2LaunchTarget({
          placementStrategies: [
            ecs.PlacementStrategy.spreadAcrossInstances(),
            ecs.PlacementStrategy.packedByCpu(),
            ecs.PlacementStrategy.randomly(),
          ],
          placementConstraints: [ecs.PlacementConstraint.memberOf('blieptuut')],
        }),
      });
    },
  },
  '17-ecs-run-task-fargate': {
    env: true,
    build: (stack) => {
      const cluster = new ecs.Cluster(stack, 'FargateCluster', { vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { isDefault: true }) });
      const taskDefinition = new ecs.TaskDefinition(stack, 'TD', { memoryMiB: '512', cpu: '256', compatibility: ecs.Compatibility.FARGATE });
      const containerDefinition = taskDefinition.addContainer('TheContainer', {
        image: ecs.ContainerImage.fromRegistry('foo/bar'),
        memoryLimitMiB: 256,
      });
      return new tasks.EcsRunTask(stack, 'RunFargate', {
        integrationPattern: sfn.IntegrationPattern.RUN_JOB,
        cluster,
        taskDefinition,
        assignPublicIp: true,
        containerOverrides: [{ containerDefinition, environment: [{ name: 'SOME_KEY', value: at('$.SomeKey') }] }],
        launchTarget: new tasks.EcsFargateLaunchTarget(),
      });
    },
  },
  '18-emr-create-cluster': (stack) =>
    new tasks.EmrCreateCluster(stack, 'Create Cluster', {
      instances: {},
      clusterRole: role(stack, 'ClusterRole', 'ec2.amazonaws.com'),
      name: sfn.TaskInput.fromJsonPathAt('$.ClusterName').value,
      serviceRole: role(stack, 'ServiceRole', 'elasticmapreduce.amazonaws.com'),
      autoScalingRole: role(stack, 'AutoScalingRole', 'application-autoscaling.amazonaws.com'),
      integrationPattern: sfn.IntegrationPattern.REQUEST_RESPONSE,
    }),
  '19-emr-set-termination-protection': (stack) =>
    new tasks.EmrSetClusterTerminationProtection(stack, 'Task', { clusterId: 'ClusterId', terminationProtected: false }),
  '20-emr-terminate-cluster': (stack) => new tasks.EmrTerminateCluster(stack, 'Task', { clusterId: 'ClusterId' }),
  '21-emr-add-step': (stack) =>
    new tasks.EmrAddStep(stack, 'Task', {
      clusterId: 'ClusterId',
      name: 'StepName',
      jar: 'Jar',
      actionOnFailure: tasks.ActionOnFailure.CONTINUE,
    }),
  '22-emr-cancel-step': (stack) => new tasks.EmrCancelStep(stack, 'Task', { clusterId: 'ClusterId', stepId: 'StepId' }),
  '23-emr-modify-instance-fleet': (stack) =>
    new tasks.EmrModifyInstanceFleetByName(stack, 'Task', {
      clusterId: 'ClusterId',
      instanceFleetName: 'InstanceFleetName',
      targetOnDemandCapacity: 2,
      targetSpotCapacity: 0,
    }),
  '24-emr-modify-instance-group': (stack) =>
    new tasks.EmrModifyInstanceGroupByName(stack, 'Task', {
      clusterId: 'ClusterId',
      instanceGroupName: at('$.InstanceGroupName'),
      instanceGroup: { instanceCount: 1 },
    }),
  '25-glue-start-job-run': (stack) =>
    new tasks.GlueStartJobRun(stack, 'Task', {
      glueJobName: 'my-glue-job',
      arguments: sfn.TaskInput.fromObject({ key: 'value' }),
      timeout: cdk.Duration.minutes(30),
      notifyDelayAfter: cdk.Duration.minutes(5),
    }),
  '26-lambda-invoke-default-payload': invoke('Invoke with state input', {}, 'my sample lambda'),
  '27-lambda-invoke-payload': (stack) =>
    invoke('Invoke with empty object as payload', { payload: sfn.TaskInput.fromObject({}) })(stack).next(
      invoke('Invoke with payload field in the state input', { payload: sfn.TaskInput.fromJsonPathAt('$.Payload') }, 'Fn2')(stack),
    ),
  '28-lambda-invoke-outputpath': invoke('Invoke and set function response as task output', {
    payload: sfn.TaskInput.fromJsonPathAt('$'),
    outputPath: '$.Payload',
  }),
  '29-lambda-invoke-payload-response-only': invoke('Invoke and combine function response with task input', {
    payloadResponseOnly: true,
    resultPath: '$.myLambda',
  }),
  '30-lambda-invoke-callback': invoke('Invoke with callback', {
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: sfn.TaskInput.fromObject({ token: sfn.JsonPath.taskToken, input: at('$.someField') }),
  }),
  '31-sagemaker-create-training-job': (stack) =>
    new tasks.SageMakerCreateTrainingJob(stack, 'TrainSagemaker', {
      trainingJobName: at('$.JobName'),
      role: role(stack, 'Role', 'sagemaker.amazonaws.com'),
      algorithmSpecification: { algorithmName: 'BlazingText', trainingInputMode: tasks.InputMode.FILE },
      inputDataConfig: [
        {
          channelName: 'train',
          dataSource: {
            s3DataSource: {
              s3DataType: tasks.S3DataType.S3_PREFIX,
              s3Location: tasks.S3Location.fromJsonExpression('$.S3Bucket'),
            },
          },
        },
      ],
      outputDataConfig: {
        s3OutputLocation: tasks.S3Location.fromBucket(s3.Bucket.fromBucketName(stack, 'Bucket', 'mybucket'), 'myoutputpath'),
      },
      resourceConfig: {
        instanceCount: 1,
        instanceType: ec2.InstanceType.of(ec2.InstanceClass.P3, ec2.InstanceSize.XLARGE2),
        volumeSize: cdk.Size.gibibytes(50),
      },
      stoppingCondition: { maxRuntime: cdk.Duration.hours(1) },
    }),
  '32-sagemaker-create-transform-job': (stack) =>
    new tasks.SageMakerCreateTransformJob(stack, 'Batch Inference', {
      transformJobName: 'MyTransformJob',
      modelName: 'MyModelName',
      modelClientOptions: { invocationsMaxRetries: 3, invocationsTimeout: cdk.Duration.minutes(5) },
      transformInput: {
        transformDataSource: {
          s3DataSource: { s3Uri: 's3://inputbucket/train', s3DataType: tasks.S3DataType.S3_PREFIX },
        },
      },
      transformOutput: { s3OutputPath: 's3://outputbucket/TransformJobOutputPath' },
      transformResources: {
        instanceCount: 1,
        instanceType: ec2.InstanceType.of(ec2.InstanceClass.M4, ec2.InstanceSize.XLARGE),
      },
    }),
  '33-sagemaker-create-endpoint': (stack) =>
    new tasks.SageMakerCreateEndpoint(stack, 'SagemakerEndpoint', {
      endpointName: at('$.EndpointName'),
      endpointConfigName: at('$.EndpointConfigName'),
    }),
  '34-sagemaker-create-endpoint-config': (stack) =>
    new tasks.SageMakerCreateEndpointConfig(stack, 'SagemakerEndpointConfig', {
      endpointConfigName: 'MyEndpointConfig',
      productionVariants: [
        {
          initialInstanceCount: 2,
          instanceType: ec2.InstanceType.of(ec2.InstanceClass.M5, ec2.InstanceSize.XLARGE),
          modelName: 'MyModel',
          variantName: 'awesome-variant',
        },
      ],
    }),
  '35-sagemaker-create-model': (stack) =>
    new tasks.SageMakerCreateModel(stack, 'Sagemaker', {
      modelName: 'MyModel',
      primaryContainer: new tasks.ContainerDefinition({
        image: tasks.DockerImage.fromJsonExpression(at('$.Model.imageName')),
        mode: tasks.Mode.SINGLE_MODEL,
        modelS3Location: tasks.S3Location.fromJsonExpression('$.TrainingJob.ModelArtifacts.S3ModelArtifacts'),
      }),
    }),
  '36-sagemaker-update-endpoint': (stack) =>
    new tasks.SageMakerUpdateEndpoint(stack, 'SagemakerEndpoint', {
      endpointName: at('$.Endpoint.Name'),
      endpointConfigName: at('$.Endpoint.EndpointConfig'),
    }),
  '37-sns-publish': (stack) => {
    const topic = new sns.Topic(stack, 'Topic');
    return new tasks.SnsPublish(stack, 'Publish1', {
      topic,
      integrationPattern: sfn.IntegrationPattern.REQUEST_RESPONSE,
      message: sfn.TaskInput.fromJsonPathAt('$.state.message'),
    }).next(new tasks.SnsPublish(stack, 'Publish2', { topic, message: message() }));
  },
  '38-stepfunctions-start-execution': (stack) =>
    new tasks.StepFunctionsStartExecution(stack, 'ChildTask', {
      stateMachine: new sfn.StateMachine(stack, 'ChildStateMachine', {
        definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'PassState')),
      }),
      integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      input: sfn.TaskInput.fromObject({ token: sfn.JsonPath.taskToken, foo: 'bar' }),
      name: 'MyExecutionName',
    }),
  '39-stepfunctions-invoke-activity': (stack) =>
    new tasks.StepFunctionsInvokeActivity(stack, 'Submit Job', { activity: new sfn.Activity(stack, 'SubmitJob') }),
  '40-sqs-send-message': (stack) => {
    const queue = new sqs.Queue(stack, 'Queue');
    return new tasks.SqsSendMessage(stack, 'Send1', { queue, messageBody: sfn.TaskInput.fromJsonPathAt('$.message') }).next(
      new tasks.SqsSendMessage(stack, 'Send2', { queue, messageBody: message() }),
    );
  },
};

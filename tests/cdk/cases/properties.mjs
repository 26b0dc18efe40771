// The tasks of @aws-cdk/aws-stepfunctions-tasks with the fewest and with the most properties, in each pattern and in both
// query languages. The name of a case is `task-variant`, with `.sync` or `.token` for the pattern and `.jsonata` for the
// query language.
import * as cdk from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';

const PATTERNS = {
  '': sfn.IntegrationPattern.REQUEST_RESPONSE,
  '.sync': sfn.IntegrationPattern.RUN_JOB,
  '.token': sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
};
const { minutes, seconds } = cdk.Duration;
const { gibibytes, mebibytes } = cdk.Size;
const object = sfn.TaskInput.fromObject;
const Attribute = tasks.DynamoAttributeValue;
const { EmrCreateCluster: Emr } = tasks;

export const cases = {};

/// Adds a task in these patterns and query languages. `properties` gets the stack, the value of a member of the input, and the
/// task token (or a member of the input if the pattern has none).
function task(name, constructor, patterns, properties, languages = ['', '.jsonata']) {
  for (const pattern of patterns) {
    for (const language of languages) {
      const jsonata = language !== '';
      const at = (member) => (jsonata ? `{% $states.input.${member} %}` : sfn.JsonPath.stringAt(`$.${member}`));
      const token = jsonata ? '{% $states.context.Task.Token %}' : sfn.JsonPath.taskToken;
      const build = (stack) => {
        const given = properties({ stack, at, token: pattern === '.token' ? token : at('token') });
        // A class with only one pattern ignores this property. A class with a default pattern needs it.
        const chosen = constructor === 'LambdaInvoke' && given.payloadResponseOnly ? {} : { integrationPattern: PATTERNS[pattern] };
        return new tasks[constructor](stack, 'Task', { ...chosen, ...given });
      };
      cases[`${name}${pattern}${language}`] = { jsonata, env: true, build };
    }
  }
}

const fn = (stack) => lambda.Function.fromFunctionArn(stack, 'Fn', 'arn:aws:lambda:us-east-1:111111111111:function:fn');
task('lambda-minimal', 'LambdaInvoke', [''], ({ stack }) => ({ lambdaFunction: fn(stack) }));
task('lambda-full', 'LambdaInvoke', ['', '.token'], ({ stack, at, token }) => ({
  lambdaFunction: fn(stack),
  payload: object({ a: at('a'), token, list: [1, true, null, { b: at('b') }] }),
  invocationType: tasks.LambdaInvocationType.EVENT,
  clientContext: 'eyJhIjoxfQ==',
  qualifier: 'live',
  retryOnServiceExceptions: false,
}));
task('lambda-response', 'LambdaInvoke', [''], ({ stack, at }) => ({
  lambdaFunction: fn(stack),
  payloadResponseOnly: true,
  payload: object({ a: at('a') }),
}));

const topic = (stack, fifo) =>
  sns.Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:111111111111:topic${fifo ? '.fifo' : ''}`);
task('sns-minimal', 'SnsPublish', [''], ({ stack }) => ({ topic: topic(stack), message: sfn.TaskInput.fromText('Hello') }));
task('sns-full', 'SnsPublish', ['', '.token'], ({ stack, at, token }) => ({
  topic: topic(stack),
  message: object({ a: at('a'), token }),
  subject: at('subject'),
  messageAttributes: {
    text: { value: 'x' },
    number: { value: 5 },
    path: { value: at('attribute'), dataType: tasks.MessageAttributeDataType.STRING },
    bytes: { value: 'YQ==', dataType: tasks.MessageAttributeDataType.BINARY },
  },
}));
task('sns-fifo', 'SnsPublish', [''], ({ stack, at }) => ({
  topic: topic(stack, true),
  message: sfn.TaskInput.fromText(at('message')),
  messageGroupId: at('group'),
  messageDeduplicationId: 'once',
}));
task('sns-protocols', 'SnsPublish', [''], ({ stack, at }) => ({
  topic: topic(stack),
  message: object({ default: 'Hello', email: at('mail'), sqs: '{"a":1}' }),
  messagePerSubscriptionType: true,
}));
task('sns-list', 'SnsPublish', [''], ({ stack }) => ({
  topic: topic(stack),
  message: sfn.TaskInput.fromText('Hello'),
  messageAttributes: { list: { value: ['a', 1, true] } },
}));

const queue = (stack, fifo) =>
  sqs.Queue.fromQueueArn(stack, 'Queue', `arn:aws:sqs:us-east-1:111111111111:queue${fifo ? '.fifo' : ''}`);
task('sqs-full', 'SqsSendMessage', ['', '.token'], ({ stack, at, token }) => ({
  queue: queue(stack),
  messageBody: object({ a: at('a'), token }),
  delay: minutes(2),
}));
task('sqs-fifo', 'SqsSendMessage', [''], ({ stack, at }) => ({
  queue: queue(stack, true),
  messageBody: sfn.TaskInput.fromText('Hello'),
  messageGroupId: at('group'),
  messageDeduplicationId: at('once'),
}));

const child = (stack) =>
  sfn.StateMachine.fromStateMachineArn(stack, 'Child', 'arn:aws:states:us-east-1:111111111111:stateMachine:child');
task('states-minimal', 'StepFunctionsStartExecution', ['', '.sync'], ({ stack }) => ({ stateMachine: child(stack) }));
task('states-full', 'StepFunctionsStartExecution', ['', '.sync', '.token'], ({ stack, at, token }) => ({
  stateMachine: child(stack),
  input: object({ a: at('a'), token }),
  name: at('name'),
  associateWithParent: true,
}));
task('states-associated', 'StepFunctionsStartExecution', [''], ({ stack }) => ({
  stateMachine: child(stack),
  associateWithParent: true,
}));

const activity = (stack) =>
  sfn.Activity.fromActivityArn(stack, 'Activity', 'arn:aws:states:us-east-1:111111111111:activity:work');
task('activity-full', 'StepFunctionsInvokeActivity', [''], ({ stack, at }) => ({
  activity: activity(stack),
  parameters: { a: at('a'), b: 1 },
  heartbeatTimeout: sfn.Timeout.duration(seconds(30)),
  taskTimeout: sfn.Timeout.duration(minutes(5)),
}));

const table = (stack) => dynamodb.Table.fromTableName(stack, 'Table', 'orders');
const key = ({ at }) => ({ id: Attribute.fromString(at('id')) });
const write = {
  conditionExpression: 'attribute_exists(#a)',
  expressionAttributeNames: { '#a': 'a' },
  expressionAttributeValues: { ':v': Attribute.fromNumber(1) },
  returnConsumedCapacity: tasks.DynamoConsumedCapacity.TOTAL,
  returnItemCollectionMetrics: tasks.DynamoItemCollectionMetrics.SIZE,
  returnValues: tasks.DynamoReturnValues.ALL_OLD,
};
task('dynamodb-get-minimal', 'DynamoGetItem', [''], (it) => ({ table: table(it.stack), key: key(it) }));
task('dynamodb-get-full', 'DynamoGetItem', [''], (it) => ({
  table: table(it.stack),
  key: key(it),
  consistentRead: true,
  expressionAttributeNames: { '#a': 'a' },
  projectionExpression: [new tasks.DynamoProjectionExpression().withAttribute('#a').atIndex(0).withAttribute('b'), new tasks.DynamoProjectionExpression().withAttribute('c')],
  returnConsumedCapacity: tasks.DynamoConsumedCapacity.INDEXES,
}));
task('dynamodb-put-full', 'DynamoPutItem', [''], (it) => ({
  table: table(it.stack),
  item: {
    ...key(it),
    n: Attribute.fromNumber(1.5),
    b: Attribute.fromBinary('YQ=='),
    ss: Attribute.fromStringSet(['a', 'b']),
    ns: Attribute.fromNumberSet([1, 2]),
    bs: Attribute.fromBinarySet(['YQ==']),
    m: Attribute.fromMap({ k: Attribute.fromString(it.at('k')) }),
    l: Attribute.fromList([Attribute.fromString('x'), Attribute.fromNull(true)]),
    t: Attribute.fromBoolean(true),
  },
  ...write,
}));
task('dynamodb-update-full', 'DynamoUpdateItem', [''], (it) => ({
  table: table(it.stack),
  key: key(it),
  updateExpression: 'SET #a = :v',
  ...write,
}));
task('dynamodb-delete-full', 'DynamoDeleteItem', [''], (it) => ({ table: table(it.stack), key: key(it), ...write }));

task('athena-start-minimal', 'AthenaStartQueryExecution', ['', '.sync'], ({ at }) => ({ queryString: at('sql') }));
task('athena-start-full', 'AthenaStartQueryExecution', ['', '.sync'], ({ at }) => ({
  queryString: at('sql'),
  clientRequestToken: 'a-token-that-is-long-enough-to-be-one',
  queryExecutionContext: { catalogName: 'catalog', databaseName: 'database' },
  resultConfiguration: {
    outputLocation: { bucketName: 'results', objectKey: 'folder' },
    encryptionConfiguration: { encryptionOption: tasks.EncryptionOption.S3_MANAGED },
  },
  workGroup: 'group',
  executionParameters: ['1', '2'],
  resultReuseConfigurationMaxAge: minutes(60),
}));
task('athena-get', 'AthenaGetQueryExecution', [''], ({ at }) => ({ queryExecutionId: at('id') }));
task('athena-stop', 'AthenaStopQueryExecution', [''], ({ at }) => ({ queryExecutionId: at('id') }));
task('athena-results-full', 'AthenaGetQueryResults', [''], ({ at }) => ({
  queryExecutionId: at('id'),
  maxResults: 50,
  nextToken: at('next'),
}));

task('batch-full', 'BatchSubmitJob', ['', '.sync'], ({ at }) => ({
  jobDefinitionArn: 'arn:aws:batch:us-east-1:111111111111:job-definition/d:1',
  jobName: at('name'),
  jobQueueArn: 'arn:aws:batch:us-east-1:111111111111:job-queue/q',
  arraySize: 10,
  containerOverrides: {
    command: ['run', '--all'],
    environment: { NAME: at('value') },
    instanceType: new ec2.InstanceType('m5.large'),
    memory: mebibytes(512),
    gpuCount: 1,
    vcpus: 2,
  },
  dependsOn: [{ jobId: 'job-1', type: 'SEQUENTIAL' }],
  payload: object({ k: at('k') }),
  attempts: 3,
  tags: { team: 'a' },
  taskTimeout: sfn.Timeout.duration(minutes(10)),
}));

const project = (stack) => codebuild.Project.fromProjectName(stack, 'Project', 'project');
task('codebuild-full', 'CodeBuildStartBuild', ['', '.sync'], ({ stack, at }) => ({
  project: project(stack),
  environmentVariablesOverride: {
    PLAIN: { value: at('plain') },
    SECRET: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: 'secret' },
  },
}));

task('glue-minimal', 'GlueStartJobRun', ['', '.sync'], () => ({ glueJobName: 'job' }));
task('glue-full', 'GlueStartJobRun', ['', '.sync'], ({ at }) => ({
  glueJobName: at('job'),
  arguments: object({ '--input': at('input') }),
  securityConfiguration: 'secure',
  taskTimeout: sfn.Timeout.duration(minutes(30)),
  notifyDelayAfter: minutes(5),
  workerConfiguration: { workerTypeV2: tasks.WorkerTypeV2.G_1X, numberOfWorkers: 3 },
  executionClass: tasks.ExecutionClass.FLEX,
}));

const vpc = (stack) =>
  ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a'],
    publicSubnetIds: ['subnet-0aaaaaaaaaaaaaaaa'],
    privateSubnetIds: ['subnet-0bbbbbbbbbbbbbbbb'],
  });
const group = (stack) => ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
const cluster = (stack, network) => {
  const it = new ecs.Cluster(stack, 'Cluster', { vpc: network });
  it.addCapacity('Capacity', { instanceType: new ec2.InstanceType('t3.micro') });
  return it;
};
function run(kind, { stack, at, token }, launchTarget, properties = {}) {
  const network = vpc(stack);
  const taskDefinition =
    kind === 'fargate'
      ? new ecs.FargateTaskDefinition(stack, 'Definition', { family: 'family' })
      : new ecs.Ec2TaskDefinition(stack, 'Definition', { family: 'family' });
  const containerDefinition = taskDefinition.addContainer('main', {
    image: ecs.ContainerImage.fromRegistry('busybox'),
    memoryLimitMiB: 128,
  });
  return {
    cluster: cluster(stack, network),
    taskDefinition,
    launchTarget,
    containerOverrides: [
      {
        containerDefinition,
        command: ['echo', 'word'],
        environment: [{ name: 'TOKEN', value: token }],
        cpu: 64,
        memoryLimit: 256,
        memoryReservation: 128,
      },
    ],
    ...properties(stack),
  };
}
const fargate = (options) => new tasks.EcsFargateLaunchTarget(options);
const shared = {
  propagatedTagSource: ecs.PropagatedTagSource.TASK_DEFINITION,
  enableExecuteCommand: true,
  revisionNumber: 3,
  cpu: '1024',
  memoryMiB: '2048',
};
task('ecs-fargate', 'EcsRunTask', ['', '.sync', '.token'], (it) =>
  run('fargate', it, fargate({ platformVersion: ecs.FargatePlatformVersion.VERSION1_4 }), (stack) => ({
    assignPublicIp: true,
    securityGroups: [group(stack)],
    ...shared,
  })),
);
task('ecs-private', 'EcsRunTask', [''], (it) =>
  run('fargate', it, fargate(), (stack) => ({
    assignPublicIp: false,
    subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [group(stack)],
  })),
);
task('ecs-providers', 'EcsRunTask', [''], (it) =>
  run(
    'fargate',
    it,
    fargate({
      platformVersion: ecs.FargatePlatformVersion.LATEST,
      capacityProviderOptions: tasks.CapacityProviderOptions.custom([
        { capacityProvider: 'FARGATE', weight: 1, base: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 2 },
      ]),
    }),
    (stack) => ({ securityGroups: [group(stack)] }),
  ),
);
task('ecs-ec2', 'EcsRunTask', ['', '.sync', '.token'], (it) =>
  run(
    'ec2',
    it,
    new tasks.EcsEc2LaunchTarget({
      placementStrategies: [
        ecs.PlacementStrategy.spreadAcross('attribute:ecs.availability-zone'),
        ecs.PlacementStrategy.packedByMemory(),
        ecs.PlacementStrategy.randomly(),
      ],
      placementConstraints: [
        ecs.PlacementConstraint.distinctInstances(),
        ecs.PlacementConstraint.memberOf('attribute:ecs.os-type == linux'),
      ],
    }),
    () => shared,
  ),
);
task('ecs-cluster', 'EcsRunTask', [''], (it) =>
  run(
    'ec2',
    it,
    new tasks.EcsEc2LaunchTarget({ capacityProviderOptions: tasks.CapacityProviderOptions.default() }),
    () => ({}),
  ),
);

const role = (stack, id) => iam.Role.fromRoleArn(stack, id, `arn:aws:iam::111111111111:role/${id}`, { mutable: false });
const emrRoles = (stack) => ({
  clusterRole: role(stack, 'cluster'),
  serviceRole: role(stack, 'service'),
  autoScalingRole: role(stack, 'scaling'),
});
const configurations = [
  { classification: 'spark', properties: { k: 'v' }, configurations: [{ classification: 'export' }] },
];
const ebsConfiguration = {
  ebsBlockDeviceConfigs: [
    {
      volumeSpecification: { volumeSize: gibibytes(100), volumeType: Emr.EbsBlockDeviceVolumeType.IO1, iops: 500 },
      volumesPerInstance: 2,
    },
  ],
  ebsOptimized: true,
};
task('emr-minimal', 'EmrCreateCluster', ['', '.sync'], ({ stack, at }) => ({
  instances: {},
  name: at('name'),
  ...emrRoles(stack),
}));
task('emr-groups', 'EmrCreateCluster', ['', '.sync'], ({ stack, at }) => ({
  name: at('name'),
  ...emrRoles(stack),
  additionalInfo: 'info',
  applications: [{ name: 'Spark', version: '3', args: ['-x'], additionalInfo: { k: 'v' } }],
  bootstrapActions: [{ name: 'Set up', scriptBootstrapAction: { path: 's3://bucket/setup.sh', args: ['a'] } }],
  configurations,
  customAmiId: 'ami-0123',
  ebsRootVolumeSize: gibibytes(20),
  ebsRootVolumeIops: 3000,
  ebsRootVolumeThroughput: 125,
  kerberosAttributes: {
    realm: 'EC2.INTERNAL',
    kdcAdminPassword: 'kdc',
    adDomainJoinUser: 'user',
    adDomainJoinPassword: 'password',
    crossRealmTrustPrincipalPassword: 'trust',
  },
  logUri: 's3://bucket/logs',
  managedScalingPolicy: {
    computeLimits: {
      unitType: Emr.ComputeLimitsUnitType.INSTANCES,
      minimumCapacityUnits: 1,
      maximumCapacityUnits: 10,
      maximumOnDemandCapacityUnits: 5,
      maximumCoreCapacityUnits: 3,
    },
  },
  releaseLabel: 'emr-7.0.0',
  scaleDownBehavior: Emr.EmrClusterScaleDownBehavior.TERMINATE_AT_TASK_COMPLETION,
  securityConfiguration: 'secure',
  stepConcurrencyLevel: 2,
  tags: { team: 'a' },
  visibleToAllUsers: true,
  autoTerminationPolicyIdleTimeout: minutes(10),
  instances: {
    additionalMasterSecurityGroups: ['sg-1'],
    additionalSlaveSecurityGroups: ['sg-2'],
    ec2KeyName: 'key',
    ec2SubnetId: 'subnet-1',
    emrManagedMasterSecurityGroup: 'sg-3',
    emrManagedSlaveSecurityGroup: 'sg-4',
    serviceAccessSecurityGroup: 'sg-5',
    placement: { availabilityZone: 'us-east-1a' },
    terminationProtected: true,
    instanceGroups: [
      { instanceRole: Emr.InstanceRoleType.MASTER, instanceCount: 1, instanceType: 'm5.xlarge', name: 'Primary' },
      {
        instanceRole: Emr.InstanceRoleType.CORE,
        instanceCount: 2,
        instanceType: 'm5.xlarge',
        market: Emr.InstanceMarket.SPOT,
        bidPrice: '0.1',
        configurations,
        ebsConfiguration,
        autoScalingPolicy: {
          constraints: { minCapacity: 1, maxCapacity: 5 },
          rules: [
            {
              name: 'Out',
              description: 'More',
              action: {
                market: Emr.InstanceMarket.ON_DEMAND,
                simpleScalingPolicyConfiguration: {
                  adjustmentType: Emr.ScalingAdjustmentType.CHANGE_IN_CAPACITY,
                  scalingAdjustment: 1,
                  coolDown: 300,
                },
              },
              trigger: {
                cloudWatchAlarmDefinition: {
                  comparisonOperator: Emr.CloudWatchAlarmComparisonOperator.LESS_THAN,
                  metricName: 'YARNMemoryAvailablePercentage',
                  namespace: 'AWS/ElasticMapReduce',
                  period: minutes(5),
                  evaluationPeriods: 1,
                  statistic: Emr.CloudWatchAlarmStatistic.AVERAGE,
                  threshold: 15,
                  unit: Emr.CloudWatchAlarmUnit.PERCENT,
                  dimensions: [{ key: 'JobFlowId', value: 'j' }],
                },
              },
            },
          ],
        },
      },
    ],
  },
}));
task('emr-fleets', 'EmrCreateCluster', [''], ({ stack, at }) => ({
  name: at('name'),
  clusterRole: role(stack, 'cluster'),
  serviceRole: role(stack, 'service'),
  instances: {
    ec2SubnetIds: ['subnet-1', 'subnet-2'],
    placement: { availabilityZones: ['us-east-1a', 'us-east-1b'] },
    instanceFleets: [
      {
        instanceFleetType: Emr.InstanceRoleType.MASTER,
        name: 'Primary',
        targetOnDemandCapacity: 1,
        targetSpotCapacity: 0,
        instanceTypeConfigs: [
          {
            instanceType: 'm5.xlarge',
            weightedCapacity: 1,
            bidPriceAsPercentageOfOnDemandPrice: 80,
            priority: 0,
            configurations,
            ebsConfiguration,
          },
        ],
        launchSpecifications: {
          onDemandSpecification: { allocationStrategy: Emr.OnDemandAllocationStrategy.PRIORITIZED },
          spotSpecification: {
            allocationStrategy: Emr.SpotAllocationStrategy.CAPACITY_OPTIMIZED,
            timeoutAction: Emr.SpotTimeoutAction.TERMINATE_CLUSTER,
            timeout: minutes(10),
            blockDurationMinutes: 60,
          },
        },
      },
    ],
  },
}));
task('emr-terminate', 'EmrTerminateCluster', ['', '.sync'], ({ at }) => ({ clusterId: at('cluster') }));
task('emr-protect', 'EmrSetClusterTerminationProtection', [''], ({ at }) => ({
  clusterId: at('cluster'),
  terminationProtected: true,
}));
task('emr-step-minimal', 'EmrAddStep', ['', '.sync'], ({ at }) => ({ clusterId: at('cluster'), name: 'Step', jar: 'app.jar' }));
task('emr-step-full', 'EmrAddStep', ['', '.sync'], ({ at }) => ({
  clusterId: at('cluster'),
  name: at('name'),
  jar: 'command-runner.jar',
  mainClass: 'com.example.Main',
  args: ['spark-submit', '--verbose'],
  properties: { k: 'v' },
  actionOnFailure: tasks.ActionOnFailure.CANCEL_AND_WAIT,
  executionRoleArn: 'arn:aws:iam::111111111111:role/step',
}));
task('emr-cancel', 'EmrCancelStep', [''], ({ at }) => ({ clusterId: at('cluster'), stepId: at('step') }));
task('emr-fleet', 'EmrModifyInstanceFleetByName', [''], ({ at }) => ({
  clusterId: at('cluster'),
  instanceFleetName: at('fleet'),
  targetOnDemandCapacity: 2,
  targetSpotCapacity: 4,
}));
task('emr-group', 'EmrModifyInstanceGroupByName', [''], ({ at }) => ({
  clusterId: at('cluster'),
  instanceGroupName: at('group'),
  instanceGroup: {
    configurations,
    eC2InstanceIdsToTerminate: ['i-1'],
    instanceCount: 3,
    shrinkPolicy: {
      decommissionTimeout: minutes(5),
      instanceResizePolicy: {
        instanceTerminationTimeout: minutes(2),
        instancesToProtect: ['i-2'],
        instancesToTerminate: ['i-3'],
      },
    },
  },
}));

const kmsKey = (stack) => kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/k');
const xlarge = ec2.InstanceType.of(ec2.InstanceClass.M5, ec2.InstanceSize.XLARGE);
task('sagemaker-training-minimal', 'SageMakerCreateTrainingJob', ['', '.sync'], ({ stack, at }) => ({
  trainingJobName: at('name'),
  role: role(stack, 'training'),
  algorithmSpecification: { trainingImage: tasks.DockerImage.fromRegistry('registry/image:1') },
  inputDataConfig: [
    { channelName: 'train', dataSource: { s3DataSource: { s3Location: tasks.S3Location.fromJsonExpression('$.data') } } },
  ],
  outputDataConfig: { s3OutputLocation: tasks.S3Location.fromJsonExpression('$.output') },
}), ['']);
task('sagemaker-training-full', 'SageMakerCreateTrainingJob', ['', '.sync'], ({ stack, at }) => ({
  trainingJobName: at('name'),
  role: role(stack, 'training'),
  algorithmSpecification: {
    trainingImage: tasks.DockerImage.fromEcrRepository(
      ecr.Repository.fromRepositoryAttributes(stack, 'Repository', {
        repositoryName: 'churn',
        repositoryArn: 'arn:aws:ecr:us-east-1:111111111111:repository/churn',
      }),
      'v7',
    ),
    trainingInputMode: tasks.InputMode.PIPE,
    metricDefinitions: [{ name: 'loss', regex: 'loss=(.*)' }],
  },
  inputDataConfig: [
    {
      channelName: 'train',
      compressionType: tasks.CompressionType.GZIP,
      contentType: 'text/csv',
      inputMode: tasks.InputMode.FILE,
      recordWrapperType: tasks.RecordWrapperType.RECORD_IO,
      shuffleConfig: { seed: 7 },
      dataSource: {
        s3DataSource: {
          s3Location: tasks.S3Location.fromBucket(s3.Bucket.fromBucketName(stack, 'Data', 'data'), 'train'),
          s3DataType: tasks.S3DataType.AUGMENTED_MANIFEST_FILE,
          s3DataDistributionType: tasks.S3DataDistributionType.SHARDED_BY_S3_KEY,
          attributeNames: ['source', 'label'],
        },
      },
    },
  ],
  outputDataConfig: {
    s3OutputLocation: tasks.S3Location.fromBucket(s3.Bucket.fromBucketName(stack, 'Models', 'models'), 'churn'),
    encryptionKey: kmsKey(stack),
  },
  enableNetworkIsolation: true,
  environment: { STAGE: 'test' },
  hyperparameters: { epochs: '10' },
  resourceConfig: {
    instanceCount: 2,
    instanceType: xlarge,
    volumeSize: gibibytes(50),
    volumeEncryptionKey: kmsKey(new cdk.Stack(cdk.App.of(stack), 'Other')),
  },
  stoppingCondition: { maxRuntime: minutes(90) },
  tags: { team: 'a' },
}));
task('sagemaker-transform-minimal', 'SageMakerCreateTransformJob', ['', '.sync'], ({ stack, at }) => ({
  transformJobName: at('name'),
  modelName: at('model'),
  role: role(stack, 'transform'),
  transformInput: { transformDataSource: { s3DataSource: { s3Uri: 's3://data/in' } } },
  transformOutput: { s3OutputPath: 's3://data/out' },
}));
task('sagemaker-transform-full', 'SageMakerCreateTransformJob', ['', '.sync'], ({ stack, at }) => ({
  transformJobName: at('name'),
  modelName: at('model'),
  role: role(stack, 'transform'),
  batchStrategy: tasks.BatchStrategy.MULTI_RECORD,
  environment: { STAGE: 'test' },
  maxConcurrentTransforms: 4,
  maxPayload: mebibytes(20),
  modelClientOptions: { invocationsMaxRetries: 2, invocationsTimeout: minutes(5) },
  tags: { team: 'a' },
  transformInput: {
    compressionType: tasks.CompressionType.GZIP,
    contentType: 'text/csv',
    splitType: tasks.SplitType.LINE,
    transformDataSource: { s3DataSource: { s3Uri: 's3://data/in', s3DataType: tasks.S3DataType.MANIFEST_FILE } },
  },
  transformOutput: {
    s3OutputPath: 's3://data/out',
    accept: 'text/csv',
    assembleWith: tasks.AssembleWith.LINE,
    encryptionKey: kmsKey(stack),
  },
  transformResources: {
    instanceCount: 2,
    instanceType: xlarge,
  },
}));
task('sagemaker-endpoint', 'SageMakerCreateEndpoint', [''], ({ at }) => ({
  endpointName: at('endpoint'),
  endpointConfigName: at('configuration'),
  tags: object({ team: 'a' }),
}));
task('sagemaker-update', 'SageMakerUpdateEndpoint', [''], ({ at }) => ({
  endpointName: at('endpoint'),
  endpointConfigName: at('configuration'),
}));
task('sagemaker-configuration', 'SageMakerCreateEndpointConfig', [''], ({ stack, at }) => ({
  endpointConfigName: at('configuration'),
  kmsKey: kmsKey(stack),
  productionVariants: [
    { variantName: 'a', modelName: 'model-a', instanceType: xlarge, initialInstanceCount: 2, initialVariantWeight: 0.5 },
    { variantName: 'b', modelName: 'model-b', instanceType: xlarge },
  ],
}));
const container = (name) =>
  new tasks.ContainerDefinition({
    image: tasks.DockerImage.fromRegistry('registry/image:1'),
    mode: tasks.Mode.MULTI_MODEL,
    containerHostName: name,
    environmentVariables: object({ STAGE: 'test' }),
    modelPackageName: 'package',
  });
task('sagemaker-model', 'SageMakerCreateModel', [''], ({ stack, at }) => ({
  modelName: at('model'),
  role: role(stack, 'model'),
  primaryContainer: container('main'),
  enableNetworkIsolation: true,
}));
task('sagemaker-pipeline', 'SageMakerCreateModel', [''], ({ stack, at }) => ({
  modelName: at('model'),
  role: role(stack, 'model'),
  primaryContainer: container('main'),
  containers: [container('first'), container('second')],
}));

task('evaluate', 'EvaluateExpression', [''], () => ({ expression: '`${$.a.b} of ${$.list[0] * 2}`' }), ['']);

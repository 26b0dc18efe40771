//! The examples of the README of `@aws-cdk/aws-stepfunctions-tasks`, in Rust, in its order.
//!
//! `cargo run --example seed_gallery` prints each example with its definition. With `-- --json`, it prints all definitions as
//! one object.
//!
//! If an example of the CDK creates a resource, this file has a [`reference`] with the logical ID of the resource in the CDK's
//! template, so that both definitions can be compared.

use sfn_tasks::evaluate_expression::EvaluateExpression;
use sfn_tasks::prelude::*;
use sfn_tasks::tasks::dynamodb::AttributeValue;
use sfn_tasks::tasks::lambda::{InvocationType, Invoke};
use sfn_tasks::tasks::{
    activity, athena, batch, codebuild, dynamodb, ecs, elasticmapreduce, glue, sagemaker, sns, sqs, states,
};

// The logical IDs of resources that several examples use.
const FUNCTION: &str = "Fn9270CBC0.Arn";
const TABLE: &str = "TableCD117FA1";
const TOPIC: &str = "TopicBFC7AF6E";
const QUEUE: &str = "Queue4A7E3555";

fn paths_inputpath() -> Chain {
    Task::new("Invoke Handler", Invoke::new().function_name(reference(FUNCTION))).input_path("$.input").into()
}

fn paths_outputpath() -> Chain {
    Task::new("Invoke Handler", Invoke::new().function_name(reference(FUNCTION))).output_path("$.Payload.result").into()
}

fn paths_resultpath() -> Chain {
    Task::new(
        "PutItem",
        dynamodb::GetItem::new()
            .table_name(reference(TABLE))
            .key("MessageId", AttributeValue::s("12345"))
            .consistent_read(false),
    )
    .result_path("$.Item")
    .into()
}

fn parameters_from_state() -> Chain {
    Task::new(
        "Invoke Handler",
        Invoke::new()
            .function_name(reference(FUNCTION))
            .payload(path("$.input"))
            .invocation_type(InvocationType::Event),
    )
    .into()
}

fn evaluate_expression() -> Chain {
    // In JSONata, this needs neither a function nor a call: see `EvaluateExpression::jsonata`.
    let convert_to_seconds = Task::new(
        "Convert to seconds",
        EvaluateExpression::new("$.waitMilliseconds / 1000", reference("ConverttosecondsEvalFunctionE0C4DB4A.Arn")),
    )
    .without_default_retry()
    .result_path("$.waitSeconds");

    let create_message = Task::new(
        "Create message",
        EvaluateExpression::new(
            "`Now waiting ${$.waitSeconds} seconds...`",
            reference("CreatemessageEvalFunctionCB04A59E.Arn"),
        ),
    )
    .without_default_retry()
    .result_path("$.message");

    let publish_message =
        Task::new("Publish message", sns::Publish::new().topic_arn(reference(TOPIC)).message(path("$.message")))
            .result_path("$.sns");

    let wait = Wait::seconds("Wait", path("$.waitSeconds"));

    convert_to_seconds.next(create_message).next(publish_message).next(wait)
}

fn athena_start_query_execution_to(location: athena::S3Location) -> Chain {
    Task::new(
        "Start Athena Query",
        athena::StartQueryExecution::new()
            .query_string(path("$.queryString"))
            .query_execution_context(athena::QueryExecutionContext::new().database("mydatabase"))
            .result_configuration(
                athena::ResultConfiguration::new()
                    .encryption_configuration(
                        athena::EncryptionConfiguration::new().encryption_option(athena::EncryptionOption::SseS3),
                    )
                    .output_location(location),
            ),
    )
    .into()
}

fn athena_start_query_execution() -> Chain {
    athena_start_query_execution_to(athena::S3Location::from_bucket("query-results-bucket", "folder/"))
}

/// With the location from the input, as in the README. The current CDK rejects this.
fn athena_start_query_execution_jsonpath_location() -> Chain {
    athena_start_query_execution_to(athena::S3Location::from_uri(path("$.outputLocation")))
}

fn athena_get_query_execution() -> Chain {
    Task::new("GetQueryExecution", athena::GetQueryExecution::new().query_execution_id(path("$.QueryExecutionId")))
        .into()
}

fn athena_get_query_results() -> Chain {
    Task::new("GetQueryResults", athena::GetQueryResults::new().query_execution_id(path("$.QueryExecutionId"))).into()
}

fn athena_stop_query_execution() -> Chain {
    Task::new("StopQueryExecution", athena::StopQueryExecution::new().query_execution_id(path("$.QueryExecutionId")))
        .into()
}

fn batch_submit_job() -> Chain {
    Task::new(
        "Submit Job",
        batch::SubmitJob::new()
            .job_definition(reference("JobDefinition24FFE3ED"))
            .job_name("MyJob")
            .job_queue(reference("JobQueueEE3AD499.JobQueueArn")),
    )
    .run_job()
    .into()
}

fn codebuild_start_build() -> Chain {
    Task::new(
        "Task",
        codebuild::StartBuild::new().project_name(reference("ProjectC78D97AD")).environment_variables_override(
            codebuild::EnvironmentVariable::new()
                .name("ZONE")
                .r#type(codebuild::EnvironmentVariableType::Plaintext)
                .value(path("$.envVariables.zone")),
        ),
    )
    .run_job()
    .into()
}

fn dynamodb_get_item() -> Chain {
    Task::new(
        "Get Item",
        dynamodb::GetItem::new()
            .key("messageId", AttributeValue::s("message-007"))
            .table_name(reference(TABLE))
            .consistent_read(false),
    )
    .into()
}

fn dynamodb_put_item() -> Chain {
    Task::new(
        "PutItem",
        dynamodb::PutItem::new()
            .item("MessageId", AttributeValue::s("message-007"))
            .item("Text", AttributeValue::s(path("$.bar")))
            .item("TotalCount", AttributeValue::n(10))
            .table_name(reference(TABLE)),
    )
    .into()
}

fn dynamodb_delete_item() -> Chain {
    Task::new(
        "DeleteItem",
        dynamodb::DeleteItem::new().key("MessageId", AttributeValue::s("message-007")).table_name(reference(TABLE)),
    )
    .discard_result()
    .into()
}

fn dynamodb_update_item() -> Chain {
    Task::new(
        "UpdateItem",
        dynamodb::UpdateItem::new()
            .key("MessageId", AttributeValue::s("message-007"))
            .table_name(reference(TABLE))
            .expression_attribute_values(":val", AttributeValue::n(path("$.Item.TotalCount.N")))
            .expression_attribute_values(":rand", AttributeValue::n(20))
            .update_expression("SET TotalCount = :val + :rand"),
    )
    .into()
}

fn ecs_run_task_ec2() -> Chain {
    Task::new(
        "Run",
        ecs::RunTask::new()
            .cluster(reference("Ec2ClusterEE43E89D.Arn"))
            .task_definition("StackTDA28C8ABC")
            .launch_target(
                ecs::LaunchTarget::ec2()
                    .placement_strategy(ecs::PlacementStrategy::spread_across_instances())
                    .placement_strategy(ecs::PlacementStrategy::packed_by_cpu())
                    .placement_strategy(ecs::PlacementStrategy::randomly())
                    .placement_constraint(ecs::PlacementConstraint::member_of("blieptuut")),
            ),
    )
    .run_job()
    .into()
}

fn ecs_run_task_fargate() -> Chain {
    Task::new(
        "RunFargate",
        ecs::RunTask::new()
            .cluster(reference("FargateCluster7CCD5F93.Arn"))
            .task_definition("StackTDA28C8ABC")
            .network_configuration(
                ecs::NetworkConfiguration::new().awsvpc_configuration(
                    ecs::AwsVpcConfiguration::new()
                        .assign_public_ip(true)
                        .set_subnets(["s-12345", "s-67890"])
                        .security_groups(reference("RunFargateSecurityGroup709740F2.GroupId")),
                ),
            )
            .overrides(ecs::TaskOverride::new().container_overrides(
                ecs::ContainerOverride::new().name("TheContainer").environment(("SOME_KEY", path("$.SomeKey"))),
            ))
            .launch_target(ecs::LaunchTarget::fargate()),
    )
    .run_job()
    .into()
}

fn emr_create_cluster() -> Chain {
    Task::new(
        "Create Cluster",
        elasticmapreduce::CreateCluster::new()
            .instances(elasticmapreduce::JobFlowInstancesConfig::new())
            .job_flow_role(reference("ClusterRoleD9CA7471"))
            .name(path("$.ClusterName"))
            .service_role(reference("ServiceRole4288B192"))
            .auto_scaling_role(reference("AutoScalingRole015ADA0A")),
    )
    .into()
}

fn emr_set_termination_protection() -> Chain {
    Task::new(
        "Task",
        elasticmapreduce::SetClusterTerminationProtection::new().cluster_id("ClusterId").termination_protected(false),
    )
    .into()
}

fn emr_terminate_cluster() -> Chain {
    Task::new("Task", elasticmapreduce::TerminateCluster::new().cluster_id("ClusterId")).run_job().into()
}

fn emr_add_step() -> Chain {
    Task::new(
        "Task",
        elasticmapreduce::AddStep::new().cluster_id("ClusterId").step(
            elasticmapreduce::StepConfig::new()
                .name("StepName")
                .hadoop_jar_step(elasticmapreduce::HadoopJarStepConfig::new().jar("Jar"))
                .action_on_failure(elasticmapreduce::ActionOnFailure::Continue),
        ),
    )
    .run_job()
    .into()
}

fn emr_cancel_step() -> Chain {
    Task::new("Task", elasticmapreduce::CancelStep::new().cluster_id("ClusterId").step_id("StepId")).into()
}

fn emr_modify_instance_fleet() -> Chain {
    Task::new(
        "Task",
        elasticmapreduce::ModifyInstanceFleetByName::new()
            .cluster_id("ClusterId")
            .instance_fleet_name("InstanceFleetName")
            .instance_fleet(
                elasticmapreduce::InstanceFleetModifyConfig::new().target_on_demand_capacity(2).target_spot_capacity(0),
            ),
    )
    .into()
}

fn emr_modify_instance_group() -> Chain {
    Task::new(
        "Task",
        elasticmapreduce::ModifyInstanceGroupByName::new()
            .cluster_id("ClusterId")
            .instance_group_name(path("$.InstanceGroupName"))
            .instance_group(elasticmapreduce::InstanceGroupModifyConfig::new().instance_count(1)),
    )
    .into()
}

fn glue_start_job_run() -> Chain {
    Task::new(
        "Task",
        glue::StartJobRun::new()
            .job_name("my-glue-job")
            .arguments("key", "value")
            .timeout(Duration::from_secs(30 * 60))
            .notification_property(glue::NotificationProperty::new().notify_delay_after(Duration::from_secs(5 * 60))),
    )
    .into()
}

fn lambda_invoke_default_payload() -> Chain {
    Task::new("Invoke with state input", Invoke::new().function_name(reference("mysamplelambdaD4EA5810.Arn"))).into()
}

fn lambda_invoke_payload() -> Chain {
    Task::new(
        "Invoke with empty object as payload",
        Invoke::new().function_name(reference(FUNCTION)).payload(payload!({})),
    )
    .next(Task::new(
        "Invoke with payload field in the state input",
        Invoke::new().function_name(reference("Fn2C26C4B36.Arn")).payload(path("$.Payload")),
    ))
}

fn lambda_invoke_outputpath() -> Chain {
    Task::new(
        "Invoke and set function response as task output",
        Invoke::new().function_name(reference(FUNCTION)).payload(state_input()),
    )
    .output_path("$.Payload")
    .into()
}

fn lambda_invoke_payload_response_only() -> Chain {
    Task::new(
        "Invoke and combine function response with task input",
        Invoke::new().function_name(reference(FUNCTION)).payload_response_only(),
    )
    .result_path("$.myLambda")
    .into()
}

fn lambda_invoke_callback() -> Chain {
    Task::new(
        "Invoke with callback",
        Invoke::new()
            .function_name(reference(FUNCTION))
            .payload(payload!({ "token": task_token(), "input": path("$.someField") })),
    )
    .wait_for_task_token()
    .allow("callback-timeout")
    .into()
}

fn sagemaker_create_training_job() -> Chain {
    Task::new(
        "TrainSagemaker",
        sagemaker::CreateTrainingJob::new()
            .training_job_name(path("$.JobName"))
            .role_arn(reference("Role1ABCC5F0.Arn"))
            .algorithm_specification(
                sagemaker::AlgorithmSpecification::new()
                    .algorithm_name("BlazingText")
                    .training_input_mode(sagemaker::TrainingInputMode::File),
            )
            .input_data_config(
                sagemaker::Channel::new().channel_name("train").data_source(
                    sagemaker::DataSource::new().s3_data_source(
                        sagemaker::S3DataSource::new()
                            .s3_data_type(sagemaker::S3DataType::S3Prefix)
                            .s3_uri(sagemaker::S3Location::from_uri(path("$.S3Bucket"))),
                    ),
                ),
            )
            .output_data_config(
                sagemaker::OutputDataConfig::new()
                    .s3_output_path(sagemaker::S3Location::from_bucket("mybucket", "myoutputpath")),
            )
            .resource_config(
                sagemaker::ResourceConfig::new()
                    .instance_count(1)
                    .instance_type("ml.p3.2xlarge")
                    .volume_size_in_gb(Size::gibibytes(50)),
            )
            .stopping_condition(
                sagemaker::StoppingCondition::new().max_runtime_in_seconds(Duration::from_secs(60 * 60)),
            ),
    )
    .into()
}

fn sagemaker_create_transform_job() -> Chain {
    Task::new(
        "Batch Inference",
        sagemaker::CreateTransformJob::new()
            .transform_job_name("MyTransformJob")
            .model_name("MyModelName")
            .model_client_config(
                sagemaker::ModelClientConfig::new()
                    .invocations_max_retries(3)
                    .invocations_timeout_in_seconds(Duration::from_secs(5 * 60)),
            )
            .transform_input(
                sagemaker::TransformInput::new().data_source(
                    sagemaker::TransformDataSource::new().s3_data_source(
                        sagemaker::TransformS3DataSource::new()
                            .s3_uri("s3://inputbucket/train")
                            .s3_data_type(sagemaker::S3DataType::S3Prefix),
                    ),
                ),
            )
            .transform_output(
                sagemaker::TransformOutput::new().s3_output_path("s3://outputbucket/TransformJobOutputPath"),
            )
            .transform_resources(sagemaker::TransformResources::new().instance_count(1).instance_type("ml.m4.xlarge")),
    )
    .into()
}

fn sagemaker_create_endpoint() -> Chain {
    Task::new(
        "SagemakerEndpoint",
        sagemaker::CreateEndpoint::new()
            .endpoint_name(path("$.EndpointName"))
            .endpoint_config_name(path("$.EndpointConfigName")),
    )
    .into()
}

fn sagemaker_create_endpoint_config() -> Chain {
    Task::new(
        "SagemakerEndpointConfig",
        sagemaker::CreateEndpointConfig::new().endpoint_config_name("MyEndpointConfig").production_variants(
            sagemaker::ProductionVariant::new()
                .initial_instance_count(2)
                .instance_type("ml.m5.xlarge")
                .model_name("MyModel")
                .variant_name("awesome-variant"),
        ),
    )
    .into()
}

fn sagemaker_create_model() -> Chain {
    Task::new(
        "Sagemaker",
        sagemaker::CreateModel::new()
            .model_name("MyModel")
            .execution_role_arn(reference("SagemakerSagemakerRole3C10F0A5.Arn"))
            .primary_container(
                sagemaker::ContainerDefinition::new()
                    .image(sagemaker::DockerImage::from_registry(path("$.Model.imageName")))
                    .mode(sagemaker::ContainerMode::SingleModel)
                    .model_data_url(sagemaker::S3Location::from_uri(path(
                        "$.TrainingJob.ModelArtifacts.S3ModelArtifacts",
                    ))),
            ),
    )
    .into()
}

fn sagemaker_update_endpoint() -> Chain {
    Task::new(
        "SagemakerEndpoint",
        sagemaker::UpdateEndpoint::new()
            .endpoint_name(path("$.Endpoint.Name"))
            .endpoint_config_name(path("$.Endpoint.EndpointConfig")),
    )
    .into()
}

fn sns_publish() -> Chain {
    // A field of the state's input as the message.
    let publish_1 =
        Task::new("Publish1", sns::Publish::new().topic_arn(reference(TOPIC)).message(path("$.state.message")));

    // An object that contains a field of the state's input.
    let publish_2 = Task::new(
        "Publish2",
        sns::Publish::new()
            .topic_arn(reference(TOPIC))
            .message(payload!({ "field1": "somedata", "field2": path("$.field2") })),
    );

    publish_1.next(publish_2)
}

fn stepfunctions_start_execution() -> Chain {
    Task::new(
        "ChildTask",
        states::StartExecution::new()
            .state_machine_arn(reference("ChildStateMachine9133117F"))
            .input(payload!({ "token": task_token(), "foo": "bar" }))
            .name("MyExecutionName"),
    )
    .wait_for_task_token()
    .allow("callback-timeout")
    .into()
}

fn stepfunctions_invoke_activity() -> Chain {
    Task::new("Submit Job", activity::InvokeActivity::new().activity_arn(reference("SubmitJobFB773A16"))).into()
}

fn sqs_send_message() -> Chain {
    // A field of the state's input as the message.
    let send_1 =
        Task::new("Send1", sqs::SendMessage::new().queue_url(reference(QUEUE)).message_body(path("$.message")));

    // An object that contains a field of the state's input.
    let send_2 = Task::new(
        "Send2",
        sqs::SendMessage::new()
            .queue_url(reference(QUEUE))
            .message_body(payload!({ "field1": "somedata", "field2": path("$.field2") })),
    );

    send_1.next(send_2)
}

type Block = fn() -> Chain;

/// The examples by name, each as a state machine.
pub(crate) fn gallery() -> Result<Vec<(&'static str, StateMachine)>, Problems> {
    let blocks: [(&'static str, Block); 41] = [
        ("01-paths-inputpath", paths_inputpath),
        ("02-paths-outputpath", paths_outputpath),
        ("03-paths-resultpath", paths_resultpath),
        ("04-parameters-from-state", parameters_from_state),
        ("05-evaluate-expression", evaluate_expression),
        ("06-athena-start-query-execution", athena_start_query_execution),
        ("06b-athena-start-query-execution-jsonpath-location", athena_start_query_execution_jsonpath_location),
        ("07-athena-get-query-execution", athena_get_query_execution),
        ("08-athena-get-query-results", athena_get_query_results),
        ("09-athena-stop-query-execution", athena_stop_query_execution),
        ("10-batch-submit-job", batch_submit_job),
        ("11-codebuild-start-build", codebuild_start_build),
        ("12-dynamodb-get-item", dynamodb_get_item),
        ("13-dynamodb-put-item", dynamodb_put_item),
        ("14-dynamodb-delete-item", dynamodb_delete_item),
        ("15-dynamodb-update-item", dynamodb_update_item),
        ("16-ecs-run-task-ec2", ecs_run_task_ec2),
        ("17-ecs-run-task-fargate", ecs_run_task_fargate),
        ("18-emr-create-cluster", emr_create_cluster),
        ("19-emr-set-termination-protection", emr_set_termination_protection),
        ("20-emr-terminate-cluster", emr_terminate_cluster),
        ("21-emr-add-step", emr_add_step),
        ("22-emr-cancel-step", emr_cancel_step),
        ("23-emr-modify-instance-fleet", emr_modify_instance_fleet),
        ("24-emr-modify-instance-group", emr_modify_instance_group),
        ("25-glue-start-job-run", glue_start_job_run),
        ("26-lambda-invoke-default-payload", lambda_invoke_default_payload),
        ("27-lambda-invoke-payload", lambda_invoke_payload),
        ("28-lambda-invoke-outputpath", lambda_invoke_outputpath),
        ("29-lambda-invoke-payload-response-only", lambda_invoke_payload_response_only),
        ("30-lambda-invoke-callback", lambda_invoke_callback),
        ("31-sagemaker-create-training-job", sagemaker_create_training_job),
        ("32-sagemaker-create-transform-job", sagemaker_create_transform_job),
        ("33-sagemaker-create-endpoint", sagemaker_create_endpoint),
        ("34-sagemaker-create-endpoint-config", sagemaker_create_endpoint_config),
        ("35-sagemaker-create-model", sagemaker_create_model),
        ("36-sagemaker-update-endpoint", sagemaker_update_endpoint),
        ("37-sns-publish", sns_publish),
        ("38-stepfunctions-start-execution", stepfunctions_start_execution),
        ("39-stepfunctions-invoke-activity", stepfunctions_invoke_activity),
        ("40-sqs-send-message", sqs_send_message),
    ];
    // The README of the CDK shows single tasks: some read input that an earlier state would replace, or wait without a timeout.
    let machine =
        |(name, block): (&'static str, Block)| Ok((name, StateMachine::builder(block()).warn("warnings").build()?));
    blocks.into_iter().map(machine).collect()
}

fn main() -> Result<(), Problems> {
    let gallery = gallery()?;
    if std::env::args().any(|argument| argument == "--json") {
        let members: Vec<String> =
            gallery.iter().map(|(name, machine)| format!("{}:{machine}", serde_json::Value::from(*name))).collect();
        println!("{{{}}}", members.join(","));
    } else {
        for (name, machine) in gallery {
            println!("{name}\n\n{machine:#}\n");
        }
    }
    Ok(())
}

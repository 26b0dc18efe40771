//! The cases of `tests/cdk/cases/properties.mjs`: tasks with as few and as many parameters as the CDK has, in each of
//! their patterns and in both query languages. One chain of setters serves both languages.

use std::time::Duration;

use sfn_tasks::evaluate_expression::EvaluateExpression;
use sfn_tasks::prelude::*;
use sfn_tasks::task::{Integration, RunJob, WaitForTaskToken};
use sfn_tasks::tasks::dynamodb::{self, AttributeValue};
use sfn_tasks::tasks::{
    activity, athena, batch, codebuild, ecs, elasticmapreduce as emr, glue, lambda, sagemaker, sns, sqs, states,
};
use sfn_tasks::value::Expression;

/// A member of the state's input, in both query languages.
fn input(member: &str) -> Payload {
    Payload::Expression(Expression::Either {
        json_path: format!("$.{member}").into(),
        jsonata: format!("$states.input.{member}").into(),
    })
}

fn at<T: ?Sized>(member: &str) -> Value<T> {
    Value::unchecked(input(member))
}

/// The task token, or a member of the input if the pattern has none.
fn token(pattern: &str) -> Payload {
    if pattern == ".token" { task_token().into() } else { input("token") }
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

/// The definitions of the cases, by name.
#[derive(Default)]
struct Cases(Vec<(String, String)>);

impl Cases {
    fn add(&mut self, name: &str, pattern: &str, task: impl Into<Chain>, languages: &[&str]) {
        let chain = task.into();
        for language in languages {
            let builder = StateMachine::builder(chain.clone());
            let builder = if language.is_empty() { builder } else { builder.query_language(QueryLanguage::Jsonata) };
            let name = format!("{name}{pattern}{language}");
            let machine = builder.warn("warnings").build().unwrap_or_else(|problems| panic!("{name}: {problems}"));
            self.0.push((name, machine.to_string()));
        }
    }

    fn call<I: Integration>(&mut self, name: &str, integration: I) {
        self.add(name, "", Task::new("Task", integration), &["", ".jsonata"]);
    }

    fn job<I: Integration + RunJob + Clone>(&mut self, name: &str, integration: I) {
        self.call(name, integration.clone());
        self.add(name, ".sync", Task::new("Task", integration).run_job(), &["", ".jsonata"]);
    }

    fn token<I: Integration + WaitForTaskToken>(&mut self, name: &str, integration: impl Fn(Payload) -> I) {
        self.call(name, integration(token("")));
        self.add(
            name,
            ".token",
            Task::new("Task", integration(token(".token"))).wait_for_task_token(),
            &["", ".jsonata"],
        );
    }
}

pub(crate) fn cases() -> Vec<(String, String)> {
    let mut cases = Cases::default();
    messages(&mut cases);
    workflows(&mut cases);
    tables(&mut cases);
    queries_and_jobs(&mut cases);
    containers(&mut cases);
    clusters(&mut cases);
    models(&mut cases);
    cases.0
}

fn messages(cases: &mut Cases) {
    const FUNCTION: &str = "arn:aws:lambda:us-east-1:111111111111:function:fn";
    cases.call("lambda-minimal", lambda::Invoke::new().function_name(FUNCTION));
    let full = |token: Payload| {
        lambda::Invoke::new()
            .function_name(FUNCTION)
            .payload(payload!({ "a": input("a"), "token": token, "list": [1, true, null, { "b": input("b") }] }))
            .invocation_type(lambda::InvocationType::Event)
            .client_context("eyJhIjoxfQ==")
            .qualifier("live")
    };
    let languages = ["", ".jsonata"];
    let plain = Task::new("Task", full(token(""))).without_default_retry();
    cases.add("lambda-full", "", plain, &languages);
    let waiting = Task::new("Task", full(token(".token"))).without_default_retry().wait_for_task_token();
    cases.add("lambda-full", ".token", waiting, &languages);
    cases.call(
        "lambda-response",
        lambda::Invoke::new().function_name(FUNCTION).payload(payload!({ "a": input("a") })).payload_response_only(),
    );

    const TOPIC: &str = "arn:aws:sns:us-east-1:111111111111:topic";
    cases.call("sns-minimal", sns::Publish::new().topic_arn(TOPIC).message("Hello"));
    cases.token("sns-full", |token| {
        sns::Publish::new()
            .topic_arn(TOPIC)
            .message(payload!({ "a": input("a"), "token": token }))
            .subject(at("subject"))
            .message_attributes("text", "x")
            .message_attributes("number", 5)
            .message_attributes("path", sns::MessageAttributeValue::text(at("attribute")))
            .message_attributes("bytes", sns::MessageAttributeValue::binary("YQ=="))
    });
    cases.call(
        "sns-fifo",
        sns::Publish::new()
            .topic_arn(format!("{TOPIC}.fifo"))
            .message(input("message"))
            .message_group_id(at("group"))
            .message_deduplication_id("once"),
    );
    cases.call(
        "sns-protocols",
        sns::Publish::new()
            .topic_arn(TOPIC)
            .message_by_protocol(sns::MessageByProtocol::new("Hello").email(input("mail")).sqs(payload!({ "a": 1 }))),
    );
    cases.call(
        "sns-list",
        sns::Publish::new()
            .topic_arn(TOPIC)
            .message("Hello")
            .message_attributes("list", sns::MessageAttributeValue::list(payload!(["a", 1, true]))),
    );

    const QUEUE: &str = "https://sqs.us-east-1.${AWS::URLSuffix}/111111111111/queue";
    cases.token("sqs-full", |token| {
        sqs::SendMessage::new()
            .queue_url(QUEUE)
            .message_body(payload!({ "a": input("a"), "token": token }))
            .delay_seconds(minutes(2))
    });
    cases.call(
        "sqs-fifo",
        sqs::SendMessage::new()
            .queue_url(format!("{QUEUE}.fifo"))
            .message_body("Hello")
            .message_group_id(at("group"))
            .message_deduplication_id(at("once")),
    );
}

fn workflows(cases: &mut Cases) {
    let start =
        || states::StartExecution::new().state_machine_arn("arn:aws:states:us-east-1:111111111111:stateMachine:child");
    cases.job("states-minimal", start());
    let full = |token: Payload| {
        start().input(payload!({ "a": input("a"), "token": token })).name(at("name")).associate_with_parent()
    };
    cases.job("states-full", full(token("")));
    let waiting = Task::new("Task", full(token(".token"))).wait_for_task_token();
    cases.add("states-full", ".token", waiting, &["", ".jsonata"]);
    cases.call("states-associated", start().associate_with_parent());

    let work = activity::InvokeActivity::new()
        .activity_arn("arn:aws:states:us-east-1:111111111111:activity:work")
        .input(payload!({ "a": input("a"), "b": 1 }));
    let task = Task::new("Task", work).timeout(minutes(5)).heartbeat(Duration::from_secs(30));
    cases.add("activity-full", "", task, &["", ".jsonata"]);

    let evaluate = EvaluateExpression::new("`${$.a.b} of ${$.list[0] * 2}`", reference("TaskEvalFunction5A5BDA9B.Arn"));
    cases.add("evaluate", "", Task::new("Task", evaluate), &[""]);
}

fn tables(cases: &mut Cases) {
    let id = || AttributeValue::s(at("id"));
    cases.call("dynamodb-get-minimal", dynamodb::GetItem::new().table_name("orders").key("id", id()));
    cases.call(
        "dynamodb-get-full",
        dynamodb::GetItem::new()
            .table_name("orders")
            .key("id", id())
            .consistent_read(true)
            .expression_attribute_names("#a", "a")
            .projection_expression("#a[0].b,c")
            .return_consumed_capacity(dynamodb::ReturnConsumedCapacity::Indexes),
    );
    macro_rules! write {
        ($call:expr) => {
            $call
                .table_name("orders")
                .condition_expression("attribute_exists(#a)")
                .expression_attribute_names("#a", "a")
                .expression_attribute_values(":v", AttributeValue::n(1))
                .return_consumed_capacity(dynamodb::ReturnConsumedCapacity::Total)
                .return_item_collection_metrics(dynamodb::ReturnItemCollectionMetrics::Size)
                .parameter("ReturnValues", "ALL_OLD")
        };
    }
    cases.call(
        "dynamodb-put-full",
        write!(
            dynamodb::PutItem::new()
                .item("id", id())
                .item("n", AttributeValue::n(1.5))
                .item("b", AttributeValue::b("YQ=="))
                .item("ss", AttributeValue::ss(["a", "b"]))
                .item("ns", AttributeValue::ns([1, 2]))
                .item("bs", AttributeValue::bs(["YQ=="]))
                .item("m", AttributeValue::m([("k", AttributeValue::s(at("k")))]))
                .item("l", AttributeValue::l([AttributeValue::s("x"), AttributeValue::null(true)]))
                .item("t", AttributeValue::bool(true))
        ),
    );
    cases.call(
        "dynamodb-update-full",
        write!(dynamodb::UpdateItem::new().key("id", id()).update_expression("SET #a = :v")),
    );
    cases.call("dynamodb-delete-full", write!(dynamodb::DeleteItem::new().key("id", id())));
}

fn queries_and_jobs(cases: &mut Cases) {
    cases.job("athena-start-minimal", athena::StartQueryExecution::new().query_string(at("sql")));
    cases.job(
        "athena-start-full",
        athena::StartQueryExecution::new()
            .query_string(at("sql"))
            .client_request_token("a-token-that-is-long-enough-to-be-one")
            .query_execution_context(athena::QueryExecutionContext::new().catalog("catalog").database("database"))
            .result_configuration(
                athena::ResultConfiguration::new()
                    .output_location(athena::S3Location::from_bucket("results", "folder/"))
                    .encryption_configuration(
                        athena::EncryptionConfiguration::new().encryption_option(athena::EncryptionOption::SseS3),
                    ),
            )
            .work_group("group")
            .set_execution_parameters(["1", "2"])
            .result_reuse_configuration(athena::ResultReuseConfiguration::new().result_reuse_by_age_configuration(
                athena::ResultReuseByAgeConfiguration::new().enabled(true).max_age_in_minutes(minutes(60)),
            )),
    );
    cases.call("athena-get", athena::GetQueryExecution::new().query_execution_id(at("id")));
    cases.call("athena-stop", athena::StopQueryExecution::new().query_execution_id(at("id")));
    cases.call(
        "athena-results-full",
        athena::GetQueryResults::new().query_execution_id(at("id")).max_results(50).next_token(at("next")),
    );

    let required = |kind, value: u32| batch::ResourceRequirement::new().r#type(kind).value(value);
    cases.job(
        "batch-full",
        batch::SubmitJob::new()
            .job_definition("arn:aws:batch:us-east-1:111111111111:job-definition/d:1")
            .job_name(at("name"))
            .job_queue("arn:aws:batch:us-east-1:111111111111:job-queue/q")
            .array_properties(batch::ArrayProperties::new().size(10))
            .container_overrides(
                batch::ContainerOverrides::new()
                    .set_command(["run", "--all"])
                    .environment(("NAME", at("value")))
                    .instance_type("m5.large")
                    .resource_requirements(required(batch::ResourceType::Gpu, 1))
                    .resource_requirements(required(batch::ResourceType::Memory, 512))
                    .resource_requirements(required(batch::ResourceType::Vcpu, 2)),
            )
            .depends_on(batch::JobDependency::new().job_id("job-1").r#type(batch::ArrayJobDependency::Sequential))
            .parameters("k", at("k"))
            .retry_strategy(batch::RetryStrategy::new().attempts(3))
            .tags("team", "a")
            .timeout(batch::JobTimeout::new().attempt_duration_seconds(minutes(10))),
    );

    let variable = || codebuild::EnvironmentVariable::new();
    cases.job(
        "codebuild-full",
        codebuild::StartBuild::new()
            .project_name("project")
            .environment_variables_override(
                variable().name("PLAIN").value(at("plain")).r#type(codebuild::EnvironmentVariableType::Plaintext),
            )
            .environment_variables_override(
                variable().name("SECRET").value("secret").r#type(codebuild::EnvironmentVariableType::SecretsManager),
            ),
    );

    cases.job("glue-minimal", glue::StartJobRun::new().job_name("job"));
    cases.job(
        "glue-full",
        glue::StartJobRun::new()
            .job_name(at("job"))
            .arguments("--input", at("input"))
            .security_configuration("secure")
            .timeout(minutes(30))
            .notification_property(glue::NotificationProperty::new().notify_delay_after(minutes(5)))
            .worker_type(glue::WorkerType::G1x)
            .number_of_workers(3)
            .execution_class(glue::ExecutionClass::Flex),
    );
}

fn containers(cases: &mut Cases) {
    let run = |token: Payload, target: ecs::LaunchTarget, cpu_and_memory: bool| {
        let overrides = ecs::TaskOverride::new().container_overrides(
            ecs::ContainerOverride::new()
                .name("main")
                .set_command(["echo", "word"])
                .environment(("TOKEN", Value::<String>::unchecked(token)))
                .cpu(64)
                .memory(Size::mebibytes(256))
                .memory_reservation(Size::mebibytes(128)),
        );
        let overrides = if cpu_and_memory { overrides.cpu(1024).memory(2048) } else { overrides };
        ecs::RunTask::new().cluster(reference("ClusterEB0386A7.Arn")).overrides(overrides).launch_target(target)
    };
    let network =
        |subnet: &str| ecs::AwsVpcConfiguration::new().subnets(subnet).security_groups("sg-0123456789abcdef0");
    let wrap = |network| ecs::NetworkConfiguration::new().awsvpc_configuration(network);

    let fargate = |token: Payload| {
        run(token, ecs::LaunchTarget::fargate().platform_version("1.4.0").into(), true)
            .task_definition("family:3")
            .network_configuration(wrap(network("subnet-0aaaaaaaaaaaaaaaa").assign_public_ip(true)))
            .propagate_tags(ecs::PropagateTags::TaskDefinition)
            .enable_execute_command(true)
    };
    cases.job("ecs-fargate", fargate(token("")));
    let waiting = Task::new("Task", fargate(token(".token"))).wait_for_task_token();
    cases.add("ecs-fargate", ".token", waiting, &["", ".jsonata"]);

    const PRIVATE: &str = "subnet-0bbbbbbbbbbbbbbbb";
    cases.call(
        "ecs-private",
        run(token(""), ecs::LaunchTarget::fargate().into(), false)
            .task_definition("family")
            .network_configuration(wrap(network(PRIVATE).assign_public_ip(false))),
    );
    let provider = |name: &str| ecs::CapacityProviderStrategyItem::new().capacity_provider(name);
    cases.call(
        "ecs-providers",
        run(
            token(""),
            ecs::LaunchTarget::fargate()
                .platform_version("LATEST")
                .capacity_provider(provider("FARGATE").weight(1).base(1))
                .capacity_provider(provider("FARGATE_SPOT").weight(2))
                .into(),
            false,
        )
        .task_definition("family")
        .network_configuration(wrap(network(PRIVATE))),
    );

    let ec2 = |token: Payload| {
        let target = ecs::LaunchTarget::ec2()
            .placement_strategy(ecs::PlacementStrategy::spread_across("attribute:ecs.availability-zone"))
            .placement_strategy(ecs::PlacementStrategy::packed_by_memory())
            .placement_strategy(ecs::PlacementStrategy::randomly())
            .placement_constraint(ecs::PlacementConstraint::distinct_instances())
            .placement_constraint(ecs::PlacementConstraint::member_of("attribute:ecs.os-type == linux"));
        run(token, target.into(), true)
            .task_definition("family:3")
            .propagate_tags(ecs::PropagateTags::TaskDefinition)
            .enable_execute_command(true)
    };
    cases.job("ecs-ec2", ec2(token("")));
    let waiting = Task::new("Task", ec2(token(".token"))).wait_for_task_token();
    cases.add("ecs-ec2", ".token", waiting, &["", ".jsonata"]);
    cases.call(
        "ecs-cluster",
        run(token(""), ecs::LaunchTarget::ec2().default_capacity_providers().into(), false).task_definition("family"),
    );
}

fn configuration() -> emr::Configuration {
    emr::Configuration::new()
        .classification("spark")
        .properties("k", "v")
        .configurations(emr::Configuration::new().classification("export"))
}

fn storage() -> emr::EbsConfiguration {
    emr::EbsConfiguration::new()
        .ebs_block_device_configs(
            emr::EbsBlockDeviceConfig::new()
                .volume_specification(
                    emr::VolumeSpecification::new().size_in_gb(Size::gibibytes(100)).volume_type("io1").iops(500),
                )
                .volumes_per_instance(2),
        )
        .ebs_optimized(true)
}

fn clusters(cases: &mut Cases) {
    let create = || emr::CreateCluster::new().name(at("name")).job_flow_role("cluster").service_role("service");
    cases.job("emr-minimal", create().auto_scaling_role("scaling").instances(emr::JobFlowInstancesConfig::new()));

    let scale_out = emr::ScalingRule::new()
        .name("Out")
        .description("More")
        .action(
            emr::ScalingAction::new().market(emr::MarketType::OnDemand).simple_scaling_policy_configuration(
                emr::SimpleScalingPolicyConfiguration::new()
                    .adjustment_type(emr::AdjustmentType::ChangeInCapacity)
                    .scaling_adjustment(1)
                    .cool_down(minutes(5)),
            ),
        )
        .trigger(
            emr::ScalingTrigger::new().cloud_watch_alarm_definition(
                emr::CloudWatchAlarmDefinition::new()
                    .comparison_operator(emr::ComparisonOperator::LessThan)
                    .metric_name("YARNMemoryAvailablePercentage")
                    .namespace("AWS/ElasticMapReduce")
                    .period(minutes(5))
                    .evaluation_periods(1)
                    .statistic(emr::Statistic::Average)
                    .threshold(15)
                    .unit(emr::Unit::Percent)
                    .dimensions(emr::MetricDimension::new().key("JobFlowId").value("j")),
            ),
        );
    let core = emr::InstanceGroupConfig::new()
        .instance_role(emr::InstanceRoleType::Core)
        .instance_count(2)
        .instance_type("m5.xlarge")
        .market(emr::MarketType::Spot)
        .bid_price("0.1")
        .configurations(configuration())
        .ebs_configuration(storage())
        .auto_scaling_policy(
            emr::AutoScalingPolicy::new()
                .constraints(emr::ScalingConstraints::new().min_capacity(1).max_capacity(5))
                .rules(scale_out),
        );
    let primary = emr::InstanceGroupConfig::new()
        .instance_role(emr::InstanceRoleType::Master)
        .instance_count(1)
        .instance_type("m5.xlarge")
        .name("Primary");
    cases.job(
        "emr-groups",
        create()
            .auto_scaling_role("scaling")
            .additional_info("info")
            .applications(emr::Application::new().name("Spark").version("3").args("-x").additional_info("k", "v"))
            .bootstrap_actions(emr::BootstrapActionConfig::new().name("Set up").script_bootstrap_action(
                emr::ScriptBootstrapActionConfig::new().path("s3://bucket/setup.sh").args("a"),
            ))
            .configurations(configuration())
            .custom_ami_id("ami-0123")
            .ebs_root_volume_size(Size::gibibytes(20))
            .ebs_root_volume_iops(3000)
            .ebs_root_volume_throughput(125)
            .kerberos_attributes(
                emr::KerberosAttributes::new()
                    .realm("EC2.INTERNAL")
                    .kdc_admin_password("kdc")
                    .ad_domain_join_user("user")
                    .ad_domain_join_password("password")
                    .cross_realm_trust_principal_password("trust"),
            )
            .log_uri("s3://bucket/logs")
            .managed_scaling_policy(
                emr::ManagedScalingPolicy::new().compute_limits(
                    emr::ComputeLimits::new()
                        .unit_type(emr::ComputeLimitsUnitType::Instances)
                        .minimum_capacity_units(1)
                        .maximum_capacity_units(10)
                        .maximum_on_demand_capacity_units(5)
                        .maximum_core_capacity_units(3),
                ),
            )
            .release_label("emr-7.0.0")
            .scale_down_behavior(emr::ScaleDownBehavior::TerminateAtTaskCompletion)
            .security_configuration("secure")
            .step_concurrency_level(2)
            .tags(emr::Tag::new().key("team").value("a"))
            .auto_termination_policy(emr::AutoTerminationPolicy::new().idle_timeout(minutes(10)))
            .instances(
                emr::JobFlowInstancesConfig::new()
                    .additional_master_security_groups("sg-1")
                    .additional_slave_security_groups("sg-2")
                    .ec2_key_name("key")
                    .ec2_subnet_id("subnet-1")
                    .emr_managed_master_security_group("sg-3")
                    .emr_managed_slave_security_group("sg-4")
                    .service_access_security_group("sg-5")
                    .placement(emr::PlacementType::new().availability_zone("us-east-1a"))
                    .termination_protected(true)
                    .instance_groups(primary)
                    .instance_groups(core),
            ),
    );
    cases.call(
        "emr-fleets",
        create().instances(
            emr::JobFlowInstancesConfig::new()
                .set_ec2_subnet_ids(["subnet-1", "subnet-2"])
                .placement(emr::PlacementType::new().set_availability_zones(["us-east-1a", "us-east-1b"]))
                .instance_fleets(
                    emr::InstanceFleetConfig::new()
                        .instance_fleet_type(emr::InstanceFleetType::Master)
                        .name("Primary")
                        .target_on_demand_capacity(1)
                        .target_spot_capacity(0)
                        .instance_type_configs(
                            emr::InstanceTypeConfig::new()
                                .instance_type("m5.xlarge")
                                .weighted_capacity(1)
                                .bid_price_as_percentage_of_on_demand_price(80)
                                .priority(0)
                                .configurations(configuration())
                                .ebs_configuration(storage()),
                        )
                        .launch_specifications(
                            emr::InstanceFleetProvisioningSpecifications::new()
                                .on_demand_specification(
                                    emr::OnDemandProvisioningSpecification::new()
                                        .allocation_strategy(emr::OnDemandProvisioningAllocationStrategy::Prioritized),
                                )
                                .spot_specification(
                                    emr::SpotProvisioningSpecification::new()
                                        .allocation_strategy(emr::SpotProvisioningAllocationStrategy::CapacityOptimized)
                                        .timeout_action(emr::SpotProvisioningTimeoutAction::TerminateCluster)
                                        .timeout_duration_minutes(minutes(10))
                                        .block_duration_minutes(minutes(60)),
                                ),
                        ),
                ),
        ),
    );
    cases.job("emr-terminate", emr::TerminateCluster::new().cluster_id(at("cluster")));
    cases.call(
        "emr-protect",
        emr::SetClusterTerminationProtection::new().cluster_id(at("cluster")).termination_protected(true),
    );
    cases.job(
        "emr-step-minimal",
        emr::AddStep::new()
            .cluster_id(at("cluster"))
            .step(emr::StepConfig::new().name("Step").hadoop_jar_step(emr::HadoopJarStepConfig::new().jar("app.jar"))),
    );
    cases.job(
        "emr-step-full",
        emr::AddStep::new().cluster_id(at("cluster")).execution_role_arn("arn:aws:iam::111111111111:role/step").step(
            emr::StepConfig::new()
                .name(at("name"))
                .action_on_failure(emr::ActionOnFailure::CancelAndWait)
                .hadoop_jar_step(
                    emr::HadoopJarStepConfig::new()
                        .jar("command-runner.jar")
                        .main_class("com.example.Main")
                        .set_args(["spark-submit", "--verbose"])
                        .properties(emr::KeyValue::new().key("k").value("v")),
                ),
        ),
    );
    cases.call("emr-cancel", emr::CancelStep::new().cluster_id(at("cluster")).step_id(at("step")));
    cases.call(
        "emr-fleet",
        emr::ModifyInstanceFleetByName::new()
            .cluster_id(at("cluster"))
            .instance_fleet_name(at("fleet"))
            .instance_fleet(emr::InstanceFleetModifyConfig::new().target_on_demand_capacity(2).target_spot_capacity(4)),
    );
    cases.call(
        "emr-group",
        emr::ModifyInstanceGroupByName::new()
            .cluster_id(at("cluster"))
            .instance_group_name(at("group"))
            .instance_group(
                emr::InstanceGroupModifyConfig::new()
                    .configurations(configuration())
                    .ec2_instance_ids_to_terminate("i-1")
                    .instance_count(3)
                    .shrink_policy(
                        emr::ShrinkPolicy::new().decommission_timeout(minutes(5)).instance_resize_policy(
                            emr::InstanceResizePolicy::new()
                                .instance_termination_timeout(minutes(2))
                                .instances_to_protect("i-2")
                                .instances_to_terminate("i-3"),
                        ),
                    ),
            ),
    );
}

fn models(cases: &mut Cases) {
    const IMAGE: &str = "registry/image:1";
    const KEY: &str = "arn:aws:kms:us-east-1:111111111111:key/k";
    let role = |name: &str| format!("arn:aws:iam::111111111111:role/{name}");
    let resources = |instance_type: &str, count: u32, volume: u64| {
        sagemaker::ResourceConfig::new()
            .instance_type(instance_type)
            .instance_count(count)
            .volume_size_in_gb(Size::gibibytes(volume))
    };
    let at_most = |time| sagemaker::StoppingCondition::new().max_runtime_in_seconds(time);
    let training = sagemaker::CreateTrainingJob::new()
        .training_job_name(at("name"))
        .role_arn(role("training"))
        .algorithm_specification(
            sagemaker::AlgorithmSpecification::new().training_image(sagemaker::DockerImage::from_registry(IMAGE)),
        )
        .input_data_config(
            sagemaker::Channel::new()
                .channel_name("train")
                .data_source(sagemaker::DataSource::new().s3_data_source(
                    sagemaker::S3DataSource::new().s3_uri(sagemaker::S3Location::from_uri(at("data"))),
                )),
        )
        .output_data_config(
            sagemaker::OutputDataConfig::new().s3_output_path(sagemaker::S3Location::from_uri(at("output"))),
        )
        .resource_config(resources("ml.m4.xlarge", 1, 10))
        .stopping_condition(at_most(minutes(60)));
    cases.add("sagemaker-training-minimal", "", Task::new("Task", training.clone()), &[""]);
    cases.add("sagemaker-training-minimal", ".sync", Task::new("Task", training).run_job(), &[""]);

    let repository = "111111111111.dkr.ecr.us-east-1.${AWS::URLSuffix}/churn";
    cases.job(
        "sagemaker-training-full",
        sagemaker::CreateTrainingJob::new()
            .training_job_name(at("name"))
            .role_arn(role("training"))
            .algorithm_specification(
                sagemaker::AlgorithmSpecification::new()
                    .training_image(sagemaker::DockerImage::from_ecr_repository(repository).tag("v7"))
                    .training_input_mode(sagemaker::TrainingInputMode::Pipe)
                    .metric_definitions(sagemaker::MetricDefinition::new().name("loss").regex("loss=(.*)")),
            )
            .input_data_config(
                sagemaker::Channel::new()
                    .channel_name("train")
                    .compression_type(sagemaker::CompressionType::Gzip)
                    .content_type("text/csv")
                    .input_mode(sagemaker::TrainingInputMode::File)
                    .record_wrapper_type(sagemaker::RecordWrapper::RecordIo)
                    .shuffle_config(sagemaker::ShuffleConfig::new().seed(7))
                    .data_source(
                        sagemaker::DataSource::new().s3_data_source(
                            sagemaker::S3DataSource::new()
                                .s3_uri(sagemaker::S3Location::from_bucket("data", "train"))
                                .s3_data_type(sagemaker::S3DataType::AugmentedManifestFile)
                                .s3_data_distribution_type(sagemaker::S3DataDistribution::ShardedByS3Key)
                                .set_attribute_names(["source", "label"]),
                        ),
                    ),
            )
            .output_data_config(
                sagemaker::OutputDataConfig::new()
                    .s3_output_path(sagemaker::S3Location::from_bucket("models", "churn"))
                    .kms_key_id(KEY),
            )
            .enable_network_isolation(true)
            .environment("STAGE", "test")
            .hyper_parameters("epochs", "10")
            .resource_config(resources("ml.m5.xlarge", 2, 50).volume_kms_key_id(KEY))
            .stopping_condition(at_most(minutes(90)))
            .tags(sagemaker::Tag::new().key("team").value("a")),
    );

    let transform = || sagemaker::CreateTransformJob::new().transform_job_name(at("name")).model_name(at("model"));
    let data = || sagemaker::TransformS3DataSource::new().s3_uri("s3://data/in");
    let input =
        |data| sagemaker::TransformInput::new().data_source(sagemaker::TransformDataSource::new().s3_data_source(data));
    let output = || sagemaker::TransformOutput::new().s3_output_path("s3://data/out");
    let instances =
        |kind: &str, count: u32| sagemaker::TransformResources::new().instance_type(kind).instance_count(count);
    cases.job(
        "sagemaker-transform-minimal",
        transform()
            .transform_input(input(data()))
            .transform_output(output())
            .transform_resources(instances("ml.m4.xlarge", 1)),
    );
    cases.job(
        "sagemaker-transform-full",
        transform()
            .batch_strategy(sagemaker::BatchStrategy::MultiRecord)
            .environment("STAGE", "test")
            .max_concurrent_transforms(4)
            .max_payload_in_mb(Size::mebibytes(20))
            .model_client_config(
                sagemaker::ModelClientConfig::new()
                    .invocations_max_retries(2)
                    .invocations_timeout_in_seconds(minutes(5)),
            )
            .tags(sagemaker::Tag::new().key("team").value("a"))
            .transform_input(
                input(data().s3_data_type(sagemaker::S3DataType::ManifestFile))
                    .compression_type(sagemaker::CompressionType::Gzip)
                    .content_type("text/csv")
                    .split_type(sagemaker::SplitType::Line),
            )
            .transform_output(output().accept("text/csv").assemble_with(sagemaker::AssemblyType::Line).kms_key_id(KEY))
            .transform_resources(instances("ml.m5.xlarge", 2)),
    );
    cases.call(
        "sagemaker-endpoint",
        sagemaker::CreateEndpoint::new()
            .endpoint_name(at("endpoint"))
            .endpoint_config_name(at("configuration"))
            .tags(sagemaker::Tag::new().key("team").value("a")),
    );
    cases.call(
        "sagemaker-update",
        sagemaker::UpdateEndpoint::new().endpoint_name(at("endpoint")).endpoint_config_name(at("configuration")),
    );
    let variant = |name: &str, model: &str| {
        sagemaker::ProductionVariant::new().variant_name(name).model_name(model).instance_type("ml.m5.xlarge")
    };
    cases.call(
        "sagemaker-configuration",
        sagemaker::CreateEndpointConfig::new()
            .endpoint_config_name(at("configuration"))
            .kms_key_id("k")
            .production_variants(variant("a", "model-a").initial_instance_count(2).initial_variant_weight(0.5))
            .production_variants(variant("b", "model-b").initial_instance_count(1)),
    );
    let container = |name: &str| {
        sagemaker::ContainerDefinition::new()
            .container_hostname(name)
            .image(sagemaker::DockerImage::from_registry(IMAGE))
            .mode(sagemaker::ContainerMode::MultiModel)
            .model_package_name("package")
            .environment("STAGE", "test")
    };
    let model = || sagemaker::CreateModel::new().model_name(at("model")).execution_role_arn(role("model"));
    cases.call("sagemaker-model", model().primary_container(container("main")).enable_network_isolation(true));
    cases.call("sagemaker-pipeline", model().containers(container("first")).containers(container("second")));
}

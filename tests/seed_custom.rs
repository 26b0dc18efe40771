//! Handwritten types and setters: their definitions, and the values that they reject.

#![allow(clippy::unwrap_used)]

use serde_json::{Value as Json, json};
use sfn_tasks::prelude::*;
use sfn_tasks::task::Integration;
use sfn_tasks::tasks::sagemaker::{ContainerDefinition, CreateModel, DockerImage, S3Location};
use sfn_tasks::tasks::{ecs, lambda, sns, sqs, states};

/// The parameters of a task, in a query language.
fn parameters(integration: impl Integration, language: QueryLanguage) -> Result<Json, String> {
    let machine =
        StateMachine::builder(Task::new("Task", integration)).query_language(language).warn("warnings").build();
    let machine: Json = serde_json::from_str(&machine.map_err(|it| it.to_string())?.to_string()).unwrap();
    let task = &machine["States"]["Task"];
    Ok(task.get("Parameters").or(task.get("Arguments")).cloned().unwrap_or_default())
}

fn json_path(integration: impl Integration) -> Json {
    parameters(integration, QueryLanguage::JsonPath).unwrap_or_else(|problems| panic!("{problems}"))
}

fn in_jsonata(integration: impl Integration) -> Json {
    parameters(integration, QueryLanguage::Jsonata).unwrap_or_else(|problems| panic!("{problems}"))
}

fn refused(integration: impl Integration) -> String {
    parameters(integration, QueryLanguage::JsonPath).unwrap_err()
}

fn run_task(target: impl Into<ecs::LaunchTarget>) -> ecs::RunTask {
    ecs::RunTask::new().task_definition("family").launch_target(target)
}

fn network(public_ip: bool) -> ecs::NetworkConfiguration {
    ecs::NetworkConfiguration::new()
        .awsvpc_configuration(ecs::AwsVpcConfiguration::new().subnets("subnet-1").assign_public_ip(public_ip))
}

#[test]
fn a_launch_target_sets_what_goes_together() {
    let provider = ecs::CapacityProviderStrategyItem::new().capacity_provider("FARGATE_SPOT").weight(1).base(2);
    let fargate = ecs::LaunchTarget::fargate().platform_version("1.4.0").capacity_provider(provider);
    assert_eq!(
        json_path(run_task(fargate).network_configuration(network(false))),
        json!({
            "TaskDefinition": "family",
            "CapacityProviderStrategy": [{ "CapacityProvider": "FARGATE_SPOT", "Weight": 1, "Base": 2 }],
            "PlatformVersion": "1.4.0",
            "NetworkConfiguration": {
                "AwsvpcConfiguration": { "Subnets": ["subnet-1"], "AssignPublicIp": "DISABLED" },
            },
        })
    );
    let external = ecs::LaunchTarget::of(ecs::LaunchType::External);
    assert_eq!(json_path(run_task(external)), json!({ "TaskDefinition": "family", "LaunchType": "EXTERNAL" }));
    let chosen = ecs::LaunchTarget::of(path("$.where"));
    assert_eq!(json_path(run_task(chosen)), json!({ "TaskDefinition": "family", "LaunchType.$": "$.where" }));
}

#[test]
fn a_launch_target_that_contradicts_is_told() {
    assert!(refused(run_task(ecs::LaunchTarget::fargate())).contains("needs a network"));
    let public = refused(run_task(ecs::LaunchTarget::ec2()).network_configuration(network(true)));
    assert!(public.contains("Only tasks on Fargate get a public IP address"), "{public}");
    // Without it, there is no finding.
    json_path(run_task(ecs::LaunchTarget::ec2()).network_configuration(network(false)));
}

#[test]
fn a_location_is_put_together_in_the_language_of_its_parts() {
    let model = |location: S3Location| {
        let container = ContainerDefinition::new().model_data_url(location).model_package_name("package");
        CreateModel::new().model_name("m").primary_container(container)
    };
    let url =
        |parameters: Json| parameters["PrimaryContainer"].as_object().unwrap().clone().into_iter().next().unwrap();
    let expect = |parameters: Json, name: &str, value: &str| assert_eq!(url(parameters), (name.into(), value.into()));
    expect(json_path(model(S3Location::from_bucket("b", "/k"))), "ModelDataUrl", "s3://b/k");
    expect(json_path(model(S3Location::from_bucket(reference("Bucket"), "k"))), "ModelDataUrl", "s3://${Bucket}/k");
    expect(
        json_path(model(S3Location::from_bucket(path("$.b"), path("$.k")))),
        "ModelDataUrl.$",
        "States.Format('s3://{}/{}', $.b, $.k)",
    );
    expect(
        in_jsonata(model(S3Location::from_bucket("b", jsonata("$states.input.k")))),
        "ModelDataUrl",
        r#"{% "s3://" & "b" & "/" & $states.input.k %}"#,
    );
    expect(json_path(model(S3Location::from_uri(path("$.uri")))), "ModelDataUrl.$", "$.uri");
    assert!(refused(model(S3Location::from_uri("b/k"))).contains("write it in the form `s3://bucket/key`"));
    assert!(refused(model(S3Location::from_bucket("s3://b", "k"))).contains("is not the name of a bucket"));
}

#[test]
fn an_image_is_that_of_a_registry_or_of_a_repository() {
    let image = |image: Value<String>| {
        let model = CreateModel::new().model_name("m").primary_container(ContainerDefinition::new().image(image));
        json_path(model)["PrimaryContainer"].clone()
    };
    let repository = || DockerImage::from_ecr_repository(reference("Repository"));
    assert_eq!(image(DockerImage::from_registry("python:3").into_value()), json!({ "Image": "python:3" }));
    assert_eq!(image(repository().into_value()), json!({ "Image": "${Repository}:latest" }));
    assert_eq!(image(repository().tag("v1").into_value()), json!({ "Image": "${Repository}:v1" }));
    assert_eq!(image(repository().digest("sha256:0a").into_value()), json!({ "Image": "${Repository}@sha256:0a" }));
    assert_eq!(
        image(repository().tag(path("$.tag")).into_value()),
        json!({ "Image.$": "States.Format('${Repository}:{}', $.tag)" })
    );
}

#[test]
fn an_attribute_has_the_type_of_its_value() {
    let publish = || sns::Publish::new().topic_arn("arn:aws:sns:us-east-1:111111111111:t").message("m");
    let attributes = publish()
        .message_attributes("text", "x")
        .message_attributes("number", 1.5)
        .message_attributes("flag", true)
        .message_attributes("list", ["a", "b"])
        .message_attributes("path", sns::MessageAttributeValue::number(path("$.n")))
        .message_attributes("tags", sns::MessageAttributeValue::list(path("$.tags")));
    assert_eq!(
        json_path(attributes)["MessageAttributes"],
        json!({
            "text": { "DataType": "String", "StringValue": "x" },
            "number": { "DataType": "Number", "StringValue": "1.5" },
            "flag": { "DataType": "String", "StringValue": "true" },
            "list": { "DataType": "String.Array", "StringValue": "[\"a\",\"b\"]" },
            "path": { "DataType": "Number", "StringValue.$": "$.n" },
            "tags": { "DataType": "String.Array", "StringValue.$": "States.JsonToString($.tags)" },
        })
    );
    let list = publish().message_attributes("list", sns::MessageAttributeValue::list(jsonata("$states.input.tags")));
    assert_eq!(in_jsonata(list)["MessageAttributes"]["list"]["StringValue"], "{% $string($states.input.tags) %}");
    let send = sqs::SendMessage::new().queue_url("q").message_body("m").message_attributes("n", 2);
    assert_eq!(json_path(send)["MessageAttributes"]["n"], json!({ "DataType": "Number", "StringValue": "2" }));
}

#[test]
fn a_message_differs_by_protocol() {
    let publish = |message: sns::MessageByProtocol| {
        sns::Publish::new().topic_arn("arn:aws:sns:us-east-1:111111111111:t").message_by_protocol(message)
    };
    let message = sns::MessageByProtocol::new("all").sqs(payload!({ "a": 1 })).email(path("$.mail"));
    let parameters = json_path(publish(message));
    assert_eq!(parameters["Message"], json!({ "default": "all", "sqs": "{\"a\":1}", "email.$": "$.mail" }));
    assert_eq!(parameters["MessageStructure"], "json");

    let with_path = sns::MessageByProtocol::new("all").sqs(payload!({ "a": path("$.a") }));
    assert!(refused(publish(with_path)).contains("build the object in a Pass state before, or use JSONata"));
    let with_jsonata = sns::MessageByProtocol::new("all").sqs(payload!({ "a": jsonata("$states.input.a") }));
    assert_eq!(in_jsonata(publish(with_jsonata))["Message"]["sqs"], r#"{% $string({"a":$states.input.a}) %}"#);
}

#[test]
fn an_execution_is_tied_to_its_parent() {
    const STARTED_BY: &str = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";
    let start =
        || states::StartExecution::new().state_machine_arn("arn:aws:states:us-east-1:111111111111:stateMachine:m");
    let alone = start().associate_with_parent();
    assert_eq!(json_path(alone)["Input"], json!({ (format!("{STARTED_BY}.$")): "$$.Execution.Id" }));
    let object = start().input(payload!({ "a": 1 })).associate_with_parent();
    assert_eq!(in_jsonata(object)["Input"], json!({ "a": 1, STARTED_BY: "{% $states.context.Execution.Id %}" }));
    let merged = start().input(jsonata("$states.input")).associate_with_parent();
    assert_eq!(
        in_jsonata(merged)["Input"],
        format!(r#"{{% $merge([$states.input, {{"{STARTED_BY}": $states.context.Execution.Id}}]) %}}"#)
    );
    let problem = refused(start().input(path("$.a")).associate_with_parent());
    assert!(problem.contains("the members of the input are not known"), "{problem}");
}

#[test]
fn only_the_payload_as_the_response_leaves_no_place_for_more() {
    let call = || lambda::Invoke::new().function_name("arn:aws:lambda:us-east-1:111111111111:function:f");
    let payload = call().payload(payload!({ "a": 1 })).payload_response_only();
    assert_eq!(json_path(payload), json!({ "a": 1 }));
    let problem = refused(
        call()
            .qualifier("live")
            .client_context("e30=")
            .invocation_type(lambda::InvocationType::Event)
            .payload_response_only(),
    );
    assert!(problem.contains("so `ClientContext`, `InvocationType`, `Qualifier` cannot be set"), "{problem}");
}

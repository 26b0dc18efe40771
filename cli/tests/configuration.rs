//! `sfn-tasks.toml`; the command line has priority.

mod common;

const DEFINITION: &str = r#"{"StartAt": "Send", "States": {"Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": "x"}, "Next": "Tell"},
    "Tell": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "${Fn}"}, "Next": "Put"},
    "Put": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#;

fn run(configuration: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let directory = common::directory(&[("sfn-tasks.toml", configuration), ("a.asl.json", DEFINITION)]);
    let output = common::run(directory.path(), arguments);
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&told).into_owned())
}

#[test]
fn region_account_and_partition_complete_the_arns_of_a_policy() {
    let policy = |configuration: &str, more: &[&str]| {
        let (status, told) = run(configuration, &[&["policy", "a.asl.json"], more].concat());
        assert_eq!(status, Some(0), "{told}");
        told
    };
    assert!(policy("", &[]).contains("arn:${Partition}:dynamodb:${Region}:${Account}:table/orders"));
    let said = "partition = \"aws-cn\"\nregion = \"cn-north-1\"\naccount = \"111122223333\"\n";
    assert!(policy(said, &[]).contains("arn:aws-cn:dynamodb:cn-north-1:111122223333:table/orders"));
    let told = policy(said, &["--region", "cn-northwest-1"]);
    assert!(told.contains("arn:aws-cn:dynamodb:cn-northwest-1:111122223333:table/orders"), "{told}");
}

#[test]
fn references_say_what_a_placeholder_is() {
    let arn = run("[references]\nFn = \"function-arn\"\n", &["policy", "a.asl.json"]);
    let name = run("[references]\nFn = \"name\"\n", &["policy", "a.asl.json"]);
    assert_eq!((arn.0, name.0), (Some(0), Some(0)), "{} {}", arn.1, name.1);
    assert!(arn.1.contains("\"${Fn}\"") && !arn.1.contains("function:${Fn}"), "{}", arn.1);
    assert!(name.1.contains("function:${Fn}"), "{}", name.1);
    let said = run("[references]\nFn = \"name\"\n", &["policy", "a.asl.json", "--reference", "Fn=function-arn"]);
    assert!(!said.1.contains("function:${Fn}"), "the command line wins: {}", said.1);
    let (status, told) = run("[references]\nFn = \"nmae\"\n", &["policy", "a.asl.json"]);
    assert!(status == Some(2) && told.contains("`Fn` of `references`: the kind is"), "{told}");
}

#[test]
fn the_schema_takes_services_of_the_aws_sdk() {
    let (status, plain) = run("", &["schema"]);
    assert_eq!(status, Some(0));
    let (status, more) = run("", &["schema", "--sdk", "sts", "--sdk", "aws-sdk:kms"]);
    assert_eq!(status, Some(0));
    for resource in ["aws-sdk:sts:getCallerIdentity", "aws-sdk:kms:encrypt"] {
        assert!(more.contains(resource) && !plain.contains(resource), "{resource}");
    }
    assert!(serde_json::from_str::<serde_json::Value>(&more).is_ok());
    let (status, told) = run("", &["schema", "--sdk", "nothing"]);
    assert!(status == Some(2) && told.contains("there is no AWS SDK integration of a service `nothing`"), "{told}");
}

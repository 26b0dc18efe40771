//! The audit of templates with several state machines.

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

const TEMPLATE: &str = "Resources:
  T: {Type: AWS::SNS::Topic}
  One: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt R.Arn, Definition: {StartAt: A, States: {A: {Type: Task, Resource: 'arn:aws:states:::sns:publish', Parameters: {TopicArn: !Ref T, Message: x}, End: true}}}}}
  Two: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt R.Arn, Definition: {StartAt: B, States: {B: {Type: Task, Resource: 'arn:aws:states:::aws-sdk:sns:listTopics', End: true}}}}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: ['sns:Publish', 'sns:Subscribe'], Resource: !Ref T}]}}]
";

#[test]
fn each_state_machine_is_held_against_its_role_and_excess_of_both_is_told_once() {
    let directory = TempDir::new().expect("a directory");
    fs::write(directory.path().join("t.yaml"), TEMPLATE).expect("the file");
    let run = |more: &[&str]| {
        let mut command = Command::cargo_bin("sfn-tasks").expect("the program");
        let arguments = ["policy", "t.yaml", "--audit", "t.yaml"];
        let output = command.current_dir(directory.path()).args(arguments).args(more).output().expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().map(|line| line.split(" on ").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let (excess, missing) =
        ("excess: nothing needs `sns:Subscribe` (t.yaml:9:63)", "t.yaml:4:120: missing: `sns:ListTopics`");
    assert_eq!(run(&[]), [format!("One: {excess}"), missing.to_owned()]);
    assert_eq!(run(&["--machine", "One"]), [excess]);
}

#[test]
fn a_machine_whose_definition_is_in_s3_is_said_not_to_be_read() {
    let directory = TempDir::new().expect("a directory");
    let definition = "Definition: {StartAt: B, States: {B: {Type: Task, Resource: 'arn:aws:states:::aws-sdk:sns:listTopics', End: true}}}";
    assert!(TEMPLATE.contains(definition));
    let template = TEMPLATE.replace(definition, "DefinitionS3Location: {Bucket: b, Key: k}");
    fs::write(directory.path().join("t.yaml"), template).expect("the file");
    let mut command = Command::cargo_bin("sfn-tasks").expect("the program");
    let arguments = ["policy", "t.yaml", "--audit", "t.yaml"];
    let output = command.current_dir(directory.path()).args(arguments).output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("another state machine uses the role but cannot be read"), "{told}");
}

//! The command finds definitions in every kind of template, and findings have the right position.

mod common;

/// The findings as `line:column code`, the exit status, and the standard error.
fn check(files: &[(&str, &str)], name: &str) -> (Vec<String>, Option<i32>, String) {
    let directory = common::directory(files);
    let output = common::run(directory.path(), &["check", "--format", "json", name]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let line = |it: &serde_json::Value| {
        format!(
            "{} {}:{} {}",
            it["file"].as_str().expect("a file"),
            it["line"],
            it["column"],
            it["code"].as_str().expect("a code")
        )
    };
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    (found.as_array().expect("an array").iter().map(line).collect(), output.status.code(), told)
}

const SERVERLESS: &str = "\
service: orders
functions:
  hello-world: {handler: h.hello, name: greeter}
stepFunctions:
  stateMachines:
    first:
      type: EXPRESS
      name: first-${self:provider.stage}
      definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: !GetAtt hello-world.Arn, Next: B}
          B: {Type: Task, Resource: 'arn:aws:states:::glue:startJobRun.sync', Parameters: {JobName: '${self:custom.job}'}, End: yess}
    second:
      definition: ${file(machines/second.yml)}
    third:
      definition: ${file(machines.yml):third}
";

#[test]
fn the_serverless_framework() {
    let second = "StartAt: A\nStates:\n  A: {Type: Sucess}\n";
    let files = [("serverless.yml", SERVERLESS), ("machines/second.yml", second)];
    let (found, status, told) = check(&files, "serverless.yml");
    let expected = [
        "serverless.yml 13:37 express-pattern",
        "serverless.yml 13:129 field-type",
        "machines/second.yml 3:13 unknown-value",
    ];
    for finding in expected {
        let place = finding.rsplit_once(' ').expect("a code").0;
        assert!(found.iter().any(|it| it.starts_with(place)), "{finding}: {found:#?}");
    }
    assert_eq!(status, Some(1));
    assert!(told.contains("`third`"), "{told}");
    let part = SERVERLESS
        .split_once("stepFunctions:\n")
        .expect("it")
        .1
        .replace("\n  ", "\n")
        .replacen("  stateM", "stateM", 1);
    let (found, ..) = check(&[("machines.yml", &part)], ".");
    assert!(found.iter().any(|it| it.starts_with("machines.yml 9:35 express-pattern")), "{found:#?}\n{part}");
}

const TERRAFORM: &str = r#"
locals {
  kept = jsonencode({ StartAt = "A", States = { A = { Type = "Sucess" } } })
  loop = local.loop
}
resource "aws_sfn_state_machine" "heredoc" {
  type       = "EXPRESS"
  definition = <<-EOF
    {
      "StartAt": "A",
      "States": {
        "A": {"Type": "Task", "Resource": "${aws_lambda_function.all["a"].arn}", "TimeoutSeconds": ${var.wait}, "Next": "Nowhere"}
      }
    }
  EOF
}
resource "aws_sfn_state_machine" "written" {
  definition = jsonencode({
    StartAt = "Send"
    States = {
      Send = {
        Type       = "Task"
        Resource   = "arn:${data.aws_partition.p.partition}:states:::sqs:sendMessage"
        Parameters = { QueueUrl = aws_sqs_queue.q.url, MessageBody = "x", Bogus = 1 }
        "Nexxt"    = "B"
        End        = true
      }
    }
  })
}
resource "aws_sfn_state_machine" "file" {
  definition = templatefile("${path.module}/m/file.asl.json", { fn = aws_lambda_function.f.arn, n = 3 })
}
resource "aws_sfn_state_machine" "local" { definition = local.kept }
resource "aws_sfn_state_machine" "loop" { definition = local.loop }
resource "aws_sfn_state_machine" "directives" {
  definition = <<EOF
{"StartAt": "A", %{ if var.x }"States": {} %{ endif }}
EOF
}
resource "aws_sfn_state_machine" "broken" {
  definition = <<EOF
{"StartAt": "A",}
EOF
}
"#;

#[test]
fn terraform() {
    let file = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${fn}", "TimeoutSeconds": ${n}, "Nxt": 1, "End": true}}}"#;
    let (found, status, told) = check(&[("main.tf", TERRAFORM), ("m/file.asl.json", file)], "main.tf");
    assert_eq!(
        found,
        [
            "main.tf 12:121 unknown-state",
            "main.tf 24:75 unknown-parameter",
            "main.tf 25:9 unknown-field",
            "m/file.asl.json 1:96 unknown-field",
            "main.tf 3:62 unknown-value",
            "main.tf 43:16 syntax",
        ],
        "{told}"
    );
    assert_eq!(status, Some(1));
    for name in ["loop", "directives"] {
        let note = format!("the definition of `aws_sfn_state_machine.{name}` is known only when it is deployed");
        assert!(told.contains(&note), "{told}");
    }
}

#[test]
fn terraform_as_json() {
    let definition = r#"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Nope\"}}}"#;
    let plan = format!(
        r#"{{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {{"root_module": {{"child_modules": [{{"resources": [
        {{"address": "module.m.aws_sfn_state_machine.p", "mode": "managed", "type": "aws_sfn_state_machine", "name": "p",
          "values": {{"name": "p", "type": "EXPRESS", "definition": "{definition}"}}}}]}}]}}}}}}"#
    );
    assert_eq!(check(&[("plan.json", &plan)], ".").0, ["plan.json 3:116 unknown-value"]);
    let configuration = format!(
        r#"{{"resource": {{"aws_sfn_state_machine": {{
        "text": {{"definition": "{definition}"}},
        "call": {{"definition": "${{jsonencode({{StartAt = \"A\", States = {{A = {{Type = \"Nope\"}}}}}})}}"}}}}}}}}"#
    );
    let (found, ..) = check(&[("main.tf.json", &configuration)], ".");
    assert_eq!(found, ["main.tf.json 2:80 unknown-value", "main.tf.json 3:32 unknown-value"]);
}

#[test]
fn the_machines_of_a_plan_are_in_its_order() {
    let machine = |address: &str| {
        serde_json::json!({"address": address, "type": "aws_sfn_state_machine", "name": "m",
            "values": {"definition": r#"{"StartAt":"A","States":{"A":{"Type":"Nope"}}}"#}})
    };
    let module = |address: &str, inner: Vec<serde_json::Value>| {
        serde_json::json!({"address": address, "child_modules": inner,
            "resources": [machine(&format!("{address}.aws_sfn_state_machine.m"))]})
    };
    let inner = vec![module("module.a.module.x", vec![]), module("module.a.module.y", vec![])];
    let modules = [module("module.a", inner), module("module.b", vec![])];
    let plan = serde_json::json!({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module":
        {"resources": [machine("aws_sfn_state_machine.m")], "child_modules": modules}}});
    let directory = common::directory(&[("plan.json", &plan.to_string())]);
    let output = common::run(directory.path(), &["graph", "plan.json"]);
    let told = String::from_utf8_lossy(&output.stderr);
    let names: Vec<&str> = told.split('`').filter(|part| part.ends_with("state_machine.m")).collect();
    let modules = ["", "module.a.", "module.a.module.x.", "module.a.module.y.", "module.b."];
    assert_eq!(names, modules.map(|module| format!("{module}aws_sfn_state_machine.m")), "{told}");
}

#[test]
fn what_the_cdk_writes() {
    let template = r#"{"Resources": {"Flow1A": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", [
        "{\"StartAt\":\"A\",\"States\":{\"A\":{\"End\":true,\"Type\":\"Task\",\"Resource\":\"", {"Fn::GetAtt": ["Fn2B", "Arn"]}, "\",\"Nxt\":1}}}"]]}}},
        "Fn2B": {"Type": "AWS::Lambda::Function"}}}"#;
    assert_eq!(check(&[("cdk.out/App.template.json", template)], "cdk.out").0.len(), 1);
}

#[test]
fn faults_elsewhere_do_not_hide_the_machine() {
    let machine = "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition: {StartAt: A, States: {A: {Type: Nope}}}\n";
    let twice = format!("Transform: AWS::Serverless-2016-10-31\nTransform: AWS::Serverless-2016-10-31\n{machine}");
    assert_eq!(check(&[("a.yaml", &twice)], ".").0, ["a.yaml 7:51 unknown-value", "a.yaml 2:1 syntax"]);
    let resource = format!("{machine}  Q:\n    Type: AWS::SQS::Queue\n    Type: AWS::SQS::Queue\nOutputs:\n  A: [\n");
    assert_eq!(
        check(&[("a.yaml", &resource)], ".").0.iter().filter(|it| it.ends_with("syntax")).count(),
        2,
        "both faults are reported"
    );
    let (found, status, _) = check(&[("a.yaml", &machine.replace("Nope}}", "Nope}"))], ".");
    assert_eq!((found.len(), status), (1, Some(1)), "a fault in the machine is one");
}

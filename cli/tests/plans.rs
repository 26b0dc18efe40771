//! The audit of plans and states of Terraform, in the format of `terraform show -json`.

use std::fs;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

/// `kind action` of each finding, and the standard error.
fn audit(plan: &Value) -> (Vec<String>, String) {
    let directory = TempDir::new().expect("a directory");
    fs::write(directory.path().join("plan.json"), plan.to_string()).expect("the file");
    let mut command = Command::cargo_bin("sfn-tasks").expect("the program");
    let arguments = ["policy", "plan.json", "--audit", "plan.json", "--json"];
    let output = command.current_dir(directory.path()).args(arguments).output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("JSON: {told}"));
    let line =
        |it: &Value| format!("{} {}", it["kind"].as_str().expect("a kind"), it["action"].as_str().expect("an action"));
    (found.as_array().expect("an array").iter().map(line).collect(), told)
}

fn resource(kind: &str, name: &str, values: Value) -> Value {
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "values": values})
}

fn expressions(kind: &str, name: &str, attribute: &str, references: &[&str]) -> Value {
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
        "expressions": {attribute: {"references": references}}})
}

const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

fn definition() -> String {
    json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": "orders", "Key": {"id": {"S": "1"}}}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:news", "Message": "x"}, "End": true}}})
    .to_string()
}

fn policy(action: &str, resource: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]})
        .to_string()
}

/// A plan that creates a state machine, its role and more resources.
fn plan(more: Vec<Value>, more_expressions: Vec<Value>) -> Value {
    let mut resources = vec![
        resource(
            "aws_sfn_state_machine",
            "flow",
            json!({"name": "flow", "definition": definition(), "type": "STANDARD"}),
        ),
        resource("aws_iam_role", "flow", json!({"name": "flow-role", "assume_role_policy": "{}", "inline_policy": []})),
        resource("aws_iam_role", "other", json!({"name": "other-role", "assume_role_policy": "{}"})),
    ];
    resources.extend(more);
    let mut own = vec![
        expressions("aws_sfn_state_machine", "flow", "role_arn", &["aws_iam_role.flow.arn", "aws_iam_role.flow"]),
        json!({"address": "aws_iam_role.flow", "mode": "managed", "type": "aws_iam_role", "name": "flow", "expressions": {}}),
    ];
    own.extend(more_expressions);
    json!({"format_version": "1.2", "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": resources}},
        "configuration": {"root_module": {"resources": own}}})
}

fn role_policy(name: &str, role: &str, policy: &str) -> (Value, Value) {
    (
        resource("aws_iam_role_policy", name, json!({"name": name, "policy": policy})),
        expressions(
            "aws_iam_role_policy",
            name,
            "role",
            &[&format!("aws_iam_role.{role}.id"), &format!("aws_iam_role.{role}")],
        ),
    )
}

#[test]
fn each_statement_of_a_plan_is_the_role_s_or_another_s() {
    let get = policy("dynamodb:GetItem", TABLE);
    let publish = policy("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:news");
    let of = |first: &str, second: &str| {
        let (a, own_a) = role_policy("a", first, &get);
        let (b, own_b) = role_policy("b", second, &publish);
        audit(&plan(vec![a, b], vec![own_a, own_b]))
    };
    assert_eq!(of("flow", "flow").0, [""; 0]);
    assert_eq!(of("flow", "other").0, ["missing sns:Publish"]);
    assert_eq!(of("other", "flow").0, ["missing dynamodb:GetItem"]);
    assert_eq!(of("other", "other").0, ["missing dynamodb:GetItem", "missing sns:Publish"]);
}

#[test]
fn inline_attached_and_managed_policies() {
    let get = policy("dynamodb:GetItem", TABLE);
    let publish = policy("sns:Publish", "*");
    let mut inline = plan(vec![], vec![]);
    inline["planned_values"]["root_module"]["resources"][1]["values"]["inline_policy"] =
        json!([{"name": "a", "policy": get}, {"name": "b", "policy": publish}]);
    assert_eq!(audit(&inline).0, ["wider sns:Publish"]);

    let attached = |role: &str| {
        audit(&plan(
            vec![
                resource("aws_iam_policy", "get", json!({"name": "get", "policy": get})),
                resource("aws_iam_role_policy_attachment", "get", json!({"role": role})),
                resource(
                    "aws_iam_role_policy_attachment",
                    "sns",
                    json!({"role": "flow-role", "policy_arn": "arn:aws:iam::aws:policy/AmazonSNSFullAccess"}),
                ),
            ],
            vec![expressions(
                "aws_iam_role_policy_attachment",
                "get",
                "policy_arn",
                &["aws_iam_policy.get.arn", "aws_iam_policy.get"],
            )],
        ))
        .0
    };
    assert_eq!(attached("flow-role"), ["wider AmazonSNSFullAccess"]);
    assert_eq!(attached("other-role"), ["missing dynamodb:GetItem", "wider AmazonSNSFullAccess"]);
}

#[test]
fn data_sources_and_what_is_not_known_yet() {
    let with = |values: Value| {
        let mut plan = plan(
            vec![resource("aws_iam_role_policy", "a", json!({"name": "a", "role": "flow-role"}))],
            vec![expressions(
                "aws_iam_role_policy",
                "a",
                "policy",
                &["data.aws_iam_policy_document.a.json", "data.aws_iam_policy_document.a"],
            )],
        );
        plan["prior_state"] = json!({"values": {"root_module": {"resources": [{
            "address": "data.aws_iam_policy_document.a", "mode": "data", "type": "aws_iam_policy_document", "name": "a",
            "values": values}]}}});
        audit(&plan)
    };
    let statement =
        |actions: Value, resources: Value| json!({"effect": "Allow", "actions": actions, "resources": resources});
    let both = json!({"statement": [statement(json!(["dynamodb:GetItem"]), json!([TABLE])),
        statement(json!(["sns:Publish"]), json!(["arn:aws:sns:eu-west-1:111122223333:news"]))]});
    assert_eq!(with(both).0, [""; 0]);
    let one = json!({"statement": [statement(json!(["dynamodb:GetItem"]), json!([TABLE]))]});
    assert_eq!(with(one).0, ["missing sns:Publish"]);
    assert_eq!(
        with(json!({"json": policy("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:news")})).0,
        ["missing dynamodb:GetItem"]
    );
    // A note names the value that is known only after the plan is applied, and no permission is reported as missing.
    for open in [
        json!({"statement": [statement(json!(["dynamodb:GetItem"]), json!([null]))]}),
        json!({"statement": [{"actions": ["sns:Publish"]}]}),
    ] {
        let (found, told) = with(open);
        assert_eq!(found, ["uncertain dynamodb:GetItem", "uncertain sns:Publish"]);
        assert!(told.contains("known only after the plan is applied"), "{told}");
    }
}

#[test]
fn modules_and_states() {
    let inner = |prefix: &str, known: bool| {
        let mut machine = json!({"name": "flow", "definition": definition()});
        if known {
            machine["role_arn"] = "arn:aws:iam::111122223333:role/service/flow-role".into();
        }
        json!([
            {"address": format!("{prefix}aws_sfn_state_machine.flow"), "mode": "managed", "type": "aws_sfn_state_machine", "name": "flow", "values": machine},
            {"address": format!("{prefix}aws_iam_role.flow[0]"), "mode": "managed", "type": "aws_iam_role", "name": "flow",
                "values": {"name": "flow-role", "arn": "arn:aws:iam::111122223333:role/service/flow-role"}},
            {"address": format!("{prefix}aws_iam_role_policy.a"), "mode": "managed", "type": "aws_iam_role_policy", "name": "a",
                "values": {"role": "flow-role", "policy": policy("dynamodb:*", "*")}}
        ])
    };
    let module = json!({"format_version": "1.2", "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"child_modules": [{"address": "module.m", "resources": inner("module.m.", false)}]}},
        "configuration": {"root_module": {"module_calls": {"m": {"module": {"resources": [
            expressions("aws_sfn_state_machine", "flow", "role_arn", &["aws_iam_role.flow[0].arn", "aws_iam_role.flow[0]", "aws_iam_role.flow"])]}}}}}});
    let state = json!({"format_version": "1.0", "terraform_version": "1.9.0",
        "values": {"root_module": {"resources": inner("", true)}}});
    for document in [module, state] {
        let (found, told) = audit(&document);
        assert_eq!(found, ["missing sns:Publish", "wider dynamodb:*", "wider dynamodb:*"], "{told}");
    }
    // A note reports a role that is not in the plan.
    let mut elsewhere = plan(vec![], vec![]);
    elsewhere["planned_values"]["root_module"]["resources"][0]["values"]["role_arn"] =
        "arn:aws:iam::111122223333:role/x".into();
    let (found, told) = audit(&elsewhere);
    assert_eq!(found, ["uncertain dynamodb:GetItem", "uncertain sns:Publish"]);
    assert!(told.contains("the role `arn:aws:iam::111122223333:role/x`, which is not in the template"), "{told}");
}

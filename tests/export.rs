//! Exported templates: their content, and what is rejected.

use sfn_tasks::asl::{self, Format, Source};
use sfn_tasks::export::{Alias, Binding, Export, LogLevel, Logging, Shift, Unbound};
use sfn_tasks::iam::{self, Caller, Scope};
use sfn_tasks::prelude::*;
use sfn_tasks::tasks::sqs;
use sfn_tasks::template::{Body, Template};
use sfn_tasks::value::Json;

fn definition(text: &str) -> asl::StateMachine {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A state machine with one Pass state that has these parameters.
fn passing(parameters: &str) -> asl::StateMachine {
    definition(&format!(
        r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", "Parameters": {parameters}, "End": true}}}}}}"#
    ))
}

fn at<'j>(json: &'j Json, pointer: &str) -> &'j Json {
    json.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} in {json:#}"))
}

const MACHINE: &str = "/Resources/StateMachine/Properties";

#[test]
fn definition_and_policy_look_references_up_in_one_table() {
    let send = sqs::SendMessage::new().queue_url(reference("QueueUrl")).message_body(state_input());
    let machine = StateMachine::new(Task::new("Send", send)).unwrap();
    let template = machine.export().bind("QueueUrl", Binding::resource("Orders")).cloud_formation().unwrap();
    let json = template.json();
    assert_eq!(at(json, &format!("{MACHINE}/DefinitionSubstitutions/QueueUrl")).to_string(), r#"{"Ref":"Orders"}"#);
    let policy = at(json, "/Resources/StateMachineRole/Properties/Policies/0/PolicyDocument/Statement/0/Resource");
    assert!(policy.to_string().contains(r#"{"Fn::Split":["/",{"Ref":"Orders"}]}"#), "{policy}");
    assert!(json.get("Parameters").is_none(), "a bound reference is no parameter");

    let terraform =
        machine.export().bind("QueueUrl", Binding::expression("aws_sqs_queue.orders.url")).terraform().unwrap();
    for line in [
        "  queue_url = aws_sqs_queue.orders.url\n",
        "\"QueueUrl\": \"${local.queue_url}\"",
        "${split(\"/\", local.queue_url)[4]}",
        "depends_on = [aws_iam_role_policy.state_machine]",
    ] {
        assert!(terraform.contains(line), "{line} in {terraform}");
    }
}

#[test]
fn a_reference_without_a_binding_is_a_parameter_or_an_error() {
    let machine = passing(r#"{"a": "${Stage}-x", "b": ["${Table.Name}"], "region": "${AWS::Region}"}"#);
    let template = Export::new(&machine).cloud_formation().unwrap();
    let names: Vec<&str> = at(template.json(), "/Parameters").as_object().unwrap().names().collect();
    assert_eq!(names, ["Stage", "TableName"]);
    let substitutions = at(template.json(), &format!("{MACHINE}/DefinitionSubstitutions"));
    assert_eq!(at(substitutions, "/AWSRegion".replace("AWS", "Aws").as_str()).to_string(), r#"{"Ref":"AWS::Region"}"#);

    let problems = Export::new(&machine).unbound(Unbound::Error).cloud_formation().unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(places, ["/States/A/Parameters/a", "/States/A/Parameters/b/0"]);
}

#[test]
fn a_literal_is_filled_in_for_both() {
    let machine = definition(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": "${Table}", "Key": {"id": {"S": "${Id}"}}}, "TimeoutSeconds": ${Seconds}, "End": true}}}"#,
    );
    let export = Export::new(&machine).bind("Table", "orders").bind("Id", "a \"b\"").bind("Seconds", 30);
    let template = export.cloud_formation().unwrap();
    let state = at(template.json(), &format!("{MACHINE}/Definition/States/A"));
    assert_eq!(at(state, "/Parameters/Key/id/S").as_str(), Some("a \"b\""));
    assert_eq!(at(state, "/TimeoutSeconds").to_string(), "30");
    let statement = at(template.json(), "/Resources/StateMachineRole/Properties/Policies/0/PolicyDocument/Statement/0");
    assert!(statement.to_string().contains("table/orders"), "{statement}");
}

#[test]
fn what_cannot_stand_in_a_template_stands_in_a_text() {
    let form = |machine: &asl::StateMachine| {
        let template = Export::new(machine).cloud_formation().unwrap();
        let properties = at(template.json(), MACHINE).clone();
        match (properties.get("Definition"), properties.get("DefinitionString")) {
            (Some(_), None) => "object",
            (None, Some(Json::String(_))) => "text",
            (None, Some(Json::Object(_))) => "Fn::Sub",
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(form(&passing(r#"{"a": "${B}"}"#)), "object");
    assert_eq!(form(&passing(r#"{"a": null}"#)), "text");
    assert_eq!(form(&passing(r#"{"a": ${B}}"#)), "text");
    assert_eq!(form(&passing(r#"{"a": {"Ref": "not CloudFormation's"}}"#)), "text");
    assert_eq!(form(&passing(r#"{"a": {"Fn::ForEach::Each": "not CloudFormation's", "b": 1}}"#)), "text");
    assert_eq!(form(&passing(r#"{"a": {"Ref": "not CloudFormation's", "b": 1}}"#)), "object");
    assert_eq!(form(&passing(r#"{"a": "costs ${5} and ${B}"}"#)), "Fn::Sub");
    assert_eq!(form(&passing(r#"{"a": "${ is not closed"}"#)), "Fn::Sub");
}

#[test]
fn text_that_looks_like_a_reference_is_escaped_or_refused() {
    let machine = passing(r#"{"a": "costs ${5}, ${Keep} and ${Fill} %{x}", "b": "{%{'a': 1}%}", "c": "$${Fill}"}"#);
    let export = || Export::new(&machine).bind("Keep", Binding::text());
    let template = export().cloud_formation().unwrap();
    let text = at(template.json(), &format!("{MACHINE}/DefinitionString/Fn::Sub/0")).as_str().unwrap().to_owned();
    assert!(text.contains("costs ${Dollar}{5}, ${Dollar}{Keep} and ${Fill} %{x}"), "{text}");
    let dollar = at(template.json(), &format!("{MACHINE}/DefinitionString/Fn::Sub/1/Dollar"));
    assert_eq!(dollar.as_str(), Some("$"));

    let terraform = export().terraform().unwrap();
    assert!(terraform.contains(r#""a": "costs $${5}, $${Keep} and ${local.fill} %%{x}""#), "{terraform}");
    assert!(terraform.contains(r#""b": "{%%{'a': 1}%}""#), "{terraform}");
    assert!(terraform.contains(r#""c": "${local.dollar}${local.fill}""#), "{terraform}");

    let problems = export().sam().unwrap_err().to_string();
    assert!(problems.contains("cannot escape"), "{problems}");
    let cdk = export().cdk().unwrap();
    assert!(cdk.contains("cdk.Fn.sub("), "{cdk}");
}

#[test]
fn text_that_looks_like_a_reference_is_text_in_the_policy_too() {
    let machine = definition(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
            "Parameters": {"Bucket": "in", "Key": "${Client Name}/${Known}/${Keep}"}, "End": true}}}"#,
    );
    let export = || Export::new(&machine).bind("Keep", Binding::text()).bind("Known", "a-${not this}");
    let template = export().cloud_formation().unwrap().json().to_string();
    // IAM reads `${$}` as a dollar sign, and `Fn::Sub` reads `${!$}` as `${$}`.
    assert!(template.contains(":in/${!$}{Client Name}/a-${!$}{not this}/${!$}{Keep}"), "{template}");
    let terraform = export().terraform().unwrap();
    assert!(terraform.contains(":in/$${$}{Client Name}/a-$${$}{not this}/$${$}{Keep}"), "{terraform}");
    assert!(export().cdk().unwrap().contains(r":in/\${$}{Client Name}/a-\${$}{not this}/\${$}{Keep}"));
}

#[test]
fn references_of_permissions_and_settings_are_bound_too() {
    let machine = passing("{}");
    let options = || iam::Options::default().grant("A", ["kms:Decrypt"], ["${TopicKeyArn}"]);
    let export = || Export::new(&machine).policy_options(options());
    const STATEMENT: &str = "/Resources/StateMachineRole/Properties/Policies/0/PolicyDocument/Statement/0";
    let resource =
        |export: Export<'_>| at(export.cloud_formation().unwrap().json(), &format!("{STATEMENT}/Resource")).to_string();
    assert_eq!(resource(export()), r#"{"Ref":"TopicKeyArn"}"#);
    let attribute = Binding::attribute("Key", "Arn");
    assert_eq!(resource(export().bind("TopicKeyArn", attribute)), r#"{"Fn::GetAtt":["Key","Arn"]}"#);
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/x";
    assert_eq!(resource(export().bind("TopicKeyArn", arn)), format!("{arn:?}"));

    let template = export().cloud_formation().unwrap();
    assert!(template.json().pointer("/Parameters/TopicKeyArn").is_some());
    assert!(template.json().pointer(&format!("{MACHINE}/DefinitionSubstitutions")).is_none());
    assert!(export().terraform().unwrap().contains("[local.topic_key_arn]"));
    assert!(export().cdk().unwrap().contains("[`${props.topicKeyArn}`]"));
    assert!(export().unbound(Unbound::Error).cloud_formation().is_err());

    // The key of the machine: its policy has the known ARN, not an ARN inside an ARN.
    let export = Export::new(&machine).encryption_key("${MachineKey}").bind("MachineKey", arn);
    assert_eq!(resource(export), format!("{arn:?}"));
}

#[test]
fn a_template_shows_what_the_references_are() {
    let source = Source::new(
        r#"{"Resources": {
            "Key": {"Type": "AWS::KMS::Key"},
            "Password": {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}},
            "Flow": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": {"StartAt": "A", "States": {"A": {
                "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue",
                "Parameters": {"SecretId": {"Ref": "Password"}}, "End": true}}}}}}}"#,
        Format::Json,
    );
    let template = Template::new(source.parse().unwrap());
    let machines = template.machines(&source);
    let Body::Here(definition) = &machines[0].1 else { panic!("it is in the template") };
    let options = iam::Options::default().template_references(&template, definition);
    let export =
        Export::new(definition.machine()).policy_options(options).bind("Key.Arn", Binding::attribute("Key", "Arn"));
    let template = export.cloud_formation().unwrap();
    let statements = at(template.json(), "/Resources/StateMachineRole/Properties/Policies/0/PolicyDocument/Statement");
    // `Ref` of a secret is its ARN.
    assert_eq!(at(statements, "/1/Resource").to_string(), r#"{"Ref":"Password"}"#);
    assert_eq!(at(statements, "/0/Action").to_string(), r#""kms:Decrypt""#);
    assert_eq!(at(statements, "/0/Resource").to_string(), r#"{"Fn::GetAtt":["Key","Arn"]}"#);
    let parameters: Vec<&str> = at(template.json(), "/Parameters").as_object().unwrap().names().collect();
    assert_eq!(parameters, ["Password"]);
}

#[test]
fn sam_takes_a_file_for_what_its_template_cannot_hold() {
    let machine = passing(r#"{"a": null}"#);
    let template = Export::new(&machine).logical_id("OrderFlow").sam().unwrap();
    assert_eq!(
        at(template.json(), "/Resources/OrderFlow/Properties/DefinitionUri").as_str(),
        Some("order-flow.asl.json")
    );
    let (name, text) = &template.files()[0];
    assert_eq!(name, "order-flow.asl.json");
    assert_eq!(definition(text), machine);
    assert!(Export::new(&passing("{}")).sam().unwrap().files().is_empty());
}

#[test]
fn a_binding_of_another_target_is_told() {
    let machine = passing(r#"{"a": "${A}", "b": "${B}"}"#);
    let export = Export::new(&machine).bind("A", Binding::expression("aws_x.y.z")).bind("B", Binding::resource("C"));
    let problems = export.cloud_formation().unwrap_err();
    assert_eq!(problems.iter().map(|it| it.pointer.as_str()).collect::<Vec<_>>(), ["/States/A/Parameters/a"]);
    let problems = export.terraform().unwrap_err();
    assert_eq!(problems.iter().map(|it| it.pointer.as_str()).collect::<Vec<_>>(), ["/States/A/Parameters/b"]);
}

#[test]
fn settings_reach_the_machine_and_its_policy() {
    let machine = passing("{}");
    let export = Export::new(&machine)
        .name("orders")
        .logging(Logging::new(LogLevel::Error).execution_data().retention_days(30))
        .tracing()
        .encryption_key("${Key}")
        .data_key_reuse_seconds(300)
        .tag("team", "a")
        .retain()
        .alias(Alias::new("live").shift(Shift::Linear { percentage: 20, minutes: 5 }).alarm("${Alarm}"))
        .bind("Key", Binding::attribute("Key", "Arn"));
    let template = export.cloud_formation().unwrap();
    let json = template.json();
    assert_eq!(at(json, "/Resources/StateMachine/DeletionPolicy").as_str(), Some("Retain"));
    assert_eq!(at(json, &format!("{MACHINE}/LoggingConfiguration/Level")).as_str(), Some("ERROR"));
    assert_eq!(
        at(json, &format!("{MACHINE}/EncryptionConfiguration/KmsKeyId")).to_string(),
        r#"{"Fn::GetAtt":["Key","Arn"]}"#
    );
    let preference = at(json, "/Resources/StateMachineAlias/Properties/DeploymentPreference").to_string();
    for part in [r#""Type":"LINEAR""#, r#""Percentage":20"#, r#""Alarms":[{"Ref":"Alarm"}]"#] {
        assert!(preference.contains(part), "{part} in {preference}");
    }
    let policy = at(json, "/Resources/StateMachineRole/Properties/Policies").to_string();
    for action in ["logs:CreateLogDelivery", "xray:PutTraceSegments", "kms:GenerateDataKey", "kms:Decrypt"] {
        assert!(policy.contains(action), "{action} in {policy}");
    }
    let sam = Export::new(&machine).encryption_key("k").sam().unwrap_err().to_string();
    assert!(sam.contains("customer managed key"), "{sam}");
    let terraform = export.terraform().unwrap_err().to_string();
    assert!(terraform.contains("can only move an alias at once"), "{terraform}");
}

#[test]
fn a_machine_that_starts_itself_gets_a_name() {
    let machine = definition(
        r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}"#,
    );
    let template = Export::new(&machine).cloud_formation().unwrap();
    let name = at(template.json(), &format!("{MACHINE}/StateMachineName")).to_string();
    assert_eq!(name, r#"{"Fn::Sub":"${AWS::StackName}-StateMachine"}"#);
    let policy = at(template.json(), "/Resources/StateMachineRole/Properties/Policies").to_string();
    assert!(policy.contains(&name[r#"{"Fn::Sub":""#.len()..name.len() - 2]), "{policy}");
    assert!(!policy.contains("${StateMachineName}"), "{policy}");
}

#[test]
fn a_large_policy_becomes_managed_policies() {
    let states: Vec<String> = (0..200)
        .map(|number| {
            let end = if number == 199 { r#""End": true"#.to_owned() } else { format!(r#""Next": "S{}""#, number + 1) };
            format!(
                r#""S{number}": {{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {{
                    "TopicArn": "arn:aws:sns:eu-west-1:111122223333:a-topic-with-a-name-that-takes-some-room-{number}", "Message": "x"}}, {end}}}"#
            )
        })
        .collect();
    let machine = definition(&format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(",")));
    let template = Export::new(&machine).cloud_formation().unwrap();
    let arns = at(template.json(), "/Resources/StateMachineRole/Properties/ManagedPolicyArns").to_string();
    assert!(arns.contains(r#"{"Ref":"StateMachinePolicy2"}"#), "{arns}");
    assert!(template.json().pointer("/Resources/StateMachinePolicy2/Properties/PolicyDocument").is_some());
    let terraform = Export::new(&machine).terraform().unwrap();
    assert!(terraform.contains("aws_iam_role_policy_attachment.state_machine_2"), "{terraform}");
}

#[test]
fn an_expression_brings_the_function_that_evaluates_it() {
    let machine = definition(
        r#"{"StartAt": "E", "States": {"E": {"Type": "Task", "Resource": "${Evaluate}", "Parameters": {
            "expression": "`${$.a}` + 1", "expressionAttributeValues": {"$.a.$": "$.a"}}, "End": true}}}"#,
    );
    let template = Export::new(&machine).cloud_formation().unwrap();
    let function = at(template.json(), "/Resources/EvaluateFunction/Type");
    assert_eq!(function.as_str(), Some("AWS::Lambda::Function"));
    let substitutions = at(template.json(), &format!("{MACHINE}/DefinitionString/Fn::Sub/1")).to_string();
    assert!(substitutions.contains(r#""Evaluate":{"Fn::GetAtt":["EvaluateFunction","Arn"]}"#), "{substitutions}");
}

#[test]
fn wrong_settings_are_told_at_once() {
    let machine = passing("{}");
    let problems = Export::new(&machine)
        .logical_id("no-id")
        .name("not a name")
        .data_key_reuse_seconds(5)
        .cloud_formation()
        .unwrap_err();
    assert_eq!(problems.iter().count(), 3, "{problems}");
}

#[test]
fn who_deals_with_the_machine_from_outside_needs_little() {
    let machine = definition(
        r#"{"StartAt": "W", "States": {"W": {"Type": "Task", "Resource":
            "arn:aws:states:eu-west-1:111122223333:activity:work", "End": true}}}"#,
    );
    let options = iam::Options::default().name("orders");
    let policy = |caller| iam::caller_policy(&machine, caller, &Scope::default(), &options).to_string();
    assert!(policy(Caller::Starter).contains(r#""Action":"states:StartExecution""#));
    assert!(policy(Caller::SyncStarter).contains("stateMachine:orders"));
    assert!(policy(Caller::Operator).contains("execution:orders:*"));
    assert!(policy(Caller::Answerer).contains("states:SendTaskSuccess"));
    assert!(policy(Caller::Worker).contains("arn:aws:states:eu-west-1:111122223333:activity:work"));
}

#[test]
fn a_text_in_the_place_of_a_number_is_json() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${Pause}, "Comment": "${Pause} s", "End": true}}}"#;
    let machine = definition(text);
    let template = Export::new(&machine).bind("Pause", "5").cloud_formation().unwrap().to_string();
    assert!(template.contains(r#""Seconds":5,"Comment":"5 s""#), "{template}");
    let terraform = Export::new(&machine).bind("Pause", "5").terraform().unwrap();
    assert!(terraform.contains(r#""Seconds": 5,"#), "{terraform}");
}

#[test]
fn a_literal_is_filled_in_for_names_too() {
    let machine = passing(r#"{"${Stage}": {"by ${Stage}": 1}}"#);
    let template = Export::new(&machine).bind("Stage", "test").cloud_formation().unwrap();
    let parameters = at(template.json(), &format!("{MACHINE}/Definition/States/A/Parameters"));
    assert_eq!(parameters.to_string(), r#"{"test":{"by test":1}}"#);
}

#[test]
fn a_literal_without_quotation_marks_can_need_a_text() {
    let machine = passing(r#"{"a": ${Value}}"#);
    for value in [r#"[null]"#, r#"{"deep": [{"Ref": "x"}]}"#, r#"{"Fn::Transform": {}, "b": 1}"#] {
        let template = Export::new(&machine).bind("Value", value).cloud_formation().unwrap();
        let text = at(template.json(), &format!("{MACHINE}/DefinitionString")).as_str().unwrap().to_owned();
        let value = definition(&format!(r#"{{"a": {value}}}"#));
        assert_eq!(definition(&text).json().pointer("/States/A/Parameters"), Some(value.json()));
    }
}

#[test]
fn a_literal_adds_no_reference() {
    let machine = passing(r#"{"a": "${Fill} and ${Stage}", "b": "$${Fill}", "c": ${Fill}}"#);
    let places = |value: &'static str| -> Vec<String> {
        match Export::new(&machine).bind("Fill", value).cloud_formation() {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(|it| it.pointer.clone()).collect(),
        }
    };
    let at = |member: &str| format!("/States/A/Parameters/{member}");
    assert_eq!(places("${Stage}"), [at("a"), at("b"), at("c")]);
    assert_eq!(places("{Stage}"), [at("b")], "after a dollar sign");
    assert_eq!(places("5$"), [""; 0]);
}

#[test]
fn a_dollar_sign_has_a_name_of_its_own() {
    let machine = passing(r#"{"a": "${ ${Dollar}", "b": "$$${Dollar}"}"#);
    let template = Export::new(&machine).cloud_formation().unwrap();
    let call = at(template.json(), &format!("{MACHINE}/DefinitionString/Fn::Sub"));
    assert!(at(call, "/0").as_str().unwrap().contains(r#""${Dollar}{ ${Dollar2}""#), "{call}");
    assert_eq!(at(call, "/1").to_string(), r#"{"Dollar2":{"Ref":"Dollar2"},"Dollar":"$"}"#);
    let terraform = Export::new(&machine).terraform().unwrap();
    assert!(terraform.contains("\"b\": \"${local.dollar}${local.dollar}${local.dollar2}\""), "{terraform}");
    assert!(terraform.contains("  dollar  = \"$\"\n  dollar2 = var.dollar2\n"), "{terraform}");
}

#[test]
fn a_dollar_sign_before_a_reference_in_a_policy_of_terraform() {
    let machine = definition(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
            "Parameters": {"Bucket": "b", "Key": "pay$$${Stage}"}, "End": true}}}"#,
    );
    let terraform = Export::new(&machine).terraform().unwrap();
    assert!(terraform.contains("b/pay${local.dollar}${local.dollar}${local.stage}\""), "{terraform}");
    assert!(terraform.contains("  dollar = \"$\"\n"), "{terraform}");
}

#[test]
fn terraform_cannot_compose_characters() {
    let machine = passing("{\"a\": \"e\\u0301 \\u212b ü 日本 \\uD83D\\uDE00\"}");
    let terraform = Export::new(&machine).terraform().unwrap();
    assert!(terraform.contains("\"e\\u0301 \\u212b ü 日本 \u{1f600}\""), "{terraform}");
}

#[test]
fn the_cdk_creates_an_activity_once() {
    let machine =
        definition(r#"{"StartAt": "W", "States": {"W": {"Type": "Task", "Resource": "${Work}", "End": true}}}"#);
    let cdk = Export::new(&machine).bind("Work", Binding::activity("it's work")).cdk().unwrap();
    let created = "const workActivity = new sfn.Activity(this, 'WorkActivity', { activityName: 'it\\'s work' });\n";
    assert_eq!(cdk.matches("new sfn.Activity(").count(), 1, "{cdk}");
    assert!(cdk.contains(created) && cdk.contains("{ Work: workActivity.activityArn }"), "{cdk}");
}

#[test]
fn every_name_with_a_binding_has_a_key() {
    let machine = passing(r#"{"a": "${日本} ${5} ${a*/b}"}"#);
    let names = ["日本", "5", "a*/b"];
    let export = names.iter().fold(Export::new(&machine), |export, name| export.bind(*name, Binding::parameter()));
    let template = export.cloud_formation().unwrap();
    let names: Vec<&str> = at(template.json(), "/Parameters").as_object().unwrap().names().collect();
    assert_eq!(names, ["Reference5", "AB", "Reference"]);
    let cdk = export.cdk().unwrap();
    assert!(cdk.contains("/** The value of a* /b in the definition. */\n  readonly ab: string;\n"), "{cdk}");
}

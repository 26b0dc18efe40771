//! What the audit finds in policies from which a statement was taken, or in which one was widened.

#![allow(clippy::unwrap_used)]

use sfn_tasks::asl::StateMachine;
use sfn_tasks::iam::{self, Audit, Existing, FindingKind, Options, Scope};

fn machine() -> StateMachine {
    r#"{"StartAt": "Job", "States": {
        "Job": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync",
            "Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}, "Next": "Build"},
        "Build": {"Type": "Task", "Resource": "arn:aws:states:::codebuild:startBuild",
            "Parameters": {"ProjectName": "p", "ServiceRoleOverride": "arn:aws:iam::111122223333:role/r"}, "Next": "Get"},
        "Get": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName.$": "$.table", "Key": {}}, "End": true}
    }}"#
    .parse()
    .unwrap()
}

fn scope() -> Scope {
    Scope::default().partition("aws").region("eu-west-1").account("111122223333")
}

fn audit_of(existing: &str) -> Audit {
    iam::audit(&machine(), &scope(), &Options::default(), &Existing::from_json(existing).unwrap())
}

fn own() -> String {
    iam::policy(&machine(), &scope(), &Options::default()).unwrap().to_string()
}

fn found(audit: &Audit) -> Vec<(FindingKind, &str)> {
    audit.findings.iter().map(|finding| (finding.kind, finding.action.as_str())).collect()
}

#[test]
fn its_own_policy_is_clean() {
    assert_eq!(audit_of(&own()), Audit::default());
    // So it is with what the definition leaves open.
    let open = iam::audit(&machine(), &Scope::default(), &Options::default(), &Existing::from_json(&own()).unwrap());
    assert_eq!(open, Audit::default());
}

#[test]
fn each_action_that_is_taken_away_is_missed() {
    let policy = iam::policy(&machine(), &scope(), &Options::default()).unwrap();
    for statement in policy.statements() {
        for action in &statement.actions {
            let without = own().replace(&format!("\"{action}\""), "\"none:None\"");
            let audit = audit_of(&without);
            let silent = ["batch:DescribeJobs", "batch:TerminateJob"].contains(&action.as_str());
            let kind = if silent { FindingKind::MissingSilently } else { FindingKind::Missing };
            assert!(found(&audit).contains(&(kind, action)), "{action}: {audit}");
            assert!(found(&audit).contains(&(FindingKind::Excess, "none:None")), "{audit}");
        }
    }
}

#[test]
fn what_is_too_wide_is_told() {
    use FindingKind::{Excess, Wider};
    let with = |from: &str, to: &str| {
        let text = own();
        assert!(text.contains(from), "{text}");
        audit_of(&text.replace(from, to))
    };
    assert_eq!(found(&with("project/p", "project/*")), [(Wider, "codebuild:StartBuild")]);
    assert_eq!(found(&with("\"dynamodb:GetItem\"", "\"dynamodb:Get*\"")), [(Wider, "dynamodb:Get*")]);
    assert_eq!(
        found(&with("\"dynamodb:GetItem\"", "[\"dynamodb:GetItem\",\"dynamodb:Scan\"]")),
        [(Excess, "dynamodb:Scan")]
    );
    let condition = r#","Condition":{"StringEquals":{"iam:PassedToService":"codebuild.amazonaws.com"}}"#;
    assert_eq!(found(&with(condition, "")), [(Wider, "iam:PassRole")]);
    let all = audit_of(r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#);
    assert!(all.findings.iter().all(|finding| finding.kind == Wider) && !all.findings.is_empty());
    let rest = audit_of(r#"{"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}"#);
    assert!(found(&rest).contains(&(FindingKind::Missing, "iam:PassRole")) && found(&rest).contains(&(Wider, "iam:*")));
}

#[test]
fn denials_count() {
    let deny = |statement: &str| {
        let deny = format!(r#"{{"Statement": [{{"Sid": "No", "Effect": "Deny", {statement}}}]}}"#);
        let existing = Existing::from_json(&own()).unwrap().and(Existing::from_json(&deny).unwrap());
        iam::audit(&machine(), &scope(), &Options::default(), &existing)
    };
    let audit = deny(r#""Action": "codebuild:*", "Resource": "*""#);
    assert_eq!(found(&audit), [(FindingKind::Missing, "codebuild:StartBuild")]);
    assert_eq!(audit.findings[0].statements, ["No"]);
    let audit = deny(r#""Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:*:*:table/secret""#);
    assert_eq!(found(&audit), [(FindingKind::MaybeMissing, "dynamodb:GetItem")]);
    let audit = deny(r#""NotAction": ["batch:*", "codebuild:*", "events:*", "iam:*"], "Resource": "*""#);
    assert_eq!(found(&audit), [(FindingKind::Missing, "dynamodb:GetItem")]);
    assert!(deny(r#""Action": "s3:*", "Resource": "*""#).is_clean());
}

#[test]
fn a_narrower_resource_for_a_value_of_run_time_may_be_enough() {
    let audit = audit_of(&own().replace("table/*", "table/orders"));
    assert_eq!(found(&audit), [(FindingKind::MaybeMissing, "dynamodb:GetItem")]);
}

#[test]
fn templates_are_read() {
    let role = r#"{"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]},
        "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [
            {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": {"Ref": "Topic"}},
            {"Effect": "Allow", "Action": ["dynamodb:PutItem"],
             "Resource": {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}"}}
        ]}}]}}}}"#;
    let machine: StateMachine = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "${Topic}"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "${Table}"}, "End": true}
    }}"#
    .parse()
    .unwrap();
    let existing = Existing::from_json(role).unwrap();
    assert_eq!(existing.len(), 2);
    let audit = iam::audit(&machine, &Scope::default(), &Options::default(), &existing);
    assert!(audit.is_clean(), "{audit}");
}

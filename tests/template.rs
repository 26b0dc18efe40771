//! State machines in templates, and faults between a definition and its template.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use sfn_tasks::asl::{Format, Source};
use sfn_tasks::check::{Diagnostic, around};
use sfn_tasks::iam::{self, Options, Scope};
use sfn_tasks::template::{Body, Root, Template};

fn read(yaml: &str) -> (Source, Template) {
    let tag = |tag: &str| Some(if tag == "Ref" { tag.to_owned() } else { format!("Fn::{tag}") });
    let source = Source::new(yaml, Format::Yaml).with_tags(tag);
    let template = Template::new(source.parse().unwrap());
    (source, template)
}

/// A state machine with one state, and other resources.
fn with_state(state: &str, more: &str) -> String {
    format!(
        "
Parameters: {{Limit: {{Type: Number}}, Kind: {{Type: String}}}}
Resources:
  Fn: {{Type: AWS::Lambda::Function}}
  Mail: {{Type: AWS::SQS::Queue}}
  News: {{Type: AWS::SNS::Topic}}
  Quick: {{Type: AWS::StepFunctions::StateMachine, Properties: {{StateMachineType: EXPRESS}}}}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      {more}
      Definition: {{StartAt: A, States: {{A: {state}}}}}
"
    )
}

fn findings(yaml: &str) -> Vec<Diagnostic> {
    let (source, template) = read(yaml);
    let machines = template.machines(&source);
    let Body::Here(definition) = &machines.last().unwrap().1 else { panic!("{machines:?}") };
    around(definition, &template, &Default::default())
}

fn codes(state: &str, more: &str) -> Vec<(&'static str, String)> {
    findings(&with_state(state, more)).into_iter().map(|it| (it.code, it.pointer)).collect()
}

#[test]
fn placeholders_that_nothing_fills_are_told() {
    let call = "{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: '${Name}', Payload: {a: 'x ${home} y'}}, End: true}";
    let at = "/States/A/Parameters/FunctionName".to_owned();
    assert_eq!(codes(call, "Name: x"), [("unfilled-placeholder", at)]);
    assert_eq!(codes(call, "DefinitionSubstitutions: {Name: !GetAtt Fn.Arn}"), []);
    assert_eq!(codes(call, "DefinitionSubstitutions: {Name: !ImportValue fn}"), []);
    let sub = "{Type: Task, Resource: !Sub '${Fnn.Arn}', End: true}";
    assert_eq!(codes(sub, "Name: x"), [("unfilled-placeholder", "/States/A/Resource".to_owned())]);
    let role = with_state("{Type: Pass, Result: {r: !Ref MakeRole}, End: true}", "Name: x");
    assert_eq!(findings(&role).len(), 1);
    let sam = role.replace("  Fn: {Type", "  Make: {Type: AWS::Serverless::Function}\n  Fn: {Type");
    assert_eq!(findings(&format!("Transform: AWS::Serverless-2016-10-31{sam}")), []);
    let pass = "{Type: Pass, Result: {n: !Ref Limit, k: !Sub '${Kind} ${!literal} ${AWS::Region}'}, End: true}";
    assert_eq!(codes(pass, "Name: x"), []);
}

#[test]
fn references_give_what_the_place_needs() {
    let wrong = |state: &str| {
        let found = codes(state, "Name: x");
        assert!(found.iter().all(|(code, _)| ["wrong-reference", "express-child"].contains(code)), "{found:?}");
        found.len()
    };
    assert_eq!(wrong("{Type: Task, Resource: !Ref Fn, End: true}"), 1);
    assert_eq!(wrong("{Type: Task, Resource: !GetAtt Fn.Arn, End: true}"), 0);
    assert_eq!(wrong("{Type: Task, Resource: !GetAtt Fn.arn, End: true}"), 1);
    let send = |url: &str| {
        wrong(&format!(
            "{{Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {{QueueUrl: {url}, MessageBody: x}}, End: true}}"
        ))
    };
    assert_eq!(
        [send("!Ref Mail"), send("!GetAtt Mail.QueueUrl"), send("!GetAtt Mail.Arn"), send("!Ref Kind")],
        [0, 0, 1, 0]
    );
    let start = |suffix: &str| {
        wrong(&format!(
            "{{Type: Task, Resource: 'arn:aws:states:::states:startExecution{suffix}', Parameters: {{StateMachineArn: !Ref Quick}}, End: true}}"
        ))
    };
    assert_eq!([start(""), start(".sync:2")], [0, 1]);
}

#[test]
fn no_arn_stands_in_an_arn() {
    let (source, template) = read(
        "
Resources:
  Job: {Type: AWS::Batch::JobDefinition}
  Line: {Type: AWS::Batch::JobQueue}
  Live: {Type: AWS::Lambda::Alias}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: nightly
      TracingConfiguration: {Enabled: true}
      LoggingConfiguration: {Level: ERROR, Destinations: [{}]}
      Definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: 'arn:aws:states:::batch:submitJob', Parameters: {JobName: j, JobDefinition: !Ref Job, JobQueue: !Ref Line}, Next: B}
          B: {Type: Task, Resource: !Ref Live, End: true}
",
    );
    let machines = template.machines(&source);
    let (machine, Body::Here(definition)) = &machines[0] else { panic!("{machines:?}") };
    assert_eq!((machine.name.as_deref(), machine.tracing, machine.logging), (Some("nightly"), true, true));
    let options = Options::default().template(&template, machine, definition);
    let policy = iam::policy(definition.machine(), &Scope::default(), &options).unwrap().to_string();
    for reference in ["\"${Job}\"", "\"${Line}\"", "\"${Live}\"", "logs:CreateLogDelivery", "xray:PutTraceSegments"] {
        assert!(policy.contains(reference), "{reference}: {policy}");
    }
}

#[test]
fn substitutions_do_not_grow_without_bound() {
    // Each value is substituted once, so a chain of references stays.
    let chain: Vec<String> = (0..64).map(|at| format!("A{at}: '${{A{}}}${{A{}}}'", at + 1, at + 1)).collect();
    let chain = with_state(
        "{Type: Pass, Comment: '${A0}', End: true}",
        &format!("DefinitionSubstitutions: {{{}}}", chain.join(", ")),
    );
    let (source, template) = read(&chain);
    assert!(matches!(template.machines(&source).last().unwrap().1, Body::Here(_)));
    // Nested functions, and long values that are used often, do grow.
    let mut nested = "x".to_owned();
    for _ in 0..40 {
        nested = format!("!Sub ['${{v}}${{v}}', {{v: {nested}}}]");
    }
    let large = with_state(&format!("{{Type: Pass, Comment: {nested}, End: true}}"), "Name: x");
    let (source, template) = read(&large);
    let machines = template.machines(&source);
    let Body::Wrong(why) = &machines.last().unwrap().1 else { panic!("it is too large") };
    assert!(why.contains("larger than"), "{why}");
    let text = with_state(
        &format!("{{Type: Pass, Comment: '{}', End: true}}", "${V}".repeat(5_000)),
        &format!("DefinitionSubstitutions: {{V: '{}'}}", "v".repeat(5_000)),
    );
    let (source, template) = read(&text);
    assert!(matches!(template.machines(&source).last().unwrap().1, Body::Wrong(_)));
}

#[test]
fn a_name_that_is_made_of_itself_ends() {
    let (_, template) = read("Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub '${T}${T}'}}}");
    assert!(template.physical_name("T").unwrap().len() < 1_000);
}

#[test]
fn files_are_read_below_the_root_only() {
    let folder = std::env::temp_dir().join(format!("sfn-tasks-root-{}", std::process::id()));
    let inner = folder.join("app/templates");
    fs::create_dir_all(&inner).unwrap();
    fs::write(folder.join("app/flow.json"), "{}").unwrap();
    fs::write(folder.join("secret"), "s").unwrap();
    fs::write(inner.join("own.json"), "{}").unwrap();
    let own = Root::new(&inner).unwrap();
    assert!(own.find(&inner, "own.json").is_ok() && own.find(&inner, "./own.json").is_ok());
    for outside in
        ["../flow.json", "../../secret", "/etc/passwd", "/dev/zero", "../templates/../flow.json", "../../../nothing"]
    {
        let why = own.find(&inner, outside).unwrap_err();
        assert!(why.contains("is outside"), "{why}");
    }
    let wider = Root::new(&folder.join("app")).unwrap();
    assert!(wider.find(&inner, "../flow.json").is_ok());
    assert!(wider.find(&inner, "../../secret").is_err());
    assert!(Root::read(&inner).unwrap_err().contains("not a regular file"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("secret"), inner.join("link.json")).unwrap();
        assert!(own.find(&inner, "link.json").is_err());
        assert!(Root::read(Path::new("/dev/zero")).unwrap_err().contains("not a regular file"));
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_text_of_sub_leaves_names_for_the_substitutions() {
    let (source, template) = read(
        "
Resources:
  News: {Type: AWS::SNS::Topic}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionSubstitutions: {Topic: !Ref News}
      DefinitionString: !Sub '{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\", \"Comment\": \"${!Topic} ${!Other} ${News.TopicName}\"}}}'
",
    );
    let machines = template.machines(&source);
    let [(_, Body::Here(definition))] = machines.as_slice() else { panic!("{machines:?}") };
    let comment = definition.machine().json().pointer("/States/A/Comment").unwrap();
    assert_eq!(comment.as_str(), Some("${News} ${!Other} ${News.TopicName}"));
}

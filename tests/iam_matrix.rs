//! Every API in every pattern, with parameters that are literals, references, and known only at run time.
//!
//! The test writes the policies to `target/iam-matrix.json`, and `tools/iam_check.py` checks them.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use sfn_tasks::asl::StateMachine;
use sfn_tasks::catalog::{self, Action, PatternSupport, Reason};
use sfn_tasks::iam::{self, FindingKind, Options, Policy, Scope};
use sfn_tasks::value::{Json, Object};

/// How the parameters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Static,
    Reference,
    RunTime,
    Jsonata,
}

const FORMS: [Form; 4] = [Form::Static, Form::Reference, Form::RunTime, Form::Jsonata];

/// The parameters in the statements of a pattern.
fn paths(support: &PatternSupport) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for statement in support.statements {
        paths.extend(statement.when.and_then(|when| when.split('=').next()).map(str::to_owned));
        for template in statement.resources {
            let mut rest = *template;
            while let Some(start) = rest.find("${") {
                let end = start + rest[start..].find('}').unwrap();
                let path = rest[start + 2..end].split(['|', '=']).next().unwrap();
                if !["Partition", "Region", "Account", "StateMachineName"].contains(&path) {
                    paths.insert(path.to_owned());
                }
                rest = &rest[end + 1..];
            }
        }
    }
    // A longer path sets the shorter one too.
    let shorter = |path: &str, all: &BTreeSet<String>| {
        all.iter().any(|other| other.starts_with(&format!("{path}.")) || other.starts_with(&format!("{path}[")))
    };
    paths.iter().filter(|path| !shorter(path, &paths)).cloned().collect()
}

/// A valid value for a parameter with this name.
fn sample(path: &str) -> String {
    let name = path.rsplit('.').next().unwrap();
    match name {
        "AuthType" => "IAM_ROLE".to_owned(),
        "QueueUrl" => "https://sqs.us-east-1.amazonaws.com/123456789012/jobs".to_owned(),
        "TopicArn" => "arn:aws:sns:us-east-1:123456789012:topic".to_owned(),
        "StateMachineArn" => "arn:aws:states:us-east-1:123456789012:stateMachine:child".to_owned(),
        "FunctionArn" => "arn:aws:lambda:us-east-1:123456789012:function:f".to_owned(),
        "ActivityArn" => "arn:aws:states:us-east-1:123456789012:activity:a".to_owned(),
        "OutputLocation" => "s3://bucket/folder/".to_owned(),
        "TaskDefinition" | "JobDefinition" => "family:3".to_owned(),
        "ConnectionArn" => "arn:aws:events:us-east-1:123456789012:connection/c/1".to_owned(),
        name if name.contains("Role") && name != "JobFlowRole" => "arn:aws:iam::123456789012:role/role".to_owned(),
        name if name.contains("Kms") => "1234abcd-12ab-34cd-56ef-1234567890ab".to_owned(),
        _ => "Name1".to_owned(),
    }
}

fn insert(object: &mut Object, path: &str, form: Form) {
    let (segment, rest) = path.split_once('.').map_or((path, None), |(segment, rest)| (segment, Some(rest)));
    let name = segment.trim_end_matches("[]");
    let is_list = name.len() < segment.len();
    let key = if form == Form::RunTime && rest.is_none() && !is_list { format!("{name}.$") } else { name.to_owned() };
    let leaf = || -> Json {
        match form {
            Form::Static => sample(path).into(),
            Form::Reference => format!("${{My{}}}", name).into(),
            Form::RunTime => format!("$.{}", name.to_lowercase()).into(),
            Form::Jsonata => format!("{{% $states.input.{} %}}", name.to_lowercase()).into(),
        }
    };
    let Some(rest) = rest else {
        object.insert(key, if is_list { Json::from(vec![leaf()]) } else { leaf() });
        return;
    };
    if !object.contains(name) {
        let inner = Json::Object(Object::new());
        object.insert(name.to_owned(), if is_list { Json::from(vec![inner]) } else { inner });
    }
    let inner = match object.get_mut(name) {
        Some(Json::Array(elements)) => elements.first_mut(),
        other => other,
    };
    if let Some(Json::Object(inner)) = inner {
        insert(inner, rest, form);
    }
}

fn machine(action: &Action, support: &PatternSupport, form: Form) -> Option<StateMachine> {
    let mut parameters = Object::new();
    let mut resource = support.resource.replace("${Partition}", "aws");
    for path in paths(support) {
        if action.resource_member != Some(&path) {
            insert(&mut parameters, &path, form);
        }
    }
    if let Some(member) = action.resource_member {
        resource = match form {
            Form::Static => sample(member),
            Form::Reference => format!("${{My{member}}}"),
            Form::RunTime | Form::Jsonata => return None,
        };
    }
    let mut state = Object::new();
    state.insert("Type", "Task");
    if form == Form::Jsonata {
        state.insert("QueryLanguage", "JSONata");
    }
    state.insert("Resource", resource);
    state.insert(if form == Form::Jsonata { "Arguments" } else { "Parameters" }, parameters);
    state.insert("End", true);
    let mut states = Object::new();
    states.insert("S", state);
    let mut definition = Object::new();
    definition.insert("StartAt", "S");
    definition.insert("States", states);
    Some(StateMachine::new(definition))
}

fn policies() -> BTreeMap<String, (Policy, &'static PatternSupport, Form)> {
    let scope = Scope::default().partition("aws").region("us-east-1").account("123456789012");
    let mut policies = BTreeMap::new();
    for action in catalog::services().iter().flat_map(|service| service.actions) {
        for support in action.patterns {
            for form in FORMS {
                let Some(machine) = machine(action, support, form) else { continue };
                let name = format!("{}:{}{} {form:?}", action.service, action.name, support.pattern.suffix());
                let policy =
                    iam::policy(&machine, &scope, &Options::default()).unwrap_or_else(|it| panic!("{name}: {it}"));
                policies.insert(name, (policy, support, form));
            }
        }
    }
    policies
}

#[test]
fn every_api_in_every_pattern_has_an_exact_policy() {
    let mut document = Object::new();
    let policies = policies();
    for (name, (policy, support, form)) in &policies {
        let text = policy.to_string();
        assert!(!text.contains("$.") && !text.contains("{%") && !text.contains("States."), "{name}: {text}");
        assert!(!text.replace("${StateMachineName}", "").contains("${") || *form == Form::Reference, "{name}: {text}");
        for statement in policy.statements() {
            assert!(!statement.reasons.is_empty(), "{name}: {statement:?}");
            if statement.actions.iter().any(|action| action == "iam:PassRole") {
                // No page documents the principal of the role of pods on Fargate.
                let unsaid = name.starts_with("eks:createFargateProfile");
                let narrowed = statement.conditions.iter().any(|(_, key, _)| key == "iam:PassedToService");
                assert!(narrowed || unsaid, "{name}");
            }
            let watches = |reason| matches!(reason, Reason::Poll | Reason::Cancel | Reason::EventRule);
            let is_job = support.pattern.suffix().starts_with(".sync");
            assert!(is_job || !statement.reasons.iter().any(|cause| watches(cause.reason)), "{name}");
        }
        // With literal values, only those parts are open that the spec leaves open.
        let open: BTreeSet<&str> = support.statements.iter().flat_map(|it| it.resources).copied().collect();
        let is_open = |template: &str| ["*", "|s3Object", "|taskRoles"].iter().any(|sign| template.contains(sign));
        let stars = open.iter().filter(|template| is_open(template)).count();
        let patterns = policy.statements().iter().flat_map(|it| &it.resources).filter(|arn| !arn.is_exact());
        if *form == Form::Static {
            assert!(patterns.collect::<BTreeSet<_>>().len() <= stars, "{name}: {text}");
        }
        document.insert(name.clone(), policy.to_json(&iam::Target::Plain));
    }
    println!("{} policies", policies.len());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("iam-matrix.json"), format!("{:#}", Json::Object(document))).unwrap();
}

/// The audit reports each action on each resource that is removed from the policy of a call.
#[test]
fn every_permission_that_is_taken_away_is_told() {
    let (mut tried, mut covered) = (0, 0);
    for (name, (policy, _, form)) in &policies() {
        let document: serde_json::Value = serde_json::from_str(&policy.to_string()).unwrap();
        for (at, statement) in policy.statements().iter().enumerate() {
            for (action, resource) in
                statement.actions.iter().flat_map(|action| statement.resources.iter().map(move |arn| (action, arn)))
            {
                // A pattern next to a reference can include it, such as any role of the account. The reference in lowercase is
                // the same.
                let mut others = policy.statements().iter().filter(|it| it.actions.contains(action));
                let mut others = others.by_ref().flat_map(|it| &it.resources).filter(|other| *other != resource);
                let plain = |arn: &iam::Arn| arn.to_string().replace("|lowercase", "");
                let covers = |other: &iam::Arn| !other.is_exact() || plain(other) == plain(resource);
                let is_small = |text: &str| !text.rsplit('/').next().unwrap().contains(char::is_uppercase);
                let same = statement.resources.iter().map(ToString::to_string);
                let mut small =
                    same.filter(|other| other.eq_ignore_ascii_case(&resource.to_string()) && is_small(other));
                if small.any(|_| !is_small(&resource.to_string())) {
                    covered += 1;
                    continue;
                }
                if *form == Form::Reference && resource.to_string().contains("${") && others.any(covers) {
                    covered += 1;
                    continue;
                }
                let mut without = document.clone();
                let text = without["Statement"][at]["Resource"].to_string();
                without["Statement"][at].as_object_mut().unwrap().remove("Resource");
                let mut rest = without["Statement"][at].clone();
                let others: Vec<&String> = statement.actions.iter().filter(|other| *other != action).collect();
                without["Statement"][at]["Action"] = serde_json::json!(others);
                without["Statement"][at]["Resource"] = serde_json::from_str(&text).unwrap();
                let kept: Vec<String> = statement
                    .resources
                    .iter()
                    .filter(|other| *other != resource)
                    .map(ToString::to_string)
                    .filter(|other| *other != resource.to_string())
                    .collect();
                rest["Action"] = action.as_str().into();
                rest["Resource"] = serde_json::json!(kept);
                without["Statement"].as_array_mut().unwrap().push(rest);
                let audit = policy.audit(&iam::Existing::from_json(&without.to_string()).unwrap());
                let is_it = |finding: &iam::Finding| finding.action == *action && finding.kind < FindingKind::Wider;
                assert!(audit.findings.iter().any(is_it), "{name} {form:?}: {action} on {resource}: {audit}");
                tried += 1;
            }
        }
    }
    println!("{tried} permissions taken away, {covered} left since others cover them");
    assert!(tried > 2000, "{tried}");
}

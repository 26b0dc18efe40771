//! Compares policies with two other sources: the guide's tables of 2023, and the statements of the CDK.
//!
//! Both are next to the repository, in `../shared`; without them, the tests are skipped. `docs/iam-differences.md` lists each
//! difference with its reason, and nothing else.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use sfn_tasks::asl::{Format, Source};
use sfn_tasks::catalog::{self, Pattern};
use sfn_tasks::iam::{self, Existing, FindingKind, Options, Scope};
use sfn_tasks::template::{Body, Template};
use sfn_tasks::value::Json;

/// The rows of a table of the page: the first cell, the second cell.
fn explained(section: &str) -> BTreeSet<(String, String)> {
    let page = fs::read_to_string("docs/iam-differences.md").unwrap();
    let start = page.find(&format!("\n## {section}\n")).unwrap_or_else(|| panic!("no section {section}"));
    let table = &page[start + section.len() + 5..];
    let table = &table[..table.find("\n## ").unwrap_or(table.len())];
    table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let mut cells = line.split('|').skip(1).map(|cell| cell.trim().replace('`', ""));
            (cells.next().unwrap(), cells.next().unwrap())
        })
        .collect()
}

/// Compares the differences with the explained ones.
fn assert_explained(section: &str, found: &BTreeSet<(String, String)>) {
    let explained = explained(section);
    let show = |rows: Vec<&(String, String)>| {
        rows.iter().map(|(place, what)| format!("\n| `{place}` | `{what}` |")).collect::<String>()
    };
    // Both cells of a row can end with `*`.
    let fits = |pattern: &str, text: &str| match pattern.strip_suffix('*') {
        Some(beginning) => text.starts_with(beginning),
        None => pattern == text,
    };
    let covers = |row: &(String, String), it: &(String, String)| fits(&row.0, &it.0) && fits(&row.1, &it.1);
    let new = show(found.iter().filter(|it| !explained.iter().any(|row| covers(row, it))).collect());
    let stale = show(explained.iter().filter(|row| !found.iter().any(|it| covers(row, it))).collect());
    assert!(new.is_empty() && stale.is_empty(), "{section}: not explained:{new}\nno difference any more:{stale}");
}

fn read(path: &str) -> Option<Json> {
    let text = fs::read_to_string(Path::new("../shared").join(path)).ok();
    if text.is_none() {
        println!("../shared/{path} does not exist: the comparison is skipped");
    }
    serde_json::from_str(&text?).ok()
}

/// The APIs and patterns of a heading in the guide.
fn meant(page: &str, heading: &str) -> Vec<(&'static str, &'static str, Vec<Pattern>)> {
    use Pattern::{RequestResponse, Sync, Sync2, WaitForTaskToken};
    let service = match page {
        "athena-iam.md" => "athena",
        "batch-iam.md" => "batch",
        "codebuild-iam.md" => "codebuild",
        "dynamo-iam.md" => "dynamodb",
        "ecs-iam.md" => "ecs",
        "emr-iam.md" => "elasticmapreduce",
        "glue-iam.md" => "glue",
        "lambda-iam.md" => "lambda",
        "sagemaker-iam.md" => "sagemaker",
        "sns-iam.md" => "sns",
        "sqs-iam.md" => "sqs",
        "stepfunctions-iam.md" => "states",
        _ => return Vec::new(),
    };
    // The page of CodeBuild begins with the policy of a sample.
    if service == "codebuild" && !heading.contains('>') {
        return Vec::new();
    }
    let patterns = match () {
        () if heading.contains(".sync or .waitForTaskToken") => return Vec::new(),
        () if heading.contains("Run a Job") || heading.contains("Synchronous") => vec![Sync, Sync2],
        () if heading.contains("Callback") => vec![RequestResponse, WaitForTaskToken],
        () if heading.contains("Request Response") || service != "elasticmapreduce" => vec![RequestResponse],
        // The page of EMR has one policy for both.
        () => vec![Sync, RequestResponse],
    };
    let Some(known) = catalog::services().iter().find(|known| known.name == service) else { return Vec::new() };
    let lower = heading.to_lowercase();
    let named = |name: &&catalog::Action| lower.contains(&format!("> {} ", name.name.to_lowercase()));
    let actions: Vec<_> = match known.actions.iter().copied().filter(|action| named(action)).collect::<Vec<_>>() {
        named if !named.is_empty() => named,
        _ if service == "lambda" => known.action("invoke").into_iter().collect(),
        _ => known.actions.to_vec(),
    };
    actions
        .into_iter()
        .map(|action| {
            let mut patterns: Vec<Pattern> =
                patterns.iter().copied().filter(|pattern| action.pattern(*pattern).is_some()).collect();
            if service == "elasticmapreduce" {
                patterns.truncate(1);
            }
            (action.service, action.name, patterns)
        })
        .collect()
}

#[test]
fn the_actions_are_those_of_the_guide() {
    let Some(guide) = read("reference/aws-guide-iam-actions-2023.json") else { return };
    let mut compared = BTreeSet::new();
    let mut found = BTreeSet::new();
    for (page, entries) in guide.as_object().unwrap().iter() {
        for entry in entries.as_array().unwrap() {
            let heading = entry.get("heading").and_then(Json::as_str).unwrap();
            let theirs: BTreeSet<String> = entry
                .get("actions")
                .and_then(Json::as_array)
                .unwrap()
                .iter()
                .filter_map(|action| Some(action.as_str()?.to_lowercase()))
                .collect();
            for (service, name, patterns) in meant(page, heading) {
                for pattern in patterns {
                    let support = catalog::find(service, name).and_then(|action| action.pattern(pattern)).unwrap();
                    let always = support.statements.iter().filter(|statement| statement.when.is_none());
                    let ours: BTreeSet<String> =
                        always.flat_map(|it| it.actions).map(|action| action.to_lowercase()).collect();
                    let whenever: BTreeSet<String> =
                        support.statements.iter().flat_map(|it| it.actions).map(|it| it.to_lowercase()).collect();
                    let place = format!("{service}:{name}{}", pattern.suffix());
                    // One policy for four actions of DynamoDB: each call needs only its own action.
                    let shared = service == "dynamodb";
                    for action in theirs.difference(&whenever).filter(|_| !shared) {
                        found.insert((place.clone(), format!("- {action}")));
                    }
                    for action in ours.difference(&theirs) {
                        found.insert((place.clone(), format!("+ {action}")));
                    }
                    compared.insert(place);
                }
            }
        }
    }
    println!("{} APIs and patterns compared", compared.len());
    assert!(compared.len() > 40, "{compared:?}");
    assert_explained("The guide's tables", &found);
}

/// A template with the state machine, a role with the statements, and the resources that the policy depends on.
fn template(definition: &Json, statements: &Json) -> String {
    format!(
        r#"{{"Resources": {{
            "SubmitJobFB773A16": {{"Type": "AWS::StepFunctions::Activity", "Properties": {{"Name": "SubmitJob"}}}},
            "TD49C78F36": {{"Type": "AWS::ECS::TaskDefinition", "Properties": {{"Family": "StackTDA28C8ABC"}}}},
            "ProjectC78D97AD": {{"Type": "AWS::CodeBuild::Project"}},
            "Queue4A7E3555": {{"Type": "AWS::SQS::Queue"}},
            "ServiceRole4288B192": {{"Type": "AWS::IAM::Role"}},
            "ClusterRoleD9CA7471": {{"Type": "AWS::IAM::Role"}},
            "AutoScalingRole015ADA0A": {{"Type": "AWS::IAM::Role"}},
            "Role": {{"Type": "AWS::IAM::Role", "Properties": {{
                "Policies": [{{"PolicyName": "p", "PolicyDocument": {{"Statement": {statements}}}}}]
            }}}},
            "Flow": {{"Type": "AWS::StepFunctions::StateMachine", "Properties": {{
                "RoleArn": {{"Fn::GetAtt": ["Role", "Arn"]}}, "Definition": {definition}
            }}}}
        }}}}"#
    )
}

#[test]
fn nothing_is_wider_than_the_statements_of_the_cdk() {
    let Ok(files) = fs::read_dir("../shared/golden/seed") else {
        return println!("../shared/golden/seed is not there: nothing is compared");
    };
    let (mut compared, mut found) = (0, BTreeMap::new());
    for file in files.flatten().map(|file| file.file_name().into_string().unwrap()) {
        let Some(golden) = file.ends_with(".json").then(|| read(&format!("golden/seed/{file}"))).flatten() else {
            continue;
        };
        let (Some(definition), Some(theirs)) = (golden.get("asl"), golden.get("policyStatements")) else { continue };
        let source = Source::new(template(definition, theirs), Format::Json);
        let template = Template::new(source.parse().unwrap());
        let machines = template.machines(&source);
        let [(machine, Body::Here(definition))] = machines.as_slice() else { panic!("{file}: {machines:?}") };
        let role = template.role(&machine.id);
        assert_eq!(role.unread, [] as [String; 0], "{file}");
        let options = Options::default().physical(&template, machine, definition, &role);
        let existing = Existing::role(&role, str::to_owned);
        let audit = iam::audit(definition.machine(), &Scope::default(), &options, &existing);
        assert_eq!(audit.unknown, [], "{file}");
        compared += 1;
        for finding in audit.findings {
            let what = match finding.kind {
                FindingKind::Missing
                | FindingKind::MissingSilently
                | FindingKind::MissingForRedrive
                | FindingKind::Uncertain => "+",
                FindingKind::Wider => "<",
                FindingKind::Excess => "-",
                other => panic!("{other:?} is not compared here"),
            };
            let name = file.trim_end_matches(".json").to_owned();
            found.insert((name, format!("{what} {}", finding.action)), finding.message);
        }
    }
    println!("{compared} definitions compared");
    assert!(compared > 35, "{compared}");
    for (difference, message) in &found {
        println!("{difference:?}: {message}");
    }
    assert_explained("The statements of the CDK", &found.into_keys().collect());
}

//! The checker against what AWS itself answered: definitions that it took or refused, and executions that failed.
//!
//! The recordings are not part of the project. `SFN_CONFORMANCE` names their folder; without it the test says that it
//! was skipped. `UPDATE=1` writes the table of `docs/conformance-checks.md` again.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Diagnostic, Options, Severity, check};

/// Definitions that AWS took, and whose execution did not show the fault, but that deserve their error: a part of the
/// case's name, the code, and why.
const EXCUSED: &[(&str, &str, &str)] = &[(
    "sqs_wait_for_task_token_no_token_parameter",
    "task-token",
    "the execution ran until its time-out ended it, for want of the token",
)];

/// The errors of AWS that come of evaluating what the definition says. Whether they come can still depend on the input.
const EVALUATION: &[&str] = &[
    "States.Runtime",
    "States.QueryEvaluationError",
    "States.IntrinsicFailure",
    "States.ParameterPathFailure",
    "States.ResultPathMatchFailure",
    "States.ReferencePathConflict",
    "States.NoChoiceMatched",
    "EventBridge.FailedEntry",
];

#[derive(Default)]
struct Row {
    taken: usize,
    taken_but_refused: usize,
    refused: usize,
    refused_but_taken: usize,
    failed: usize,
    foretold: usize,
}

struct Case {
    id: String,
    category: String,
    machine: StateMachine,
    findings: Vec<Diagnostic>,
    outcome: Outcome,
}

enum Outcome {
    /// AWS refused the definition.
    Refused(String),
    /// The definition was taken, and the execution failed by what it says: the cause, and the state where it names one.
    Failed(String, Option<String>),
    /// The definition was taken; what became of it says nothing against it.
    Taken,
}

fn folder() -> Option<PathBuf> {
    let given = env::var_os("SFN_CONFORMANCE").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/conformance").into());
    folder.is_dir().then_some(folder)
}

/// The whole definition: TestState takes a single state.
fn definition(case: &Value) -> Option<StateMachine> {
    let definition = match &case["definition"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let value: Value = serde_json::from_str(&definition).ok()?;
    let is_state = case["kind"] == "test-state" && value.get("Type").is_some();
    if !is_state {
        return definition.parse().ok();
    }
    // What the state goes on to is not there.
    let mut states = BTreeMap::from([("StateName".to_owned(), value.clone())]);
    let mut open = vec![&value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value.as_str() {
                        Some(target) if matches!(name.as_str(), "Next" | "Default") => {
                            states.entry(target.to_owned()).or_insert_with(|| serde_json::json!({"Type": "Succeed"}));
                        }
                        _ if name == "States" => {}
                        _ => open.push(value),
                    }
                }
            }
            Value::Array(elements) => open.extend(elements),
            _ => {}
        }
    }
    serde_json::json!({"StartAt": "StateName", "States": states}).to_string().parse().ok()
}

fn outcome(case: &Value) -> Outcome {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is_definition =
        case["error"]["Message"].as_str().is_some_and(|words| words.contains("State Machine Definition"));
    let refused = case["accepted"] == false || case["error"]["Code"] == "InvalidDefinition" && is_definition;
    if refused {
        let words = case["diagnostics"].get(0).map_or(&case["error"]["Message"], |first| &first["message"]);
        return Outcome::Refused(text(words));
    }
    let error = case["error"].as_str().unwrap_or_default();
    if case["status"] == "FAILED" && EVALUATION.contains(&error) {
        let cause = text(&case["cause"]);
        let state = cause.split_once("executing the state '").and_then(|(_, rest)| rest.split_once('\''));
        let state = state.map(|(name, _)| name.to_owned());
        return Outcome::Failed(cause, state);
    }
    Outcome::Taken
}

fn cases(folder: &PathBuf) -> Vec<Case> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let mut cases = Vec::new();
    for line in
        files.iter().flat_map(|path| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
    {
        let case: Value = serde_json::from_str(&line).unwrap();
        let Some(machine) = definition(&case) else { continue };
        let options = Options::default().express(case["type"] == "EXPRESS");
        let findings = check(&machine, &options);
        cases.push(Case {
            id: case["id"].as_str().unwrap_or_default().to_owned(),
            category: case["category"].as_str().unwrap_or_default().to_owned(),
            machine,
            findings,
            outcome: outcome(&case),
        });
    }
    cases
}

#[test]
fn agrees_with_aws() {
    let Some(folder) = folder() else {
        println!("skipped: no recordings; set SFN_CONFORMANCE to their folder");
        return;
    };
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let (mut faults, mut used, mut foretold) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for case in cases(&folder) {
        let row = rows.entry(case.category.clone()).or_default();
        let errors: Vec<&Diagnostic> =
            case.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        match &case.outcome {
            Outcome::Refused(words) => {
                row.refused += 1;
                if errors.is_empty() {
                    row.refused_but_taken += 1;
                    faults.push(format!("{}: AWS refuses it: {words}", case.id));
                }
            }
            Outcome::Failed(cause, state) => {
                row.taken += 1;
                row.failed += 1;
                let here = |finding: &&Diagnostic| match state {
                    Some(name) => finding.pointer.split('/').any(|token| token == name),
                    None => true,
                };
                match case.findings.iter().find(here) {
                    Some(finding) => {
                        row.foretold += 1;
                        foretold.insert((case.id.clone(), finding.code));
                    }
                    None => println!("not foretold: {}: {}", case.id, cause.chars().take(300).collect::<String>()),
                }
            }
            Outcome::Taken => {
                row.taken += 1;
                let mut wrong = false;
                for error in errors {
                    match EXCUSED.iter().find(|(name, code, _)| case.id.contains(name) && *code == error.code) {
                        Some((name, ..)) => drop(used.insert(*name)),
                        None => {
                            wrong = true;
                            faults.push(format!("{}: AWS takes it, but: {error}", case.id));
                        }
                    }
                }
                row.taken_but_refused += usize::from(wrong);
            }
        }
        for finding in &case.findings {
            assert!(case.machine.json().pointer(&finding.pointer).is_some(), "{}: {finding}", case.id);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(used.len(), EXCUSED.len(), "an excuse is no longer needed: only {used:?} are");
    let page = page(&rows, &foretold);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformance-checks.md");
    if env::var_os("UPDATE").is_some() {
        fs::write(path, &page).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap_or_default() == page,
        "docs/conformance-checks.md is stale: run `UPDATE=1 cargo test --test check_conformance`"
    );
}

fn page(rows: &BTreeMap<String, Row>, foretold: &BTreeSet<(String, &str)>) -> String {
    let mut page = String::from(
        "# The checker against AWS\n\nMade by `tests/check_conformance.rs` from recorded answers of AWS (the snapshots of \
         localstack/localstack, commit 8b9a79f): what\nAWS itself said of a definition, and how its execution ended.\n\n\
         - *we refuse*: AWS took the definition and nothing in the recording speaks against it, but the checker reports an error. Goal: 0.\n\
         - *we take*: AWS refused the definition, but the checker reports no error. Goal: 0.\n\
         - *failed*: executions that ended with an error of evaluating what the definition says (`States.Runtime`,\n  \
         `States.QueryEvaluationError` and the like). Most of these depend on the input, which a check does not see.\n\
         - *foretold*: those of them for which the checker has a finding in the state that failed.\n\n\
         | category | AWS took | we refuse | AWS refused | we take | failed | foretold |\n|---|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut all = Row::default();
    let mut line = |name: &str, row: &Row| {
        let Row { taken, taken_but_refused, refused, refused_but_taken, failed, foretold } = row;
        // Writing to a string does not fail.
        let _ = writeln!(
            page,
            "| {name} | {taken} | {taken_but_refused} | {refused} | {refused_but_taken} | {failed} | {foretold} |"
        );
    };
    for (name, row) in rows {
        line(name, row);
        all.taken += row.taken;
        all.taken_but_refused += row.taken_but_refused;
        all.refused += row.refused;
        all.refused_but_taken += row.refused_but_taken;
        all.failed += row.failed;
        all.foretold += row.foretold;
    }
    line("**all**", &all);
    if !EXCUSED.is_empty() {
        page.push_str("\nErrors that stand although AWS took the definition:\n\n");
        for (name, code, why) in EXCUSED {
            let _ = writeln!(page, "- `{name}` (`{code}`): {why}.");
        }
    }
    page.push_str("\nThe failures that are foretold, and the rule that does so:\n\n");
    for (id, code) in foretold {
        let _ = writeln!(page, "- `{id}` (`{code}`)");
    }
    page
}

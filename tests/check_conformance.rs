//! The checker against AWS's recorded answers: definitions that AWS accepted or rejected, and executions that failed.
//!
//! The recordings are not part of the project. `SFN_CONFORMANCE` names their folder; without it, the test prints that it
//! was skipped. `UPDATE=1` rewrites the table of `docs/conformance-checks.md`.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Diagnostic, Options, Severity, check};
use sfn_tasks::value::Json;

/// Definitions that AWS accepted, and whose execution did not show the fault, although the error is right: a part of the
/// case's name, the code, and why.
const EXCUSED: &[(&str, &str, &str)] = &[(
    "sqs_wait_for_task_token_no_token_parameter",
    "task-token",
    "the execution ran until it timed out, because no task received the token",
)];

/// The errors of AWS that occur when it evaluates the definition. Whether they occur can also depend on the input.
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

/// Findings in a state that failed for another reason: a part of the case's name, and the code.
const UNRELATED: (&str, &str) = ("INVALID_JSONPATH_IN_HEARTBEATSECONDSPATH", "task-token");

#[derive(Default)]
struct Row {
    taken: usize,
    taken_but_refused: usize,
    refused: usize,
    refused_but_taken: usize,
    failed: usize,
    predicted: usize,
    predicted_with_input: usize,
}

struct Case {
    id: String,
    category: String,
    machine: StateMachine,
    findings: Vec<Diagnostic>,
    /// The findings for the input of the execution.
    with_input: Vec<Diagnostic>,
    outcome: Outcome,
}

enum Outcome {
    /// AWS rejected the definition.
    Refused(String),
    /// AWS accepted the definition, and the execution failed because of it: the cause, and the state if the cause names one.
    Failed(String, Option<String>),
    /// AWS accepted the definition, and the recording shows no fault in it.
    Taken,
}

fn folder() -> Option<PathBuf> {
    let given = env::var_os("SFN_CONFORMANCE").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/conformance").into());
    folder.is_dir().then_some(folder)
}

/// The whole definition: TestState accepts a single state.
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
    // The targets of the state's transitions do not exist.
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
        let with_input = match &case["input"] {
            Value::Null => findings.clone(),
            input => check(&machine, &options.input(Json::from(input.clone()))),
        };
        cases.push(Case {
            id: case["id"].as_str().unwrap_or_default().to_owned(),
            category: case["category"].as_str().unwrap_or_default().to_owned(),
            machine,
            findings,
            with_input,
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
    let (mut faults, mut used, mut not_predicted) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let (mut predicted, mut with_input) = (BTreeSet::new(), BTreeSet::new());
    for case in cases(&folder) {
        let row = rows.entry(case.category.clone()).or_default();
        let errors_of = |findings: &'_ [Diagnostic]| -> Vec<Diagnostic> {
            findings.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect()
        };
        let errors = errors_of(&case.findings);
        match &case.outcome {
            Outcome::Refused(words) => {
                row.refused += 1;
                if errors.is_empty() {
                    row.refused_but_taken += 1;
                    faults.push(format!("{}: AWS rejects it: {words}", case.id));
                }
            }
            Outcome::Failed(cause, state) => {
                row.taken += 1;
                row.failed += 1;
                let here = |finding: &&Diagnostic| {
                    let is_unrelated = case.id.contains(UNRELATED.0) && finding.code == UNRELATED.1;
                    let is_in = |name: &String| finding.pointer.split('/').any(|token| token == name);
                    !is_unrelated && state.as_ref().is_none_or(is_in)
                };
                if let Some(finding) = case.findings.iter().find(here) {
                    row.predicted += 1;
                    row.predicted_with_input += 1;
                    predicted.insert((case.id.clone(), finding.code));
                } else if let Some(finding) = case.with_input.iter().find(here) {
                    row.predicted_with_input += 1;
                    with_input.insert((case.id.clone(), finding.code));
                } else {
                    not_predicted.insert(case.id.clone());
                    println!("not predicted: {}: {}", case.id, cause.chars().take(300).collect::<String>());
                }
            }
            Outcome::Taken => {
                row.taken += 1;
                let mut wrong = false;
                for error in errors.into_iter().chain(errors_of(&case.with_input)) {
                    match EXCUSED.iter().find(|(name, code, _)| case.id.contains(name) && *code == error.code) {
                        Some((name, ..)) => drop(used.insert(*name)),
                        None => {
                            wrong = true;
                            faults.push(format!("{}: AWS accepts it, but: {error}", case.id));
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
    assert_eq!(used.len(), EXCUSED.len(), "an exception is no longer needed: only {used:?} are");
    let page = page(&rows, &predicted, &with_input, &not_predicted);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformance-checks.md");
    if env::var_os("UPDATE").is_some() {
        fs::write(path, &page).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap_or_default() == page,
        "docs/conformance-checks.md is stale: run `UPDATE=1 cargo test --test check_conformance`"
    );
}

fn page(
    rows: &BTreeMap<String, Row>,
    predicted: &BTreeSet<(String, &str)>,
    with_input: &BTreeSet<(String, &str)>,
    not_predicted: &BTreeSet<String>,
) -> String {
    let mut page = String::from(
        "# The checker against AWS\n\n`tests/check_conformance.rs` writes this page. It compares the checker with recorded answers of AWS (the snapshots of \
         localstack/localstack,\ncommit 8b9a79f): whether AWS accepted a definition, and how its execution ended.\n\n\
         - *we reject*: AWS accepted the definition and the recording shows no fault in it, but the checker reports an error, without or\n  \
         with the input of the execution (`--input`). Goal: 0.\n\
         - *we accept*: AWS rejected the definition, but the checker reports no error. Goal: 0.\n\
         - *failed*: executions that failed when AWS evaluated the definition (`States.Runtime`, `States.QueryEvaluationError` and\n  \
         similar errors). Most of these failures depend on the input.\n\
         - *predicted*: failed executions for which the checker reports a finding in the state that failed.\n\
         - *with input*: the same, if the checker also gets the input of the execution.\n\n\
         | category | AWS accepts / we reject | AWS rejects / we accept | failed | predicted | with input |\n\
         |---|--:|--:|--:|--:|--:|\n",
    );
    let mut all = Row::default();
    let mut line = |name: &str, row: &Row| {
        let Row { taken, taken_but_refused, refused, refused_but_taken, failed, predicted, predicted_with_input } = row;
        // Writing to a string does not fail.
        let _ = writeln!(
            page,
            "| {name} | {taken} / {taken_but_refused} | {refused} / {refused_but_taken} | {failed} | {predicted} | {predicted_with_input} |"
        );
    };
    for (name, row) in rows {
        line(name, row);
        all.taken += row.taken;
        all.taken_but_refused += row.taken_but_refused;
        all.refused += row.refused;
        all.refused_but_taken += row.refused_but_taken;
        all.failed += row.failed;
        all.predicted += row.predicted;
        all.predicted_with_input += row.predicted_with_input;
    }
    line("**all**", &all);
    if !EXCUSED.is_empty() {
        page.push_str("\nErrors that are right although AWS accepted the definition:\n\n");
        for (name, code, why) in EXCUSED {
            let _ = writeln!(page, "- `{name}` (`{code}`): {why}.");
        }
    }
    for (title, list) in [
        ("The predicted failures, each with its rule", predicted),
        ("The failures that are predicted only with the input", with_input),
    ] {
        let _ = writeln!(page, "\n{title}:\n");
        for (id, code) in list {
            let _ = writeln!(page, "- `{id}` (`{code}`)");
        }
    }
    page.push_str("\nThe failures that are not predicted. The service rejected the content of a parameter, or the test gave its own context object:\n\n");
    for id in not_predicted {
        let _ = writeln!(page, "- `{id}`");
    }
    page
}

//! Real definitions: those that are valid get no error.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Options, Severity, check};

/// Definitions of the corpus that count as valid there, but are not: a part of the file's name, the codes of the errors,
/// and why they are right.
const WRONG: &[(&str, &[&str], &str)] = &[
    (
        "lambda-sfn-sls_statemachine",
        &["wrong-type", "unreachable-state"],
        "state names that YAML 1.1 turned into booleans",
    ),
    ("assign_statemachines_base_undefined", &["undefined-variable"], "a test of what happens without the variable"),
    (
        "task_retry_reference_exception",
        &["resource", "wrong-type"],
        "a test of texts in place of numbers, and a path as resource",
    ),
    ("choiceoperators_statemachines_template", &["unknown-field"], "a template that the test fills in"),
    ("context_object_statemachines_context_object", &["path", "dollar-key"], "a template that the test fills in"),
    ("empty_credentials.json5", &["undefined-variable"], "`$state` in place of `$states`"),
    ("math_random_seeded_jsonata", &["jsonata-function"], "a function that the guide does not have"),
    ("map_item_reader_base_csv_headers_decl", &["wrong-type"], "a template that the test fills in"),
    ("map_state_items_variable.json5", &["expression-type"], "a template that the test fills in"),
    ("map_state_label_empty_fail", &["map-label"], "a test of a wrong label"),
    ("map_state_label_too_long_fail", &["map-label"], "a test of a wrong label"),
    (
        "base_map_state_machine_choice_fail",
        &["unknown-state", "jsonata-unqualified"],
        "made for TestState, which looks at a single state",
    ),
    ("variable_references.snapshot.json", &["path"], "`timestamp` in place of `$timestamp`"),
    ("escape_sequences_illegal_intrinsic_function", &["intrinsic-function"], "a test of escapes that AWS refuses"),
    (
        "test-run-semaphore",
        &["impossible-path"],
        "a catcher writes the error into the item, which is a number: the state that handles the error is never reached",
    ),
    ("no_token_parameter", &["task-token"], "a test of what happens without the token"),
    ("with_sam_policy_templates", &["task-token"], "a callback without a token, in a test of something else"),
    ("lambda_list_functions", &["unknown-integration"], "a test of an integration that does not exist"),
    ("schema_validation", &["resource"], "a word in place of the resource, in a test of something else"),
    (
        "state_machine_with_api_and_propagate_tags",
        &["resource"],
        "a word in place of the resource, in a test of something else",
    ),
];

#[test]
fn valid_definitions_get_no_error() {
    let corpus = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus"));
    let Ok(index) = fs::read_to_string(corpus.join("index.json")) else {
        println!("skipped: no corpus at {}", corpus.display());
        return;
    };
    let index: serde_json::Value = serde_json::from_str(&index).unwrap();
    let mut codes: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    let (mut files, mut total, mut slowest) = (0, Duration::ZERO, Duration::ZERO);
    let (mut faults, mut excused) = (Vec::new(), BTreeSet::new());
    for entry in index.as_array().unwrap().iter().filter(|entry| entry["negative_test"] != true) {
        let file = entry["file"].as_str().unwrap();
        let text = fs::read_to_string(corpus.join(file)).unwrap();
        let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        let begin = Instant::now();
        let found = check(&machine, &Options::default());
        let took = begin.elapsed();
        (files, total, slowest) = (files + 1, total + took, slowest.max(took));
        for finding in &found {
            *codes.entry((finding.severity, finding.code)).or_default() += 1;
            println!("{file}\n    {finding}");
            assert!(machine.json().pointer(&finding.pointer).is_some(), "{file}: {finding} points to nothing");
            if finding.severity == Severity::Error {
                let excuse = WRONG.iter().find(|(name, codes, _)| file.contains(name) && codes.contains(&finding.code));
                match excuse {
                    Some((name, ..)) => drop(excused.insert(*name)),
                    None => faults.push(format!("{file}: {finding}")),
                }
            }
        }
    }
    println!("{files} files in {total:?}, the slowest in {slowest:?}");
    codes.iter().for_each(|((severity, code), count)| println!("{severity} {code}: {count}"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(excused.len(), WRONG.len(), "an excuse is no longer needed: only {excused:?} are");
}

//! Tests every rule of the checker with its own examples, and generates the page of findings.

use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Diagnostic, Options, Rule, Severity, check, document, rules};

fn findings(rule: &Rule, example: &str) -> Vec<Diagnostic> {
    let machine: StateMachine =
        Rule::definition(example).parse().unwrap_or_else(|error| panic!("{}: {error}\n{example}", rule.code));
    check(&machine, &Options::default().express(rule.express))
}

#[test]
fn wrong_examples_are_found_and_right_ones_are_not() {
    let mut faults = Vec::new();
    for rule in rules() {
        if !rule.wrong.is_empty() {
            let found = findings(rule, rule.wrong);
            if !found.iter().any(|finding| finding.code == rule.code && finding.severity == rule.severity) {
                faults.push(format!("{}: the wrong example gives {found:#?}", rule.code));
            }
        }
        let found = findings(rule, rule.right);
        if !found.is_empty() {
            faults.push(format!("{}: the right example gives {found:#?}", rule.code));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_error_has_a_proof() {
    let bare: Vec<&str> = rules()
        .filter(|rule| rule.severity == Severity::Error)
        .filter(|rule| rule.proof.iter().all(|proof| proof.words.is_empty() || proof.source.is_empty()))
        .map(|rule| rule.code)
        .collect();
    assert!(bare.is_empty(), "these are errors without a proof, so they are warnings: {bare:?}");
}

#[test]
fn codes_are_unique_and_plain() {
    let mut codes: Vec<&str> = rules().map(|rule| rule.code).collect();
    assert!(codes.iter().all(|code| code.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'-')));
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all);
}

#[test]
fn the_page_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checks.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, document()).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == document(), "docs/checks.md is stale: run `UPDATE=1 cargo test --test check_rules`");
}

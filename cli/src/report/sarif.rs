//! Findings as SARIF 2.1.0, for GitHub's code scanning and editors.

use std::io::{self, Write};

use serde_json::{Value, json};
use sfn_tasks::check::{Rule, Severity, rules};
use sfn_tasks::value::Json;

use super::{Finding, PROJECT_URL, SYNTAX};

pub(super) fn print(findings: &[Finding<'_>], output: &mut impl Write) -> io::Result<()> {
    let rules: Vec<&Rule> = rules().collect();
    let syntax = json!({
        "id": SYNTAX,
        "shortDescription": {"text": "The text is JSON or YAML"},
        "fullDescription": {"text": "A definition that cannot be parsed is not checked."},
        "defaultConfiguration": {"level": "error"},
    });
    let descriptors: Vec<Value> = std::iter::once(syntax).chain(rules.iter().map(|rule| descriptor(rule))).collect();
    let index = |code: &str| rules.iter().position(|rule| rule.code == code).map_or(0, |at| at + 1);
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, index(finding.code))).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "sfn-tasks",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": PROJECT_URL,
                "rules": descriptors,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    writeln!(output, "{:#}", Json::from(log))
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {
            "text": format!("{}\n\nWrong: {}\n\nRight: {}", rule.explanation, rule.wrong, rule.right),
            "markdown": format!(
                "{}\n\nWrong:\n\n```json\n{}\n```\n\nRight:\n\n```json\n{}\n```\n",
                rule.explanation, rule.wrong, rule.right
            ),
        },
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn result(finding: &Finding<'_>, rule: usize) -> Value {
    let (end_line, end_column) = finding.end();
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": percent_encoded(&finding.uri_path())},
            "region": {
                "startLine": finding.location.line,
                "startColumn": finding.location.column,
                "endLine": end_line,
                "endColumn": end_column,
            },
        },
    });
    if let Some(pointer) = finding.pointer {
        let name = match finding.machine {
            Some(machine) => format!("{machine}#{pointer}"),
            None => format!("#{pointer}"),
        };
        location["logicalLocations"] = json!([{"fullyQualifiedName": name, "kind": "member"}]);
    }
    json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": {"text": finding.message_with_help()},
        "locations": [location],
    })
}

/// The path as a URI reference.
fn percent_encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

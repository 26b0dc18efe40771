//! Reports several findings with the same cause only once.

use std::collections::{HashMap, HashSet};

use super::expressions::{FORGOTTEN_BRACES, FORGOTTEN_DOLLAR};
use super::fields::MISSING_FIELD;
use super::integration::{CONSEQUENCES, TASK_TOKEN};
use super::structure::NO_END;
use super::{Diagnostic, Severity};

/// Removes findings that are a consequence of another finding.
pub(super) fn join(findings: &mut Vec<Diagnostic>) {
    join_expressions(findings);
    // A Choice state without a rule has no next state, so an end may be missing for the same reason.
    let leads_nowhere = |finding: &&Diagnostic| finding.code == MISSING_FIELD.code;
    let open: HashSet<String> = findings.iter().filter(leads_nowhere).filter_map(machine_of_choice).collect();
    findings.retain(|finding| finding.code != NO_END.code || !open.contains(&finding.pointer));
    join_tokens(findings);
}

/// A task token that is only text is never passed to the service. The error stays, with the help of the other
/// finding.
fn join_tokens(findings: &mut Vec<Diagnostic>) {
    let is_text =
        |finding: &Diagnostic| finding.code == FORGOTTEN_DOLLAR.code && finding.message.contains("`$$.Task.Token`");
    let mut helps: HashMap<String, Option<String>> = HashMap::new();
    for finding in findings.iter().filter(|finding| is_text(finding)) {
        let around = parameters_around(finding).into_iter().map(|pointer| (pointer, finding.help.clone()));
        helps.extend(around);
    }
    let mut told = HashSet::new();
    for finding in findings.iter_mut().filter(|finding| finding.code == TASK_TOKEN.code) {
        if let Some(help) = helps.get(&finding.pointer) {
            finding.help.clone_from(help);
            told.insert(finding.pointer.clone());
        }
    }
    findings.retain(|finding| !is_text(finding) || !parameters_around(finding).iter().any(|it| told.contains(it)));
}

/// The machine that contains a Choice state without rules.
fn machine_of_choice(finding: &Diagnostic) -> Option<String> {
    let state = finding.pointer.strip_suffix("/Choices")?;
    let (machine, _) = state.rsplit_once('/')?.0.rsplit_once("/States")?;
    Some(machine.to_owned())
}

/// The parameters that contain a finding.
fn parameters_around(finding: &Diagnostic) -> Vec<String> {
    const FIELD: &str = "/Parameters";
    let pointer = &finding.pointer;
    let found = pointer.match_indices(FIELD).filter(|(at, _)| pointer[at + FIELD.len()..].starts_with('/'));
    found.map(|(at, _)| pointer[..at + FIELD.len()].to_owned()).collect()
}

/// A value that was meant as a path or an expression is also not an ARN, a number and so on. The more severe finding
/// stays, with the help of the other.
fn join_expressions(findings: &mut Vec<Diagnostic>) {
    let is_cause = |code: &str| code == FORGOTTEN_DOLLAR.code || code == FORGOTTEN_BRACES.code;
    let causes: HashMap<String, Option<String>> = findings
        .iter()
        .filter(|finding| is_cause(finding.code))
        .map(|finding| (finding.pointer.clone(), finding.help.clone()))
        .collect();
    if causes.is_empty() {
        return;
    }
    let mut worse = Vec::new();
    findings.retain_mut(|finding| match causes.get(&finding.pointer) {
        Some(help) if CONSEQUENCES.iter().any(|rule| rule.code == finding.code) => {
            let stays = finding.severity == Severity::Error && !worse.contains(&finding.pointer);
            if stays {
                finding.help.clone_from(help);
                worse.push(finding.pointer.clone());
            }
            stays
        }
        _ => true,
    });
    findings.retain(|finding| !is_cause(finding.code) || !worse.contains(&finding.pointer));
}

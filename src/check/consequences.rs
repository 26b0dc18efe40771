//! Findings that come of one mistake are told once.

use std::collections::HashMap;

use super::expressions::{FORGOTTEN_BRACES, FORGOTTEN_DOLLAR};
use super::integration::CONSEQUENCES;
use super::{Diagnostic, Severity};

/// A value that was meant as a path or an expression is no ARN, no number and the like either. What is worse stays, with
/// the help of the other.
pub(super) fn join(findings: &mut Vec<Diagnostic>) {
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

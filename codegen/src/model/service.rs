//! Faults of a service as a whole.

use std::collections::BTreeMap;

use super::{Action, names};
use crate::fault::{Report, step};
use crate::spec;

/// Reports invalid names of the service, and builders or types with the same name.
pub(super) fn check(spec: &spec::Service, actions: &[Action], report: &Report<'_>) {
    if !spec.service.is_empty() && !names::is_service_name(&spec.service) {
        report.add(
            "/service",
            "the name of a service has lowercase letters, digits and hyphens, as in its resource ARNs",
        );
    }
    if names::KEYWORDS.contains(&names::module(&spec.service).as_str()) {
        report
            .add("/service", "this name is a keyword of Rust, so it cannot be the name of a module: use another name");
    }
    if let taken @ ("facts" | "errors") = names::module(&spec.service).as_str() {
        report.add("/service", format!("the name `{taken}` is already used by another module: use another name"));
    }
    if let Some(prefix) = spec.error_prefix.as_ref().filter(|it| !it.chars().all(|sign| names::letter_or_digit(&sign)))
    {
        report.add("/errorPrefix", format!("`{prefix}` is not a prefix of errors, which has only letters and digits"));
    }
    if spec.custom.as_ref().is_some_and(|why| why.trim().chars().count() < 20) {
        report.add("/custom", "explain in a sentence why the module has handwritten items");
    }
    if spec.actions.0.is_empty() && report.is_empty() {
        report.add("/actions", "a service must have at least one action");
    }
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for action in actions {
        let at = step("/actions", &action.name);
        if let Some(earlier) = seen.insert(&action.type_name, at.clone()) {
            report.add(at, format!("{earlier} already has the builder `{}`: set `name`", action.type_name));
        }
    }
    for name in spec.types.names() {
        if let Some(earlier) = seen.get(name) {
            report.add(
                step("/types", name),
                format!("{earlier} already has the builder `{name}`: use another name, or set `name` there"),
            );
        }
    }
}

//! A resolved spec: all names and types are decided, and all semantic faults are reported. Rendering only writes it.

mod action;
mod answer;
mod call;
mod example;
mod expression;
mod names;
mod path;
mod pattern;
mod rule;
mod service;
mod shape;
mod shared;
mod statement;
mod support;
mod values;

use std::collections::BTreeMap;

pub use call::{OWN_CALLS, OwnCall};

pub(crate) use action::{Action, Custom};
pub(crate) use answer::follow;
pub(crate) use example::{Example, Expr, Setter};
pub(crate) use names::{
    PREFIX, constant, is_keyword, is_member_name, is_taken, is_type_name, setter, type_name, variant, whole_setter,
};
pub(crate) use pattern::fault as pattern_fault;
pub(crate) use shape::{Bounds, Enumeration, Member, Preset, Rule, Shape, Structure, Type, When};
pub(crate) use shared::{Beside, files, settle};
pub(crate) use statement::Statement;
pub(crate) use support::Pattern;

use crate::fault::{Report, step};
use crate::spec;

/// One service.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) file: String,
    /// The name in the resource ARN.
    pub(crate) name: String,
    /// The name of the module.
    pub(crate) module: String,
    pub(crate) title: String,
    pub(crate) docs: String,
    pub(crate) url: String,
    pub(crate) actions: Vec<Action>,
    pub(crate) types: Vec<Type>,
    /// Whether a part of the spec refers to a handwritten module with this name.
    pub(crate) has_custom: bool,
}

/// Resolves a spec, and reports semantic faults.
pub(crate) fn resolve(file: &str, spec: &spec::Service, report: &Report<'_>) -> Service {
    let mut types = shape::types(spec, report);
    for kind in &mut types {
        if let Type::Structure(structure) = kind {
            let pointer = step("/types", &structure.name);
            let written = spec.types.0.iter().find(|(name, _)| *name == structure.name);
            let rules = written.map_or(&[][..], |(_, kind)| &kind.rules);
            structure.rules = rule::rules(rules, structure, &pointer, report);
        }
    }
    shape::check_ends(&types, report);
    let by_name: BTreeMap<&str, &Type> = types.iter().map(|kind| (kind.name(), kind)).collect();
    let actions: Vec<Action> = spec
        .actions
        .0
        .iter()
        .map(|(name, action)| {
            let mut resolved = action::resolve(spec, name, action, &by_name, report);
            resolved.examples = example::resolve(spec, action, &resolved, &by_name, &step("/actions", name), report);
            resolved
        })
        .collect();
    service::check(spec, &actions, report);
    call::check_unlike(spec, report);
    values::check(spec, &actions, &by_name, report);
    check_file_name(file, spec, report);
    // A wrong reference is already reported, so the type that it should name is not reported as unused.
    if report.is_empty() {
        check_all_types_used(&actions, &types, report);
    }
    let has_custom = spec.custom.is_some()
        || actions.iter().any(|action| !action.custom.is_empty())
        || types.iter().any(|kind| matches!(kind, Type::Structure(structure) if structure.custom.is_some()));
    Service {
        file: file.to_owned(),
        name: spec.service.clone(),
        module: names::module(&spec.service),
        title: spec.title.clone(),
        docs: spec.docs.clone(),
        url: spec.url.clone(),
        actions,
        types,
        has_custom,
    }
}

/// The file must have the name of the service.
fn check_file_name(file: &str, spec: &spec::Service, report: &Report<'_>) {
    let Some(stem) = file.rsplit(['/', '\\']).next().and_then(|name| name.strip_suffix(".json")) else { return };
    if stem != spec.service && names::is_service_name(&spec.service) {
        report.add(
            "/service",
            format!(
                "the file must have the name of the service: rename it to `{}.json`, or change `service` to `{stem}`",
                spec.service
            ),
        );
    }
}

fn check_all_types_used(actions: &[Action], types: &[Type], report: &Report<'_>) {
    let structures = types.iter().filter_map(|kind| match kind {
        Type::Structure(structure) => Some(structure),
        Type::Enumeration(_) => None,
    });
    let members = actions.iter().map(|action| &action.structure).chain(structures).flat_map(|it| &it.members);
    let outputs = actions.iter().filter_map(|action| action.output.as_ref()?.type_name());
    let used: Vec<&str> = members.filter_map(|member| member.shape.type_name()).chain(outputs).collect();
    for kind in types.iter().filter(|kind| !used.contains(&kind.name())) {
        report.add(step("/types", kind.name()), "no parameter uses this type: remove it, or use it");
    }
}

//! A spec with everything decided: names, types, what is required. All faults of sense arise here; rendering only
//! writes down.

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
    /// As the resource ARN has it
    pub(crate) name: String,
    /// As Rust has it
    pub(crate) module: String,
    pub(crate) title: String,
    pub(crate) docs: String,
    pub(crate) url: String,
    pub(crate) actions: Vec<Action>,
    pub(crate) types: Vec<Type>,
    /// Whether there is a handwritten module of this name, because some part of the spec names it
    pub(crate) has_custom: bool,
}

/// Decides everything that follows from a spec, and reports what makes no sense.
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
    // A reference that leads nowhere is reported; that its type is then unused is not another fault.
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

/// A service is looked for in the file of its name.
fn check_file_name(file: &str, spec: &spec::Service, report: &Report<'_>) {
    let Some(stem) = file.rsplit(['/', '\\']).next().and_then(|name| name.strip_suffix(".json")) else { return };
    if stem != spec.service && names::is_service_name(&spec.service) {
        report
            .add("/service", format!("the file of this service is called `{}.json`, not `{stem}.json`", spec.service));
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

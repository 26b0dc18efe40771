//! Names in Rust, and what may be a name.

use std::collections::BTreeMap;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use super::Action;
use crate::fault::{Report, step};
use crate::{sdk, spec};

pub(crate) fn module(service: &str) -> String {
    service.strip_prefix(sdk::PREFIX).unwrap_or(service).to_snake_case()
}

/// `getItem` becomes `GetItem`; letters within stay as AWS writes them.
pub(crate) fn type_name(action: &str) -> String {
    let mut signs = action.chars();
    signs.next().map(|first| first.to_ascii_uppercase().to_string() + signs.as_str()).unwrap_or_default()
}

pub(crate) fn setter(member: &str) -> String {
    member.to_snake_case()
}

pub(crate) fn constant(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// The variant of an enum's value: `ALL_OLD` becomes `AllOld`.
pub(crate) fn variant(value: &str) -> String {
    let name = value.to_upper_camel_case();
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// Words that Rust keeps to itself.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Methods that every builder has.
const TAKEN: [&str; 3] = ["new", "parameter", "into_payload"];

pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Whether every builder has a method of that name.
pub(crate) fn is_taken(setter: &str) -> bool {
    TAKEN.contains(&setter)
}

/// Reports a setter that cannot be written in Rust, or that two members share.
pub(crate) fn check_setters<'m>(
    setters: impl IntoIterator<Item = (&'m str, &'m str, bool)>,
    pointer: &str,
    report: &Report<'_>,
) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (member, setter, appends) in setters {
        let at = step(pointer, member);
        if KEYWORDS.contains(&setter) {
            report
                .add(&at, format!("`{setter}` is a keyword of Rust: give the member a `setter`, such as `r#{setter}`"));
        } else if TAKEN.contains(&setter) {
            report.add(&at, format!("every builder has a method `{setter}`: give the member a `setter`"));
        }
        let mut names = vec![setter.to_owned()];
        if appends {
            names.push(format!("set_{setter}"));
        }
        for name in names {
            if let Some(earlier) = seen.insert(name.clone(), member) {
                report.add(&at, format!("`{earlier}` has the setter `{name}` already: give one of them a `setter`"));
            }
        }
    }
}

fn is_name(text: &str, first: fn(&char) -> bool, rest: fn(&char) -> bool) -> bool {
    let mut signs = text.chars();
    signs.next().is_some_and(|sign| first(&sign)) && signs.all(|sign| rest(&sign))
}

fn lower(sign: &char) -> bool {
    sign.is_ascii_lowercase()
}

fn upper(sign: &char) -> bool {
    sign.is_ascii_uppercase()
}

fn letter_or_digit(sign: &char) -> bool {
    sign.is_ascii_alphanumeric()
}

pub(crate) fn is_type_name(text: &str) -> bool {
    is_name(text, upper, letter_or_digit)
}

pub(crate) fn is_member_name(text: &str) -> bool {
    is_name(text, |sign| sign.is_ascii_alphabetic(), letter_or_digit)
}

pub(crate) fn is_action_name(text: &str) -> bool {
    is_name(text, lower, letter_or_digit)
}

/// Names of the service itself, and builders or types that share one.
pub(crate) fn check_service(spec: &spec::Service, actions: &[Action], report: &Report<'_>) {
    let service_sign = |sign: &char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || *sign == '-';
    let service = spec.service.strip_prefix(sdk::PREFIX).unwrap_or(&spec.service);
    if !service.is_empty() && !is_name(service, lower, service_sign) {
        report.add("/service", "a service's name has small letters, digits and hyphens, as in its resource ARNs");
    }
    if KEYWORDS.contains(&module(&spec.service).as_str()) {
        report.add("/service", "this name is a keyword of Rust and cannot be a module's");
    }
    if spec.actions.0.is_empty() {
        report.add("/actions", "a service has at least one action");
    }
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for action in actions {
        let at = step("/actions", &action.name);
        if let Some(earlier) = seen.insert(&action.type_name, at.clone()) {
            report.add(at, format!("the builder `{}` is that of {earlier} already: set `name`", action.type_name));
        }
    }
    for name in spec.types.names() {
        if let Some(earlier) = seen.get(name) {
            report.add(step("/types", name), format!("`{name}` is the builder of {earlier} already"));
        }
    }
}

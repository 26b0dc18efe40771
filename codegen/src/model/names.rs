//! Names in Rust.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::fault::{Report, step};

/// The prefix of services of AWS SDK integrations.
pub(crate) const PREFIX: &str = "aws-sdk:";

pub(crate) fn module(service: &str) -> String {
    service.strip_prefix(PREFIX).unwrap_or(service).to_snake_case()
}

/// `getItem` becomes `GetItem`. Other letters stay as AWS writes them.
pub(crate) fn type_name(action: &str) -> String {
    let mut signs = action.chars();
    signs.next().map(|first| first.to_ascii_uppercase().to_string() + signs.as_str()).unwrap_or_default()
}

/// The setter of a member: `QueueUrl` has `queue_url`, `Type` has `r#type`.
pub(crate) fn setter(member: &str) -> String {
    let name = member.to_snake_case();
    match name.as_str() {
        // These have no raw form in Rust.
        "self" | "super" | "crate" | "_" | "" => format!("{name}_"),
        keyword if KEYWORDS.contains(&keyword) => format!("r#{name}"),
        _ => name,
    }
}

/// The setter of a whole list or map: `set_tags` beside `tags`.
pub(crate) fn whole_setter(setter: &str) -> String {
    format!("set_{}", bare(setter))
}

/// A name without `r#`.
fn bare(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The marker of a required member in the type of a builder.
pub(crate) fn marker(member: &str) -> String {
    let plain = member.chars().all(|sign| sign.is_ascii_alphanumeric());
    let name = if plain { type_name(member) } else { member.to_upper_camel_case() };
    match name.as_str() {
        "Self" => "Self_".to_owned(),
        "" => "Member".to_owned(),
        digits if digits.starts_with(|first: char| first.is_ascii_digit()) => format!("_{name}"),
        _ => name,
    }
}

pub(crate) fn constant(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// The variant of an enum's value: `ALL_OLD` becomes `AllOld`.
pub(crate) fn variant(value: &str) -> String {
    let name: String = value.to_upper_camel_case().chars().filter(char::is_ascii_alphanumeric).collect();
    match name.as_str() {
        "Self" => "Self_".to_owned(),
        digits if digits.starts_with(|first: char| first.is_ascii_digit()) => format!("_{name}"),
        _ => name,
    }
}

/// The variants of all values. A value without letters, such as `*`, gets a number, and so does one whose variant would
/// equal an earlier one.
pub(crate) fn variants<'v>(values: impl Iterator<Item = &'v str>) -> Vec<String> {
    let one = |(at, value): (usize, &str)| match variant(value) {
        name if name.is_empty() => format!("Value{}", at + 1),
        name => name,
    };
    let own: Vec<String> = values.enumerate().map(one).collect();
    let mut taken = BTreeSet::new();
    let unlike = |name: &String| {
        if taken.insert(name.clone()) {
            return name.clone();
        }
        // A number whose name is not the variant of another value.
        let mut numbered = (2..).map(|number| self::numbered(name, number)).filter(|name| !own.contains(name));
        numbered.find(|name| taken.insert(name.clone())).unwrap_or_default()
    };
    own.iter().map(unlike).collect()
}

/// A name with a number for a second item of the same name: `Line2`. Rust warns about `Self_2`.
pub(crate) fn numbered(name: &str, number: usize) -> String {
    format!("{}{number}", name.trim_end_matches('_'))
}

/// The keywords of Rust.
pub(super) const KEYWORDS: [&str; 52] = [
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

/// Whether every builder has a method with this name.
pub(crate) fn is_taken(setter: &str) -> bool {
    TAKEN.contains(&setter)
}

/// Reports a setter that is not a valid Rust name, or that two members share.
pub(crate) fn check_setters<'m>(
    setters: impl IntoIterator<Item = (&'m str, &'m str, bool)>,
    pointer: &str,
    report: &Report<'_>,
) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (member, setter, appends) in setters {
        let at = step(pointer, member);
        if TAKEN.contains(&bare(setter)) {
            let name = bare(setter);
            report.add(
                &at,
                format!("every builder has a method `{name}`: give the member a `setter`, such as `{name}_value`"),
            );
        } else if let Some(fault) =
            setter_fault(setter).filter(|_| is_member_name(member) || setter != self::setter(member))
        {
            report.add(step(&at, "setter"), fault);
        }
        let mut names = vec![bare(setter).to_owned()];
        if appends {
            names.push(whole_setter(setter));
        }
        for name in names {
            if let Some(earlier) = seen.insert(name.clone(), member).filter(|earlier| *earlier != member) {
                report.add(
                    &at,
                    format!("`{earlier}` already has the setter `{name}`: give one of them a `setter` or another name"),
                );
            }
        }
    }
}

/// Why the name of a setter is invalid.
fn setter_fault(setter: &str) -> Option<String> {
    let name = bare(setter);
    let suggested = setter_of(name);
    let is_raw = setter.starts_with("r#");
    let sign = |sign: &char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || *sign == '_';
    if !setter.is_ascii() {
        return Some(format!("`{setter}` is not the name of a setter, which has lowercase letters, digits and `_`"));
    }
    if !is_name(name, lower, sign) {
        return Some(format!(
            "`{setter}` is not the name of a setter, which has lowercase letters, digits and `_`: write `{suggested}`"
        ));
    }
    let right = if is_raw { KEYWORDS.contains(&name) && suggested == setter } else { !KEYWORDS.contains(&name) };
    (!right).then(|| match is_raw {
        true => format!("`{setter}` is not a Rust name: write `{suggested}`"),
        false => format!("`{setter}` is a keyword of Rust: write `{suggested}`"),
    })
}

/// A valid name for a setter.
fn setter_of(name: &str) -> String {
    let name: String = name.chars().filter(|sign| sign.is_ascii_alphanumeric() || "_- :".contains(*sign)).collect();
    let name = name.trim_start_matches(|sign: char| !sign.is_ascii_alphabetic());
    if name.is_empty() { "value".to_owned() } else { setter(name) }
}

pub(super) fn is_name(text: &str, first: fn(&char) -> bool, rest: fn(&char) -> bool) -> bool {
    let mut signs = text.chars();
    signs.next().is_some_and(|sign| first(&sign)) && signs.all(|sign| rest(&sign))
}

pub(super) fn lower(sign: &char) -> bool {
    sign.is_ascii_lowercase()
}

fn upper(sign: &char) -> bool {
    sign.is_ascii_uppercase()
}

pub(super) fn letter_or_digit(sign: &char) -> bool {
    sign.is_ascii_alphanumeric()
}

pub(crate) fn is_type_name(text: &str) -> bool {
    is_name(text, upper, letter_or_digit) && text != "Self"
}

pub(crate) fn is_member_name(text: &str) -> bool {
    is_name(
        text,
        |sign| sign.is_ascii_alphabetic() || *sign == '_',
        |sign| letter_or_digit(sign) || matches!(sign, '_' | '-'),
    )
}

pub(crate) fn is_action_name(text: &str) -> bool {
    is_name(text, lower, letter_or_digit)
}

pub(crate) fn is_service_name(text: &str) -> bool {
    let sign = |sign: &char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || *sign == '-';
    is_name(text.strip_prefix(PREFIX).unwrap_or(text), lower, sign)
}

pub(crate) fn is_setter_name(text: &str) -> bool {
    is_name(text, lower, |sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || *sign == '_')
}

/// Reports a path that is not that of a handwritten item.
pub(crate) fn check_custom_path(path: &str, pointer: &str, report: &Report<'_>) {
    let parts: Vec<&str> = path.split("::").collect();
    let right = match parts.as_slice() {
        ["crate", "custom", modules @ .., item] => {
            !modules.is_empty() && modules.iter().all(|module| is_setter_name(module)) && is_type_name(item)
        }
        _ => false,
    };
    if !right {
        report.add(pointer, "a handwritten type must be in `crate::custom::`: write `crate::custom::module::Type`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rust warns about names that are not in camel case, and a user's library can deny warnings.
    #[test]
    fn what_has_a_name_already_gets_a_number() {
        assert_eq!(variants(["self", "Self", "SELF"].into_iter()), ["Self_", "Self2", "Self3"]);
        assert_eq!(variants(["a-b", "a_b", "ab2", "AB"].into_iter()), ["AB", "AB2", "Ab2", "Ab"]);
        assert_eq!(variants(["1", "-1", "*"].into_iter()), ["_1", "_12", "Value3"]);
    }
}

//! Doc comments.

use proc_macro2::TokenStream;
use quote::quote;

use super::{errors, markdown, result};
use crate::model::{Action, Bounds, Member, Preset, Service, Shape, Statement, Structure};

/// One attribute for each line, printed as `///` comments.
pub(crate) fn attributes(text: &str) -> TokenStream {
    let text = markdown::plain(text.trim_end());
    let mut lines: Vec<&str> = text.lines().collect();
    // Two sections can each add a blank line; keep one.
    lines.dedup_by(|line, earlier| line.is_empty() && earlier.is_empty());
    let lines = lines.into_iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// The docs of a named type.
pub(crate) fn of_type(docs: &str, url: Option<&str>) -> String {
    match url {
        Some(url) => format!("{docs}\n\nSee [AWS's page]({url})."),
        None => docs.to_owned(),
    }
}

/// The docs of the builder of a structure.
pub(crate) fn of_structure(structure: &Structure) -> String {
    let mut text = structure.docs.clone();
    required(structure, &mut text);
    rules(structure, &mut text);
    if let Some(url) = &structure.url {
        text.push_str(&format!("\n\nSee [AWS's page]({url})."));
    }
    text
}

/// The docs of the builder of an API: purpose, patterns, permissions, results, errors and examples.
pub(crate) fn of_action(service: &Service, action: &Action, examples: &str) -> String {
    let mut text = action.docs.clone();
    required(&action.structure, &mut text);
    rules(&action.structure, &mut text);
    text.push_str("\n\n# Patterns\n\n| Pattern | Resource |\n|---|---|\n");
    for pattern in &action.patterns {
        text.push_str(&format!("| [{}]({}) | `{}` |\n", pattern_name(&pattern.key), pattern.url, pattern.resource));
    }
    for pattern in action.patterns.iter().filter(|pattern| !pattern.token_in.is_empty()) {
        let members = pattern.token_in.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" or ");
        text.push_str(&format!("\nA task that waits for a callback sends the task token in {members}.\n"));
    }
    permissions(action, &mut text);
    if let Some(section) = result::section(&service.name, action) {
        text.push_str(&section);
    }
    if !action.errors.is_empty() {
        text.push_str(
            "\n\n# Errors\n\nA state can retry and catch these errors, in addition to those of Step Functions (`States.…`):\n\n",
        );
        let constants = errors::constants(service);
        for (name, docs) in &action.errors {
            match constants.get(name.as_str()) {
                Some((constant, _)) => {
                    text.push_str(&format!("- [`{name}`](super::errors::{}::{constant}): {docs}\n", service.module));
                }
                None => text.push_str(&format!("- `{name}`: {docs}\n")),
            }
        }
    }
    if let Some(retry) = action.retry.first() {
        text.push_str(&format!(
            "\n# Retries\n\n{} By default, the task retries `{}`: first after {} s, then after {} times the previous \
             interval, at most {} times ([source]({})). Your own retriers come first, and the default retrier leaves out \
             the errors that they handle. [`without_default_retry`](::sfn_tasks::task::Task::without_default_retry) \
             removes it.\n",
            retry.why,
            retry.error_equals.join("`, `"),
            retry.interval_seconds,
            retry.backoff_rate,
            retry.max_attempts,
            retry.url,
        ));
    }
    text.push_str(examples);
    text.push_str(&format!("\nSee [the API's page]({}).", action.url));
    text
}

fn pattern_name(key: &str) -> &'static str {
    match key {
        "requestResponse" => "Request Response",
        "waitForTaskToken" => "Wait for Callback",
        "sync:2" => "Run a Job (`.sync:2`)",
        _ => "Run a Job",
    }
}

/// The permissions: one row for each statement, with the patterns that need it.
fn permissions(action: &Action, text: &mut String) {
    let mut rows: Vec<(String, Vec<&str>)> = Vec::new();
    for pattern in &action.patterns {
        for statement in &pattern.statements {
            let row = permission(statement);
            match rows.iter_mut().find(|(present, _)| *present == row) {
                Some((_, keys)) => keys.push(&pattern.key),
                None => rows.push((row, vec![&pattern.key])),
            }
        }
    }
    if rows.is_empty() {
        return;
    }
    text.push_str("\n\n# IAM\n\n| Needed by | Actions | Resources | Why |\n|---|---|---|---|\n");
    for (row, keys) in rows {
        let needed_by = match keys.len() == action.patterns.len() {
            true if keys.len() > 1 => "every pattern".to_owned(),
            _ => keys.into_iter().map(pattern_name).collect::<Vec<_>>().join(", "),
        };
        text.push_str(&format!("| {needed_by} | {row} |\n"));
    }
}

fn permission(statement: &Statement) -> String {
    let codes = |texts: &[String]| {
        let mut codes: Vec<String> = Vec::new();
        for text in texts {
            let code = format!("`{}`", text.replace('|', "\\|"));
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes.join("<br>")
    };
    let mut why = statement.why.replace('|', "\\|");
    for (operator, key, value) in &statement.conditions {
        why.push_str(&format!(" Only if `{key}` is `{}` (`{operator}`).", value.replace('|', "\\|")));
    }
    let needed = |condition: &str, word: &str, is: &str| {
        let parts = condition.split(word).map(|part| match part.split_once('=') {
            Some((member, value)) => match value.strip_suffix(['*', '~']) {
                Some(start) => {
                    format!("`{member}` {} with `{start}`", if is == "is" { "begins" } else { "does not begin" })
                }
                None => format!("`{member}` {is} `{value}`"),
            },
            None => format!("`{part}` {is} set"),
        });
        format!(" Needed if {}.", parts.collect::<Vec<_>>().join(" and "))
    };
    if let Some(condition) = &statement.when {
        why.push_str(&needed(condition, " and ", "is"));
    }
    if let Some(condition) = &statement.unless {
        why.push_str(&needed(condition, " or ", "is not"));
    }
    if let Some(what) = &statement.depends_on {
        why.push_str(&format!(" Whether it is needed depends on {}.", what.replace('|', "\\|")));
    }
    format!("{} | {} | {why} ([source]({}))", codes(&statement.actions), codes(&statement.resources), statement.url)
}

fn required(structure: &Structure, text: &mut String) {
    let mut members = structure.required().peekable();
    if members.peek().is_some() {
        text.push_str("\n\n# Required\n\n");
        for member in members {
            let docs = first_sentence(&member.docs);
            text.push_str(&format!("- [`{}`]({}): {docs}\n", member.setter, setter_link(&member.setter)));
        }
        text.push_str("\nEach of these setters changes the type of the builder. To set one [under a condition](::sfn_tasks#required-parameters),");
        text.push_str(" choose the value first, then call the setter.\n");
    }
}

/// The link to a setter. A raw name has no `r#` in links.
pub(crate) fn setter_link(setter: &str) -> String {
    format!("Self::{}", setter.trim_start_matches("r#"))
}

fn rules(structure: &Structure, text: &mut String) {
    if !structure.rules.is_empty() {
        text.push_str("\n\n# Rules\n\n");
        for rule in &structure.rules {
            text.push_str(&format!("- {}\n", rule.message));
        }
    }
}

fn first_sentence(docs: &str) -> &str {
    let paragraph = docs.lines().next().unwrap_or_default();
    paragraph.split_once(". ").map_or(paragraph, |(first, _)| first).trim_end_matches('.')
}

/// The docs of a setter.
pub(crate) fn of_member(member: &Member) -> String {
    let mut text = member.docs.clone();
    let mut facts = vec![format!("`{}`", member.name)];
    if member.required {
        facts.push("required".to_owned());
    }
    facts.extend(limits(&member.shape));
    if let Some(default) = &member.default {
        facts.push(format!("default: `{default}`"));
    }
    text.push_str(&format!("\n\n{}.", facts.join(", ")));
    if let Some(deprecated) = &member.deprecated {
        text.push_str(&match &deprecated.instead {
            Some(name) => format!("\n\nDeprecated: use `{name}` instead. {}", deprecated.why),
            None => format!("\n\nDeprecated. {}", deprecated.why),
        });
    }
    for refusal in refusals(&member.shape) {
        text.push_str(&format!(
            "\n\nIt must not match `{}`. {}",
            refusal.pattern.trim_start_matches("(?i)"),
            refusal.why
        ));
    }
    match &member.preset {
        Some(Preset::Constant { json, why, url }) => {
            text.push_str(&format!("\n\nIf it is not set, the builder sets it to `{json}`: {why} ([source]({url}))"));
        }
        Some(Preset::Expression { json_path, jsonata, why, url }) => text.push_str(&format!(
            "\n\nIf it is not set, the builder sets it to `{json_path}` (`{jsonata}` in JSONata): {why} ([source]({url}))"
        )),
        None => {}
    }
    if let Some(url) = &member.url {
        text.push_str(&format!("\n\nSee [AWS's page]({url})."));
    }
    text
}

fn refusals(shape: &Shape) -> &[crate::spec::Refusal] {
    match shape {
        Shape::String { refuses, .. } | Shape::Map { refuses, .. } => refuses,
        Shape::List { items, .. } => refusals(items),
        _ => &[],
    }
}

fn limits(shape: &Shape) -> Option<String> {
    match shape {
        Shape::String { length, .. } => between(length, "characters"),
        Shape::Integer { range, unit } => {
            let amount = between(range, unit.as_deref().unwrap_or(""));
            amount.or_else(|| unit.as_ref().map(|unit| format!("in {unit}")))
        }
        Shape::Number { range } => between(range, ""),
        Shape::List { count, .. } => between(count, "elements"),
        Shape::Map { count, .. } => between(count, "members"),
        _ => None,
    }
}

fn between<T: std::fmt::Display + PartialEq>(bounds: &Bounds<T>, what: &str) -> Option<String> {
    let text = match (&bounds.min, &bounds.max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min} {what}"),
        (Some(min), Some(max)) => format!("{min} to {max} {what}"),
        (Some(min), None) => format!("at least {min} {what}"),
        (None, Some(max)) => format!("at most {max} {what}"),
        (None, None) => return None,
    };
    Some(text.trim_end().to_owned())
}

//! The reasons for each statement of a policy.

use std::borrow::Cow;
use std::fmt;

use super::policy::{Cause, Policy, Statement};
use crate::value::{Json, Object, printable};

/// The reasons for each statement of a policy. `{}` writes a table for each statement.
#[derive(Debug, Clone, Copy)]
pub struct Explanation<'a> {
    policy: &'a Policy,
}

impl Policy {
    /// The reasons for each statement: a table as text, or JSON.
    pub fn explain(&self) -> Explanation<'_> {
        Explanation::new(self)
    }
}

impl<'a> Explanation<'a> {
    fn new(policy: &'a Policy) -> Self {
        Self { policy }
    }

    /// The statements, each with its reasons.
    pub fn statements(&self) -> &'a [Statement] {
        self.policy.statements()
    }

    /// As JSON: for each statement its actions, resources, conditions and reasons.
    pub fn to_json(&self) -> Json {
        let statements = self.statements().iter().map(|statement| {
            let mut object = Object::new();
            object.insert("actions", list(&statement.actions));
            object.insert("resources", list(&statement.resources));
            let conditions = statement.conditions.iter().map(|(operator, key, value)| {
                Json::from(vec![operator.clone().into(), key.clone().into(), value.to_string().into()])
            });
            object.insert("conditions", Json::Array(conditions.collect()));
            object.insert("reasons", Json::Array(statement.reasons.iter().map(reason).collect()));
            Json::Object(object)
        });
        Json::Array(statements.collect())
    }
}

fn list<T: ToString>(values: &[T]) -> Json {
    Json::Array(values.iter().map(|value| value.to_string().into()).collect())
}

fn reason(cause: &Cause) -> Json {
    let mut object = Object::new();
    object.insert("states", list(&cause.states));
    object.insert("api", cause.api.clone());
    object.insert("pattern", cause.pattern.map_or(Json::Null, |pattern| pattern.key().into()));
    object.insert("actions", list(&cause.actions));
    object.insert("reason", cause.reason.key());
    object.insert("why", cause.why.clone());
    object.insert("url", cause.url.clone());
    if let Some(what) = &cause.depends_on {
        object.insert("dependsOn", what.clone());
    }
    object.insert("precision", cause.precision.key());
    if let Some(reason) = cause.precision_reason {
        object.insert("precisionWhy", reason.to_string());
    }
    Json::Object(object)
}

const HEAD: [&str; 6] = ["STATE", "CALL", "PATTERN", "REASON", "RESOURCE", "WHY"];

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, statement) in self.statements().iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            writeln!(f, "{}. {}", at + 1, printable(&statement.actions.join(", ")))?;
            for resource in &statement.resources {
                writeln!(f, "   on {}", printable(&resource.to_string()))?;
            }
            for (operator, key, value) in &statement.conditions {
                writeln!(f, "   if {}", printable(&format!("{operator} {key} {value}")))?;
            }
            table(f, &statement.reasons)?;
        }
        Ok(())
    }
}

/// The maximum width of a column. A longer cell shifts only the rest of its own line, so that the size of a table is in
/// proportion to its content.
const WIDEST: usize = 120;

fn table(f: &mut fmt::Formatter<'_>, causes: &[Cause]) -> fmt::Result {
    let mut rows = vec![HEAD.map(str::to_owned)];
    for cause in causes {
        let why = if cause.url.is_empty() { cause.why.clone() } else { format!("{} ({})", cause.why, cause.url) };
        let states = if cause.states.is_empty() { "(the machine)".to_owned() } else { cause.states.join(", ") };
        let pattern = cause.pattern.map_or_else(String::new, |pattern| pattern.to_string());
        let resource = match cause.precision_reason {
            None => cause.precision.key().to_owned(),
            Some(reason) => format!("{}: {reason}", cause.precision.key()),
        };
        rows.push([states, cause.api.clone(), pattern, cause.reason.key().to_owned(), resource, why]);
    }
    for cell in rows.iter_mut().flatten() {
        if let Cow::Owned(escaped) = printable(cell) {
            *cell = escaped;
        }
    }
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.filter(|width| *width <= WIDEST).max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3), width(4)];
    for [state, call, pattern, reason, resource, why] in &rows {
        let [a, b, c, d, e] = widths;
        writeln!(f, "   {state:a$}  {call:b$}  {pattern:c$}  {reason:d$}  {resource:e$}  {why}")?;
    }
    Ok(())
}

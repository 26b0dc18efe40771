//! A spec file, exactly as it is written: the Rust twin of `service.schema.json`.
//!
//! Reading finds the faults of form: unknown keys, keys given twice, missing keys, wrong types. Whether a spec makes
//! sense is found by the [model](crate::model).

mod action;
mod reader;
mod shape;

pub(crate) use action::{Action, Condition, Custom, Example, Pattern, Retry, Rule, Statement};
pub(crate) use reader::{Map, Read, Reader};
pub(crate) use shape::{Deprecated, Member, Preset, Refusal, Shape, Type};

use crate::fault::Report;
use crate::json::Json;

#[derive(Debug, Default)]
pub(crate) struct Service {
    pub(crate) service: String,
    pub(crate) title: String,
    pub(crate) docs: String,
    pub(crate) url: String,
    /// What the names of its errors begin with: `DynamoDB`
    pub(crate) error_prefix: Option<String>,
    pub(crate) actions: Map<Action>,
    pub(crate) types: Map<Type>,
    pub(crate) custom: Option<String>,
}

impl Service {
    /// Reads the text of a file. Gives nothing only if it is not a JSON object.
    pub(crate) fn parse(text: &str, report: &Report<'_>) -> Option<Self> {
        Self::read(&parse(text, report)?, "", report)
    }
}

/// The JSON of a file, after a report if there is none.
pub(crate) fn parse(text: &str, report: &Report<'_>) -> Option<Json> {
    if text.starts_with('\u{feff}') {
        report.add("", "the file begins with a byte order mark: save it as UTF-8 without the mark");
        return None;
    }
    match serde_json::from_str::<Json>(text) {
        Ok(json) => Some(json),
        Err(error) => {
            let place = (error.line().max(1), error.column().max(1));
            report.add_at(place, String::new(), format!("this is not JSON: {}", no_json(text, &error)));
            None
        }
    }
}

/// What keeps a text from being JSON, and what to write.
fn no_json(text: &str, error: &serde_json::Error) -> String {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    // serde_json counts bytes, and a line break as the last of its line.
    let at = error.column().saturating_sub(1);
    let here = line.get(at..).unwrap_or_default();
    let instead = match told {
        _ if ["//", "/*", "#"].iter().any(|mark| here.starts_with(mark)) => "JSON has no comments: write it to `notes`",
        _ if here.starts_with('\'') => "a string is between `\"`, not between `'`",
        _ if text.trim().is_empty() => "the file is empty",
        _ if error.is_eof() => "the file ends too early: something is not closed with `\"`, `]` or `}`",
        "expected value" => "a value is missing here, or is not one of JSON, such as `NaN`",
        "trailing comma" => "remove the comma before this bracket",
        "trailing characters" => "the object has ended before: remove what follows it",
        "key must be a string" => "a key is between `\"`",
        "recursion limit exceeded" => "the nesting is too deep: at most 127 levels are read",
        told if told.starts_with("control character") => "write a line break in a string as `\\n`, and a tab as `\\t`",
        told if told.contains("hex escape") => {
            "an escape such as `\\u00e9` is a whole character; one half of a pair is none"
        }
        other => other,
    };
    instead.to_owned()
}

/// The types of a file that several specs share, `NAME.types.json`.
pub(crate) fn shared_types(json: &Json, report: &Report<'_>) -> Option<Map<Type>> {
    let reader = Reader::open(json, "", report, &["$schema", "docs", "types", "notes"])?;
    let _: Option<String> = reader.optional("$schema");
    let _: Option<Vec<String>> = reader.optional("notes");
    let _: String = reader.required("docs");
    Some(reader.required("types"))
}

impl Read for Service {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let known =
            ["$schema", "service", "title", "docs", "url", "errorPrefix", "actions", "types", "custom", "notes"];
        let reader = Reader::open(json, pointer, report, &known)?;
        let _: Option<String> = reader.optional("$schema");
        let _: Option<Vec<String>> = reader.optional("notes");
        Some(Self {
            service: reader.required("service"),
            title: reader.required("title"),
            docs: reader.required("docs"),
            url: reader.required("url"),
            error_prefix: reader.optional("errorPrefix"),
            actions: reader.required("actions"),
            types: reader.or_default("types"),
            custom: reader.optional("custom"),
        })
    }
}

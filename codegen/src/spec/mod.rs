//! A spec file, exactly as it is written: the Rust equivalent of `service.schema.json`.
//!
//! Reading reports syntactic faults: unknown keys, keys that are given twice, missing keys, wrong types. The
//! [model](crate::model) reports all others.

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
    /// The prefix of the names of its errors: `DynamoDB`.
    pub(crate) error_prefix: Option<String>,
    pub(crate) actions: Map<Action>,
    pub(crate) types: Map<Type>,
    pub(crate) custom: Option<String>,
}

impl Service {
    /// Reads the text of a file. Returns `None` only if it is not a JSON object.
    pub(crate) fn parse(text: &str, report: &Report<'_>) -> Option<Self> {
        Self::read(&parse(text, report)?, "", report)
    }
}

/// Parses a file, or reports why it is not JSON.
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

/// Why the text is not JSON, and what to write.
fn no_json(text: &str, error: &serde_json::Error) -> String {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    // serde_json counts columns in bytes, and a line break as the last column of its line.
    let at = error.column().saturating_sub(1);
    let here = line.get(at..).unwrap_or_default();
    let instead = match told {
        _ if ["//", "/*", "#"].iter().any(|mark| here.starts_with(mark)) => {
            "JSON has no comments: write the text into `notes`"
        }
        _ if here.starts_with('\'') => "a string is enclosed in `\"`, not in `'`",
        _ if text.trim().is_empty() => "the file is empty",
        _ if error.is_eof() => "the file ends too early: a `\"`, `]` or `}` is missing",
        "expected value" => "a value is missing here, or JSON does not have this value, such as `NaN`",
        "trailing comma" => "remove the comma before this bracket",
        "trailing characters" => "the object already ended: remove what follows it",
        "key must be a string" => "a key must be enclosed in `\"`",
        "recursion limit exceeded" => "the nesting is too deep: at most 127 levels are allowed",
        told if told.starts_with("control character") => "write a line break in a string as `\\n`, and a tab as `\\t`",
        told if told.contains("hex escape") => {
            "an escape such as `\\u00e9` must be a whole character; half of a surrogate pair is not"
        }
        other => other,
    };
    instead.to_owned()
}

/// The types of a shared file, `NAME.types.json`.
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

//! A spec file, exactly as it is written: the Rust twin of `service.schema.json`.
//!
//! Reading finds the faults of form: unknown keys, keys given twice, missing keys, wrong types. Whether a spec makes
//! sense is found by the [model](crate::model).

mod action;
mod reader;
mod shape;

pub(crate) use action::{Action, Custom, Example, Pattern, Retry, Rule, Statement};
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
            let told = error.to_string();
            let told = told.split(" at line ").next().unwrap_or_default();
            report.add_at(place, String::new(), format!("this is not JSON: {told}"));
            None
        }
    }
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

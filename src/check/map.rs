//! Rules for Map states: their mode, and the fields of the distributed mode.

use std::collections::HashSet;

use super::fields::{self, at_most_one, exactly_one};
use super::rule::{Proof, Rule};
use super::suggest::{did_you_mean, list};
use super::{Checker, Severity};
use crate::asl::{Machine, Node, ProcessorMode, QueryLanguage, State, StateType};
use crate::catalog::{self, Action};
use crate::expression::placeholder;
use crate::expression::resource::{Resource, Target};

/// The fields of a Map state that only the distributed mode has.
const DISTRIBUTED_FIELDS: [&str; 4] = ["ItemReader", "ItemBatcher", "ResultWriter", "Label"];

/// The fields that an inline Map state may have, but ignores.
const TOLERANCES: [&str; 4] = [
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
];

const MAX_LABEL: usize = 40;

pub(super) static RULES: &[&Rule] = &[&MODE, &TOLERANCE, &LABEL, &READER, &WRITER, &EXPRESS_MAP];

static MODE: Rule = Rule {
    code: "map-mode",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "`ExecutionType` must be given with the mode `DISTRIBUTED`; `ItemReader`, `ItemBatcher` and `ResultWriter` are fields of a distributed Map state",
        "state-map-distributed",
    )],
    title: "The fields of a Map state match its mode",
    explanation: "`ItemReader`, `ItemBatcher`, `ResultWriter` and `Label` (which is only a warning) are available only in distributed \
                  mode, which needs `ExecutionType`.",
    wrong: r#"{"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    right: r#"{"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    express: false,
};

static TOLERANCE: Rule = Rule {
    code: "map-tolerance",
    severity: Severity::Warning,
    proof: &[],
    title: "Failures are tolerated in distributed mode",
    explanation: "An inline Map state fails with the first item that fails, even if it has fields for tolerated failures. \
                  Catch the error in the processor instead.",
    wrong: r#"{"Type": "Map", "ToleratedFailureCount": 1, "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    right: r#"{"Type": "Map", "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    express: false,
};

static LABEL: Rule = Rule {
    code: "map-label",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "a label has at most 40 characters and none of those listed, and is unique in the definition",
        "state-map-distributed",
    )],
    title: "A label is short, plain and unique",
    explanation: "It becomes part of an ARN: at most 40 characters, no white space, none of `?*<>{}[]:;,\\|^~$#%&` and no \
                  quotation marks, and no other Map state has it.",
    wrong: r#"{"Type": "Map", "Label": "all items", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    right: r#"{"Type": "Map", "Label": "all-items", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    express: false,
};

static READER: Rule = Rule {
    code: "item-reader",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "the fields of `ItemReader` and `ReaderConfig`, and which of them go together",
        "input-output-itemreader",
    )],
    title: "An item reader reads from Amazon S3, with settings that can be combined",
    explanation: "Its resource is `arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`, its parameters \
                  contain the bucket (and the key), and its configuration is consistent: only CSV has headers, \
                  `GIVEN` headers need `CSVHeaders`, and `LOAD_AND_FLATTEN` needs a list of objects and an `InputType`.",
    wrong: r#"{"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Key": "k"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    right: r#"{"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "b", "Key": "k"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    express: false,
};

static WRITER: Rule = Rule {
    code: "result-writer",
    severity: Severity::Error,
    proof: &[Proof::guide("the fields of `ResultWriter`, and which of them go together", "input-output-resultwriter")],
    title: "A result writer writes to Amazon S3",
    explanation: "It has `WriterConfig`, or `Resource` (`arn:aws:states:::s3:putObject`) and its parameters, or \
                  all of them.",
    wrong: r#"{"Type": "Map", "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject"}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    right: r#"{"Type": "Map", "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    express: false,
};

static EXPRESS_MAP: Rule = Rule {
    code: "express-distributed-map",
    severity: Severity::Error,
    proof: &[Proof::guide("the distributed mode is not supported in Express workflows", "state-map-distributed")],
    title: "An Express workflow has no distributed Map state",
    explanation: "Express workflows run Map states inline. A distributed Map state can run its items as Express \
                  workflows, but must itself be in a Standard workflow.",
    wrong: r#"{"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    right: r#"{"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    express: true,
};

pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>) {
    if state.state_type() != StateType::Map {
        return;
    }
    exactly_one(checker, state, "a Map state", &["ItemProcessor", "Iterator"]);
    at_most_one(checker, state, &["ItemSelector", "Parameters"]);
    at_most_one(checker, state, &["MaxConcurrency", "MaxConcurrencyPath"]);
    at_most_one(checker, state, &["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"]);
    at_most_one(checker, state, &["ToleratedFailureCount", "ToleratedFailureCountPath"]);
    if let Some(processor) = state.processor() {
        mode(checker, state, &processor);
    }
    label(checker, state);
    if let Some(reader) = state.get("ItemReader").filter(|reader| reader.object().is_some()) {
        item_reader(checker, state, &reader);
    }
    if let Some(writer) = state.get("ResultWriter").filter(|writer| writer.object().is_some()) {
        result_writer(checker, state, &writer);
    }
    if let Some(batcher) = state.get("ItemBatcher").filter(|batcher| batcher.object().is_some()) {
        let items = at_most_one(checker, &batcher, &["MaxItemsPerBatch", "MaxItemsPerBatchPath"]);
        let bytes = at_most_one(checker, &batcher, &["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"]);
        if items + bytes == 0 {
            checker
                .add(&fields::MISSING_FIELD, &batcher, "the item batcher has no limit for the size of a batch")
                .help("add `MaxItemsPerBatch` or `MaxInputBytesPerBatch`");
        }
    }
}

fn mode(checker: &mut Checker<'_>, state: &State<'_>, processor: &Machine<'_>) {
    let config = processor.processor_config();
    match processor.mode() {
        // An unknown mode is reported elsewhere, and a placeholder can be either mode.
        None => {}
        Some(ProcessorMode::Inline) => {
            for (name, node) in state.members().filter(|(name, _)| DISTRIBUTED_FIELDS.contains(name)) {
                // AWS accepts a label in inline mode, although it has no effect.
                let message = format!("`{name}` works only in distributed mode");
                let finding = match name {
                    "Label" => checker.warn(&MODE, &node, message),
                    _ => checker.add(&MODE, &node, message),
                };
                finding.help("set `\"Mode\": \"DISTRIBUTED\"` in `ProcessorConfig`, or remove the field");
            }
            for (name, node) in state.members().filter(|(name, _)| TOLERANCES.contains(name)) {
                checker
                    .add(&TOLERANCE, &node, format!("an inline Map state ignores `{name}`"))
                    .help("set `\"Mode\": \"DISTRIBUTED\"` in `ProcessorConfig`, or remove the field");
            }
            if let Some(node) = config.and_then(|config| config.get("ExecutionType")) {
                checker
                    .warn(&MODE, &node, "`ExecutionType` works only in distributed mode")
                    .help("remove it, or set `\"Mode\": \"DISTRIBUTED\"`");
            }
        }
        Some(ProcessorMode::Distributed) => {
            let Some(config) = config else { return };
            if !config.has("ExecutionType") {
                checker
                    .add(&MODE, &config, "the distributed mode needs `ExecutionType`")
                    .help("add `\"ExecutionType\": \"STANDARD\"` or `\"EXPRESS\"`");
            }
            if checker.options.express {
                checker
                    .add(&EXPRESS_MAP, &config, "an Express workflow cannot have a distributed Map state")
                    .help("set `\"Mode\": \"INLINE\"`, or use a Standard workflow");
            }
        }
    }
}

fn label(checker: &mut Checker<'_>, state: &State<'_>) {
    let Some(node) = state.get("Label") else { return };
    let Some(text) = node.json().as_str().filter(|text| !placeholder::is_in(text)) else { return };
    let length = text.chars().count();
    if length == 0 || length > MAX_LABEL {
        checker
            .add(&LABEL, &node, format!("the label has {length} characters, but must have 1 to {MAX_LABEL}"))
            .help("use a label with at most 40 characters");
    }
    let wrong = |sign: &char| sign.is_whitespace() || sign.is_control() || "?*<>{}[]:;,\\|^~$#%&`\"".contains(*sign);
    if let Some(sign) = text.chars().find(wrong) {
        checker.add(&LABEL, &node, format!("a label cannot contain `{sign}`")).help("use letters, digits, `-` and `_`");
    }
}

/// Checks that no two Map states have the same label.
pub(super) fn check_labels(checker: &mut Checker<'_>, definition: &Machine<'_>) {
    let mut seen = HashSet::new();
    for state in definition.walk() {
        if let (Some(text), Some(node)) = (state.text("Label"), state.get("Label")) {
            if !seen.insert(text) {
                checker
                    .add(&LABEL, &node, format!("another Map state has the label `{text}`"))
                    .help("change one of them");
            }
        }
    }
}

/// The parameters of a reader or writer, in the field of the query language.
fn parameters<'a>(state: &State<'_>, node: &Node<'a>) -> (&'static str, Option<Node<'a>>) {
    let name = match state.query_language() {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    };
    (name, node.get(name))
}

/// The name of the S3 action, if the resource is an allowed one. Reports it otherwise.
fn s3_action<'a>(checker: &mut Checker<'_>, rule: &'static Rule, node: &Node<'a>, allowed: &[&str]) -> Option<&'a str> {
    let resource = node.get("Resource")?;
    let text = resource.json().as_str()?;
    if let Some(Resource { target: Target::Optimized { service: "s3", action }, suffix: "" }) = Resource::parse(text) {
        if allowed.contains(&action) {
            return Some(action);
        }
    }
    if !placeholder::is_in(text) || text.starts_with("arn:") && text.contains(":::") && !text.ends_with('}') {
        let names: Vec<String> = allowed.iter().map(|action| format!("arn:aws:states:::s3:{action}")).collect();
        checker
            .add(rule, &resource, format!("`{text}` is not allowed here"))
            .help(format!("use {}", list(names.iter().map(String::as_str), "or")));
    }
    None
}

fn item_reader(checker: &mut Checker<'_>, state: &State<'_>, reader: &Node<'_>) {
    let action = s3_action(checker, &READER, reader, &["getObject", "listObjectsV2"]);
    let (name, parameters) = parameters(state, reader);
    match parameters {
        None => {
            checker
                .add(&fields::MISSING_FIELD, reader, format!("an item reader must have `{name}`"))
                .help(format!("add `\"{name}\": {{\"Bucket\": …}}`"));
        }
        Some(parameters) => {
            let wanted: &[&str] = match action {
                Some("getObject") => &["Bucket", "Key"],
                Some(_) => &["Bucket"],
                None => &[],
            };
            s3_parameters(checker, &READER, &parameters, wanted);
            if let Some(api) = action.and_then(|action| catalog::find("aws-sdk:s3", action)) {
                unknown_parameters(checker, &parameters, api);
            }
        }
    }
    let Some(config) = reader.get("ReaderConfig").filter(|config| config.object().is_some()) else { return };
    at_most_one(checker, &config, &["MaxItems", "MaxItemsPath"]);
    let input = config.text("InputType");
    let flatten = config.text("Transformation") == Some("LOAD_AND_FLATTEN");
    let csv = !config.has("InputType") || matches!(input, Some("CSV" | "MANIFEST"));
    if let Some(headers) =
        config.get("CSVHeaders").filter(|node| node.json().as_array().is_some_and(|it| it.is_empty()))
    {
        checker.warn(&READER, &headers, "`CSVHeaders` has no column names, so each item is empty");
    }
    for (field, node) in config.members() {
        let fault = match field {
            "CSVHeaderLocation" | "CSVHeaders" | "CSVDelimiter" if !csv => {
                format!("`{field}` is only for the input types `CSV` and `MANIFEST`")
            }
            "CSVHeaders" if config.text("CSVHeaderLocation") == Some("FIRST_ROW") => {
                "`CSVHeaders` is only for `\"CSVHeaderLocation\": \"GIVEN\"`".to_owned()
            }
            "CSVHeaderLocation" if node.json().as_str() == Some("GIVEN") && !config.has("CSVHeaders") => {
                "`\"CSVHeaderLocation\": \"GIVEN\"` needs `CSVHeaders`".to_owned()
            }
            "ItemsPointer" if config.has("InputType") && input != Some("JSON") => {
                "`ItemsPointer` is only for the input type `JSON`".to_owned()
            }
            "ManifestType"
                if config.has("InputType")
                    && config.text(field) == Some("S3_INVENTORY")
                    && input != Some("MANIFEST") =>
            {
                "an S3 inventory does not support this `InputType`".to_owned()
            }
            "Transformation" if flatten && action == Some("getObject") => {
                "`LOAD_AND_FLATTEN` works only with a list of objects: `s3:listObjectsV2`".to_owned()
            }
            "Transformation" if flatten && !config.has("InputType") => {
                "`LOAD_AND_FLATTEN` needs an `InputType`".to_owned()
            }
            _ => continue,
        };
        checker.add(&READER, &node, fault);
    }
}

fn s3_parameters(checker: &mut Checker<'_>, rule: &'static Rule, parameters: &Node<'_>, wanted: &[&str]) {
    if parameters.object().is_none() {
        return;
    }
    for name in wanted {
        if !parameters.has(name) && !parameters.has(&format!("{name}.$")) {
            checker.add(rule, parameters, format!("`{name}` is missing")).help(format!("add `{name}`"));
        }
    }
}

/// The reader passes its parameters to the API, which has no others.
fn unknown_parameters(checker: &mut Checker<'_>, parameters: &Node<'_>, api: &'static Action) {
    for (key, node) in parameters.members() {
        let name = key.strip_suffix(".$").unwrap_or(key);
        if api.parameters.member(name).is_some() || placeholder::is_in(name) {
            continue;
        }
        let known = api.parameters.members.iter().map(|member| member.name);
        let help = did_you_mean(name, known).unwrap_or_else(|| "remove it".to_owned());
        checker.warn(&READER, &node, format!("`s3:{}` has no parameter `{name}`", api.name)).help(help);
    }
}

fn result_writer(checker: &mut Checker<'_>, state: &State<'_>, writer: &Node<'_>) {
    s3_action(checker, &WRITER, writer, &["putObject"]);
    let (name, parameters) = parameters(state, writer);
    match (writer.has("Resource"), &parameters) {
        (true, None) => {
            checker
                .add(&WRITER, writer, format!("`Resource` is present without `{name}`"))
                .help(format!("add `{name}`"));
        }
        (false, Some(parameters)) => {
            checker
                .add(&WRITER, parameters, format!("`{name}` is present without `Resource`"))
                .help("add `\"Resource\": \"arn:aws:states:::s3:putObject\"`");
        }
        (false, None) if !writer.has("WriterConfig") => {
            checker
                .add(&WRITER, writer, "the result writer is empty")
                .help("add `WriterConfig`, or `Resource` and its parameters");
        }
        _ => {}
    }
    if let Some(parameters) = parameters {
        s3_parameters(checker, &WRITER, &parameters, &["Bucket"]);
    }
}

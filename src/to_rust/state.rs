//! States, each with its builder.

use sfn_tasks_rust::{Code, array, call, text};

use super::way::Scope;
use super::{Writer, condition, task, value};
use crate::asl::{Node, ProcessorMode, QueryLanguage, State, StateType};
use crate::value::{Json, Object, escape_token};

/// The code of a state, and the fields that it already contains.
struct Written<'s> {
    code: Code,
    done: Vec<&'s str>,
}

impl<'a> Scope<'a> {
    /// The builder of a state, without the transition to the next state.
    pub(super) fn state(&mut self, state: &State<'a>, writer: &mut Writer) -> Code {
        static EMPTY: Object = Object::new();
        let object = state.object().unwrap_or(&EMPTY);
        let language = state.query_language();
        let mut written = self.head(state, object, writer);
        written.done.extend(["Type", "Next", "End"]);
        for (name, json) in object.iter() {
            if written.done.contains(&name) {
                continue;
            }
            let code = match name {
                "Retry" => retriers(written.code.clone(), json, writer),
                "Catch" => self.catchers(written.code.clone(), state, language, writer),
                _ => {
                    let partition = writer.partition.as_deref().unwrap_or("aws");
                    setter(written.code.clone(), state, name, json, language, partition)
                }
            };
            written.code = code.unwrap_or_else(|| {
                let code = written.code.clone();
                match value::template(json, language) {
                    Some(payload) => code.method("field", [text(name), payload]),
                    None => {
                        let pointer = format!("{}/{}", state.pointer(), escape_token(name));
                        writer.left_out.push((pointer, format!("`{name}` cannot be expressed with the builders")));
                        code
                    }
                }
            });
        }
        written.code
    }

    fn head(&mut self, state: &State<'a>, object: &'a Object, writer: &mut Writer) -> Written<'a> {
        let name = || text(state.name());
        let plain = |kind: &str| Written { code: call(&format!("{kind}::new"), [name()]), done: Vec::new() };
        match state.state_type() {
            StateType::Task => {
                let (code, done) = task::task(state, object, writer);
                Written { code, done }
            }
            StateType::Pass => plain("Pass"),
            StateType::Succeed => plain("Succeed"),
            StateType::Fail => plain("Fail"),
            StateType::Wait => wait(state, object),
            StateType::Choice => self.choice(state, object, writer),
            StateType::Parallel => {
                let mut code = call("Parallel::new", [name()]);
                for (index, branch) in state.machines().iter().enumerate() {
                    let pointer = format!("{}/Branches/{index}", state.pointer());
                    leave_out(branch, &["StartAt", "States"], &pointer, writer);
                    code = code.method("branch", [Scope::new(branch).write(writer)]);
                }
                Written { code, done: list("Branches", object) }
            }
            StateType::Map => map(state, object, writer),
            StateType::Unknown => {
                let code = call("Pass::new", [name()]).method("field", [text("Type"), type_of(object)]);
                Written { code, done: Vec::new() }
            }
        }
    }

    fn choice(&mut self, state: &State<'a>, object: &'a Object, writer: &mut Writer) -> Written<'a> {
        let language = state.query_language();
        let mut code = call("Choice::new", [text(state.name())]);
        for (index, rule) in state.choices().enumerate() {
            let pointer = format!("{}/Choices/{index}", state.pointer());
            let branch = rule.object().and_then(|rule| branch(rule, language, &pointer, writer));
            let (Some(branch), Some(next)) = (branch, rule.text("Next")) else {
                writer.left_out.push((pointer, "this rule cannot be expressed with the builders".to_owned()));
                continue;
            };
            let target = self.target(next, writer);
            code = code.method("when", [branch, target]);
        }
        if let Some(default) = object.get("Default").and_then(Json::as_str) {
            let target = self.target(default, writer);
            code = code.method("otherwise", [target]);
        }
        let mut done = list("Choices", object);
        done.push("Default");
        Written { code, done }
    }

    fn catchers(
        &mut self,
        mut code: Code,
        state: &State<'a>,
        language: QueryLanguage,
        writer: &mut Writer,
    ) -> Option<Code> {
        let catchers: Vec<(Code, &str)> = state
            .catchers()
            .map(|catcher| Some((catch(catcher.object()?, language)?, catcher.text("Next")?)))
            .collect::<Option<Vec<_>>>()
            .filter(|catchers| !catchers.is_empty())?;
        for (catch, next) in catchers {
            let target = self.target(next, writer);
            code = code.method("catch", [catch, target]);
        }
        Some(code)
    }
}

/// The names of the fields to skip: this field if its value is an array. Any other value is set with `field`.
fn list(name: &'static str, object: &Object) -> Vec<&'static str> {
    match object.get(name) {
        None | Some(Json::Array(_)) => vec![name],
        Some(_) => Vec::new(),
    }
}

fn type_of(object: &Object) -> Code {
    text(object.get("Type").and_then(Json::as_str).unwrap_or_default())
}

/// A rule of a Choice state: only its condition, or a `branch` with its other fields.
fn branch(rule: &Object, language: QueryLanguage, pointer: &str, writer: &mut Writer) -> Option<Code> {
    let condition = condition::condition(rule, language, pointer, &mut writer.left_out)?;
    let says_more = ["Comment", "Assign", "Output"].into_iter().any(|name| rule.contains(name));
    if !says_more {
        return Some(condition);
    }
    let mut code = call("Branch::new", [condition]);
    for (name, json) in rule.iter() {
        code = match name {
            "Comment" => code.method("comment", [text(json.as_str()?)]),
            "Assign" => assign(code, json, language)?,
            "Output" => code.method("output", [value::template(json, language)?]),
            _ => code,
        };
    }
    Some(code)
}

fn catch(catcher: &Object, language: QueryLanguage) -> Option<Code> {
    let mut code = errors("Catch", catcher.get("ErrorEquals")?)?;
    for (name, json) in catcher.iter() {
        code = match (name, json) {
            ("ErrorEquals" | "Next", _) => code,
            ("Comment", Json::String(comment)) => code.method("comment", [text(comment)]),
            ("ResultPath", Json::Null) => code.method("discard_error", []),
            ("ResultPath", Json::String(path)) => code.method("result_path", [text(path)]),
            ("Assign", json) => assign(code, json, language)?,
            ("Output", json) => code.method("output", [value::template(json, language)?]),
            _ => return None,
        };
    }
    Some(code)
}

/// `Catch::on(…)` or `Retry::all()`.
fn errors(kind: &str, json: &Json) -> Option<Code> {
    let names = json.as_array()?.iter().map(Json::as_str).collect::<Option<Vec<_>>>()?;
    Some(match names.as_slice() {
        ["States.ALL"] => call(&format!("{kind}::all"), []),
        [] => call(&format!("{kind}::on"), [Code::raw("Vec::<ErrorName>::new()")]),
        names => call(&format!("{kind}::on"), [array(names.iter().map(|name| error(name)))]),
    })
}

/// The constant of an error name, or the name as text.
fn error(name: &str) -> Code {
    let constants = crate::asl::errors::CONSTANTS.iter().chain(crate::tasks::ERROR_CONSTANTS);
    let known = constants.copied().find(|(known, _)| *known == name);
    known.map_or_else(|| text(name), |(_, constant)| Code::raw(format!("errors::{constant}")))
}

fn retriers(mut code: Code, json: &Json, writer: &mut Writer) -> Option<Code> {
    let retriers = json.as_array().filter(|retriers| !retriers.is_empty())?;
    let written: Vec<Code> = retriers.iter().map(|it| retry(it.as_object()?)).collect::<Option<_>>()?;
    for (retrier, json) in written.into_iter().zip(retriers) {
        let wanted = service(json).map_or("retry".to_owned(), |service| format!("{service} retry"));
        code = code.method("retry", [writer.shared_retrier(&wanted, retrier)]);
    }
    Some(code)
}

/// The service of all error names of a retrier.
fn service(retrier: &Json) -> Option<&str> {
    let mut services =
        retrier.get("ErrorEquals")?.as_array()?.iter().map(|name| Some(name.as_str()?.split_once('.')?.0));
    let first = services.next()??;
    (first != "States" && services.all(|other| other == Some(first))).then_some(first)
}

fn retry(retrier: &Object) -> Option<Code> {
    let mut code = errors("Retry", retrier.get("ErrorEquals")?)?;
    for (name, json) in retrier.iter() {
        code = match (name, json) {
            ("ErrorEquals", _) => code,
            ("IntervalSeconds", _) => code.method("interval", [value::seconds(json, QueryLanguage::JsonPath)?]),
            ("MaxDelaySeconds", _) => code.method("max_delay", [value::seconds(json, QueryLanguage::JsonPath)?]),
            ("MaxAttempts", Json::Number(number)) => {
                let attempts = number.as_u64().and_then(|it| u32::try_from(it).ok())?;
                code.method("max_attempts", [Code::raw(attempts.to_string())])
            }
            ("BackoffRate", Json::Number(number)) => {
                code.method("backoff_rate", [sfn_tasks_rust::float(number.as_f64())])
            }
            ("JitterStrategy", Json::String(strategy)) if strategy == "FULL" => code.method("full_jitter", []),
            // The builder has no setter for this field, or the value is a placeholder.
            _ => return None,
        };
    }
    Some(code)
}

/// Calls `assign` for each variable.
fn assign(mut code: Code, json: &Json, language: QueryLanguage) -> Option<Code> {
    for (name, json) in json.as_object().filter(|variables| !variables.is_empty())?.iter() {
        let (name, value) = match name.strip_suffix(".$").filter(|_| language == QueryLanguage::JsonPath) {
            Some(name) => (name, value::expression(json.as_str()?)?),
            None => (name, value::template(json, language)?),
        };
        code = code.method("assign", [text(name), value]);
    }
    Some(code)
}

/// The setter of a field that several types of states have. `None` if the builder cannot set this value.
fn setter(
    code: Code,
    state: &State<'_>,
    name: &str,
    json: &Json,
    language: QueryLanguage,
    partition: &str,
) -> Option<Code> {
    let kind = state.state_type();
    let is_json_path = language == QueryLanguage::JsonPath;
    let template = || value::template(json, language);
    let path = || json.as_str().map(text);
    let number = || value::scalar(json, language);
    let has_input = kind != StateType::Fail;
    let has_result = matches!(kind, StateType::Task | StateType::Pass | StateType::Parallel | StateType::Map);
    let selects = matches!(kind, StateType::Task | StateType::Parallel | StateType::Map);
    let is_distributed = is_distributed(state);
    Some(match name {
        "Comment" => code.method("comment", [text(json.as_str()?)]),
        "QueryLanguage" if state.query_language() != state.machine().query_language() => {
            let name = if is_json_path { "JsonPath" } else { "Jsonata" };
            code.method("query_language", [Code::raw(format!("QueryLanguage::{name}"))])
        }
        "InputPath" if has_input && *json == Json::Null => code.method("discard_input", []),
        "InputPath" if has_input => code.method("input_path", [path()?]),
        "OutputPath" if has_input && *json == Json::Null => code.method("discard_output", []),
        "OutputPath" if has_input => code.method("output_path", [path()?]),
        "ResultPath" if has_result && *json == Json::Null => code.method("discard_result", []),
        "ResultPath" if has_result => code.method("result_path", [path()?]),
        "ResultSelector" if selects => code.method("result_selector", [template()?]),
        "Parameters" if matches!(kind, StateType::Pass | StateType::Parallel) => {
            code.method("parameters", [template()?])
        }
        "Arguments" if kind == StateType::Parallel => code.method("parameters", [template()?]),
        "Result" if kind == StateType::Pass => code.method("result", [value::literal(json)?]),
        "Assign" if !matches!(kind, StateType::Fail | StateType::Succeed) => assign(code, json, language)?,
        "Output" if !is_json_path && kind != StateType::Fail => code.method("output", [template()?]),
        "TimeoutSeconds" if kind == StateType::Task => code.method("timeout", [value::seconds(json, language)?]),
        "HeartbeatSeconds" if kind == StateType::Task => code.method("heartbeat", [value::seconds(json, language)?]),
        "TimeoutSecondsPath" if kind == StateType::Task => code.method("timeout", [value::path(json)?]),
        "HeartbeatSecondsPath" if kind == StateType::Task => code.method("heartbeat", [value::path(json)?]),
        "Credentials" if kind == StateType::Task => credentials(code, json, language)?,
        "Error" if kind == StateType::Fail => code.method("error", [number()?]),
        "Cause" if kind == StateType::Fail => code.method("cause", [number()?]),
        "ErrorPath" if kind == StateType::Fail => code.method("error", [value::expression(json.as_str()?)?]),
        "CausePath" if kind == StateType::Fail => code.method("cause", [value::expression(json.as_str()?)?]),
        "ItemsPath" if kind == StateType::Map => code.method("items", [value::path(json)?]),
        "Items" if kind == StateType::Map => match json {
            Json::String(expression) if !is_json_path => code.method("items", [value::jsonata(expression)?]),
            _ => return None,
        },
        "ItemSelector" if kind == StateType::Map => code.method("item_selector", [template()?]),
        "MaxConcurrency" if kind == StateType::Map => code.method("max_concurrency", [whole(json, language)?]),
        "MaxConcurrencyPath" if kind == StateType::Map => code.method("max_concurrency", [value::path(json)?]),
        "ToleratedFailureCount" if is_distributed => code.method("tolerated_failure_count", [whole(json, language)?]),
        "ToleratedFailureCountPath" if is_distributed => code.method("tolerated_failure_count", [value::path(json)?]),
        "ToleratedFailurePercentage" if is_distributed => {
            code.method("tolerated_failure_percentage", [percentage(json, language)?])
        }
        "ToleratedFailurePercentagePath" if is_distributed => {
            code.method("tolerated_failure_percentage", [value::path(json)?])
        }
        "Label" if is_distributed => code.method("label", [text(json.as_str()?)]),
        "ItemReader" if is_distributed => code.method("item_reader", [item_reader(json, language, partition)?]),
        "ItemBatcher" if is_distributed => code.method("item_batcher", [item_batcher(json, language)?]),
        "ResultWriter" if is_distributed => code.method("result_writer", [result_writer(json, language, partition)?]),
        _ => return None,
    })
}

/// An integer.
fn whole(json: &Json, language: QueryLanguage) -> Option<Code> {
    match json {
        Json::Number(number) => value::number(number).filter(|_| number.as_i64().is_some()),
        Json::String(_) => value::scalar(json, language).filter(|_| language == QueryLanguage::Jsonata),
        other => value::scalar(other, language),
    }
}

fn percentage(json: &Json, language: QueryLanguage) -> Option<Code> {
    match json {
        Json::Number(number) => Some(sfn_tasks_rust::float(number.as_f64())),
        other => whole(other, language),
    }
}

fn credentials(code: Code, json: &Json, language: QueryLanguage) -> Option<Code> {
    let mut members = json.as_object()?.iter();
    let role = match (members.next()?, members.next()) {
        (("RoleArn", json), None) => value::scalar(json, language)?,
        (("RoleArn.$", json), None) if language == QueryLanguage::JsonPath => value::expression(json.as_str()?)?,
        _ => return None,
    };
    Some(code.method("credentials", [role]))
}

fn wait<'a>(state: &State<'a>, object: &'a Object) -> Written<'a> {
    let name = text(state.name());
    let language = state.query_language();
    let of = |field: &'static str, constructor: &str, argument: Option<Code>| {
        argument.map(|argument| Written { code: call(constructor, [name.clone(), argument]), done: vec![field] })
    };
    let field = |field: &str| object.get(field);
    let known = [
        of("Seconds", "Wait::seconds", field("Seconds").and_then(|it| value::seconds(it, language))),
        of("SecondsPath", "Wait::seconds", field("SecondsPath").and_then(value::path)),
        of("Timestamp", "Wait::until", field("Timestamp").and_then(|it| value::scalar(it, language))),
        of("TimestampPath", "Wait::until", field("TimestampPath").and_then(value::path)),
    ];
    known.into_iter().flatten().next().unwrap_or_else(|| {
        // The definition does not contain the time to wait.
        let code = call("Pass::new", [name.clone()]).method("field", [text("Type"), text("Wait")]);
        Written { code, done: Vec::new() }
    })
}

fn is_distributed(state: &State<'_>) -> bool {
    state.processor().and_then(|processor| processor.mode()) == Some(ProcessorMode::Distributed)
}

fn map<'a>(state: &State<'a>, object: &'a Object, writer: &mut Writer) -> Written<'a> {
    let name = text(state.name());
    let Some(processor) = state.processor() else {
        let code = call("Pass::new", [name]).method("field", [text("Type"), text("Map")]);
        return Written { code, done: Vec::new() };
    };
    let field = if object.contains("ItemProcessor") { "ItemProcessor" } else { "Iterator" };
    let pointer = format!("{}/{field}", state.pointer());
    leave_out(&processor, &["StartAt", "States", "ProcessorConfig"], &pointer, writer);
    let config = processor.processor_config();
    if field == "Iterator" && config.is_some() {
        writer.left_out.push((pointer, "it is written as `ItemProcessor`, which replaces `Iterator`".to_owned()));
    }
    let chain = Scope::new(&processor).write(writer);
    let setting = |name: &str| config.as_ref().and_then(|config| config.text(name).map(str::to_owned));
    let code = match (setting("Mode").as_deref(), setting("ExecutionType").as_deref()) {
        (Some("DISTRIBUTED"), kind) => {
            let kind = if kind == Some("EXPRESS") { "Express" } else { "Standard" };
            let kind = Code::raw(format!("ExecutionType::{kind}"));
            call("DistributedMap::new", [name, kind, chain])
        }
        (mode, _) => {
            let code = call("Map::new", [name, chain]);
            match (field, mode) {
                ("Iterator", None) => code.method("iterator", []),
                (_, None) => code.method("without_processor_config", []),
                _ => code,
            }
        }
    };
    Written { code, done: vec!["ItemProcessor", "Iterator"] }
}

/// Reports the fields of a machine that a chain cannot set.
fn leave_out(machine: &Node<'_>, known: &[&str], pointer: &str, writer: &mut Writer) {
    for (name, _) in machine.object().into_iter().flat_map(Object::iter) {
        if !known.contains(&name) {
            let pointer = format!("{pointer}/{}", escape_token(name));
            writer.left_out.push((pointer, format!("a chain has no setter for `{name}`")));
        }
    }
}

/// The integration of an ARN in this partition: `s3:getObject`.
fn integration<'r>(resource: &'r str, partition: &str) -> Option<&'r str> {
    resource.strip_prefix("arn:")?.strip_prefix(partition)?.strip_prefix(":states:::")
}

fn item_reader(json: &Json, language: QueryLanguage, partition: &str) -> Option<Code> {
    let object = json.as_object()?;
    let resource = integration(object.get("Resource")?.as_str()?, partition)?;
    let config = match object.get("ReaderConfig") {
        None => None,
        Some(config) => Some(config.as_object().filter(|config| !config.is_empty())?),
    };
    let setting = |name: &str| config.and_then(|config| config.get(name)).and_then(Json::as_str);
    let constructor = match (resource, setting("InputType"), setting("ManifestType")) {
        ("s3:listObjectsV2", None, None) => "objects",
        ("s3:getObject", Some("JSON"), None) => "json",
        ("s3:getObject", Some("JSONL"), None) => "jsonl",
        ("s3:getObject", Some("CSV"), None) => "csv",
        ("s3:getObject", Some("PARQUET"), None) => "parquet",
        ("s3:getObject", Some("MANIFEST"), Some("S3_INVENTORY")) => "s3_inventory",
        _ => return None,
    };
    let mut code = call(&format!("ItemReader::{constructor}"), []);
    for (name, json) in config.into_iter().flat_map(Object::iter) {
        code = match (name, json) {
            ("InputType" | "ManifestType", _) => code,
            ("CSVHeaderLocation", Json::String(place)) if place == "FIRST_ROW" => {
                code.method("csv_headers", [Code::raw("CsvHeaders::FirstRow")])
            }
            ("CSVHeaderLocation", Json::String(place)) if place == "GIVEN" => {
                let names = config?.get("CSVHeaders")?.as_array()?;
                let names: Vec<Code> =
                    names.iter().map(|it| it.as_str().map(|it| text(it).method("into", []))).collect::<Option<_>>()?;
                code.method("csv_headers", [call("CsvHeaders::Given", [Code::raw(format!("vec!{}", array(names)))])])
            }
            ("CSVHeaders", _) if config?.contains("CSVHeaderLocation") => code,
            ("MaxItems", json) => code.method("max_items", [whole(json, language)?]),
            ("MaxItemsPath", json) => code.method("max_items", [value::path(json)?]),
            _ => return None,
        };
    }
    location(code, object, language, &["Resource", "ReaderConfig"])
}

fn item_batcher(json: &Json, language: QueryLanguage) -> Option<Code> {
    let mut code = call("ItemBatcher::new", []);
    for (name, json) in json.as_object()?.iter() {
        code = match name {
            "MaxItemsPerBatch" => code.method("max_items_per_batch", [whole(json, language)?]),
            "MaxItemsPerBatchPath" => code.method("max_items_per_batch", [value::path(json)?]),
            "MaxInputBytesPerBatch" => code.method("max_input_bytes_per_batch", [whole(json, language)?]),
            "MaxInputBytesPerBatchPath" => code.method("max_input_bytes_per_batch", [value::path(json)?]),
            "BatchInput" => code.method("batch_input", [value::template(json, language)?]),
            _ => return None,
        };
    }
    Some(code)
}

fn result_writer(json: &Json, language: QueryLanguage, partition: &str) -> Option<Code> {
    let object = json.as_object()?;
    let is_known = object
        .get("Resource")
        .is_none_or(|it| it.as_str().and_then(|it| integration(it, partition)) == Some("s3:putObject"));
    if !is_known
        || object.contains("Resource") != object.iter().any(|(name, _)| name == "Parameters" || name == "Arguments")
    {
        return None;
    }
    let mut code = call("ResultWriter::new", []);
    if let Some(config) = object.get("WriterConfig") {
        let config = config.as_object()?;
        let transformation = match config.get("Transformation")?.as_str()? {
            "NONE" => "None",
            "COMPACT" => "Compact",
            "FLATTEN" => "Flatten",
            _ => return None,
        };
        let output = match config.get("OutputType")?.as_str()? {
            "JSON" => "Json",
            "JSONL" => "Jsonl",
            _ => return None,
        };
        let arguments = [format!("Transformation::{transformation}"), format!("OutputType::{output}")];
        code = code.method("writer_config", arguments.map(Code::raw)).clone();
        if config.len() != 2 {
            return None;
        }
    }
    location(code, object, language, &["Resource", "WriterConfig"])
}

/// A location in S3: `Bucket`, `Key` and similar fields.
fn location(mut code: Code, object: &Object, language: QueryLanguage, known: &[&str]) -> Option<Code> {
    for (name, json) in object.iter() {
        if known.contains(&name) {
            continue;
        }
        if name != "Parameters" && name != "Arguments" {
            return None;
        }
        for (name, json) in json.as_object()?.iter() {
            let (name, value) = match name.strip_suffix(".$").filter(|_| language == QueryLanguage::JsonPath) {
                Some(name) => (name, value::expression(json.as_str()?)?),
                None => (name, value::scalar(json, language)?),
            };
            let setter = match name {
                "Bucket" => "bucket",
                "Key" => "key",
                "VersionId" => "version_id",
                "Prefix" => "prefix",
                _ => return None,
            };
            code = code.method(setter, [value]);
        }
    }
    Some(code)
}

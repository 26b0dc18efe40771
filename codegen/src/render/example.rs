//! An example as a doctest: the chain of setters, and exactly the definition that it renders.

use serde_json::{Map, Value, json};
use sfn_tasks_rust::{Code, array, call, object, pair, text};

use super::jsonata;
use crate::model::{Action, Example, Expr, Preset, Service, Setter};

/// The Markdown of all examples of an API. An example with run-time parts also has its JSONata form, if there is one.
pub(crate) fn all(service: &Service, action: &Action, module_path: Option<&str>) -> String {
    let module = Module::of(service, module_path);
    let mut text = String::new();
    for (at, example) in action.examples.iter().enumerate() {
        match at {
            0 => text.push_str("\n\n# Example\n\n"),
            _ => text.push_str(&format!("\n\n## {}\n\n", example.title)),
        }
        text.push_str(&docs(action, example, Language::JsonPath, &module));
        if let Some(twin) = jsonata::twin(example) {
            text.push_str("\nThe same in JSONata:\n\n");
            text.push_str(&docs(action, &twin, Language::Jsonata, &module));
        }
    }
    text
}

/// The types of `sfn_tasks::prelude`, which every example imports.
const PRELUDE: [&str; 37] = [
    "Branch",
    "Catch",
    "Chain",
    "Choice",
    "Condition",
    "CsvDelimiter",
    "CsvHeaders",
    "DistributedMap",
    "Duration",
    "ErrorName",
    "ExecutionType",
    "Fail",
    "IntoChain",
    "IntoValue",
    "ItemBatcher",
    "ItemReader",
    "Map",
    "OutputType",
    "Parallel",
    "Pass",
    "Payload",
    "Problems",
    "QueryLanguage",
    "Result",
    "ResultWriter",
    "Retry",
    "Scope",
    "Size",
    "StateMachine",
    "String",
    "Succeed",
    "Task",
    "Transformation",
    "Value",
    "Wait",
    "Ok",
    "Some",
];

/// How an example refers to the types of its module.
struct Module {
    import: String,
    /// The prefix of their names.
    prefix: String,
    /// Whether the path of the module is known, so that the example can be run.
    is_known: bool,
}

impl Module {
    fn of(service: &Service, path: Option<&str>) -> Self {
        let mut names =
            service.types.iter().map(|kind| kind.name()).chain(service.actions.iter().map(|it| &*it.type_name));
        let collides = names.any(|name| PRELUDE.contains(&name));
        let (import, prefix) = match path {
            Some(path) if collides => (format!("use {path};\n"), format!("{}::", service.module)),
            Some(path) => (format!("use {path}::*;\n"), String::new()),
            None => Default::default(),
        };
        Self { import, prefix, is_known: path.is_some() }
    }
}

/// The query language of an example.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    JsonPath,
    Jsonata,
}

impl Language {
    /// The field of the parameters.
    fn field(self) -> &'static str {
        match self {
            Language::JsonPath => "Parameters",
            Language::Jsonata => "Arguments",
        }
    }
}

/// The Markdown of an example. If the path of the module is unknown, it is not run.
fn docs(action: &Action, example: &Example, language: Language, module: &Module) -> String {
    let fence = if module.is_known { "```" } else { "```ignore" };
    let import = &module.import;
    let task = task(action, example, module).write(0, "let task = ", ";");
    let asl = serde_json::to_string_pretty(&definition(action, example, language)).unwrap_or_default();
    // Enough `#` for a raw string that contains the text.
    let longest = asl.split('"').skip(1).map(|rest| rest.len() - rest.trim_start_matches('#').len()).max();
    let guard = "#".repeat(longest.unwrap_or_default() + 1);
    let machine = match language {
        Language::JsonPath => "StateMachine::new(task)?",
        Language::Jsonata => "StateMachine::builder(task).query_language(QueryLanguage::Jsonata).build()?",
    };
    let machine = format!("{fence}\nuse sfn_tasks::prelude::*;\n{import}\n{task}\nlet machine = {machine};\n");
    let end = "# Ok::<(), sfn_tasks::Problems>(())\n```\n";
    if action.calls.is_some() {
        // The default retriers come from the integration that it calls, so compare only the parameters.
        let field = language.field();
        let parameters = definition(action, example, language)["States"][&example.title][field].take();
        let parameters = serde_json::to_string_pretty(&parameters).unwrap_or_default();
        let pointer = format!("/States/{}/{field}", example.title.replace('~', "~0").replace('/', "~1"));
        return format!(
            "{machine}let parameters = machine.asl().json().pointer({pointer:?});\nassert_eq!(\n    \
             parameters.map(|json| format!(\"{{json:#}}\")).as_deref(),\n    Some(r{guard}\"{parameters}\"{guard}),\n);\n{end}"
        );
    }
    format!("{machine}assert_eq!(\n    format!(\"{{machine:#}}\"),\n    r{guard}\"{asl}\"{guard},\n);\n{end}")
}

fn task(action: &Action, example: &Example, module: &Module) -> Code {
    let task = call("Task::new", [text(&example.title), builder(&action.type_name, &example.setters, module)]);
    match example.pattern.as_str() {
        "sync" if action.patterns.iter().any(|pattern| pattern.key == "sync:2") => {
            task.method("run_job_with_text_output", [])
        }
        "sync" | "sync:2" => task.method("run_job", []),
        // Without a timeout, the task would wait for a year if the token is lost.
        "waitForTaskToken" => {
            let timeout = call("Duration::from_secs", [Code::raw("60 * 60")]);
            task.method("wait_for_task_token", []).method("timeout", [timeout])
        }
        _ => task,
    }
}

/// The definition with this state, its presets and default retriers.
fn definition(action: &Action, example: &Example, language: Language) -> Value {
    let mut state = Map::new();
    state.insert("Type".into(), json!("Task"));
    state.insert("Resource".into(), json!(example.resource));
    if let Some(parameters) = &example.parameters {
        let mut parameters = parameters.clone();
        if let (Value::Object(members), None) = (&mut parameters, &action.body_member) {
            for member in &action.structure.members {
                let dynamic = format!("{}.$", member.name);
                let elsewhere = action.resource_member.as_ref() == Some(&member.name);
                if elsewhere || members.contains_key(&member.name) || members.contains_key(&dynamic) {
                    continue;
                }
                match &member.preset {
                    Some(Preset::Constant { json, .. }) => {
                        members.insert(member.name.clone(), serde_json::from_str(json).unwrap_or_default());
                    }
                    Some(Preset::Expression { json_path, jsonata, .. }) => match language {
                        Language::JsonPath => drop(members.insert(dynamic, json!(json_path))),
                        Language::Jsonata => {
                            drop(members.insert(member.name.clone(), json!(format!("{{% {jsonata} %}}"))))
                        }
                    },
                    None => {}
                }
            }
        }
        state.insert(language.field().into(), parameters);
    }
    if example.pattern == "waitForTaskToken" {
        state.insert("TimeoutSeconds".into(), json!(3600));
    }
    if !action.retry.is_empty() {
        let retriers = action.retry.iter().map(|retry| {
            json!({
                "ErrorEquals": retry.error_equals,
                "IntervalSeconds": retry.interval_seconds,
                "MaxAttempts": retry.max_attempts,
                "BackoffRate": number(retry.backoff_rate),
            })
        });
        state.insert("Retry".into(), retriers.collect());
    }
    state.insert("End".into(), json!(true));
    let states = json!({ example.title.clone(): state });
    match language {
        Language::JsonPath => json!({ "StartAt": example.title, "States": states }),
        Language::Jsonata => json!({ "QueryLanguage": "JSONata", "StartAt": example.title, "States": states }),
    }
}

/// A whole number without a fraction, like in a rendered task.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

fn builder(kind: &str, setters: &[Setter], module: &Module) -> Code {
    setters.iter().fold(call(&format!("{}{kind}::new", module.prefix), []), |code, setter| match setter {
        Setter::Call { method, arguments } => code.method(method, arguments.iter().map(|it| expr(it, module))),
        Setter::Verbatim(calls) => code.methods_as_written(calls),
    })
}

fn expr(value: &Expr, module: &Module) -> Code {
    match value {
        Expr::Text(value) => text(value),
        Expr::Number(number) => Code::raw(number.clone()),
        Expr::Bool(value) => Code::raw(value.to_string()),
        Expr::Path(path) => call("path", [text(path)]),
        Expr::Jsonata(expression) => call("jsonata", [text(expression)]),
        Expr::Intrinsic(intrinsic) => call("intrinsic::call", [text(intrinsic)]),
        Expr::TaskToken => call("task_token", []),
        Expr::StateInput => call("state_input", []),
        Expr::Duration { unit, amount } => match unit.as_str() {
            "milliseconds" => call("Duration::from_millis", [Code::raw(amount.to_string())]),
            "seconds" => call("Duration::from_secs", [Code::raw(amount.to_string())]),
            "minutes" => call("Duration::from_secs", [Code::raw(format!("{amount} * 60"))]),
            "hours" => call("Duration::from_secs", [Code::raw(format!("{amount} * 60 * 60"))]),
            _ => call("Duration::from_secs", [Code::raw(format!("{amount} * 24 * 60 * 60"))]),
        },
        Expr::Size { unit, amount } if unit == "MiB" => call("Size::mebibytes", [Code::raw(amount.to_string())]),
        Expr::Size { amount, .. } => call("Size::gibibytes", [Code::raw(amount.to_string())]),
        Expr::Payload(json) => sfn_tasks_rust::payload(payload(json, module)),
        Expr::Variant { kind, value } => Code::raw(format!("{}{kind}::{value}", module.prefix)),
        Expr::Builder { kind, setters } => builder(kind, setters, module),
        Expr::Union { kind, constructor, value } => {
            call(&format!("{}{kind}::{constructor}", module.prefix), [expr(value, module)])
        }
        Expr::List(elements) => array(elements.iter().map(|it| expr(it, module))),
        Expr::Map(members) => array(members.iter().map(|(key, value)| pair(text(key), expr(value, module)))),
    }
}

/// The argument of `payload!`, with paths for keys that end with `.$`.
fn payload(json: &Value, module: &Module) -> Code {
    match json {
        Value::Object(members) => object(members.iter().map(|(key, value)| match (key.strip_suffix(".$"), value) {
            (Some(name), Value::String(value)) => {
                let value = match value.as_str() {
                    "$$.Task.Token" => Expr::TaskToken,
                    "$" => Expr::StateInput,
                    path if path.starts_with('$') => Expr::Path(path.to_owned()),
                    call => Expr::Intrinsic(call.to_owned()),
                };
                (name.to_owned(), expr(&value, module))
            }
            _ => (key.clone(), payload(value, module)),
        })),
        Value::Array(elements) => array(elements.iter().map(|it| payload(it, module))),
        Value::String(value) => match jsonata::bare(value) {
            Some("$states.context.Task.Token") => expr(&Expr::TaskToken, module),
            Some("$states.input") => expr(&Expr::StateInput, module),
            Some(expression) => expr(&Expr::Jsonata(expression.to_owned()), module),
            None => text(value),
        },
        other => Code::raw(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_names_of_the_prelude_are_known() {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../src/prelude.rs"))
            .expect("the file exists");
        let code: String = text.lines().filter(|line| !line.starts_with("//")).collect();
        let words = code.split(|sign: char| !sign.is_ascii_alphanumeric());
        for name in words.filter(|word| word.starts_with(|first: char| first.is_ascii_uppercase())) {
            assert!(super::PRELUDE.contains(&name), "{name}");
        }
    }
}

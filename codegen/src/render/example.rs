//! An example as a doctest: the chain of setters, and exactly the definition that it gives.

use serde_json::{Map, Value, json};

use crate::model::{Action, Example, Expr, Preset, Setter, variant};

/// The Markdown of the example. Without the path of the module it cannot be run, and is not.
pub(crate) fn docs(action: &Action, example: &Example, module_path: Option<&str>) -> String {
    let fence = if module_path.is_some() { "```" } else { "```ignore" };
    let import = module_path.map(|path| format!("use {path}::*;\n")).unwrap_or_default();
    let task = format_code(&format!("let task = {};", task(action, example)));
    let asl = serde_json::to_string_pretty(&definition(action, example)).unwrap_or_default();
    // As many number signs as it takes for the text to hold none such.
    let guard = if asl.contains("\"#") { "##" } else { "#" };
    format!(
        "{fence}\nuse sfn_tasks::prelude::*;\n{import}\n{task}\nassert_eq!(\n    format!(\"{{:#}}\", \
         StateMachine::new(task)?),\n    r{guard}\"{asl}\"{guard},\n);\n# Ok::<(), sfn_tasks::Problems>(())\n```\n"
    )
}

fn task(action: &Action, example: &Example) -> String {
    let builder = builder(&action.type_name, &example.setters);
    let pattern = match example.pattern.as_str() {
        "sync" if action.patterns.iter().any(|pattern| pattern.key == "sync:2") => ".run_job_with_text_output()",
        "sync" | "sync:2" => ".run_job()",
        // Without a limit it would wait for a year if the token is lost.
        "waitForTaskToken" => ".wait_for_task_token().timeout(Duration::from_secs(60 * 60))",
        _ => "",
    };
    format!("Task::new({:?}, {builder}){pattern}", example.title)
}

/// The definition with this one state, presets and default retriers in it.
fn definition(action: &Action, example: &Example) -> Value {
    let mut state = Map::new();
    state.insert("Type".into(), json!("Task"));
    state.insert("Resource".into(), json!(example.resource));
    if let Some(parameters) = &example.parameters {
        let mut parameters = parameters.clone();
        if let (Value::Object(members), None) = (&mut parameters, &action.body_member) {
            for member in &action.structure.members {
                let dynamic = format!("{}.$", member.name);
                if members.contains_key(&member.name) || members.contains_key(&dynamic) {
                    continue;
                }
                match &member.preset {
                    Some(Preset::Constant { json, .. }) => {
                        members.insert(member.name.clone(), serde_json::from_str(json).unwrap_or_default());
                    }
                    Some(Preset::Expression { json_path, .. }) => {
                        members.insert(dynamic, json!(json_path));
                    }
                    None => {}
                }
            }
        }
        state.insert("Parameters".into(), parameters);
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
    json!({ "StartAt": example.title, "States": { example.title.clone(): state } })
}

/// A whole number without a fraction, as a task renders it.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

fn builder(kind: &str, setters: &[Setter]) -> String {
    let calls = setters.iter().map(|setter| match setter {
        Setter::Call { method, arguments } => {
            format!(".{method}({})", arguments.iter().map(expr).collect::<Vec<_>>().join(", "))
        }
        Setter::Verbatim(text) => text.clone(),
    });
    format!("{kind}::new(){}", calls.collect::<String>())
}

fn expr(value: &Expr) -> String {
    let list = |elements: &[Expr]| elements.iter().map(expr).collect::<Vec<_>>().join(", ");
    match value {
        Expr::Text(text) => format!("{text:?}"),
        Expr::Number(number) => number.clone(),
        Expr::Bool(value) => value.to_string(),
        Expr::Path(path) => format!("path({path:?})"),
        Expr::Intrinsic(call) => format!("intrinsic::call({call:?})"),
        Expr::TaskToken => "task_token()".to_owned(),
        Expr::StateInput => "state_input()".to_owned(),
        Expr::Duration { unit, amount } => match unit.as_str() {
            "milliseconds" => format!("Duration::from_millis({amount})"),
            "seconds" => format!("Duration::from_secs({amount})"),
            "minutes" => format!("Duration::from_secs({amount} * 60)"),
            "hours" => format!("Duration::from_secs({amount} * 60 * 60)"),
            _ => format!("Duration::from_secs({amount} * 24 * 60 * 60)"),
        },
        Expr::Size { unit, amount } if unit == "MiB" => format!("Size::mebibytes({amount})"),
        Expr::Size { amount, .. } => format!("Size::gibibytes({amount})"),
        Expr::Payload(json) => format!("payload!({})", payload(json)),
        Expr::Variant { kind, value } => format!("{kind}::{}", variant(value)),
        Expr::Builder { kind, setters } => builder(kind, setters),
        Expr::Union { kind, constructor, value } => format!("{kind}::{constructor}({})", expr(value)),
        Expr::List(elements) => format!("[{}]", list(elements)),
        Expr::Map(members) => {
            let members = members.iter().map(|(key, value)| format!("({key:?}, {})", expr(value)));
            format!("[{}]", members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The inside of `payload!`, with paths where keys end with `.$`.
fn payload(json: &Value) -> String {
    match json {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| match (key.strip_suffix(".$"), value) {
                (Some(name), Value::String(text)) => {
                    let value = match text.as_str() {
                        "$$.Task.Token" => Expr::TaskToken,
                        "$" => Expr::StateInput,
                        path if path.starts_with('$') => Expr::Path(path.to_owned()),
                        call => Expr::Intrinsic(call.to_owned()),
                    };
                    format!("{name:?}: {}", expr(&value))
                }
                _ => format!("{key:?}: {}", payload(value)),
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(elements) => format!("[{}]", elements.iter().map(payload).collect::<Vec<_>>().join(", ")),
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

/// Laid out as rustfmt would.
fn format_code(statement: &str) -> String {
    let Ok(file) = syn::parse_str::<syn::File>(&format!("fn main() {{ {statement} }}")) else {
        return statement.to_owned();
    };
    let text = prettyplease::unparse(&file);
    // Inside of a macro prettyplease knows no types, so it puts a space before each colon.
    let text = text.replace("\" : ", "\": ");
    let body = text.lines().filter(|line| *line != "fn main() {" && *line != "}");
    body.map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

//! A page for each service with optimized integrations, with a section for each API.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value, json};
use sfn_tasks::asl::StateMachine;
use sfn_tasks::catalog::{
    Action, Enumeration, Member, NumberShape, Pattern, PresetValue, Service, Shape, Statement, Structure,
};
use sfn_tasks::graph::{Picture, SvgOptions};
use sfn_tasks::prelude::errors;
use sfn_tasks::to_rust;

use crate::markdown::{anchor, block, cell, code, codes, table};

/// The page of a service. The spec has the examples.
pub(crate) fn page(service: &Service, spec: &Value) -> String {
    let mut text = format!(
        "# {} ({})\n\n{}\n\n[Step Functions Developer Guide]({})\n\n",
        service.title, service.name, service.docs, service.url
    );
    let rows: Vec<Vec<String>> = service
        .actions
        .iter()
        .map(|action| {
            let link = format!("[`{}`](#{})", action.name, anchor(action.name));
            vec![link, first_sentence(action.docs), patterns(action)]
        })
        .collect();
    text.push_str(&table(&["API", "Purpose", "Patterns"], &rows));
    for action in service.actions {
        text.push_str(&section(action, &spec["actions"][action.name]));
    }
    text.push_str(&types(service, &spec["types"]));
    text
}

fn first_sentence(docs: &str) -> String {
    cell(docs.split_once(". ").map_or(docs, |(first, _)| first).trim_end_matches('.'))
}

fn patterns(action: &Action) -> String {
    let names = action.patterns.iter().map(|support| match support.pattern {
        Pattern::RequestResponse => "Request Response",
        Pattern::Sync => "`.sync`",
        Pattern::Sync2 => "`.sync:2`",
        Pattern::WaitForTaskToken => "`.waitForTaskToken`",
        other => other.key(),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn section(action: &Action, spec: &Value) -> String {
    let mut text = format!("## {}\n\n{}\n\n[API reference]({})\n\n", action.name, action.docs, action.url);
    if let Some(member) = action.resource_member {
        let _ = write!(text, "`{member}` goes into the field `Resource`.\n\n");
    }
    if let Some(member) = action.body_member {
        let _ = write!(text, "`{member}` is the whole of `Parameters` (JSONPath) or `Arguments` (JSONata).\n\n");
    }
    let takes_token = action.patterns.iter().any(|support| !support.token_in.is_empty());
    let rows: Vec<Vec<String>> = action
        .patterns
        .iter()
        .map(|support| {
            let token = match support.token_in {
                [] => String::new(),
                names => format!("in {}", codes(names.iter().copied())),
            };
            let mut row = vec![support.pattern.to_string(), code(support.resource)];
            row.extend(takes_token.then_some(token));
            row.push(format!("[AWS]({})", support.url));
            row
        })
        .collect();
    let heads: &[&str] = match takes_token {
        true => &["Pattern", "Resource", "Task token", "Source"],
        false => &["Pattern", "Resource", "Source"],
    };
    text.push_str(&table(heads, &rows));
    text.push_str("### Parameters\n\n");
    text.push_str(&match action.parameters.members {
        [] => "None.\n\n".to_owned(),
        members => members_table(members, &spec["parameters"]),
    });
    text.push_str(&rules(action.parameters));
    text.push_str(&results(action));
    text.push_str(&permissions(action));
    text.push_str(&error_names(action));
    text.push_str(&examples(action, spec));
    text
}

/// The members of a structure. The spec has their defaults, of which the catalog knows nothing.
fn members_table(members: &[Member], spec: &Value) -> String {
    let rows: Vec<Vec<String>> = members
        .iter()
        .map(|member| {
            let name = if member.required { format!("**{}**", code(member.name)) } else { code(member.name) };
            let mut docs = cell(member.docs);
            if let Some(default) = spec[member.name].get("default") {
                let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
                let _ = write!(docs, " Default: {}.", code(&default));
            }
            if let Some(preset) = &member.preset {
                let value = match preset.value {
                    PresetValue::Constant(json) => code(json),
                    PresetValue::Expression { json_path, .. } => code(json_path),
                    _ => "a value".to_owned(),
                };
                let _ = write!(docs, " The builder sets {value} if you do not: {}", cell(preset.why));
            }
            vec![name, kind(&member.shape), docs]
        })
        .collect();
    format!("Names in bold are required.\n\n{}", table(&["Name", "Type", "Meaning"], &rows))
}

/// A type, with its bounds.
pub(crate) fn kind(shape: &Shape) -> String {
    match shape {
        Shape::String(it) => {
            let mut text = "string".to_owned();
            match (it.min_length, it.max_length) {
                (None, None) => {}
                (Some(least), Some(most)) if least == most => drop(write!(text, ", {least} characters")),
                (least, Some(most)) => drop(write!(text, ", {} to {most} characters", least.unwrap_or(0))),
                (Some(least), None) => drop(write!(text, ", {least} characters or more")),
            }
            if let Some(pattern) = it.pattern {
                let _ = write!(text, ", {}", code(pattern));
            }
            text
        }
        Shape::Enum(it) => link(it.name),
        Shape::Integer(it) => number("integer", it),
        Shape::Number(it) => number("number", it),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Timestamp => "timestamp".to_owned(),
        Shape::Blob => "Base64 text".to_owned(),
        Shape::List(list) => format!("list of {}{}", kind(&list.items), count(list.min_items, list.max_items)),
        Shape::Map(map) => format!("map of {}{}", kind(&map.values), count(map.min_items, map.max_items)),
        Shape::Structure(it) => link(it.name),
        _ => "JSON".to_owned(),
    }
}

fn number(kind: &str, it: &NumberShape) -> String {
    let range = match (it.minimum, it.maximum) {
        (None, None) => String::new(),
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        (Some(least), None) => format!(", at least {least}"),
        (None, Some(most)) => format!(", at most {most}"),
    };
    let unit = it.unit.map(|unit| format!(", in {unit}")).unwrap_or_default();
    format!("{kind}{range}{unit}")
}

pub(crate) fn count(least: Option<u64>, most: Option<u64>) -> String {
    match (least, most) {
        (None, None) => String::new(),
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        (Some(least), None) => format!(", at least {least}"),
        (None, Some(most)) => format!(", at most {most}"),
    }
}

fn link(name: &str) -> String {
    format!("[{name}](#{})", anchor(name))
}

fn rules(structure: &Structure) -> String {
    let lines: Vec<String> = structure.rules.iter().map(|rule| format!("- {}\n", cell(rule.message))).collect();
    if lines.is_empty() { String::new() } else { format!("Rules:\n\n{}\n", lines.concat()) }
}

fn results(action: &Action) -> String {
    let mut text = "### Result\n\n".to_owned();
    for support in action.patterns {
        let _ = match action.result(support) {
            Some(Shape::Structure(structure)) if !structure.members.is_empty() => {
                let rows: Vec<Vec<String>> = structure
                    .members
                    .iter()
                    .map(|member| vec![code(member.name), result_kind(&member.shape)])
                    .collect();
                write!(text, "{}:\n\n{}", support.pattern, table(&["Name", "Type"], &rows))
            }
            Some(Shape::Structure(_)) => write!(text, "{}: an object without members.\n\n", support.pattern),
            Some(_) => write!(text, "{}: the output that is passed to `SendTaskSuccess`.\n\n", support.pattern),
            None => write!(text, "{}: AWS does not document it.\n\n", support.pattern),
        };
    }
    text
}

/// The type of a member of a result, with the names a level down.
fn result_kind(shape: &Shape) -> String {
    match shape {
        Shape::Structure(it) => {
            let names: Vec<&str> = it.members.iter().map(|member| member.name).collect();
            format!("object: {}", codes_in_line(&names))
        }
        Shape::List(list) => format!("list of {}", result_kind(&list.items)),
        Shape::Map(_) => "map".to_owned(),
        Shape::Enum(_) | Shape::String(_) => "string".to_owned(),
        Shape::Integer(_) => "integer".to_owned(),
        Shape::Number(_) => "number".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Timestamp => "timestamp".to_owned(),
        Shape::Blob => "Base64 text".to_owned(),
        _ => "JSON".to_owned(),
    }
}

fn codes_in_line(names: &[&str]) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ")
}

fn permissions(action: &Action) -> String {
    let mut text = "### Permissions\n\n".to_owned();
    for support in action.patterns {
        if support.statements.is_empty() {
            let _ = write!(text, "{}: none.\n\n", support.pattern);
            continue;
        }
        let rows: Vec<Vec<String>> = support.statements.iter().map(statement).collect();
        let head = ["Actions", "Resources", "Only if", "Why"];
        let _ = write!(text, "{}:\n\n{}", support.pattern, table(&head, &rows));
    }
    text
}

fn statement(statement: &Statement) -> Vec<String> {
    let mut only = Vec::new();
    let parts = |all: Option<&'static str>, word: &'static str| all.into_iter().flat_map(move |all| all.split(word));
    let words = |condition: &str, is: &str| match condition.split_once('=') {
        Some((member, value)) => match value.strip_suffix(['*', '~']) {
            Some(start) => {
                let begins = if is == "is" { "begins" } else { "does not begin" };
                format!("{} {begins} with {}", code(member), code(start))
            }
            None => format!("{} {is} {}", code(member), code(value)),
        },
        None => format!("{} {is} set", code(condition)),
    };
    only.extend(parts(statement.when, " and ").map(|condition| words(condition, "is")));
    only.extend(parts(statement.unless, " or ").map(|condition| words(condition, "is not")));
    only.extend(statement.depends_on.map(|what| format!("depends on {}", cell(what))));
    only.extend(
        statement.conditions.iter().map(|(operator, key, value)| format!("{} {} {}", code(key), operator, code(value))),
    );
    vec![
        codes(statement.actions.iter().copied()),
        codes(statement.resources.iter().copied()),
        only.join("<br>"),
        format!("{} ([source]({}))", cell(statement.why), statement.url),
    ]
}

/// The errors of the API, and those of Step Functions that a job can end with.
fn error_names(action: &Action) -> String {
    let waits = action.patterns.iter().any(|support| matches!(support.pattern, Pattern::Sync | Pattern::Sync2));
    let job = match waits && !action.errors.iter().any(|error| error.name == errors::TASK_FAILED) {
        true => format!(
            "With `.sync`, `{}` also matches a job that failed, and `{}` one that takes longer than the task's timeout \
             ([source](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html)).\n\n",
            errors::TASK_FAILED,
            errors::TIMEOUT
        ),
        false => String::new(),
    };
    let rows: Vec<Vec<String>> = action.errors.iter().map(|error| vec![code(error.name), cell(error.docs)]).collect();
    match rows.is_empty() && job.is_empty() {
        true => String::new(),
        false => format!("### Errors\n\n{job}{}", table(&["Name", "Meaning"], &rows)),
    }
}

fn examples(action: &Action, spec: &Value) -> String {
    let mut text = String::new();
    for example in spec["examples"].as_array().into_iter().flatten() {
        let Some(definition) = definition(action, example, false) else { continue };
        let title = example["title"].as_str().unwrap_or_default();
        let _ = write!(text, "### Example: {title}\n\n");
        let options = to_rust::Options::new("machine");
        text.push_str(&block("rust", &to_rust::module(&definition, &options).text));
        let _ = write!(text, "In JSONPath:\n\n{}", block("json", &format!("{definition:#}")));
        if let Some(twin) = self::definition(action, example, true) {
            let _ = write!(text, "In JSONata:\n\n{}", block("json", &format!("{twin:#}")));
        }
        let picture = Picture::new(&definition).svg(&SvgOptions::default().title(title));
        let _ = write!(text, "<figure class=\"sfn\">{}</figure>\n\n", picture.trim());
    }
    text
}

/// The definition of an example; in JSONata, if all that is dynamic in it has a form there.
fn definition(action: &Action, example: &Value, in_jsonata: bool) -> Option<StateMachine> {
    let wanted = example["pattern"].as_str().unwrap_or("requestResponse");
    let support = action.patterns.iter().find(|support| support.pattern.key() == wanted)?;
    let mut parameters = example["parameters"].clone();
    let mut resource = json!(support.resource.replace("${Partition}", "aws"));
    if let (Some(member), Value::Object(members)) = (action.resource_member, &mut parameters) {
        resource = members.remove(member).unwrap_or(resource);
    }
    if let (Some(member), Value::Object(members)) = (action.body_member, &parameters) {
        parameters = members.get(member).cloned().unwrap_or(Value::Null);
    }
    let mut state = Map::new();
    state.insert("Type".into(), json!("Task"));
    if in_jsonata {
        parameters = jsonata(&parameters)?;
        state.insert("QueryLanguage".into(), json!("JSONata"));
    }
    state.insert("Resource".into(), resource);
    if !parameters.is_null() {
        state.insert(if in_jsonata { "Arguments" } else { "Parameters" }.into(), parameters);
    }
    if wanted == "waitForTaskToken" {
        state.insert("TimeoutSeconds".into(), json!(3600));
    }
    state.insert("End".into(), json!(true));
    let title = example["title"].as_str()?;
    json!({ "StartAt": title, "States": { title: state } }).to_string().parse().ok()
}

/// Parameters in JSONata; none if an intrinsic function is in them.
fn jsonata(json: &Value) -> Option<Value> {
    Some(match json {
        Value::Object(members) => {
            let one = |(key, value): (&String, &Value)| match key.strip_suffix(".$") {
                None => Some((key.clone(), jsonata(value)?)),
                Some(name) => {
                    let path = value.as_str()?;
                    let expression = match path.strip_prefix("$$") {
                        Some(rest) => format!("$states.context{rest}"),
                        None => format!("$states.input{}", path.strip_prefix('$')?),
                    };
                    Some((name.to_owned(), json!(format!("{{% {expression} %}}"))))
                }
            };
            Value::Object(members.iter().map(one).collect::<Option<Map<_, _>>>()?)
        }
        Value::Array(elements) => Value::Array(elements.iter().map(jsonata).collect::<Option<Vec<_>>>()?),
        other => other.clone(),
    })
}

/// The types in the parameters of a service's APIs.
fn types(service: &Service, spec: &Value) -> String {
    let (mut structures, mut enumerations) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for action in service.actions {
        gather(action.parameters, &mut seen, &mut structures, &mut enumerations);
    }
    structures.sort_by_key(|it| it.name);
    enumerations.sort_by_key(|it| it.name);
    let mut text = String::new();
    if !structures.is_empty() || !enumerations.is_empty() {
        text.push_str("## Types\n\n");
    }
    for structure in structures {
        let union = if structure.union { "Exactly one of these members is set.\n\n" } else { "" };
        let members = members_table(structure.members, &spec[structure.name]["members"]);
        let _ = write!(text, "### {}\n\n{union}{members}{}", structure.name, rules(structure));
    }
    for enumeration in enumerations {
        let rows: Vec<Vec<String>> =
            enumeration.values.iter().map(|(value, docs)| vec![code(value), cell(docs)]).collect();
        let _ = write!(text, "### {}\n\n{}", enumeration.name, table(&["Value", "Meaning"], &rows));
    }
    text
}

fn gather(
    structure: &'static Structure,
    seen: &mut BTreeSet<&'static str>,
    structures: &mut Vec<&'static Structure>,
    enumerations: &mut Vec<&'static Enumeration>,
) {
    for member in structure.members {
        let mut shape = member.shape;
        loop {
            match shape {
                Shape::List(list) => shape = list.items,
                Shape::Map(map) => shape = map.values,
                Shape::Structure(it) => {
                    if seen.insert(it.get().name) {
                        structures.push(it.get());
                        gather(it.get(), seen, structures, enumerations);
                    }
                    break;
                }
                Shape::Enum(it) => {
                    if seen.insert(it.name) {
                        enumerations.push(it);
                    }
                    break;
                }
                _ => break,
            }
        }
    }
}

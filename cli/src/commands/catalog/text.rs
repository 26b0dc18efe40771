//! The catalog as text.

use std::io::{self, Write};

use sfn_tasks::catalog::{
    Action, ListShape, MapShape, Member, NumberShape, Preset, PresetValue, Service, Shape, Structure,
};

/// A service with the names of its APIs and their patterns.
pub(super) fn overview(service: &Service, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "{} ({})", service.name, service.title)?;
    let width = service.actions.iter().map(|action| action.name.len()).max().unwrap_or_default();
    for action in service.actions {
        writeln!(output, "  {:width$}  {}", action.name, patterns(action))?;
    }
    writeln!(output)
}

/// A service, with the purpose of each API.
pub(super) fn service(service: &Service, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "{} ({})\n{}\n{}", service.name, service.title, service.docs, service.url)?;
    for action in service.actions {
        match one_line(action.docs) {
            docs if docs.is_empty() => writeln!(output, "{}:{}", action.service, action.name)?,
            docs => writeln!(output, "\n{}:{}  {}\n  {docs}", action.service, action.name, patterns(action))?,
        }
    }
    Ok(())
}

fn patterns(action: &Action) -> String {
    action.patterns.iter().map(|support| support.pattern.key()).collect::<Vec<_>>().join(", ")
}

/// Everything about an API.
pub(super) fn action(action: &Action, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "{}:{}", action.service, action.name)?;
    for line in [action.docs, action.url] {
        if !line.is_empty() {
            writeln!(output, "{line}")?;
        }
    }
    writeln!(output, "\nPatterns")?;
    for support in action.patterns {
        writeln!(output, "  {}\n    {}", support.pattern, support.resource)?;
        if !support.token_in.is_empty() {
            writeln!(output, "    The task token goes into {}.", either(support.token_in))?;
        }
    }
    writeln!(output, "\nParameters (* = required)")?;
    if let Some(member) = action.resource_member {
        writeln!(output, "  {member} is the value of `Resource`, not a member of `Parameters`.")?;
    }
    if let Some(member) = action.body_member {
        writeln!(output, "  {member} is the whole of `Parameters` (JSONPath) or `Arguments` (JSONata).")?;
    }
    members(action.parameters, &mut Vec::new(), output)?;
    writeln!(output, "\nResult")?;
    for support in action.patterns {
        match action.result(support) {
            Some(Shape::Structure(structure)) if !structure.members.is_empty() => {
                writeln!(output, "  {}", support.pattern)?;
                // Only one level of nested members, to keep the output short.
                for member in structure.members {
                    let inner = structure_in(&member.shape).map(|inner| {
                        let names: Vec<&str> = inner.members.iter().map(|member| member.name).collect();
                        format!(" with {}", names.join(", "))
                    });
                    writeln!(output, "    {}: {}{}", member.name, kind(&member.shape), inner.unwrap_or_default())?;
                }
            }
            Some(Shape::Structure(_)) => writeln!(output, "  {}: an object without members", support.pattern)?,
            Some(_) => writeln!(output, "  {}: the output that is passed to `SendTaskSuccess`", support.pattern)?,
            None => writeln!(output, "  {}: AWS does not document it", support.pattern)?,
        }
    }
    writeln!(output, "\nPermissions")?;
    for support in action.patterns {
        writeln!(output, "  {}", support.pattern)?;
        for statement in support.statements {
            writeln!(output, "    {} on {}", statement.actions.join(", "), statement.resources.join(", "))?;
            let when = statement.when.map(|when| format!(" Only with `{when}`.")).unwrap_or_default();
            let depends = statement
                .depends_on
                .map(|what| format!(" Whether it is needed depends on {what}."))
                .unwrap_or_default();
            writeln!(
                output,
                "      {}: {}{when}{depends}\n      {}",
                statement.reason.key(),
                statement.why,
                statement.url
            )?;
        }
    }
    if !action.errors.is_empty() {
        writeln!(output, "\nErrors")?;
        for error in action.errors {
            match one_line(error.docs) {
                docs if docs.is_empty() => writeln!(output, "  {}", error.name)?,
                docs => writeln!(output, "  {}: {docs}", error.name)?,
            }
        }
    }
    Ok(())
}

/// The members of a structure, and below each the members of its own structure. `open` has the enclosing structures.
fn members<'s>(structure: &'s Structure, open: &mut Vec<&'s str>, output: &mut impl Write) -> io::Result<()> {
    open.push(structure.name);
    let indent = "  ".repeat(open.len());
    for Member { name, docs, required, shape, preset, .. } in structure.members {
        let mark = if *required { "*" } else { "" };
        writeln!(output, "{indent}{name}{mark}: {}", kind(shape))?;
        for line in [Some(one_line(docs)), preset.as_ref().map(describe_preset)].into_iter().flatten() {
            if !line.is_empty() {
                writeln!(output, "{indent}    {line}")?;
            }
        }
        if let Some(inner) = structure_in(shape).filter(|inner| !open.contains(&inner.name)) {
            members(inner, open, output)?;
        }
    }
    for rule in structure.rules {
        writeln!(output, "{indent}- {}", rule.message)?;
    }
    open.pop();
    Ok(())
}

fn describe_preset(preset: &Preset) -> String {
    match preset.value {
        PresetValue::Constant(value) => format!("A builder sets `{value}`. {}", preset.why),
        PresetValue::Expression { json_path, jsonata } => {
            format!("A builder sets `{json_path}`, in JSONata `{jsonata}`. {}", preset.why)
        }
        _ => preset.why.to_owned(),
    }
}

/// The structure of a value, or of the elements of a list or a map.
fn structure_in(shape: &Shape) -> Option<&'static Structure> {
    match shape {
        Shape::Structure(structure) => Some(structure.get()),
        Shape::List(ListShape { items, .. }) => structure_in(items),
        Shape::Map(MapShape { values, .. }) => structure_in(values),
        _ => None,
    }
}

/// The type in a few words: `integer 0–900 (seconds)`.
fn kind(shape: &Shape) -> String {
    match shape {
        Shape::String(string) => {
            format!(
                "string{}",
                bounds(string.min_length.map(|n| n as f64), string.max_length.map(|n| n as f64), " long")
            )
        }
        Shape::Enum(enumeration) => enumeration.values.iter().map(|(value, _)| *value).collect::<Vec<_>>().join(" | "),
        Shape::Integer(number) => format!("integer{}", number_bounds(number)),
        Shape::Number(number) => format!("number{}", number_bounds(number)),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Timestamp => "timestamp".to_owned(),
        Shape::Blob => "Base64 text".to_owned(),
        Shape::Json => "any JSON".to_owned(),
        Shape::List(list) => format!("list of {}", kind(&list.items)),
        Shape::Map(map) => format!("map of {}", kind(&map.values)),
        Shape::Structure(structure) if structure.union => format!("one of the members of {}", structure.name),
        Shape::Structure(structure) => structure.name.to_owned(),
        _ => "a value".to_owned(),
    }
}

fn number_bounds(number: &NumberShape) -> String {
    let unit = number.unit.map(|unit| format!(" ({unit})")).unwrap_or_default();
    bounds(number.minimum, number.maximum, "") + &unit
}

fn bounds(least: Option<f64>, greatest: Option<f64>, what: &str) -> String {
    match (least, greatest) {
        (Some(least), Some(greatest)) => format!(", {least} to {greatest}{what}"),
        (Some(least), None) => format!(", at least {least}{what}"),
        (None, Some(greatest)) => format!(", at most {greatest}{what}"),
        (None, None) => String::new(),
    }
}

fn either(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! CloudFormation's functions, as far as a definition's text or tree can be known without a deployment.
//!
//! What is known only then becomes a placeholder: `!GetAtt Queue.Arn` is `${Queue.Arn}`.

use std::borrow::Cow;

use sfn_tasks::value::{Json, Object};

use super::definition::{Piece, member};

/// The tree with each function replaced by what it stands for. `numbers` are the parameters that are no strings.
pub(super) fn resolve(json: &Json, numbers: &[&str]) -> Json {
    if let Some((name, argument)) = function(json) {
        return value(name, argument, numbers);
    }
    match json {
        Json::Array(elements) => Json::Array(elements.iter().map(|element| resolve(element, numbers)).collect()),
        Json::Object(object) => Json::Object(
            object.iter().map(|(name, value)| (name.to_owned(), resolve(value, numbers))).collect::<Object>(),
        ),
        other => other.clone(),
    }
}

/// The function that the value calls, and its argument.
pub(super) fn function(json: &Json) -> Option<(&str, &Json)> {
    let object = json.as_object().filter(|object| object.len() == 1)?;
    let (name, argument) = object.iter().next()?;
    let is_reference = name == "Ref" && argument.as_str().is_some();
    (is_reference || name.starts_with("Fn::")).then_some((name, argument))
}

fn value(name: &str, argument: &Json, numbers: &[&str]) -> Json {
    let unknown = || Json::Placeholder(name.to_owned().into());
    match name {
        "Ref" => match argument.as_str() {
            Some(parameter) if numbers.contains(&parameter) => Json::Placeholder(parameter.to_owned().into()),
            _ => text(name, argument).map_or_else(unknown, Json::from),
        },
        "Fn::ToJsonString" => unknown(),
        _ => text(name, argument).map_or_else(unknown, Json::from),
    }
}

/// The text that the function makes, if it makes one.
fn text(name: &str, argument: &Json) -> Option<String> {
    let mut all = String::new();
    let pieces = pieces_of_call(name, argument, "", &mut all, 0)?;
    (!pieces.is_empty()).then_some(all)
}

/// Adds the text that a value makes to `all`; tells where its parts come from. None if it makes no known text.
pub(super) fn pieces(json: &Json, pointer: &str, all: &mut String, depth: usize) -> Option<Vec<Piece>> {
    match (json, function(json)) {
        (Json::String(text), _) => Some(vec![literal(text, pointer, all)]),
        (Json::Number(_) | Json::Bool(_), _) => Some(vec![other(&json.to_string(), pointer, all)]),
        (_, Some((name, argument))) => pieces_of_call(name, argument, &member(pointer, name), all, depth),
        _ => None,
    }
}

fn pieces_of_call(name: &str, argument: &Json, pointer: &str, all: &mut String, depth: usize) -> Option<Vec<Piece>> {
    match (name, argument) {
        ("Ref", Json::String(id)) => Some(vec![other(&format!("${{{id}}}"), pointer, all)]),
        ("Fn::GetAtt", Json::String(path)) => Some(vec![other(&format!("${{{path}}}"), pointer, all)]),
        ("Fn::GetAtt", Json::Array(path)) => {
            let path: Option<Vec<&str>> = path.iter().map(Json::as_str).collect();
            Some(vec![other(&format!("${{{}}}", path?.join(".")), pointer, all)])
        }
        ("Fn::Sub", Json::String(text)) => Some(vec![literal(text, pointer, all)]),
        ("Fn::Sub", Json::Array(elements)) => {
            let text = elements.first()?.as_str()?;
            Some(vec![literal(text, &format!("{pointer}/0"), all)])
        }
        ("Fn::Join", Json::Array(arguments)) => {
            let [Json::String(separator), Json::Array(parts)] = arguments.as_slice() else { return None };
            let mut found = Vec::new();
            for (index, part) in parts.iter().enumerate() {
                let at = format!("{pointer}/1/{index}");
                if index > 0 && !separator.is_empty() {
                    found.push(other(separator, &at, all));
                }
                match pieces(part, &at, all, depth + 1) {
                    Some(more) => found.extend(more),
                    None => found.push(other(&unknown(part), &at, all)),
                }
            }
            Some(found)
        }
        // Within a text, whatever else there is has some value of its own.
        (name, _) if depth > 0 => Some(vec![other(&format!("${{{name}}}"), pointer, all)]),
        _ => None,
    }
}

fn unknown(json: &Json) -> Cow<'static, str> {
    match function(json) {
        Some((name, _)) => format!("${{{name}}}").into(),
        None => "${Value}".into(),
    }
}

fn literal(text: &str, pointer: &str, all: &mut String) -> Piece {
    all.push_str(text);
    Piece { length: text.len(), pointer: pointer.to_owned(), literal: true }
}

fn other(text: &str, pointer: &str, all: &mut String) -> Piece {
    all.push_str(text);
    Piece { length: text.len(), pointer: pointer.to_owned(), literal: false }
}

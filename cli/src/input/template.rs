//! The state machines of a CloudFormation or SAM template.

use std::path::Path;
use std::rc::Rc;

use sfn_tasks::asl::{Format, Source};
use sfn_tasks::value::{Json, Object};

use super::definition::{Definition, Text, member};
use super::file::{Content, File};
use super::files::without_dot;
use super::{Fault, Found, intrinsic};

/// The definitions of all state machines in the template.
pub(super) fn definitions(file: &Rc<File>, template: &Json) -> Found {
    let numbers = numbers(template);
    let mut found = Found::default();
    let resources = template.get("Resources").and_then(Json::as_object);
    for (name, resource) in resources.into_iter().flat_map(Object::iter) {
        let is_serverless = match resource.get("Type").and_then(Json::as_str) {
            Some("AWS::StepFunctions::StateMachine") => false,
            Some("AWS::Serverless::StateMachine") => true,
            _ => continue,
        };
        let Some(properties) = resource.get("Properties").and_then(Json::as_object) else { continue };
        let pointer = format!("{}/Properties", member("/Resources", name));
        let express = properties.get(if is_serverless { "Type" } else { "StateMachineType" });
        let resource = Resource {
            file,
            name,
            pointer: &pointer,
            properties,
            numbers: &numbers,
            express: express.and_then(Json::as_str) == Some("EXPRESS"),
        };
        resource.read(&mut found);
    }
    found
}

/// The parameters of the template that may be something else than a string where they stand by themselves.
fn numbers(template: &Json) -> Vec<&str> {
    let parameters = template.get("Parameters").and_then(Json::as_object);
    let is_string = |parameter: &Json| parameter.get("Type").and_then(Json::as_str) == Some("String");
    parameters.into_iter().flat_map(Object::iter).filter(|(_, it)| !is_string(it)).map(|(name, _)| name).collect()
}

/// One state machine of a template.
struct Resource<'t> {
    file: &'t Rc<File>,
    name: &'t str,
    /// The place of its properties.
    pointer: &'t str,
    properties: &'t Object,
    numbers: &'t [&'t str],
    express: bool,
}

impl Resource<'_> {
    fn read(&self, found: &mut Found) {
        for (name, value) in self.properties.iter() {
            let pointer = member(self.pointer, name);
            match name {
                "Definition" => self.tree(value, pointer, found),
                "DefinitionString" => self.string(value, &pointer, found),
                "DefinitionUri" | "DefinitionS3Location" => self.file(value, &pointer, found),
                _ => {}
            }
        }
    }

    /// A definition as an object of the template.
    fn tree(&self, value: &Json, pointer: String, found: &mut Found) {
        match intrinsic::function(value) {
            Some((name, _)) => found.notes.push(self.unknown(name, &pointer)),
            None => {
                let mut json = value.clone();
                substitute(&mut json, &self.substitutions());
                let json = intrinsic::resolve(&json, self.numbers);
                found.definitions.push(Ok(self.finish(Definition::at(self.file.clone(), pointer, json), &[])));
            }
        }
    }

    /// A definition as a string.
    fn string(&self, value: &Json, pointer: &str, found: &mut Found) {
        if let Some(("Fn::ToJsonString", tree)) = intrinsic::function(value) {
            return self.tree(tree, member(pointer, "Fn::ToJsonString"), found);
        }
        let mut text = String::new();
        let pieces = match intrinsic::function(value) {
            Some(("Fn::Sub" | "Fn::Join", _)) | None => intrinsic::pieces(value, pointer, &mut text, 0),
            Some(_) => None,
        };
        match (pieces, intrinsic::function(value)) {
            (Some(pieces), call) => {
                let text = Text { source: Source::new(text, Format::Json), pieces };
                // `Fn::Sub` puts its own values into the text, and leaves nothing to be substituted later.
                let values = match call {
                    Some(("Fn::Sub", argument)) => {
                        values(argument.as_array().and_then(|both| both.get(1)?.as_object()))
                    }
                    _ => self.substitutions(),
                };
                let definition = Definition::text(self.file.clone(), text);
                found.definitions.push(definition.map(|definition| self.finish(definition, &values)));
            }
            (None, Some((name, _))) => found.notes.push(self.unknown(name, pointer)),
            (None, None) => found.errors.push(format!(
                "{}: `DefinitionString` of `{}` is {}, not a string",
                self.place(pointer),
                self.name,
                value.kind()
            )),
        }
    }

    /// A definition in a file of its own.
    fn file(&self, value: &Json, pointer: &str, found: &mut Found) {
        let Some(path) = value.as_str().filter(|path| !path.contains("://")) else {
            let message = "the definition is not in a local file and is passed over";
            return found.notes.push(format!("{}: {message} (`{}`)", self.place(pointer), self.name));
        };
        match self.read_file(path) {
            Ok(definition) => found.definitions.push(definition),
            Err(why) => found.errors.push(format!("{}: the definition of `{}`: {why}", self.place(pointer), self.name)),
        }
    }

    fn read_file(&self, path: &str) -> Result<Result<Definition, Fault>, String> {
        let directory = self.file.path().parent().unwrap_or(Path::new(""));
        let file = File::read(&without_dot(&directory.join(path)))?;
        Ok(match file.parse() {
            Ok((file, Content::Other(json))) => {
                Ok(self.finish(Definition::whole(Rc::new(file), json), &self.substitutions()))
            }
            Ok((file, Content::Template(_))) => return Err(format!("{} is a template", file.name())),
            Err(fault) => Err(*fault),
        })
    }

    /// Says of a definition what the template says of it.
    fn finish(&self, definition: Definition, values: &[(&str, String)]) -> Definition {
        definition.named(self.name, self.express, |json| substitute(json, values))
    }

    fn substitutions(&self) -> Vec<(&str, String)> {
        values(self.properties.get("DefinitionSubstitutions").and_then(Json::as_object))
    }

    fn unknown(&self, function: &str, pointer: &str) -> String {
        let place = self.place(pointer);
        format!("{place}: the definition of `{}` comes from `{function}` and is passed over", self.name)
    }

    fn place(&self, pointer: &str) -> String {
        let name = self.file.name();
        match self.file.source().locate_key(pointer) {
            Some(location) => format!("{name}:{}:{}", location.line, location.column),
            None => name,
        }
    }
}

/// The texts by which placeholders are replaced, as far as they are known.
fn values(object: Option<&Object>) -> Vec<(&str, String)> {
    let text = |value: &Json| {
        let mut text = String::new();
        intrinsic::pieces(value, "", &mut text, 0)?;
        Some(text)
    };
    object.into_iter().flat_map(Object::iter).filter_map(|(name, value)| Some((name, text(value)?))).collect()
}

/// Puts values in the place of placeholders. What a function of the template stands for is left to the template.
fn substitute(json: &mut Json, values: &[(&str, String)]) {
    if values.is_empty() || intrinsic::function(json).is_some() {
        return;
    }
    match json {
        Json::String(text) if text.contains("${") => {
            let is_whole = text.starts_with("${") && text.find('}') == Some(text.len() - 1);
            let filled = values
                .iter()
                .fold(text.to_string(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value));
            // A number that fills a whole string may well be taken for one: that cannot be told from here.
            if !is_whole || !is_number_or_boolean(&filled) {
                *text = filled.into();
            }
        }
        Json::Placeholder(name) => {
            let value = values.iter().find(|(known, _)| known == name);
            if let Some(value) = value.and_then(|(_, value)| Source::new(value.as_str(), Format::Json).parse().ok()) {
                *json = value;
            }
        }
        Json::Array(elements) => elements.iter_mut().for_each(|element| substitute(element, values)),
        Json::Object(object) => object.iter_mut().for_each(|(_, value)| substitute(value, values)),
        _ => {}
    }
}

fn is_number_or_boolean(text: &str) -> bool {
    matches!(Source::new(text, Format::Json).parse(), Ok(Json::Number(_) | Json::Bool(_)))
}

//! The state machines of a template.

use std::collections::BTreeMap;

use super::definition::{Definition, Fault, Text, member};
use super::evaluate::{Evaluation, Names, function};
use super::reference::{Reference, Target};
use super::substitute::Substitution;
use super::{Resource, Template, TooLarge};
use crate::asl::{Format, Source};
use crate::expression::placeholder;
use crate::value::Json;

/// The properties of a state machine in a template, except its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Machine {
    /// Its logical ID.
    pub id: String,
    /// The position of its definition's container, as a JSON Pointer.
    pub pointer: String,
    /// Whether it is an Express workflow.
    pub express: bool,
    /// Its name; none if AWS generates one. As in all texts here, `${Name}` is a value that is known only at
    /// deployment.
    pub name: Option<String>,
    /// Whether it sends logs to CloudWatch Logs.
    pub logging: bool,
    /// Whether it sends traces to X-Ray.
    pub tracing: bool,
    /// The key that encrypts it.
    pub key: Option<String>,
    /// What each placeholder in the name and the key refers to in the template.
    pub references: BTreeMap<String, Reference>,
}

/// The definition of a state machine.
#[derive(Debug)]
pub enum Body {
    /// It is in the template.
    Here(Box<Definition>),
    /// It is in the template, but cannot be parsed.
    Broken(Fault),
    /// It is in the file at this path, relative to the folder of the template. See [`Template::complete`].
    File(String),
    /// It cannot be read: the reason.
    Elsewhere(String),
    /// It cannot be a definition: the reason.
    Wrong(String),
}

const MACHINE: &str = "AWS::StepFunctions::StateMachine";
const SERVERLESS: &str = "AWS::Serverless::StateMachine";

/// Whether resources of the type are state machines.
pub(super) fn is_machine(kind: &str) -> bool {
    [MACHINE, SERVERLESS].contains(&kind)
}

impl Template {
    /// The state machines, in the order of the template, and their definitions. `source` is the text of the template,
    /// for the positions of findings.
    pub fn machines(&self, source: &Source) -> Vec<(Machine, Body)> {
        self.resources().iter().flat_map(|resource| self.bodies(resource, source)).collect()
    }

    /// Uses the document of a file as the definition of the machine with that logical ID.
    ///
    /// # Errors
    ///
    /// Returns an error if the values from the template make it too large.
    pub fn complete(&self, machine: &str, document: Json) -> Result<Definition, TooLarge> {
        let mut definition = Definition::whole(document);
        if let Some(resource) = self.resource(machine) {
            let evaluation = Evaluation::new(self, Names::Plain);
            let values = self.substitutions(resource, &evaluation)?;
            self.fill(&mut definition, &values, &evaluation, !self.is_foreign())?;
            self.settle(&mut definition, evaluation);
        }
        Ok(definition)
    }

    fn bodies(&self, resource: &Resource, source: &Source) -> Vec<(Machine, Body)> {
        if !is_machine(resource.kind()) {
            return Vec::new();
        }
        let bodies = resource.properties().into_iter().flat_map(|properties| properties.iter());
        bodies
            .filter_map(|(name, value)| {
                let pointer = member(&resource.pointer, name);
                let body = match name {
                    "Definition" => self.tree(resource, value, &pointer),
                    "DefinitionString" => self.string(resource, value, &pointer, source),
                    "DefinitionUri" | "DefinitionS3Location" => Ok(file(value)),
                    "definition" if self.is_foreign() => self.foreign(resource, value, &pointer, source),
                    _ => return None,
                };
                let body =
                    body.unwrap_or_else(|error| Body::Wrong(format!("the definition of `{}`: {error}", resource.id())));
                Some((self.machine(resource, pointer), body))
            })
            .collect()
    }

    fn machine(&self, resource: &Resource, pointer: String) -> Machine {
        let of = |one: &str, other: &str| resource.property(one).or_else(|| resource.property(other));
        let evaluation = Evaluation::new(self, Names::Plain);
        let text = |json: &Json| evaluation.text(json, 0).ok();
        // A value that is known only at deployment can be anything.
        let may_be = |json: &Json, no: &str| json.as_str() != Some(no) && json.as_bool() != Some(false);
        let logging = of("LoggingConfiguration", "Logging");
        let level = logging.and_then(|logging| logging.get("Level"));
        let tracing = of("TracingConfiguration", "Tracing").and_then(|tracing| tracing.get("Enabled"));
        let express = of("StateMachineType", "Type").and_then(Json::as_str);
        let name = of("StateMachineName", "Name").and_then(text);
        let key = resource.property("EncryptionConfiguration").and_then(|encryption| encryption.get("KmsKeyId"));
        let key = key.and_then(|key| {
            // For an alias, a policy contains neither the ARN nor a reference.
            let alias = Evaluation::new(self, Names::Physical).text(key, 0).ok();
            alias.filter(|alias| alias.starts_with("alias/")).or_else(|| text(key))
        });
        let functions = evaluation.functions();
        let mut names = Vec::new();
        for text in name.iter().chain(&key) {
            placeholders(&Json::from(text.clone()), &mut names);
        }
        let references = names.into_iter().map(|name| {
            let reference = self.reference(&name, &functions);
            (name, reference)
        });
        Machine {
            id: resource.id().to_owned(),
            pointer,
            express: express == Some("EXPRESS"),
            name,
            logging: logging
                .is_some_and(|logging| function(logging).is_some() || logging.get("Destinations").is_some())
                && level.is_some_and(|level| may_be(level, "OFF")),
            tracing: tracing.is_some_and(|enabled| may_be(enabled, "false")),
            key,
            references: references.collect(),
        }
    }

    /// A definition as an object of the template.
    fn tree(&self, resource: &Resource, value: &Json, pointer: &str) -> Result<Body, TooLarge> {
        if let Some((name, _)) = function(value) {
            return Ok(elsewhere(name));
        }
        let evaluation = Evaluation::new(self, Names::Plain);
        let values = self.substitutions(resource, &evaluation)?;
        let mut definition = Definition::at(pointer, value.clone());
        self.fill(&mut definition, &values, &evaluation, !self.is_foreign())?;
        let resolved = evaluation.tree(definition.machine().json())?;
        *definition.json_mut() = resolved;
        self.settle(&mut definition, evaluation);
        Ok(Body::Here(Box::new(definition)))
    }

    /// A definition as a string.
    fn string(&self, resource: &Resource, value: &Json, pointer: &str, source: &Source) -> Result<Body, TooLarge> {
        let call = function(value);
        if let Some((name @ "Fn::ToJsonString", tree)) = call {
            return self.tree(resource, tree, &member(pointer, name));
        }
        let evaluation = Evaluation::new(self, Names::Plain);
        let mut text = String::new();
        let Some(pieces) = evaluation.pieces(value, pointer, &mut text)? else {
            return Ok(match call {
                Some((name, _)) => elsewhere(name),
                None => {
                    Body::Wrong(format!("`DefinitionString` of `{}` is {}, not a string", resource.id(), value.kind()))
                }
            });
        };
        let text = Text { source: Source::new(text, Format::Json), pieces };
        let mut definition = match Definition::text(source, text) {
            Ok(definition) => definition,
            Err(fault) => return Ok(Body::Broken(fault)),
        };
        match call {
            // `Fn::Sub` inserts its own values into the text; the remaining placeholders are names of the template.
            Some(("Fn::Sub", argument)) => {
                let values = argument.as_array().and_then(|both| both.get(1)?.as_object());
                let values = evaluation.values(values, 0)?;
                self.fill(&mut definition, &values, &evaluation, false)?;
                // Remaining placeholders can still be replaced when the machine is created: `${!Name}` is then
                // `${Name}`.
                let values = self.substitutions(resource, &evaluation)?;
                let literal: Vec<String> = values.keys().map(|name| format!("!{name}")).collect();
                let of_literal: BTreeMap<&str, String> =
                    literal.iter().map(String::as_str).zip(values.values().cloned()).chain(values.clone()).collect();
                self.fill(&mut definition, &of_literal, &evaluation, false)?;
            }
            _ => {
                let values = self.substitutions(resource, &evaluation)?;
                self.fill(&mut definition, &values, &evaluation, call.is_none() && !self.is_foreign())?;
            }
        }
        self.settle(&mut definition, evaluation);
        Ok(Body::Here(Box::new(definition)))
    }

    /// A definition in a template of another format.
    fn foreign(&self, resource: &Resource, value: &Json, pointer: &str, source: &Source) -> Result<Body, TooLarge> {
        match value {
            Json::Null => Ok(Body::Elsewhere("is known only when it is deployed and is skipped".to_owned())),
            Json::String(text) => match file_variable(text) {
                Some(path) => Ok(file(&Json::from(path.to_owned()))),
                None if placeholder::find(text.trim()).any(|range| range == (0..text.trim().len())) => {
                    Ok(Body::Elsewhere(format!("comes from `{}` and is skipped", text.trim())))
                }
                None => self.string(resource, value, pointer, source),
            },
            _ => self.tree(resource, value, pointer),
        }
    }

    fn substitutions<'r>(
        &self,
        resource: &'r Resource,
        evaluation: &Evaluation<'_>,
    ) -> Result<BTreeMap<&'r str, String>, TooLarge> {
        evaluation.values(resource.property("DefinitionSubstitutions").and_then(Json::as_object), 0)
    }

    /// Replaces placeholders. `own` means that the remaining ones are not names of the template, but belong to the
    /// definition.
    fn fill(
        &self,
        definition: &mut Definition,
        values: &BTreeMap<&str, String>,
        evaluation: &Evaluation<'_>,
        own: bool,
    ) -> Result<(), TooLarge> {
        let mut substitution = Substitution::new(values);
        substitution.fill(definition.json_mut())?;
        if own {
            let known = evaluation.known();
            let names = substitution.unfilled.into_iter();
            definition.unfilled = names.filter(|name| is_name(name) && !known.contains_key(name)).collect();
            let left_alone = substitution.left_alone.into_iter();
            definition.left_alone = left_alone.filter(|name| !known.contains_key(name)).collect();
        }
        Ok(())
    }

    /// Records what the placeholders refer to.
    fn settle(&self, definition: &mut Definition, evaluation: Evaluation<'_>) {
        definition.left_alone.append(&mut evaluation.literals.borrow_mut());
        let functions = evaluation.functions();
        let mut names = Vec::new();
        placeholders(definition.machine().json(), &mut names);
        for name in names {
            // `${!Literal}` is not a reference.
            if name.starts_with('!') || definition.unfilled.contains(&name) || definition.references.contains_key(&name)
            {
                continue;
            }
            let reference = self.reference(&name, &functions);
            if reference.target != Target::Nothing || !definition.left_alone.contains(&name) {
                definition.references.insert(name, reference);
            }
        }
    }
}

/// Whether it can be the name of a substitution; `${HOME:-/root}` is something else.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn placeholders(json: &Json, names: &mut Vec<String>) {
    match json {
        Json::String(text) => {
            names.extend(placeholder::find(text).map(|range| text[range.start + 2..range.end - 1].to_owned()));
        }
        Json::Placeholder(name) => names.push(name.to_string()),
        Json::Array(elements) => elements.iter().for_each(|element| placeholders(element, names)),
        Json::Object(object) => object.iter().for_each(|(_, value)| placeholders(value, names)),
        _ => {}
    }
}

fn elsewhere(function: &str) -> Body {
    Body::Elsewhere(format!("comes from `{function}` and is skipped"))
}

/// The file that a variable of the Serverless Framework reads: `${file(machines/a.yml)}`. With a `:` after it, it reads
/// only a part of the file.
fn file_variable(text: &str) -> Option<&str> {
    text.trim()
        .strip_prefix("${file(")?
        .strip_suffix(")}")
        .map(str::trim)
        .filter(|path| !path.contains(['$', '(', ')']))
}

/// A definition in a separate file.
fn file(value: &Json) -> Body {
    match value.as_str().filter(|path| !path.contains("://")) {
        Some(path) => Body::File(path.to_owned()),
        None => Body::Elsewhere("is not in a local file and is skipped".to_owned()),
    }
}

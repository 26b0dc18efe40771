//! A JSON Schema of definitions, with which editors complete and explain the Amazon States Language.
//!
//! It is generated from the table of the language's fields and the [`catalog`](crate::catalog), so it contains the
//! parameters of each integration. It uses draft 07, which VS Code, the JetBrains IDEs and the YAML language server
//! support. A schema finds fewer errors than [`check`](crate::check): it describes the shape of a definition, but not
//! the dependencies between its parts.
//!
//! ```
//! use sfn_tasks::{catalog, schema};
//!
//! let schema = schema::of_definitions(catalog::services().iter().copied());
//! assert!(schema.pointer("/definitions/sqs:sendMessage/properties/QueueUrl").is_some());
//! ```

use std::collections::HashMap;

use crate::asl::StateType;
use crate::asl::errors;
use crate::asl::fields::{
    BRANCH, CATCHER, CHOICE_RULE, CREDENTIALS, Content, DEFINITION, Field, FieldSet, ITEM_BATCHER, ITEM_PROCESSOR,
    ITEM_READER, Operand, PROCESSOR_CONFIG, READER_CONFIG, RESULT_WRITER, RETRIER, STATE, WRITER_CONFIG,
};
use crate::catalog::{Action, Member, Service, Shape, Structure};
use crate::value::{Json, Number, Object, QueryLanguage};

/// The types of states, by their names.
const TYPES: [(&str, StateType); 8] = [
    ("Task", StateType::Task),
    ("Pass", StateType::Pass),
    ("Choice", StateType::Choice),
    ("Wait", StateType::Wait),
    ("Succeed", StateType::Succeed),
    ("Fail", StateType::Fail),
    ("Parallel", StateType::Parallel),
    ("Map", StateType::Map),
];

const SETS: [&FieldSet; 13] = [
    &BRANCH,
    &CATCHER,
    &CHOICE_RULE,
    &CREDENTIALS,
    &DEFINITION,
    &ITEM_BATCHER,
    &ITEM_PROCESSOR,
    &ITEM_READER,
    &PROCESSOR_CONFIG,
    &READER_CONFIG,
    &RESULT_WRITER,
    &RETRIER,
    &WRITER_CONFIG,
];

/// The forms that can replace a value that is known only at run time or at deployment: a JSONata expression, or a
/// text with a placeholder.
const DYNAMIC: &str = r"^\{%[\s\S]*%\}$|\$\{";

/// The schema of definitions, with the parameters of the calls of these services.
pub fn of_definitions(services: impl IntoIterator<Item = &'static Service>) -> Json {
    let mut writer = Writer::default();
    let calls: Vec<&'static Action> = services.into_iter().flat_map(|service| service.actions).copied().collect();
    for set in SETS {
        let schema = writer.set(set);
        writer.define(key(set), schema);
    }
    for (name, kind) in TYPES {
        let schema = writer.state(name, kind, &calls);
        writer.define(name.to_owned(), schema);
    }
    writer.define("state".to_owned(), state());
    writer.define("dynamic".to_owned(), any_dynamic());
    for action in &calls {
        let schema = writer.parameters(action);
        writer.define(name_of(action), schema);
    }
    while let Some((name, structure)) = writer.waiting.pop() {
        let schema = writer.structure(structure);
        writer.define(name, schema);
    }
    object([
        ("$schema", "http://json-schema.org/draft-07/schema#".into()),
        ("title", "A state machine in the Amazon States Language".into()),
        ("$ref", reference(&key(&DEFINITION))),
        ("definitions", Json::Object(writer.definitions)),
    ])
}

#[derive(Default)]
struct Writer {
    definitions: Object,
    /// The names of structures that are already defined or will be.
    names: HashMap<*const Structure, String>,
    waiting: Vec<(String, &'static Structure)>,
}

impl Writer {
    fn define(&mut self, name: String, schema: Json) {
        self.definitions.insert(name, schema);
    }

    /// An object of the Amazon States Language that is not a state.
    fn set(&mut self, set: &'static FieldSet) -> Json {
        let properties = set.fields.iter().map(|field| (field.name.to_owned(), content(field)));
        closed(set.name, properties.collect(), required(set.fields.iter()))
    }

    fn state(&mut self, name: &'static str, kind: StateType, calls: &[&'static Action]) -> Json {
        let fields: Vec<&Field> = STATE.fields.iter().filter(|field| field.belongs_to(kind)).collect();
        let properties = fields.iter().map(|field| {
            let schema = match field.name {
                "Type" => object([("const", name.into())]),
                "Resource" => resource(calls),
                _ => content(field),
            };
            (field.name.to_owned(), schema)
        });
        // `TimeoutSeconds` can be a path instead, and a state has `Next` or `End`; the checker handles such
        // dependencies.
        let mut schema = closed(&format!("a {name} state"), properties.collect(), required(fields.iter().copied()));
        if let (StateType::Task, Json::Object(schema)) = (kind, &mut schema) {
            let cases = calls.iter().filter(|action| action.body_member.is_none());
            schema.insert("allOf", Json::Array(cases.map(|action| case(action)).collect()));
        }
        schema
    }

    /// `Parameters` of a call, in both query languages.
    fn parameters(&mut self, action: &'static Action) -> Json {
        let members = action.parameters.members.iter().filter(|member| Some(member.name) != action.resource_member);
        let mut schema = self.members(members, action.docs);
        // The whole value can be an expression.
        if let Json::Object(schema) = &mut schema {
            schema.insert("type", Json::from(vec![Json::from("object"), Json::from("string")]));
        }
        schema
    }

    fn structure(&mut self, structure: &'static Structure) -> Json {
        let mut schema = self.members(structure.members.iter(), "");
        if let Json::Object(schema) = &mut schema {
            schema.insert("type", Json::from(vec![Json::from("object"), Json::from("string")]));
        }
        schema
    }

    /// An object whose members can each be a path, with `.$` after the name.
    fn members(&mut self, members: impl Iterator<Item = &'static Member>, docs: &str) -> Json {
        let (mut properties, mut required) = (Object::new(), Vec::new());
        for member in members {
            let mut schema = self.shape(&member.shape);
            let deprecated = member.deprecated.map(|deprecated| format!("\n\nDeprecated: {}", deprecated.why));
            let docs = format!("{}{}", member.docs, deprecated.unwrap_or_default());
            describe(&mut schema, &docs);
            properties.insert(member.name.to_owned(), schema);
            let mut path = object([("type", "string".into())]);
            describe(&mut path, &format!("A path or an intrinsic function. {docs}"));
            properties.insert(format!("{}.$", member.name), path);
            if member.required {
                let one = |name: String| object([("required", Json::from(vec![Json::from(name)]))]);
                let either = vec![one(member.name.to_owned()), one(format!("{}.$", member.name))];
                required.push(object([("anyOf", Json::from(either))]));
            }
        }
        let mut schema = object([("type", "object".into())]);
        describe(&mut schema, docs);
        if let Json::Object(schema) = &mut schema {
            schema.insert("properties", Json::Object(properties));
            schema.insert("additionalProperties", Json::Bool(false));
            if !required.is_empty() {
                // Only for an object; an expression cannot be checked here.
                let all = object([("allOf", Json::from(required))]);
                schema.insert("if", object([("type", "object".into())]));
                schema.insert("then", all);
            }
        }
        schema
    }

    fn shape(&mut self, shape: &Shape) -> Json {
        match shape {
            // AWS writes objects as this text.
            Shape::String(text) if text.format == Some("json") => object([]),
            Shape::String(_) | Shape::Blob => string(),
            Shape::Enum(set) => {
                let values = set.values.iter().map(|(value, _)| Json::from(*value));
                let docs = set.values.iter().map(|(_, docs)| Json::from(*docs));
                dynamic(object([
                    ("enum", Json::Array(values.collect())),
                    ("enumDescriptions", Json::Array(docs.collect())),
                ]))
            }
            Shape::Integer(bounds) => dynamic(number("integer", bounds.minimum, bounds.maximum)),
            Shape::Number(bounds) => dynamic(number("number", bounds.minimum, bounds.maximum)),
            Shape::Boolean => dynamic(object([("type", "boolean".into())])),
            Shape::Timestamp => object([("type", Json::from(vec![Json::from("string"), Json::from("number")]))]),
            Shape::Json => object([]),
            Shape::List(list) => {
                let items = self.shape(&list.items);
                dynamic(object([("type", "array".into()), ("items", items)]))
            }
            Shape::Map(map) => {
                let values = self.shape(&map.values);
                let paths = object([(r"\.\$$", object([("type", "string".into())]))]);
                dynamic(object([
                    ("type", "object".into()),
                    ("patternProperties", paths),
                    (
                        "additionalProperties",
                        object([("anyOf", Json::from(vec![values, object([("type", "string".into())])]))]),
                    ),
                ]))
            }
            Shape::Structure(of) => {
                let structure = of.get();
                let name = self.name(structure);
                object([("allOf", Json::from(vec![object([("$ref", reference(&name))])]))])
            }
        }
    }

    fn name(&mut self, structure: &'static Structure) -> String {
        let count = self.names.len();
        let name = self.names.entry(structure).or_insert_with(|| format!("{}#{count}", structure.name));
        if name.ends_with(&format!("#{count}")) {
            self.waiting.push((name.clone(), structure));
        }
        name.clone()
    }
}

/// A state of any type. Errors are reported only for its own type.
fn state() -> Json {
    let names = TYPES.iter().map(|(name, _)| Json::from(*name));
    let types = object([("Type", dynamic(object([("enum", Json::Array(names.collect()))])))]);
    let cases = TYPES.iter().map(|(name, _)| {
        let is_type = object([("Type", object([("const", (*name).into())]))]);
        object([
            ("if", object([("properties", is_type), ("required", Json::from(vec![Json::from("Type")]))])),
            ("then", object([("$ref", reference(name))])),
        ])
    });
    object([
        ("type", "object".into()),
        ("properties", types),
        ("required", Json::from(vec![Json::from("Type")])),
        ("allOf", Json::Array(cases.collect())),
    ])
}

/// The parameters of one call, if the resource names it.
fn case(action: &Action) -> Json {
    let suffixes = r"(\.sync(:2)?|\.waitForTaskToken)?";
    let pattern = format!("^arn:[^:]*:states:[^:]*:[^:]*:{}:{}{suffixes}$", action.service, action.name);
    let is_call = object([("Resource", object([("type", "string".into()), ("pattern", pattern.into())]))]);
    let parameters = object([("$ref", reference(&name_of(action)))]);
    let then = object([("Parameters", parameters.clone()), ("Arguments", parameters)]);
    object([
        ("if", object([("properties", is_call), ("required", Json::from(vec![Json::from("Resource")]))])),
        ("then", object([("properties", then)])),
    ])
}

/// The known resources, as suggestions; any other text is allowed too.
fn resource(calls: &[&Action]) -> Json {
    let patterns = calls.iter().flat_map(|action| action.patterns);
    let known = patterns.map(|support| Json::from(support.resource.replace("${Partition}", "aws")));
    let any = vec![object([("enum", Json::Array(known.collect()))]), string()];
    let mut schema = object([("anyOf", Json::from(any))]);
    describe(&mut schema, "The target of the call: the ARN of an integration, of a Lambda function or of an activity.");
    schema
}

fn content(field: &Field) -> Json {
    let text = string;
    let or_null = || object([("type", Json::from(vec![Json::from("string"), Json::from("null")]))]);
    let of_set = |set: &FieldSet| object([("$ref", reference(&key(set)))]);
    let list = |items: Json| dynamic(object([("type", "array".into()), ("items", items)]));
    let mut schema = match field.content {
        Content::Text
        | Content::StateName
        | Content::Timestamp
        | Content::ReferencePath
        | Content::PathOrIntrinsic
        | Content::ComparisonPath(_) => text(),
        Content::Path | Content::ResultPath => or_null(),
        Content::OneOf(values) => {
            dynamic(object([("enum", Json::Array(values.iter().map(|value| Json::from(*value)).collect()))]))
        }
        Content::Boolean | Content::Test | Content::Comparison(Operand::Boolean) => {
            dynamic(object([("type", "boolean".into())]))
        }
        Content::Integer(least, most) => {
            dynamic(number("integer", Some(least as f64), (most < i64::MAX).then_some(most as f64)))
        }
        Content::Number(least, most) => dynamic(number("number", Some(least), (most < f64::MAX).then_some(most))),
        Content::Comparison(Operand::Number) => dynamic(number("number", None, None)),
        Content::Comparison(_) => text(),
        Content::Condition => object([("type", Json::from(vec![Json::from("string"), Json::from("boolean")]))]),
        Content::Payload | Content::Json => object([]),
        Content::Variables => dynamic(object([("type", "object".into())])),
        Content::Texts => list(text()),
        Content::ErrorNames => {
            // An editor should not suggest errors that can be neither retried nor caught.
            let names = errors::NAMES.iter().filter(|name| **name != errors::RUNTIME);
            let known = object([("enum", Json::Array(names.map(|name| Json::from(*name)).collect()))]);
            list(object([("anyOf", Json::from(vec![known, text()]))]))
        }
        Content::States => {
            object([("type", "object".into()), ("additionalProperties", object([("$ref", reference("state"))]))])
        }
        Content::Object(set) => match field.expression {
            true => dynamic(of_set(set)),
            false => object([("allOf", Json::from(vec![of_set(set)]))]),
        },
        Content::Objects(set) => list(of_set(set)),
    };
    describe(&mut schema, &about(field));
    schema
}

/// The states and the query language that have a field: `Only in JSONPath. Of Task and Map states.`
fn about(field: &Field) -> String {
    let language = match field.language {
        Some(QueryLanguage::JsonPath) => "Only in JSONPath. ",
        Some(QueryLanguage::Jsonata) => "Only in JSONata. ",
        None => "",
    };
    let types: Vec<&str> =
        TYPES.iter().filter(|(_, kind)| field.states.contains(kind)).map(|(name, _)| *name).collect();
    let states = if types.is_empty() { String::new() } else { format!("Of states of the type {}. ", types.join(", ")) };
    format!(
        "{language}{states}https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html"
    )
}

fn required<'f>(fields: impl Iterator<Item = &'f Field>) -> Vec<Json> {
    fields.filter(|field| field.required && field.language.is_none()).map(|field| Json::from(field.name)).collect()
}

/// An object with these members only.
fn closed(docs: &str, properties: Object, required: Vec<Json>) -> Json {
    let mut schema = object([("type", "object".into())]);
    describe(&mut schema, docs);
    if let Json::Object(schema) = &mut schema {
        schema.insert("properties", Json::Object(properties));
        if !required.is_empty() {
            schema.insert("required", Json::from(required));
        }
        schema.insert("additionalProperties", Json::Bool(false));
    }
    schema
}

/// A text, or a function of a template that returns one.
fn string() -> Json {
    dynamic(object([("type", "string".into())]))
}

/// A text, or a CloudFormation function in place of another value.
fn any_dynamic() -> Json {
    let text = object([("type", "string".into()), ("pattern", DYNAMIC.into())]);
    let function = object([
        ("type", "object".into()),
        ("minProperties", 1.into()),
        ("maxProperties", 1.into()),
        ("patternProperties", object([("^(Ref$|Fn::)", object([]))])),
        ("additionalProperties", Json::Bool(false)),
    ]);
    object([("anyOf", Json::from(vec![text, function]))])
}

/// The same, or a placeholder for it.
fn dynamic(schema: Json) -> Json {
    object([("anyOf", Json::from(vec![schema, object([("$ref", reference("dynamic"))])]))])
}

fn number(kind: &str, minimum: Option<f64>, maximum: Option<f64>) -> Json {
    let mut schema = Object::new();
    schema.insert("type", kind.to_owned());
    for (name, bound) in [("minimum", minimum), ("maximum", maximum)] {
        if let Some(bound) = bound.and_then(|bound| Number::from_text(&bound.to_string())) {
            schema.insert(name, bound);
        }
    }
    Json::Object(schema)
}

fn describe(schema: &mut Json, docs: &str) {
    if let (Json::Object(schema), false) = (schema, docs.is_empty()) {
        schema.insert("description", docs.to_owned());
        // VS Code recognizes Markdown only with this name.
        schema.insert("markdownDescription", docs.to_owned());
    }
}

fn object<const N: usize>(members: [(&'static str, Json); N]) -> Json {
    let mut object = Object::new();
    for (name, value) in members {
        object.insert(name, value);
    }
    Json::Object(object)
}

fn reference(name: &str) -> Json {
    Json::from(format!("#/definitions/{}", name.replace('#', "%23")))
}

fn key(set: &FieldSet) -> String {
    set.name.trim_start_matches("a ").trim_start_matches("an ").to_owned().replace(' ', "-")
}

fn name_of(action: &Action) -> String {
    format!("{}:{}", action.service, action.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references<'j>(json: &'j Json, found: &mut Vec<&'j str>) {
        match json {
            Json::Object(members) => {
                for (name, value) in members.iter() {
                    match (name, value.as_str()) {
                        ("$ref", Some(target)) => found.push(target),
                        _ => references(value, found),
                    }
                }
            }
            Json::Array(elements) => elements.iter().for_each(|element| references(element, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_to_a_definition() {
        let schema = of_definitions(crate::catalog::services().iter().copied());
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.len() > 500);
        for target in found {
            let pointer = target.trim_start_matches('#').replace("%23", "#");
            assert!(schema.pointer(&pointer).is_some(), "{target}");
        }
    }
}

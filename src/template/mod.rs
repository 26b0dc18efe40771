//! The template around a definition: a graph of resources, which is only read.
//!
//! A template contains what its definition does not: the values of references, whether the machine logs, and its role.
//! [`Template`] reads CloudFormation and SAM; [`Template::of_resources`] accepts the converted resources of templates in
//! other formats.
//!
//! ```
//! use sfn_tasks::asl::{Format, Source};
//! use sfn_tasks::template::{Body, Gives, Template};
//!
//! let source = Source::new(r#"{"Resources": {
//!     "Mail": {"Type": "AWS::SQS::Queue"},
//!     "Flow": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
//!         "StateMachineName": "mailer",
//!         "Definition": {"StartAt": "Send", "States": {"Send": {
//!             "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
//!             "Parameters": {"QueueUrl": {"Ref": "Mail"}, "MessageBody": "hello"}, "End": true
//!         }}}
//!     }}
//! }}"#, Format::Json);
//! let template = Template::new(source.parse()?);
//! let machines = template.machines(&source);
//! let (machine, body) = &machines[0];
//! assert_eq!((machine.id.as_str(), machine.name.as_deref()), ("Flow", Some("mailer")));
//! let Body::Here(definition) = body else { panic!("it is in the template") };
//! assert_eq!(definition.machine().json().pointer("/States/Send/Parameters/QueueUrl").unwrap().as_str(), Some("${Mail}"));
//! assert_eq!(definition.references()["Mail"].resource().map(|(_, gives)| gives), Some(Gives::Url));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod align;
mod definition;
mod encrypted;
mod evaluate;
mod for_each;
mod machine;
mod passed;
mod policies;
mod reference;
mod role;
mod root;
mod sam;
mod substitute;
mod types;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

pub use definition::{Definition, Fault};
pub(crate) use encrypted::EncryptionKey;
pub use machine::{Body, Machine};
pub use reference::{Reference, Target};
pub use role::{Role, RoleBoundary, RoleOrigin, RoleStatement};
pub use root::Root;
pub use types::{Gives, ResourceType, TYPES};

use crate::asl::MAX_LENGTH;
use crate::value::{Json, Object};
use for_each::Written;

/// The maximum depth of `Fn::If`.
const MAX_BRANCHES: usize = 8;

/// Values from a template make a text larger than a definition may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "with its substitutions, it is larger than {MAX_LENGTH} bytes")
    }
}

impl std::error::Error for TooLarge {}

/// A resource of a template.
#[derive(Debug, Clone)]
pub struct Resource {
    id: String,
    kind: String,
    /// The position of its properties.
    pointer: String,
    condition: Option<String>,
    properties: Json,
}

impl Resource {
    /// A resource with that logical ID, type and properties; the properties are at that JSON Pointer.
    pub fn new(id: impl Into<String>, kind: impl Into<String>, pointer: impl Into<String>, properties: Json) -> Self {
        Self { id: id.into(), kind: kind.into(), pointer: pointer.into(), condition: None, properties }
    }

    /// The logical ID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The type: `AWS::SQS::Queue`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The position of its properties, as a JSON Pointer.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The condition under which it is created.
    pub fn condition(&self) -> Option<&str> {
        self.condition.as_deref()
    }

    /// The properties.
    pub fn properties(&self) -> Option<&Object> {
        self.properties.as_object()
    }

    /// A property.
    pub fn property(&self, name: &str) -> Option<&Json> {
        self.properties.get(name)
    }
}

/// A template: its resources, and how they refer to each other.
#[derive(Debug, Clone)]
pub struct Template {
    json: Json,
    resources: Vec<Resource>,
    by_id: HashMap<String, usize>,
}

impl Template {
    /// A template of CloudFormation or SAM.
    pub fn new(json: Json) -> Self {
        let resources = for_each::resources(&json)
            .into_iter()
            .map(|Written { id, resource, pointer }| {
                let text = |name: &str| resource.get(name).and_then(Json::as_str).map(str::to_owned);
                Resource {
                    id,
                    kind: text("Type").unwrap_or_default(),
                    pointer: format!("{pointer}/Properties"),
                    condition: text("Condition"),
                    properties: resource.get("Properties").cloned().unwrap_or_default(),
                }
            })
            .collect();
        Self::of_resources(json, resources)
    }

    /// A template of another format, whose resources were converted to CloudFormation: types and properties have
    /// CloudFormation's names, references are `Ref` and `Fn::GetAtt`. The definition of a state machine is its property
    /// `definition`: an object, a string, or `null` if it is known only at deployment.
    pub fn of_resources(json: Json, resources: Vec<Resource>) -> Self {
        let by_id = resources.iter().enumerate().map(|(at, resource)| (resource.id.clone(), at)).collect();
        Self { json, resources, by_id }
    }

    /// Whether a document is a template with AWS resources, and not a definition.
    pub fn is_one(json: &Json) -> bool {
        let is_resource =
            |resource: &Json| resource.get("Type").and_then(Json::as_str).is_some_and(|kind| kind.contains("::"));
        let has_resource = |resources: &Json| {
            let mut all = resources.as_object().into_iter().flat_map(Object::iter);
            all.any(|(name, one)| is_resource(one) || for_each::is_loop(name, one))
        };
        json.get("StartAt").is_none() && json.get("States").is_none() && json.get("Resources").is_some_and(has_resource)
    }

    /// The document.
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// The resources, in the order of the template.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// The resource with that logical ID.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.by_id.get(id).and_then(|at| self.resources.get(*at))
    }

    /// The resource that `Name` or `Name.Attribute` refers to, and the attribute.
    fn resource_of<'n>(&self, name: &'n str) -> Option<(&Resource, Option<&'n str>)> {
        if let Some(resource) = self.resource(name) {
            return Some((resource, None));
        }
        let (id, attribute) = name.split_once('.')?;
        Some((self.resource(id)?, Some(attribute)))
    }

    fn parameter(&self, name: &str) -> Option<&Json> {
        self.json.get("Parameters").and_then(|parameters| parameters.get(name))
    }

    /// The defaults of parameters whose values are not stored elsewhere.
    fn defaults(&self) -> BTreeMap<String, String> {
        let all = self.json.get("Parameters").and_then(Json::as_object).into_iter().flat_map(Object::iter);
        let default = |(name, parameter): (&str, &Json)| {
            let kind = parameter.get("Type").and_then(Json::as_str).unwrap_or_default();
            let value = match parameter.get("Default")? {
                Json::String(text) => text.to_string(),
                Json::Number(number) => number.to_string(),
                _ => return None,
            };
            (!kind.starts_with("AWS::SSM::")).then(|| (name.to_owned(), value))
        };
        all.filter_map(default).collect()
    }

    /// Whether a parameter that is a whole value can be something other than a string.
    fn is_number(&self, parameter: &str) -> bool {
        self.parameter(parameter).is_some_and(|it| it.get("Type").and_then(Json::as_str) != Some("String"))
    }

    /// Whether the template has another format than CloudFormation, which can create more resources than it shows.
    fn is_foreign(&self) -> bool {
        self.json.get("Resources").is_none()
    }

    /// Whether a transform can create the resource: SAM creates `FnRole` for `Fn`, and a macro can create anything.
    fn may_be_made(&self, name: &str) -> bool {
        let is_sam = |transform: &Json| transform.as_str().is_some_and(|name| name.starts_with("AWS::Serverless"));
        let from_sam = || sam::shares(name) || self.resources.iter().any(|resource| sam::makes(resource, name));
        let resources = self.json.get("Resources");
        if self.is_foreign() || resources.is_some_and(|resources| resources.get("Fn::Transform").is_some()) {
            return true;
        }
        match self.json.get("Transform") {
            None => false,
            Some(Json::Array(all)) if all.iter().all(is_sam) => from_sam(),
            Some(one) => !is_sam(one) || from_sam(),
        }
    }

    /// The value of a function: one of the values of `Fn::If`, if both are of the same kind.
    fn target_of(&self, call: &Json, depth: usize) -> Target {
        match evaluate::function(call) {
            Some(("Ref" | "Fn::GetAtt", path)) if depth > 0 => match evaluate::attribute(path) {
                Some(name) => self.reference(&name, &BTreeMap::new()).target,
                None => Target::Deployment,
            },
            Some(("Fn::If", Json::Array(arguments))) if depth < MAX_BRANCHES => match arguments.as_slice() {
                [_, one, other] => {
                    let is_arn = |json: &Json| json.as_str().is_some_and(|text| text.starts_with("arn:"));
                    let (first, second) = (self.target_of(one, depth + 1), self.target_of(other, depth + 1));
                    let gives = |target: &Target| match target {
                        Target::Resource { gives, .. } => *gives,
                        _ => None,
                    };
                    match (gives(&first), gives(&second)) {
                        (Some(this), Some(that)) if this == that => first,
                        (Some(Gives::Arn), None) if is_arn(other) => first,
                        (None, Some(Gives::Arn)) if is_arn(one) => second,
                        _ => Target::Deployment,
                    }
                }
                _ => Target::Deployment,
            },
            _ => Target::Deployment,
        }
    }

    /// What a placeholder `${name}` refers to; it can be the placeholder of one of the functions.
    pub(crate) fn reference(&self, name: &str, functions: &BTreeMap<String, Json>) -> Reference {
        let call = |function: &str, argument: &str| {
            let mut call = Object::new();
            call.insert(function.to_owned(), argument.to_owned());
            Json::Object(call)
        };
        if let Some(function) = functions.get(name) {
            return Reference { call: function.clone(), target: self.target_of(function, 0) };
        }
        if name.starts_with("AWS::") {
            return Reference { call: call("Ref", name), target: Target::Pseudo };
        }
        if self.parameter(name).is_some() {
            return Reference { call: call("Ref", name), target: Target::Deployment };
        }
        let Some((resource, attribute)) = self.resource_of(name) else {
            let target = if self.may_be_made(name) { Target::Deployment } else { Target::Nothing };
            return Reference { call: call("Ref", name), target };
        };
        let known = ResourceType::find(resource.kind());
        let of = |gives| Target::Resource { kind: resource.kind.clone(), gives };
        match (known, attribute) {
            (known, None) => Reference { call: call("Ref", name), target: of(known.map(|known| known.reference)) },
            // SAM creates resources with these names.
            (Some(known), Some("Alias" | "Version")) if known.name == "AWS::Serverless::Function" => {
                Reference { call: call("Ref", name), target: of(Some(Gives::Arn)) }
            }
            (Some(known), Some(attribute)) => Reference {
                call: call("Fn::GetAtt", name),
                target: match known.attribute(attribute) {
                    Some(gives) => of(Some(gives)),
                    None => Target::NoAttribute { kind: known.name },
                },
            },
            (None, Some(_)) => Reference { call: call("Fn::GetAtt", name), target: of(None) },
        }
    }
}

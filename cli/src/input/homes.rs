//! Reads all kinds of templates in JSON or YAML into one form: CloudFormation and SAM, the Serverless Framework, plans and
//! states of Terraform (`terraform show -json`), and Terraform configuration as JSON (`.tf.json`).

use sfn_tasks::template::{Resource, Template};
use sfn_tasks::value::{Json, Object, escape_token};

use super::{plan, terraform};

/// The CloudFormation type of a state machine.
pub(super) const MACHINE: &str = "AWS::StepFunctions::StateMachine";

/// The document as a template, or unchanged if it is not a template.
pub(super) fn template(json: Json) -> Result<Template, Json> {
    if Template::is_one(&json) {
        return Ok(Template::new(json));
    }
    let is_definition = json.get("StartAt").is_some() || json.get("States").is_some();
    let resources = match is_definition {
        true => None,
        false => serverless(&json).or_else(|| plan::resources(&json)).or_else(|| configuration(&json)),
    };
    match resources {
        Some(resources) => Ok(Template::of_resources(json, resources)),
        None => Err(json),
    }
}

/// The resources of a file of the Serverless Framework, or of a file that contains only its `stateMachines`.
fn serverless(json: &Json) -> Option<Vec<Resource>> {
    let words = Words { log: "loggingConfig", trace: "tracingConfig", key: ("encryptionConfig", "kmsKeyId") };
    let (base, machines) = [("/stepFunctions/stateMachines", "stepFunctions"), ("/stateMachines", "stateMachines")]
        .into_iter()
        .find_map(|(pointer, _)| Some((pointer, json.pointer(pointer)?.as_object()?)))
        .unzip();
    let mut resources = Vec::new();
    for (name, own) in machines.into_iter().flat_map(Object::iter) {
        if own.get("definition").is_some() {
            let pointer = format!("{}/{}", base.unwrap_or_default(), escape_token(name));
            resources.push(Resource::new(name, MACHINE, pointer, words.properties(own)));
        }
    }
    let others = json.pointer("/resources/Resources").and_then(Json::as_object);
    for (id, resource) in others.into_iter().flat_map(Object::iter) {
        let kind = resource.get("Type").and_then(Json::as_str).unwrap_or_default();
        let pointer = format!("/resources/Resources/{}/Properties", escape_token(id));
        resources.push(Resource::new(id, kind, pointer, resource.get("Properties").cloned().unwrap_or_default()));
    }
    if !resources.iter().any(|resource| resource.kind().ends_with("::StateMachine")) {
        return None;
    }
    // A function can be referred to by its own name, and by the logical ID that the framework derives.
    for (name, function) in json.get("functions").and_then(Json::as_object).into_iter().flat_map(Object::iter) {
        let mut properties = Object::new();
        if let Some(named) = function.get("name") {
            properties.insert("FunctionName", named.clone());
        }
        let mut letters = name.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let made = format!("{}LambdaFunction", first.chain(letters).collect::<String>());
        let pointer = format!("/functions/{}", escape_token(name));
        for id in [name.replace('-', "Dash"), made.replace('-', "Dash"), name.to_owned()] {
            if !resources.iter().any(|resource| resource.id() == id) {
                resources.push(Resource::new(id, "AWS::Lambda::Function", &*pointer, properties.clone().into()));
            }
        }
    }
    Some(resources)
}

/// The state machines of a Terraform configuration in JSON.
fn configuration(json: &Json) -> Option<Vec<Resource>> {
    let all = json.get("resource")?.get(terraform::MACHINE)?.as_object()?;
    let mut found = Vec::new();
    for (name, resource) in all.iter() {
        let pointer = format!("/resource/{}/{}", terraform::MACHINE, escape_token(name));
        let (own, pointer) = match resource.as_array().and_then(|all| all.first()) {
            Some(first) => (first, format!("{pointer}/0")),
            None => (resource, pointer),
        };
        let mut properties = terraform::WORDS.properties(own);
        let text = own.get("definition").and_then(Json::as_str);
        if let Some(expression) = text.and_then(|text| text.strip_prefix("${")?.strip_suffix('}')) {
            terraform::expression(expression, &mut properties);
        }
        found.push(Resource::new(format!("{}.{name}", terraform::MACHINE), MACHINE, pointer, properties));
    }
    (!found.is_empty()).then_some(found)
}

/// The names that a kind of template has for `LoggingConfiguration`, `TracingConfiguration` and the key of
/// `EncryptionConfiguration`.
pub(super) struct Words {
    pub(super) log: &'static str,
    pub(super) trace: &'static str,
    pub(super) key: (&'static str, &'static str),
}

impl Words {
    /// The properties of a state machine with CloudFormation's names. The definition is not changed.
    pub(super) fn properties(&self, own: &Json) -> Json {
        // A Terraform block is a list with one element.
        let inner = |name: &str| own.get(name).map(|it| it.as_array().and_then(|all| all.first()).unwrap_or(it));
        let member = |object: Option<&Json>, names: &[&str]| {
            let object = object?;
            names.iter().find_map(|name| object.get(name).filter(|value| **value != Json::Null)).cloned()
        };
        let object = |members: [(&str, Option<Json>); 2]| {
            let mut object = Object::new();
            for (name, value) in members {
                if let Some(value) = value {
                    object.insert(name.to_owned(), value);
                }
            }
            (!object.is_empty()).then_some(Json::Object(object))
        };
        let mut properties = Object::new();
        properties.insert("definition", own.get("definition").cloned().unwrap_or_default());
        let logging = inner(self.log);
        let members = [
            ("StateMachineName", member(Some(own), &["name"])),
            ("StateMachineType", member(Some(own), &["type"])),
            (
                "LoggingConfiguration",
                object([
                    ("Level", member(logging, &["level"])),
                    ("Destinations", member(logging, &["destinations", "log_destination"])),
                ]),
            ),
            ("TracingConfiguration", object([("Enabled", member(inner(self.trace), &["enabled"])), ("", None)])),
            ("EncryptionConfiguration", object([("KmsKeyId", member(inner(self.key.0), &[self.key.1])), ("", None)])),
        ];
        for (name, value) in members {
            if let Some(value) = value {
                properties.insert(name, value);
            }
        }
        properties.into()
    }
}

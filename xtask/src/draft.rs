//! Drafts a spec file from operations of an API model. It contains only facts. Every sentence is an empty string, which the
//! schema and the generator reject, so that a person must write it.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::model::Model;
use crate::spelling;

/// The placeholder for text that a person must write.
const TO_WRITE: &str = "";

/// A longer enum becomes a string. AWS adds values to such lists, for example instance types, every month.
const LONGEST_ENUM: usize = 40;

/// The spec file, and notes for the person who completes it. The content of an existing file is not changed.
pub(crate) fn draft(
    model: &Model,
    service: &str,
    actions: &[(String, String)],
    existing: Option<Value>,
) -> Result<(Value, Vec<String>), String> {
    let mut spec = existing.unwrap_or_else(|| {
        json!({
            "$schema": "./service.schema.json",
            "service": service,
            "title": model.title(),
            "docs": TO_WRITE,
            "url": TO_WRITE,
        })
    });
    let builders = actions.iter().map(|(name, _)| spelling::upper_first(name)).collect();
    let mut types = Types { model, known: HashSet::new(), builders, drafted: Map::new(), notes: Vec::new() };
    if let Some(known) = spec["types"].as_object() {
        types.known.extend(known.keys().cloned());
    }
    let mut drafted = Map::new();
    for (name, operation) in actions {
        if spec["actions"].get(name).is_some() {
            types.notes.push(format!("`{name}` is already in the file and is not changed."));
        } else {
            drafted.insert(name.clone(), action(&mut types, service, name, operation)?);
            types.notes.push(format!(
                "`{service}:{name}` belongs in spec/ only if the guide lists it as an optimized integration \
                 (integrate-optimized.html). If not, it is `aws-sdk:…`, which needs no spec."
            ));
        }
    }
    if drafted.is_empty() {
        return Err(format!("Nothing to add: spec/{service}.json has all of these actions."));
    }
    let file = spec.as_object_mut().ok_or_else(|| format!("spec/{service}.json is not an object."))?;
    extend(file, "actions", drafted);
    extend(file, "types", types.drafted);
    if let Some(version) = model.version() {
        let note = format!("Drafted from the model of botocore {version}.");
        match file.entry("notes").or_insert_with(|| json!([])).as_array_mut() {
            Some(notes) if !notes.contains(&note.as_str().into()) => notes.push(note.into()),
            _ => {}
        }
    }
    let mut told = HashSet::new();
    types.notes.retain(|note| told.insert(note.clone()));
    Ok((spec, types.notes))
}

fn extend(file: &mut Map<String, Value>, key: &str, more: Map<String, Value>) {
    if more.is_empty() {
        return;
    }
    if let Some(present) = file.entry(key).or_insert_with(|| json!({})).as_object_mut() {
        present.extend(more);
    }
}

fn action(types: &mut Types, service: &str, name: &str, operation: &str) -> Result<Value, String> {
    let facts = types.model.operation(operation)?;
    let input = types.model.shape(facts["input"]["shape"].as_str().unwrap_or_default());
    let result = types.model.shape(facts["output"]["shape"].as_str().unwrap_or_default());
    let known = known(service, operation);
    let lines: Vec<Value> = known.iter().flat_map(|known| known.needs()).filter_map(|line| statement(line)).collect();
    let mut iam: Vec<Value> = lines.into_iter().filter_map(|line| fitting(types, input, operation, line)).collect();
    if iam.is_empty() {
        types.notes.push(format!("The permissions of `{operation}` are not in `facts/`: check `iam`."));
        iam.push(json!({
            "actions": [format!("{}:{operation}", types.model.iam_prefix())],
            "resources": ["*"],
            "reason": "call",
            "why": TO_WRITE,
        }));
    }
    let mut pattern = json!({ "resource": format!("arn:${{Partition}}:states:::{service}:{name}"), "iam": iam });
    let result: Vec<_> =
        result["members"].as_object().into_iter().flatten().map(|(m, _)| spelling::member(m)).collect();
    if !result.is_empty() {
        pattern["result"] = json!(result);
    }
    let mut action = json!({ "docs": TO_WRITE, "url": TO_WRITE, "patterns": { "requestResponse": pattern } });
    if let Some(required) = required(input) {
        action["required"] = required;
    }
    action["parameters"] = types.members(input);
    let errors = facts["errors"].as_array().into_iter().flatten().filter_map(|error| error["shape"].as_str());
    let prefix = known.map_or_else(|| types.model.id(), |known| known.service.error_prefix.to_owned());
    // The names of exceptions in the AWS SDK for Java.
    let exception = |error: &str| match error.strip_suffix("Fault").unwrap_or(error) {
        name if name.ends_with("Exception") => name.to_owned(),
        name => format!("{}Exception", name.strip_suffix("Error").map_or(name, |_| name)),
    };
    let errors: Map<_, _> =
        errors.map(|error| (format!("{prefix}.{}", exception(error)), Value::from(common_error(error)))).collect();
    if !errors.is_empty() {
        action["errors"] = Value::Object(errors);
    }
    Ok(action)
}

/// Errors that mean the same everywhere.
fn common_error(name: &str) -> &'static str {
    let bare = name.trim_end_matches("Fault").trim_end_matches("Exception").trim_end_matches("Error");
    match bare {
        "AccessDenied" => "The role does not allow this call.",
        "Throttling" | "TooManyRequests" => "Too many calls were made. A retrier helps.",
        "InternalServer" | "InternalService" | "Internal" => "The service failed. A retrier helps.",
        "ServiceUnavailable" => "The service is temporarily unavailable. A retrier helps.",
        "Validation" | "InvalidParameter" | "InvalidRequest" => "A parameter is invalid.",
        "ResourceNotFound" => "The resource does not exist.",
        "ResourceAlreadyExists" => "The resource already exists.",
        "Conflict" => "Another change of the same resource is in progress, or its state does not allow this call.",
        "LimitExceeded" | "ServiceQuotaExceeded" => "The quota of the account is exceeded.",
        _ => TO_WRITE,
    }
}

/// Members that mean the same everywhere.
fn common_member(name: &str) -> &'static str {
    match name {
        "Tags" => "The tags of the new resource.",
        "ClientToken" | "ClientRequestToken" | "IdempotencyToken" => {
            "Makes the call idempotent: a second call with the same token has no effect."
        }
        "NextToken" => "The position of the next page, from the previous response.",
        "MaxResults" => "The maximum number of results in a page.",
        "Description" => "A description for people.",
        "DryRun" => "Checks whether the call is allowed, without making it.",
        _ => TO_WRITE,
    }
}

/// The facts about the operation. They have the service names of the AWS SDK for Java.
fn known(service: &str, operation: &str) -> Option<sfn_tasks_facts::Operation> {
    let plain: String = service.chars().filter(char::is_ascii_alphanumeric).collect();
    let names = [service, plain.as_str()];
    let service = names.into_iter().find_map(sfn_tasks_facts::service)?;
    let name = spelling::action_and_operation(operation).0;
    service.operation(&name)
}

/// A statement from a line of the facts: reason, source, actions, resources, conditions. `None` if the permissions are unknown.
fn statement(line: &str) -> Option<Value> {
    let words: Vec<&str> = line.split(' ').collect();
    let [reason, _, actions, resources, rest @ ..] = words.as_slice() else { return None };
    let mut statement = json!({
        "actions": actions.split(',').collect::<Vec<_>>(),
        "resources": resources.split(',').collect::<Vec<_>>(),
        "reason": reason,
        "why": TO_WRITE,
    });
    for (key, value) in rest.iter().filter_map(|word| word.split_once('=')) {
        match key {
            "when" => statement[key] = value.into(),
            "unless" => statement[key] = value.replace('|', " or ").into(),
            "if" => {
                if let [operator, key, value] = value.split('|').collect::<Vec<_>>().as_slice() {
                    statement["conditions"] = json!({ *operator: { *key: value } });
                }
            }
            _ => {}
        }
    }
    Some(statement)
}

/// Adapts a statement to this model, which can have another version than the facts. If it lacks a parameter of a condition,
/// the statement is left out; if it lacks a parameter of a resource, the resource is `*`.
fn fitting(types: &mut Types, input: &Value, operation: &str, mut statement: Value) -> Option<Value> {
    let model = types.model;
    let has = |path: &str| has(model, input, path);
    for key in ["when", "unless"] {
        let paths = statement[key].as_str().into_iter().flat_map(|text| text.split(" or "));
        if let Some(path) = paths.map(|part| part.split('=').next().unwrap_or(part)).find(|path| !has(path)) {
            let actions = &statement["actions"];
            types
                .notes
                .push(format!("A statement for {actions} was left out: `{operation}` has no parameter `{path}`."));
            return None;
        }
    }
    // A required parameter is always set, so it is not a condition.
    let is_required =
        |path: &str| required(input).is_some_and(|names| names.as_array().is_some_and(|it| it.contains(&path.into())));
    if statement["when"].as_str().is_some_and(is_required) {
        statement.as_object_mut()?.remove("when");
    }
    let fills = |template: &str| {
        let names = template.split("${").skip(1).filter_map(|rest| rest.split(['}', '|', '=']).next());
        names.filter(|name| !OF_THE_MACHINE.contains(name)).all(has)
    };
    let templates: Vec<String> =
        statement["resources"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(unfilled) = templates.iter().find(|template| !fills(template)) {
        types
            .notes
            .push(format!("`{operation}` has no parameter for `{unfilled}`: find a narrower resource than `*`."));
        statement["resources"] = json!(["*"]);
    }
    Some(statement)
}

/// Placeholders of a template that are not parameters.
const OF_THE_MACHINE: [&str; 4] = ["Partition", "Region", "Account", "StateMachineName"];

/// Whether a structure has this path, in the spelling of Step Functions.
fn has(model: &Model, structure: &Value, path: &str) -> bool {
    let mut here = structure;
    path.split('.').all(|part| {
        let (name, lists) = (part.trim_end_matches("[]"), part.matches("[]").count());
        let members = here["members"].as_object().into_iter().flatten();
        let Some((_, member)) = members.into_iter().find(|(member, _)| spelling::member(member) == name) else {
            return false;
        };
        here = model.shape(member["shape"].as_str().unwrap_or_default());
        for _ in 0..lists {
            let inner = if here["type"] == "map" { "value" } else { "member" };
            here = model.shape(here[inner]["shape"].as_str().unwrap_or_default());
        }
        true
    })
}

fn required(structure: &Value) -> Option<Value> {
    let names = structure["required"].as_array()?;
    let names: Vec<_> = names.iter().filter_map(Value::as_str).map(spelling::member).collect();
    (!names.is_empty()).then(|| json!(names))
}

/// The named types, in the order in which they are found.
struct Types<'a> {
    model: &'a Model,
    /// Types that are in the file, or were started: a type can contain itself.
    known: HashSet<String>,
    /// The names of the builders.
    builders: HashSet<String>,
    drafted: Map<String, Value>,
    notes: Vec<String>,
}

impl Types<'_> {
    fn members(&mut self, structure: &Value) -> Value {
        let mut members = Map::new();
        for (name, member) in structure["members"].as_object().into_iter().flatten() {
            let shape_name = member["shape"].as_str().unwrap_or_default();
            let spelled = spelling::member(name);
            if spelled != spelling::upper_first(name) {
                self.notes.push(format!(
                    "`{name}` is spelled `{spelled}`, as in AWS SDK integrations: check in the guide whether this integration uses the API's spelling."
                ));
            }
            let mut drafted = Map::new();
            if let Some(setter) = spelling::setter(&spelled) {
                drafted.insert("setter".to_owned(), Value::from(setter));
            }
            drafted.extend(self.shape(shape_name));
            if drafted.get("type").is_some_and(|kind| kind == "integer") {
                if let Some(unit) = spelling::unit(name) {
                    drafted.insert("unit".to_owned(), Value::from(unit));
                }
            }
            if member["deprecated"] == true || self.model.shape(shape_name)["deprecated"] == true {
                self.notes.push(format!("`{name}` is deprecated: say so in its docs."));
            }
            drafted.insert("docs".to_owned(), Value::from(common_member(&spelled)));
            members.insert(spelled, Value::Object(drafted));
        }
        Value::Object(members)
    }

    /// The type of a member, an element or a value of this shape.
    fn shape(&mut self, name: &str) -> Map<String, Value> {
        let shape = self.model.shape(name);
        let mut drafted = Map::new();
        let kind = match shape["type"].as_str().unwrap_or_default() {
            "structure" if shape["document"] == true => "json",
            "structure" if shape["members"].as_object().is_some_and(|members| !members.is_empty()) => {
                drafted.insert("$ref".to_owned(), Value::from(format!("#/types/{}", self.structure(name))));
                return drafted;
            }
            "structure" => "json",
            "string" if shape["enum"].is_array() => match self.enumeration(name) {
                Some(name) => {
                    drafted.insert("$ref".to_owned(), Value::from(format!("#/types/{name}")));
                    return drafted;
                }
                None => "string",
            },
            "character" => "string",
            "integer" | "long" => "integer",
            "float" | "double" => "number",
            kind @ ("string" | "boolean" | "timestamp" | "blob" | "list" | "map") => kind,
            other => {
                self.notes.push(format!("`{name}` has the type `{other}`, which is treated as JSON."));
                "json"
            }
        };
        drafted.insert("type".to_owned(), Value::from(kind));
        let (least, greatest) = match kind {
            "string" => ("minLength", "maxLength"),
            "list" | "map" => ("minItems", "maxItems"),
            _ => ("minimum", "maximum"),
        };
        if kind == "list" {
            let items = self.shape(shape["member"]["shape"].as_str().unwrap_or_default());
            drafted.insert("items".to_owned(), Value::Object(items));
        }
        if kind == "map" {
            let values = self.shape(shape["value"]["shape"].as_str().unwrap_or_default());
            drafted.insert("values".to_owned(), Value::Object(values));
        }
        if matches!(kind, "string" | "list" | "map" | "integer" | "number") {
            // A minimum length of 0 is not a bound.
            if let Some(bound) = shape.get("min").filter(|bound| **bound != 0 || least == "minimum") {
                drafted.insert(least.to_owned(), bound.clone());
            }
            if let Some(bound) = shape.get("max") {
                drafted.insert(greatest.to_owned(), bound.clone());
            }
        }
        if let Some(pattern) = shape["pattern"].as_str() {
            let (min, max) = (shape["min"].as_u64(), shape["max"].as_u64());
            match spelling::pattern(pattern).filter(|it| sfn_tasks_codegen::pattern_fault(it, min, max).is_none()) {
                Some(pattern) => _ = drafted.insert("pattern".to_owned(), Value::from(pattern)),
                None => self.notes.push(format!("The pattern of `{name}` was left out: {pattern}")),
            }
        }
        drafted
    }

    /// A name that is not the name of a builder.
    fn type_name(&self, shape_name: &str) -> String {
        let name = spelling::type_name(shape_name);
        if self.builders.contains(&name) { format!("{name}Type") } else { name }
    }

    /// Drafts the structure if it is new, and returns its name.
    fn structure(&mut self, shape_name: &str) -> String {
        let name = self.type_name(shape_name);
        if self.known.insert(name.clone()) {
            let shape = self.model.shape(shape_name);
            // Reserve its position in the file, before the types of its members.
            self.drafted.insert(name.clone(), Value::Null);
            let members = self.members(shape);
            let mut drafted = json!({ "docs": TO_WRITE });
            if shape["union"] == true {
                drafted["union"] = members;
            } else {
                if let Some(required) = required(shape) {
                    drafted["required"] = required;
                }
                drafted["members"] = members;
            }
            self.drafted.insert(name.clone(), drafted);
        }
        name
    }

    /// Drafts the enum, and returns its name; `None` if it has too many values.
    fn enumeration(&mut self, shape_name: &str) -> Option<String> {
        let name = self.type_name(shape_name);
        let values = self.model.shape(shape_name)["enum"].as_array()?;
        if values.len() > LONGEST_ENUM {
            self.notes.push(format!("`{shape_name}` has {} values and is treated as a string.", values.len()));
            return None;
        }
        if self.known.insert(name.clone()) {
            let values: Map<_, _> =
                values.iter().filter_map(Value::as_str).map(|v| (v.to_owned(), Value::from(TO_WRITE))).collect();
            self.drafted.insert(name.clone(), json!({ "docs": TO_WRITE, "enum": values }));
        }
        Some(name)
    }
}

#[cfg(test)]
mod tests;

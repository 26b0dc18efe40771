//! Makes specs of AWS SDK integrations from AWS's API models, for the operations that a program uses.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToKebabCase, ToUpperCamelCase};
use serde_json::{Map, Value, json};
use sfn_tasks_facts::{Bounds, Operation, Service, Structure, Type, service, services};

use crate::fault::did_you_mean;
use crate::model::{self, PREFIX};

const PAGE: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html";

/// An enum with more values than this becomes a string, because it would take long to compile.
const MOST_VALUES: usize = 60;

/// Names that the generated modules use.
const RESERVED: [&str; 31] = [
    "Action",
    "BTreeMap",
    "Blob",
    "Box",
    "Clone",
    "Copy",
    "Days",
    "Debug",
    "Default",
    "Eq",
    "ErrorName",
    "From",
    "Hash",
    "Integration",
    "Into",
    "IsSet",
    "None",
    "NumberText",
    "Option",
    "Ord",
    "Parameters",
    "Payload",
    "PhantomData",
    "ReferenceForm",
    "Result",
    "Self",
    "Set",
    "Some",
    "String",
    "Timestamp",
    "Value",
];

/// The text of a spec with these operations of a service, or an error for each unknown name.
pub(crate) fn spec(service_name: &str, operations: &[String]) -> Result<String, Vec<String>> {
    let Some(known) = service(service_name) else {
        let hint = did_you_mean(service_name, services().iter().map(|service| service.name));
        return Err(vec![format!("there is no AWS SDK integration of a service `{service_name}`{hint}")]);
    };
    let names = known.operations().map(|operation| operation.name);
    let (found, missing): (Vec<_>, Vec<_>) =
        operations.iter().map(|name| known.operation(name).ok_or(name)).partition(Result::is_ok);
    let missing: Vec<String> = missing
        .into_iter()
        .filter_map(Result::err)
        .map(|name| format!("`{service_name}` has no operation `{name}`{}", did_you_mean(name, names.clone())))
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let found: BTreeMap<&str, Operation> =
        found.into_iter().filter_map(Result::ok).map(|operation| (operation.name, operation)).collect();
    let spec = Writer::new(known, &found).spec(found.values());
    Ok(spec.to_string())
}

struct Writer {
    service: &'static Service,
    /// The types of the operations, with their names in Rust.
    names: BTreeMap<&'static str, String>,
}

impl Writer {
    fn new(service: &'static Service, operations: &BTreeMap<&str, Operation>) -> Self {
        let mut taken: BTreeSet<String> = RESERVED.map(str::to_owned).into();
        taken.extend(operations.keys().map(|name| model::type_name(name)));
        let mut names = BTreeMap::new();
        let mut open: Vec<Structure> = operations.values().filter_map(Operation::input).collect();
        while let Some(structure) = open.pop() {
            for member in structure.members().iter().filter(|member| model::is_member_name(member.name)) {
                let Some(name) = named(service, &member.shape) else { continue };
                if names.contains_key(name) {
                    continue;
                }
                let mut rust = name.to_upper_camel_case();
                while !taken.insert(rust.clone()) {
                    rust.push_str("Type");
                }
                names.insert(name, rust);
                open.extend(service.structure(name));
            }
        }
        Self { service, names }
    }

    fn spec<'o>(&self, operations: impl Iterator<Item = &'o Operation>) -> Value {
        let actions: Map<String, Value> =
            operations.map(|operation| (operation.name.to_owned(), self.action(operation))).collect();
        let types: Map<String, Value> = self.names.iter().map(|(name, rust)| (rust.clone(), self.kind(name))).collect();
        json!({
            "service": format!("{PREFIX}{}", self.service.name),
            "title": self.service.title,
            "docs": "AWS SDK integrations.",
            "url": PAGE,
            "actions": actions,
            "types": types,
        })
    }

    fn action(&self, operation: &Operation) -> Value {
        let members = operation.input().map(|input| self.members(&input)).unwrap_or_default();
        let resource = format!("arn:${{Partition}}:states:::{PREFIX}{}:{}", self.service.name, operation.name);
        let iam: Vec<Value> = operation.needs().iter().filter_map(|line| self.statement(line, &members.1)).collect();
        let errors: Map<String, Value> = operation
            .error_names()
            .map(|(error, is_general)| {
                let docs = match is_general {
                    true => "Any other error of the service.",
                    false => "An error that the API documents.",
                };
                (error, json!(docs))
            })
            .collect();
        let mut action = json!({
            "docs": format!("Calls `{}` of {}.", model::type_name(operation.name), self.service.title),
            "url": operation.url(),
            "patterns": {
                "requestResponse": { "resource": resource, "iam": iam },
                "waitForTaskToken": { "resource": format!("{resource}.waitForTaskToken"), "iam": iam },
            },
            "parameters": members.0,
            "errors": errors,
            "examples": [{
                "title": format!("Call `{}`", model::type_name(operation.name)),
                "parameters": operation.input().map_or_else(|| json!({}), |input| self.sample(&input, 0)),
            }],
        });
        if !members.1.is_empty() {
            action["required"] = members.1.into();
        }
        action
    }

    /// A statement from a line of the facts; `None` if the permissions are unknown, or the line only mentions actions.
    fn statement(&self, line: &str, required: &[String]) -> Option<Value> {
        let words: Vec<&str> = line.split(' ').collect();
        let [reason, _, actions, resources, rest @ ..] = words.as_slice() else { return None };
        let setting = |name: &str| rest.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        let mut statement = json!({
            "actions": actions.split(',').collect::<Vec<_>>(),
            "resources": resources.split(',').collect::<Vec<_>>(),
            "reason": reason,
            "why": "The call needs it.",
            "url": self.service.permissions_page().unwrap_or(PAGE),
        });
        // A required parameter is always set, so it is not a condition.
        if let Some(condition) = setting("when").filter(|name| required.iter().all(|known| known != name)) {
            statement["when"] = condition.into();
        }
        if let Some(conditions) = setting("unless") {
            statement["unless"] = conditions.replace('|', " or ").into();
        }
        if let Some([operator, key, value]) = setting("if").map(|text| text.split('|').collect::<Vec<_>>()).as_deref() {
            statement["conditions"] = json!({ *operator: { *key: value } });
        }
        Some(statement)
    }

    /// The members, and the names of required ones.
    fn members(&self, structure: &Structure) -> (Map<String, Value>, Vec<String>) {
        let (mut members, mut required) = (Map::new(), Vec::new());
        let mut setters: BTreeSet<String> = BTreeSet::new();
        let known = structure.members();
        for member in known.iter().filter(|member| !member.is_alias && model::is_member_name(member.name)) {
            let mut value = self.shape(&member.shape);
            let mut setter = model::setter(member.name);
            if model::is_keyword(&setter) {
                setter.insert_str(0, "r#");
            }
            while model::is_taken(&setter)
                || setters.contains(&setter)
                || is_collection(&member.shape) && setters.contains(&format!("set_{setter}"))
            {
                setter = format!("{}_value", setter.trim_start_matches("r#"));
            }
            if is_collection(&member.shape) {
                setters.insert(format!("set_{setter}"));
            }
            setters.insert(setter.clone());
            value["setter"] = setter.into();
            value["docs"] = format!("Sets `{}`.", member.name).into();
            if member.required {
                required.push(member.name.to_owned());
            }
            members.insert(member.name.to_owned(), value);
        }
        (members, required)
    }

    /// The parameters of an example: the required ones, or the first member of a union.
    fn sample(&self, structure: &Structure, depth: usize) -> Value {
        let mut members = structure.members();
        if structure.is_union {
            // A recursive example would not end.
            members.sort_by_key(|member| self.leads_to(&member.shape, structure.name));
        }
        let shown = members
            .iter()
            .filter(|member| !member.is_alias && model::is_member_name(member.name))
            .filter(|member| member.required || structure.is_union)
            .take(if structure.is_union { 1 } else { usize::MAX });
        let members: Map<String, Value> =
            shown.map(|member| (member.name.to_owned(), self.sample_of(member.name, &member.shape, depth))).collect();
        members.into()
    }

    /// Whether a value can contain the structure with that name.
    fn leads_to(&self, shape: &Type, wanted: &str) -> bool {
        let mut open: Vec<&str> = named(self.service, shape).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if name == wanted {
                return true;
            }
            if seen.insert(name) {
                let members = self.service.structure(name).map(|it| it.members()).unwrap_or_default();
                open.extend(members.iter().filter_map(|member| named(self.service, &member.shape)));
            }
        }
        false
    }

    fn sample_of(&self, name: &str, shape: &Type, depth: usize) -> Value {
        let text = |bounds: &Bounds| {
            let mut text = match name.to_lowercase() {
                lower if lower.ends_with("rolearn") => "arn:aws:iam::111122223333:role/service".to_owned(),
                lower if lower.ends_with("arn") => {
                    format!("arn:aws:{}:eu-west-1:111122223333:resource", self.service.name)
                }
                lower if lower.ends_with("queueurl") => {
                    "https://sqs.eu-west-1.amazonaws.com/111122223333/queue".to_owned()
                }
                lower if lower.ends_with("url") => "https://example.com/".to_owned(),
                _ => name.to_kebab_case(),
            };
            while (text.len() as f64) < bounds.least.unwrap_or_default() {
                text.push('x');
            }
            text.truncate(bounds.most.map_or(usize::MAX, |most| most as usize));
            json!(text)
        };
        match shape {
            Type::String(bounds) => text(bounds),
            Type::Integer(bounds) => json!(bounds.least.unwrap_or(1.0) as i64),
            Type::Number(bounds) => json!(bounds.least.unwrap_or(1.0)),
            Type::Boolean => json!(true),
            Type::Timestamp => json!("2026-01-31T12:00:00Z"),
            Type::Blob | Type::Json | Type::Unreadable => json!(name.to_kebab_case()),
            Type::Enum(of) => self.service.enumeration(of).next().map_or_else(|| text(&Bounds::default()), Into::into),
            Type::Structure(of) => match self.service.structure(of) {
                Some(structure) if depth < 8 => self.sample(&structure, depth + 1),
                _ => json!({}),
            },
            Type::List(items, bounds) => {
                let element = self.sample_of(name, items, depth);
                vec![element; bounds.least.unwrap_or(1.0).max(1.0) as usize].into()
            }
            Type::Map(_, values, bounds) => {
                let value = self.sample_of(name, values, depth);
                let members = 1..=bounds.least.unwrap_or(1.0).max(1.0) as usize;
                members.map(|at| (format!("key{at}"), value.clone())).collect::<Map<_, _>>().into()
            }
        }
    }

    fn kind(&self, name: &str) -> Value {
        let Some(structure) = self.service.structure(name) else {
            let values: Map<String, Value> = self
                .service
                .enumeration(name)
                .map(|value| (value.to_owned(), json!(format!("A value of `{name}`."))))
                .collect();
            return json!({ "docs": format!("The values of `{name}`."), "enum": values });
        };
        let (members, required) = self.members(&structure);
        let key = if structure.is_union { "union" } else { "members" };
        let mut kind = json!({ "docs": format!("The structure `{name}`."), key: members });
        if !required.is_empty() && !structure.is_union {
            kind["required"] = required.into();
        }
        kind
    }

    fn shape(&self, shape: &Type) -> Value {
        let with = |kind: &str, bounds: &Bounds, keys: [&str; 2]| {
            let mut value = json!({ "type": kind });
            for (key, bound) in keys.into_iter().zip([bounds.least, bounds.most]) {
                if let Some(bound) = bound {
                    value[key] = if bound.fract() == 0.0 { json!(bound as i64) } else { json!(bound) };
                }
            }
            value
        };
        const LENGTH: [&str; 2] = ["minLength", "maxLength"];
        const RANGE: [&str; 2] = ["minimum", "maximum"];
        const COUNT: [&str; 2] = ["minItems", "maxItems"];
        match shape {
            Type::String(bounds) => with("string", bounds, LENGTH),
            Type::Integer(bounds) => with("integer", bounds, RANGE),
            Type::Number(bounds) => with("number", bounds, RANGE),
            Type::Boolean => json!({ "type": "boolean" }),
            Type::Timestamp => json!({ "type": "timestamp" }),
            // Step Functions accepts any JSON for bytes.
            Type::Blob | Type::Json | Type::Unreadable => json!({ "type": "json" }),
            Type::Enum(name) | Type::Structure(name) => match self.names.get(name) {
                Some(rust) => json!({ "$ref": format!("#/types/{rust}") }),
                None => json!({ "type": "string" }),
            },
            Type::List(items, bounds) => {
                let mut value = with("list", bounds, COUNT);
                value["items"] = self.shape(items);
                value
            }
            Type::Map(_, values, bounds) => {
                let mut value = with("map", bounds, COUNT);
                value["values"] = self.shape(values);
                value
            }
        }
    }
}

fn is_collection(shape: &Type) -> bool {
    matches!(shape, Type::List(..) | Type::Map(..))
}

/// The name of the type, or of the elements of a list or map, if it becomes a Rust type.
fn named(service: &'static Service, shape: &Type) -> Option<&'static str> {
    match shape {
        Type::Structure(name) => Some(name),
        Type::Enum(name) => {
            let mut seen = BTreeSet::new();
            let right = service.enumeration(name).all(|value| {
                let variant = model::variant(value);
                !variant.is_empty() && variant != "Self" && seen.insert(variant)
            });
            (right && seen.len() <= MOST_VALUES).then_some(name)
        }
        Type::List(inner, _) | Type::Map(_, inner, _) => named(service, inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, generate};

    #[test]
    fn an_unknown_name_is_told_with_the_nearest() {
        let told = |service: &str, operation: &str| spec(service, &[operation.to_owned()]).unwrap_err().join("\n");
        assert_eq!(told("s33", "copyObject"), "there is no AWS SDK integration of a service `s33`; did you mean `s3`?");
        assert_eq!(told("s3", "CopyObject"), "`s3` has no operation `CopyObject`; did you mean `copyObject`?");
    }

    /// All operations of a service at once: each one separately would take long, and would not find conflicts of names.
    #[test]
    fn every_operation_becomes_a_builder() {
        let (mut builders, mut total) = (0, 0);
        for service in services().iter().filter(|service| service.is_known()) {
            let names: Vec<String> = service.operations().map(|operation| operation.name.to_owned()).collect();
            let text = spec(service.name, &names).unwrap();
            let report = crate::fault::Report::new(service.name, &text, false);
            let parsed = crate::spec::Service::parse(&text, &report).unwrap();
            let resolved = model::resolve(service.name, &parsed, &report);
            let faults = report.into_faults();
            for fault in faults.iter().take(3) {
                eprintln!("{fault}");
            }
            total += faults.len();
            builders += resolved.actions.len();
        }
        assert!(builders > 17_000 && total == 0, "{builders} {total}");
    }

    #[test]
    fn only_what_is_used_is_written() {
        let text = spec("s3", &["copyObject".to_owned()]).unwrap();
        let files = generate(&[Source { name: "aws-sdk:s3", text: &text }], None).unwrap();
        let module = &files.iter().find(|file| file.path == "s3.rs").unwrap().text;
        assert!(module.contains("pub struct CopyObject") && module.contains("pub enum ObjectCannedAcl"));
        assert!(!module.contains("struct PutObject") && module.contains("pub fn copy_source("));
    }
}

//! The catalog as JSON. `docs/cli.md` describes the members; new versions only add members.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{
    Action, Demand, Member, NumberShape, PatternSupport, Preset, PresetValue, Rule, Service, Shape, Statement,
    Structure, When,
};

/// Its name, title, docs and page, and its `actions`.
impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let actions: Vec<Value> = self.actions.iter().map(|action| value(action)).collect();
        json!({"service": self.name, "title": self.title, "docs": self.docs, "url": self.url, "actions": actions})
            .serialize(serializer)
    }
}

/// Everything known about it: patterns, parameters with their types, rules, permissions, retriers and errors.
/// `docs/cli.md` describes the members, which `sfn-tasks catalog --json` prints.
impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        value(self).serialize(serializer)
    }
}

/// The key that identifies a stored entry.
fn key<'de, D: Deserializer<'de>>(stored: &Value, name: &'static str) -> Result<String, D::Error> {
    stored.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| D::Error::missing_field(name))
}

/// The entry with that name, in this version of the library.
impl<'de> Deserialize<'de> for &'static Service {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let service = key::<D>(&Value::deserialize(deserializer)?, "service")?;
        super::service(&service).ok_or_else(|| D::Error::custom(format!("the catalog has no service `{service}`")))
    }
}

/// The entry with that name, in this version of the library.
impl<'de> Deserialize<'de> for &'static Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Value::deserialize(deserializer)?;
        let (service, action) = (key::<D>(&stored, "service")?, key::<D>(&stored, "action")?);
        super::find(&service, &action)
            .ok_or_else(|| D::Error::custom(format!("the catalog has no call `{service}:{action}`")))
    }
}

fn value(action: &Action) -> Value {
    let by_pattern = |of: fn(&PatternSupport) -> Value| -> Map<String, Value> {
        action.patterns.iter().map(|support| (support.pattern.key().to_owned(), of(support))).collect()
    };
    let mut open = Vec::new();
    let results: Map<String, Value> = action
        .patterns
        .iter()
        .filter_map(|support| {
            let known = action.result(support)?;
            Some((support.pattern.key().to_owned(), Value::Object(shape(&known, &mut Vec::new()))))
        })
        .collect();
    json!({
        "service": action.service,
        "action": action.name,
        "docs": action.docs,
        "url": action.url,
        "resources": by_pattern(|support| support.resource.into()),
        "patterns": by_pattern(|support| json!({
            "resource": support.resource,
            "url": support.url,
            "tokenIn": support.token_in,
            "result": support.result,
        })),
        "results": results,
        "parameters": members(action.parameters, &mut open),
        "rules": rules(action.parameters.rules),
        "resourceMember": action.resource_member,
        "bodyMember": action.body_member,
        "iam": by_pattern(|support| support.statements.iter().map(statement).collect()),
        "retry": action.retry.iter().map(|retry| json!({
            "errorEquals": retry.error_equals,
            "intervalSeconds": retry.interval_seconds,
            "maxAttempts": retry.max_attempts,
            "backoffRate": retry.backoff_rate,
            "why": retry.why,
            "source": retry.url,
        })).collect::<Value>(),
        "errors": action.errors.iter().map(|error| json!({"name": error.name, "docs": error.docs})).collect::<Value>(),
    })
}

fn statement(statement: &Statement) -> Value {
    let conditions: Vec<Value> = statement
        .conditions
        .iter()
        .map(|(operator, key, value)| json!({"operator": operator, "key": key, "value": value}))
        .collect();
    let mut value = json!({
        "actions": statement.actions,
        "resource": statement.resources,
        "reason": statement.reason.key(),
        "why": statement.why,
        "source": statement.url,
    });
    if let Some(when) = statement.when {
        value["when"] = when.into();
    }
    if let Some(unless) = statement.unless {
        value["unless"] = unless.into();
    }
    if let Some(what) = statement.depends_on {
        value["dependsOn"] = what.into();
    }
    if !conditions.is_empty() {
        value["conditions"] = conditions.into();
    }
    value
}

/// The members of a structure; `open` contains the structures around it.
fn members<'s>(structure: &'s Structure, open: &mut Vec<&'s str>) -> Value {
    open.push(structure.name);
    let members = structure.members.iter().map(|member| self::member(member, open)).collect();
    open.pop();
    Value::Array(members)
}

fn member<'s>(member: &'s Member, open: &mut Vec<&'s str>) -> Value {
    let mut value = Map::new();
    value.insert("name".to_owned(), member.name.into());
    value.extend(shape(&member.shape, open));
    value.insert("required".to_owned(), member.required.into());
    value.insert("docs".to_owned(), member.docs.into());
    if let Some(preset) = &member.preset {
        value.insert("preset".to_owned(), self::preset(preset));
    }
    Value::Object(value)
}

/// The type, and everything else known about it.
fn shape<'s>(shape: &'s Shape, open: &mut Vec<&'s str>) -> Map<String, Value> {
    let mut facts: Vec<(&str, Option<Value>)> = Vec::new();
    let kind = match shape {
        Shape::String(string) => {
            facts.push(("minLength", string.min_length.map(Value::from)));
            facts.push(("maxLength", string.max_length.map(Value::from)));
            facts.push(("pattern", string.pattern.map(Value::from)));
            "string"
        }
        Shape::Enum(enumeration) => {
            let names = |of: fn(&(&'static str, &'static str)) -> &'static str| {
                enumeration.values.iter().map(of).map(Value::from).collect::<Value>()
            };
            facts.push(("enumName", Some(enumeration.name.into())));
            facts.push(("enum", Some(names(|(value, _)| value))));
            facts.push(("enumDocs", Some(names(|(_, docs)| docs))));
            "string"
        }
        Shape::Integer(number) => {
            facts.extend(number_facts(number));
            "integer"
        }
        Shape::Number(number) => {
            facts.extend(number_facts(number));
            "number"
        }
        Shape::Boolean => "boolean",
        Shape::Timestamp => "timestamp",
        Shape::Blob => "blob",
        Shape::Json => "json",
        Shape::List(list) => {
            facts.push(("items", Some(Value::Object(self::shape(&list.items, open)))));
            facts.push(("minItems", list.min_items.map(Value::from)));
            facts.push(("maxItems", list.max_items.map(Value::from)));
            "list"
        }
        Shape::Map(map) => {
            facts.push(("values", Some(Value::Object(self::shape(&map.values, open)))));
            facts.push(("minItems", map.min_items.map(Value::from)));
            facts.push(("maxItems", map.max_items.map(Value::from)));
            "map"
        }
        Shape::Structure(structure) => {
            facts.push(("typeName", Some(structure.name.into())));
            // A structure inside itself is described where it begins.
            if open.contains(&structure.name) {
                facts.push(("recursive", Some(true.into())));
            } else {
                facts.push(("union", structure.union.then_some(true.into())));
                facts.push(("members", Some(members(structure, open))));
                facts.push(("rules", (!structure.rules.is_empty()).then(|| rules(structure.rules))));
            }
            "structure"
        }
    };
    let facts = facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    std::iter::once(("type".to_owned(), kind.into())).chain(facts).collect()
}

fn number_facts(number: &NumberShape) -> [(&'static str, Option<Value>); 3] {
    [
        ("minimum", number.minimum.map(plain)),
        ("maximum", number.maximum.map(plain)),
        ("unit", number.unit.map(Value::from)),
    ]
}

/// A whole number without a decimal point.
fn plain(number: f64) -> Value {
    let text = number.to_string();
    text.parse::<i64>().map_or_else(|_| number.into(), Value::from)
}

fn preset(preset: &Preset) -> Value {
    let mut value = match preset.value {
        PresetValue::Constant(text) => json!({"value": constant(text)}),
        PresetValue::Expression { json_path, jsonata } => json!({"jsonPath": json_path, "jsonata": jsonata}),
    };
    value["why"] = preset.why.into();
    value["source"] = preset.url.into();
    value
}

/// A value that the tables contain as JSON text.
fn constant(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn rules(rules: &[Rule]) -> Value {
    rules
        .iter()
        .map(|rule| {
            let (demand, members) = match rule.demand {
                Demand::ExactlyOneOf(members) => ("exactlyOneOf", members),
                Demand::AtLeastOneOf(members) => ("atLeastOneOf", members),
                Demand::AtMostOneOf(members) => ("atMostOneOf", members),
                Demand::Requires(members) => ("requires", members),
                Demand::Excludes(members) => ("excludes", members),
            };
            let mut value = json!({(demand): members, "message": rule.message});
            if !rule.when.is_empty() {
                value["when"] = rule.when.iter().map(when).collect();
            }
            value
        })
        .collect()
}

fn when(when: &When) -> Value {
    match when {
        When::Present(member) => json!({"member": member}),
        When::Absent(member) => json!({"member": member, "absent": true}),
        When::Equals(member, value) => json!({"member": member, "equals": constant(value)}),
        When::Matches(member, pattern) => json!({"member": member, "matches": pattern}),
        When::Differs(member, pattern) => json!({"member": member, "differs": pattern}),
    }
}

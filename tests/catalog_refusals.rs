//! Breaks every rule and every bound of every spec once: the checker reports it at the right position.

#![allow(clippy::unwrap_used)]

use serde_json::{Map, Value as Json, json};
use sfn_tasks::asl::StateMachine;
use sfn_tasks::catalog::{self, Action, Demand, Rule, Shape, Structure, When};
use sfn_tasks::check::{Diagnostic, Options, check};

/// A position in the parameters: the path from the outside.
#[derive(Clone)]
enum Step {
    Member(&'static str),
    Element,
    Key,
}

struct Case<'a> {
    action: &'a Action,
    steps: Vec<Step>,
}

impl Case<'_> {
    /// The findings of the checker with this value at the position.
    fn findings(&self, at: Json) -> Vec<Diagnostic> {
        let parameters = self.steps.iter().rev().fold(at, |inner, step| match step {
            Step::Member(name) => json!({ *name: inner }),
            Step::Element => json!([inner]),
            Step::Key => json!({ "key": inner }),
        });
        let resource = self.action.patterns[0].resource.replace("${Partition}", "aws");
        let task = json!({ "Type": "Task", "Resource": resource, "Parameters": parameters, "End": true });
        let machine = json!({ "StartAt": "Task", "States": { "Task": task } });
        let machine: StateMachine = machine.to_string().parse().unwrap();
        check(&machine, &Options::default())
    }

    fn pointer(&self, member: &str) -> String {
        let steps = self.steps.iter().map(|step| match step {
            Step::Member(name) => format!("/{name}"),
            Step::Element => "/0".to_owned(),
            Step::Key => "/key".to_owned(),
        });
        let place: String = steps.collect();
        format!("/States/Task/Parameters{place}/{member}")
    }
}

/// Calls the function for the parameters of each API, and for each structure in them.
fn visit(mut found: impl FnMut(&Case<'_>, &'static Structure)) {
    for action in catalog::services().iter().flat_map(|service| service.actions) {
        // A parameter that is the `Resource` or the whole of `Parameters` is not a structure.
        if action.resource_member.is_some() || action.body_member.is_some() {
            continue;
        }
        let mut seen: Vec<&str> = Vec::new();
        let mut open = vec![(Vec::new(), action.parameters)];
        while let Some((steps, structure)) = open.pop() {
            if seen.contains(&structure.name) {
                continue;
            }
            seen.push(structure.name);
            for member in structure.members {
                let mut steps = [&steps[..], &[Step::Member(member.name)]].concat();
                let mut shape = member.shape;
                loop {
                    match shape {
                        Shape::List(list) => {
                            steps.push(Step::Element);
                            shape = list.items;
                        }
                        Shape::Map(map) => {
                            steps.push(Step::Key);
                            shape = map.values;
                        }
                        Shape::Structure(inner) => {
                            open.push((steps, inner.get()));
                            break;
                        }
                        _ => break,
                    }
                }
            }
            found(&Case { action, steps }, structure);
        }
    }
}

/// A value for a member of any type.
fn any(shape: &Shape) -> Json {
    match shape {
        Shape::Structure(_) | Shape::Map(_) => json!({}),
        Shape::List(_) => json!([]),
        Shape::Integer(_) | Shape::Number(_) => json!(1),
        Shape::Boolean => json!(true),
        Shape::Enum(kind) => json!(kind.values[0].0),
        _ => json!("x"),
    }
}

fn set(object: &mut Map<String, Json>, structure: &Structure, path: &str, value: Option<Json>) {
    match path.split_once('.') {
        None => {
            let value = value.unwrap_or_else(|| structure.member(path).map_or(Json::Null, |member| any(&member.shape)));
            object.insert(path.to_owned(), value);
        }
        Some((name, rest)) => {
            let Some(Shape::Structure(inner)) = structure.member(name).map(|member| member.shape) else {
                panic!("{path}: `{name}` is no structure");
            };
            let nested = object.entry(name).or_insert_with(|| json!({}));
            set(nested.as_object_mut().unwrap(), &inner, rest, value);
        }
    }
}

/// An object that breaks the rule.
fn broken(structure: &Structure, rule: &Rule) -> Json {
    let mut object = Map::new();
    for when in rule.when {
        match when {
            When::Present(path) => set(&mut object, structure, path, None),
            When::Equals(path, value) => {
                set(&mut object, structure, path, Some(serde_json::from_str(value).unwrap()));
            }
            When::Matches(path, pattern) => {
                let pattern = regex::Regex::new(&format!("^(?:{pattern})$")).unwrap();
                let value = ["queue.fifo", "GET"].into_iter().find(|value| pattern.is_match(value));
                set(&mut object, structure, path, Some(json!(value.expect("add a value to this list"))));
            }
            When::Differs(path, _) => set(&mut object, structure, path, Some(json!("something else"))),
            When::Absent(_) => {}
            other => panic!("{other:?} is not tested here"),
        }
    }
    let offending: &[&str] = match rule.demand {
        Demand::ExactlyOneOf(names) | Demand::AtMostOneOf(names) => &names[..2],
        Demand::Excludes(names) => &names[..1],
        Demand::AtLeastOneOf(_) | Demand::Requires(_) => &[],
        other => panic!("{other:?} is not tested here"),
    };
    for name in offending.iter().filter(|name| !object.contains_key(**name)).collect::<Vec<_>>() {
        set(&mut object, structure, name, None);
    }
    Json::Object(object)
}

#[test]
fn every_rule_is_told_to_who_breaks_it() {
    let mut rules = 0;
    let mut silent = Vec::new();
    visit(|case, structure| {
        for rule in structure.rules {
            rules += 1;
            let object = broken(structure, rule);
            let findings = case.findings(object.clone());
            if !findings.iter().any(|finding| finding.message == rule.message) {
                silent
                    .push(format!("{} {}: {object} does not give: {}", case.action.name, structure.name, rule.message));
            }
        }
    });
    assert!(rules > 50, "{rules} rules");
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// Values that the shape does not accept.
fn beyond(shape: &Shape) -> Vec<Json> {
    let count = |least: Option<u64>, most: Option<u64>, many: &dyn Fn(u64) -> Json| {
        let too_few = least.filter(|least| *least > 0).map(|least| many(least - 1));
        let too_many = most.filter(|most| *most < 100_000).map(|most| many(most + 1));
        too_few.into_iter().chain(too_many).collect()
    };
    match shape {
        Shape::String(text) => count(text.min_length, text.max_length, &|length| json!("x".repeat(length as usize))),
        Shape::Enum(_) => vec![json!("no such value")],
        Shape::Integer(number) | Shape::Number(number) => {
            let (least, most) = (number.minimum.map(|least| least - 1.0), number.maximum.map(|most| most + 1.0));
            least.into_iter().chain(most).map(|value| json!(value as i64)).collect()
        }
        Shape::Boolean => vec![json!([])],
        Shape::List(list) => {
            let mut values: Vec<Json> =
                count(list.min_items, list.max_items, &|length| json!(vec![any(&list.items); length as usize]));
            values.push(json!({}));
            values
        }
        Shape::Map(map) => {
            let members =
                |length| (0..length).map(|index| (index.to_string(), any(&map.values))).collect::<Map<_, _>>();
            let mut values: Vec<Json> = count(map.min_items, map.max_items, &|length| Json::Object(members(length)));
            values.push(json!([]));
            values
        }
        // Step Functions accepts a string for the value of an attribute, although it is a union.
        Shape::Structure(structure) if structure.union => Vec::new(),
        Shape::Structure(_) => vec![json!("x")],
        Shape::Timestamp | Shape::Blob | Shape::Json => Vec::new(),
        other => panic!("{other:?} is not tested here"),
    }
}

#[test]
fn every_bound_is_told_to_who_exceeds_it() {
    let mut bounds = 0;
    let mut silent = Vec::new();
    visit(|case, structure| {
        for member in structure.members {
            for value in beyond(&member.shape) {
                bounds += 1;
                let at = case.pointer(member.name);
                let findings = case.findings(json!({ member.name: value }));
                let told = |finding: &Diagnostic| {
                    finding.pointer == at && matches!(finding.code, "parameter-value" | "parameter-type")
                };
                if !findings.iter().any(told) {
                    let mut value = value.to_string();
                    value.truncate(60);
                    silent.push(format!("{} {at}: {value}", case.action.name));
                }
            }
        }
    });
    assert!(bounds > 1000, "{bounds} bounds");
    assert!(silent.is_empty(), "{} of {bounds}:\n{}", silent.len(), silent.join("\n"));
}

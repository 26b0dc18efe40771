//! Turns an example into a chain of setters, and into the state that the chain renders.

use std::collections::BTreeMap;

use super::support::PATTERNS;
use super::{Action, Member, Shape, Structure, Type, expression, names, shape};
use crate::fault::{Report, did_you_mean, step};
use crate::json::Json;
use crate::spec;

#[derive(Debug)]
pub(crate) struct Example {
    pub(crate) title: String,
    /// The key of the pattern.
    pub(crate) pattern: String,
    pub(crate) setters: Vec<Setter>,
    /// The rendered state, without `Type` and `End`.
    pub(crate) resource: String,
    pub(crate) parameters: Option<serde_json::Value>,
}

/// A call of a setter.
#[derive(Debug)]
pub(crate) enum Setter {
    Call {
        method: String,
        arguments: Vec<Expr>,
    },
    /// Handwritten in the spec.
    Verbatim(String),
}

/// An argument in Rust.
#[derive(Debug)]
pub(crate) enum Expr {
    Text(String),
    Number(String),
    Bool(bool),
    Path(String),
    Jsonata(String),
    Intrinsic(String),
    TaskToken,
    StateInput,
    Duration { unit: String, amount: u64 },
    Size { unit: String, amount: u64 },
    Payload(serde_json::Value),
    Variant { kind: String, value: String },
    Builder { kind: String, setters: Vec<Setter> },
    Union { kind: String, constructor: String, value: Box<Expr> },
    List(Vec<Expr>),
    Map(Vec<(String, Expr)>),
}

struct Context<'a> {
    types: &'a BTreeMap<&'a str, &'a Type>,
    report: &'a Report<'a>,
}

pub(crate) fn resolve(
    service: &spec::Service,
    action: &spec::Action,
    resolved: &Action,
    types: &BTreeMap<&str, &Type>,
    pointer: &str,
    report: &Report<'_>,
) -> Vec<Example> {
    if action.examples.is_empty() {
        report
            .add(pointer, "the key `examples` is missing: an action needs at least one example for its docs and tests");
    }
    let context = Context { types, report };
    let one = |(at, example): (usize, &spec::Example)| {
        let pointer = step(&step(pointer, "examples"), at);
        let parameters_at = step(&pointer, "parameters");
        let pattern = example.pattern.clone().unwrap_or_else(|| "requestResponse".to_owned());
        let Some(supported) = resolved.patterns.iter().find(|it| it.key == pattern) else {
            let known: Vec<&str> = resolved.patterns.iter().map(|it| it.key.as_str()).collect();
            report.add(
                &pointer,
                format!(
                    "the action does not support the pattern `{pattern}` of this example; it supports `{}`",
                    known.join("`, `")
                ),
            );
            return None;
        };
        if action.examples[..at].iter().any(|earlier| earlier.title == example.title) {
            report.add(step(&pointer, "title"), "an earlier example has the same title: describe what this one shows");
        }
        let shows_same =
            |earlier: &spec::Example| earlier.pattern == example.pattern && earlier.parameters == example.parameters;
        if example.parameters.is_some() && action.examples[..at].iter().any(shows_same) {
            report.add(&parameters_at, "an earlier example has the same parameters: remove one of them");
        }
        if example.title.chars().count() > 80 {
            report.add(step(&pointer, "title"), "a state's name has at most 80 characters");
        }
        let Some(Json::Object(parameters)) = &example.parameters else {
            report.add(parameters_at, "`parameters` must be an object");
            return None;
        };
        let setters = context.setters(&resolved.structure, parameters, &example.rust, &resolved.custom, &parameters_at);
        if let Some(unknown) = example.rust.names().find(|name| resolved.structure.member(name).is_none()) {
            report.add(step(&pointer, "rust"), format!("`{unknown}` is not one of the parameters"));
        }
        let (resource, parameters) = rendered(service, resolved, supported, parameters);
        Some(Example { title: example.title.clone(), pattern, setters, resource, parameters })
    };
    action.examples.iter().enumerate().filter_map(one).collect()
}

/// Whether a text is a chain of method calls. The compiler checks their arguments with the example.
fn is_chain(text: &str) -> bool {
    use proc_macro2::{Delimiter, TokenStream, TokenTree};
    let Ok(tokens) = text.parse::<TokenStream>() else { return false };
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.chunks(3).all(|call| match call {
        [TokenTree::Punct(dot), TokenTree::Ident(_), TokenTree::Group(arguments)] => {
            dot.as_char() == '.' && arguments.delimiter() == Delimiter::Parenthesis
        }
        _ => false,
    })
}

/// The `Resource` and the parameters of the state.
fn rendered(
    service: &spec::Service,
    action: &Action,
    pattern: &super::Pattern,
    parameters: &[(String, Json)],
) -> (String, Option<serde_json::Value>) {
    let text = |name: &str| match parameters.iter().find(|(key, _)| key == name) {
        Some((_, Json::String(text))) => Some(text.clone()),
        _ => None,
    };
    let resource = match &action.resource_member {
        Some(member) => text(member).or_else(|| fixed_text(action, member)).unwrap_or_default(),
        None if action.calls.is_some() => pattern.resource.replace("${Partition}", "aws"),
        None => {
            let suffix = PATTERNS.iter().find(|(key, _)| *key == pattern.key).map_or("", |(_, suffix)| suffix);
            format!("arn:aws:states:::{}:{}{suffix}", service.service, action.name)
        }
    };
    let body = parameters.iter().filter(|(name, _)| Some(name) != action.resource_member.as_ref());
    let parameters = match &action.body_member {
        Some(member) => body.clone().find(|(name, _)| name == member).map(|(_, json)| json.to_value()),
        None => Some(Json::Object(body.cloned().collect()).to_value()),
    };
    (resource, parameters)
}

/// The value of a fixed parameter.
fn fixed_text(action: &Action, member: &str) -> Option<String> {
    match &action.structure.member(member)?.preset {
        Some(super::Preset::Constant { json, .. }) => serde_json::from_str(json).ok(),
        _ => None,
    }
}

impl Context<'_> {
    /// The setters for these members. Reports members that do not fit.
    fn setters(
        &self,
        structure: &Structure,
        members: &[(String, Json)],
        verbatim: &spec::Map<Json>,
        custom: &[super::Custom],
        pointer: &str,
    ) -> Vec<Setter> {
        let mut setters = Vec::new();
        let mut present: Vec<&str> = Vec::new();
        for (key, json) in members {
            let at = step(pointer, key);
            let (name, dynamic) = key.strip_suffix(".$").map_or((key.as_str(), false), |name| (name, true));
            if present.contains(&name) {
                self.report.add(&at, format!("`{name}` is given twice, with and without `.$`: remove one of them"));
            }
            present.push(name);
            if structure.member(name).is_some_and(|member| member.fixed) {
                self.report.add(at, format!("`{name}` is fixed, so an example cannot set it: remove it"));
                continue;
            }
            let Some(member) = structure.member(name) else {
                let known = structure.members.iter().map(|member| member.name.as_str());
                self.report
                    .add(at, format!("`{}` has no member `{name}`{}", structure.name, did_you_mean(name, known)));
                continue;
            };
            if let Some(json) = verbatim.get(name) {
                match json {
                    Json::String(text) if text.is_empty() => {}
                    Json::String(text) if !is_chain(text) => {
                        let told = format!("`{text}` is not a chain of setters: write it like `.name(\"x\")`");
                        self.report.add(at, told);
                    }
                    Json::String(text) => setters.push(Setter::Verbatim(text.clone())),
                    _ => self.report.add(at, "`rust` must be a string"),
                }
                continue;
            }
            if custom.iter().any(|custom| custom.sets.contains(&member.name)) {
                self.report.add(at, "a handwritten setter sets this parameter: add the call to `rust`");
                continue;
            }
            if dynamic {
                let method =
                    if member.shape.appends() { names::whole_setter(&member.setter) } else { member.setter.clone() };
                setters.extend(self.expression(json, &at).map(|it| Setter::Call { method, arguments: vec![it] }));
            } else {
                self.member_setters(member, json, &at, &mut setters);
            }
        }
        for missing in structure.required().filter(|member| !present.contains(&member.name.as_str())) {
            self.report.add(pointer, format!("the required member `{}` is missing", missing.name));
        }
        setters
    }

    fn member_setters(&self, member: &Member, json: &Json, at: &str, setters: &mut Vec<Setter>) {
        let method = member.setter.clone();
        match (&member.shape, json) {
            (Shape::List { items, .. }, Json::Array(elements)) if !elements.is_empty() => {
                for (index, element) in elements.iter().enumerate() {
                    let argument = self.argument(items, element, &step(at, index));
                    setters.extend(argument.map(|it| Setter::Call { method: method.clone(), arguments: vec![it] }));
                }
            }
            (Shape::Map { values, .. }, Json::Object(members)) if !members.is_empty() => {
                for (key, value) in members {
                    let (name, argument) = match key.strip_suffix(".$") {
                        Some(name) => (name, self.expression(value, &step(at, key))),
                        None => (key.as_str(), self.argument(values, value, &step(at, key))),
                    };
                    let arguments = |it| vec![Expr::Text(name.to_owned()), it];
                    setters
                        .extend(argument.map(|it| Setter::Call { method: method.clone(), arguments: arguments(it) }));
                }
            }
            (Shape::List { .. }, Json::Array(_)) | (Shape::Map { .. }, Json::Object(_)) => {
                self.report.add(at, "an empty list or map shows nothing: add an element, or remove it");
            }
            (shape, json) => {
                let method = if shape.appends() { names::whole_setter(&method) } else { method };
                setters.extend(self.argument(shape, json, at).map(|it| Setter::Call { method, arguments: vec![it] }));
            }
        }
    }

    /// The value of a key that ends with `.$`.
    fn expression(&self, json: &Json, at: &str) -> Option<Expr> {
        if let Some(fault) = match json {
            Json::String(text) => expression::fault(text),
            _ => None,
        } {
            self.report.add(at, fault);
            return None;
        }
        match json {
            Json::String(text) if text == "$$.Task.Token" => Some(Expr::TaskToken),
            Json::String(text) if text == "$" => Some(Expr::StateInput),
            Json::String(text) if text.starts_with('$') => Some(Expr::Path(text.clone())),
            Json::String(text) if text.starts_with("States.") => Some(Expr::Intrinsic(text.clone())),
            _ => {
                self.report.add(at, "the value of a key that ends with `.$` must be a path or an intrinsic function");
                None
            }
        }
    }

    fn argument(&self, shape: &Shape, json: &Json, at: &str) -> Option<Expr> {
        if let Json::String(text) = json {
            if let Some(fault) = expression::jsonata_fault(text) {
                self.report.add(at, fault);
                return None;
            }
        }
        // A value that does not fit is reported in `values`.
        if !shape::fits(shape, json) {
            return None;
        }
        Some(match (shape, json) {
            (Shape::Enumeration(kind), Json::String(value)) => {
                let at = |it: &super::Enumeration| it.values.iter().position(|(known, _)| known == value);
                let variant = match self.types.get(kind.as_str()) {
                    Some(Type::Enumeration(it)) => at(it).and_then(|at| it.variants().into_iter().nth(at)),
                    _ => None,
                };
                Expr::Variant { kind: kind.clone(), value: variant.unwrap_or_default() }
            }
            (Shape::Integer { unit: Some(unit), .. }, Json::Number(number)) => {
                let (unit, amount) = (unit.clone(), number.as_u64().unwrap_or_default());
                if unit.ends_with("iB") { Expr::Size { unit, amount } } else { Expr::Duration { unit, amount } }
            }
            (Shape::Json, Json::String(text)) => Expr::Text(text.clone()),
            (Shape::Json, json) => Expr::Payload(json.to_value()),
            (_, Json::String(text)) => Expr::Text(text.clone()),
            (Shape::String { .. }, json @ Json::Object(_)) => Expr::Payload(json.to_value()),
            (_, Json::Number(number)) => Expr::Number(number.to_string()),
            (_, Json::Bool(value)) => Expr::Bool(*value),
            (Shape::List { items, .. }, Json::Array(elements)) => {
                let elements = elements.iter().enumerate();
                Expr::List(
                    elements.map(|(index, it)| self.argument(items, it, &step(at, index))).collect::<Option<_>>()?,
                )
            }
            (Shape::Map { values, .. }, Json::Object(members)) => {
                let one = |(key, value): &(String, Json)| {
                    Some(match key.strip_suffix(".$") {
                        Some(name) => (name.to_owned(), self.expression(value, &step(at, key))?),
                        None => (key.clone(), self.argument(values, value, &step(at, key))?),
                    })
                };
                Expr::Map(members.iter().map(one).collect::<Option<_>>()?)
            }
            (Shape::Structure(kind), Json::Object(members)) => self.structure(kind, members, at)?,
            _ => return None,
        })
    }

    fn structure(&self, kind: &str, members: &[(String, Json)], at: &str) -> Option<Expr> {
        let Some(Type::Structure(structure)) = self.types.get(kind) else { return None };
        if !structure.union {
            let setters = self.setters(structure, members, &spec::Map::default(), &[], at);
            return Some(Expr::Builder { kind: kind.to_owned(), setters });
        }
        let [(key, json)] = members else {
            self.report.add(at, format!("set exactly one member of the union `{kind}`"));
            return None;
        };
        let (name, dynamic) = key.strip_suffix(".$").map_or((key.as_str(), false), |name| (name, true));
        let at = step(at, key);
        let Some(member) = structure.member(name) else {
            let known = structure.members.iter().map(|member| member.name.as_str());
            self.report.add(at, format!("`{kind}` has no member `{name}`{}", did_you_mean(name, known)));
            return None;
        };
        let value = if dynamic { self.expression(json, &at)? } else { self.argument(&member.shape, json, &at)? };
        Some(Expr::Union { kind: kind.to_owned(), constructor: member.setter.clone(), value: Box::new(value) })
    }
}

//! A definition that is prepared for a template: known values are set, and every other reference has a binding.

use std::collections::BTreeMap;
use std::ops::Range;

use super::binding::{Binding, Bound};
use super::{Export, Unbound, names, problem};
use crate::check::Diagnostic;
use crate::expression::placeholder;
use crate::iam::{Arn, Policy};
use crate::value::{Json, Object, escape_token};

/// The maximum depth to which a definition is read. A text cannot be nested more deeply; deeper parts of a tree that
/// a program built stay as they are.
const MAX_DEPTH: usize = 256;

/// A definition and its references.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    /// The definition with the literal values set.
    pub(super) json: Json,
    /// The references of the definition, of the settings and of permissions that the author added, with their bindings.
    pub(super) references: BTreeMap<String, Reference>,
    /// The values of references that are known now.
    literals: BTreeMap<String, String>,
    /// Whether it contains `null`, which a CloudFormation template cannot contain.
    pub(super) has_null: bool,
    /// Whether it contains a reference without quotation marks.
    pub(super) has_unquoted: bool,
    /// Whether it contains `${` that does not start a reference.
    pub(super) has_text: bool,
    /// Whether it contains a member that CloudFormation would read as an intrinsic function.
    pub(super) has_function: bool,
}

/// A reference of the definition.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) binding: Binding,
    /// The letters and digits of its name, made unique.
    pub(super) key: String,
    /// The JSON Pointer of its first use; empty if the definition does not contain it.
    pub(super) pointer: String,
    /// Whether it is written without quotation marks.
    pub(super) is_unquoted: bool,
    /// Whether it has no binding and a task sends an expression to it. Then the template can contain the function.
    pub(super) evaluates: bool,
}

impl Reference {
    /// A description of the parameter with its value.
    pub(super) fn description(&self, name: &str) -> String {
        match self.pointer.is_empty() {
            true => format!("The value of {name} in the permissions or settings"),
            false => format!("The value of {name} in the definition"),
        }
    }
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// Text.
    Literal(&'t str),
    /// A reference, by its name.
    Reference(&'t str),
}

impl Definition {
    pub(super) fn new(export: &Export<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let mut definition = Self {
            json: export.machine.json().clone(),
            references: BTreeMap::new(),
            literals: export
                .bindings
                .iter()
                .filter_map(|(name, it)| Some((name.clone(), it.literal_text()?)))
                .collect(),
            has_null: false,
            has_unquoted: false,
            has_text: false,
            has_function: false,
        };
        let mut json = std::mem::take(&mut definition.json);
        let mut reader =
            Reader { export, definition: &mut definition, problems, unbound: BTreeMap::new(), pointer: String::new() };
        reader.json(&mut json, MAX_DEPTH);
        let alarms = export.alias.iter().flat_map(|alias| &alias.alarms);
        for text in export.encryption_key.iter().chain(alarms) {
            reader.text(text);
        }
        reader.report();
        definition.json = json;
        definition.find_evaluating_functions(export);
        definition.name_keys();
        definition
    }

    /// The policy with the known values, in which only references of the table remain.
    pub(super) fn settle_policy(
        &mut self,
        policy: Policy,
        export: &Export<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Policy {
        let mut reader =
            Reader { export, definition: self, problems, unbound: BTreeMap::new(), pointer: String::new() };
        // Permissions that the author of a state added, and keys of resources, can have their own references.
        for name in policy.references() {
            if !name.starts_with("AWS::") {
                reader.name(name);
            }
        }
        reader.report();
        self.name_keys();
        policy.map(|arn| self.settle(arn).without_variables())
    }

    /// The text of a policy or of a setting with the known values. Only the references of the table remain.
    pub(super) fn settle(&self, arn: &Arn) -> Arn {
        arn.with_texts(|name| match self.literals.get(name) {
            Some(value) => Some(value.clone()),
            None if self.references.contains_key(name) || name.starts_with("AWS::") => None,
            None => Some(format!("${{{name}}}")),
        })
    }

    /// The parts of a text of this definition. A reference that is not in the table is literal text.
    pub(super) fn parts<'t>(&self, text: &'t str) -> Vec<Part<'t>> {
        let mut parts = Vec::new();
        let mut end = 0;
        for range in placeholder::find(text) {
            let name = &text[range.start + 2..range.end - 1];
            if self.references.contains_key(name) {
                if end < range.start {
                    parts.push(Part::Literal(&text[end..range.start]));
                }
                parts.push(Part::Reference(name));
                end = range.end;
            }
        }
        if end < text.len() {
            parts.push(Part::Literal(&text[end..]));
        }
        parts
    }

    /// The definition with every text rewritten by these functions. The flag that `literal` gets says whether a
    /// reference follows.
    pub(super) fn rewrite(
        &self,
        literal: &dyn Fn(&str, bool) -> String,
        reference: &dyn Fn(&Reference) -> String,
    ) -> Json {
        let text = |text: &str| -> String {
            let mut parts = self.parts(text).into_iter().peekable();
            let mut written = String::with_capacity(text.len());
            while let Some(part) = parts.next() {
                written.push_str(&match part {
                    Part::Literal(text) => literal(text, parts.peek().is_some()),
                    Part::Reference(name) => self.references.get(name).map(reference).unwrap_or_default(),
                });
            }
            written
        };
        let unquoted = |name: &str| {
            let written = self.references.get(name).map(reference).unwrap_or_default();
            written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(name).to_owned()
        };
        rewrite(&self.json, &text, &unquoted, MAX_DEPTH)
    }

    /// Finds functions without a binding that get the parameters of the evaluating function.
    fn find_evaluating_functions(&mut self, export: &Export<'_>) {
        let machine = crate::asl::StateMachine::new(std::mem::take(&mut self.json));
        for state in machine.walk() {
            let name = state.resource().and_then(|text| text.strip_prefix("${")?.strip_suffix('}'));
            let (Some(name), Some(payload)) = (name, state.payload()) else { continue };
            let sends = |member: &str| payload.get(member).is_some();
            if sends("expression") && sends("expressionAttributeValues") && !export.bindings.contains_key(name) {
                if let Some(reference) = self.references.get_mut(name) {
                    reference.evaluates = true;
                }
            }
        }
        self.json = machine.into_json();
    }

    fn name_keys(&mut self) {
        // Every target can need a name for a dollar sign.
        let mut taken = vec!["Dollar".to_owned()];
        for (name, reference) in &mut self.references {
            let wanted = names::key(name);
            let mut key = wanted.clone();
            let mut number = 2;
            while taken.iter().any(|other| other.eq_ignore_ascii_case(&key)) {
                key = format!("{wanted}{number}");
                number += 1;
            }
            taken.push(key.clone());
            reference.key = key;
        }
    }
}

fn rewrite(json: &Json, text: &dyn Fn(&str) -> String, unquoted: &dyn Fn(&str) -> String, depth: usize) -> Json {
    let Some(depth) = depth.checked_sub(1) else { return json.clone() };
    match json {
        Json::String(string) if string.contains(['$', '%']) => text(string).into(),
        Json::Placeholder(name) => Json::Placeholder(unquoted(name).into()),
        Json::Array(elements) => {
            Json::Array(elements.iter().map(|element| rewrite(element, text, unquoted, depth)).collect())
        }
        Json::Object(object) => {
            let mut rewritten = Object::with_capacity(object.len());
            for (name, value) in object.iter() {
                rewritten.insert(text(name), rewrite(value, text, unquoted, depth));
            }
            Json::Object(rewritten)
        }
        other => other.clone(),
    }
}

/// Sets known values, and collects the other references.
struct Reader<'r, 'e> {
    export: &'r Export<'e>,
    definition: &'r mut Definition,
    problems: &'r mut Vec<Diagnostic>,
    /// References without a binding, each with the JSON Pointer of its first use.
    unbound: BTreeMap<String, String>,
    pointer: String,
}

impl Reader<'_, '_> {
    /// Reports references without a binding, if they are errors.
    fn report(self) {
        for (name, pointer) in self.unbound {
            self.problems.push(Diagnostic {
                code: "unbound-reference",
                ..problem(
                    &pointer,
                    format!("the reference `${{{name}}}` has no binding"),
                    format!("set it with `bind(\"{name}\", …)`; if it is not a reference, use `Binding::text()`"),
                )
            });
        }
    }

    fn json(&mut self, json: &mut Json, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match json {
            Json::Null => self.definition.has_null = true,
            Json::String(text) => {
                if let Some(filled) = self.text(text) {
                    *json = filled.into();
                }
            }
            Json::Placeholder(name) => match self.export.bindings.get(&**name).map(|binding| &binding.value) {
                // Without quotation marks, a text is JSON: `5` is a number.
                Some(Bound::Literal(value)) => {
                    let parsed = value.as_str().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
                    let value = parsed.map_or_else(|| value.clone(), Json::from);
                    if value.to_string().contains("${") {
                        self.problems.push(self.value_with_reference(name));
                    }
                    *json = value;
                    self.json(json, depth);
                }
                _ => {
                    self.definition.has_unquoted = true;
                    let name = name.to_string();
                    self.reference(&name, true);
                }
            },
            Json::Array(elements) => {
                for (index, element) in elements.iter_mut().enumerate() {
                    self.at(&index.to_string(), |reader| reader.json(element, depth));
                }
            }
            Json::Object(object) => {
                // A macro and a loop may have other members next to them.
                let is_function = |name: &str| {
                    name.starts_with("Fn::") || (object.len() == 1 && (name == "Ref" || name == "Condition"))
                };
                self.definition.has_function |= object.names().any(is_function);
                let mut read = Object::with_capacity(object.len());
                for (name, mut value) in std::mem::take(object) {
                    let filled = self.at(&escape_token(&name), |reader| {
                        reader.json(&mut value, depth);
                        reader.text(&name)
                    });
                    read.insert(filled.map_or(name, Into::into), value);
                }
                *object = read;
            }
            _ => {}
        }
    }

    fn at<T>(&mut self, token: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(token);
        let found = read(self);
        self.pointer.truncate(length);
        found
    }

    /// Collects the references of a text. Returns the text with the literal values set, or `None` if it has none.
    fn text(&mut self, text: &str) -> Option<String> {
        if !text.contains("${") {
            return None;
        }
        let (mut filled, mut end, mut literals, mut known) = (String::new(), 0, Vec::new(), 0);
        for range in placeholder::find(text) {
            let name = &text[range.start + 2..range.end - 1];
            if let Some(value) = self.definition.literals.get(name) {
                filled.push_str(&text[end..range.start]);
                filled.push_str(value);
                literals.push(name);
                end = range.end;
            } else if self.name(name) {
                known += 1;
            }
        }
        filled.push_str(&text[end..]);
        self.definition.has_text |= filled.matches("${").count() > known;
        let name = literals.last()?;
        let is_reference = |range: &Range<usize>| self.is_reference(&filled[range.start + 2..range.end - 1]);
        if placeholder::find(&filled).filter(is_reference).count() > known {
            self.problems.push(self.value_with_reference(name));
        }
        Some(filled)
    }

    fn value_with_reference(&self, name: &str) -> Diagnostic {
        problem(
            &self.pointer,
            format!("the value of `${{{name}}}` adds `${{` to the definition, where it would start a reference"),
            "write the references of the value into the definition, or use a parameter",
        )
    }

    /// Collects the name between `${` and `}` if it is a reference without a known value.
    fn name(&mut self, name: &str) -> bool {
        let is_reference = self.is_reference(name);
        if is_reference {
            self.reference(name, false);
        }
        is_reference
    }

    fn is_reference(&self, name: &str) -> bool {
        match self.export.bindings.get(name).map(|binding| &binding.value) {
            Some(Bound::Literal(_) | Bound::Text) => false,
            Some(_) => true,
            None => names::is_reference(name),
        }
    }

    fn reference(&mut self, name: &str, is_unquoted: bool) {
        if let Some(known) = self.definition.references.get_mut(name) {
            known.is_unquoted |= is_unquoted;
            return;
        }
        let pseudo = ["AWS::Partition", "AWS::Region", "AWS::AccountId", "AWS::StackName", "AWS::URLSuffix"];
        let binding = match self.export.bindings.get(name) {
            Some(binding) => binding.clone(),
            None if pseudo.contains(&name) => Binding::resource(name),
            None => {
                if self.export.unbound == Unbound::Error {
                    self.unbound.entry(name.to_owned()).or_insert_with(|| self.pointer.clone());
                }
                Binding::parameter()
            }
        };
        let reference =
            Reference { binding, key: String::new(), pointer: self.pointer.clone(), is_unquoted, evaluates: false };
        self.definition.references.insert(name.to_owned(), reference);
    }
}

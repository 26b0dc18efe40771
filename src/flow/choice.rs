//! The rules of a Choice state.

use super::Kind;
use super::accepts::Accepts;
use super::fields::{Data, describe, is_expression};
use super::machine::Flow;
use super::state::Exit;
use super::value::Value;
use crate::asl::{Node, QueryLanguage, State};
use crate::expression::json_path::{JsonPath, Root, SegmentKind};

impl Flow {
    pub(super) fn choice<'s>(&mut self, state: &State<'s>, data: &Data<'_>, output: Value) -> Vec<Exit<'s>> {
        let mut exits = Vec::new();
        for (index, rule) in state.choices().enumerate() {
            let mut present = Vec::new();
            tested(&rule, &mut present, 0);
            self.condition(&rule, data, index == 0, &present, 0);
            self.assignments_of(&rule, data);
            exits.extend(rule.text("Next").map(|next| (Some(next), output.clone())));
        }
        self.assignments(state, data);
        exits.extend(state.default().map(|next| (Some(next), output)));
        exits
    }

    /// A comparison, or the comparisons inside it. `is_certain` means that it is evaluated whenever the state runs.
    /// `present` are the paths whose existence the choice rule tests.
    fn condition(&mut self, rule: &Node<'_>, data: &Data<'_>, is_certain: bool, present: &[String], depth: usize) {
        if depth > 32 {
            return;
        }
        for (name, node) in rule.members() {
            match name {
                "And" | "Or" => {
                    for part in node.elements() {
                        self.condition(&part, data, false, present, depth + 1);
                    }
                }
                "Not" => self.condition(&node, data, is_certain, present, depth + 1),
                "Variable" if !rule.has("IsPresent") => {
                    let Some(text) = node.json().as_str() else { continue };
                    match self.look_up(text, data) {
                        Ok(value) => {
                            self.comparison(rule, text, &value);
                            self.operand(rule, data, is_certain && present.is_empty());
                        }
                        Err(mut dead) => {
                            let place = format!("{}{}", dead.alive, dead.step);
                            if !present.iter().any(|path| path.starts_with(&place)) {
                                dead.is_unlikely |= !is_certain || !present.is_empty();
                                self.dead(&node, &dead, data.language);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The path to the other value of a comparison, such as `NumericEqualsPath`.
    fn operand(&mut self, rule: &Node<'_>, data: &Data<'_>, is_certain: bool) {
        for (operator, node) in rule.members().filter(|(name, _)| name.ends_with("Path")) {
            let Some(text) = node.json().as_str() else { continue };
            match self.look_up(text, data) {
                Ok(value) => self.comparison_with(&node, operator, text, &value),
                Err(mut dead) => {
                    dead.is_unlikely |= !is_certain;
                    self.dead(&node, &dead, data.language);
                }
            }
        }
    }

    /// Whether a comparison can ever be true.
    fn comparison(&mut self, rule: &Node<'_>, variable: &str, value: &Value) {
        rule.members().for_each(|(operator, node)| self.comparison_with(&node, operator, variable, value));
    }

    fn comparison_with(&mut self, node: &Node<'_>, operator: &str, path: &str, value: &Value) {
        let wants: (&str, fn(&Value) -> bool) = match operator {
            _ if operator.starts_with("Numeric") => ("a number", |value| value.number),
            _ if operator.starts_with("String") => ("a string", |value| value.string),
            _ if operator.starts_with("Timestamp") => ("a timestamp", |value| value.string),
            _ if operator.starts_with("Boolean") => ("a boolean", |value| value.boolean),
            _ => return,
        };
        if !(value.anything || wants.1(value) || value.is_nothing()) {
            let message = format!("`{operator}` is never true: `{path}` is {}, not {}", describe(value), wants.0);
            self.report(Kind::Comparison, node.pointer(), message, None);
        }
    }

    pub(super) fn jsonata_choice<'s>(&mut self, state: &State<'s>, data: &Data<'_>) -> Vec<Exit<'s>> {
        let mut exits = Vec::new();
        let output = |flow: &mut Self, node: &Node<'_>| match node.get("Output") {
            Some(node) => flow.template(&node, data),
            None => data.input.clone(),
        };
        for rule in state.choices() {
            if let Some(node) = rule.get("Condition") {
                let value = self.template(&node, data);
                if is_expression(&node) {
                    self.accepted(&node, "Condition", Accepts::Boolean, &value, QueryLanguage::Jsonata);
                }
            }
            self.assignments_of(&rule, data);
            let value = output(self, &rule);
            exits.extend(rule.text("Next").map(|next| (Some(next), value)));
        }
        self.assignments(state, data);
        if let Some(next) = state.default() {
            let value = output(self, state);
            exits.push((Some(next), value));
        }
        exits
    }
}

/// The paths whose existence a choice rule tests, in the form of [`Dead`].
fn tested(rule: &Node<'_>, found: &mut Vec<String>, depth: usize) {
    if depth > 32 {
        return;
    }
    if let (true, Some(path)) =
        (rule.has("IsPresent"), rule.text("Variable").and_then(|text| JsonPath::parse(text).ok()))
    {
        let root = match path.root {
            Root::Value => "$".to_owned(),
            Root::Context => "$$".to_owned(),
            Root::Variable(name) => format!("${name}"),
        };
        found.push(path.segments.iter().fold(root, |text, segment| match &segment.kind {
            SegmentKind::Name(name) => format!("{text}.{name}"),
            SegmentKind::Index(index) => format!("{text}[{index}]"),
            _ => text,
        }));
    }
    for (name, node) in rule.members() {
        match name {
            "And" | "Or" => node.elements().for_each(|part| tested(&part, found, depth + 1)),
            "Not" => tested(&node, found, depth + 1),
            _ => {}
        }
    }
}

//! Rules for variables and their scopes.

use std::collections::BTreeSet;

use super::assigned::Assigned;
use super::fields::Place;
use super::rule::{Proof, Rule};
use super::{Checker, Severity, expressions};
use crate::asl::{Machine, Node, ProcessorMode, QueryLanguage};
use crate::expression::{placeholder, variable};
use crate::value::Json;

pub(super) static RULES: &[&Rule] = &[&VARIABLE_NAME, &UNDEFINED, &SHADOWED];

static VARIABLE_NAME: Rule = Rule {
    code: "variable-name",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "a variable's name is a Unicode identifier of at most 80 characters; a part of a variable cannot be assigned",
        "workflow-variables",
    )],
    title: "A variable has a name that Step Functions accepts",
    explanation: "The name starts with a letter, followed by letters, digits and `_`, and has at most 80 characters. `states` is reserved. Parts of a \
                  variable cannot be assigned.",
    wrong: r#"{"Type": "Pass", "Assign": {"order-id": 1}, "End": true}"#,
    right: r#"{"Type": "Pass", "Assign": {"orderId": 1}, "End": true}"#,
    express: false,
};

static UNDEFINED: Rule = Rule {
    code: "undefined-variable",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "The JSONata expression '$doesNotExist' specified for the field 'Output' returned nothing (undefined).",
        "localstack/localstack, test_undefined_reference",
    )],
    title: "A variable that is used has been assigned",
    explanation: "It must be assigned by an earlier state of the same machine or of an enclosing one. All expressions of a \
                  state read the values that variables had when the state was entered, including those in its `Assign`. A \
                  distributed Map state does not pass its variables to its items. If an expression has a value even \
                  without the variable, such as `$exists($total) ? $total : 0`, a variable that no state assigns is a warning.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $total %}", "End": true}"#,
    right: r#"{"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Assign": {"total": 1}, "Next": "B"}, "B": {"Type": "Pass", "Output": "{% $total %}", "End": true}}}"#,
    express: false,
};

static SHADOWED: Rule = Rule {
    code: "shadowed-variable",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "a variable of an inner scope cannot have the name of one that an outer scope assigns",
        "workflow-variables",
    )],
    title: "A branch does not assign a variable of the enclosing machine",
    explanation: "A Parallel or Map state's machines can read outer variables, but their own variables must have other names. \
                  Outer variables that only a catcher assigns do not count.",
    wrong: r#"{"Type": "Parallel", "Assign": {"x": 1}, "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"x": 2}, "End": true}}}], "End": true}"#,
    right: r#"{"Type": "Parallel", "Assign": {"x": 1}, "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"y": 2}, "End": true}}}], "End": true}"#,
    express: false,
};

/// The variables of a machine, and those of the machines around it.
#[derive(Debug, Default)]
pub(super) struct Scope<'p> {
    outer: Option<&'p Scope<'p>>,
    names: BTreeSet<String>,
    /// The variables that not only a catcher assigns. AWS allows a branch to reuse the name of a catcher's variable
    kept: BTreeSet<String>,
    /// Whether a name or a whole `Assign` is only known at deployment
    open: bool,
    assigned: Assigned,
}

impl<'p> Scope<'p> {
    /// The scope of a machine inside this one.
    pub(super) fn enter(&'p self, machine: &Machine<'_>) -> Scope<'p> {
        let distributed = machine.mode() == Some(ProcessorMode::Distributed);
        let assigned = Assigned::new(machine);
        let mut scope = Scope { outer: (!distributed).then_some(self), assigned, ..Scope::default() };
        for (index, state) in machine.states().enumerate() {
            scope.collect(&state, index, true);
            for list in ["Choices", "Catch"] {
                let kept = list != "Catch";
                state.get(list).iter().flat_map(Node::elements).for_each(|rule| scope.collect(&rule, index, kept));
            }
        }
        scope
    }

    /// Sets the state that is being checked, by its index.
    pub(super) fn stand_at(&self, index: usize) {
        self.assigned.stand_at(index);
    }

    fn collect(&mut self, node: &Node<'_>, state: usize, kept: bool) {
        match node.get("Assign").as_ref().map(Node::json) {
            Some(Json::Object(assign)) => {
                for name in assign.names() {
                    self.open |= placeholder::is_in(name);
                    self.names.insert(bare(name).to_owned());
                    self.assigned.add(bare(name), state);
                    if kept {
                        self.kept.insert(bare(name).to_owned());
                    }
                }
            }
            Some(Json::Placeholder(_)) => self.open = true,
            _ => {}
        }
    }

    /// This scope and the enclosing ones.
    fn chain(&self) -> impl Iterator<Item = &Scope<'p>> {
        std::iter::successors(Some(self), |scope| scope.outer)
    }

    /// Whether a state certainly assigns this variable.
    pub(super) fn assigns(&self, name: &str) -> bool {
        self.chain().any(|scope| scope.names.contains(name))
    }

    fn knows(&self, name: &str) -> bool {
        self.chain().any(|scope| scope.open || scope.names.contains(name))
    }

    /// Whether only later states assign a known variable.
    fn comes_later(&self, name: &str) -> bool {
        !self.chain().any(|scope| scope.open)
            && self.chain().filter(|scope| scope.names.contains(name)).all(|scope| scope.assigned.comes_later(name))
    }
}

fn bare(name: &str) -> &str {
    name.strip_suffix(".$").unwrap_or(name)
}

/// Checks an `Assign` field.
pub(super) fn check_assign(checker: &mut Checker<'_>, node: &Node<'_>, place: Place<'_>) {
    if node.object().is_none() {
        checker.add(
            &VARIABLE_NAME,
            node,
            format!("`Assign` must be an object whose keys are names of variables, not {}", node.json().kind()),
        );
        return;
    }
    for (key, child) in node.members() {
        let name = if place.language == QueryLanguage::JsonPath { bare(key) } else { key };
        if placeholder::is_in(name) {
            continue;
        }
        if name.ends_with(".$") {
            continue;
        }
        if let Err(error) = variable::check_name(name) {
            checker.add(&VARIABLE_NAME, &child, format!("`{name}`: {}", error.message)).help = error.help;
        } else if place.scope.outer.is_some_and(|outer| outer.chain().any(|scope| scope.kept.contains(name))) {
            checker
                .add(&SHADOWED, &child, format!("`{name}` is a variable of the enclosing machine"))
                .help("use another name");
        }
    }
    expressions::payload(checker, node, place);
}

/// Checks that a variable has a value where it is used. `needed` says that the state fails without a value.
pub(super) fn check_use(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, needed: bool, place: Place<'_>) {
    if place.scope.knows(name) {
        if needed && place.scope.comes_later(name) {
            checker.add(&UNDEFINED, node, format!("`${name}` has no value here: only later states assign it")).help(
                "assign it in an earlier state: expressions read the values that variables had when the state was entered",
            );
        }
        return;
    }
    let message = format!("no state assigns the variable `${name}`");
    let known =
        place.scope.chain().flat_map(|scope| scope.names.iter().map(String::as_str)).chain([variable::RESERVED]);
    let near = checker.nearest(name, known).map(str::to_owned);
    let help = match name {
        variable::RESERVED => "`$states` is available only in JSONata states; in JSONPath write `$` or `$$`".to_owned(),
        _ => near.map_or_else(
            || format!("assign it in an earlier state: `\"Assign\": {{\"{name}\": …}}`"),
            |near| format!("did you mean `${near}`?"),
        ),
    };
    let finding = checker.add(&UNDEFINED, node, message);
    finding.help(help);
    if !needed {
        finding.severity = Severity::Warning;
    }
}

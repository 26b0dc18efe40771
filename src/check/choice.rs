//! The rules of Choice states.

use super::rule::{Proof, Rule};
use super::suggest::{list, shorten};
use super::{Checker, Severity};
use crate::asl::fields::{CHOICE_RULE, Content};
use crate::asl::{Node, QueryLanguage, State, StateType};

/// The maximum depth of conditions that are checked.
const MAX_DEPTH: usize = 128;

pub(super) static RULES: &[&Rule] = &[&SHAPE, &NEXT, &NO_DEFAULT];

static SHAPE: Rule = Rule {
    code: "choice-rule",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "a comparison is two fields: the variable, and one comparison with its value",
        "state-choice",
    )],
    title: "A choice rule makes one comparison",
    explanation: "It has `Variable` and one comparison, or one of `And`, `Or` and `Not`. In a JSONata state it has \
                  `Condition`.",
    wrong: r#"{"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 1, "NumericLessThan": 5, "Next": "Done"}], "Default": "Done"}"#,
    right: r#"{"Type": "Choice", "Choices": [{"And": [{"Variable": "$.n", "NumericGreaterThan": 1}, {"Variable": "$.n", "NumericLessThan": 5}], "Next": "Done"}], "Default": "Done"}"#,
    express: false,
};

static NEXT: Rule = Rule {
    code: "choice-next",
    severity: Severity::Error,
    proof: &[Proof::guide("`Next` appears only in a top-level rule, and each of those has it", "state-choice")],
    title: "Only a top-level rule has `Next`",
    explanation: "Each element of `Choices` names the next state. A condition inside `And`, `Or` or `Not` has \
                  neither `Next` nor `Assign` nor `Output`.",
    wrong: r#"{"Type": "Choice", "Choices": [{"Not": {"Variable": "$.ok", "BooleanEquals": true, "Next": "Done"}}], "Default": "Done"}"#,
    right: r#"{"Type": "Choice", "Choices": [{"Not": {"Variable": "$.ok", "BooleanEquals": true}, "Next": "Done"}], "Default": "Done"}"#,
    express: false,
};

static NO_DEFAULT: Rule = Rule {
    code: "choice-default",
    severity: Severity::Warning,
    proof: &[],
    title: "A Choice state says what happens if no rule matches",
    explanation: "Without `Default` the execution fails with `States.NoChoiceMatched`. Reported if every rule compares for \
                  equality with a string, number or timestamp, so that other values match no rule.",
    wrong: r#"{"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "order", "Next": "Done"}]}"#,
    right: r#"{"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "order", "Next": "Done"}], "Default": "Done"}"#,
    express: false,
};

pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>) {
    if state.state_type() != StateType::Choice {
        return;
    }
    for rule in state.choices().filter(|rule| rule.object().is_some()) {
        if !rule.has("Next") {
            checker.add(&NEXT, &rule, "the rule has no next state").help("add `Next` with the name of a state");
        }
        match state.query_language() {
            QueryLanguage::JsonPath => condition(checker, &rule, true, 0),
            QueryLanguage::Jsonata if !rule.has("Condition") => {
                checker.add(&SHAPE, &rule, "the rule has no `Condition`").help("write `\"Condition\": \"{% … %}\"`");
            }
            QueryLanguage::Jsonata => {}
        }
    }
    default(checker, state);
}

fn condition(checker: &mut Checker<'_>, rule: &Node<'_>, outermost: bool, depth: usize) {
    if depth > MAX_DEPTH || rule.object().is_none() {
        return;
    }
    let mut operators = Vec::new();
    let mut variable = None;
    let mut foreign = false;
    for (name, child) in rule.members() {
        match CHOICE_RULE.field(name).map(|field| field.content) {
            Some(Content::Comparison(_) | Content::ComparisonPath(_) | Content::Test) => operators.push((name, child)),
            Some(Content::Objects(_)) => {
                child.elements().for_each(|part| condition(checker, &part, false, depth + 1));
                operators.push((name, child));
            }
            Some(Content::Object(_)) => {
                condition(checker, &child, false, depth + 1);
                operators.push((name, child));
            }
            Some(_) if name == "Variable" => variable = Some(child),
            Some(_) if !outermost && matches!(name, "Next" | "Assign" | "Output") => {
                checker
                    .add(&NEXT, &child, format!("a nested condition cannot have `{name}`"))
                    .help("move it to the top-level rule");
            }
            Some(_) => foreign |= name == "Condition",
            None => foreign = true,
        }
    }
    let logical = |name: &str| matches!(name, "And" | "Or" | "Not");
    match operators.as_slice() {
        // A misspelt or misplaced operator is reported as an unknown field.
        [] if foreign => {}
        [] => {
            checker
                .add(&SHAPE, rule, "the rule has no comparison")
                .help("add a comparison such as `StringEquals`, or `And`, `Or` or `Not`");
        }
        [(name, _)] => match &variable {
            None if !logical(name) => {
                checker
                    .add(&SHAPE, rule, format!("`{name}` has no `Variable` to compare"))
                    .help("add `Variable` with a path");
            }
            Some(variable) if logical(name) => {
                checker
                    .add(&SHAPE, variable, format!("`Variable` cannot be used together with `{name}`"))
                    .help("move it into the nested conditions");
            }
            _ => {}
        },
        [_, rest @ ..] => {
            let names = list(operators.iter().map(|(name, _)| *name), "and");
            checker
                .add(&SHAPE, &rest[0].1, format!("the rule has more than one comparison: {names}"))
                .help("combine them with `And` or `Or`");
        }
    }
}

fn default(checker: &mut Checker<'_>, state: &State<'_>) {
    const EQUALITIES: [&str; 3] = ["StringEquals", "NumericEquals", "TimestampEquals"];
    if state.has("Default") || state.query_language() == QueryLanguage::Jsonata {
        return;
    }
    let mut rules = state.choices().peekable();
    if rules.peek().is_some() && rules.all(|rule| EQUALITIES.into_iter().any(|name| rule.has(name))) {
        checker
            .add(
                &NO_DEFAULT,
                state,
                format!("`{}` has no `Default`: other values fail the execution", shorten(state.name())),
            )
            .help("add `Default` with the name of a state");
    }
}

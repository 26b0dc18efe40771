//! Rules for the structure of a machine: its states and their transitions.

use std::collections::HashMap;
use std::io;

use super::fields;
use super::rule::{Proof, Rule};
use super::suggest::shorten;
use super::{Checker, Severity};
use crate::asl::{Machine, Node, State, StateMachine, StateType, Transition};
use crate::expression::placeholder;
use crate::value::Json;

/// The maximum size of a definition, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// The only version of the language.
const VERSION: &str = "1.0";
/// The maximum number of characters in the name of a state.
const MAX_NAME: usize = 80;

pub(super) static RULES: &[&Rule] = &[
    &UNKNOWN_STATE,
    &UNREACHABLE,
    &NO_END,
    &NEXT_OR_END,
    &NO_STATES,
    &NAME_LENGTH,
    &DUPLICATE_NAME,
    &SIZE,
    &NESTING,
    &CUT,
];

static UNKNOWN_STATE: Rule = Rule {
    code: "unknown-state",
    severity: Severity::Error,
    proof: &[Proof::refusal("MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3", "localstack/localstack#11978")],
    title: "A state that is referenced exists",
    explanation: "`StartAt`, `Next`, `Default` and the targets of `Choices` and `Catch` name a state of the same machine. \
                  A branch cannot continue with a state outside it.",
    wrong: r#"{"StartAt": "Start", "States": {"Strat": {"Type": "Succeed"}}}"#,
    right: r#"{"StartAt": "Start", "States": {"Start": {"Type": "Succeed"}}}"#,
    express: false,
};

static UNREACHABLE: Rule = Rule {
    code: "unreachable-state",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "MISSING_TRANSITION_TARGET: State \"pass2\" is not reachable.",
        "localstack/localstack#11978",
    )],
    title: "Every state is reachable",
    explanation: "A state that cannot be reached from `StartAt` never runs. AWS rejects such a definition.",
    wrong: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Fail"}}}"#,
    right: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Fail"}}}"#,
    express: false,
};

pub(super) static NO_END: Rule = Rule {
    code: "no-end",
    severity: Severity::Error,
    proof: &[Proof::refusal("MISSING_END_STATE: Workflow has no terminal state", "floci-io/floci#2735")],
    title: "A machine can end",
    explanation: "At least one state is a Succeed or a Fail state or has `\"End\": true`.",
    wrong: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}"#,
    right: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}"#,
    express: false,
};

static NEXT_OR_END: Rule = Rule {
    code: "next-or-end",
    severity: Severity::Error,
    proof: &[Proof::guide("a Task state sets `End` to true, or provides a state in `Next`", "state-task")],
    title: "A state either has a next state or ends",
    explanation: "Task, Pass, Wait, Parallel and Map states have `Next` or `\"End\": true`, and not both.",
    wrong: r#"{"Type": "Pass", "Next": "Done", "End": true}"#,
    right: r#"{"Type": "Pass", "Next": "Done"}"#,
    express: false,
};

static NO_STATES: Rule = Rule {
    code: "no-states",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "SCHEMA_VALIDATION_FAILED: These fields are required: [States]",
        "localstack/localstack, test_create_delete_invalid_sm",
    )],
    title: "A machine has states",
    explanation: "`States` is an object with one member for each state, and contains at least one.",
    wrong: r#"{"StartAt": "A", "States": {}}"#,
    right: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
    express: false,
};

static NAME_LENGTH: Rule = Rule {
    code: "state-name",
    severity: Severity::Error,
    proof: &[Proof::guide("a state's name has at most 80 characters", "statemachine-structure")],
    title: "The name of a state has 1 to 80 characters",
    explanation: "Use `Comment` for a longer description.",
    wrong: r#"{"StartAt": "A state whose name tells everything about it, down to what it is called at home and why", "States": {"A state whose name tells everything about it, down to what it is called at home and why": {"Type": "Succeed"}}}"#,
    right: r#"{"StartAt": "A short name", "States": {"A short name": {"Type": "Succeed"}}}"#,
    express: false,
};

static DUPLICATE_NAME: Rule = Rule {
    code: "duplicate-state-name",
    severity: Severity::Error,
    proof: &[Proof::refusal("DUPLICATE_STATE_NAME: Duplicate State name", "aws-cloudformation/cfn-lint#3616")],
    title: "No two states of a definition have the same name",
    explanation: "Names are unique in the whole definition, including the branches of Parallel states and the processors \
                  of Map states.",
    wrong: r#"{"StartAt": "Same", "States": {"Same": {"Type": "Parallel", "Branches": [{"StartAt": "Same", "States": {"Same": {"Type": "Succeed"}}}], "End": true}}}"#,
    right: r#"{"StartAt": "Same", "States": {"Same": {"Type": "Parallel", "Branches": [{"StartAt": "Other", "States": {"Other": {"Type": "Succeed"}}}], "End": true}}}"#,
    express: false,
};

static SIZE: Rule = Rule {
    code: "definition-size",
    severity: Severity::Error,
    proof: &[Proof::guide("a request has at most 1 MB, its header included", "service-quotas")],
    title: "A definition has at most 1 MiB",
    explanation: "White space between its parts does not count. Split a larger one into nested state machines. (The \
                  wrong example is omitted because of its length.)",
    wrong: "",
    right: r#"{"Type": "Succeed"}"#,
    express: false,
};

pub(super) static NESTING: Rule = Rule {
    code: "nesting",
    severity: Severity::Warning,
    proof: &[],
    title: "State machines are not nested without limit",
    explanation: "Branches and processors are checked to a depth of 64. (The wrong example is \
                  omitted because of its length.)",
    wrong: "",
    right: r#"{"Type": "Succeed"}"#,
    express: false,
};

pub(super) static CUT: Rule = Rule {
    code: "too-many-findings",
    severity: Severity::Warning,
    proof: &[],
    title: "A report has at most 16 MiB",
    explanation: "Further findings are omitted. Fix the reported ones, and check again. (The wrong example is omitted because \
                  of its length.)",
    wrong: "",
    right: r#"{"Type": "Succeed"}"#,
    express: false,
};

/// Checks the definition as a whole.
pub(super) fn check_definition(checker: &mut Checker<'_>, machine: &StateMachine) {
    if let Some(version) = machine.definition().get("Version") {
        if let Some(text) = version.json().as_str().filter(|text| *text != VERSION && !placeholder::is_in(text)) {
            let message = format!("`{}` is not a version of the Amazon States Language", shorten(text));
            checker
                .warn(&fields::UNKNOWN_VALUE, &version, message)
                .help(format!("remove `Version`, or write `\"{VERSION}\"`"));
        }
    }
    let mut counter = Counter(0);
    // Counting never fails.
    let _ = machine.write_to(&mut counter);
    if counter.0 > MAX_BYTES {
        let message = format!("the definition has {} bytes; AWS accepts at most {MAX_BYTES}", counter.0);
        checker.add(&SIZE, &machine.definition(), message).help("move parts of it into nested state machines");
    }
}

struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Checks that names are unique in the whole definition.
pub(super) fn check_names(checker: &mut Checker<'_>, definition: &Machine<'_>) {
    let mut seen: HashMap<&str, Node<'_>> = HashMap::new();
    for state in definition.walk() {
        if let Some(first) = seen.get(state.name()) {
            let message =
                format!("the name `{}` is already used by the state at {}", shorten(state.name()), first.pointer());
            checker.add(&DUPLICATE_NAME, &state, message).help("rename one of the two states");
        } else {
            seen.insert(state.name(), (*state).clone());
        }
    }
}

/// Checks a machine: its fields, and the transitions of its states.
pub(super) fn check_machine(checker: &mut Checker<'_>, machine: &Machine<'_>) {
    fields::check_machine(checker, machine);
    let Some(states) = machine.get("States") else { return };
    match states.json() {
        Json::Placeholder(_) => return,
        Json::Object(object) if !object.is_empty() => {}
        _ => {
            checker.add(&NO_STATES, &states, "`States` is empty");
            return;
        }
    }
    let states: Vec<State<'_>> = machine.states().collect();
    let index: HashMap<&str, usize> = states.iter().enumerate().map(|(at, state)| (state.name(), at)).collect();
    let transitions: Vec<Vec<Transition<'_>>> = states.iter().map(|state| state.transitions()).collect();
    let mut certain = states.iter().all(|state| state.object().is_some());

    let mut targets: Vec<(&str, Node<'_>)> = Vec::new();
    if let (Some(name), Some(node)) = (machine.start_at(), machine.get("StartAt")) {
        targets.push((name, node));
    }
    targets.extend(transitions.iter().flatten().map(|transition| (transition.target, transition.node.clone())));
    for (name, node) in &targets {
        if index.contains_key(name) {
            continue;
        }
        certain = false;
        if !placeholder::is_in(name) {
            let message = format!("there is no state `{}` in this machine", shorten(name));
            let near = checker.nearest(name, states.iter().map(State::name));
            // A name that exists elsewhere is not misspelt.
            let help = match checker.names.contains(name) {
                true => Some("a transition cannot lead into another branch or processor, or out of its own".to_owned()),
                false => near.map(|near| format!("did you mean `{near}`?")),
            };
            checker.add(&UNKNOWN_STATE, node, message).help = help;
        }
    }

    for state in &states {
        check_name(checker, state);
        next_or_end(checker, state);
    }
    let may_end = |state: &State<'_>| state.is_terminal() || state.state_type() == StateType::Unknown;
    if !states.iter().any(may_end) && certain {
        checker
            .add(&NO_END, machine, "no state ends the machine")
            .help("add `\"End\": true` to a state, or add a Succeed state");
    }
    let start = machine.start_at().and_then(|name| index.get(name));
    if let (Some(start), true) = (start, certain) {
        let reached = reach(*start, &index, &transitions);
        for (state, _) in states.iter().zip(&reached).filter(|(_, reached)| !**reached) {
            checker
                .add(&UNREACHABLE, state, format!("no transition leads to `{}`", shorten(state.name())))
                .help("set it as the `Next` of a state, or remove it");
        }
    }
}

/// The states that are reachable from the first one.
fn reach(start: usize, index: &HashMap<&str, usize>, transitions: &[Vec<Transition<'_>>]) -> Vec<bool> {
    let mut reached = vec![false; transitions.len()];
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            open.extend(transitions[at].iter().filter_map(|transition| index.get(transition.target)));
        }
    }
    reached
}

fn check_name(checker: &mut Checker<'_>, state: &State<'_>) {
    let length = state.name().chars().count();
    if length > MAX_NAME && !placeholder::is_in(state.name()) {
        checker
            .add(&NAME_LENGTH, state, format!("the name has {length} characters, but can have at most {MAX_NAME}"))
            .help("shorten the name, and write the rest in `Comment`");
    } else if length == 0 {
        checker
            .add(&NAME_LENGTH, state, "the state has an empty name")
            .help("write a name with at least one character");
    }
}

fn next_or_end(checker: &mut Checker<'_>, state: &State<'_>) {
    use StateType::{Map, Parallel, Pass, Task, Wait};
    if state.object().is_none() || !matches!(state.state_type(), Task | Pass | Wait | Parallel | Map) {
        return;
    }
    let end = state.get("End").is_some_and(|end| !matches!(end.json(), Json::Bool(false)));
    match (state.has("Next"), end) {
        (true, true) => {
            let end = state.get("End");
            let place = end.as_ref().unwrap_or(state);
            checker
                .add(&NEXT_OR_END, place, "a state cannot have both `Next` and `End`")
                .help("remove `Next` or `End`");
        }
        (false, false) => {
            checker
                .add(&NEXT_OR_END, state, format!("`{}` has neither `Next` nor `End`", shorten(state.name())))
                .help("add `Next` with the name of a state, or `\"End\": true`");
        }
        _ => {}
    }
}

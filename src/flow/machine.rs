//! Analyzes the states of a machine repeatedly until nothing changes.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

use super::value::{Origin, Rest, Value};
use super::{Impossible, Kind, OwnCalls};
use crate::asl::{Machine, ProcessorMode, State, StateMachine};
use crate::value::Json;
use sfn_tasks_jsonata::Problem;

/// How often the input of a state can change before it is treated as anything.
const MAX_CHANGES: usize = 6;

/// How often all states are analyzed until the values of variables no longer change.
const MAX_ROUNDS: usize = 4;

/// How many states are analyzed in total; those of nested machines count each time.
const MAX_WORK: usize = 400_000;

/// The maximum depth of nested machines.
const MAX_NESTING: usize = 16;

/// The last input of a machine, and its output.
struct Memory {
    input: Value,
    variables: usize,
    output: Value,
    /// Whether impossible references were reported.
    is_reported: bool,
}

/// The analysis of a definition.
pub(crate) struct Flow {
    input: Value,
    pub(super) own: OwnCalls,
    pub(super) variables: BTreeMap<String, Value>,
    /// Counts the changes of variables.
    changes: usize,
    known: HashMap<String, Memory>,
    /// The results of calls, by their resources.
    pub(super) results: HashMap<String, Value>,
    work: usize,
    pub(super) is_reporting: bool,
    found: Vec<Impossible>,
}

/// The position of a machine.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    depth: usize,
    /// Within a Map state, whose item the context object names.
    pub(super) in_map: bool,
    /// Within a distributed Map state, whose items have executions of their own.
    pub(super) in_child: bool,
}

impl Place {
    pub(super) fn in_branch(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    pub(super) fn in_map(self, mode: Option<ProcessorMode>) -> Self {
        let in_child = self.in_child || mode != Some(ProcessorMode::Inline);
        Self { depth: self.depth + 1, in_map: true, in_child }
    }
}

impl Flow {
    pub(crate) fn new(sample: Option<&Json>, own: OwnCalls) -> Self {
        let origin: Origin = Rc::from("the sample of the input");
        let input = sample.map_or_else(Value::anything, |sample| likely(&Value::of_json(sample, &origin)));
        Self {
            input,
            own,
            variables: BTreeMap::new(),
            changes: 0,
            known: HashMap::new(),
            results: HashMap::new(),
            work: 0,
            is_reporting: false,
            found: Vec::new(),
        }
    }

    pub(crate) fn run(mut self, machine: &StateMachine) -> Vec<Impossible> {
        let definition = machine.definition();
        for round in 0.. {
            let before = self.changes;
            self.machine(&definition, self.input.clone(), Place::default());
            if self.changes == before {
                break;
            }
            if round == MAX_ROUNDS {
                self.variables.values_mut().for_each(|value| *value = Value::anything());
                self.changes += 1;
                break;
            }
        }
        self.is_reporting = true;
        self.known.clear();
        self.machine(&definition, self.input.clone(), Place::default());
        // An analysis that did not finish reports nothing.
        if self.work > MAX_WORK { Vec::new() } else { self.found }
    }

    /// The output of a machine with this input.
    pub(super) fn machine(&mut self, machine: &Machine<'_>, input: Value, place: Place) -> Value {
        if place.depth > MAX_NESTING {
            return Value::anything();
        }
        let pointer = machine.pointer();
        let is_enough =
            |it: &&Memory| it.variables == self.changes && it.input == input && (it.is_reported || !self.is_reporting);
        let remembered = self.known.get(&pointer).filter(is_enough);
        if let Some(memory) = remembered {
            return memory.output.clone();
        }
        let states: HashMap<&str, State<'_>> = machine.states().map(|state| (state.name(), state)).collect();
        let mut inputs: HashMap<&str, (Value, usize)> = HashMap::new();
        let mut open: VecDeque<&str> = VecDeque::new();
        let mut output = Value::default();
        let is_reporting = std::mem::replace(&mut self.is_reporting, false);
        if let Some((name, _)) = machine.text("StartAt").and_then(|name| states.get_key_value(name)) {
            inputs.insert(name, (input.clone(), 0));
            open.push_back(name);
        }
        while let Some(name) = open.pop_front() {
            self.work += 1;
            let (Some(state), Some((given, _))) = (states.get(name), inputs.get(name)) else { continue };
            if self.work > MAX_WORK {
                output = Value::anything();
                break;
            }
            let given = given.clone();
            for (next, value) in self.state(state, &given, place) {
                let Some(next) = next else {
                    output = output.join(&value);
                    continue;
                };
                let Some((next, _)) = states.get_key_value(next) else { continue };
                let (known, changes) = inputs.entry(next).or_insert_with(|| (Value::default(), 0));
                let joined = if *changes > MAX_CHANGES { Value::anything() } else { known.join(&value) };
                if joined != *known {
                    *known = joined;
                    *changes += 1;
                    open.push_back(next);
                }
            }
        }
        if is_reporting && self.work <= MAX_WORK {
            self.is_reporting = true;
            for state in machine.states() {
                if let Some((given, _)) = inputs.get(state.name()) {
                    let given = given.clone();
                    self.state(&state, &given, place);
                }
            }
        }
        self.is_reporting = is_reporting;
        let variables = self.changes;
        self.known.insert(pointer, Memory { input, variables, output: output.clone(), is_reported: is_reporting });
        output
    }

    /// The possible values of a variable; anything if no state assigns it, which other checks report.
    pub(super) fn variable(&self, name: &str) -> Value {
        self.variables.get(name).cloned().unwrap_or_else(Value::anything)
    }

    pub(super) fn assign(&mut self, name: &str, value: &Value) {
        let known = self.variables.entry(name.to_owned()).or_default();
        let joined = known.join(value);
        if joined != *known {
            *known = joined;
            self.changes += 1;
        }
    }

    pub(super) fn report(&mut self, kind: Kind, pointer: String, message: String, help: Option<String>) {
        if self.is_reporting && !self.found.iter().any(|it| it.pointer == pointer && it.message == message) {
            self.found.push(Impossible { pointer, kind, message, help, place: None });
        }
    }

    /// Reports a part of a JSONata expression that always fails, or whenever it has a value.
    pub(super) fn report_problem(&mut self, pointer: String, expression: &str, problem: Problem) {
        let Problem { offset, message, help, fails, .. } = problem;
        let before = self.found.len();
        self.report(Kind::Operation { fails }, pointer, message, help);
        if let Some(found) = self.found.get_mut(before) {
            found.place = Some((expression.to_owned(), offset));
        }
    }

    /// The possible inputs of the execution.
    pub(super) fn execution_input(&self) -> &Value {
        &self.input
    }
}

/// A value like that of a sample: other executions can have more members.
fn likely(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(object) = &value.object {
        let known = object.known.iter().map(|(name, value)| (name.clone(), likely(value))).collect();
        value.object = Value::object(known, Rest::Unlikely, object.origin.clone()).object;
    }
    if let Some(list) = &value.list {
        value.list = Value::list(likely(&list.any), list.origin.clone()).list;
    }
    value
}

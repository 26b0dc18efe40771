//! A prepared definition: states have numbers, so that a step needs no search.

use std::collections::HashMap;
use std::sync::Arc;

use crate::asl::{self, QueryLanguage, StateType};
use crate::value::Json;

/// A prepared definition.
pub(in crate::run) struct Program<'a> {
    pub(in crate::run) machines: Vec<MachineProgram<'a>>,
    pub(in crate::run) states: Vec<StateProgram<'a>>,
    pub(in crate::run) timeout: Option<i64>,
}

/// A state machine in it: the whole, a branch, or a processor.
pub(in crate::run) struct MachineProgram<'a> {
    pub(in crate::run) start: Option<&'a str>,
    pub(in crate::run) states: HashMap<&'a str, usize>,
    pub(in crate::run) distributed: bool,
    pub(in crate::run) express: bool,
}

/// A state in it.
pub(in crate::run) struct StateProgram<'a> {
    pub(in crate::run) name: Arc<str>,
    pub(in crate::run) json: &'a Json,
    pub(in crate::run) kind: StateType,
    pub(in crate::run) jsonata: bool,
    /// The machines inside it.
    pub(in crate::run) machines: Vec<usize>,
    pub(in crate::run) machine: usize,
}

impl<'a> Program<'a> {
    pub(in crate::run) fn new(definition: &'a asl::StateMachine) -> Self {
        let definition = definition.definition();
        let mut program = Self { machines: Vec::new(), states: Vec::new(), timeout: definition.timeout_seconds() };
        program.add(&definition);
        program
    }

    /// Adds a machine and everything inside it. The depth limit of a document also limits this.
    fn add(&mut self, machine: &asl::Machine<'a>) -> usize {
        let config = machine.processor_config();
        let config = |name| config.as_ref().and_then(|config| config.text(name));
        let number = self.machines.len();
        self.machines.push(MachineProgram {
            start: machine.start_at(),
            states: HashMap::new(),
            distributed: config("Mode") == Some("DISTRIBUTED"),
            express: config("ExecutionType") == Some("EXPRESS"),
        });
        for state in machine.states() {
            let at = self.states.len();
            self.states.push(StateProgram {
                name: state.name().into(),
                json: state.json(),
                kind: state.state_type(),
                jsonata: state.query_language() == QueryLanguage::Jsonata,
                machines: Vec::new(),
                machine: number,
            });
            self.machines[number].states.insert(state.name(), at);
            let inner = match state.state_type() {
                StateType::Map => state.processor().iter().map(|machine| self.add(machine)).collect(),
                StateType::Parallel => state.machines().iter().map(|machine| self.add(machine)).collect(),
                _ => Vec::new(),
            };
            self.states[at].machines = inner;
        }
        number
    }
}

impl<'a> StateProgram<'a> {
    pub(in crate::run) fn get(&self, name: &str) -> Option<&'a Json> {
        self.json.get(name)
    }

    pub(in crate::run) fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    pub(in crate::run) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(in crate::run) fn list(&self, name: &str) -> &'a [Json] {
        self.get(name).and_then(Json::as_array).unwrap_or_default()
    }
}

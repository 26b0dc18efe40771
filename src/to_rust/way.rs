//! The states of a machine as a chain. Each chain follows `Next` as far as possible. Chains to which it branches are
//! written before it.

use std::collections::{BTreeMap, BTreeSet};

use sfn_tasks_rust::{Code, call, text};

use super::Writer;
use crate::asl::{Machine, State, StateType};

/// The maximum length of a state that is written inline and not bound to a variable.
pub(super) const SHORT: usize = 48;

/// The states of one machine. `placed` contains those that are already written.
pub(super) struct Scope<'a> {
    start: &'a str,
    states: BTreeMap<&'a str, State<'a>>,
    order: Vec<&'a str>,
    placed: BTreeSet<&'a str>,
    pointer: String,
}

impl<'a> Scope<'a> {
    pub(super) fn new(machine: &Machine<'a>) -> Self {
        let order: Vec<&str> = machine.states().map(|state| state.name()).collect();
        Self {
            start: machine.text("StartAt").unwrap_or_default(),
            states: machine.states().map(|state| (state.name(), state)).collect(),
            order,
            placed: BTreeSet::new(),
            pointer: machine.pointer(),
        }
    }

    /// The machine as a chain.
    pub(super) fn write(mut self, writer: &mut Writer) -> Code {
        let chain = self.target(self.start, writer);
        for name in std::mem::take(&mut self.order) {
            if !self.placed.contains(name) {
                let pointer = format!("{}/States/{}", self.pointer, crate::value::escape_token(name));
                writer.left_out.push((pointer, format!("the state `{name}` is unreachable")));
            }
        }
        chain
    }

    /// The target of a transition: the state and all that follow it, or `goto` if the state is already written.
    pub(super) fn target(&mut self, name: &str, writer: &mut Writer) -> Code {
        let Some(state) = self.states.get(name).filter(|_| !self.placed.contains(name)).cloned() else {
            return call("goto", [text(name)]);
        };
        let way = self.way(state);
        let is_single = way.len() == 1;
        let mut chain: Option<Code> = None;
        let last = way.len() - 1;
        for (index, state) in way.into_iter().enumerate() {
            let code = self.state(&state, writer);
            let next = state.next().filter(|_| index == last).filter(|_| state.state_type() != StateType::Choice);
            // If the last state has a `Next`, its target is already written.
            let onward = next.map(|name| call("goto", [text(name)]));
            let is_short = code.to_string().chars().count() <= SHORT;
            let link = match is_short && (is_single || chain.is_some()) {
                true => code,
                false => Code::raw(writer.bind(state.name(), &code)),
            };
            let linked = match chain {
                None => link,
                Some(chain) => chain.method("next", [link]),
            };
            chain = Some(match onward {
                Some(onward) => linked.method("next", [onward]),
                None => linked,
            });
        }
        let chain = chain.unwrap_or_else(|| call("Chain::default", []));
        match chain.methods() > 3 || chain.to_string().chars().count() > 2 * SHORT {
            true if name != self.start => Code::raw(writer.bind(&format!("from {name}"), &chain)),
            _ => chain,
        }
    }

    /// The states from this one to the last one before a state that is already written. Marks them as written.
    fn way(&mut self, state: State<'a>) -> Vec<State<'a>> {
        self.placed.insert(state.name());
        let mut way = vec![state];
        while let Some(last) = way.last().filter(|last| last.state_type() != StateType::Choice) {
            let next = last.next().filter(|next| !self.placed.contains(next));
            let Some(next) = next.and_then(|next| self.states.get(next)).cloned() else { break };
            self.placed.insert(next.name());
            way.push(next);
        }
        way
    }
}

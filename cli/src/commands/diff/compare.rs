//! The comparison of two definitions, state by state.

use std::collections::{HashMap, HashSet};

use sfn_tasks::asl::{Machine, MachineRole, State, StateMachine, TransitionKind};
use sfn_tasks::value::{Json, escape_token};

/// The differences.
#[derive(Debug, Default)]
pub(super) struct Comparison<'a> {
    /// Members of the definition itself.
    pub(super) definition: Vec<Change<'a>>,
    pub(super) added: Vec<Named<'a>>,
    pub(super) removed: Vec<Named<'a>>,
    /// States that are in both, by their path.
    pub(super) changed: Vec<(String, Vec<Change<'a>>)>,
    pub(super) new_ways: Vec<Way<'a>>,
    pub(super) lost_ways: Vec<Way<'a>>,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change<'a> {
    /// The JSON Pointer into the state, without the first `/`: `Parameters/TableName`.
    pub(super) pointer: String,
    pub(super) old: Option<&'a Json>,
    pub(super) new: Option<&'a Json>,
}

/// A state that only one of the definitions has.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named<'a> {
    pub(super) path: String,
    pub(super) kind: &'a str,
}

/// A transition from one state to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Way<'a> {
    pub(super) from: String,
    pub(super) to: &'a str,
    /// The field that contains the transition.
    pub(super) by: &'static str,
}

impl<'a> Comparison<'a> {
    pub(super) fn of(old: &'a StateMachine, new: &'a StateMachine) -> Self {
        let mut comparison = Self::default();
        changes(old.json(), new.json(), "", &["States"], &mut comparison.definition);
        let (before, after) = (states(old), states(new));
        let (old_states, new_states) = (by_path(&before), by_path(&after));
        let named = |(path, state): &(String, State<'a>)| Named {
            path: path.clone(),
            kind: state.text("Type").unwrap_or("no type"),
        };
        comparison.removed =
            before.iter().filter(|(path, _)| !new_states.contains_key(path.as_str())).map(named).collect();
        comparison.added =
            after.iter().filter(|(path, _)| !old_states.contains_key(path.as_str())).map(named).collect();
        for (path, new) in &after {
            let Some(old) = old_states.get(path.as_str()) else { continue };
            let mut found = Vec::new();
            changes(old.json(), new.json(), "", &[], &mut found);
            if !found.is_empty() {
                comparison.changed.push((path.clone(), found));
            }
        }
        let (before, after) = (ways(&before), ways(&after));
        comparison.lost_ways = without(&before, &after);
        comparison.new_ways = without(&after, &before);
        comparison
    }

    pub(super) fn is_empty(&self) -> bool {
        self.definition.is_empty()
            && self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && self.new_ways.is_empty()
            && self.lost_ways.is_empty()
    }
}

/// All states at any depth with their paths: `Ship/Branches/0/Pack`.
fn states(machine: &StateMachine) -> Vec<(String, State<'_>)> {
    machine.walk().map(|state| (path(&state), state)).collect()
}

fn path(state: &State<'_>) -> String {
    let machine: &Machine<'_> = state.machine();
    match machine.parent() {
        None => state.name().to_owned(),
        Some(parent) => {
            let place = match machine.role() {
                MachineRole::Branch => {
                    let pointer = machine.pointer();
                    format!("branch {}", pointer.rsplit('/').next().unwrap_or_default())
                }
                // `ItemProcessor` or `Iterator`: both are names of the processor of a Map state.
                _ => "item".to_owned(),
            };
            format!("{} / {place} / {}", path(parent), state.name())
        }
    }
}

fn by_path<'s, 'a>(states: &'s [(String, State<'a>)]) -> HashMap<&'s str, &'s State<'a>> {
    states.iter().map(|(path, state)| (path.as_str(), state)).collect()
}

fn ways<'a>(states: &[(String, State<'a>)]) -> Vec<Way<'a>> {
    let of_state = |(path, state): &(String, State<'a>)| -> Vec<Way<'a>> {
        let way = |kind, to| Way {
            from: path.clone(),
            to,
            by: match kind {
                TransitionKind::Next => "Next",
                TransitionKind::Choice(_) => "Choices",
                TransitionKind::Default => "Default",
                TransitionKind::Catch(_) => "Catch",
                _ => "another field",
            },
        };
        state.transitions().into_iter().map(|transition| way(transition.kind, transition.target)).collect()
    };
    states.iter().flat_map(of_state).collect()
}

/// The transitions that are not in `others`.
fn without<'a>(ways: &[Way<'a>], others: &[Way<'a>]) -> Vec<Way<'a>> {
    let others: HashSet<&Way<'_>> = others.iter().collect();
    ways.iter().filter(|way| !others.contains(way)).cloned().collect()
}

/// Finds the values that differ, at the deepest level at which both sides have the member. The `States` of inner machines
/// are skipped, because their states are compared separately.
fn changes<'a>(old: &'a Json, new: &'a Json, pointer: &str, skipped: &[&str], found: &mut Vec<Change<'a>>) {
    if old == new {
        return;
    }
    let at = |name: &str| {
        let name = escape_token(name);
        if pointer.is_empty() { name.into_owned() } else { format!("{pointer}/{name}") }
    };
    match (old, new) {
        (Json::Object(before), Json::Object(after)) => {
            let is_compared = |name: &str| !(skipped.contains(&name) || name == "States" && before.contains("StartAt"));
            for (name, old) in before.iter().filter(|(name, _)| is_compared(name)) {
                match after.get(name) {
                    Some(new) => changes(old, new, &at(name), &[], found),
                    None => found.push(Change { pointer: at(name), old: Some(old), new: None }),
                }
            }
            for (name, new) in after.iter().filter(|(name, _)| is_compared(name) && !before.contains(name)) {
                found.push(Change { pointer: at(name), old: None, new: Some(new) });
            }
        }
        (Json::Array(before), Json::Array(after)) if before.len() == after.len() => {
            for (index, (old, new)) in before.iter().zip(after).enumerate() {
                changes(old, new, &at(&index.to_string()), &[], found);
            }
        }
        _ => found.push(Change { pointer: pointer.to_owned(), old: Some(old), new: Some(new) }),
    }
}

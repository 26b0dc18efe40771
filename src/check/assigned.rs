//! The order of the states of a machine, to find out whether a variable can have a value yet.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::asl::{Machine, State};

/// The maximum number of steps on the paths through a machine. A machine that needs more counts as correct.
const MAX_STEPS: usize = 1 << 22;

/// The paths through a machine, and the states that assign each of its variables.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    /// The state that is being checked
    at: Cell<usize>,
    assigners: HashMap<String, Vec<usize>>,
    next: Vec<Vec<usize>>,
    /// For each state, the times at which a walk down the dominator tree enters and leaves it. Empty if some
    /// transitions are unknown
    spans: Vec<Option<(usize, usize)>>,
    /// The states that can be reached from each state that assigns a variable
    reached: RefCell<HashMap<usize, Vec<bool>>>,
    steps: Cell<usize>,
}

impl Assigned {
    pub(super) fn new(machine: &Machine<'_>) -> Self {
        let states: Vec<State<'_>> = machine.states().collect();
        let index: HashMap<&str, usize> = states.iter().enumerate().map(|(at, state)| (state.name(), at)).collect();
        let ways = |state: &State<'_>| -> Option<Vec<usize>> {
            state.object()?;
            state.transitions().iter().map(|transition| index.get(transition.target).copied()).collect()
        };
        let start = machine.start_at().and_then(|name| index.get(name).copied());
        match (start, states.iter().map(ways).collect::<Option<Vec<_>>>()) {
            (Some(start), Some(next)) => Self { spans: spans(start, &next), next, ..Self::default() },
            _ => Self::default(),
        }
    }

    /// The state at this index assigns the variable.
    pub(super) fn add(&mut self, name: &str, state: usize) {
        self.assigners.entry(name.to_owned()).or_default().push(state);
    }

    /// Sets the state that is being checked.
    pub(super) fn stand_at(&self, state: usize) {
        self.at.set(state);
    }

    /// Whether no state can have assigned the variable when the current state runs for the first time: each state
    /// that assigns it comes after the current state, or cannot lead to it.
    pub(super) fn comes_later(&self, name: &str) -> bool {
        let at = self.at.get();
        let Some(Some((enters, leaves))) = self.spans.get(at).copied() else { return false };
        let Some(assigners) = self.assigners.get(name) else { return false };
        assigners.iter().all(|assigner| match self.spans[*assigner] {
            Some((entered, _)) if (enters..leaves).contains(&entered) => true,
            Some(_) => !self.leads_to(*assigner, at),
            // The state is unreachable, which is another finding.
            None => false,
        })
    }

    fn leads_to(&self, from: usize, to: usize) -> bool {
        let mut reached = self.reached.borrow_mut();
        let found = reached.entry(from).or_insert_with(|| {
            let mut reached = Vec::new();
            if self.steps.get() < MAX_STEPS {
                reached.resize(self.next.len(), false);
                let mut open = self.next[from].clone();
                let mut steps = self.steps.get() + self.next.len();
                while let Some(at) = open.pop() {
                    steps += 1;
                    if !std::mem::replace(&mut reached[at], true) {
                        open.extend(&self.next[at]);
                    }
                }
                self.steps.set(steps);
            }
            reached
        });
        found.get(to).is_none_or(|reached| *reached)
    }
}

/// The dominator tree, as the times at which a walk down the tree enters each state and leaves everything below it. A
/// state dominates another if every path from the start to the other leads through it (Cooper, Harvey and Kennedy, "A
/// Simple, Fast Dominance Algorithm"). `None` for an unreachable state.
fn spans(start: usize, next: &[Vec<usize>]) -> Vec<Option<(usize, usize)>> {
    // The states in the order in which a depth-first walk leaves them: a state has a greater number than its
    // successors.
    let mut number: Vec<Option<usize>> = vec![None; next.len()];
    let mut order = Vec::new();
    let mut seen = vec![false; next.len()];
    seen[start] = true;
    let mut open = vec![(start, 0)];
    while let Some((at, way)) = open.pop() {
        match next[at].get(way) {
            Some(target) => {
                open.push((at, way + 1));
                if !std::mem::replace(&mut seen[*target], true) {
                    open.push((*target, 0));
                }
            }
            None => {
                number[at] = Some(order.len());
                order.push(at);
            }
        }
    }
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
    for (from, at) in order.iter().enumerate() {
        next[*at].iter().filter_map(|target| number[*target]).for_each(|to| before[to].push(from));
    }
    // For each state, by number, its direct dominator.
    let root = order.len() - 1;
    let mut parent: Vec<Option<usize>> = vec![None; order.len()];
    parent[root] = Some(root);
    let mut rounds = 0;
    let mut changed = true;
    while changed {
        changed = false;
        rounds += 1;
        if rounds * order.len() > MAX_STEPS {
            return Vec::new();
        }
        for at in (0..root).rev() {
            let mut found: Option<usize> = None;
            for from in before[at].iter().copied().filter(|from| parent[*from].is_some()) {
                found = Some(found.map_or(from, |found| common(found, from, &parent)));
            }
            changed |= parent[at] != found;
            parent[at] = found;
        }
    }
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
    for at in 0..root {
        if let Some(parent) = parent[at] {
            below[parent].push(at);
        }
    }
    let mut spans = vec![None; next.len()];
    let (mut time, mut open) = (0, vec![(root, 0, 0)]);
    while let Some((at, child, entered)) = open.pop() {
        let entered = if child == 0 { time } else { entered };
        time += usize::from(child == 0);
        match below[at].get(child) {
            Some(inner) => {
                open.push((at, child + 1, entered));
                open.push((*inner, 0, 0));
            }
            None => spans[order[at]] = Some((entered, time)),
        }
    }
    spans
}

/// The nearest state that dominates both.
fn common(mut one: usize, mut other: usize, parent: &[Option<usize>]) -> usize {
    while one != other {
        if one < other {
            one = parent[one].unwrap_or(other);
        } else {
            other = parent[other].unwrap_or(one);
        }
    }
    one
}

#[cfg(test)]
mod tests {
    use super::spans;

    /// Whether every way to the other leads through it, by taking it away.
    fn dominates(it: usize, other: usize, next: &[Vec<usize>]) -> bool {
        let mut seen = vec![false; next.len()];
        let mut open = if it == 0 { Vec::new() } else { vec![0] };
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(next[at].iter().filter(|to| **to != it));
            }
        }
        !seen[other]
    }

    #[test]
    fn dominators_are_what_no_way_goes_around() {
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..500 {
            let count = 1 + random(9);
            let next: Vec<Vec<usize>> =
                (0..count).map(|_| (0..random(4)).map(|_| random(count) as usize).collect()).collect();
            let spans = spans(0, &next);
            for one in 0..next.len() {
                for other in 0..next.len() {
                    if let (Some((enters, leaves)), Some((entered, _))) = (spans[one], spans[other]) {
                        let told = (enters..leaves).contains(&entered);
                        assert_eq!(told, dominates(one, other, &next), "{one} {other} {next:?}");
                    }
                }
            }
        }
    }
}

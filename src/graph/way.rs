//! The way that a run took through a definition, as plain data.

use std::collections::HashMap;

use super::model::{Node, NodeKind};

/// The way that one run or several took: how often each state was visited and left for which other one.
///
/// ```
/// use sfn_tasks::{asl::StateMachine, graph::{self, Way}};
///
/// let machine: StateMachine = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#.parse()?;
/// let way = Way::default().visit("Done", None, false);
/// assert!(graph::mermaid_way(&machine, &way).contains("class s1 taken"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Way {
    states: HashMap<String, Visits>,
    moves: HashMap<(String, String), u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Visits {
    count: u32,
    failures: u32,
}

impl Way {
    /// Adds a visit of a state: which one followed, and whether the state failed.
    pub fn visit(mut self, state: &str, next: Option<&str>, failed: bool) -> Self {
        let visits = self.states.entry(state.to_owned()).or_default();
        visits.count += 1;
        visits.failures += u32::from(failed);
        if next.is_some() || !failed {
            // An empty name is the end of the machine.
            *self.moves.entry((state.to_owned(), next.unwrap_or_default().to_owned())).or_default() += 1;
        }
        self
    }

    /// How often a node was visited.
    pub(super) fn count(&self, node: &Node<'_>) -> u32 {
        self.states.get(node.name).map_or(0, |visits| visits.count)
    }

    /// Whether it failed at least once.
    pub(super) fn failed(&self, node: &Node<'_>) -> bool {
        self.states.get(node.name).is_some_and(|visits| visits.failures > 0)
    }

    /// Whether the way leads from one node to another.
    pub(super) fn leads(&self, from: &Node<'_>, to: &Node<'_>) -> bool {
        match (from.kind, to.kind) {
            (NodeKind::Start, _) => self.count(to) > 0,
            (_, NodeKind::End) => self.moves.contains_key(&(from.name.to_owned(), String::new())),
            _ => self.moves.contains_key(&(from.name.to_owned(), to.name.to_owned())),
        }
    }
}

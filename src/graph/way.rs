//! The way that a run took through a definition, as plain data.

use std::collections::HashMap;

use super::model::{Node, NodeKind};

/// The way that one run or several took: how often each state was visited and left for which other one.
///
/// ```
/// use sfn_tasks::{asl::StateMachine, graph::{Picture, Way}};
///
/// let machine: StateMachine = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#.parse()?;
/// let way = Way::default().visit("Done", None, false);
/// assert!(Picture::new(&machine).way(&way).mermaid().contains("class s1 taken"));
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

    /// Adds visits of a state, without saying which one followed: where only sums are known, such as those of coverage.
    pub fn visited(mut self, state: &str, times: u32) -> Self {
        self.states.entry(state.to_owned()).or_default().count += times;
        self
    }

    /// Says that so many of a state's visits failed.
    pub fn failed_times(mut self, state: &str, times: u32) -> Self {
        if times > 0 {
            self.states.entry(state.to_owned()).or_default().failures += times;
        }
        self
    }

    /// Adds moves from a state to another one, or to the end of the machine.
    pub fn moved(mut self, state: &str, next: Option<&str>, times: u32) -> Self {
        if times > 0 {
            *self.moves.entry((state.to_owned(), next.unwrap_or_default().to_owned())).or_default() += times;
        }
        self
    }

    /// The words for a node's visits, if there is more to say than that it was visited.
    pub(super) fn told(&self, node: &Node<'_>) -> Option<String> {
        let visits = self.states.get(node.name).copied().unwrap_or_default();
        let times = (visits.count > 1).then(|| format!("{} times", visits.count));
        let failed = match visits.failures {
            0 => None,
            _ if visits.count == 1 => Some("failed".to_owned()),
            failures => Some(format!("{failures} failed")),
        };
        match (times, failed) {
            (Some(times), Some(failed)) => Some(format!("{times}, {failed}")),
            (times, failed) => times.or(failed),
        }
    }

    /// How often a node was visited.
    pub(super) fn count(&self, node: &Node<'_>) -> u32 {
        self.states.get(node.name).map_or(0, |visits| visits.count)
    }

    /// Whether it failed at least once.
    pub(super) fn failed(&self, node: &Node<'_>) -> bool {
        self.states.get(node.name).is_some_and(|visits| visits.failures > 0)
    }

    /// How often the way leads from one node to another.
    pub(super) fn moves(&self, from: &Node<'_>, to: &Node<'_>) -> u32 {
        let next = if to.kind == NodeKind::End { "" } else { to.name };
        match from.kind {
            // How often a machine began is how often its first state was visited at least.
            NodeKind::Start => self.count(to).min(1),
            _ => self.moves.get(&(from.name.to_owned(), next.to_owned())).copied().unwrap_or_default(),
        }
    }

    /// What became of a node, as the class of a style.
    pub(super) fn class(&self, node: &Node<'_>) -> &'static str {
        match self.count(node) {
            0 => "left-out",
            _ if self.failed(node) => "failed",
            _ => "taken",
        }
    }
}

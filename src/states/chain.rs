//! States in a row.

use super::{Flow, Node, Parallel};

/// States that lead to one another: what a machine, a branch or an item processor is made of.
///
/// A chain is a value. A function can return one, and it can be used twice under different names
/// (see [`prefixed`](Self::prefixed)).
#[derive(Debug, Clone)]
pub struct Chain {
    pub(crate) start: String,
    pub(crate) nodes: Vec<Node>,
    /// Indexes of the states that go on where the chain goes on
    pub(crate) open: Vec<usize>,
    /// How many machines stand in one another in the deepest place
    pub(crate) depth: usize,
}

impl Chain {
    /// Goes on to that state or chain, from every end of this one: the last state, or each branch of a
    /// [`Choice`](super::Choice) that ends nowhere. States that only a catcher leads to do not join.
    pub fn next(mut self, next: impl Into<Chain>) -> Chain {
        let next = next.into();
        for at in std::mem::take(&mut self.open) {
            let flow = &mut self.nodes[at].flow;
            *flow = match flow {
                Flow::Default(_) => Flow::Default(Some(next.start.clone())),
                _ => Flow::Next(next.start.clone()),
            };
        }
        let offset = self.nodes.len();
        self.open.extend(next.open.into_iter().map(|at| at + offset));
        self.nodes.extend(next.nodes);
        self.depth = self.depth.max(next.depth);
        self
    }

    /// Ends here: nothing that comes behind joins the ends of this chain.
    pub fn end(mut self) -> Chain {
        self.open.clear();
        self
    }

    /// The same states with that text before each of their names. Transitions to states outside stay.
    pub fn prefixed(mut self, prefix: &str) -> Chain {
        let names: std::collections::HashSet<String> = self.nodes.iter().map(|node| node.name.clone()).collect();
        let rename = |name: &mut String| {
            if names.contains(name) {
                name.insert_str(0, prefix);
            }
        };
        rename(&mut self.start);
        for node in &mut self.nodes {
            rename(&mut node.name);
            match &mut node.flow {
                Flow::Next(name) | Flow::Default(Some(name)) => rename(name),
                Flow::Default(None) | Flow::End | Flow::Terminal => {}
            }
            node.rules.iter_mut().for_each(|rule| rename(&mut rule.next));
            node.catch.iter_mut().for_each(|(_, name)| rename(name));
            node.machines = std::mem::take(&mut node.machines).into_iter().map(|it| it.prefixed(prefix)).collect();
        }
        self
    }

    /// A Parallel state with this chain as its only branch: one state, with one place to retry and catch.
    pub fn into_parallel(self, name: impl Into<String>) -> Parallel {
        Parallel::new(name).branch(self)
    }
}

/// Leads to a state that stands elsewhere in the same machine: a loop, or branches that meet.
pub fn goto(name: impl Into<String>) -> Chain {
    Chain { start: name.into(), nodes: Vec::new(), open: Vec::new(), depth: 0 }
}

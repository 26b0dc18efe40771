//! Chains of states.

use std::collections::HashSet;

use super::nodes::Nodes;
use super::{Flow, IntoName, Parallel};

/// A sequence of states: a state machine, a branch or an item processor consists of a chain.
///
/// A chain is a value. A function can return one, and it can be used twice under different names (see
/// [`prefixed`](Self::prefixed)). A chain can be empty, so that a loop can build it:
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let steps: Chain = ["Weigh", "Pack", "Ship"].into_iter().map(Pass::new).collect();
/// let mut all = Chain::default();
/// all.extend([steps, Succeed::new("Done").into()]);
/// assert_eq!(StateMachine::new(all)?.asl().states().count(), 4);
/// # Ok::<(), Problems>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chain {
    pub(crate) start: String,
    pub(crate) nodes: Nodes,
    /// The maximum depth of nested machines in the chain
    pub(crate) depth: usize,
}

/// A value that can be used as a chain: any state, a [`Chain`], [`goto`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a state",
    label = "pass a state such as `Pass::new(name)`, a chain, or `goto(name)`",
    note = "`Task::new(name, builder)` makes a state of a builder of `sfn_tasks::tasks`",
    note = "several states are one chain: `a.next(b)`, or `list.into_iter().collect::<Chain>()`; several branches are `.branches(list)`"
)]
pub trait IntoChain {
    /// The chain.
    fn into_chain(self) -> Chain;
}

impl IntoChain for Chain {
    fn into_chain(self) -> Chain {
        self
    }
}

impl Chain {
    /// Adds this state or chain after every open end of the chain: the last state, or each branch of a
    /// [`Choice`](super::Choice) without a next state. States that can only be reached through a catcher are not
    /// connected.
    pub fn next(mut self, next: impl IntoChain) -> Chain {
        let next = next.into_chain();
        if self.is_empty() {
            return next;
        }
        if next.is_empty() {
            return self;
        }
        self.nodes.close(|node| {
            node.flow = match &node.flow {
                Flow::Default(_) => Flow::Default(Some(next.start.clone())),
                _ => Flow::Next(next.start.clone()),
            };
        });
        self.nodes.append(next.nodes);
        self.depth = self.depth.max(next.depth);
        self
    }

    /// Whether the chain has no states and no transition.
    fn is_empty(&self) -> bool {
        self.start.is_empty() && self.nodes.len() == 0
    }

    /// The name of the first state.
    pub fn start(&self) -> &str {
        &self.start
    }

    /// Ends the chain: later states are not connected to its ends.
    pub fn end(mut self) -> Chain {
        self.nodes.close(|_| {});
        self
    }

    /// The same states, with the prefix before each name. Transitions to states outside the chain do not change.
    pub fn prefixed(mut self, prefix: &str) -> Chain {
        let names: HashSet<String> = self.nodes.iter().map(|node| node.name.clone()).collect();
        let rename = |name: &mut String| {
            if names.contains(name) {
                name.insert_str(0, prefix);
            }
        };
        rename(&mut self.start);
        for node in self.nodes.iter_mut() {
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
    pub fn into_parallel(self, name: impl IntoName) -> Parallel {
        Parallel::new(name).branch(self)
    }
}

/// Chains the items in their order.
impl<C: IntoChain> FromIterator<C> for Chain {
    fn from_iter<I: IntoIterator<Item = C>>(parts: I) -> Self {
        parts.into_iter().fold(Chain::default(), Chain::next)
    }
}

/// Adds the items to the chain in their order.
impl<C: IntoChain> Extend<C> for Chain {
    fn extend<I: IntoIterator<Item = C>>(&mut self, parts: I) {
        *self = parts.into_iter().fold(std::mem::take(self), Chain::next);
    }
}

/// A transition to a state elsewhere in the same state machine, for loops and for branches that join.
///
/// It only names the state. The state itself becomes part of the state machine where you pass it to `next`, `when`,
/// `otherwise` or `catch`:
///
/// ```
/// use sfn_tasks::prelude::*;
/// use sfn_tasks::tasks::lambda;
///
/// let call = |function: &str| lambda::Invoke::new().function_name(reference(function)).payload_response_only();
/// let failed = Fail::new("Failed");
/// let escalate = Task::new("Escalate", call("EscalateArn")).catch(Catch::all(), goto("Failed")).next(goto("Decide"));
/// let ask = Task::new("Ask", call("AskArn")).catch(Catch::on(errors::TIMEOUT), escalate).catch(Catch::all(), failed);
/// let decide = Choice::new("Decide").when(var("$.approved").equals(true), Succeed::new("Approved")).otherwise(goto("Failed"));
/// let machine = StateMachine::new(ask.next(decide))?;
/// assert_eq!(machine.asl().states().count(), 5);
/// # Ok::<(), Problems>(())
/// ```
pub fn goto(name: impl IntoName) -> Chain {
    Chain { start: name.into_name(), ..Chain::default() }
}

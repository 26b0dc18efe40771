//! The graph that all pictures draw.

use std::collections::HashMap;

use crate::asl::{Machine, ProcessorMode, State, StateMachine, StateType, TransitionKind};
use crate::catalog::Action;
use crate::value::Json;

use super::{condition, resource};

/// Machines nested deeper than this are not drawn.
const MAX_NESTING: usize = 32;

/// A machine: the whole definition, or what is in a Map or Parallel state.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    pub nodes: Vec<Node<'a>>,
    pub edges: Vec<Edge>,
}

/// A state, or a start, an end or a missing state.
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// A number that no other node has, in whatever machine it is.
    pub id: usize,
    pub kind: NodeKind,
    /// The name of the state; empty for a start and an end.
    pub name: &'a str,
    /// What the state does, in a few words.
    pub detail: String,
    pub comment: Option<&'a str>,
    /// What is in the state.
    pub machines: Vec<Graph<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Start,
    End,
    State(StateType),
    /// A name that is the target of a transition, but of no state.
    Missing,
}

/// A way from one node to another, by indices into the nodes of the same graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    pub kind: EdgeKind,
    /// A line for each of the transitions that the edge stands for.
    pub label: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum EdgeKind {
    Next,
    Choice,
    Catch,
}

impl<'a> Graph<'a> {
    pub(super) fn new(machine: &'a StateMachine, own: &[&'static Action]) -> Self {
        Builder { ids: 0, own }.graph(&machine.definition(), 0)
    }

    /// The states, at any depth.
    pub(super) fn count(&self) -> usize {
        let states = self.nodes.iter().filter(|node| matches!(node.kind, NodeKind::State(_)));
        states.map(|node| 1 + node.machines.iter().map(Graph::count).sum::<usize>()).sum()
    }
}

struct Builder<'o> {
    ids: usize,
    /// Integrations that are not in a spec of this library
    own: &'o [&'static Action],
}

impl Builder<'_> {
    fn node<'a>(&mut self, kind: NodeKind, name: &'a str) -> Node<'a> {
        self.ids += 1;
        Node { id: self.ids - 1, kind, name, detail: String::new(), comment: None, machines: Vec::new() }
    }

    fn graph<'a>(&mut self, machine: &Machine<'a>, depth: usize) -> Graph<'a> {
        let mut graph = Graph::default();
        let start = self.node(NodeKind::Start, "");
        graph.nodes.push(start);
        let states: Vec<State<'a>> = machine.states().collect();
        let mut indices = HashMap::with_capacity(states.len());
        for state in &states {
            indices.insert(state.name(), graph.nodes.len());
            let node = self.state(state, depth);
            graph.nodes.push(node);
        }
        if let Some(first) = machine.start_at() {
            let to = self.target(&mut graph, &mut indices, first);
            graph.edges.push(Edge { from: 0, to, kind: EdgeKind::Next, label: Vec::new() });
        }
        // What leads the same way is one edge.
        let mut edges = HashMap::new();
        for (at, state) in states.iter().enumerate() {
            for (name, kind, label) in ways(state) {
                let to = self.target(&mut graph, &mut indices, name);
                let present = *edges.entry((at, to, kind)).or_insert(graph.edges.len());
                match graph.edges.get_mut(present) {
                    Some(edge) => edge.label.push(label),
                    None => graph.edges.push(Edge { from: at + 1, to, kind, label: vec![label] }),
                }
            }
            if state.end() {
                let end = self.node(NodeKind::End, "");
                graph.nodes.push(end);
                let to = graph.nodes.len() - 1;
                graph.edges.push(Edge { from: at + 1, to, kind: EdgeKind::Next, label: Vec::new() });
            }
        }
        graph
    }

    fn state<'a>(&mut self, state: &State<'a>, depth: usize) -> Node<'a> {
        let mut node = self.node(NodeKind::State(state.state_type()), state.name());
        node.detail = detail(state, self.own);
        node.comment = state.comment();
        let machines = state.machines();
        if depth < MAX_NESTING {
            node.machines = machines.iter().map(|machine| self.graph(machine, depth + 1)).collect();
        } else if !machines.is_empty() {
            node.detail.push_str(", too deep to be drawn");
        }
        node
    }

    /// The index of the state of that name; of a missing one, if there is none.
    fn target<'a>(&mut self, graph: &mut Graph<'a>, indices: &mut HashMap<&'a str, usize>, name: &'a str) -> usize {
        *indices.entry(name).or_insert_with(|| {
            let mut node = self.node(NodeKind::Missing, name);
            node.detail = "no such state".to_owned();
            graph.nodes.push(node);
            graph.nodes.len() - 1
        })
    }
}

/// The ways out of a state: by `Next` first, by `Catch` last.
fn ways<'a>(state: &State<'a>) -> Vec<(&'a str, EdgeKind, String)> {
    let rules: Vec<_> = state.choices().collect();
    let catchers: Vec<_> = state.catchers().collect();
    let mut ways: Vec<_> = state
        .transitions()
        .into_iter()
        .map(|way| match way.kind {
            TransitionKind::Next => (way.target, EdgeKind::Next, String::new()),
            TransitionKind::Choice(at) => {
                (way.target, EdgeKind::Choice, rules.get(at).map(condition::describe).unwrap_or_default())
            }
            TransitionKind::Default => (way.target, EdgeKind::Choice, "default".to_owned()),
            TransitionKind::Catch(at) => {
                let errors = catchers.get(at).map(|catcher| catcher.error_equals().collect::<Vec<_>>().join(", "));
                (way.target, EdgeKind::Catch, errors.unwrap_or_default())
            }
        })
        .collect();
    ways.sort_by_key(|(_, kind, _)| *kind);
    ways
}

fn detail(state: &State<'_>, own: &[&'static Action]) -> String {
    let kind = state.state_type();
    let described = match kind {
        StateType::Task => {
            state.resource().map(|text| resource::of_own(state, text, own).unwrap_or_else(|| resource::describe(text)))
        }
        StateType::Wait => wait(state),
        StateType::Fail => state.text("Error").or(state.text("ErrorPath")).map(|error| format!("Fail: {error}")),
        StateType::Map => {
            let distributed =
                state.processor().is_some_and(|machine| machine.mode() == Some(ProcessorMode::Distributed));
            distributed.then(|| "Distributed Map".to_owned())
        }
        StateType::Unknown => state.text("Type").map(|written| format!("{written}?")),
        _ => None,
    };
    described.filter(|text| !text.is_empty()).unwrap_or_else(|| kind.name().to_owned())
}

fn wait(state: &State<'_>) -> Option<String> {
    let written = |node: &Json| node.as_str().map_or_else(|| node.to_string(), str::to_owned);
    let member = |name: &str| state.get(name).map(|node| written(node.json()));
    if let Some(seconds) = member("Seconds") {
        let unit = if seconds.parse::<f64>().is_ok() { " s" } else { "" };
        return Some(format!("Wait {seconds}{unit}"));
    }
    let timestamp = || member("Timestamp").or_else(|| member("TimestampPath")).map(|at| format!("Wait until {at}"));
    member("SecondsPath").map(|path| format!("Wait {path}")).or_else(timestamp)
}

//! Views of a state, and its fields.

use std::ops::Deref;
use std::sync::Arc;

use super::machine::declared_language;
use super::{Catcher, ChoiceRule, Machine, MachineRole, Node, QueryLanguage, Retrier, StateType};

/// A state. A field that is absent or has the wrong type reads as `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State<'a> {
    name: &'a str,
    node: Node<'a>,
    machine: Machine<'a>,
}

impl<'a> Deref for State<'a> {
    type Target = Node<'a>;

    fn deref(&self) -> &Node<'a> {
        &self.node
    }
}

impl<'a> State<'a> {
    pub(super) fn new(name: &'a str, node: Node<'a>, machine: Machine<'a>) -> Self {
        Self { name, node, machine }
    }

    /// The name.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The machine that contains the state.
    pub fn machine(&self) -> &Machine<'a> {
        &self.machine
    }

    /// `Type`.
    pub fn state_type(&self) -> StateType {
        self.text("Type").and_then(StateType::from_name).unwrap_or(StateType::Unknown)
    }

    /// The query language of this state: its own, or that of its machine.
    pub fn query_language(&self) -> QueryLanguage {
        declared_language(&self.node).unwrap_or_else(|| self.machine.query_language())
    }

    /// `Comment`.
    pub fn comment(&self) -> Option<&'a str> {
        self.text("Comment")
    }

    /// `Next`: the name of the next state.
    pub fn next(&self) -> Option<&'a str> {
        self.text("Next")
    }

    /// Whether `End` is `true`.
    pub fn end(&self) -> bool {
        self.get("End").and_then(|end| end.json().as_bool()).unwrap_or(false)
    }

    /// Whether the machine can end here: `End` is `true`, or it is a Succeed or Fail state.
    pub fn is_terminal(&self) -> bool {
        self.end() || self.state_type().is_terminal()
    }

    /// `Default` of a Choice state: the name of the next state if no rule matches.
    pub fn default(&self) -> Option<&'a str> {
        self.text("Default")
    }

    /// `Choices`: the rules of a Choice state.
    pub fn choices(&self) -> impl Iterator<Item = ChoiceRule<'a>> + use<'a> {
        self.list("Choices").map(ChoiceRule::new)
    }

    /// `Retry`.
    pub fn retriers(&self) -> impl Iterator<Item = Retrier<'a>> + use<'a> {
        self.list("Retry").map(Retrier::new)
    }

    /// `Catch`.
    pub fn catchers(&self) -> impl Iterator<Item = Catcher<'a>> + use<'a> {
        self.list("Catch").map(Catcher::new)
    }

    /// `Resource` of a Task state.
    pub fn resource(&self) -> Option<&'a str> {
        self.text("Resource")
    }

    /// `Parameters` (JSONPath).
    pub fn parameters(&self) -> Option<Node<'a>> {
        self.get("Parameters")
    }

    /// `Arguments` (JSONata).
    pub fn arguments(&self) -> Option<Node<'a>> {
        self.get("Arguments")
    }

    /// The payload of a task: `Parameters` or `Arguments`, depending on the query language.
    pub fn payload(&self) -> Option<Node<'a>> {
        match self.query_language() {
            QueryLanguage::JsonPath => self.parameters(),
            QueryLanguage::Jsonata => self.arguments(),
        }
    }

    /// The processor of a Map state: `ItemProcessor`, or `Iterator` in older definitions.
    pub fn processor(&self) -> Option<Machine<'a>> {
        let (node, role) = match self.get("ItemProcessor") {
            Some(node) => (node, MachineRole::ItemProcessor),
            None => (self.get("Iterator")?, MachineRole::Iterator),
        };
        Some(Machine::nested(node, role, &Arc::new(self.clone())))
    }

    /// The machines inside this state, in document order: the branches of a Parallel state, the processor of a Map
    /// state. They are returned for a state of any type.
    pub fn machines(&self) -> Vec<Machine<'a>> {
        let mut machines = Vec::new();
        let mut parent = None;
        for (name, node) in self.members() {
            let role = match name {
                "Branches" => MachineRole::Branch,
                "ItemProcessor" => MachineRole::ItemProcessor,
                "Iterator" => MachineRole::Iterator,
                _ => continue,
            };
            let parent = parent.get_or_insert_with(|| Arc::new(self.clone()));
            if role == MachineRole::Branch {
                machines.extend(node.elements().map(|branch| Machine::nested(branch, role, parent)));
            } else {
                machines.push(Machine::nested(node, role, parent));
            }
        }
        machines
    }

    /// All transitions from this state, in document order.
    pub fn transitions(&self) -> Vec<Transition<'a>> {
        let mut transitions = Vec::new();
        for (name, node) in self.members() {
            match name {
                "Next" => transitions.extend(Transition::new(TransitionKind::Next, Some(node))),
                "Default" => transitions.extend(Transition::new(TransitionKind::Default, Some(node))),
                "Choices" | "Catch" => {
                    let kind = if name == "Catch" { TransitionKind::Catch } else { TransitionKind::Choice };
                    let targets = node.elements().enumerate();
                    transitions.extend(targets.filter_map(|(at, from)| Transition::new(kind(at), from.get("Next"))));
                }
                _ => {}
            }
        }
        transitions
    }
}

/// A transition from one state to another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition<'a> {
    /// The field that contains the transition.
    pub kind: TransitionKind,
    /// The name of the next state.
    pub target: &'a str,
    /// The node of that name.
    pub node: Node<'a>,
}

impl<'a> Transition<'a> {
    fn new(kind: TransitionKind, node: Option<Node<'a>>) -> Option<Self> {
        let node = node?;
        Some(Self { kind, target: node.json().as_str()?, node })
    }
}

/// The field that contains a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransitionKind {
    /// `Next`.
    Next,
    /// The rule of a Choice state at this index of `Choices`.
    Choice(usize),
    /// `Default` of a Choice state.
    Default,
    /// The catcher at this index of `Catch`.
    Catch(usize),
}

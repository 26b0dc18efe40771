//! A state before it is converted to JSON.

use super::nodes::Nodes;
use super::{Call, Catch, Chain, Field, FieldValue, IntoName, Retry, choice::Rule};
use crate::asl::StateType;
use crate::check::Level;
use crate::iam::Effect;
use crate::value::{Json, Payload, QueryLanguage, Text};

/// A state, and its transition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) state_type: StateType,
    pub(crate) language: Option<QueryLanguage>,
    pub(crate) fields: Vec<(Field, FieldValue)>,
    /// The call of a task
    pub(crate) call: Option<Box<Call>>,
    /// The IAM actions and resources that the author of a task added
    pub(crate) grants: Vec<Granted>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) retry: Vec<Retry>,
    /// Catchers, each with the name of its next state
    pub(crate) catch: Vec<(Catch, String)>,
    /// Branches, or the processor
    pub(crate) machines: Vec<Chain>,
    pub(crate) processor: Option<super::map::Processor>,
    pub(crate) flow: Flow,
    /// Fields that were set by name, which replace the values of the builder
    pub(crate) overrides: Vec<(Text, Payload)>,
    /// The levels of findings in this state, by code
    pub(crate) levels: Vec<(String, Level)>,
}

/// The transition after a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flow {
    /// None: the machine ends here
    End,
    /// `Next`
    Next(String),
    /// `Default` of a Choice state, if it is set
    Default(Option<String>),
    /// A state that always ends the machine
    Terminal,
}

/// The IAM actions and resources that the author of a task added.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Granted {
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) effect: Effect,
}

impl Node {
    pub(crate) fn new(name: impl IntoName, state_type: StateType) -> Self {
        let flow = match state_type {
            StateType::Choice => Flow::Default(None),
            StateType::Succeed | StateType::Fail => Flow::Terminal,
            _ => Flow::End,
        };
        Self {
            name: name.into_name(),
            state_type,
            language: None,
            fields: Vec::new(),
            call: None,
            grants: Vec::new(),
            rules: Vec::new(),
            retry: Vec::new(),
            catch: Vec::new(),
            machines: Vec::new(),
            processor: None,
            flow,
            overrides: Vec::new(),
            levels: Vec::new(),
        }
    }
}

/// The content of every builder of a state: its node, and the states that are reached only through its catchers or
/// rules.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Builder {
    pub(crate) node: Node,
    pub(crate) others: Nodes,
    depth: usize,
}

/// The maximum depth of nested machines: far deeper than is readable, far less than the stack of a thread allows.
const MAX_DEPTH: usize = 30;

impl Builder {
    pub(crate) fn new(name: impl IntoName, state_type: StateType) -> Self {
        Self { node: Node::new(name, state_type), others: Nodes::default(), depth: 0 }
    }

    /// Sets a field. An existing field keeps its place.
    pub(crate) fn set(&mut self, field: Field, value: impl Into<Option<FieldValue>>) {
        let Some(value) = value.into() else { return };
        match self.node.fields.iter_mut().find(|(present, _)| *present == field) {
            Some((_, present)) => *present = value,
            None => self.node.fields.push((field, value)),
        }
    }

    /// Adds a member to a field that is an object.
    pub(crate) fn insert(&mut self, field: Field, name: String, value: crate::value::Payload) {
        let present = self.node.fields.iter_mut().find(|(present, _)| *present == field);
        match present {
            Some((_, FieldValue::Template(payload))) => payload.set(name.into(), value),
            _ => {
                let mut payload = crate::value::Payload::object();
                payload.set(name.into(), value);
                self.set(field, FieldValue::Template(payload));
            }
        }
    }

    pub(crate) fn set_plain(&mut self, field: Field, value: impl Into<Json>) {
        self.set(field, FieldValue::Plain(value.into()));
    }

    /// Adds the states of a chain, and returns the name of the first one. `joins` says whether the ends of the chain
    /// continue with the next state of the builder.
    pub(crate) fn adopt(&mut self, chain: Chain, joins: bool) -> String {
        let Chain { start, mut nodes, depth } = chain;
        self.depth = self.depth.max(depth);
        if !joins {
            nodes.close(|_| {});
        }
        self.others.append(nodes);
        start
    }

    /// Adds a branch, or the processor.
    pub(crate) fn add_machine(&mut self, chain: Chain) {
        if chain.depth >= MAX_DEPTH {
            let reason = format!("state machines are nested more than {MAX_DEPTH} levels deep");
            let fault = FieldValue::Template(crate::value::Payload::Fault(reason.into()));
            return self.set(Field::Other("States".into()), fault);
        }
        self.depth = self.depth.max(chain.depth + 1);
        self.node.machines.push(chain);
    }
}

impl From<Builder> for Chain {
    fn from(builder: Builder) -> Self {
        let Builder { node, others: mut nodes, depth } = builder;
        // A Choice state without `Default` continues with the next state, which becomes its `Default`.
        let goes_on = !matches!(node.flow, Flow::Terminal | Flow::Default(Some(_)));
        let start = node.name.clone();
        nodes.push_front(node, goes_on);
        Chain { start, nodes, depth }
    }
}

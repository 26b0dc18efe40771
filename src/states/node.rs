//! A state before it is lowered.

use super::nodes::Nodes;
use super::{Call, Catch, Chain, Field, FieldValue, IntoName, Retry, choice::Rule};
use crate::asl::StateType;
use crate::check::Level;
use crate::iam::Effect;
use crate::value::{Json, Payload, QueryLanguage, Text};

/// A state, and where it goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) state_type: StateType,
    pub(crate) language: Option<QueryLanguage>,
    pub(crate) fields: Vec<(Field, FieldValue)>,
    /// Of a task: what it calls
    pub(crate) call: Option<Box<Call>>,
    /// Of a task: IAM actions and resources that its author says
    pub(crate) grants: Vec<Granted>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) retry: Vec<Retry>,
    /// Catchers, each with the state it goes to
    pub(crate) catch: Vec<(Catch, String)>,
    /// Branches, or the one processor
    pub(crate) machines: Vec<Chain>,
    pub(crate) processor: Option<super::map::Processor>,
    pub(crate) flow: Flow,
    /// Fields that were set by their names, in the place of what the builder sets
    pub(crate) overrides: Vec<(Text, Payload)>,
    /// What becomes of findings in this state, by their codes
    pub(crate) levels: Vec<(String, Level)>,
}

/// Where a state goes when it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Nowhere: the machine ends here
    End,
    /// `Next`
    Next(String),
    /// A choice: `Default`, if there is one
    Default(Option<String>),
    /// A state that ends the machine by its nature
    Terminal,
}

/// IAM actions and resources that the author of a task says.
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

/// What every builder of a state holds: its node, and the states that only its catchers or branches lead to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Builder {
    pub(crate) node: Node,
    pub(crate) others: Nodes,
    depth: usize,
}

/// How deep machines may be in one another: far deeper than anybody reads, far less than a thread's stack holds.
const MAX_DEPTH: usize = 30;

impl Builder {
    pub(crate) fn new(name: impl IntoName, state_type: StateType) -> Self {
        Self { node: Node::new(name, state_type), others: Nodes::default(), depth: 0 }
    }

    /// Sets a field, in its place if it is set already.
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

    /// Takes in the states of a chain; whether its ends go on where the whole goes on. Gives the name it starts with.
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
        // A choice goes on by itself only where it has no default: what comes next becomes that.
        let goes_on = !matches!(node.flow, Flow::Terminal | Flow::Default(Some(_)));
        let start = node.name.clone();
        nodes.push_front(node, goes_on);
        Chain { start, nodes, depth }
    }
}

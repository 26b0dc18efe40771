//! Views of a machine: the whole definition, a branch of a Parallel state, or the processor of a Map state.

use std::ops::Deref;
use std::sync::Arc;

use super::{Node, ProcessorMode, QueryLanguage, State};

/// An object with `StartAt` and `States`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine<'a> {
    node: Node<'a>,
    role: MachineRole,
    /// The query language of the whole definition, which is the default in every machine inside it.
    definition_language: QueryLanguage,
    parent: Option<Arc<State<'a>>>,
}

/// The place of a machine in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MachineRole {
    /// The whole definition.
    Definition,
    /// A branch of a Parallel state.
    Branch,
    /// `ItemProcessor` of a Map state.
    ItemProcessor,
    /// `Iterator` of a Map state, which `ItemProcessor` replaces.
    Iterator,
}

impl<'a> Deref for Machine<'a> {
    type Target = Node<'a>;

    fn deref(&self) -> &Node<'a> {
        &self.node
    }
}

impl<'a> Machine<'a> {
    /// The definition at this node.
    pub fn definition(node: Node<'a>) -> Self {
        let definition_language = declared_language(&node).unwrap_or_default();
        Self { node, role: MachineRole::Definition, definition_language, parent: None }
    }

    pub(super) fn nested(node: Node<'a>, role: MachineRole, parent: &Arc<State<'a>>) -> Self {
        let definition_language = parent.machine().definition_language;
        Self { node, role, definition_language, parent: Some(Arc::clone(parent)) }
    }

    /// The place of the machine in the document.
    pub fn role(&self) -> MachineRole {
        self.role
    }

    /// The Parallel or Map state that contains the machine. `None` for the whole definition.
    pub fn parent(&self) -> Option<&State<'a>> {
        self.parent.as_deref()
    }

    /// `Comment`.
    pub fn comment(&self) -> Option<&'a str> {
        self.text("Comment")
    }

    /// `Version`.
    pub fn version(&self) -> Option<&'a str> {
        self.text("Version")
    }

    /// `StartAt`: the name of the first state.
    pub fn start_at(&self) -> Option<&'a str> {
        self.text("StartAt")
    }

    /// `TimeoutSeconds`.
    pub fn timeout_seconds(&self) -> Option<i64> {
        self.integer("TimeoutSeconds")
    }

    /// The query language of the states that do not set their own. A branch or a processor uses that of the whole
    /// definition, not that of the state that contains it.
    pub fn query_language(&self) -> QueryLanguage {
        declared_language(&self.node).unwrap_or(self.definition_language)
    }

    /// The states, in document order.
    pub fn states(&self) -> impl Iterator<Item = State<'a>> + use<'a> {
        let machine = self.clone();
        let members = self.get("States").map(|states| states.members()).into_iter().flatten();
        members.map(move |(name, node)| State::new(name, node, machine.clone()))
    }

    /// The state with this name in this machine. It is found by a linear search.
    pub fn state(&self, name: &str) -> Option<State<'a>> {
        let states = self.get("States")?;
        let (name, node) = states.members().find(|(member, _)| *member == name)?;
        Some(State::new(name, node, self.clone()))
    }

    /// The states of this machine and of all machines inside it, in document order.
    pub fn walk(&self) -> Walk<'a> {
        Walk { open: vec![Box::new(self.states())] }
    }

    /// `ProcessorConfig` of a Map state's processor.
    pub fn processor_config(&self) -> Option<Node<'a>> {
        self.get("ProcessorConfig")
    }

    /// `Mode` in `ProcessorConfig`. [`Inline`](ProcessorMode::Inline) if it is absent, `None` if it is unknown.
    pub fn mode(&self) -> Option<ProcessorMode> {
        match self.processor_config() {
            Some(config) if config.has("Mode") => config.text("Mode").and_then(ProcessorMode::from_name),
            _ => Some(ProcessorMode::Inline),
        }
    }
}

/// `QueryLanguage` of a machine or a state, if it is set.
pub(super) fn declared_language(node: &Node<'_>) -> Option<QueryLanguage> {
    node.text("QueryLanguage").and_then(QueryLanguage::from_name)
}

/// An iterator over the states of a machine and of all machines inside it. Each state comes before the states inside
/// it.
pub struct Walk<'a> {
    open: Vec<Box<dyn Iterator<Item = State<'a>> + 'a>>,
}

impl<'a> Iterator for Walk<'a> {
    type Item = State<'a>;

    fn next(&mut self) -> Option<State<'a>> {
        while let Some(innermost) = self.open.last_mut() {
            let Some(state) = innermost.next() else {
                self.open.pop();
                continue;
            };
            self.open.extend(
                state
                    .machines()
                    .into_iter()
                    .rev()
                    .map(|machine| -> Box<dyn Iterator<Item = _>> { Box::new(machine.states()) }),
            );
            return Some(state);
        }
        None
    }
}

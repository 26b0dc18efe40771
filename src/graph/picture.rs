//! What to draw, and in which language.

use super::model::Graph;
use super::{SvgOptions, Way, dot, mermaid, svg};
use crate::asl::StateMachine;
use crate::catalog::Action;

/// A picture of a definition.
///
/// ```
/// use sfn_tasks::{asl::StateMachine, graph::{Picture, SvgOptions}};
///
/// let machine: StateMachine = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#.parse()?;
/// let picture = Picture::new(&machine);
/// assert!(picture.mermaid().contains(r#"s1(["Done<br/>Succeed"])"#));
/// assert!(picture.dot().contains("s0 -> s1"));
/// assert!(picture.svg(&SvgOptions::default()).starts_with("<svg "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Picture<'a> {
    machine: &'a StateMachine,
    way: Option<&'a Way>,
    own: Vec<&'static Action>,
}

impl<'a> Picture<'a> {
    /// A picture of this definition.
    pub fn new(machine: &'a StateMachine) -> Self {
        Self { machine, way: None, own: Vec::new() }
    }

    /// Shows the path that executions took: the states and arrows that they used in green, with the number of visits, states
    /// that failed in red, and everything else pale.
    #[must_use]
    pub fn way(mut self, way: &'a Way) -> Self {
        self.way = Some(way);
        self
    }

    /// An integration that is not in a spec of this library. A task that calls it shows its name, not the API behind it:
    /// `acme: quote`, not `Lambda: invoke`.
    #[must_use]
    pub fn integration(mut self, action: &'static Action) -> Self {
        self.own.push(action);
        self
    }

    pub(crate) fn with(mut self, own: &[&'static Action]) -> Self {
        self.own.extend_from_slice(own);
        self
    }

    /// A flowchart in Mermaid's language, as GitHub and others draw it in Markdown.
    pub fn mermaid(&self) -> String {
        mermaid::draw(&self.graph(), self.way)
    }

    /// A digraph in DOT, the language of Graphviz.
    pub fn dot(&self) -> String {
        dot::draw(&self.graph(), self.way)
    }

    /// An SVG that is complete in itself: it needs no fonts, scripts or style sheets from elsewhere.
    pub fn svg(&self, options: &SvgOptions) -> String {
        svg::draw(&self.machine.definition(), &self.graph(), self.way, options)
    }

    fn graph(&self) -> Graph<'a> {
        Graph::new(self.machine, &self.own)
    }
}

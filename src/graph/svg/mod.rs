//! A picture in SVG.

mod frame;
mod icon;
mod style;
mod text;
mod write;

#[cfg(test)]
mod tests;

use crate::asl::StateMachine;

use super::model::Graph;
use super::way::Way;
use frame::Frame;
use write::Writer;

/// Which colours a picture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Theme {
    /// Those that the viewer prefers: light or dark.
    #[default]
    Auto,
    /// Dark on white.
    Light,
    /// Light on black.
    Dark,
}

/// What can be chosen about an SVG.
///
/// ```
/// use sfn_tasks::graph::{SvgOptions, Theme};
///
/// let options = SvgOptions::default().theme(Theme::Dark).title("Orders");
/// # let _ = options;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SvgOptions {
    theme: Theme,
    title: Option<String>,
}

impl SvgOptions {
    /// Which colours the picture has; the viewer's choice if nothing is said.
    pub fn theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }

    /// The name of the picture, which a screen reader tells; `State machine` if nothing is said.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }
}

/// The definition as a picture, complete in itself: it needs no fonts, scripts or style sheets from elsewhere.
///
/// ```
/// use sfn_tasks::{asl::StateMachine, graph};
///
/// let machine: StateMachine = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#.parse()?;
/// assert!(graph::svg(&machine, &graph::SvgOptions::default()).starts_with("<svg "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn svg(machine: &StateMachine, options: &SvgOptions) -> String {
    draw(machine, None, options)
}

/// As [`svg`], with the way that runs took: taken states and arrows in green, with how often, states that failed in red,
/// and the rest pale.
pub fn svg_way(machine: &StateMachine, way: &Way, options: &SvgOptions) -> String {
    draw(machine, Some(way), options)
}

fn draw(machine: &StateMachine, way: Option<&Way>, options: &SvgOptions) -> String {
    let graph = Graph::new(machine);
    let definition = machine.definition();
    let start = definition.start_at().map(|name| format!(" It starts at {name}.")).unwrap_or_default();
    let count = match graph.count() {
        1 => "1 state".to_owned(),
        count => format!("{count} states"),
    };
    let comment = definition.comment().map(|comment| format!("{comment} ")).unwrap_or_default();
    let title = options.title.as_deref().unwrap_or("State machine");
    let description = format!("{comment}A state machine of {count}.{start}");
    Writer::picture(&Frame::new(&graph, way), title, &description, &style::sheet(options.theme, way.is_some()))
}

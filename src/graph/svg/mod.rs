//! A picture in SVG.

mod frame;
mod icon;
mod style;
mod text;
mod write;

#[cfg(test)]
mod tests;

use crate::asl::Machine;

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

pub(super) fn draw(definition: &Machine<'_>, graph: &Graph<'_>, way: Option<&Way>, options: &SvgOptions) -> String {
    let start = definition.start_at().map(|name| format!(" It starts at {name}.")).unwrap_or_default();
    let count = match graph.count() {
        1 => "1 state".to_owned(),
        count => format!("{count} states"),
    };
    let comment = definition.comment().map(|comment| format!("{comment} ")).unwrap_or_default();
    let title = options.title.as_deref().unwrap_or("State machine");
    let description = format!("{comment}A state machine of {count}.{start}");
    Writer::picture(&Frame::new(graph, way), title, &description, &style::sheet(options.theme, way.is_some()))
}

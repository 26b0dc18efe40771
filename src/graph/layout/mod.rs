//! A layered layout: vertices on layers from top to bottom, links that follow the gaps between them.
//!
//! It goes the way of Sugiyama's method. Links that close a cycle are distinguished from the others ([`rank`]); each link becomes
//! a row of cells, one a layer, and its label is one of them ([`cells`]); the cells of a layer get an order with few
//! crossings ([`order`]) and a place ([`position`], [`settle`]); what crosses a gap gets a track of its own ([`route`]).
//!
//! Two things differ from the books. Links of the same class to the same vertex share their cells, so that twenty ways
//! to one error handler are one line with twenty beginnings. And a link that closes a cycle leaves its vertex below and
//! enters its target from above, like any other link; between the two it goes up in a lane.

mod cells;
mod order;
mod ports;
mod position;
mod rank;
mod route;
mod settle;

#[cfg(test)]
mod tests;

use cells::Cells;

/// A width and a height.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Size {
    pub width: f64,
    pub height: f64,
}

/// A place; `y` grows downwards.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

/// A way from one vertex to another, by index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    /// Links of one class to one vertex run together.
    pub class: usize,
    /// How much it matters that the link is straight.
    pub weight: u32,
    /// The size of the text at the link.
    pub label: Option<Size>,
}

/// Where everything goes.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub size: Size,
    /// The upper left corner of each vertex.
    pub vertices: Vec<Point>,
    /// What each link looks like.
    pub wires: Vec<Wire>,
}

/// The line of a link.
#[derive(Debug, Default)]
pub(super) struct Wire {
    /// Rows of points, each a line with right angles. A label is between two rows.
    pub lines: Vec<Vec<Point>>,
    /// The middle of the label.
    pub label: Option<Point>,
    /// Whether the line ends at its target. Otherwise it ends at a line that leads there.
    pub arrives: bool,
}

/// Gives vertices of these sizes a place and links a way.
pub(super) fn layout(vertices: &[Size], links: &[Link]) -> Layout {
    let ranks = rank::rank(vertices.len(), links);
    let mut cells = Cells::new(vertices, links, &ranks);
    order::order(&mut cells);
    position::position(&mut cells);
    settle::settle(&mut cells);
    let ports = ports::ports(&cells);
    route::route(&cells, &ports, vertices.len(), links)
}

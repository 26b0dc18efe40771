//! Pictures of a definition: Mermaid, Graphviz's DOT, and SVG that needs neither a browser nor Graphviz.
//!
//! All of them draw the same graph. Every machine has a start; a state whose `End` is `true` leads to an end of its own;
//! a Map or a Parallel state is a box around what it runs. What leads from a state by the same member to the same
//! target is one arrow with several lines of text. Arrows of `Catch` are dashed. A target that does not exist is drawn
//! as what it is: missing. The same definition gives the same bytes on every run.
//!
//! Machines nested more than 32 deep are not drawn; the box says so. An SVG of thousands of states that all lead far away
//! leaves out arrows, beyond what could be followed anyway.

mod condition;
mod dot;
mod layout;
mod mermaid;
mod model;
mod picture;
mod resource;
mod svg;
mod way;

pub use picture::Picture;
pub use svg::{SvgOptions, Theme};
pub use way::Way;

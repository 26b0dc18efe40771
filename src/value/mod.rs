//! Values: JSON as a definition holds it, and what a builder's parameter may be.

mod json;
mod number;
mod pointer;
mod render;
mod yaml;

pub use json::{Json, Object, Text};
pub use number::Number;
pub use pointer::{escape_token, token_index, unescape_token};

//! Values: JSON as a definition holds it, and what a builder's parameter may be.

mod json;
mod number;

pub use json::{Json, Object, Text};
pub use number::Number;

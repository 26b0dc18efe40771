//! From text to the tree.
//!
//! Both parsers are made for definitions. JSON is read by a small recursive descent of our own, because no library does
//! all that a definition needs: unquoted `${Name}` placeholders, numbers as they were written, keys given twice refused,
//! and the place of each value. Strings and numbers are left to `serde_json` wherever they are more than plain.

mod error;
mod json;
mod names;
#[cfg(feature = "yaml")]
mod scalar;
mod span;
#[cfg(feature = "yaml")]
mod yaml;

pub use error::ParseError;
pub(super) use json::parse_json;
pub(super) use span::Span;
#[cfg(feature = "yaml")]
pub(super) use yaml::{TagNames, parse_yaml, to_bytes};

/// Arrays and objects may be in one another this deep. The most deeply nested definition we know has 22 levels.
pub const MAX_DEPTH: usize = 128;

/// The greatest length of a text, in bytes. AWS accepts a definition of 1 MiB; a text is parsed beyond that so that its
/// other faults can be reported as well.
pub const MAX_LENGTH: usize = 16 << 20;

/// Refuses a text that is too long to be a definition.
fn check_length(text: &str) -> Result<(), ParseError> {
    if text.len() > MAX_LENGTH {
        let message = format!(
            "the text has {} bytes; more than {MAX_LENGTH} are not read, and AWS accepts definitions of at most 1 MiB",
            text.len()
        );
        return Err(ParseError::new(text, 0, message));
    }
    Ok(())
}

fn too_deep() -> String {
    format!("nested too deeply: arrays and objects are nested more than {MAX_DEPTH} levels")
}

//! The parsers of JSON and YAML.
//!
//! The library has its own recursive descent parser for JSON, because no crate does all that a definition needs: it
//! accepts unquoted `${Name}` placeholders, keeps numbers as they are written, rejects duplicate keys, and returns
//! the place of each value. `serde_json` parses strings with escapes and all numbers that are not simple.

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

/// The maximum depth of nested arrays and objects. The most deeply nested definition that we know has 22 levels.
pub const MAX_DEPTH: usize = 128;

/// The maximum length of a text, in bytes. AWS accepts a definition of 1 MiB. Longer texts are parsed up to this
/// limit, so that their other errors are reported as well.
pub const MAX_LENGTH: usize = 16 << 20;

/// Rejects a text that is too long.
fn check_length(text: &str) -> Result<(), ParseError> {
    if text.len() > MAX_LENGTH {
        let message = format!(
            "the text has {} bytes: the limit of the parser is {MAX_LENGTH} bytes, and AWS accepts definitions of at most 1 MiB",
            text.len()
        );
        return Err(ParseError::new(text, 0, message));
    }
    Ok(())
}

fn too_deep() -> String {
    format!("nested too deeply: arrays and objects are nested more than {MAX_DEPTH} levels")
}

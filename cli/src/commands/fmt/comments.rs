//! Finds comments in YAML, which formatting would remove.

use std::ops::Range;

use sfn_tasks::asl::Source;
use sfn_tasks::value::{Json, escape_token};

/// The line of the first comment.
pub(super) fn first_comment(source: &Source, json: &Json) -> Option<usize> {
    let text = source.text();
    if !text.contains('#') {
        return None;
    }
    let mut strings = Vec::new();
    gather(source, json, &mut String::new(), &mut strings);
    let begins_comment =
        |at: usize| text[..at].chars().next_back().is_none_or(char::is_whitespace) && !is_within(at, &strings);
    let comment = text.match_indices('#').map(|(at, _)| at).find(|at| begins_comment(*at))?;
    Some(text[..comment].bytes().filter(|byte| *byte == b'\n').count() + 1)
}

/// Whether the byte is in a string: in quotation marks, in a block scalar, or over several lines.
fn is_within(at: usize, strings: &[Range<usize>]) -> bool {
    strings.iter().any(|string| string.contains(&at))
}

/// Collects the positions of all names and strings.
fn gather(source: &Source, json: &Json, pointer: &mut String, strings: &mut Vec<Range<usize>>) {
    let length = pointer.len();
    let mut descend = |name: &str, value: &Json, strings: &mut Vec<Range<usize>>| {
        pointer.push('/');
        pointer.push_str(&escape_token(name));
        gather(source, value, pointer, strings);
        pointer.truncate(length);
    };
    match json {
        Json::Object(object) => object.iter().for_each(|(name, value)| descend(name, value, strings)),
        Json::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                descend(&index.to_string(), value, strings);
            }
        }
        Json::String(_) => strings.extend(source.locate(pointer).map(|place| place.bytes)),
        _ => {}
    }
    strings.extend(source.locate_key(pointer).map(|place| place.bytes));
}

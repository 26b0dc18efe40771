//! Sorts findings into document order.

use std::collections::HashMap;

use super::Diagnostic;
use crate::value::{Json, Object, token_index, unescape_token};

/// Objects with more members get an index, so that lookups stay cheap in a machine with many states.
const SMALL: usize = 16;

/// Sorts findings by their places. Findings at the same place keep their order.
pub(super) fn sort(root: &Json, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut indexes = HashMap::new();
    let mut keyed: Vec<_> =
        findings.into_iter().map(|finding| (key(root, &finding.pointer, &mut indexes), finding)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    keyed.into_iter().map(|(_, finding)| finding).collect()
}

type Indexes<'a> = HashMap<*const Object, HashMap<&'a str, (usize, &'a Json)>>;

/// The place as positions of members and elements on the path from the root.
fn key<'a>(root: &'a Json, pointer: &str, indexes: &mut Indexes<'a>) -> Vec<usize> {
    let mut key = Vec::new();
    let mut json = root;
    for token in pointer.split('/').skip(1) {
        let found = match json {
            Json::Object(object) => member(object, &unescape_token(token), indexes),
            Json::Array(elements) => token_index(token).and_then(|at| Some((at, elements.get(at)?))),
            _ => None,
        };
        let Some((at, value)) = found else { break };
        key.push(at);
        json = value;
    }
    key
}

/// The member with this name, and its position.
fn member<'a>(object: &'a Object, name: &str, indexes: &mut Indexes<'a>) -> Option<(usize, &'a Json)> {
    let members = || object.iter().enumerate().map(|(at, (name, json))| (name, (at, json)));
    if object.len() <= SMALL {
        return members().find(|(member, _)| *member == name).map(|(_, found)| found);
    }
    indexes.entry(std::ptr::from_ref(object)).or_insert_with(|| members().collect()).get(name).copied()
}

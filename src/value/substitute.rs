//! Replaces references by values.

use std::collections::BTreeMap;

use super::Json;
use crate::expression::placeholder;

/// The maximum depth at which a value is searched for references. A text cannot be nested more deeply.
const MAX_DEPTH: usize = 256;

impl Json {
    /// Replaces the references that have a value, by their names.
    pub(crate) fn substitute(&mut self, values: &BTreeMap<String, String>) {
        substitute(self, values, MAX_DEPTH);
    }
}

fn substitute(json: &mut Json, values: &BTreeMap<String, String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match json {
        Json::String(text) if placeholder::is_in(text) => {
            let (mut replaced, mut end) = (String::new(), 0);
            for range in placeholder::find(text) {
                replaced.push_str(&text[end..range.start]);
                match values.get(&text[range.start + 2..range.end - 1]) {
                    Some(value) => replaced.push_str(value),
                    None => replaced.push_str(&text[range.clone()]),
                }
                end = range.end;
            }
            replaced.push_str(&text[end..]);
            *json = replaced.into();
        }
        Json::Placeholder(name) => {
            if let Some(value) = values.get(&**name) {
                *json =
                    serde_json::from_str::<serde_json::Value>(value).map_or_else(|_| value.clone().into(), Json::from);
            }
        }
        Json::Object(object) => object.iter_mut().for_each(|(_, value)| substitute(value, values, depth)),
        Json::Array(elements) => elements.iter_mut().for_each(|value| substitute(value, values, depth)),
        _ => {}
    }
}

//! The canonical order of fields.

use super::fields::{Content, DEFINITION, FieldSet, STATE};
use crate::value::{Json, Object};

/// Sorts the fields of the Amazon States Language into their canonical order at every depth. Unknown fields come
/// last. The order of states, of array elements and inside payloads does not change.
pub(super) fn canonicalize(definition: &mut Json) {
    // An explicit stack instead of recursion, because machines can be nested to any depth.
    let mut open: Vec<(&mut Json, &FieldSet)> = vec![(definition, &DEFINITION)];
    while let Some((json, set)) = open.pop() {
        let Json::Object(object) = json else { continue };
        sort(object, set);
        for (name, value) in object.iter_mut() {
            match (set.field(name).map(|field| field.content), value) {
                (Some(Content::Object(set)), value) => open.push((value, set)),
                (Some(Content::Objects(set)), Json::Array(elements)) => {
                    open.extend(elements.iter_mut().map(|element| (element, set)));
                }
                (Some(Content::States), Json::Object(states)) => {
                    open.extend(states.iter_mut().map(|(_, state)| (state, &STATE)));
                }
                _ => {}
            }
        }
    }
}

fn sort(object: &mut Object, set: &FieldSet) {
    let place = |name: &str| set.fields.iter().position(|field| field.name == name).unwrap_or(usize::MAX);
    object.sort_by_key(place);
}

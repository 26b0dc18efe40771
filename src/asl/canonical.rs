//! The order in which a person writes the fields.

use super::fields::{Content, DEFINITION, FieldSet, STATE};
use crate::value::{Json, Object};

/// Brings the fields of the language into their usual order, at any depth; fields that the language does not have come
/// last. States, array elements and everything within a payload stay as they are.
pub(super) fn canonicalize(definition: &mut Json) {
    // A stack of its own instead of recursion: machines may be nested in one another as deeply as they like.
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

//! Detects duplicate names.

use std::collections::HashSet;

use crate::value::Object;

/// The names that an object has so far. A few are searched one by one; many are in a set.
#[derive(Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    const FEW: usize = 16;

    /// Adds the name. Returns whether it is new.
    pub(super) fn add(&mut self, object: &Object, name: &str) -> bool {
        if object.len() < Self::FEW {
            return !object.contains(name);
        }
        if self.0.is_empty() {
            self.0.extend(object.names().map(str::to_owned));
        }
        self.0.insert(name.to_owned())
    }

    /// The message for a duplicate name.
    pub(super) fn given_twice(name: &str) -> String {
        format!("the object has two members with the name `{name}`")
    }
}

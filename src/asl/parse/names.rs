//! Names that are given twice.

use std::collections::HashSet;

use crate::value::Object;

/// The names that an object has so far. A few are looked for one by one, many through a set.
#[derive(Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    const FEW: usize = 16;

    /// Whether the name is new; it is taken down.
    pub(super) fn add(&mut self, object: &Object, name: &str) -> bool {
        if object.len() < Self::FEW {
            return !object.contains(name);
        }
        if self.0.is_empty() {
            self.0.extend(object.names().map(str::to_owned));
        }
        self.0.insert(name.to_owned())
    }

    /// What to say of a name that is not new.
    pub(super) fn given_twice(name: &str) -> String {
        format!("`{name}` is given twice in one object")
    }
}

//! Fields that exclude one another.

use super::rules::{CONFLICTING_FIELDS, MISSING_FIELD};
use crate::asl::Node;
use crate::check::Checker;
use crate::check::suggest::list;

/// Reports fields of which at most one may be present.
pub(in crate::check) fn at_most_one(checker: &mut Checker<'_>, node: &Node<'_>, names: &[&str]) -> usize {
    let mut present = node.members().filter(|(name, _)| names.contains(name));
    let first = present.next();
    let mut count = usize::from(first.is_some());
    for (name, child) in present {
        let first = first.as_ref().map_or("", |(name, _)| name);
        count += 1;
        checker
            .add(&CONFLICTING_FIELDS, &child, format!("`{name}` cannot be used together with `{first}`"))
            .help("remove one of them");
    }
    count
}

/// Reports fields of which exactly one must be present.
pub(in crate::check) fn exactly_one(checker: &mut Checker<'_>, node: &Node<'_>, owner: &str, names: &[&str]) {
    if at_most_one(checker, node, names) == 0 {
        let names = list(names.iter().copied(), "or");
        checker.add(&MISSING_FIELD, node, format!("{owner} must have {names}")).help("add one of them");
    }
}

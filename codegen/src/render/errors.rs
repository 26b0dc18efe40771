//! The constants of error names.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Service, constant};

/// The errors of all APIs of a service by their names, each with its constant and docs.
pub(crate) fn constants(service: &Service) -> BTreeMap<&str, (String, &str)> {
    let errors = service.actions.iter().flat_map(|action| &action.errors);
    let errors: BTreeMap<&str, &str> = errors.rev().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut taken = BTreeSet::new();
    errors.into_iter().map(|(name, text)| (name, (error_constant(name, &mut taken), text))).collect()
}

/// The constant of an error: its name without the prefix, or a longer name if this one is taken.
fn error_constant(name: &str, taken: &mut BTreeSet<String>) -> String {
    let short = name.split_once('.').map_or(name, |(_, short)| short);
    let spelled = |name: &str| {
        let constant = constant(&name.replace('.', "_"));
        // The name is only the status of an HTTP response.
        if constant.starts_with(|first: char| first.is_ascii_digit()) { format!("STATUS_{constant}") } else { constant }
    };
    let numbered = (2..).map(|number: usize| format!("{}_{number}", spelled(name)));
    let mut candidates = [spelled(short), spelled(name)].into_iter().chain(numbered);
    candidates.find(|constant| taken.insert(constant.clone())).unwrap_or_default()
}

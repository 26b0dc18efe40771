//! The actions on keys that encrypted resources need.

use super::need::Need;
use crate::iam::facts;
use crate::iam::glob::action_covers;

/// The actions on keys that a pattern allows and that a state can need, because a customer managed key can encrypt the
/// resource that it calls. No parameter names that key.
pub(super) fn uses(pattern: &str, needs: &[Need<'_>]) -> Vec<&'static str> {
    let mut services: Vec<&str> = needs.iter().filter_map(|need| need.action.split(':').next()).collect();
    services.sort_unstable();
    services.dedup();
    let keys = services.into_iter().filter_map(facts::key);
    let mut used: Vec<&str> = keys
        .flat_map(|key| key.calls.into_iter().map(|(action, _)| action).chain(key.others))
        .filter(|action| action_covers(pattern, action))
        .collect();
    used.sort_unstable();
    used.dedup();
    used
}

//! What the author of a state says in the place of what was derived.

use super::arn::Arn;
use super::options::StateGrant;
use super::policy::Grant;
use super::precision::Precision;

/// What a grant of a state's author does to what was derived for the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Effect {
    /// It is next to it.
    #[default]
    Adds,
    /// It is in its place.
    Replaces,
    /// Its resources are in the place of those that say only their type, or nothing.
    Narrows,
}

/// Applies what narrows to what was derived for the state at that place.
pub(super) fn apply(derived: &mut Vec<Grant>, pointer: &str, said: &[&StateGrant], resolve: impl Fn(&Arn) -> Arn) {
    if said.iter().any(|grant| grant.effect == Effect::Replaces) {
        derived.retain(|grant| grant.pointer != pointer);
        return;
    }
    let narrowing = said.iter().filter(|grant| grant.effect == Effect::Narrows);
    let resources: Vec<Arn> = narrowing.flat_map(|grant| &grant.resources).map(resolve).collect();
    for grant in derived.iter_mut().filter(|grant| grant.pointer == pointer && grant.precision >= Precision::Type) {
        let fitting: Vec<Arn> =
            resources.iter().filter(|arn| grant.actions.iter().any(|action| fits(arn, action))).cloned().collect();
        if !fitting.is_empty() {
            grant.precision = fitting.iter().map(Precision::of_granted).max().unwrap_or_default();
            grant.precision_why = "the author of the state names the resource";
            grant.resources = fitting;
        }
    }
}

/// Whether the resource is one of the action's service. One that is only known when it is deployed can be of any.
fn fits(arn: &Arn, action: &str) -> bool {
    let service = action.split(':').next().unwrap_or_default();
    let parts = arn.split(':', 4);
    match parts.get(2).and_then(Arn::known) {
        Some(of) if parts.len() > 3 => of == service,
        _ => true,
    }
}

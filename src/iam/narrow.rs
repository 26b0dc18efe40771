//! What the author of a state writes in place of derived permissions.

use super::arn::Arn;
use super::options::StateGrant;
use super::policy::Grant;
use super::precision::{Precision, PrecisionReason};

/// The effect of an author's grant on the permissions that were derived for the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Effect {
    /// It is added to them.
    #[default]
    Adds,
    /// It replaces them.
    Replaces,
    /// Its resources replace those that contain only the type, or are `*`.
    Narrows,
}

/// Narrows the permissions that were derived for the state at that position.
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
            grant.precision_reason = Some(PrecisionReason::Author);
            grant.resources = fitting;
        }
    }
}

/// Whether the resource belongs to the action's service. One that is known only at deployment can belong to any
/// service.
fn fits(arn: &Arn, action: &str) -> bool {
    let service = action.split(':').next().unwrap_or_default();
    let parts = arn.split(':', 4);
    match parts.get(2).and_then(Arn::known) {
        Some(of) if parts.len() > 3 => of == service,
        _ => true,
    }
}

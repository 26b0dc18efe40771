//! Your own services: actions of other specs that call a known integration with some fixed parameters.

use super::{Action, Member, PatternSupport, PresetValue, Structure, find};
use crate::value::Json;

/// The properties that the action inherits from the integration that it calls: the parameters that its spec leaves
/// open, the permissions, retriers and errors.
pub(super) fn complete(mut action: Action) -> Action {
    let base = action.calls.and_then(|call| call.rsplit_once(':')).and_then(|(service, name)| find(service, name));
    let Some(base) = base else { return action };
    let own = action.parameters.members.iter().map(|member| {
        let known = base.parameters.member(member.name);
        let shape = match known {
            Some(known) if member.fixed => known.shape,
            _ => member.shape,
        };
        Member { shape, required: member.required || known.is_some_and(|known| known.required), ..*member }
    });
    let is_open = |member: &&Member| action.parameters.member(member.name).is_none();
    // Parameters that the spec leaves open have neither a setter nor a preset.
    let open =
        base.parameters.members.iter().filter(is_open).map(|member| Member { preset: None, setter: None, ..*member });
    let members: Vec<Member> = own.chain(open).collect();
    let rules = base.parameters.rules.iter().chain(action.parameters.rules).copied().collect::<Vec<_>>();
    action.parameters =
        Box::leak(Box::new(Structure { members: members.leak(), rules: rules.leak(), ..*action.parameters }));
    let patterns = action.patterns.iter().map(|own| match base.pattern(own.pattern) {
        Some(known) => PatternSupport {
            statements: known.statements.iter().chain(own.statements).copied().collect::<Vec<_>>().leak(),
            token_in: if own.token_in.is_empty() { known.token_in } else { own.token_in },
            result: if own.result.is_empty() { known.result } else { own.result },
            result_of: own.result_of.or(known.result_of),
            ..*own
        },
        None => *own,
    });
    action.patterns = patterns.collect::<Vec<_>>().leak();
    action.errors = base.errors.iter().chain(action.errors).copied().collect::<Vec<_>>().leak();
    action.sdk = base.sdk.or(action.calls.map(|call| call.strip_prefix(super::sdk::PREFIX).unwrap_or(call)));
    action.error_prefix = base.error_prefix;
    if action.retry.is_empty() {
        action.retry = base.retry;
    }
    action
}

impl Action {
    /// The fixed value of a parameter.
    pub(crate) fn fixed(&self, name: &str) -> Option<Json> {
        constant(self.parameters.member(name)?)
    }
}

fn constant(member: &Member) -> Option<Json> {
    match member.preset.filter(|_| member.fixed)?.value {
        PresetValue::Constant(json) => serde_json::from_str(json).ok(),
        PresetValue::Expression { .. } => None,
    }
}

/// The one of these actions that a task calls, by the resource and the fixed parameters.
pub(crate) fn recognize(own: &[&'static Action], resource: &str, payload: Option<&Json>) -> Option<&'static Action> {
    own.iter().copied().find(|action| action.calls.is_some() && is_call_of(action, resource, payload))
}

fn is_call_of(action: &'static Action, resource: &str, payload: Option<&Json>) -> bool {
    let behind_partition =
        |text: &str| text.split_once(':').and_then(|(_, rest)| Some(rest.split_once(':')?.1.to_owned()));
    let is_resource = match action.resource_member {
        Some(member) => action.fixed(member).as_ref().and_then(Json::as_str) == Some(resource),
        None => action.patterns.iter().any(|support| {
            behind_partition(support.resource).is_some_and(|rest| behind_partition(resource) == Some(rest))
        }),
    };
    let mut fixed =
        action.parameters.members.iter().filter(|member| member.fixed && Some(member.name) != action.resource_member);
    let has_fixed = action.parameters.members.iter().any(|member| member.fixed);
    is_resource
        && has_fixed
        && fixed.all(|member| {
            let given = payload.and_then(Json::as_object).and_then(|object| object.get(member.name));
            given.is_some() && given == constant(member).as_ref()
        })
}

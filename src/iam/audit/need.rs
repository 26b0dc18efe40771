//! What a policy needs, state by state.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Existing;
use crate::iam::arn::{Arn, Condition};
use crate::iam::glob::Glob;
use crate::iam::policy::{Cause, Grant, Policy, causes_of};

/// A needed action on a resource.
#[derive(Clone)]
pub(super) struct Need<'a> {
    pub(super) action: &'a str,
    pub(super) arn: Cow<'a, Arn>,
    pub(super) glob: Glob,
    pub(super) conditions: &'a [Condition],
    pub(super) causes: Vec<Cause>,
    /// Conditions of the template, and whether they must be true or false, for the resource to be this one.
    pub(super) when: Vec<(String, bool)>,
}

impl Need<'_> {
    /// What decides whether it is needed at all, if the definition does not show it.
    pub(super) fn depends_on(&self) -> Option<String> {
        let mut all: Vec<&str> = Vec::new();
        for cause in &self.causes {
            let what = cause.depends_on.as_deref()?;
            if !all.contains(&what) {
                all.push(what);
            }
        }
        (!all.is_empty()).then(|| all.join(", and on "))
    }
}

impl Policy {
    /// The needs of each state separately: merged statements would mix certain and uncertain needs.
    pub(super) fn needs(&self) -> Vec<Need<'_>> {
        let mut of_states: BTreeMap<(&str, &Arn, &[Condition]), Vec<&Grant>> = BTreeMap::new();
        for grant in self.grants() {
            for action in &grant.actions {
                for arn in &grant.resources {
                    of_states.entry((action, arn, &grant.conditions)).or_default().push(grant);
                }
            }
        }
        if !of_states.is_empty() {
            let mut needs = Vec::with_capacity(of_states.len());
            for ((action, arn, conditions), grants) in of_states {
                let causes = causes_of(grants.into_iter(), &[action]);
                let (arn, glob, when) = (Cow::Borrowed(arn), Glob::of(arn), Vec::new());
                needs.push(Need { action, arn, glob, conditions, causes, when });
            }
            return needs;
        }
        // A policy that was read completely has no other statements.
        let statements = self.statements().iter();
        statements
            .flat_map(|statement| {
                statement.actions.iter().flat_map(move |action| {
                    statement.resources.iter().map(move |arn| Need {
                        action,
                        arn: Cow::Borrowed(arn),
                        glob: Glob::of(arn),
                        conditions: &statement.conditions,
                        causes: Vec::new(),
                        when: Vec::new(),
                    })
                })
            })
            .collect()
    }
}

/// The maximum number of resources into which the conditions of a template can split one need.
const MAX_ALTERNATIVES: usize = 64;

/// Each need with each value of `Fn::If` in its resource.
pub(super) fn by_condition<'a>(needs: Vec<Need<'a>>, existing: &Existing) -> Vec<Need<'a>> {
    let mut all = Vec::with_capacity(needs.len());
    for need in needs {
        let (mut open, mut split) = (vec![need], 0);
        while let Some(need) = open.pop() {
            let found = need.arn.references().find_map(|name| existing.alternatives.get_key_value(name));
            match found.filter(|_| split < MAX_ALTERNATIVES) {
                Some((name, (condition, values))) => {
                    split += 1;
                    for (value, holds) in values.iter().zip([true, false]) {
                        // A condition that occurs again has the same value.
                        if need.when.iter().any(|(known, is)| known == condition && *is != holds) {
                            continue;
                        }
                        let mut one = need.clone();
                        one.arn = Cow::Owned(need.arn.with_reference(name, value));
                        one.glob = Glob::of(&one.arn);
                        one.when.push((condition.clone(), holds));
                        open.push(one);
                    }
                }
                None => all.push(need),
            }
        }
    }
    all
}

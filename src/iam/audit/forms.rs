//! Resources that a policy can name in several forms, of which one is enough.

use super::{Finding, FindingKind};
use crate::catalog::Reason;
use crate::iam::arn::Arn;
use crate::iam::policy::{Grant, Policy};
use crate::iam::transform::LETTERS;

impl Policy {
    /// The ARNs of child executions have two forms, and the guide shows only one. A role that allows one of them lacks
    /// nothing, and a role that allows neither lacks one permission.
    pub(super) fn either_form(&self, findings: &mut Vec<Finding>) {
        let is_one = |it: &Finding, action: &str, forms: &[String]| {
            matches!(it.kind, FindingKind::MissingSilently | FindingKind::Uncertain)
                && it.action == action
                && forms.contains(&it.resource)
        };
        let looks_after =
            |grant: &&Grant| grant.api == "distributed Map" && matches!(grant.reason, Reason::Poll | Reason::Cancel);
        // Two Map states can share a form: what one lacks is reported even if the other lacks nothing.
        let mut lacking = Vec::new();
        let found = findings.clone();
        for grant in self.grants().iter().filter(looks_after) {
            let forms: Vec<String> = grant.resources.iter().map(Arn::to_string).collect();
            for action in &grant.actions {
                if found.iter().filter(|it| is_one(it, action, &forms)).count() == forms.len() {
                    lacking.push((action, forms.clone()));
                } else {
                    findings.retain(|it| !is_one(it, action, &forms));
                }
            }
        }
        for (action, forms) in lacking {
            let mut kept = false;
            findings.retain(|it| !is_one(it, action, &forms) || !std::mem::replace(&mut kept, true));
        }
    }

    /// Services that convert names to lowercase check the lowercase name. The policy also contains the original name,
    /// but a role that allows the lowercase name lacks nothing.
    pub(super) fn small_letters(&self, findings: &mut Vec<Finding>) {
        let found = findings.clone();
        findings.retain(|finding| {
            let grants = self.grants().iter().filter(|grant| grant.actions.contains(&finding.action));
            let mut forms = grants.map(|grant| grant.resources.iter().map(Arn::to_string).collect::<Vec<_>>());
            !forms.any(|forms| {
                let small =
                    forms.iter().find(|it| **it != finding.resource && it.eq_ignore_ascii_case(&finding.resource));
                forms.contains(&finding.resource)
                    && small.is_some_and(|small| {
                        let capitals = |text: &str| text.chars().filter(|sign| sign.is_uppercase()).count();
                        capitals(small) < capitals(&finding.resource)
                    })
                    && !found.iter().any(|it| it.action == finding.action && Some(&it.resource) == small)
            })
        });
    }

    /// The ARN of a secret in a call can omit the random letters at its end. A role that allows the ARN with or without
    /// them lacks nothing, and a role that allows neither lacks one permission.
    pub(super) fn with_or_without_letters(&self, findings: &mut Vec<Finding>) {
        let found = findings.clone();
        findings.retain(|finding| {
            let mut grants = self.grants().iter().filter(|grant| grant.actions.contains(&finding.action));
            let has = |grant: &Grant, form: &str| grant.resources.iter().any(|it| it.to_string() == form);
            let lacks = |form: &str| found.iter().any(|it| it.action == finding.action && it.resource == form);
            let with = format!("{}{LETTERS}", finding.resource);
            match finding.resource.strip_suffix(LETTERS) {
                Some(without) => !grants.any(|grant| has(grant, without)) || lacks(without),
                None => !grants.any(|grant| has(grant, &with)),
            }
        });
    }
}

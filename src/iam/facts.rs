//! What the role of a state machine needs beside what its calls need: the table `spec/execution-role.iam.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::catalog::{Reason, Statement};

static TABLE: &str = include_str!("../../spec/execution-role.iam.json");

/// How large policies may be.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Limits {
    /// All policies that stand in a role, in bytes without white space.
    pub(super) inline_bytes: usize,
    /// One managed policy, in bytes without white space.
    pub(super) managed_bytes: usize,
    /// How many managed policies a role can have.
    pub(super) managed_policies: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Table {
    limits: Limits,
    cases: BTreeMap<String, Vec<Fact>>,
}

#[derive(Debug, Deserialize)]
struct Fact {
    actions: Vec<&'static str>,
    resources: Vec<&'static str>,
    #[serde(default)]
    conditions: Vec<(&'static str, &'static str, &'static str)>,
    reason: &'static str,
    why: &'static str,
    url: &'static str,
    when: Option<&'static str>,
    unless: Option<&'static str>,
}

fn table() -> &'static Table {
    static PARSED: OnceLock<Table> = OnceLock::new();
    // A test reads the table as well, so that it cannot be broken here.
    PARSED.get_or_init(|| serde_json::from_str(TABLE).unwrap_or_default())
}

pub(super) fn limits() -> Limits {
    table().limits
}

/// The statements of a case.
pub(super) fn statements(case: &str) -> impl Iterator<Item = Statement> {
    table().cases.get(case).into_iter().flatten().map(|fact| Statement {
        actions: &fact.actions,
        resources: &fact.resources,
        conditions: &fact.conditions,
        when: fact.when,
        unless: fact.unless,
        reason: Reason::ALL.into_iter().find(|reason| reason.key() == fact.reason).unwrap_or(Reason::Call),
        why: fact.why,
        url: fact.url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_right() {
        let table: Table = serde_json::from_str(TABLE).unwrap();
        assert!(table.limits.managed_bytes < table.limits.inline_bytes);
        for (case, facts) in &table.cases {
            for fact in facts {
                assert!(Reason::ALL.iter().any(|reason| reason.key() == fact.reason), "{case}: {}", fact.reason);
                assert!(fact.url.starts_with("https://docs.aws.amazon.com/"), "{case}");
                assert!(!fact.actions.is_empty() && !fact.resources.is_empty(), "{case}");
            }
        }
        for case in ["credentials", "distributedMap", "s3:putObject", "logging", "tracing", "encryption"] {
            assert!(statements(case).next().is_some(), "{case}");
        }
    }
}

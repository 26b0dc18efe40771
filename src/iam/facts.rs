//! What the role of a state machine needs in addition to its calls: the table `spec/execution-role.iam.json`.

use std::sync::OnceLock;

use crate::catalog::{Reason, Statement};
use crate::value::Json;

static TABLE: &str = include_str!("../../spec/execution-role.iam.json");

/// The maximum sizes of policies.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    /// All inline policies of a role, in bytes without white space.
    pub(super) inline_bytes: usize,
    /// One managed policy, in bytes without white space.
    pub(super) managed_bytes: usize,
    /// How many managed policies a role can have.
    pub(super) managed_policies: usize,
}

fn table() -> &'static Json {
    static PARSED: OnceLock<Json> = OnceLock::new();
    // A test reads the table too, so that a mistake in it is found.
    PARSED.get_or_init(|| serde_json::from_str(TABLE).unwrap_or(Json::Null))
}

pub(super) fn limits() -> Limits {
    let limit = |name| table().get("limits")?.get(name)?.as_number().map(|number| number.as_f64() as usize);
    Limits {
        inline_bytes: limit("inlineBytes").unwrap_or_default(),
        managed_bytes: limit("managedBytes").unwrap_or_default(),
        managed_policies: limit("managedPolicies").unwrap_or_default(),
    }
}

/// What the callers of a service need on the customer managed key of an encrypted resource.
pub(super) struct Key {
    /// The actions on the key, each with the actions of the service that need it.
    pub(super) calls: Vec<(&'static str, Vec<&'static str>)>,
    /// Other actions on the key that AWS lists for the callers of the service.
    pub(super) others: Vec<&'static str>,
    /// The page that confirms it.
    pub(super) url: &'static str,
}

/// What the callers of that service need on the key; none if it does not use keys with the caller's permissions.
pub(super) fn key(service: &str) -> Option<Key> {
    let fact = table().get("keys")?.get(service)?;
    let texts = |json: &'static Json| elements(json).filter_map(Json::as_str).collect::<Vec<_>>();
    let calls = fact.get("calls").and_then(Json::as_object).into_iter().flat_map(|calls| calls.iter());
    Some(Key {
        calls: calls.map(|(action, calls)| (action, texts(calls))).collect(),
        others: fact.get("others").map(texts).unwrap_or_default(),
        url: fact.get("url").and_then(Json::as_str).unwrap_or_default(),
    })
}

/// The statements for a case.
pub(super) fn statements(case: &str) -> impl Iterator<Item = &'static Statement> {
    static CASES: OnceLock<Vec<(&'static str, Vec<Statement>)>> = OnceLock::new();
    let cases = CASES.get_or_init(|| {
        let cases = table().get("cases").and_then(Json::as_object);
        let read = |(name, list): (&'static str, &'static Json)| (name, elements(list).map(statement).collect());
        cases.into_iter().flat_map(|cases| cases.iter()).map(read).collect()
    });
    cases.iter().find(|(name, _)| *name == case).into_iter().flat_map(|(_, statements)| statements.iter())
}

fn statement(fact: &'static Json) -> Statement {
    let text = |name: &str| fact.get(name).and_then(Json::as_str);
    let texts = |name: &str| -> &'static [&'static str] {
        fact.get(name).into_iter().flat_map(elements).filter_map(Json::as_str).collect::<Vec<_>>().leak()
    };
    let condition = |condition: &'static Json| {
        let mut parts = elements(condition).filter_map(Json::as_str);
        Some((parts.next()?, parts.next()?, parts.next()?))
    };
    let conditions: Vec<_> = fact.get("conditions").into_iter().flat_map(elements).filter_map(condition).collect();
    Statement {
        actions: texts("actions"),
        resources: texts("resources"),
        conditions: conditions.leak(),
        when: text("when"),
        unless: text("unless"),
        depends_on: text("dependsOn"),
        reason: Reason::ALL.into_iter().find(|reason| text("reason") == Some(reason.key())).unwrap_or(Reason::Call),
        why: text("why").unwrap_or_default(),
        url: text("url").unwrap_or_default(),
    }
}

fn elements(json: &'static Json) -> impl Iterator<Item = &'static Json> {
    json.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_right() {
        let cases = table().get("cases").and_then(Json::as_object).unwrap();
        assert!(limits().managed_bytes < limits().inline_bytes && limits().managed_policies > 0);
        for (case, facts) in cases.iter() {
            assert_eq!(statements(case).count(), facts.as_array().unwrap().len());
            for (fact, statement) in facts.as_array().unwrap().iter().zip(statements(case)) {
                assert_eq!(fact.get("reason").and_then(Json::as_str), Some(statement.reason.key()), "{case}");
                assert!(statement.url.starts_with("https://docs.aws.amazon.com/"), "{case}");
                assert!(!statement.actions.is_empty() && !statement.resources.is_empty(), "{case}");
                assert!(!statement.why.is_empty(), "{case}");
            }
        }
        for (service, _) in table().get("keys").and_then(Json::as_object).unwrap().iter() {
            let key = key(service).unwrap();
            assert!(key.url.starts_with("https://docs.aws.amazon.com/"), "{service}");
            assert!(key.calls.iter().all(|(action, _)| action.starts_with("kms:")), "{service}");
            let calls = key.calls.iter().flat_map(|(_, calls)| calls);
            assert!(calls.into_iter().all(|call| call.split(':').next() == Some(service)), "{service}");
        }
        for case in ["credentials", "distributedMap", "s3:putObject", "logging", "tracing", "encryption"] {
            assert!(statements(case).next().is_some(), "{case}");
        }
    }
}

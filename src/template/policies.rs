//! SAM's policy templates and connectors, and AWS's managed policies.

use crate::value::{Json, Object};

/// See the head of the file.
const POLICIES: &str = include_str!("policies.txt");

/// A statement of a policy that anyone can use by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    actions: &'static str,
    resources: &'static str,
    conditions: &'static str,
}

/// The statements of a policy template of SAM; none if the name is unknown.
pub(super) fn sam(name: &str) -> impl Iterator<Item = Known> + '_ {
    find("sam", move |known| known == name)
}

/// The statements of a connector from a state machine to a resource of that type.
pub(super) fn connector(kind: &str, permission: &str) -> impl Iterator<Item = Known> {
    let name = format!("{kind} {permission}");
    find("connector", move |known| known == name)
}

/// The statements of a managed policy; the name can include its path.
pub(super) fn aws(name: &str) -> impl Iterator<Item = Known> + '_ {
    find("aws", move |known| known == name || known.rsplit('/').next() == Some(name))
}

fn find(kind: &'static str, mut is_it: impl FnMut(&str) -> bool) -> impl Iterator<Item = Known> {
    POLICIES.lines().filter_map(move |line| {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        if next() != kind || !is_it(next()) {
            return None;
        }
        Some(Known { actions: next(), resources: next(), conditions: next() })
    })
}

impl Known {
    /// The statement, with `fill` applied to each resource and each value of a condition.
    pub(super) fn statement(&self, fill: impl Fn(&str) -> String) -> Json {
        let mut statement = Object::new();
        let (effect, actions) = match self.actions.strip_prefix('-') {
            Some(actions) => ("Deny", actions),
            None => ("Allow", self.actions),
        };
        statement.insert("Effect", effect);
        let list = |text: &str, fill: &dyn Fn(&str) -> String| {
            Json::Array(text.split(' ').filter(|part| !part.is_empty()).map(|part| fill(part).into()).collect())
        };
        match actions.strip_prefix('!') {
            Some(actions) => statement.insert("NotAction", list(actions, &str::to_owned)),
            None => statement.insert("Action", list(actions, &str::to_owned)),
        };
        match self.resources.strip_prefix('!') {
            Some(resources) => statement.insert("NotResource", list(resources, &fill)),
            None => statement.insert("Resource", list(self.resources, &fill)),
        };
        if let Ok(conditions) = serde_json::from_str::<Json>(&fill(self.conditions)) {
            statement.insert("Condition", conditions);
        }
        statement.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_found_by_their_names() {
        let table = |text: &str| text.replace("${TableName}", "orders");
        let statement = sam("DynamoDBWritePolicy").next().map(|known| known.statement(table).to_string());
        assert!(statement.is_some_and(|text| text.contains("table/orders\"") && text.contains("dynamodb:PutItem")));
        assert_eq!(aws("AmazonSQSFullAccess").count(), 1);
        assert_eq!(aws("service-role/AWSLambdaRole").count(), 1);
        assert_eq!(connector("AWS::SNS::Topic", "Write").count(), 1);
        assert_eq!(sam("Nothing").count(), 0);
    }

    #[test]
    fn every_line_is_read() {
        for line in POLICIES.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert!((4..=5).contains(&columns.len()), "{line}");
            if let Some(conditions) = columns.get(4) {
                assert!(serde_json::from_str::<Json>(conditions).is_ok(), "{line}");
            }
        }
    }
}

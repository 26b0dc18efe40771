//! The AWS SDK integrations: which services and actions there are, and the names of their parameters.
//!
//! The table is `spec/aws-sdk.txt`. It is looked into only if a definition calls an SDK integration.

use std::collections::HashMap;
use std::sync::OnceLock;

static TABLE: &str = include_str!("../../spec/aws-sdk.txt");

/// A service that the SDK integrations reach.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service {
    /// A line for each action; none where the table knows the service by name only.
    actions: Option<&'static str>,
}

/// A parameter of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) kind: Kind,
    /// The strings that it can be, or that its elements can be, parted by tabs.
    values: Option<&'static str>,
}

impl Parameter {
    /// The strings that it can be, or that its elements can be, where they are few.
    pub(crate) fn values(&self) -> Option<impl Iterator<Item = &'static str> + Clone> {
        Some(self.values?.split('\t'))
    }
}

/// What a parameter holds, as coarsely as the table tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string, or anything else of which nothing is checked.
    Any,
    Number,
    Boolean,
    List,
    Object,
}

fn services() -> &'static HashMap<&'static str, Service> {
    static SERVICES: OnceLock<HashMap<&'static str, Service>> = OnceLock::new();
    SERVICES.get_or_init(|| {
        TABLE
            .split("\n=")
            .skip(1)
            .map(|block| {
                let (name, actions) = block.split_once('\n').unwrap_or((block, ""));
                (name, Service { actions: (!actions.trim().is_empty()).then_some(actions) })
            })
            .collect()
    })
}

/// The service of that name.
pub(crate) fn service(name: &str) -> Option<Service> {
    services().get(name).copied()
}

/// The names of all services, in alphabetical order.
pub(crate) fn service_names() -> Vec<&'static str> {
    let mut names: Vec<_> = services().keys().copied().collect();
    names.sort_unstable();
    names
}

impl Service {
    /// Whether the actions are known.
    pub(crate) fn is_known(self) -> bool {
        self.actions.is_some()
    }

    fn lines(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.actions.unwrap_or_default().lines().map(|line| line.split_once(' ').unwrap_or((line, "")))
    }

    /// The names of the actions.
    pub(crate) fn action_names(self) -> impl Iterator<Item = &'static str> {
        self.lines().map(|(name, _)| name).filter(|name| !name.starts_with('~'))
    }

    /// The parameters of an action, if there is one of that name.
    pub(crate) fn parameters(self, action: &str) -> Option<Vec<Parameter>> {
        let (_, words) = self.lines().find(|(name, _)| *name == action && !name.starts_with('~'))?;
        Some(words.split_ascii_whitespace().map(|word| self.parameter(word)).collect())
    }

    fn parameter(self, word: &'static str) -> Parameter {
        match word.find('~') {
            None => parameter(word),
            Some(at) => {
                let values = self.lines().find(|(name, _)| *name == &word[at..]).map(|(_, values)| values);
                Parameter { values, ..parameter(&word[..at]) }
            }
        }
    }
}

fn parameter(word: &'static str) -> Parameter {
    let (required, word) = word.strip_prefix('!').map_or((false, word), |word| (true, word));
    let kind = match word.as_bytes().last() {
        Some(b'#') => Kind::Number,
        Some(b'?') => Kind::Boolean,
        Some(b'[') => Kind::List,
        Some(b'{') => Kind::Object,
        _ => return Parameter { name: word, required, kind: Kind::Any, values: None },
    };
    Parameter { name: &word[..word.len() - 1], required, kind, values: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_what_the_guide_lists() {
        assert_eq!(service_names().len(), 389);
        let find = |action| service("s3").and_then(|service| service.parameters(action));
        let parameters = find("putObject").unwrap();
        let named = |name: &str| parameters.iter().find(|parameter| parameter.name == name);
        assert!(named("Bucket").is_some_and(|bucket| bucket.required));
        // Spelled as Step Functions has it, not as the API does.
        assert!(named("Acl").is_some() && named("SsekmsKeyId").is_some() && named("ACL").is_none());
        assert_eq!(named("Metadata").map(|metadata| metadata.kind), Some(Kind::Object));
        assert!(
            named("StorageClass")
                .and_then(Parameter::values)
                .is_some_and(|mut values| values.any(|value| value == "GLACIER"))
        );
        assert!(find("PutObject").is_none());
        assert!(service("sfn").is_some_and(|sfn| sfn.action_names().any(|name| name == "startExecution")));
        // A streaming action that Step Functions leaves out.
        let bedrock = service("bedrockruntime").unwrap();
        assert!(bedrock.parameters("invokeModel").is_some() && bedrock.parameters("converseStream").is_none());
        assert!(service("nothing").is_none());
    }
}

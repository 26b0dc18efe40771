//! The resources that SAM generates in addition to those in a template.
//!
//! Their names begin with the name of the resource that they belong to, as *Generated CloudFormation resources* in the SAM
//! guide describes them (<https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>).

use super::Resource;
use crate::value::{Json, Object};

/// The possible suffixes of the name, by type of resource. An empty suffix matches anything: for an API, SAM composes
/// names of stages, domains and hashes.
const MADE: [(&str, &[&str]); 8] = [
    ("Api", &[""]),
    ("HttpApi", &[""]),
    ("WebSocketApi", &[""]),
    ("GraphQLApi", &[""]),
    ("LayerVersion", &[""]),
    ("Connector", &["Policy"]),
    (
        "Function",
        &[
            "Role",
            "Alias",
            "Version",
            "Url",
            "EventInvokeConfig",
            "DeploymentGroup",
            "OnSuccess",
            "OnFailure",
            "Destination",
        ],
    ),
    ("StateMachine", &["Role", "Alias", "Version", "EventsRuleRole"]),
];

/// Whether it is the name of a resource that SAM generates once in a template: `ServerlessRestApi`,
/// `CodeDeployServiceRole`.
pub(super) fn shares(name: &str) -> bool {
    ["Serverless", "CodeDeployServiceRole", "ApiGatewayDomainName"].iter().any(|shared| name.starts_with(shared))
}

/// Whether SAM can generate a resource with that name, possibly followed by an attribute, for the resource.
pub(super) fn makes(resource: &Resource, name: &str) -> bool {
    let Some(kind) = resource.kind().strip_prefix("AWS::Serverless::") else { return false };
    let name = name.split('.').next().unwrap_or_default();
    let Some(rest) = name.strip_prefix(resource.id()).filter(|rest| !rest.is_empty()) else { return false };
    let made = MADE.iter().filter(|(known, _)| *known == kind).flat_map(|(_, made)| *made);
    let events = resource.property("Events").and_then(Json::as_object).into_iter().flat_map(Object::names);
    made.copied().chain(events).any(|made| rest.starts_with(made))
}

#[cfg(test)]
mod tests {
    use super::super::Resource;
    use super::makes;
    use crate::value::Json;

    #[test]
    fn only_names_that_sam_makes_are_believed() {
        let properties: Json =
            serde_json::from_str(r#"{"Events": {"Nightly": {"Type": "Schedule"}}}"#).unwrap_or_default();
        let of = |kind: &str| Resource::new("Clean", format!("AWS::Serverless::{kind}"), "", properties.clone());
        assert!(makes(&of("StateMachine"), "CleanRole.Arn") && makes(&of("StateMachine"), "CleanNightlyRole"));
        assert!(!makes(&of("StateMachine"), "CleaningQueue") && !makes(&of("StateMachine"), "Clean"));
        assert!(
            makes(&of("Function"), "CleanAliaslive")
                && makes(&of("Function"), "CleanOnFailureQueue")
                && !makes(&of("SimpleTable"), "CleanRole")
        );
        assert!(makes(&of("HttpApi"), "CleanApiGatewayDefaultStage"));
    }
}

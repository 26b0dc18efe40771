//! Which resources SAM makes in addition to those that a template names.
//!
//! Their names begin with that of the resource for which they are made, as *Generated CloudFormation resources* of the SAM
//! guide lists them (<https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>).

use super::Resource;
use crate::value::{Json, Object};

/// What may follow the name of a resource of each type. An empty text stands for anything: of an API, SAM makes names from
/// stages, domains and hashes.
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

/// Whether it is the name of a resource that SAM makes once for a template: `ServerlessRestApi`, `CodeDeployServiceRole`.
pub(super) fn shares(name: &str) -> bool {
    ["Serverless", "CodeDeployServiceRole", "ApiGatewayDomainName"].iter().any(|shared| name.starts_with(shared))
}

/// Whether SAM may make a resource of that name, perhaps with an attribute after it, for the resource.
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

//! The names of the builders in the AWS CDK, so that a search in the docs finds them.

use crate::model::{Action, Service};

/// The services whose names in the CDK differ in more than the first letter.
const PREFIXES: [(&str, &str); 12] = [
    ("activity", "StepFunctions"),
    ("codebuild", "CodeBuild"),
    ("databrew", "GlueDataBrew"),
    ("dynamodb", "Dynamo"),
    ("elasticmapreduce", "Emr"),
    ("emr-containers", "EmrContainers"),
    ("emr-serverless", "EmrServerless"),
    ("events", "EventBridge"),
    ("mediaconvert", "MediaConvert"),
    ("sagemaker", "SageMaker"),
    ("states", "StepFunctions"),
    ("apigateway", "ApiGateway"),
];

/// The class of the CDK, and the name in the resource ARN.
pub(crate) fn aliases(service: &Service, action: &Action) -> Vec<String> {
    let prefix = PREFIXES.iter().find(|(name, _)| *name == service.name).map(|(_, prefix)| (*prefix).to_owned());
    let prefix = prefix.unwrap_or_else(|| {
        let (first, rest) = service.name.split_at(service.name.chars().next().map_or(0, char::len_utf8));
        first.to_uppercase() + rest
    });
    let mut aliases = vec![format!("{prefix}{}", action.type_name), format!("{}:{}", service.name, action.name)];
    if service.name == "apigateway" {
        aliases.push("CallApiGatewayRestApiEndpoint".to_owned());
        aliases.push("CallApiGatewayHttpApiEndpoint".to_owned());
    }
    aliases.retain(|alias| *alias != action.type_name && !alias.contains(|sign: char| sign.is_whitespace()));
    aliases
}

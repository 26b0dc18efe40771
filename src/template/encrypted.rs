//! The customer managed keys of resources, which their users need too.

use super::evaluate::{Evaluation, Names, attribute, function};
use super::{Reference, Resource, Template};
use crate::value::{Json, Object};

/// The property that contains the key, as a JSON Pointer into the properties of a resource of that type.
const PROPERTIES: [(&str, &str); 7] = [
    ("AWS::DynamoDB::Table", "/SSESpecification/KMSMasterKeyId"),
    ("AWS::Kinesis::Stream", "/StreamEncryption/KeyId"),
    (
        "AWS::S3::Bucket",
        "/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID",
    ),
    ("AWS::SNS::Topic", "/KmsMasterKeyId"),
    ("AWS::SQS::Queue", "/KmsMasterKeyId"),
    ("AWS::SecretsManager::Secret", "/KmsKeyId"),
    ("AWS::Serverless::SimpleTable", "/SSESpecification/KMSMasterKeyId"),
];

/// The customer managed key of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EncryptionKey {
    /// Its ARN, its ID or its alias.
    pub(crate) key: String,
    /// Whether the key's policy may allow its use. A policy that trusts the account leaves that to the policies of roles.
    pub(crate) policy_may_allow: bool,
}

impl Template {
    /// The customer managed key of the referenced resource.
    pub(crate) fn key_of(&self, reference: &Reference) -> Option<EncryptionKey> {
        let (_, path) = function(&reference.call)?;
        let (resource, _) = self.resource_of(&attribute(path)?)?;
        self.key(resource, &Evaluation::new(self, Names::Plain))
    }

    /// The ARNs of encrypted resources, each with its customer managed key, in the form of [`physical`](Self::physical).
    pub(crate) fn physical_keys(&self) -> Vec<(String, EncryptionKey)> {
        let evaluation = Evaluation::new(self, Names::Physical);
        let key = |resource| Some((evaluation.arn_of(resource)?, self.key(resource, &evaluation)?));
        self.resources().iter().filter_map(key).collect()
    }

    fn key(&self, resource: &Resource, evaluation: &Evaluation<'_>) -> Option<EncryptionKey> {
        let (_, property) = PROPERTIES.iter().find(|(kind, _)| *kind == resource.kind())?;
        let mut value = resource.properties.pointer(property)?;
        let mut key = self.referenced(value);
        // An alias of the template shows its key.
        if let Some(target) = key.filter(|it| it.kind() == "AWS::KMS::Alias").and_then(|it| it.property("TargetKeyId"))
        {
            (value, key) = (target, self.referenced(target));
        }
        let text = evaluation.text(value, 0).ok()?;
        // The policy of an AWS managed key allows every caller of its service.
        if text.is_empty() || text.contains("alias/aws/") || text == "${AWS::NoValue}" {
            return None;
        }
        let policy = key.and_then(|key| key.property("KeyPolicy"));
        let service = resource.kind().split("::").nth(1).unwrap_or_default().to_ascii_lowercase();
        if policy.is_some_and(|policy| allows_callers_of(policy, &service, evaluation)) {
            return None;
        }
        Some(EncryptionKey { key: text, policy_may_allow: policy.is_none_or(may_allow) })
    }

    fn referenced(&self, value: &Json) -> Option<&Resource> {
        let (_, path) = function(value)?;
        Some(self.resource_of(&attribute(path)?)?.0)
    }
}

/// The statements of the policy of a key that allow something.
fn allowing(policy: &Json) -> impl Iterator<Item = &Json> {
    let statements = policy.get("Statement").map_or(&[] as &[Json], elements);
    statements.iter().filter(|statement| statement.get("Effect").and_then(Json::as_str) != Some("Deny"))
}

/// The elements of a list, or the only one.
fn elements(json: &Json) -> &[Json] {
    json.as_array().unwrap_or(std::slice::from_ref(json))
}

/// The principals of accounts, users and roles in a statement; none if there is no principal.
fn principals(statement: &Json) -> Option<&[Json]> {
    match statement.get("Principal")? {
        Json::Object(kinds) if kinds.contains("AWS") || kinds.contains("Service") => {
            Some(kinds.get("AWS").map_or(&[], elements))
        }
        principals => Some(elements(principals)),
    }
}

/// Whether the policy of a key allows its use to every caller of the service in the account.
fn allows_callers_of(policy: &Json, service: &str, evaluation: &Evaluation<'_>) -> bool {
    let text = |json: &Json| evaluation.text(json, 0).unwrap_or_default();
    allowing(policy).any(|statement| {
        let covers = |action: &str| {
            let actions = statement.get("Action").map_or(&[] as &[Json], elements);
            actions.iter().filter_map(Json::as_str).any(|pattern| match pattern.strip_suffix('*') {
                Some(start) => action.starts_with(start),
                None => action == pattern,
            })
        };
        let conditions = statement.get("Condition").and_then(Json::as_object).into_iter().flat_map(Object::iter);
        let mut conditions = conditions.filter_map(|(_, keys)| keys.as_object()).flat_map(Object::iter);
        principals(statement).is_some_and(|all| all.iter().any(|principal| principal.as_str() == Some("*")))
            && covers("kms:Decrypt")
            && covers("kms:GenerateDataKey")
            && conditions.all(|(key, values)| match key {
                "kms:ViaService" => {
                    elements(values).iter().any(|value| text(value).starts_with(&format!("{service}.")))
                }
                "kms:CallerAccount" => elements(values).iter().any(|value| text(value) == "${AWS::AccountId}"),
                _ => false,
            })
    })
}

/// Whether the policy of a key may allow its use to a role that it does not name: to everybody under a condition, or to
/// a principal that is not known before the deployment. A statement that names the role is read with the role.
fn may_allow(policy: &Json) -> bool {
    policy.get("Statement").is_none()
        || allowing(policy).any(|statement| principals(statement).is_none_or(|all| !all.iter().all(is_other)))
}

/// Whether a principal is known not to be a role of the account: it is the account itself or a fixed ARN.
fn is_other(principal: &Json) -> bool {
    match (principal.as_str(), function(principal)) {
        (Some(text), _) => text != "*",
        (None, Some(("Fn::Sub" | "Fn::Join", argument))) => argument.to_string().contains(":root"),
        (None, Some(("Ref", name))) => name.as_str() == Some("AWS::AccountId"),
        // The ARN of a role of the template is compared with the role.
        (None, Some(("Fn::GetAtt", _))) => true,
        _ => false,
    }
}

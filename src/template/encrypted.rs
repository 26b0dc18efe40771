//! The customer managed keys of resources, which their users need too.

use super::evaluate::{Evaluation, Names, attribute, function};
use super::{Reference, Resource, Template};
use crate::value::Json;

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
        Some(EncryptionKey { key: text, policy_may_allow: policy.is_none_or(may_allow) })
    }

    fn referenced(&self, value: &Json) -> Option<&Resource> {
        let (_, path) = function(value)?;
        Some(self.resource_of(&attribute(path)?)?.0)
    }
}

/// Whether the policy of a key may allow its use to a role that it does not name: to everybody under a condition, or to
/// a principal that is not known before the deployment. A statement that names the role is read with the role.
fn may_allow(policy: &Json) -> bool {
    let statements = match policy.get("Statement") {
        Some(Json::Array(statements)) => statements.as_slice(),
        Some(statement) => std::slice::from_ref(statement),
        None => return true,
    };
    statements.iter().any(|statement| {
        if statement.get("Effect").and_then(Json::as_str) == Some("Deny") {
            return false;
        }
        let principals = match statement.get("Principal") {
            Some(Json::Object(kinds)) if function(&Json::Object(kinds.clone())).is_none() => match kinds.get("AWS") {
                Some(principals) => principals,
                None => return false,
            },
            Some(principals) => principals,
            None => return true,
        };
        match principals {
            Json::Array(principals) => principals.iter().any(|principal| !is_other(principal)),
            principal => !is_other(principal),
        }
    })
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

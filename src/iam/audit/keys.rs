//! The actions on keys that encrypted resources need.

use super::Need;
use crate::iam::glob::action_covers;

/// The actions on keys that a pattern allows and that a state can need, because a customer managed key can encrypt the
/// resource that it calls. No parameter names that key.
pub(super) fn uses(pattern: &str, needs: &[Need<'_>]) -> Vec<&'static str> {
    let calls = |service: &str| needs.iter().any(|need| need.action.split(':').next() == Some(service));
    let used = ENCRYPTED.iter().filter(|(service, _)| calls(service)).flat_map(|(_, actions)| actions.iter().copied());
    let mut used: Vec<&str> = used.filter(|action| action_covers(pattern, action)).collect();
    used.sort_unstable();
    used.dedup();
    used
}

/// What the callers of a service need on the key of an encrypted resource.
const ENCRYPTED: [(&str, &[&str]); 6] = [
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    ("sns", &["kms:Decrypt", "kms:GenerateDataKey"]),
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    ("sqs", &["kms:Decrypt", "kms:GenerateDataKey"]),
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    ("s3", &["kms:Decrypt", "kms:GenerateDataKey"]),
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    ("secretsmanager", &["kms:Decrypt", "kms:GenerateDataKey"]),
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
    ("ssm", &["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]),
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    (
        "dynamodb",
        &[
            "kms:CreateGrant",
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
    ),
];

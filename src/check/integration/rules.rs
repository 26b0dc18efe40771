//! The rules of this family.

use crate::check::Severity;
use crate::check::rule::{Proof, Rule};

pub(in crate::check) static RULES: &[&Rule] = &[
    &RESOURCE,
    &UNKNOWN_INTEGRATION,
    &PATTERN,
    &UNKNOWN_PARAMETER,
    &MISSING_PARAMETER,
    &PARAMETER_TYPE,
    &PARAMETER_VALUE,
    &PARAMETER_PATTERN,
    &PARAMETER_RULE,
    &MALFORMED,
    &ERROR_NAME,
    &DEPRECATED,
    &TASK_TOKEN,
    &CALLBACK_TIMEOUT,
    &EXPRESS,
    &SYNC_OUTPUT,
];

/// What else is found where a path or an expression was meant.
pub(in crate::check) static CONSEQUENCES: &[&Rule] =
    &[&PARAMETER_TYPE, &PARAMETER_VALUE, &PARAMETER_PATTERN, &MALFORMED];

pub(super) static RESOURCE: Rule = Rule {
    code: "resource",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN",
        "aws/aws-sam-cli-app-templates#185",
    )],
    title: "The resource of a task is an ARN that can be called",
    explanation: "It is the ARN of an integration (`arn:aws:states:::…`), of a Lambda function or of an activity, and a \
                  constant: it cannot be a path or an expression.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:sns:eu-west-1:123456789012:topic", "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:topic", "Message": "Hello"}, "End": true}"#,
    express: false,
};

pub(super) static UNKNOWN_INTEGRATION: Rule = Rule {
    code: "unknown-integration",
    severity: Severity::Error,
    proof: &[
        Proof::failure(
            "States.Runtime: The provided ARN 'arn:aws:states:…:elasticmapreduce:addStep.sync' is invalid.",
            "localstack/localstack#5149",
        ),
        Proof::guide("which services and APIs can be called", "supported-services-awssdk"),
    ],
    title: "The service and the API that a task calls exist",
    explanation: "Services are written in lowercase, APIs with a lowercase first letter. An API without an optimized integration \
                  can be called through the AWS SDK: `arn:aws:states:::aws-sdk:service:api`. If the name of an AWS SDK \
                  service is unknown and not close to a known one, the finding is only a warning, because AWS adds services.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:ListBuckets", "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "End": true}"#,
    express: false,
};

pub(super) static PATTERN: Rule = Rule {
    code: "unsupported-pattern",
    severity: Severity::Error,
    proof: &[Proof::guide("which integrations support which pattern", "integrate-optimized")],
    title: "The API supports the integration pattern",
    explanation: "Only some APIs support `.sync`, and only some pass on a task token with `.waitForTaskToken`. SDK integrations \
                  have no `.sync`.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:startJobRun.sync", "Parameters": {"JobName": "job"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Parameters": {"JobName": "job"}, "End": true}"#,
    express: false,
};

pub(super) static UNKNOWN_PARAMETER: Rule = Rule {
    code: "unknown-parameter",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "The field Filter is not supported by Step Functions.",
        "the guide's page connect-parameters",
    )],
    title: "The API has the parameter",
    explanation: "Parameters begin with an uppercase letter, even if those of the API do not. In SDK integrations, a group \
                  of uppercase letters at the beginning becomes one: `DBInstanceIdentifier` is `DbInstanceIdentifier`.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getBucketTagging", "Parameters": {"BucketName": "b"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getBucketTagging", "Parameters": {"Bucket": "b"}, "End": true}"#,
    express: false,
};

pub(super) static MISSING_PARAMETER: Rule = Rule {
    code: "missing-parameter",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "DynamoDB.AmazonDynamoDBException: 1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
        "localstack/localstack, test_invalid_param",
    )],
    title: "The required parameters of the API are given",
    explanation: "A key that ends in `.$` counts as given.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObjectTagging", "Parameters": {"Bucket": "b"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObjectTagging", "Parameters": {"Bucket": "b", "Key.$": "$.key"}, "End": true}"#,
    express: false,
};

pub(in crate::check) static PARAMETER_TYPE: Rule = Rule {
    code: "parameter-type",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "The Parameters '…' could not be used to start the Task: [The value of the field 'Headers' has an invalid format]",
        "localstack/localstack, test_invoke_with_headers",
    )],
    title: "A parameter has the type that the API expects",
    explanation: "Constants are checked, and what earlier states wrote to the place of a path or an expression.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listObjectsV2", "Parameters": {"Bucket": "b", "MaxKeys": [10]}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listObjectsV2", "Parameters": {"Bucket": "b", "MaxKeys": 10}, "End": true}"#,
    express: false,
};

pub(super) static PARAMETER_VALUE: Rule = Rule {
    code: "parameter-value",
    severity: Severity::Error,
    proof: &[
        Proof::refusal(
            "The 'Headers' field contains unsupported values: [authorization]",
            "two reports of apigateway:invoke",
        ),
        Proof::failure(
            "1 validation error detected: Value … failed to satisfy constraint",
            "localstack/localstack, test_invalid_param",
        ),
        Proof::guide("the values that an API takes are those of its reference", "connect-parameters"),
    ],
    title: "A parameter has a value that the API accepts",
    explanation: "The value is one of the listed strings, or within the bounds.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "t", "Key": {"id": {"S": "1"}}, "ReturnConsumedCapacity": "ALL"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "table", "Key": {"id": {"S": "1"}}, "ReturnConsumedCapacity": "TOTAL"}, "End": true}"#,
    express: false,
};

pub(super) static PARAMETER_PATTERN: Rule = Rule {
    code: "parameter-pattern",
    severity: Severity::Warning,
    proof: &[],
    title: "A parameter matches the pattern that the API gives for it",
    explanation: "Names and ARNs follow a pattern. The call fails if the value does not.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "my function"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "my-function"}, "End": true}"#,
    express: false,
};

pub(super) static MALFORMED: Rule = Rule {
    code: "malformed-literal",
    severity: Severity::Warning,
    proof: &[],
    title: "A literal ARN, queue URL or host name is well formed",
    explanation: "An ARN begins with `arn:`, names the expected service and kind of resource, an account of 12 digits and \
                  a region that has the form of one. The URL of a queue begins with `https://`; the endpoint of \
                  an API is a host name.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sns:publish", "Parameters": {"TopicArn": "my-topic", "Message": "Hello"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:my-topic", "Message": "Hello"}, "End": true}"#,
    express: false,
};

pub(super) static DEPRECATED: Rule = Rule {
    code: "deprecated-parameter",
    severity: Severity::Warning,
    proof: &[],
    title: "A parameter is not deprecated",
    explanation: "The service still accepts it, but may ignore it, and has a replacement for it.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "Parameters": {"JobName": "n", "JobDefinition": "d", "JobQueue": "q", "ContainerOverrides": {"Vcpus": 2}}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "Parameters": {"JobName": "n", "JobDefinition": "d", "JobQueue": "q", "ContainerOverrides": {"ResourceRequirements": [{"Type": "VCPU", "Value": "2"}]}}, "End": true}"#,
    express: false,
};

pub(super) static ERROR_NAME: Rule = Rule {
    code: "error-prefix",
    severity: Severity::Warning,
    proof: &[],
    title: "The name of an error of an API is the one that the integration uses",
    explanation: "Errors of an SDK integration begin with the name of the service as the AWS SDK for Java writes it \
                  (`DynamoDb.…`), those of an optimized integration with that integration's own prefix (`DynamoDB.…`). A \
                  retrier or catcher with another name never runs.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}, "Retry": [{"ErrorEquals": ["NoSuchKeyException"]}], "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}, "Retry": [{"ErrorEquals": ["S3.NoSuchKeyException"]}], "End": true}"#,
    express: false,
};

pub(super) static PARAMETER_RULE: Rule = Rule {
    code: "parameter-rule",
    severity: Severity::Error,
    proof: &[
        Proof::failure(
            "EventBridge.FailedEntry: Parameter Source is not valid. Reason: Source is a required argument.",
            "localstack/localstack, test_put_events_no_source",
        ),
        Proof::guide("what goes together is said on the page of each integration", "integrate-optimized"),
    ],
    title: "Parameters go together",
    explanation: "Some exclude each other, some require each other, and of some exactly one is given.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "Hello"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:topic", "Message": "Hello"}, "End": true}"#,
    express: false,
};

pub(in crate::check) static TASK_TOKEN: Rule = Rule {
    code: "task-token",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "States.Timeout, in an execution whose task did not pass on its token",
        "localstack/localstack, test_sqs_wait_for_task_token_no_token_parameter",
    )],
    title: "A task that waits for a callback passes on its token",
    explanation: "Without the token no one can answer, and the state waits until it times out. The token is \
                  `$$.Task.Token` in JSONPath and `$states.context.Task.Token` in JSONata.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": "Hello"}, "TimeoutSeconds": 60, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody.$": "States.Format('{}', $$.Task.Token)"}, "TimeoutSeconds": 60, "End": true}"#,
    express: false,
};

pub(super) static CALLBACK_TIMEOUT: Rule = Rule {
    code: "callback-timeout",
    severity: Severity::Warning,
    proof: &[],
    title: "A task that waits for a callback does not wait forever",
    explanation: "If the answer is lost, the state waits until the execution ends, which can take a year.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody.$": "$$.Task.Token"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody.$": "$$.Task.Token"}, "HeartbeatSeconds": 600, "End": true}"#,
    express: false,
};

pub(super) static EXPRESS: Rule = Rule {
    code: "express-pattern",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "Express state machine does not support '.sync' service integration",
        "localstack/localstack, test_illegal_callbacks",
    )],
    title: "An Express workflow waits only for the response of the API",
    explanation: "Express workflows, and the items of a distributed Map state with `\"ExecutionType\": \"EXPRESS\"`, have \
                  neither `.sync` nor `.waitForTaskToken` nor activities.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:work", "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:work", "End": true}"#,
    express: true,
};

pub(super) static SYNC_OUTPUT: Rule = Rule {
    code: "sync-output",
    severity: Severity::Warning,
    proof: &[],
    title: "The output of a nested execution is read in the form that it has",
    explanation: "With `.sync`, the `Output` of a nested execution is a string that contains JSON; with `.sync:2`, it is JSON.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:m"}, "OutputPath": "$.Output.id", "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:m"}, "OutputPath": "$.Output.id", "End": true}"#,
    express: false,
};

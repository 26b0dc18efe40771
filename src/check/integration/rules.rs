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
                  constant: neither a path nor an expression can stand there.",
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
    explanation: "Services are spelled in small letters, APIs with a small first letter. What has no integration of its \
                  own may be called through the AWS SDK: `arn:aws:states:::aws-sdk:service:api`.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:ListBuckets", "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "End": true}"#,
    express: false,
};

pub(super) static PATTERN: Rule = Rule {
    code: "unsupported-pattern",
    severity: Severity::Error,
    proof: &[Proof::guide("which integrations support which pattern", "integrate-optimized")],
    title: "The API supports the integration pattern",
    explanation: "Only some APIs can be waited for with `.sync`, only some hand a task token on with `.waitForTaskToken`. \
                  SDK integrations have no `.sync`.",
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
    explanation: "Parameters begin with a capital letter, whatever the API itself does. For SDK integrations a leading run \
                  of capitals is lowered: `DBInstanceIdentifier` is `DbInstanceIdentifier`.",
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
    title: "The parameters that the API demands are given",
    explanation: "A key that ends in `.$` counts as given.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObjectTagging", "Parameters": {"Bucket": "b"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObjectTagging", "Parameters": {"Bucket": "b", "Key.$": "$.key"}, "End": true}"#,
    express: false,
};

pub(super) static PARAMETER_TYPE: Rule = Rule {
    code: "parameter-type",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "The Parameters '…' could not be used to start the Task: [The value of the field 'Headers' has an invalid format]",
        "localstack/localstack, test_invoke_with_headers",
    )],
    title: "A parameter has the type that the API wants",
    explanation: "Only constants are judged: what a path or an expression gives is known at run time.",
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
    title: "A parameter has a value that the API takes",
    explanation: "One of the strings that it lists, or within its bounds.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "t", "Key": {"id": {"S": "1"}}, "ReturnConsumedCapacity": "ALL"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "table", "Key": {"id": {"S": "1"}}, "ReturnConsumedCapacity": "TOTAL"}, "End": true}"#,
    express: false,
};

pub(super) static PARAMETER_PATTERN: Rule = Rule {
    code: "parameter-pattern",
    severity: Severity::Warning,
    proof: &[],
    title: "A parameter has the form that the API gives for it",
    explanation: "Names and ARNs follow a pattern. The call fails if the value does not.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "my function"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "my-function"}, "End": true}"#,
    express: false,
};

pub(super) static MALFORMED: Rule = Rule {
    code: "malformed-literal",
    severity: Severity::Warning,
    proof: &[],
    title: "A literal ARN, queue URL or host name can be one",
    explanation: "An ARN begins with `arn:`, names the service and kind of resource that is asked for, an account of 12 \
                  digits and a region that is spelled like one. The URL of a queue begins with `https://`; the endpoint of \
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
    explanation: "The service still takes it, but may ignore it, and offers another one in its place.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "Parameters": {"JobName": "n", "JobDefinition": "d", "JobQueue": "q", "ContainerOverrides": {"Vcpus": 2}}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "Parameters": {"JobName": "n", "JobDefinition": "d", "JobQueue": "q", "ContainerOverrides": {"ResourceRequirements": [{"Type": "VCPU", "Value": "2"}]}}, "End": true}"#,
    express: false,
};

pub(super) static ERROR_NAME: Rule = Rule {
    code: "error-prefix",
    severity: Severity::Warning,
    proof: &[],
    title: "An error of an API is named as the integration names it",
    explanation: "Errors of an SDK integration begin with the service's name as the AWS SDK for Java spells it \
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
    explanation: "Some exclude each other, some need each other, and of some exactly one is given.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "Hello"}, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:topic", "Message": "Hello"}, "End": true}"#,
    express: false,
};

pub(in crate::check) static TASK_TOKEN: Rule = Rule {
    code: "task-token",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "States.Timeout, in an execution whose task did not hand its token on",
        "localstack/localstack, test_sqs_wait_for_task_token_no_token_parameter",
    )],
    title: "A task that waits for a callback hands its token on",
    explanation: "Without the token nobody can answer, and the state waits until it times out. The token is \
                  `$$.Task.Token` in JSONPath and `$states.context.Task.Token` in JSONata.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": "Hello"}, "TimeoutSeconds": 60, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody.$": "States.Format('{}', $$.Task.Token)"}, "TimeoutSeconds": 60, "End": true}"#,
    express: false,
};

pub(super) static CALLBACK_TIMEOUT: Rule = Rule {
    code: "callback-timeout",
    severity: Severity::Warning,
    proof: &[],
    title: "A task that waits for a callback does not wait for ever",
    explanation: "If the answer gets lost, the state waits until the execution ends, which takes up to a year.",
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
    title: "An Express workflow waits for nothing but the answer of the API",
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
    title: "The output of a nested execution is read as what it is",
    explanation: "With `.sync` the `Output` of a nested execution is a string with JSON in it; with `.sync:2` it is JSON.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:m"}, "OutputPath": "$.Output.id", "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:m"}, "OutputPath": "$.Output.id", "End": true}"#,
    express: false,
};

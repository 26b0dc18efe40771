//! Every rule that derives a policy from a definition.

#![allow(clippy::unwrap_used)]

use sfn_tasks::asl::StateMachine;
use sfn_tasks::iam::{self, Options, Policy, Scope};

fn scope() -> Scope {
    Scope::default().partition("aws").region("eu-west-1").account("111122223333")
}

fn machine(state: &str) -> StateMachine {
    format!(r#"{{"StartAt": "S", "States": {{"S": {state}}}}}"#).parse().unwrap()
}

fn task(resource: &str, parameters: &str) -> StateMachine {
    machine(&format!(
        r#"{{"Type": "Task", "Resource": "arn:aws:states:::{resource}", "Parameters": {parameters}, "End": true}}"#
    ))
}

fn derive(machine: &StateMachine, options: &Options) -> Policy {
    iam::policy(machine, &scope(), options).unwrap()
}

/// One statement in each line: actions, resources, conditions.
fn lines(policy: &Policy) -> Vec<String> {
    let line = |statement: &iam::Statement| {
        let resources: Vec<String> = statement.resources.iter().map(ToString::to_string).collect();
        let mut line = format!("{} on {}", statement.actions.join(" "), resources.join(" "));
        for (operator, key, value) in &statement.conditions {
            line.push_str(&format!(" if {operator} {key} {value}"));
        }
        line
    };
    policy.statements().iter().map(line).collect()
}

fn of_task(resource: &str, parameters: &str) -> Vec<String> {
    lines(&derive(&task(resource, parameters), &Options::default()))
}

#[test]
fn a_name_an_arn_a_reference_and_a_value_of_run_time() {
    let get = |table: &str| of_task("dynamodb:getItem", &format!(r#"{{{table}, "Key": {{}}}}"#));
    assert_eq!(
        get(r#""TableName": "orders""#),
        ["dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
    );
    assert_eq!(
        get(r#""TableName": "arn:aws:dynamodb:eu-west-1:999900001111:table/orders""#),
        ["dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:999900001111:table/orders"]
    );
    assert_eq!(
        get(r#""TableName": "${Orders}""#),
        ["dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/${Orders}"]
    );
    assert_eq!(get(r#""TableName": "${OrdersTableArn}""#), ["dynamodb:GetItem on ${OrdersTableArn}"]);
    assert_eq!(
        get(r#""TableName.$": "$.table""#),
        ["dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/*"]
    );
    assert_eq!(
        get(r#""TableName.$": "States.Format('orders-{}', $.stage)""#),
        ["dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/orders-*"]
    );
}

#[test]
fn jsonata_arguments() {
    let machine = machine(
        r#"{"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::dynamodb:getItem",
            "Arguments": {"TableName": "{% 'orders-' & $states.input.stage %}", "Key": {}}, "End": true}"#,
    );
    assert_eq!(
        lines(&derive(&machine, &Options::default())),
        ["dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/orders-*"]
    );
}

#[test]
fn without_parameters_anything_can_come() {
    let machine = machine(r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}"#);
    assert_eq!(
        lines(&derive(&machine, &Options::default())),
        ["lambda:InvokeFunction on arn:aws:lambda:eu-west-1:111122223333:function:*"]
    );
}

#[test]
fn what_is_open_has_the_placeholders_of_the_target() {
    let machine = task("dynamodb:getItem", r#"{"TableName": "${Orders}", "Key": {}}"#);
    let policy = iam::policy(&machine, &Scope::default(), &Options::default()).unwrap();
    let values = Default::default();
    let resource = |target| policy.to_json(&target).pointer("/Statement/0/Resource").unwrap().to_string();
    assert_eq!(resource(iam::Target::Plain), r#""arn:${Partition}:dynamodb:${Region}:${Account}:table/${Orders}""#);
    assert_eq!(
        resource(iam::Target::CloudFormation(&values)),
        r#"{"Fn::Sub":"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"}"#
    );
    assert_eq!(policy.references().into_iter().collect::<Vec<_>>(), ["Orders"]);
}

#[test]
fn a_qualifier_of_a_function_is_what_the_call_is_authorized_against() {
    let invoke = |parameters: &str| of_task("lambda:invoke", parameters);
    let function = "lambda:InvokeFunction on arn:aws:lambda:eu-west-1:111122223333:function:f";
    assert_eq!(invoke(r#"{"FunctionName": "f"}"#), [function]);
    assert_eq!(invoke(r#"{"FunctionName": "f:live"}"#), [format!("{function}:live")]);
    assert_eq!(invoke(r#"{"FunctionName": "f", "Qualifier": "live"}"#), [format!("{function}:live")]);
    assert_eq!(invoke(r#"{"FunctionName": "f", "Qualifier.$": "$.q"}"#), [format!("{function}:*")]);
    assert_eq!(
        invoke(r#"{"FunctionName": "arn:aws:lambda:eu-west-1:999900001111:function:f:$LATEST"}"#),
        ["lambda:InvokeFunction on arn:aws:lambda:eu-west-1:999900001111:function:f:$LATEST"]
    );
    assert_eq!(
        invoke(r#"{"FunctionName": "999900001111:function:f"}"#),
        ["lambda:InvokeFunction on arn:aws:lambda:eu-west-1:999900001111:function:f"]
    );
}

#[test]
fn a_function_as_resource() {
    let resource = |arn: &str| {
        let machine = machine(&format!(r#"{{"Type": "Task", "Resource": "{arn}", "End": true}}"#));
        lines(&derive(&machine, &Options::default()))
    };
    let arn = "arn:aws:lambda:us-east-1:999900001111:function:f:live";
    assert_eq!(resource(arn), [format!("lambda:InvokeFunction on {arn}")]);
    assert_eq!(resource("${CheckFunctionArn}"), ["lambda:InvokeFunction on ${CheckFunctionArn}"]);
    assert_eq!(
        resource("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}"),
        ["lambda:InvokeFunction on arn:aws:lambda:eu-west-1:111122223333:function:${Name}"]
    );
    assert_eq!(resource("arn:aws:states:us-east-1:999900001111:activity:a"), [""; 0]);
    assert_eq!(resource("${ApproveActivityArn}"), [""; 0]);
}

#[test]
fn run_a_job_polls_cancels_and_keeps_a_rule_where_there_is_one() {
    let parameters = r#"{"JobName": "j", "JobQueue": "q", "JobDefinition": "d:1"}"#;
    let submit = "batch:SubmitJob on arn:aws:batch:eu-west-1:111122223333:job-definition/d:1 \
                  arn:aws:batch:eu-west-1:111122223333:job-queue/q";
    assert_eq!(of_task("batch:submitJob", parameters), [submit]);
    assert_eq!(
        of_task("batch:submitJob.sync", parameters),
        [
            "batch:DescribeJobs on *",
            submit,
            "batch:TerminateJob on arn:aws:batch:eu-west-1:111122223333:job/*",
            "events:DescribeRule events:PutRule events:PutTargets on \
             arn:aws:events:eu-west-1:111122223333:rule/StepFunctionsGetEventsForBatchJobsRule",
        ]
    );
    assert_eq!(
        of_task("glue:startJobRun.sync", r#"{"JobName": "etl"}"#),
        ["glue:BatchStopJobRun glue:GetJobRun glue:GetJobRuns glue:StartJobRun on \
          arn:aws:glue:eu-west-1:111122223333:job/etl"]
    );
}

#[test]
fn a_role_is_passed_to_its_service_only() {
    let policy = of_task(
        "codebuild:startBuild",
        r#"{"ProjectName": "p", "ServiceRoleOverride": "arn:aws:iam::111122223333:role/build"}"#,
    );
    assert_eq!(
        policy,
        [
            "codebuild:StartBuild on arn:aws:codebuild:eu-west-1:111122223333:project/p",
            "iam:PassRole on arn:aws:iam::111122223333:role/build \
             if StringEquals iam:PassedToService codebuild.amazonaws.com",
        ]
    );
}

#[test]
fn under_credentials_the_role_needs_nothing_but_the_other_role() {
    let policy = |role: &str| {
        let machine = machine(&format!(
            r#"{{"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Credentials": {{{role}}},
                "Parameters": {{"JobName": "etl"}}, "End": true}}"#
        ));
        lines(&derive(&machine, &Options::default()))
    };
    let role = "arn:aws:iam::999900001111:role/other";
    assert_eq!(policy(&format!(r#""RoleArn": "{role}""#)), [format!("sts:AssumeRole on {role}")]);
    assert_eq!(policy(r#""RoleArn.$": "$.role""#), ["sts:AssumeRole on arn:aws:iam::*:role/*"]);
    assert_eq!(
        policy(r#""RoleArn.$": "States.Format('arn:aws:iam::{}:role/worker', $.account)""#),
        ["sts:AssumeRole on arn:aws:iam::*:role/worker"]
    );
}

#[test]
fn nested_executions() {
    let start = |suffix: &str, parameters: &str| of_task(&format!("states:startExecution{suffix}"), parameters);
    let child = r#"{"StateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:child:PROD"}"#;
    let call = "states:StartExecution on arn:aws:states:eu-west-1:111122223333:stateMachine:child";
    assert_eq!(start("", child), [call]);
    assert_eq!(start(".waitForTaskToken", child), [call]);
    for suffix in [".sync", ".sync:2"] {
        assert_eq!(
            start(suffix, child),
            [
                "events:DescribeRule events:PutRule events:PutTargets on \
                 arn:aws:events:eu-west-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
                "states:DescribeExecution states:StopExecution on \
                 arn:aws:states:eu-west-1:111122223333:execution:child:*",
                call,
            ]
        );
    }
    assert_eq!(
        start("", r#"{"StateMachineArn.$": "$$.StateMachine.Id"}"#),
        ["states:StartExecution on arn:aws:states:eu-west-1:111122223333:stateMachine:${StateMachineName}"]
    );
}

const DISTRIBUTED: &str = r#"{"Type": "Map", "Label": "items",
    "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "in", "Prefix": "today/"}},
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I", "States": {"I": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn.$": "$.topic", "Message": "m"}, "End": true}}},
    "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket.$": "$.out", "Prefix": "r"}},
    "End": true}"#;

#[test]
fn a_distributed_map_state_starts_its_own_machine() {
    let options = Options::default().name("orders");
    assert_eq!(
        lines(&derive(&machine(DISTRIBUTED), &options)),
        [
            "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject on arn:aws:s3:::*/r/*",
            "s3:ListBucket on arn:aws:s3:::in if StringEquals s3:prefix today/",
            "sns:Publish on arn:aws:sns:eu-west-1:*:*",
            "states:DescribeExecution states:StopExecution on \
             arn:aws:states:eu-west-1:111122223333:execution:orders/items:* \
             arn:aws:states:eu-west-1:111122223333:execution:orders:*",
            "states:RedriveExecution on arn:aws:states:eu-west-1:111122223333:execution:orders/items:*",
            "states:StartExecution on arn:aws:states:eu-west-1:111122223333:stateMachine:orders",
        ]
    );
    let unnamed = derive(&machine(DISTRIBUTED), &Options::default());
    assert!(unnamed.references().contains("StateMachineName"));
}

#[test]
fn an_inline_map_state_needs_what_its_states_need() {
    let machine = machine(
        r#"{"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Task",
            "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "${TopicArn}", "Message": "m"},
            "End": true}}}, "End": true}"#,
    );
    assert_eq!(lines(&derive(&machine, &Options::default())), ["sns:Publish on ${TopicArn}"]);
}

#[test]
fn readers() {
    let reader = |reader: &str| {
        let machine = machine(&format!(
            r#"{{"Type": "Map", "ItemReader": {reader}, "ItemProcessor": {{"ProcessorConfig": {{"Mode": "DISTRIBUTED",
                "ExecutionType": "EXPRESS"}}, "StartAt": "I", "States": {{"I": {{"Type": "Succeed"}}}}}}, "End": true}}"#
        ));
        let mut lines = lines(&derive(&machine, &Options::default()));
        lines.retain(|line| line.starts_with("s3:"));
        lines
    };
    assert_eq!(
        reader(r#"{"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key.$": "$.k"}}"#),
        ["s3:GetObject on arn:aws:s3:::b/*"]
    );
    assert_eq!(
        reader(
            r#"{"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k", "VersionId": "1"}}"#
        ),
        ["s3:GetObject s3:GetObjectVersion on arn:aws:s3:::b/k"]
    );
    assert_eq!(
        reader(
            r#"{"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "MANIFEST"},
                "Parameters": {"Bucket": "b", "Key": "m.json"}}"#
        ),
        ["s3:GetObject on arn:aws:s3:::b/*"]
    );
    assert_eq!(
        reader(
            r#"{"Resource": "arn:aws:states:::s3:listObjectsV2", "ReaderConfig": {"InputType": "JSON",
                "Transformation": "LOAD_AND_FLATTEN"}, "Parameters": {"Bucket": "b", "Prefix": "p"}}"#
        ),
        ["s3:GetObject on arn:aws:s3:::b/p*", "s3:ListBucket on arn:aws:s3:::b if StringEquals s3:prefix p"]
    );
}

#[test]
fn logging_tracing_and_encryption_of_the_machine() {
    let machine = machine(r#"{"Type": "Succeed"}"#);
    assert!(derive(&machine, &Options::default()).is_empty());
    let options = Options::default().name("m").logging().tracing().encryption_key("alias/mine");
    let lines = lines(&derive(&machine, &options));
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert_eq!(
        lines[0],
        "kms:Decrypt kms:GenerateDataKey on arn:aws:kms:eu-west-1:111122223333:key/* \
         if StringEquals kms:EncryptionContext:aws:states:stateMachineArn \
         arn:aws:states:eu-west-1:111122223333:stateMachine:m if ForAnyValue:StringEquals kms:ResourceAliases alias/mine"
    );
    assert!(lines[1].contains("kms:EncryptionContext:SourceArn arn:aws:logs:eu-west-1:111122223333:*"));
    assert!(lines[2].starts_with("logs:CreateLogDelivery ") && lines[2].ends_with(" on *"));
    assert!(lines[3].starts_with("xray:GetSamplingRules "));
}

#[test]
fn what_a_call_names_in_another_way() {
    let eu = "arn:aws:elasticloadbalancing:eu-west-1:1";
    let balancer = format!("{eu}:loadbalancer/app/web/50dc6c495c0c9188");
    assert_eq!(
        of_task(
            "aws-sdk:elasticloadbalancingv2:deleteLoadBalancer",
            &format!(r#"{{"LoadBalancerArn": "{balancer}"}}"#)
        ),
        [format!("elasticloadbalancing:DeleteLoadBalancer on {balancer}")]
    );
    let service = r#"{"Cluster": "arn:aws:ecs:eu-west-1:111122223333:cluster/main", "Service": "web"}"#;
    let lines = of_task("aws-sdk:ecs:updateService", service);
    assert!(lines[0].ends_with(":service/main/web"), "{lines:?}");
    let lines = of_task("aws-sdk:kinesis:describeStream", r#"{"StreamName": "clicks"}"#);
    assert!(lines[0].ends_with(":stream/clicks"), "{lines:?}");
    let lines = of_task("aws-sdk:organizations:describeAccount", r#"{"AccountId": "444455556666"}"#);
    assert!(lines[0].ends_with(":account/o-*/444455556666"), "{lines:?}");
    let lines = of_task("aws-sdk:glue:createDatabase", r#"{"DatabaseInput": {"Name": "sales"}}"#);
    assert!(lines[0].contains(":database/sales"), "{lines:?}");
    let lines = of_task("aws-sdk:lambda:tagResource", r#"{"Resource": "arn:aws:lambda:r:1:function:f", "Tags": {}}"#);
    assert_eq!(lines, ["lambda:TagResource on arn:aws:lambda:r:1:function:f"]);
}

#[test]
fn what_a_call_needs_beside_its_own_action() {
    let has = |call: &str, parameters: &str, wanted: &str| {
        let lines = of_task(call, parameters);
        assert!(lines.iter().any(|line| line.contains(wanted)), "{call}: no `{wanted}` in {lines:?}");
    };
    let secret = "arn:aws:secretsmanager:r:1:secret:db-a1b2c3";
    let statement =
        format!(r#"{{"ResourceArn": "arn:aws:rds:r:1:cluster:c", "SecretArn": "{secret}", "Sql": "SELECT 1"}}"#);
    has("aws-sdk:rdsdata:executeStatement", &statement, "secretsmanager:GetSecretValue on");
    let export = r#"{"TableArn": "arn:aws:dynamodb:r:1:table/t", "S3Bucket": "out", "S3Prefix": "x"}"#;
    has("aws-sdk:dynamodb:exportTableToPointInTime", export, "s3:PutObjectAcl on arn:aws:s3:::out/x/*");
    let delete = r#"{"StackName": "s", "RoleARN": "arn:aws:iam::1:role/deploy"}"#;
    has("aws-sdk:cloudformation:deleteStack", delete, "iam:PassRole on arn:aws:iam::1:role/deploy");
    let tagged = r#"{"AlarmName": "a", "EvaluationPeriods": 1, "ComparisonOperator": "x", "Tags": []}"#;
    has("aws-sdk:cloudwatch:putMetricAlarm", tagged, "cloudwatch:TagResource on");
}

#[test]
fn sdk_integrations() {
    assert_eq!(of_task("aws-sdk:s3:listBuckets", "{}"), ["s3:ListAllMyBuckets on *"]);
    assert_eq!(
        of_task("aws-sdk:glue:stopCrawler", r#"{"Name": "nightly"}"#),
        ["glue:StopCrawler on arn:aws:glue:eu-west-1:111122223333:crawler/nightly"]
    );
    // The ARN does not contain only the name: the service adds an ID or letters.
    assert_eq!(
        of_task("aws-sdk:secretsmanager:getSecretValue", r#"{"SecretId": "db"}"#),
        ["secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-??????"]
    );
    assert_eq!(
        of_task("aws-sdk:ssm:getParameters", r#"{"Names": ["/a/b", "c"]}"#),
        ["ssm:GetParameters on arn:aws:ssm:eu-west-1:111122223333:parameter/a/b \
             arn:aws:ssm:eu-west-1:111122223333:parameter/c",]
    );
    // A list that is not set can still need a permission.
    assert_eq!(
        of_task("aws-sdk:glue:batchGetJobs", "{}"),
        ["glue:BatchGetJobs on arn:aws:glue:eu-west-1:111122223333:job/*"]
    );
    assert_eq!(
        of_task("aws-sdk:dynamodb:batchGetItem", r#"{"RequestItems": {"a": {"Keys": []}, "${Table}": {"Keys": []}}}"#),
        ["dynamodb:BatchGetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/${Table} \
             arn:aws:dynamodb:eu-west-1:111122223333:table/a",]
    );
    let versions = r#"{"Bucket": "b", "Key": "k", "VersionId.$": "$.v", "Tagging": {"TagSet": []}}"#;
    assert_eq!(of_task("aws-sdk:s3:putObjectTagging", versions), ["s3:PutObjectVersionTagging on arn:aws:s3:::b/k"]);
    assert_eq!(
        of_task(
            "aws-sdk:s3:getObjectTagging",
            r#"{"Bucket": "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap", "Key": "k"}"#
        ),
        ["s3:GetObjectTagging on arn:aws:s3:eu-west-1:111122223333:accesspoint/ap/object/k"]
    );
    assert_eq!(
        of_task("aws-sdk:s3:uploadPartCopy", r#"{"Bucket": "b", "Key": "k", "CopySource": "from/a%20b"}"#),
        ["s3:GetObject s3:GetObjectVersion on arn:aws:s3:::from/a*", "s3:PutObject on arn:aws:s3:::b/k",]
    );
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/t";
    let query = |parameters: &str| of_task("aws-sdk:dynamodb:query", parameters);
    assert_eq!(query(r#"{"TableName": "t"}"#), [format!("dynamodb:Query on {table}")]);
    assert_eq!(query(r#"{"TableName": "t", "IndexName": "i"}"#), [format!("dynamodb:Query on {table}/index/i")]);
    assert_eq!(
        query(r#"{"TableName": "arn:aws:dynamodb:eu-west-1:999900001111:table/t", "IndexName.$": "$.i"}"#),
        ["dynamodb:Query on arn:aws:dynamodb:eu-west-1:999900001111:table/t/index/*"]
    );
    assert_eq!(
        of_task("aws-sdk:s3:getObject", r#"{"Bucket": "b", "Key.$": "$.key"}"#),
        ["s3:GetObject on arn:aws:s3:::b/*"]
    );
    // The same call as an optimized integration is equally exact.
    assert_eq!(
        of_task("aws-sdk:dynamodb:getItem", r#"{"TableName": "t", "Key": {}}"#),
        ["dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/t"]
    );
}

#[test]
fn calls_of_the_sdk_hand_roles_over() {
    // At every depth, and in each element of a list.
    assert_eq!(
        of_task(
            "aws-sdk:eventbridge:putTargets",
            r#"{"Rule": "r", "Targets": [{"Id": "1", "Arn": "a", "RoleArn": "arn:aws:iam::111122223333:role/one"}]}"#
        )
        .into_iter()
        .filter(|line| line.starts_with("iam"))
        .collect::<Vec<_>>(),
        ["iam:PassRole on arn:aws:iam::111122223333:role/one if StringEquals iam:PassedToService events.amazonaws.com"]
    );
    let started = of_task(
        "aws-sdk:sagemaker:createNotebookInstance",
        r#"{"NotebookInstanceName": "N", "InstanceType": "ml.t3.medium", "RoleArn.$": "$.role", "KmsKeyId": "alias/a"}"#,
    );
    assert!(started.iter().any(|line| line.starts_with("iam:PassRole on arn:aws:iam::111122223333:role/* if")));
    // Without a role, there is none to pass.
    let none = of_task("aws-sdk:lambda:updateFunctionConfiguration", r#"{"FunctionName": "f", "Timeout": 3}"#);
    assert!(none.iter().all(|line| line.starts_with("lambda:UpdateFunctionConfiguration on ")), "{none:?}");
}

#[test]
fn a_call_of_the_sdk_needs_what_the_optimized_one_needs() {
    let pairs = [
        ("events:putEvents", "aws-sdk:eventbridge:putEvents", r#"{"Entries": [{"EventBusName": "b", "Source": "s"}]}"#),
        (
            "emr-serverless:cancelJobRun",
            "aws-sdk:emrserverless:cancelJobRun",
            r#"{"ApplicationId": "a", "JobRunId": "j"}"#,
        ),
        ("states:startExecution", "aws-sdk:sfn:startExecution", r#"{"StateMachineArn": "${ChildArn}"}"#),
        ("glue:startJobRun", "aws-sdk:glue:startJobRun", r#"{"JobName.$": "$.j"}"#),
    ];
    for (optimized, sdk, parameters) in pairs {
        assert_eq!(of_task(optimized, parameters), of_task(sdk, parameters));
    }
}

#[test]
fn how_closely_a_resource_is_named() {
    use sfn_tasks::iam::Precision;
    let precision = |resource: &str, parameters: &str| {
        let machine: StateMachine = format!(
            r#"{{"StartAt": "T", "States": {{"T": {{"Type": "Task", "Resource": "arn:aws:states:::{resource}",
                "Parameters": {parameters}, "End": true}}}}}}"#
        )
        .parse()
        .unwrap();
        let policy = iam::policy(&machine, &iam::Scope::default(), &iam::Options::default()).unwrap();
        policy.statements()[0].reasons[0].precision
    };
    assert_eq!(precision("aws-sdk:glue:startCrawler", r#"{"Name": "${Crawler}"}"#), Precision::Exact);
    assert_eq!(
        precision("aws-sdk:glue:startCrawler", r#"{"Name.$": "States.Format('x-{}', $.n)"}"#),
        Precision::Partly
    );
    assert_eq!(precision("aws-sdk:glue:startCrawler", r#"{"Name.$": "$.n"}"#), Precision::Type);
    assert_eq!(precision("aws-sdk:glue:listCrawlers", "{}"), Precision::Any);
    assert_eq!(precision("dynamodb:getItem", r#"{"TableName": "t", "Key": {}}"#), Precision::Exact);
}

#[test]
fn what_nobody_knows_is_said() {
    for resource in ["nothing:doIt", "dynamodb:getItem.sync", "aws-sdk:s3:doIt", "aws-sdk:qldb:createLedger"] {
        let machine = task(resource, "{}");
        let problems = iam::policy(&machine, &scope(), &Options::default()).unwrap_err();
        let problem = problems.iter().next().unwrap();
        assert_eq!(
            (problem.code, problem.pointer.as_str()),
            ("unknown-permission", "/States/S/Resource"),
            "{resource}"
        );
    }
    let machine = task("nothing:doIt", "{}");
    let options = Options::default().grant("S", ["nothing:DoIt"], ["arn:aws:nothing:${AWS::Region}:*:thing"]);
    assert_eq!(lines(&derive(&machine, &options)), ["nothing:DoIt on arn:aws:nothing:eu-west-1:*:thing"]);
}

#[test]
fn a_substitution_shows_what_a_reference_hides() {
    let machine = machine(
        r#"{"Type": "Task", "Resource": "${DDBPutItem}", "Parameters": {"TableName": "${Table}", "Item": {}}, "End": true}"#,
    );
    let problems = iam::policy(&machine, &scope(), &Options::default()).unwrap_err();
    assert!(problems.to_string().contains("`${DDBPutItem}`"));
    let options = Options::default().substitution("DDBPutItem", "arn:${AWS::Partition}:states:::dynamodb:putItem");
    assert_eq!(
        lines(&derive(&machine, &options)),
        ["dynamodb:PutItem on arn:aws:dynamodb:eu-west-1:111122223333:table/${Table}"]
    );
}

#[test]
fn the_kind_of_a_reference_can_be_said() {
    let machine = task("dynamodb:getItem", r#"{"TableName": "${Table}", "Key": {}}"#);
    let options = Options::default().reference("Table", iam::ReferenceKind::Arn);
    assert_eq!(lines(&derive(&machine, &options)), ["dynamodb:GetItem on ${Table}"]);
}

fn many(tables: usize, name: &str) -> StateMachine {
    let states: Vec<String> = (0..tables)
        .map(|at| {
            format!(
                r#""S{at}": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:{}Item",
                    "Parameters": {{"TableName": "{name}{at}"}}, "End": true}}"#,
                ["get", "put", "delete"][at % 3]
            )
        })
        .collect();
    format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(",")).parse().unwrap()
}

#[test]
fn a_large_policy_is_split_and_a_too_large_one_refused() {
    let small = derive(&many(3, "t"), &Options::default());
    assert!(matches!(small.documents(), Ok(iam::Documents::Inline(_))));
    let large = derive(&many(400, "table-with-a-long-name-"), &Options::default());
    let documents = large.documents().unwrap();
    assert!(matches!(documents, iam::Documents::Managed(_)));
    assert!(documents.policies().iter().all(|policy| policy.size() <= 6144));
    let resources = |policies: &[Policy]| {
        let statements = policies.iter().flat_map(Policy::statements);
        statements.map(|statement| statement.actions.len() * statement.resources.len()).sum::<usize>()
    };
    assert_eq!(resources(documents.policies()), 400);
    let error = derive(&many(2000, "table-with-a-long-name-"), &Options::default()).documents().unwrap_err();
    assert_eq!(error.code, "policy-too-large");
    assert!(error.message.contains("10 managed policies of 6144"), "{}", error.message);
}

#[test]
fn statements_are_merged_sorted_and_without_repetition() {
    let machine: StateMachine = r#"{"StartAt": "B", "States": {
        "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "t"}, "Next": "A"},
        "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "t"}, "Next": "C"},
        "C": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "t"}, "Next": "D"},
        "D": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:1:b"}, "Next": "E"},
        "E": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:1:a"}, "End": true}
    }}"#
    .parse()
    .unwrap();
    let policy = derive(&machine, &Options::default());
    assert_eq!(
        lines(&policy),
        [
            "dynamodb:GetItem dynamodb:PutItem on arn:aws:dynamodb:eu-west-1:111122223333:table/t",
            "sns:Publish on arn:aws:sns:eu-west-1:1:a arn:aws:sns:eu-west-1:1:b",
        ]
    );
    assert_eq!(
        policy.statements()[0].reasons.iter().find(|it| it.api == "dynamodb:getItem").unwrap().states,
        ["A", "C"]
    );
    assert_eq!(policy.to_string(), derive(&machine, &Options::default()).to_string());
}

#[test]
fn every_statement_is_explained() {
    let policy = derive(&machine(DISTRIBUTED), &Options::default());
    for statement in policy.statements() {
        for action in &statement.actions {
            assert!(statement.reasons.iter().any(|cause| cause.actions.contains(action)), "{action}");
        }
        assert!(statement.reasons.iter().all(|cause| !cause.why.is_empty() && cause.url.starts_with("https://")));
    }
    let table = policy.explain().to_string();
    assert!(table.contains("STATE") && table.contains("sns:publish  Request Response  call"), "{table}");
    let json = policy.explain().to_json();
    assert_eq!(json.as_array().unwrap().len(), policy.statements().len());
}

#[test]
fn a_wildcard_takes_in_what_is_narrower() {
    let machine: StateMachine = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "t"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName.$": "$.t"}, "End": true}
    }}"#
    .parse()
    .unwrap();
    assert_eq!(
        lines(&derive(&machine, &Options::default())),
        ["dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/*"]
    );
}

#[test]
fn models_of_bedrock_are_what_their_ids_tell() {
    let resources = |model: &str| {
        let machine: StateMachine = format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::bedrock:invokeModel",
            "Parameters": {{{model}, "Body": {{}}}}, "End": true}}}}}}"#
        )
        .parse()
        .unwrap();
        let policy = iam::policy(&machine, &Scope::default(), &Options::default()).unwrap();
        let kinds = policy.statements().iter().flat_map(|statement| &statement.resources).map(|arn| {
            let text = arn.to_string();
            text.split(':').nth(5).unwrap_or_default().to_owned()
        });
        let mut kinds: Vec<String> = kinds.collect();
        kinds.sort();
        kinds.join(" ")
    };
    assert_eq!(
        resources(r#""ModelId": "anthropic.claude-3-haiku-20240307-v1:0""#),
        "foundation-model/anthropic.claude-3-haiku-20240307-v1"
    );
    assert_eq!(
        resources(r#""ModelId": "us.amazon.nova-lite-v1:0""#),
        "foundation-model/amazon.nova-lite-v1 inference-profile/us.amazon.nova-lite-v1"
    );
    // The region and the account can be references.
    let arn = "arn:aws:bedrock:${AWS::Region}:${AWS::AccountId}";
    assert_eq!(
        resources(&format!(r#""ModelId": "{arn}:inference-profile/us.amazon.nova-lite-v1:0""#)),
        "foundation-model/amazon.nova-lite-v1 inference-profile/us.amazon.nova-lite-v1"
    );
    assert_eq!(
        resources(&format!(r#""ModelId": "{arn}:application-inference-profile/abcd1234""#)),
        "application-inference-profile/abcd1234 foundation-model/*"
    );
    assert_eq!(resources(&format!(r#""ModelId": "{arn}:imported-model/abcd""#)), "imported-model/abcd");
    assert_eq!(
        resources(r#""ModelId": "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/c2oi931ulksx""#),
        "provisioned-model/c2oi931ulksx"
    );
    assert_eq!(
        resources(r#""ModelId.$": "$.model""#),
        "application-inference-profile/* custom-model-deployment/* foundation-model/* foundation-model/* \
         imported-model/* inference-profile/* provisioned-model/*"
    );
}

#[test]
fn a_query_reaches_any_database_and_a_work_group_any_bucket() {
    let on = |policy: &[String], action: &str| policy.iter().find(|line| line.contains(action)).cloned().unwrap();
    let query = |more: &str| {
        of_task(
            "athena:startQueryExecution",
            &format!(
                r#"{{"QueryString": "select 1", "QueryExecutionContext": {{"Database": "d", "Catalog": "c"}},
                    "ResultConfiguration": {{"OutputLocation": "s3://results/q/"}}{more}}}"#
            ),
        )
    };
    let plain = query("");
    assert!(on(&plain, "GetDataCatalog").ends_with("datacatalog/*"), "{plain:?}");
    assert!(on(&plain, "glue:GetTable").contains(":database/* "), "{plain:?}");
    assert!(on(&plain, "s3:PutObject").ends_with("on arn:aws:s3:::results/q/*"), "{plain:?}");
    let grouped = query(r#", "WorkGroup": "w""#);
    assert!(on(&grouped, "s3:PutObject").ends_with("on arn:aws:s3:::*/*"), "{grouped:?}");
    assert!(on(&grouped, "StartQueryExecution").ends_with("workgroup/w"), "{grouped:?}");
}

#[test]
fn a_job_goes_to_the_queue_of_its_template() {
    let queues = |parameters: &str| {
        let lines = of_task("mediaconvert:createJob", parameters);
        let line = lines.iter().find(|line| line.contains("mediaconvert:CreateJob")).unwrap();
        line.split(' ').filter(|word| word.contains(":queues/")).map(str::to_owned).collect::<Vec<_>>()
    };
    let queue = |name: &str| format!("arn:aws:mediaconvert:eu-west-1:111122223333:queues/{name}");
    assert_eq!(queues(r#"{"Role": "r"}"#), [queue("Default")]);
    assert_eq!(queues(r#"{"Role": "r", "JobTemplate": "t"}"#), [queue("*")]);
    assert_eq!(queues(r#"{"Role": "r", "JobTemplate": "t", "Queue": "q"}"#), [queue("q")]);
}

#[test]
fn a_role_stands_behind_an_instance_profile() {
    let passed = |profile: &str, options: &Options| {
        let machine =
            task("elasticmapreduce:createCluster", &format!(r#"{{"Name": "c", "JobFlowRole": "{profile}"}}"#));
        let lines = lines(&derive(&machine, options));
        let of_instances = lines.into_iter().find(|line| line.contains("ec2.amazonaws.com")).unwrap();
        of_instances.split(' ').nth(2).unwrap().to_owned()
    };
    let none = Options::default();
    assert_eq!(passed("EMR_EC2", &none), "arn:aws:iam::111122223333:role/EMR_EC2");
    assert_eq!(passed("arn:aws:iam::999900001111:instance-profile/x/ip", &none), "arn:aws:iam::999900001111:role/ip");
    assert_eq!(passed("${ProfileArn}", &none), "arn:aws:iam::111122223333:role/*");
    let known = Options::default().roles("${ProfileArn}", ["${EmrRole}"]);
    assert_eq!(passed("${ProfileArn}", &known), "arn:aws:iam::111122223333:role/${EmrRole}");
}

#[test]
fn roles_of_a_task_definition() {
    let passed = |options: &Options| {
        let machine = task("ecs:runTask", r#"{"TaskDefinition": "${Task}"}"#);
        let lines = lines(&derive(&machine, options));
        lines.into_iter().find(|line| line.starts_with("iam:PassRole"))
    };
    let to_tasks = "if StringEquals iam:PassedToService ecs-tasks.amazonaws.com";
    let any = format!("iam:PassRole on arn:aws:iam::111122223333:role/* {to_tasks}");
    assert_eq!(passed(&Options::default()), Some(any));
    let roles = ["${TaskRole.Arn}", "arn:aws:iam::1:role/execution"];
    let both = format!("iam:PassRole on ${{TaskRole.Arn}} arn:aws:iam::1:role/execution {to_tasks}");
    assert_eq!(passed(&Options::default().roles("${Task}", roles)), Some(both));
    let none: [&str; 0] = [];
    assert_eq!(passed(&Options::default().roles("${Task}", none)), None);
}

#[test]
fn an_api_is_in_the_region_of_its_host_name_and_asks_for_a_role_only_by_iam_role() {
    let call = |auth: &str| {
        let parameters = r#"{"ApiEndpoint": "a1.execute-api.us-west-2.amazonaws.com", "Method": "GET", "Stage": "s""#;
        of_task("apigateway:invoke", &format!("{parameters}{auth}}}"))
    };
    let invoke = "execute-api:Invoke on arn:aws:execute-api:us-west-2:111122223333:a1/s/GET/*";
    assert_eq!(call(r#", "AuthType": "IAM_ROLE""#), [invoke]);
    assert_eq!(call(r#", "AuthType.$": "$.auth""#), [invoke]);
    for auth in ["", r#", "AuthType": "NO_AUTH""#, r#", "AuthType": "RESOURCE_POLICY""#] {
        assert_eq!(call(auth), [""; 0], "{auth}");
    }
}

#[test]
fn a_bus_of_run_time_can_be_anywhere() {
    let bus = |bus: &str| of_task("events:putEvents", &format!(r#"{{"Entries": [{{{bus}}}]}}"#));
    assert_eq!(bus(r#""EventBusName.$": "$.bus""#), ["events:PutEvents on arn:aws:events:*:*:event-bus/*"]);
    let own = "events:PutEvents on arn:aws:events:eu-west-1:111122223333:event-bus/";
    assert_eq!(bus(""), [format!("{own}default")]);
    assert_eq!(bus(r#""EventBusName": "b""#), [format!("{own}b")]);
}

#[test]
fn every_qualifier_if_asked_for() {
    let options = Options::default().all_qualifiers();
    let invoke = |parameters: &str| lines(&derive(&task("lambda:invoke", parameters), &options));
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    let every = format!("lambda:InvokeFunction on {function} {function}:*");
    for parameters in [
        r#"{"FunctionName": "f"}"#,
        r#"{"FunctionName": "f", "Qualifier": "12"}"#,
        r#"{"FunctionName": "f", "Qualifier.$": "$.version"}"#,
        r#"{"FunctionName": "arn:aws:lambda:eu-west-1:111122223333:function:f:live"}"#,
    ] {
        assert_eq!(invoke(parameters), std::slice::from_ref(&every), "{parameters}");
    }
    assert_eq!(invoke(r#"{"FunctionName": "${FnArn}"}"#), ["lambda:InvokeFunction on ${FnArn} ${FnArn}:*"]);
}

#[test]
fn assigned_constants_and_choices_of_literals_are_known() {
    let table = |assign: &str, table: &str| {
        let machine: StateMachine = format!(
            r#"{{"StartAt": "P", "QueryLanguage": "JSONata", "States": {{
                "P": {{"Type": "Pass", "Assign": {{{assign}}}, "Next": "S"}},
                "S": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
                    "Arguments": {{"TableName": "{{% {table} %}}", "Key": {{}}}}, "End": true}}}}}}"#
        )
        .parse()
        .unwrap();
        let line = lines(&derive(&machine, &Options::default())).remove(0);
        line.replace("arn:aws:dynamodb:eu-west-1:111122223333:table/", "").replace("dynamodb:GetItem on ", "")
    };
    assert_eq!(table(r#""t": "orders""#, "$t"), "orders");
    assert_eq!(table(r#""t": "orders""#, "$t & '-' & $states.input.x"), "orders-*");
    assert_eq!(table(r#""c": {"t": "{% 'a-' & $x %}"}"#, "$c.t"), "a-*");
    assert_eq!(table("", "$states.input.x ? 'a' : 'b'"), "a b");
    assert_eq!(table(r#""t": "{% $states.input.t %}""#, "$t"), "*");
    assert_eq!(table(r#""t": 1"#, "$u"), "*");
    assert_eq!(table(r#""t": "{% $t %}""#, "$t"), "*");
    let machine: StateMachine = r#"{"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "S", "Assign": {"t": "a"}}],
            "Default": "S", "Assign": {"t": "b"}},
        "S": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName.$": "$t", "Key": {}}, "End": true}}}"#
        .parse()
        .unwrap();
    assert_eq!(derive(&machine, &Options::default()).statements()[0].resources.len(), 2);
}

#[test]
fn what_is_no_arn_of_a_role_is_said() {
    let state = |role: &str| {
        machine(&format!(
            r#"{{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Credentials": {{{role}}},
                "Parameters": {{}}, "End": true}}"#
        ))
    };
    for role in ["aws:arn:iam::444455556666:role/target", "target"] {
        let (policy, problems) = iam::derive(&state(&format!(r#""RoleArn": "{role}""#)), &scope(), &Options::default());
        assert!(policy.is_empty(), "{policy}");
        assert_eq!(problems.iter().map(|it| it.code).collect::<Vec<_>>(), ["malformed-role"]);
    }
    for role in [r#""RoleArn": "${Role}""#, r#""RoleArn.$": "$.role""#, r#""RoleArn": "arn:aws:iam::1:role/r""#] {
        assert_eq!(derive(&state(role), &Options::default()).statements().len(), 1, "{role}");
    }
}

#[test]
fn a_policy_that_allows_nothing_is_no_document() {
    let policy = derive(&machine(r#"{"Type": "Pass", "End": true}"#), &Options::default());
    assert!(policy.is_empty() && policy.documents().unwrap().policies().is_empty());
}

//! Audits of policies in which a statement was removed or widened.

#![allow(clippy::unwrap_used)]

use sfn_tasks::asl::StateMachine;
use sfn_tasks::iam::{self, Audit, Existing, FindingKind, Options, Scope};

fn machine() -> StateMachine {
    r#"{"StartAt": "Job", "States": {
        "Job": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync",
            "Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}, "Next": "Build"},
        "Build": {"Type": "Task", "Resource": "arn:aws:states:::codebuild:startBuild",
            "Parameters": {"ProjectName": "p", "ServiceRoleOverride": "arn:aws:iam::111122223333:role/r"}, "Next": "Get"},
        "Get": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName.$": "$.table", "Key": {}}, "End": true}
    }}"#
    .parse()
    .unwrap()
}

fn scope() -> Scope {
    Scope::default().partition("aws").region("eu-west-1").account("111122223333")
}

fn audit_of(existing: &str) -> Audit {
    iam::audit(&machine(), &scope(), &Options::default(), &Existing::from_json(existing).unwrap())
}

fn own() -> String {
    iam::policy(&machine(), &scope(), &Options::default()).unwrap().to_string()
}

fn found(audit: &Audit) -> Vec<(FindingKind, &str)> {
    audit.findings.iter().map(|finding| (finding.kind, finding.action.as_str())).collect()
}

#[test]
fn its_own_policy_is_clean() {
    assert_eq!(audit_of(&own()), Audit::default());
    // The same for a permission that the definition leaves open.
    let open = iam::audit(&machine(), &Scope::default(), &Options::default(), &Existing::from_json(&own()).unwrap());
    assert_eq!(open, Audit::default());
}

#[test]
fn each_action_that_is_taken_away_is_missed() {
    let policy = iam::policy(&machine(), &scope(), &Options::default()).unwrap();
    for statement in policy.statements() {
        for action in &statement.actions {
            let without = own().replace(&format!("\"{action}\""), "\"none:None\"");
            let audit = audit_of(&without);
            let silent = ["batch:DescribeJobs", "batch:TerminateJob"].contains(&action.as_str());
            let kind = if silent { FindingKind::MissingSilently } else { FindingKind::Missing };
            assert!(found(&audit).contains(&(kind, action)), "{action}: {audit}");
            assert!(found(&audit).contains(&(FindingKind::Excess, "none:None")), "{audit}");
        }
    }
}

#[test]
fn what_is_too_wide_is_told() {
    use FindingKind::{Excess, Wider};
    let with = |from: &str, to: &str| {
        let text = own();
        assert!(text.contains(from), "{text}");
        audit_of(&text.replace(from, to))
    };
    assert_eq!(found(&with("project/p", "project/*")), [(Wider, "codebuild:StartBuild")]);
    assert_eq!(found(&with("\"dynamodb:GetItem\"", "\"dynamodb:Get*\"")), [(Wider, "dynamodb:Get*")]);
    assert_eq!(
        found(&with("\"dynamodb:GetItem\"", "[\"dynamodb:GetItem\",\"dynamodb:Scan\"]")),
        [(Excess, "dynamodb:Scan")]
    );
    let condition = r#","Condition":{"StringEquals":{"iam:PassedToService":"codebuild.amazonaws.com"}}"#;
    assert_eq!(found(&with(condition, "")), [(Wider, "iam:PassRole")]);
    let all = audit_of(r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#);
    assert!(all.findings.iter().all(|finding| finding.kind == Wider) && !all.findings.is_empty());
    let rest = audit_of(r#"{"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}"#);
    assert!(found(&rest).contains(&(FindingKind::Missing, "iam:PassRole")) && found(&rest).contains(&(Wider, "iam:*")));
}

#[test]
fn denials_count() {
    let deny = |statement: &str| {
        let deny = format!(r#"{{"Statement": [{{"Sid": "No", "Effect": "Deny", {statement}}}]}}"#);
        let existing = Existing::from_json(&own()).unwrap().and(Existing::from_json(&deny).unwrap());
        iam::audit(&machine(), &scope(), &Options::default(), &existing)
    };
    let audit = deny(r#""Action": "codebuild:*", "Resource": "*""#);
    assert_eq!(found(&audit), [(FindingKind::Missing, "codebuild:StartBuild")]);
    assert_eq!(audit.findings[0].statements, ["No"]);
    let audit = deny(r#""Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:*:*:table/secret""#);
    assert_eq!(found(&audit), [(FindingKind::Uncertain, "dynamodb:GetItem")]);
    let audit = deny(r#""NotAction": ["batch:*", "codebuild:*", "events:*", "iam:*"], "Resource": "*""#);
    assert_eq!(found(&audit), [(FindingKind::Missing, "dynamodb:GetItem")]);
    assert!(deny(r#""Action": "s3:*", "Resource": "*""#).is_clean());
}

#[test]
fn a_narrower_resource_for_a_value_of_run_time_may_be_enough() {
    let audit = audit_of(&own().replace("table/*", "table/orders"));
    assert_eq!(found(&audit), [(FindingKind::Uncertain, "dynamodb:GetItem")]);
}

#[test]
fn templates_are_read() {
    let role = r#"{"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]},
        "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [
            {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": {"Ref": "Topic"}},
            {"Effect": "Allow", "Action": ["dynamodb:PutItem"],
             "Resource": {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}"}}
        ]}}]}}}}"#;
    let machine: StateMachine = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "${Topic}"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "${Table}"}, "End": true}
    }}"#
    .parse()
    .unwrap();
    let existing = Existing::from_json(role).unwrap();
    assert_eq!(existing.len(), 2);
    let audit = iam::audit(&machine, &Scope::default(), &Options::default(), &existing);
    assert!(audit.is_clean(), "{audit}");
}

/// A template with one state machine, its role, and other resources.
fn of_template(yaml: &str) -> (Vec<(FindingKind, String)>, Vec<String>) {
    use sfn_tasks::asl::{Format, Source};
    use sfn_tasks::template::{Body, Template};
    let tag = |tag: &str| Some(if tag == "Ref" { tag.to_owned() } else { format!("Fn::{tag}") });
    let source = Source::new(yaml, Format::Yaml).with_tags(tag);
    let template = Template::new(source.parse().unwrap());
    let machines = template.machines(&source);
    let Some((machine, Body::Here(definition))) = machines.iter().find(|(machine, _)| machine.id == "Flow") else {
        panic!("the machine can be read: {machines:?}")
    };
    let role = template.role(&machine.id);
    let options = Options::default().physical(&template, machine, definition, &role);
    let existing = Existing::role(&role, str::to_owned);
    let audit = iam::audit(definition.machine(), &Scope::default(), &options, &existing);
    assert_eq!(audit.unknown, []);
    (audit.findings.into_iter().map(|finding| (finding.kind, finding.action)).collect(), role.unread)
}

const FLOW: &str = "
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  News: {Type: AWS::SNS::Topic}
  Other: {Type: AWS::SNS::Topic}
  Work: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${AWS::StackName}-work'}}
  Fn: {Type: AWS::Lambda::Function}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      DefinitionSubstitutions: {Queue: !Ref Work, Topic: !Ref News}
      Definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: 'arn:aws:states:::dynamodb:getItem', Parameters: {TableName: !Ref Orders, Key: {}}, Next: B}
          B: {Type: Task, Resource: 'arn:aws:states:::sns:publish', Parameters: {TopicArn: '${Topic}', Message: x}, Next: C}
          C: {Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {QueueUrl: '${Queue}', MessageBody: x}, Next: D}
          D: {Type: Task, Resource: !GetAtt Fn.Arn, End: true}
";

const ROLE: &str = "
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}
              - {Effect: Allow, Action: 'sns:Publish', Resource: !Ref News}
              - {Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Work.Arn}
              - {Effect: Allow, Action: 'lambda:InvokeFunction', Resource: !Sub 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}'}
";

#[test]
fn the_right_role_of_a_template_is_clean_and_each_statement_is_missed() {
    let right = format!("{FLOW}{ROLE}");
    assert_eq!(of_template(&right), (vec![], vec![]));
    for action in ["dynamodb:GetItem", "sns:Publish", "sqs:SendMessage", "lambda:InvokeFunction"] {
        let without: String = right
            .lines()
            .filter(|line| !line.contains(&format!("'{action}'")))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(of_template(&without).0, [(FindingKind::Missing, action.to_owned())], "{action}");
    }
}

#[test]
fn a_reference_is_the_same_thing_or_another() {
    let right = format!("{FLOW}{ROLE}");
    let with = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        of_template(&right.replace(from, to)).0
    };
    assert_eq!(
        with("Resource: !Ref News", "Resource: !Sub 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${News.TopicName}'"),
        []
    );
    assert_eq!(with("!GetAtt Work.Arn", "!Sub 'arn:aws:sqs:*:*:${AWS::StackName}-work'").len(), 1);
    let publish = || "sns:Publish".to_owned();
    let other = [(FindingKind::Missing, publish()), (FindingKind::Excess, publish())];
    assert_eq!(with("Resource: !Ref News", "Resource: !Ref Other"), other);
    assert_eq!(with("Resource: !Ref News", "Resource: !Sub '${Other}'"), other);
    // Only the deployment shows which of the two it is.
    let either = with("Resource: !Ref News", "Resource: !If [C, !Ref News, !Ref Other]");
    assert!(either.contains(&(FindingKind::Uncertain, publish())), "{either:?}");
    assert_eq!(with("Resource: !Ref News", "Resource: !If [C, !Ref News, !Ref News]"), []);
    // An export of another stack is not a resource of this one.
    assert_eq!(with("Resource: !Ref News", "Resource: !ImportValue topic"), other);
}

#[test]
fn only_the_policies_of_the_role_count() {
    let elsewhere = format!("{FLOW}{ROLE}").replace("  Role:\n", "  Role: {Type: AWS::IAM::Role}\n  Sister:\n");
    let (findings, _) = of_template(&elsewhere);
    assert_eq!(findings.len(), 4, "{findings:?}");
    assert!(findings.iter().all(|(kind, _)| *kind == FindingKind::Missing));
    let attached = elsewhere + "
  More:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: ['dynamodb:GetItem', 'lambda:InvokeFunction', 'sns:Publish', 'sqs:SendMessage'], Resource: '*'}]}
  Lock:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Deny, Principal: '*', Action: 'sqs:*', Resource: '*'}]}
";
    let (findings, _) = of_template(&attached);
    assert!(findings.iter().all(|(kind, _)| *kind == FindingKind::Wider), "{findings:?}");
}

#[test]
fn what_cannot_be_read_is_uncertain() {
    let role = "
  Role:
    Type: AWS::IAM::Role
    Properties: {ManagedPolicyArns: [!ImportValue shared, 'arn:aws:iam::aws:policy/AmazonSNSFullAccess']}
";
    let (findings, unread) = of_template(&format!("{FLOW}{role}"));
    assert_eq!(unread, ["the managed policy `${ImportValue.shared}`"]);
    let (wider, uncertain): (Vec<_>, Vec<_>) = findings.iter().partition(|(kind, _)| *kind == FindingKind::Wider);
    assert_eq!(wider, [&(FindingKind::Wider, "AmazonSNSFullAccess".to_owned())]);
    assert_eq!(uncertain.len(), 3, "{findings:?}");
    assert!(uncertain.iter().all(|(kind, _)| *kind == FindingKind::Uncertain), "{findings:?}");
}

#[test]
fn sam_makes_roles_from_templates_and_connectors() {
    let sam = FLOW.replace("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine").replace(
        "RoleArn: !GetAtt Role.Arn",
        "Policies: [{DynamoDBReadPolicy: {TableName: !Ref Orders}}, {LambdaInvokePolicy: {FunctionName: !Ref Fn}}]",
    );
    let connector = "
  Link: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: Flow}, Destination: {Id: News}, Permissions: [Write]}}
";
    let (findings, unread) = of_template(&format!("{sam}{connector}"));
    assert_eq!((findings, unread), (vec![(FindingKind::Missing, "sqs:SendMessage".to_owned())], vec![]));
}

#[test]
fn either_form_of_the_children_of_a_map_is_enough() {
    let machine: StateMachine = r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "items", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}"#
        .parse()
        .unwrap();
    let execution = "arn:aws:states:eu-west-1:111122223333:execution:orders";
    let audit = |resource: &str| {
        let policy = format!(
            r#"{{"Statement": [
                {{"Effect": "Allow", "Action": "states:StartExecution",
                    "Resource": "arn:aws:states:eu-west-1:111122223333:stateMachine:orders"}},
                {{"Effect": "Allow", "Action": "states:RedriveExecution", "Resource": "{execution}/items:*"}},
                {{"Effect": "Allow", "Action": ["states:DescribeExecution", "states:StopExecution"],
                    "Resource": "{resource}"}}]}}"#
        );
        let existing = Existing::from_json(&policy).unwrap();
        iam::audit(&machine, &scope(), &Options::default().name("orders"), &existing)
    };
    for form in ["/items:*", ":*"] {
        assert_eq!(audit(&format!("{execution}{form}")), Audit::default());
    }
    let neither = audit("arn:aws:states:eu-west-1:111122223333:execution:other:*");
    let missed: Vec<&str> =
        neither.of_kind(FindingKind::MissingSilently).map(|finding| finding.action.as_str()).collect();
    assert_eq!(missed, ["states:DescribeExecution", "states:StopExecution"]);
}

#[test]
fn a_task_definition_shows_the_roles_that_come_with_it() {
    let yaml = r#"
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {TaskRoleArn: !GetAtt TaskRole.Arn, ExecutionRoleArn: !GetAtt PullRole.Arn}
  TaskRole: {Type: AWS::IAM::Role}
  PullRole: {Type: AWS::IAM::Role}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: 'ecs:RunTask', Resource: !Ref Task}
              - Effect: Allow
                Action: iam:PassRole
                Resource: [!GetAtt TaskRole.Arn, !GetAtt PullRole.Arn]
                Condition: {StringEquals: {'iam:PassedToService': ecs-tasks.amazonaws.com}}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      DefinitionSubstitutions: {Task: !Ref Task}
      Definition:
        StartAt: Run
        States:
          Run: {Type: Task, Resource: 'arn:aws:states:::ecs:runTask', Parameters: {TaskDefinition: '${Task}'}, End: true}
"#;
    assert_eq!(of_template(yaml).0, []);
    let both = "[!GetAtt TaskRole.Arn, !GetAtt PullRole.Arn]";
    let missing = (FindingKind::Missing, "iam:PassRole".to_owned());
    assert_eq!(of_template(&yaml.replace(both, "!GetAtt TaskRole.Arn")).0, [missing]);
}

#[test]
fn an_arn_that_is_put_together_of_its_own_parts_is_that_arn() {
    // The CDK writes the ARN of any revision like this.
    let part = |at: u8| format!("!Select [{at}, !Split [':', !Ref Task]]");
    let family = |at: u8| format!("!Select [{at}, !Split [/, {}]]", part(5));
    let [partition, service, region, account] = [1, 2, 3, 4].map(part);
    let any_revision = format!(
        "!Join ['', ['arn:', {partition}, ':', {service}, ':', {region}, ':', {account}, ':', {}, /, {}, ':*']]",
        family(0),
        family(1)
    );
    let state = "{Type: Task, Resource: 'arn:aws:states:::ecs:runTask', Parameters: {TaskDefinition: %, Cluster: c}, End: true}";
    let found = |definition: &str, task: &str| {
        let allowed = format!("{{Effect: Allow, Action: 'ecs:RunTask', Resource: {any_revision}}}");
        let task = format!("  Task: {{Type: AWS::ECS::TaskDefinition, Properties: {task}}}\n");
        let (findings, _) = of_template(&around(&state.replace('%', definition), &allowed, &task));
        findings.into_iter().filter(|(_, action)| action == "ecs:RunTask").map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    assert_eq!(found("orders", "{Family: orders}"), []);
    assert_eq!(found("other", "{Family: orders}"), [FindingKind::Missing, FindingKind::Excess]);
    // The value of a parameter can contain a slash.
    assert_eq!(found("orders", "{Family: !Ref Family}"), [FindingKind::Uncertain]);
}

#[test]
fn a_part_of_a_parameter_that_is_an_arn_is_that_arn() {
    let get = "{Type: Task, Resource: 'arn:aws:states:::aws-sdk:dynamodb:query', Parameters: {TableName: %, IndexName: i}, End: true}";
    let send = "{Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {MessageBody: m, \
                QueueUrl: !Sub ['https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${Name}', {Name: %}]}, End: true}";
    let found = |state: &str, part: &str, action: &str, resource: &str, default: &str| {
        let allowed = format!("{{Effect: Allow, Action: '{action}', Resource: {resource}}}");
        let yaml = around(&state.replace('%', part), &allowed, "");
        let parameters = format!("Parameters: {{TheArn: {{Type: String{default}}}, Other: {{Type: String}}}}");
        of_template(&format!("{parameters}{yaml}")).0.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let (of_table, of_queue) = ("!Select [1, !Split [/, !Ref TheArn]]", "!Select [5, !Split [':', !Ref TheArn]]");
    let table = |resource: &str, default: &str| found(get, of_table, "dynamodb:Query", resource, default);
    let queue = |resource: &str, default: &str| found(send, of_queue, "sqs:SendMessage", resource, default);
    assert_eq!(table("!Sub '${TheArn}/index/i'", ""), []);
    assert_eq!(queue("!Ref TheArn", ""), []);
    // The table without its index, another parameter, and a default
    assert_eq!(table("!Ref TheArn", ""), [FindingKind::Uncertain]);
    assert_eq!(queue("!Ref Other", ""), [FindingKind::Uncertain]);
    let default = ", Default: 'arn:aws:sqs:eu-west-1:111122223333:jobs'";
    assert_eq!(queue("'arn:aws:sqs:eu-west-1:111122223333:jobs'", default), []);
    assert_eq!(queue("'arn:aws:sqs:eu-west-1:111122223333:other'", default), [FindingKind::Uncertain]);
}

#[test]
fn the_arn_of_a_secret_ends_with_letters_that_its_name_does_not_have() {
    let get = |id: &str| {
        format!(
            "{{Type: Task, Resource: 'arn:aws:states:::aws-sdk:secretsmanager:getSecretValue', Parameters: {{SecretId: {id}}}, End: true}}"
        )
    };
    let found = |id: &str, resource: &str| {
        let allowed = format!("{{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: {resource}}}");
        let secrets = "  Own: {Type: AWS::SecretsManager::Secret}\n  Named: {Type: AWS::SecretsManager::Secret, Properties: {Name: db}}\n";
        let (findings, _) = of_template(&around(&get(id), &allowed, secrets));
        findings.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let arn = |name: &str| {
        format!("!Sub 'arn:${{AWS::Partition}}:secretsmanager:${{AWS::Region}}:${{AWS::AccountId}}:secret:{name}'")
    };
    assert_eq!(found("!Ref Own", "!Ref Own"), []);
    assert_eq!(found("!Ref Named", "!Ref Named"), []);
    assert_eq!(found("db", "!Ref Named"), []);
    assert_eq!(found("!Ref Named", &arn("db-??????")), []);
    assert_eq!(found("db", &arn("db-??????")), []);
    assert_eq!(found("db", &arn("db-*")), [FindingKind::Wider]);
    assert_eq!(found("db", &arn("db")), [FindingKind::Missing, FindingKind::Excess]);
    assert_eq!(found("!Ref Own", "!Ref Named"), [FindingKind::Missing, FindingKind::Excess]);
    // An ARN in a call can omit the letters.
    let known = "'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db'";
    assert_eq!(found(known, known), []);
    assert_eq!(found(known, &known.replace("db", "db-??????")), []);
    assert_eq!(found(known, &known.replace("db", "db-a1b2c3")), [FindingKind::Uncertain]);
    assert_eq!(found(known, &known.replace("db", "other")), [FindingKind::Missing, FindingKind::Excess]);
}

/// A template with a state machine of one Task state, and a role with one statement.
fn around(state: &str, statement: &str, resources: &str) -> String {
    format!(
        "
Resources:
{resources}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{statement}]}}}}]
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition: {{StartAt: A, States: {{A: {state}}}}}
"
    )
}

#[test]
fn what_the_definition_does_not_tell_is_uncertain() {
    let query = "{Type: Task, Resource: 'arn:aws:states:::athena:startQueryExecution', Parameters: {QueryString: SELECT 1, \
                 ResultConfiguration: {OutputLocation: 's3://out/'}}, End: true}";
    let allowed = "{Effect: Allow, Action: ['athena:StartQueryExecution', 's3:GetBucketLocation', 's3:PutObject'], Resource: '*'}";
    let (findings, _) = of_template(&around(query, allowed, ""));
    for action in ["lakeformation:GetDataAccess", "glue:GetTable", "athena:GetDataCatalog"] {
        assert!(findings.contains(&(FindingKind::Uncertain, action.to_owned())), "{action}: {findings:?}");
    }
    assert!(!findings.iter().any(|(kind, _)| *kind == FindingKind::Missing), "{findings:?}");
    let (findings, _) = of_template(&around(query, "{Effect: Allow, Action: 'athena:*', Resource: '*'}", ""));
    assert!(findings.contains(&(FindingKind::Missing, "s3:PutObject".to_owned())), "{findings:?}");

    // A parameter that can be set at run time, and a permission that AWS's reference only lists.
    let delete = "{Type: Task, Resource: 'arn:aws:states:::aws-sdk:s3:deleteObjects', \
                  Parameters: {Bucket: b, Delete.$: $.them}, End: true}";
    let allowed = "{Effect: Allow, Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::b/*'}";
    let (findings, _) = of_template(&around(delete, allowed, ""));
    assert_eq!(findings, [(FindingKind::Uncertain, "s3:DeleteObjectVersion".to_owned())]);
    let run = "{Type: Task, Resource: 'arn:aws:states:::aws-sdk:ec2:runInstances', \
               Parameters: {ImageId: ami-1, MinCount: 1, MaxCount: 1}, End: true}";
    let (findings, _) = of_template(&around(run, "{Effect: Allow, Action: 'ec2:RunInstances', Resource: '*'}", ""));
    assert!(findings.contains(&(FindingKind::Uncertain, "ssm:GetParameters".to_owned())), "{findings:?}");
}

#[test]
fn connections_of_web_sockets_have_an_action_of_their_own() {
    let call = |path: &str| {
        format!(
            "{{Type: Task, Resource: 'arn:aws:states:::apigateway:invoke', Parameters: {{ApiEndpoint: \
             a1.execute-api.eu-west-1.amazonaws.com, Method: POST, Stage: prod, {path}, AuthType: IAM_ROLE}}, End: true}}"
        )
    };
    let allowed = |action: &str| {
        format!(
            "{{Effect: Allow, Action: 'execute-api:{action}', Resource: 'arn:aws:execute-api:eu-west-1:*:a1/prod/POST/*'}}"
        )
    };
    let found = |path: &str, action: &str| {
        let (findings, _) = of_template(&around(&call(path), &allowed(action), ""));
        findings.into_iter().filter(|(kind, _)| *kind < FindingKind::Wider).collect::<Vec<_>>()
    };
    let missing = |kind, action: &str| vec![(kind, format!("execute-api:{action}"))];
    for path in
        ["Path: /@connections/x", "Path.$: \"States.Format('/@connections/{}', $.id)\"", "Path: '@connections/x'"]
    {
        assert_eq!(found(path, "ManageConnections"), [], "{path}");
        assert_eq!(found(path, "Invoke"), missing(FindingKind::Missing, "ManageConnections"), "{path}");
    }
    assert_eq!(found("Path: /orders", "ManageConnections"), missing(FindingKind::Missing, "Invoke"));
    assert_eq!(found("Path: /orders", "Invoke"), []);
    // Any path can be either.
    assert_eq!(found("Path.$: $.path", "Invoke"), missing(FindingKind::Uncertain, "ManageConnections"));
}

#[test]
fn the_policy_of_a_resource_that_names_the_role_counts() {
    let send = "{Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {QueueUrl: !Ref Work, MessageBody: x}, End: true}";
    let none = "{Effect: Allow, Action: 'sns:Publish', Resource: '*'}";
    let queue = |principal: &str, rest: &str| {
        format!(
            "  Work: {{Type: AWS::SQS::Queue}}
  Other: {{Type: AWS::SQS::Queue}}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Work]
      PolicyDocument: {{Statement: [{{Effect: Allow, Principal: {principal}, Action: 'sqs:SendMessage'{rest}}}]}}
"
        )
    };
    let found = |resources: &str| {
        let (findings, _) = of_template(&around(send, none, resources));
        findings.into_iter().filter(|(kind, _)| *kind < FindingKind::Wider).collect::<Vec<_>>()
    };
    let missing = [(FindingKind::Missing, "sqs:SendMessage".to_owned())];
    assert_eq!(found(&queue("{AWS: !GetAtt Role.Arn}", ", Resource: '*'")), []);
    assert_eq!(found(&queue("{AWS: [!GetAtt Role.Arn]}", ", Resource: !GetAtt Work.Arn")), []);
    assert_eq!(found(&queue("'*'", "")), []);
    assert_eq!(found(&queue("{AWS: !GetAtt Role.Arn}", ", Resource: !GetAtt Other.Arn")), missing);
    assert_eq!(found(&queue("{Service: sns.amazonaws.com}", "")), missing);
    assert_eq!(found(&queue("'*'", ", Condition: {ArnEquals: {'aws:SourceArn': !Ref News}}")), missing);

    // The key of the state machine, as in AWS's example.
    let key = "  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Principal: {AWS: !GetAtt Role.Arn}
            Action: ['kms:Decrypt', 'kms:GenerateDataKey']
            Resource: '*'
            Condition: {StringEquals: {'kms:EncryptionContext:aws:states:stateMachineArn': !Sub 'arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:orders'}}
";
    let pass = "{Type: Pass, End: true}";
    let encrypted = |key: &str| {
        around(pass, none, key).replace(
            "RoleArn: !GetAtt Role.Arn\n",
            "RoleArn: !GetAtt Role.Arn\n      StateMachineName: orders\n      EncryptionConfiguration: {Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: !Ref Key}\n",
        )
    };
    let found = |key: &str| {
        let (findings, _) = of_template(&encrypted(key));
        findings.into_iter().filter(|(kind, _)| *kind < FindingKind::Wider).collect::<Vec<_>>()
    };
    assert_eq!(found(key), []);
    let missing = ["kms:Decrypt", "kms:GenerateDataKey"].map(|action| (FindingKind::Missing, action.to_owned()));
    assert_eq!(
        found(&key.replace("{AWS: !GetAtt Role.Arn}", "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}")),
        missing
    );
    let other = found(&key.replace("stateMachine:orders'", "stateMachine:other'"));
    assert!(other.iter().all(|(kind, _)| *kind == FindingKind::Uncertain) && other.len() == 2, "{other:?}");
}

#[test]
fn policies_with_a_name_can_be_too_much() {
    let sam = FLOW.replace("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine");
    let found = |policies: &str| {
        let (findings, _) = of_template(&sam.replace("RoleArn: !GetAtt Role.Arn", policies));
        findings.into_iter().filter(|(kind, _)| *kind >= FindingKind::Wider).collect::<Vec<_>>()
    };
    let excess = |name: &str| vec![(FindingKind::Excess, name.to_owned())];
    // You cannot choose parts of a policy template, only a template, so an unneeded part is not reported.
    assert_eq!(found("Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]"), []);
    assert_eq!(found("Policies: [{DynamoDBCrudPolicy: {TableName: other}}]"), excess("DynamoDBCrudPolicy"));
    assert_eq!(
        found("Policies: [{SNSPublishMessagePolicy: {TopicName: !GetAtt Other.TopicName}}]"),
        excess("SNSPublishMessagePolicy")
    );
    assert_eq!(found("Policies: [AmazonSNSFullAccess]"), [(FindingKind::Wider, "AmazonSNSFullAccess".to_owned())]);
    assert_eq!(found("Policies: [AmazonKinesisFullAccess]"), excess("AmazonKinesisFullAccess"));
    let link = |to: &str| {
        format!("
  Link: {{Type: AWS::Serverless::Connector, Properties: {{Source: {{Id: Flow}}, Destination: {{Id: {to}}}, Permissions: [Write]}}}}
")
    };
    let connected = |to: &str| {
        let (findings, _) = of_template(&format!(
            "{}{}",
            sam.replace("RoleArn: !GetAtt Role.Arn", "Tracing: {Enabled: true}"),
            link(to)
        ));
        findings.into_iter().filter(|(kind, _)| *kind >= FindingKind::Wider).collect::<Vec<_>>()
    };
    assert_eq!(connected("News"), []);
    assert_eq!(connected("Other"), excess("connector"));
}

#[test]
fn a_service_of_ecs_is_its_arn() {
    let state = "{Type: Task, Resource: 'arn:aws:states:::aws-sdk:ecs:updateService', \
                 Parameters: {Service: !Ref Service, Cluster: !Ref Cluster, DesiredCount: 1}, End: true}";
    let resources = "  Cluster: {Type: AWS::ECS::Cluster}\n  Service: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Cluster}}\n";
    for resource in
        ["!Ref Service", "!Sub 'arn:aws:ecs:${AWS::Region}:${AWS::AccountId}:service/${Cluster}/${Service.Name}'"]
    {
        let allowed = format!("{{Effect: Allow, Action: 'ecs:UpdateService', Resource: {resource}}}");
        assert_eq!(of_template(&around(state, &allowed, resources)).0, [], "{resource}");
    }
    let allowed = "{Effect: Allow, Action: 'ecs:UpdateService', Resource: !Ref Cluster}";
    let (findings, _) = of_template(&around(state, allowed, resources));
    assert!(findings.contains(&(FindingKind::Missing, "ecs:UpdateService".to_owned())), "{findings:?}");
}

#[test]
fn the_role_of_an_instance_profile_is_handed_over() {
    let state = "{Type: Task, Resource: 'arn:aws:states:::elasticmapreduce:createCluster', Parameters: \
                 {Name: c, ServiceRole: !Ref Service, JobFlowRole: !Ref Profile, ReleaseLabel: emr-7.1.0, \
                 Instances: {KeepJobFlowAliveWhenNoSteps: true}}, End: true}";
    let resources = "  Service: {Type: AWS::IAM::Role}\n  Nodes: {Type: AWS::IAM::Role}\n  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Nodes]}}\n";
    let allowed = |roles: &str| {
        format!(
            "{{Effect: Allow, Action: 'elasticmapreduce:*', Resource: '*'}}, \
             {{Effect: Allow, Action: 'iam:CreateServiceLinkedRole', Resource: '*'}}, \
             {{Effect: Allow, Action: 'iam:PassRole', Resource: {roles}}}"
        )
    };
    let found = |roles: &str| {
        let (findings, _) = of_template(&around(state, &allowed(roles), resources));
        findings.into_iter().filter(|(_, action)| action == "iam:PassRole").map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let both = found("[!GetAtt Service.Arn, !GetAtt Nodes.Arn]");
    assert!(both.iter().all(|kind| *kind == FindingKind::Wider), "{both:?}");
    assert!(found("[!GetAtt Service.Arn]").contains(&FindingKind::Missing));
    assert!(found("[!GetAtt Nodes.Arn]").contains(&FindingKind::Missing));
}

#[test]
fn a_pattern_may_fit_a_name_that_aws_makes_up() {
    let state = "{Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {QueueUrl: !Ref Work, MessageBody: x}, End: true}";
    let found = |name: &str| {
        let allowed = format!(
            "{{Effect: Allow, Action: 'sqs:SendMessage', Resource: !Sub 'arn:aws:sqs:${{AWS::Region}}:${{AWS::AccountId}}:{name}'}}"
        );
        let (findings, _) = of_template(&around(state, &allowed, "  Work: {Type: AWS::SQS::Queue}\n"));
        findings.into_iter().filter(|(kind, _)| *kind < FindingKind::Wider).map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    for name in ["Work-*", "${AWS::StackName}-Work-*", "${AWS::StackName}-*", "shop-Work-*"] {
        assert_eq!(found(name), [FindingKind::Uncertain], "{name}");
    }
    // A stack can have any name, but a literal name does not match a generated one.
    assert_eq!(found("shop-*"), [FindingKind::Uncertain]);
    for name in ["Work", "${AWS::StackName}-Other-*", "${AWS::StackName}-work"] {
        assert_eq!(found(name), [FindingKind::Missing], "{name}");
    }
    assert_eq!(found("*"), []);
}

#[test]
fn a_boundary_takes_away_and_gives_nothing() {
    let state =
        "{Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {QueueUrl: !Ref Work, MessageBody: x}}";
    let allowed = "{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Work.Arn}";
    let queue = "  Work: {Type: AWS::SQS::Queue}\n";
    let missing = vec![(FindingKind::Missing, "sqs:SendMessage".to_owned())];
    let within = |boundary: &str, resources: &str, statement: &str| {
        let yaml = around(state, statement, &format!("{queue}{resources}"));
        let bounded = format!("      PermissionsBoundary: {boundary}\n      Policies: ");
        of_template(&yaml.replace("      Policies: ", &bounded)).0
    };
    let other = "{Effect: Allow, Action: 'sns:Publish', Resource: '*'}";
    // A policy that cannot be read does not hide missing permissions.
    assert_eq!(within("!ImportValue limit", "", allowed), []);
    assert_eq!(within("!ImportValue limit", "", other)[0], missing[0]);
    let limit = |action: &str| {
        format!(
            "  Limit: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: \
             [{{Effect: Allow, Action: '{action}', Resource: '*'}}]}}}}}}\n"
        )
    };
    assert_eq!(within("!Ref Limit", &limit("sqs:*"), allowed), []);
    assert_eq!(within("!Ref Limit", &limit("s3:*"), allowed), missing);
}

#[test]
fn a_policy_can_be_attached_to_the_role_that_sam_makes() {
    let yaml = "Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Task, Resource: 'arn:aws:states:::sns:publish', Parameters: {TopicArn: !Ref T, Message: x}, End: true}}}
  T: {Type: AWS::SNS::Topic}
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref FlowRole]
      PolicyDocument: {Statement: [{Effect: Allow, Action: 'sns:Publish', Resource: !Ref T}]}
";
    assert_eq!(of_template(yaml).0, []);
    let missing = (FindingKind::Missing, "sns:Publish".to_owned());
    assert_eq!(of_template(&yaml.replace("!Ref FlowRole", "!Ref OtherRole")).0, [missing]);
}

#[test]
fn either_branch_of_a_condition_is_needed_where_it_holds() {
    let state = "{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: !If [C, !GetAtt F.Arn, !GetAtt G.Arn]}}";
    let functions = "  F: {Type: AWS::Lambda::Function}\n  G: {Type: AWS::Lambda::Function}\n";
    let allowed = |resource: &str| format!("{{Effect: Allow, Action: 'lambda:InvokeFunction', Resource: {resource}}}");
    let findings = |resource: &str| of_template(&around(state, &allowed(resource), functions)).0;
    assert_eq!(findings("!If [C, !GetAtt F.Arn, !GetAtt G.Arn]"), []);
    assert_eq!(findings("[!GetAtt F.Arn, !GetAtt G.Arn]"), []);
    let missing = (FindingKind::Missing, "lambda:InvokeFunction".to_owned());
    assert_eq!(findings("!GetAtt F.Arn")[0], missing);
    assert_eq!(findings("!If [C, !GetAtt G.Arn, !GetAtt F.Arn]")[0], missing);
}

#[test]
fn a_policy_can_have_the_branches_of_a_condition_too() {
    let template = |queue: &str, policy: &str| {
        format!(
            "
Conditions: {{Own: {{'Fn::Equals': [a, b]}}}}
Resources:
  Jobs: {{Type: AWS::SQS::Queue, Condition: Own}}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Policies: [{{SQSSendMessagePolicy: {{QueueName: {policy}}}}}]
      Definition: {{StartAt: A, States: {{A: {{Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage',
        Parameters: {{QueueUrl: {queue}, MessageBody: m}}, End: true}}}}}}
"
        )
    };
    let url = "!Sub 'https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/shared'";
    let found = |queue: &str, policy: &str| of_template(&template(queue, policy)).0;
    let queue = format!("!If [Own, !Ref Jobs, {url}]");
    assert_eq!(found(&queue, "!If [Own, !GetAtt Jobs.QueueName, shared]"), []);
    let missing = (FindingKind::Missing, "sqs:SendMessage".to_owned());
    assert_eq!(found(&queue, "shared")[0], missing);
    assert_eq!(found(&queue, "!If [Own, shared, !GetAtt Jobs.QueueName]")[0], missing);
}

#[test]
fn a_name_that_a_plugin_fills_in_is_uncertain() {
    // A plugin of the Serverless Framework replaces `#{name}` before the deployment.
    let invoke = |name: &str| {
        format!("{{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {{FunctionName: '{name}'}}}}")
    };
    let found = |name: &str, resource: &str| {
        let allowed = format!("{{Effect: Allow, Action: 'lambda:InvokeFunction', Resource: {resource}}}");
        of_template(&around(&invoke(name), &allowed, "  F: {Type: AWS::Lambda::Function}\n")).0
    };
    let uncertain = (FindingKind::Uncertain, "lambda:InvokeFunction".to_owned());
    assert_eq!(found("#{functionName}", "!GetAtt F.Arn"), [uncertain]);
    let arn = "arn:aws:lambda:#{AWS::Region}:#{AWS::AccountId}:function:f";
    assert_eq!(found(arn, "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f'"), []);
}

#[test]
fn a_loop_of_a_template_writes_resources() {
    let found = |used: &str, allowed: &str| {
        let state = format!(
            "{{Type: Task, Resource: 'arn:aws:states:::sns:publish', Parameters: {{TopicArn: !Ref {used}, Message: m}}}}"
        );
        let statement = format!("{{Effect: Allow, Action: 'sns:Publish', Resource: !Ref {allowed}}}");
        let topics = "  'Fn::ForEach::Topics': [Name, [Done, Failed], {'Topic${Name}': {Type: AWS::SNS::Topic}}]\n";
        of_template(&around(&state, &statement, topics)).0
    };
    assert_eq!(found("TopicDone", "TopicDone"), []);
    assert_eq!(found("TopicDone", "TopicFailed")[0], (FindingKind::Missing, "sns:Publish".to_owned()));
}

#[test]
fn what_a_template_decides_is_decided() {
    let state = |table: &str| {
        format!(
            "{{Type: Task, Resource: 'arn:aws:states:::dynamodb:getItem', Parameters: {{TableName: {table}, Key: {{}}}}}}"
        )
    };
    let allowed = |resource: &str| format!("{{Effect: Allow, Action: 'dynamodb:GetItem', Resource: {resource}}}");
    let table = "!Sub 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/";
    let more = "  T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub 'orders-${Stage}'}}\n";
    let top = "Parameters: {Stage: {Type: String, Default: dev}}\nMappings: {Of: {a: {t: orders}, b: {t: orders}}}\n";
    for (used, resource) in [
        // A part of the ARN of a table with a composed name.
        ("!Select [1, !Split ['/', !GetAtt T.Arn]]".to_owned(), "!GetAtt T.Arn".to_owned()),
        // A parameter with its default.
        ("!Ref Stage".to_owned(), format!("{table}dev'")),
        // The same for each first key
        ("!FindInMap [Of, !Ref Stage, t]".to_owned(), format!("{table}orders'")),
        ("!FindInMap [Of, none, t, {DefaultValue: orders}]".to_owned(), format!("{table}orders'")),
        // A dynamic reference
        ("!Sub '{{resolve:ssm:/${Stage}/table}}'".to_owned(), format!("{table}{{{{resolve:ssm:/${{Stage}}/table}}}}'")),
    ] {
        let yaml = format!("{top}{}", around(&state(&used), &allowed(&resource), more));
        assert_eq!(of_template(&yaml).0, [], "{used}");
    }
}

#[test]
fn outputs_of_a_nested_stack_can_be_of_one_thing() {
    let state = "{Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {QueueUrl: !GetAtt Db.Outputs.Url, MessageBody: x}}";
    let stack = "  Db: {Type: AWS::CloudFormation::Stack}\n";
    let allowed = |resource: &str| format!("{{Effect: Allow, Action: 'sqs:SendMessage', Resource: {resource}}}");
    let findings = |resource: &str| of_template(&around(state, &allowed(resource), stack)).0;
    let action = || "sqs:SendMessage".to_owned();
    assert_eq!(findings("!GetAtt Db.Outputs.Arn"), [(FindingKind::Uncertain, action())]);
    assert_eq!(findings("'arn:aws:sns:eu-west-1:111122223333:t'")[0], (FindingKind::Missing, action()));
}

#[test]
fn a_state_that_reads_an_object_may_list_its_bucket() {
    let state = "{Type: Task, Resource: 'arn:aws:states:::aws-sdk:s3:getObject', Parameters: {Bucket: b, Key: k}}";
    let findings = |bucket: &str| {
        let read = "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/k'}";
        let list = format!("{{Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::{bucket}'}}");
        of_template(&around(state, &format!("{read}, {list}"), "")).0
    };
    assert_eq!(findings("b"), []);
    assert_eq!(findings("other"), [(FindingKind::Excess, "s3:ListBucket".to_owned())]);
}

#[test]
fn the_key_of_a_resource_is_needed_too() {
    use FindingKind::{Missing, Uncertain};
    let account = "{AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}";
    let keyed = |state: &str, allowed: &str, key: &str, principal: &str, conditions: &str| {
        let more = format!(
            "  Key: {{Type: AWS::KMS::Key, Properties: {{KeyPolicy: {{Statement: [{{Effect: Allow, Principal: {principal}, \
             Action: 'kms:*', Resource: '*', Condition: {conditions}}}]}}}}}}\n  \
             Alias: {{Type: AWS::KMS::Alias, Properties: {{AliasName: alias/jobs, TargetKeyId: !Ref Key}}}}\n  \
             Jobs: {{Type: AWS::SQS::Queue, Properties: {{KmsMasterKeyId: {key}}}}}\n  \
             Orders: {{Type: AWS::S3::Bucket, Properties: {{BucketName: orders, BucketEncryption: {{ServerSideEncryptionConfiguration: \
             [{{ServerSideEncryptionByDefault: {{SSEAlgorithm: 'aws:kms', KMSMasterKeyID: {key}}}}}]}}}}}}\n"
        );
        of_template(&around(state, allowed, &more)).0
    };
    let found = |state: &str, allowed: &str, key: &str, principal: &str| {
        keyed(state, allowed, key, principal, "{StringEquals: {'aws:PrincipalOrgID': o-1}}")
    };
    let call = |resource: &str, parameters: &str| {
        format!("{{Type: Task, Resource: 'arn:aws:states:::{resource}', Parameters: {parameters}, End: true}}")
    };
    let send = call("sqs:sendMessage", "{QueueUrl: !Ref Jobs, MessageBody: m}");
    let may_send = "{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Jobs.Arn}";
    let missing = ["kms:Decrypt", "kms:GenerateDataKey"].map(|action| (Missing, action.to_owned()));
    for key in ["!Ref Key", "!GetAtt Key.Arn", "!Ref Alias"] {
        assert_eq!(found(&send, may_send, key, account), missing, "{key}");
        let may_use = "{Effect: Allow, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: !GetAtt Key.Arn}";
        assert_eq!(found(&send, &format!("{may_send}, {may_use}"), key, account), [], "{key}");
    }
    // The policy of the key decides, or nobody here knows it.
    let uncertain = missing.clone().map(|(_, action)| (Uncertain, action));
    assert_eq!(found(&send, may_send, "!Ref Key", "'*'"), uncertain);
    assert_eq!(found(&send, may_send, "!ImportValue KeyArn", account), uncertain);
    assert_eq!(found(&send, may_send, "alias/aws/sqs", account), []);
    // Everybody who calls Amazon SQS in the account may use the key.
    let through = |service: &str| {
        let conditions = format!(
            "{{StringEquals: {{'kms:ViaService': !Sub '{service}.${{AWS::Region}}.amazonaws.com', \
                                  'kms:CallerAccount': !Ref AWS::AccountId}}}}"
        );
        keyed(&send, may_send, "!Ref Key", "{AWS: '*'}", &conditions)
    };
    assert_eq!(through("sqs"), []);
    assert_eq!(through("sns"), uncertain);
    // An object of a bucket, also by the bucket's name
    let may_read = "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/x'}";
    for bucket in ["!Ref Orders", "orders"] {
        let read = call("aws-sdk:s3:getObject", &format!("{{Bucket: {bucket}, Key: x}}"));
        assert_eq!(found(&read, may_read, "!Ref Key", account), missing[..1], "{bucket}");
    }
    // Without a template, the user says it.
    let machine: StateMachine =
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"TopicArn": "${Topic}", "Message": "m"}, "End": true}}}"#
            .parse()
            .unwrap();
    let options = Options::default().encrypted("${Topic}", "${TopicKeyArn}");
    let policy = iam::policy(&machine, &Scope::default(), &options).unwrap();
    let statement = &policy.statements()[0];
    assert_eq!(statement.actions, ["kms:Decrypt", "kms:GenerateDataKey"]);
    assert_eq!(statement.resources[0].to_string(), "${TopicKeyArn}");
}

#[test]
fn a_key_can_encrypt_what_a_state_calls() {
    let task = |resource: &str, parameters: &str| -> StateMachine {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::{resource}", "Parameters": {parameters}, "End": true}}}}}}"#
        )
        .parse()
        .unwrap()
    };
    let told = |machine: &StateMachine, action: &str| -> Vec<FindingKind> {
        let mut existing: serde_json::Value =
            serde_json::from_str(&iam::policy(machine, &scope(), &Options::default()).unwrap().to_string()).unwrap();
        let key = "arn:aws:kms:eu-west-1:111122223333:key/k";
        let statement = serde_json::json!({"Effect": "Allow", "Action": action, "Resource": key});
        existing["Statement"].as_array_mut().unwrap().push(statement);
        let existing = Existing::from_json(&existing.to_string()).unwrap();
        let audit = iam::audit(machine, &scope(), &Options::default(), &existing);
        audit.findings.iter().map(|finding| finding.kind).collect()
    };
    let topic = task("sns:publish", r#"{"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t", "Message": "m"}"#);
    for action in ["kms:Decrypt", "kms:GenerateDataKey*", "KMS:generatedatakey"] {
        assert_eq!(told(&topic, action), [], "{action}");
    }
    assert_eq!(told(&topic, "kms:Encrypt"), [FindingKind::Excess]);
    assert_eq!(told(&topic, "kms:*"), [FindingKind::Wider]);
    let table = task("dynamodb:getItem", r#"{"TableName": "t", "Key": {"id": {"S": "1"}}}"#);
    assert_eq!(told(&table, "kms:ReEncrypt*"), []);
    // The role of the function reads its data.
    let function = task("lambda:invoke", r#"{"FunctionName": "f"}"#);
    assert_eq!(told(&function, "kms:Decrypt"), [FindingKind::Excess]);
}

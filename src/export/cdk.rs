//! A construct of the AWS CDK, in TypeScript.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::binding::Bound;
use super::definition::Reference;
use super::settings::LogLevel;
use super::{PRINCIPAL, Plan, names, problem};
use crate::Problems;
use crate::iam::{Arn, Function, Piece, ScopePart};
use crate::value::Json;

pub(super) fn construct(plan: &Plan<'_>) -> Result<String, Problems> {
    let mut problems = Vec::new();
    let mut values = plan.values(&mut problems, "the CDK", |_, reference| expression(reference));
    let export = plan.export;
    if export.alias.as_ref().is_some_and(|alias| alias.shift.steps().is_some() || !alias.alarms.is_empty()) {
        problems.push(problem(
            "",
            "the construct for the CDK can only move its alias at once",
            "remove the gradual deployment and the alarms, or write a CloudFormation template",
        ));
    }
    if !problems.is_empty() {
        return Err(Problems::new(problems));
    }
    let class = names::pascal(&export.logical_id);
    let name = match &export.name {
        Some(name) => Some(quoted(name)),
        None => plan.needs_name.then(|| {
            template(
                &Arn::parse(&export.name_of_stack()),
                &BTreeMap::from([("AWS::StackName".to_owned(), "cdk.Aws.STACK_NAME".to_owned())]),
            )
        }),
    };
    // The policy needs the name of the machine.
    values.entry("AWS::StackName".to_owned()).or_insert_with(|| "cdk.Aws.STACK_NAME".to_owned());
    Ok(write(plan, &class, name, &values))
}

fn write(plan: &Plan<'_>, class: &str, name: Option<String>, values: &BTreeMap<String, String>) -> String {
    let export = plan.export;
    let mut text = String::from(
        "import * as cdk from 'aws-cdk-lib';\nimport * as iam from 'aws-cdk-lib/aws-iam';\n\
         import * as kms from 'aws-cdk-lib/aws-kms';\nimport * as logs from 'aws-cdk-lib/aws-logs';\n\
         import * as sfn from 'aws-cdk-lib/aws-stepfunctions';\nimport { Construct } from 'constructs';\n\n",
    );
    if export.encryption_key.is_none() {
        text = text.replace("import * as kms from 'aws-cdk-lib/aws-kms';\n", "");
    }
    if export.logging.is_none() {
        text = text.replace("import * as logs from 'aws-cdk-lib/aws-logs';\n", "");
    }
    let parameters: Vec<(&String, &Reference)> = plan
        .definition
        .references
        .iter()
        .filter(|(_, reference)| reference.binding.value == Bound::Parameter)
        .collect();
    let mut line = |indent: usize, line: &str| {
        // Writing to a string never fails.
        let _ = writeln!(text, "{:spaces$}{line}", "", spaces = indent * 2);
    };
    if !parameters.is_empty() {
        line(0, &format!("export interface {class}Props {{"));
        for (name, reference) in &parameters {
            let text = reference.description(name).replace("*/", "* /");
            line(1, &format!("/** {text}. */"));
            line(1, &format!("readonly {}: string;", names::camel(&reference.key)));
        }
        line(0, "}");
        line(0, "");
    }
    line(0, &format!("export class {class} extends Construct {{"));
    line(1, "readonly role: iam.Role;");
    line(1, "readonly stateMachine: sfn.StateMachine;");
    line(0, "");
    let props = if parameters.is_empty() { String::new() } else { format!(", props: {class}Props") };
    line(1, &format!("constructor(scope: Construct, id: string{props}) {{"));
    line(2, "super(scope, id);");
    for reference in plan.definition.references.values() {
        if let Bound::Activity(name) = &reference.binding.value {
            let name = quoted(name);
            let activity = format!("new sfn.Activity(this, '{}Activity', {{ activityName: {name} }})", reference.key);
            line(2, &format!("const {}Activity = {activity};", names::camel(&reference.key)));
        }
    }
    line(2, "this.role = new iam.Role(this, 'Role', {");
    line(3, &format!("assumedBy: new iam.ServicePrincipal('{PRINCIPAL}', {{"));
    line(4, "conditions: { StringEquals: { 'aws:SourceAccount': cdk.Aws.ACCOUNT_ID } },");
    line(3, "}),");
    line(2, "});");
    for statement in plan.documents.policies().iter().flat_map(|policy| policy.statements()) {
        line(2, "this.role.addToPolicy(new iam.PolicyStatement({");
        let actions: Vec<String> = statement.actions.iter().map(|action| quoted(action)).collect();
        line(3, &format!("actions: [{}],", actions.join(", ")));
        let resources: Vec<String> = statement.resources.iter().map(|resource| template(resource, values)).collect();
        line(3, &format!("resources: [{}],", resources.join(", ")));
        if !statement.conditions.is_empty() {
            let mut by_operator: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for (operator, key, value) in &statement.conditions {
                let entry = format!("{}: {}", quoted(key), template(value, values));
                by_operator.entry(operator).or_default().push(entry);
            }
            let conditions: Vec<String> = by_operator
                .iter()
                .map(|(operator, entries)| format!("{}: {{ {} }}", quoted(operator), entries.join(", ")))
                .collect();
            line(3, &format!("conditions: {{ {} }},", conditions.join(", ")));
        }
        line(2, "}));");
    }
    line(2, "this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {");
    line(3, "role: this.role,");
    if let Some(name) = name {
        line(3, &format!("stateMachineName: {name},"));
    }
    if export.is_express {
        line(3, "stateMachineType: sfn.StateMachineType.EXPRESS,");
    }
    if let Some(text) = &export.comment {
        line(3, &format!("comment: {},", quoted(text)));
    }
    if let Some(logging) = &export.logging {
        let level = match logging.level {
            LogLevel::All => "ALL",
            LogLevel::Error => "ERROR",
            LogLevel::Fatal => "FATAL",
        };
        line(3, "logs: {");
        line(4, "destination: new logs.LogGroup(this, 'Logs', {");
        let path = match &export.name {
            Some(name) => quoted(&format!("/aws/vendedlogs/states/{name}")),
            None => format!("`/aws/vendedlogs/states/${{cdk.Aws.STACK_NAME}}-{class}`"),
        };
        line(5, &format!("logGroupName: {path},"));
        if let Some(days) = logging.retention_days {
            line(5, &format!("retention: {days},"));
        }
        line(4, "}),");
        line(4, &format!("level: sfn.LogLevel.{level},"));
        line(4, &format!("includeExecutionData: {},", logging.with_data));
        line(3, "},");
    }
    if export.is_traced {
        line(3, "tracingEnabled: true,");
    }
    if let Some(key) = &export.encryption_key {
        let key = template(&plan.definition.settle(&Arn::parse(key)), values);
        let reuse = match export.key_reuse {
            Some(seconds) => format!(", cdk.Duration.seconds({seconds})"),
            None => String::new(),
        };
        line(3, "encryptionConfiguration: new sfn.CustomerManagedEncryptionConfiguration(");
        line(4, &format!("kms.Key.fromKeyArn(this, 'Key', {key}){reuse},"));
        line(3, "),");
    }
    if export.is_retained {
        line(3, "removalPolicy: cdk.RemovalPolicy.RETAIN,");
    }
    definition(plan, values, &mut line);
    line(2, "});");
    for (key, value) in &export.tags {
        line(2, &format!("cdk.Tags.of(this).add({}, {});", quoted(key), quoted(value)));
    }
    if let Some(alias) = &export.alias {
        line(2, "const version = new sfn.CfnStateMachineVersion(this, 'Version', {");
        line(3, "stateMachineArn: this.stateMachine.stateMachineArn,");
        line(3, "stateMachineRevisionId: this.stateMachine.stateMachineRevisionId,");
        line(2, "});");
        line(2, "version.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);");
        line(2, "new sfn.CfnStateMachineAlias(this, 'Alias', {");
        line(3, &format!("name: {},", quoted(&alias.name)));
        line(3, "deploymentPreference: { stateMachineVersionArn: version.ref, type: 'ALL_AT_ONCE' },");
        line(2, "});");
    }
    line(1, "}");
    line(0, "}");
    text
}

fn definition(plan: &Plan<'_>, values: &BTreeMap<String, String>, line: &mut impl FnMut(usize, &str)) {
    let definition = &plan.definition;
    let by_key = |reference: &Reference| format!("${{{}}}", reference.key);
    let substitutions: Vec<String> = definition
        .references
        .iter()
        .filter(|(_, reference)| !reference.pointer.is_empty())
        .filter_map(|(name, reference)| Some(format!("{}: {}", reference.key, values.get(name)?)))
        .collect();
    let literal = |json: &Json| format!("`{}`", escaped(&format!("{json:#}")));
    if definition.has_text {
        let dollar = |text: &str, _| text.replace("${", "${Dollar}{");
        let text = literal(&definition.rewrite(&dollar, &by_key));
        let substitutions: Vec<String> = substitutions.into_iter().chain(["Dollar: '$'".to_owned()]).collect();
        line(3, "definitionBody: sfn.DefinitionBody.fromString(cdk.Fn.sub(");
        line(4, &format!("{text},"));
        line(4, &format!("{{ {} }},", substitutions.join(", ")));
        line(3, ")),");
        return;
    }
    let text = literal(&definition.rewrite(&|text, _| text.to_owned(), &by_key));
    line(3, &format!("definitionBody: sfn.DefinitionBody.fromString({text}),"));
    if !substitutions.is_empty() {
        line(3, &format!("definitionSubstitutions: {{ {} }},", substitutions.join(", ")));
    }
}

/// The TypeScript expression for a reference. `None` if the CDK has no form for its binding.
fn expression(reference: &Reference) -> Option<String> {
    Some(match &reference.binding.value {
        Bound::Resource(name) => scope_part(name)?.to_owned(),
        Bound::ImportValue(name) => format!("cdk.Fn.importValue({})", quoted(name)),
        Bound::Expression(text) => text.clone(),
        Bound::Parameter => format!("props.{}", names::camel(&reference.key)),
        Bound::Literal(value) => quoted(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str()),
        Bound::Activity(_) => format!("{}Activity.activityArn", names::camel(&reference.key)),
        Bound::Attribute(..) | Bound::Sub(_) | Bound::Text | Bound::EvaluatingFunction => return None,
    })
}

fn scope_part(pseudo_parameter: &str) -> Option<&'static str> {
    Some(match pseudo_parameter {
        "AWS::Partition" => "cdk.Aws.PARTITION",
        "AWS::Region" => "cdk.Aws.REGION",
        "AWS::AccountId" => "cdk.Aws.ACCOUNT_ID",
        "AWS::URLSuffix" => "cdk.Aws.URL_SUFFIX",
        "AWS::StackName" => "cdk.Aws.STACK_NAME",
        _ => return None,
    })
}

/// Text that contains expressions, as a template literal.
fn template(arn: &Arn, values: &BTreeMap<String, String>) -> String {
    let mut text = String::from("`");
    for piece in arn.pieces() {
        match piece {
            Piece::Literal(part) => text.push_str(&escaped(part)),
            Piece::Wildcard => text.push('*'),
            Piece::Scope(part) => {
                let name = match part {
                    ScopePart::Partition => "PARTITION",
                    ScopePart::Region => "REGION",
                    ScopePart::Account => "ACCOUNT_ID",
                };
                let _ = write!(text, "${{cdk.Aws.{name}}}");
            }
            Piece::Reference(name, function) => {
                let value = values.get(name).map_or("''", String::as_str);
                let _ = match function {
                    None | Some(Function::Lowercase) => write!(text, "${{{value}}}"),
                    Some(Function::QueueAccount) => write!(text, "${{cdk.Fn.select(3, cdk.Fn.split('/', {value}))}}"),
                    Some(Function::QueueName) => write!(text, "${{cdk.Fn.select(4, cdk.Fn.split('/', {value}))}}"),
                    Some(Function::StateMachineName) => {
                        write!(text, "${{cdk.Fn.select(6, cdk.Fn.split(':', {value}))}}")
                    }
                };
            }
        }
    }
    text.push('`');
    text
}

/// Literal text inside a template literal.
fn escaped(text: &str) -> String {
    // A line break `\r` would become `\n`.
    text.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${").replace('\r', "\\r")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for sign in text.chars() {
        match sign {
            '\'' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\u{2028}' | '\u{2029}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(sign));
            }
            sign => quoted.push(sign),
        }
    }
    quoted.push('\'');
    quoted
}

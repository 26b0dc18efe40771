//! Terraform, for the provider `hashicorp/aws`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::binding::Bound;
use super::definition::Reference;
use super::hcl::{Hcl, directives, literal, normalized, quoted};
use super::{PRINCIPAL, Plan, names, object, problem};
use crate::Problems;
use crate::iam::{Arn, Documents, Function, Piece, Policy, ScopePart};
use crate::value::{Json, Object};

/// The local for a dollar sign, in a text where one comes before a reference: `$${` would be an escape.
const DOLLAR: &str = "dollar";

/// The text without the dollar signs at its end, and the expressions for these, if a reference follows.
fn before_reference(text: &str, is_before_reference: bool) -> (&str, String) {
    let rest = if is_before_reference { text.trim_end_matches('$') } else { text };
    (rest, format!("${{local.{DOLLAR}}}").repeat(text.len() - rest.len()))
}

pub(super) fn configuration(plan: &Plan<'_>) -> Result<String, Problems> {
    let mut problems = Vec::new();
    let bound = plan.values(&mut problems, "Terraform", |_, reference| expression(reference));
    let export = plan.export;
    if export.alias.as_ref().is_some_and(|alias| alias.shift.steps().is_some() || !alias.alarms.is_empty()) {
        problems.push(problem(
            "",
            "Terraform's AWS provider can only move an alias at once: it supports neither alarms nor gradual deployment",
            "remove the gradual deployment and the alarms, or write a CloudFormation template",
        ));
    }
    if !problems.is_empty() {
        return Err(Problems::new(problems));
    }
    let label = names::snake(&export.logical_id);
    let name = export.name.clone().unwrap_or_else(|| names::kebab(&export.logical_id));
    let mut module = Module { plan, label, name, locals: BTreeMap::new(), data: BTreeSet::new(), hcl: Hcl::default() };
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for (name, expression) in bound {
        // The definition and the policy use the same locals. The name of a local contains no quotation mark, which
        // the text of the definition could not contain.
        let local = names::snake(&plan.definition.references[&name].key);
        module.locals.insert(local.clone(), expression);
        values.insert(name, format!("local.{local}"));
    }
    Ok(module.write(&values))
}

/// The HCL expression for a reference. `None` if Terraform has no form for its binding.
fn expression(reference: &Reference) -> Option<String> {
    Some(match &reference.binding.value {
        Bound::Resource(name) => scope_part(name)?.to_owned(),
        Bound::Expression(text) => text.clone(),
        Bound::Parameter => format!("var.{}", names::snake(&reference.key)),
        Bound::Literal(value) => quoted(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str()),
        Bound::Activity(_) => format!("aws_sfn_activity.{}.arn", names::snake(&reference.key)),
        Bound::Attribute(..) | Bound::Sub(_) | Bound::ImportValue(_) | Bound::Text | Bound::EvaluatingFunction => {
            return None;
        }
    })
}

fn scope_part(pseudo_parameter: &str) -> Option<&'static str> {
    Some(match pseudo_parameter {
        "AWS::Partition" => "data.aws_partition.current.partition",
        "AWS::Region" => "data.aws_region.current.id",
        "AWS::AccountId" => "data.aws_caller_identity.current.account_id",
        "AWS::URLSuffix" => "data.aws_partition.current.dns_suffix",
        _ => return None,
    })
}

struct Module<'p> {
    plan: &'p Plan<'p>,
    label: String,
    name: String,
    locals: BTreeMap<String, String>,
    /// The data sources that the configuration reads.
    data: BTreeSet<&'static str>,
    hcl: Hcl,
}

impl Module<'_> {
    fn write(mut self, values: &BTreeMap<String, String>) -> String {
        let (plan, label) = (self.plan, self.label.clone());
        let policies: Vec<Json> = plan.documents.policies().iter().map(|it| self.policy(it, values)).collect();
        let definition = self.definition(values);
        let condition = object([
            ("StringEquals", object([("aws:SourceAccount", self.scope(ScopePart::Account).into())])),
            (
                "ArnLike",
                object([("aws:SourceArn", {
                    let [partition, region, account] =
                        [ScopePart::Partition, ScopePart::Region, ScopePart::Account].map(|part| self.scope(part));
                    format!("arn:{partition}:states:{region}:{account}:stateMachine:*").into()
                })]),
            ),
        ]);
        let key = plan
            .export
            .encryption_key
            .as_deref()
            .map(|key| self.template(&plan.definition.settle(&Arn::parse(key)), values));
        self.variables();
        self.used_data();
        if !self.locals.is_empty() {
            let locals = std::mem::take(&mut self.locals);
            self.hcl.block("locals", |hcl| locals.iter().for_each(|(name, value)| hcl.set(name, value.clone())));
        }
        self.activities();
        self.role(&label, condition);
        let depends = self.permissions(&label, &policies);
        self.log_group(&label);
        self.machine(&label, &definition, key, depends);
        if let Some(alias) = &plan.export.alias {
            self.hcl.block(&format!("resource \"aws_sfn_alias\" \"{label}\""), |hcl| {
                hcl.set("name", quoted(&alias.name));
                hcl.space();
                hcl.block("routing_configuration", |hcl| {
                    hcl.set(
                        "state_machine_version_arn",
                        format!("aws_sfn_state_machine.{label}.state_machine_version_arn"),
                    );
                    hcl.set("weight", "100");
                });
            });
        }
        if !plan.export.is_fragment {
            self.outputs(&label);
        }
        self.hcl.finish()
    }

    /// The definition with `${local.name}` for each reference.
    fn definition(&mut self, values: &BTreeMap<String, String>) -> String {
        let definition = &self.plan.definition;
        let needs_dollar = std::cell::Cell::new(false);
        let escape = |text: &str, is_before_reference| {
            let (text, dollars) = before_reference(text, is_before_reference);
            needs_dollar.set(needs_dollar.get() || !dollars.is_empty());
            directives(text) + &dollars
        };
        let by_name: BTreeMap<&str, &String> = definition
            .references
            .iter()
            .filter_map(|(name, reference)| Some((reference.key.as_str(), values.get(name)?)))
            .collect();
        let reference = |reference: &Reference| {
            format!("${{{}}}", by_name.get(reference.key.as_str()).map_or("", |it| it.as_str()))
        };
        let text = normalized(&format!("{:#}", definition.rewrite(&escape, &reference)));
        if needs_dollar.get() {
            self.locals.insert(DOLLAR.to_owned(), quoted("$"));
        }
        text
    }

    fn variables(&mut self) {
        for (name, reference) in &self.plan.definition.references {
            if reference.binding.value == Bound::Parameter {
                self.hcl.block(&format!("variable \"{}\"", names::snake(&reference.key)), |hcl| {
                    hcl.set("type", "string");
                    hcl.set("description", quoted(&reference.description(name)));
                });
            }
        }
    }

    fn used_data(&mut self) {
        let text: String = self.locals.values().map(String::as_str).collect();
        for part in ["aws_partition", "aws_region", "aws_caller_identity"] {
            if self.data.contains(part) || text.contains(&format!("data.{part}.current")) {
                self.hcl.block(&format!("data \"{part}\" \"current\""), |_| {});
            }
        }
    }

    fn activities(&mut self) {
        for reference in self.plan.definition.references.values() {
            if let Bound::Activity(name) = &reference.binding.value {
                let label = names::snake(&reference.key);
                self.hcl.block(&format!("resource \"aws_sfn_activity\" \"{label}\""), |hcl| {
                    hcl.set("name", quoted(name));
                });
            }
        }
    }

    fn role(&mut self, label: &str, condition: Json) {
        let statement = object([
            ("Effect", "Allow".into()),
            ("Principal", object([("Service", PRINCIPAL.into())])),
            ("Action", "sts:AssumeRole".into()),
            ("Condition", condition),
        ]);
        let trust = object([("Version", "2012-10-17".into()), ("Statement", Json::from(vec![statement]))]);
        let tags = self.tags();
        self.hcl.block(&format!("resource \"aws_iam_role\" \"{label}\""), |hcl| {
            hcl.value("assume_role_policy", "jsonencode(", &trust, ")");
            if let Some(tags) = &tags {
                hcl.value("tags", "", tags, "");
            }
        });
    }

    /// The policies of the role. Returns the resources on which the state machine depends.
    fn permissions(&mut self, label: &str, policies: &[Json]) -> Option<String> {
        match &self.plan.documents {
            Documents::Inline(policy) if policy.is_empty() => None,
            Documents::Inline(_) => {
                self.hcl.block(&format!("resource \"aws_iam_role_policy\" \"{label}\""), |hcl| {
                    hcl.set("role", format!("aws_iam_role.{label}.id"));
                    policies.iter().for_each(|policy| hcl.value("policy", "jsonencode(", policy, ")"));
                });
                Some(format!("[aws_iam_role_policy.{label}]"))
            }
            Documents::Managed(_) => {
                let mut attachments = Vec::with_capacity(policies.len());
                for (number, policy) in policies.iter().enumerate() {
                    let label_of_policy = format!("{label}_{}", number + 1);
                    self.hcl.block(&format!("resource \"aws_iam_policy\" \"{label_of_policy}\""), |hcl| {
                        hcl.value("policy", "jsonencode(", policy, ")");
                    });
                    let attachment = format!("resource \"aws_iam_role_policy_attachment\" \"{label_of_policy}\"");
                    self.hcl.block(&attachment, |hcl| {
                        hcl.set("role", format!("aws_iam_role.{label}.name"));
                        hcl.set("policy_arn", format!("aws_iam_policy.{label_of_policy}.arn"));
                    });
                    attachments.push(format!("aws_iam_role_policy_attachment.{label_of_policy}"));
                }
                Some(format!("[{}]", attachments.join(", ")))
            }
        }
    }

    fn log_group(&mut self, label: &str) {
        let Some(logging) = &self.plan.export.logging else { return };
        let (name, tags) = (&self.name, self.tags());
        self.hcl.block(&format!("resource \"aws_cloudwatch_log_group\" \"{label}\""), |hcl| {
            hcl.set("name", quoted(&format!("/aws/vendedlogs/states/{name}")));
            if let Some(days) = logging.retention_days {
                hcl.set("retention_in_days", days.to_string());
            }
            if let Some(tags) = &tags {
                hcl.value("tags", "", tags, "");
            }
        });
    }

    fn machine(&mut self, label: &str, definition: &str, key: Option<String>, depends: Option<String>) {
        let (export, name, tags) = (self.plan.export, &self.name, self.tags());
        self.hcl.block(&format!("resource \"aws_sfn_state_machine\" \"{label}\""), |hcl| {
            hcl.set("name", quoted(name));
            if export.is_express {
                hcl.set("type", quoted("EXPRESS"));
            }
            hcl.set("role_arn", format!("aws_iam_role.{label}.arn"));
            if export.alias.is_some() {
                hcl.set("publish", "true");
            }
            hcl.heredoc("definition", definition);
            if let Some(logging) = &export.logging {
                hcl.space();
                hcl.block("logging_configuration", |hcl| {
                    hcl.set("log_destination", format!("\"${{aws_cloudwatch_log_group.{label}.arn}}:*\""));
                    hcl.set("include_execution_data", logging.with_data.to_string());
                    hcl.set("level", quoted(logging.level.name()));
                });
            }
            if export.is_traced {
                hcl.space();
                hcl.block("tracing_configuration", |hcl| hcl.set("enabled", "true"));
            }
            if let Some(key) = key {
                hcl.space();
                hcl.block("encryption_configuration", |hcl| {
                    hcl.set("type", quoted("CUSTOMER_MANAGED_KMS_KEY"));
                    hcl.set("kms_key_id", format!("\"{key}\""));
                    if let Some(seconds) = export.key_reuse {
                        hcl.set("kms_data_key_reuse_period_seconds", seconds.to_string());
                    }
                });
            }
            if let Some(tags) = &tags {
                hcl.space();
                hcl.value("tags", "", tags, "");
            }
            if export.is_retained {
                hcl.space();
                hcl.block("lifecycle", |hcl| hcl.set("prevent_destroy", "true"));
            }
            if let Some(depends) = depends {
                // Step Functions checks the permissions of the role when it creates the state machine.
                hcl.space();
                hcl.set("depends_on", depends);
            }
        });
    }

    fn outputs(&mut self, label: &str) {
        let mut output = |name: String, text: &str, value: String| {
            self.hcl.block(&format!("output \"{name}\""), |hcl| {
                hcl.set("description", quoted(text));
                hcl.set("value", value);
            });
        };
        output(format!("{label}_arn"), "The ARN of the state machine", format!("aws_sfn_state_machine.{label}.arn"));
        output(
            format!("{label}_role_arn"),
            "The ARN of the role of the state machine",
            format!("aws_iam_role.{label}.arn"),
        );
        if self.plan.export.alias.is_some() {
            let text = "The ARN of the alias to start executions with";
            output(format!("{label}_alias_arn"), text, format!("aws_sfn_alias.{label}.arn"));
        }
    }

    fn tags(&self) -> Option<Json> {
        let tags = &self.plan.export.tags;
        let mut members = Object::new();
        for (key, value) in tags {
            members.insert(key.clone(), literal(value));
        }
        (!tags.is_empty()).then_some(Json::Object(members))
    }

    /// A policy whose texts are HCL templates.
    fn policy(&mut self, policy: &Policy, values: &BTreeMap<String, String>) -> Json {
        let statements = policy.statements().iter().map(|statement| {
            let mut written = Object::new();
            written.insert("Effect", "Allow");
            let actions = statement.actions.iter().map(|action| Json::from(action.clone()));
            written.insert("Action", Json::Array(actions.collect()));
            let mut resources: Vec<Json> = Vec::with_capacity(statement.resources.len());
            let mut known = HashSet::new();
            for resource in &statement.resources {
                let template = self.template(resource, values);
                if known.insert(template.clone()) {
                    resources.push(template.into());
                }
            }
            written.insert("Resource", Json::from(resources));
            if !statement.conditions.is_empty() {
                let mut conditions = Object::new();
                for (operator, key, value) in &statement.conditions {
                    if !conditions.contains(operator) {
                        conditions.insert(operator.clone(), Object::new());
                    }
                    if let Some(Json::Object(keys)) = conditions.get_mut(operator) {
                        keys.insert(key.clone(), self.template(value, values));
                    }
                }
                written.insert("Condition", conditions);
            }
            Json::Object(written)
        });
        let statements = Json::Array(statements.collect());
        object([("Version", "2012-10-17".into()), ("Statement", statements)])
    }

    /// Text that contains expressions, inside a string of HCL.
    fn template(&mut self, arn: &Arn, values: &BTreeMap<String, String>) -> String {
        let mut text = String::new();
        let mut pieces = arn.pieces().iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Literal(part) => {
                    let is_before = matches!(pieces.peek(), Some(Piece::Scope(_) | Piece::Reference(..)));
                    let (part, dollars) = before_reference(part, is_before);
                    if !dollars.is_empty() {
                        self.locals.insert(DOLLAR.to_owned(), quoted("$"));
                    }
                    text.push_str(&literal(part));
                    text.push_str(&dollars);
                }
                Piece::Wildcard => text.push('*'),
                Piece::Scope(part) => text.push_str(&self.scope(*part)),
                Piece::Reference(name, function) => {
                    let value = values.get(name).map_or("\"\"", String::as_str);
                    text.push_str(&match function {
                        None => format!("${{{value}}}"),
                        Some(Function::QueueAccount) => format!("${{split(\"/\", {value})[3]}}"),
                        Some(Function::QueueName) => format!("${{split(\"/\", {value})[4]}}"),
                        Some(Function::StateMachineName) => format!("${{split(\":\", {value})[6]}}"),
                        Some(Function::Lowercase) => format!("${{lower({value})}}"),
                    });
                }
            }
        }
        text
    }

    /// A part of the scope, from a data source.
    fn scope(&mut self, part: ScopePart) -> String {
        let (source, attribute) = match part {
            ScopePart::Partition => ("aws_partition", "partition"),
            ScopePart::Region => ("aws_region", "id"),
            ScopePart::Account => ("aws_caller_identity", "account_id"),
        };
        self.data.insert(source);
        format!("${{data.{source}.current.{attribute}}}")
    }
}

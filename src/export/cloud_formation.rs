//! Templates of CloudFormation, and the parts that SAM templates have too.

use std::collections::BTreeMap;

use super::binding::Bound;
use super::definition::{Definition, Reference};
use super::{PRINCIPAL, Plan, Template, names, object, problem};
use crate::Problems;
use crate::check::Diagnostic;
use crate::iam::{Arn, Documents, Policy, Target};
use crate::value::{Json, Object};

/// A condition of the role's trust policy must contain the ARN of a state machine. This one matches every machine of the account.
const ANY_MACHINE: &str = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:*";

pub(super) fn template(plan: &Plan<'_>) -> Result<Template, Problems> {
    let mut parts = Parts::new(plan, "CloudFormation");
    let export = plan.export;
    let mut properties = Object::new();
    if let Some(name) = parts.machine_name() {
        properties.insert("StateMachineName", name);
    }
    if export.is_express {
        properties.insert("StateMachineType", "EXPRESS");
    }
    properties.insert("RoleArn", get_att(&parts.role_id(), "Arn"));
    definition(&plan.definition, &parts.values, &mut properties);
    if let Some(configuration) = parts.logging_configuration() {
        properties.insert("LoggingConfiguration", configuration);
    }
    if export.is_traced {
        properties.insert("TracingConfiguration", object([("Enabled", true.into())]));
    }
    if let Some(key) = &export.encryption_key {
        let mut configuration = Object::new();
        configuration.insert("Type", "CUSTOMER_MANAGED_KMS_KEY");
        configuration.insert("KmsKeyId", parts.text(key));
        if let Some(seconds) = export.key_reuse {
            configuration.insert("KmsDataKeyReusePeriodSeconds", i64::from(seconds));
        }
        properties.insert("EncryptionConfiguration", configuration);
    }
    if let Some(tags) = parts.tags() {
        properties.insert("Tags", tags);
    }
    parts.version_and_alias();
    let mut machine = Object::new();
    machine.insert("Type", "AWS::StepFunctions::StateMachine");
    parts.retain(&mut machine);
    machine.insert("Properties", properties);
    parts.finish(machine, None)
}

/// Writes the definition in the first of these forms that can contain it: an object, a string, a string for
/// `Fn::Sub`.
fn definition(definition: &Definition, values: &BTreeMap<String, Json>, properties: &mut Object) {
    let by_key = |reference: &Reference| format!("${{{}}}", reference.key);
    let mut substitutions = Object::new();
    for (name, reference) in &definition.references {
        // References of the settings are not in the definition.
        if !reference.pointer.is_empty() {
            if let Some(value) = values.get(name) {
                substitutions.insert(reference.key.clone(), value.clone());
            }
        }
    }
    if definition.has_text {
        // `${Dollar}` is the only escape that works for every text, whether the brace is closed or not.
        let dollar = |text: &str, _| text.replace("${", "${Dollar}{");
        let text = format!("{:#}", definition.rewrite(&dollar, &by_key));
        substitutions.insert("Dollar", "$");
        properties.insert("DefinitionString", call("Fn::Sub", Json::from(vec![text.into(), substitutions.into()])));
        return;
    }
    let json = definition.rewrite(&|text, _| text.to_owned(), &by_key);
    match definition.has_null || definition.has_unquoted || definition.has_function {
        true => properties.insert("DefinitionString", format!("{json:#}")),
        false => properties.insert("Definition", json),
    };
    if !substitutions.is_empty() {
        properties.insert("DefinitionSubstitutions", substitutions);
    }
}

/// The parts that CloudFormation and SAM templates share.
pub(super) struct Parts<'p> {
    pub(super) plan: &'p Plan<'p>,
    /// The value of each reference, by its name.
    pub(super) values: BTreeMap<String, Json>,
    parameters: Object,
    resources: Object,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'p> Parts<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, target: &str) -> Self {
        let mut problems = Vec::new();
        let values = plan.values(&mut problems, target, |_, reference| value(reference));
        let mut parts = Self { plan, values, parameters: Object::new(), resources: Object::new(), problems };
        for (name, reference) in &plan.definition.references {
            parts.needed_by(name, reference);
        }
        parts.role();
        parts.log_group();
        parts
    }

    /// Adds the parameter or the resource that the binding of a reference needs.
    fn needed_by(&mut self, name: &str, reference: &Reference) {
        let key = reference.key.clone();
        match &reference.binding.value {
            Bound::Parameter if !reference.evaluates => {
                let mut parameter = Object::new();
                parameter.insert("Type", "String");
                parameter.insert(
                    "Description",
                    match reference.is_unquoted {
                        true => format!("A JSON value: the value of {name} in the definition"),
                        false => reference.description(name),
                    },
                );
                self.parameters.insert(key, parameter);
            }
            Bound::Activity(activity) => {
                let properties = object([("Name", activity.clone().into())]);
                let resource = object([("Type", "AWS::StepFunctions::Activity".into()), ("Properties", properties)]);
                self.resources.insert(format!("{key}Activity"), resource);
            }
            Bound::EvaluatingFunction | Bound::Parameter => {
                let function = crate::custom::evaluate_expression::EvaluatingFunction::new(format!("{key}Function"));
                if let Json::Object(resources) = function.resources() {
                    for (id, resource) in resources {
                        self.resources.insert(id, resource);
                    }
                }
            }
            _ => {}
        }
    }

    /// The name of the machine. `None` if AWS chooses it.
    pub(super) fn machine_name(&self) -> Option<Json> {
        match &self.plan.export.name {
            Some(name) => Some(name.clone().into()),
            None => self.plan.needs_name.then(|| call("Fn::Sub", self.plan.export.name_of_stack())),
        }
    }

    pub(super) fn role_id(&self) -> String {
        format!("{}Role", self.plan.export.logical_id)
    }

    fn role(&mut self) {
        let condition = object([
            ("StringEquals", object([("aws:SourceAccount", reference("AWS::AccountId"))])),
            ("ArnLike", object([("aws:SourceArn", call("Fn::Sub", ANY_MACHINE))])),
        ]);
        let mut properties = Object::new();
        properties.insert("AssumeRolePolicyDocument", trust(condition));
        let target = Target::CloudFormation(&self.values);
        match &self.plan.documents {
            Documents::Inline(policy) if policy.is_empty() => {}
            Documents::Inline(policy) => {
                let inline = object([("PolicyName", "Definition".into()), ("PolicyDocument", policy.to_json(&target))]);
                properties.insert("Policies", Json::from(vec![inline]));
            }
            Documents::Managed(policies) => {
                let ids = self.managed_policies(policies);
                properties.insert("ManagedPolicyArns", Json::Array(ids.iter().map(|id| reference(id)).collect()));
            }
        }
        if let Some(tags) = self.tags() {
            properties.insert("Tags", tags);
        }
        self.add(&self.role_id(), "AWS::IAM::Role", properties);
    }

    fn managed_policies(&mut self, policies: &[Policy]) -> Vec<String> {
        let mut ids = Vec::with_capacity(policies.len());
        for (number, policy) in policies.iter().enumerate() {
            let id = format!("{}Policy{}", self.plan.export.logical_id, number + 1);
            let document = policy.to_json(&Target::CloudFormation(&self.values));
            let mut properties = Object::new();
            properties.insert("PolicyDocument", document);
            self.add(&id, "AWS::IAM::ManagedPolicy", properties);
            ids.push(id);
        }
        ids
    }

    fn log_group_id(&self) -> String {
        format!("{}Logs", self.plan.export.logical_id)
    }

    fn log_group(&mut self) {
        let Some(logging) = &self.plan.export.logging else { return };
        let name = match &self.plan.export.name {
            Some(name) => format!("/aws/vendedlogs/states/{name}").into(),
            None => {
                let id = &self.plan.export.logical_id;
                call("Fn::Sub", format!("/aws/vendedlogs/states/${{AWS::StackName}}-{id}"))
            }
        };
        let mut properties = Object::new();
        properties.insert("LogGroupName", name);
        if let Some(days) = logging.retention_days {
            properties.insert("RetentionInDays", i64::from(days));
        }
        if let Some(tags) = self.tags() {
            properties.insert("Tags", tags);
        }
        let mut resource = Object::new();
        resource.insert("Type", "AWS::Logs::LogGroup");
        // Logs are evidence, so they are kept when the machine is deleted.
        resource.insert("DeletionPolicy", "Retain");
        resource.insert("UpdateReplacePolicy", "Retain");
        resource.insert("Properties", properties);
        self.resources.insert(self.log_group_id(), resource);
    }

    pub(super) fn logging_configuration(&self) -> Option<Json> {
        let logging = self.plan.export.logging.as_ref()?;
        let group = object([("LogGroupArn", get_att(&self.log_group_id(), "Arn"))]);
        Some(object([
            ("Level", logging.level.name().into()),
            ("IncludeExecutionData", logging.with_data.into()),
            ("Destinations", Json::from(vec![object([("CloudWatchLogsLogGroup", group)])])),
        ]))
    }

    /// The tags as a list of keys and values.
    fn tags(&self) -> Option<Json> {
        let tags = &self.plan.export.tags;
        let list =
            tags.iter().map(|(key, value)| object([("Key", key.clone().into()), ("Value", value.clone().into())]));
        (!tags.is_empty()).then(|| Json::Array(list.collect()))
    }

    /// The version that each deployment publishes, and the alias that moves to it.
    fn version_and_alias(&mut self) {
        let export = self.plan.export;
        let Some(alias) = &export.alias else { return };
        let version_id = format!("{}Version", export.logical_id);
        let mut properties = Object::new();
        properties.insert("StateMachineArn", reference(&export.logical_id));
        properties.insert("StateMachineRevisionId", get_att(&export.logical_id, "StateMachineRevisionId"));
        let mut version = Object::new();
        version.insert("Type", "AWS::StepFunctions::StateMachineVersion");
        // During a gradual deployment, the alias still points to the old version and may roll back to it.
        version.insert("DeletionPolicy", "Retain");
        version.insert("UpdateReplacePolicy", "Retain");
        version.insert("Properties", properties);
        self.resources.insert(version_id.clone(), version);

        let mut preference = Object::new();
        preference.insert("StateMachineVersionArn", reference(&version_id));
        preference.insert("Type", alias.shift.name());
        if let Some((percentage, minutes)) = alias.shift.steps() {
            preference.insert("Percentage", i64::from(percentage));
            preference.insert("Interval", i64::from(minutes));
        }
        if !alias.alarms.is_empty() {
            let alarms = alias.alarms.iter().map(|alarm| self.text(alarm)).collect();
            preference.insert("Alarms", Json::Array(alarms));
        }
        let mut properties = Object::new();
        properties.insert("Name", alias.name.clone());
        properties.insert("DeploymentPreference", preference);
        self.add(&self.alias_id(), "AWS::StepFunctions::StateMachineAlias", properties);
    }

    fn alias_id(&self) -> String {
        format!("{}Alias", self.plan.export.logical_id)
    }

    pub(super) fn retain(&self, resource: &mut Object) {
        if self.plan.export.is_retained {
            resource.insert("DeletionPolicy", "Retain");
            resource.insert("UpdateReplacePolicy", "Retain");
        }
    }

    /// Text from the settings, which may contain references.
    pub(super) fn text(&self, text: &str) -> Json {
        Target::CloudFormation(&self.values).value(&self.plan.definition.settle(&Arn::parse(text)))
    }

    fn add(&mut self, id: &str, kind: &'static str, properties: Object) {
        let resource = object([("Type", kind.into()), ("Properties", properties.into())]);
        self.resources.insert(id.to_owned(), resource);
    }

    /// The whole template.
    pub(super) fn finish(mut self, machine: Object, transform: Option<&'static str>) -> Result<Template, Problems> {
        let export = self.plan.export;
        let id = export.logical_id.clone();
        let taken = self.resources.contains(&id) || self.parameters.contains(&id);
        let clash = self.parameters.names().find(|name| self.resources.contains(name));
        if let Some(name) = clash.or_else(|| taken.then_some(id.as_str())) {
            self.problems.push(problem(
                "",
                format!("the template has two entries with the logical ID `{name}`"),
                "set another logical ID for the state machine",
            ));
        }
        if !self.problems.is_empty() {
            return Err(Problems::new(self.problems));
        }
        let mut template = Object::new();
        if !export.is_fragment {
            template.insert("AWSTemplateFormatVersion", "2010-09-09");
            if let Some(transform) = transform {
                template.insert("Transform", transform);
            }
            if let Some(text) = &export.comment {
                template.insert("Description", text.clone());
            }
        }
        if !self.parameters.is_empty() {
            template.insert("Parameters", self.parameters);
        }
        let mut resources = Object::with_capacity(self.resources.len() + 1);
        resources.insert(id.clone(), machine);
        for (name, resource) in self.resources {
            resources.insert(name, resource);
        }
        template.insert("Resources", resources);
        if !export.is_fragment {
            let output = |text: &'static str, value: Json| object([("Description", text.into()), ("Value", value)]);
            let mut outputs = Object::new();
            outputs.insert(format!("{id}Arn"), output("The ARN of the state machine", reference(&id)));
            outputs.insert(
                format!("{id}RoleArn"),
                output("The ARN of the role of the state machine", get_att(&format!("{id}Role"), "Arn")),
            );
            if export.alias.is_some() && transform.is_none() {
                outputs.insert(
                    format!("{id}AliasArn"),
                    output("The ARN of the alias to start executions with", reference(&format!("{id}Alias"))),
                );
            }
            template.insert("Outputs", outputs);
        }
        Ok(Template { json: Json::Object(template), files: Vec::new() })
    }
}

/// A trust policy for Step Functions.
fn trust(condition: Json) -> Json {
    let statement = object([
        ("Effect", "Allow".into()),
        ("Principal", object([("Service", PRINCIPAL.into())])),
        ("Action", "sts:AssumeRole".into()),
        ("Condition", condition),
    ]);
    object([("Version", "2012-10-17".into()), ("Statement", Json::from(vec![statement]))])
}

/// The value of a reference. `None` if CloudFormation has no form for its binding.
fn value(reference: &Reference) -> Option<Json> {
    let key = &reference.key;
    Some(match &reference.binding.value {
        Bound::Resource(id) => self::reference(id),
        Bound::Attribute(id, attribute) => get_att(id, attribute),
        Bound::Sub(text) => call("Fn::Sub", text.clone()),
        Bound::ImportValue(name) => call("Fn::ImportValue", name.clone()),
        Bound::Parameter if !reference.evaluates => self::reference(key),
        Bound::Literal(value) => value.clone(),
        Bound::EvaluatingFunction | Bound::Parameter => get_att(&format!("{key}Function"), "Arn"),
        Bound::Activity(_) => self::reference(&format!("{key}Activity")),
        Bound::Text | Bound::Expression(_) => return None,
    })
}

pub(super) fn call(name: &'static str, argument: impl Into<Json>) -> Json {
    let mut object = Object::new();
    object.insert(name, argument);
    object.into()
}

pub(super) fn reference(id: &str) -> Json {
    call("Ref", id.to_owned())
}

fn get_att(id: &str, attribute: &str) -> Json {
    call("Fn::GetAtt", Json::from(vec![id.to_owned().into(), attribute.to_owned().into()]))
}

/// The name of the file next to a template that contains the definition.
pub(super) fn file_name(logical_id: &str) -> String {
    format!("{}.asl.json", names::kebab(logical_id))
}

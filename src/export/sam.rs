//! SAM.

use super::cloud_formation::{Parts, file_name};
use super::definition::Reference;
use super::settings::Shift;
use super::{Plan, Template, problem};
use crate::Problems;
use crate::value::{Json, Object};

pub(super) fn template(plan: &Plan<'_>) -> Result<Template, Problems> {
    let mut parts = Parts::new(plan, "SAM");
    let (export, definition) = (plan.export, &plan.definition);
    let mut properties = Object::new();
    if let Some(name) = parts.machine_name() {
        properties.insert("Name", name);
    }
    if export.is_express {
        properties.insert("Type", "EXPRESS");
    }
    properties.insert("Role", super::object([("Fn::GetAtt", Json::from(vec![parts.role_id().into(), "Arn".into()]))]));
    if definition.has_text {
        parts.problems.push(problem(
            "",
            "the definition contains `${` that does not start a reference, and a SAM template cannot escape it",
            "write a CloudFormation template, or set a value for the name with `bind`",
        ));
    }
    if export.encryption_key.is_some() {
        parts.problems.push(problem(
            "",
            "`AWS::Serverless::StateMachine` has no property for a customer managed key",
            "write a CloudFormation template: there, the state machine has `EncryptionConfiguration`",
        ));
    }
    let by_key = |reference: &Reference| format!("${{{}}}", reference.key);
    let json = definition.rewrite(&|text, _| text.to_owned(), &by_key);
    let mut files = Vec::new();
    if definition.has_null || definition.has_unquoted || definition.has_function {
        let file = file_name(&export.logical_id);
        properties.insert("DefinitionUri", file.clone());
        files.push((file, format!("{json:#}\n")));
    } else {
        properties.insert("Definition", json);
    }
    let mut substitutions = Object::new();
    for (name, reference) in definition.references.iter().filter(|(_, reference)| !reference.pointer.is_empty()) {
        if let Some(value) = parts.values.get(name) {
            substitutions.insert(reference.key.clone(), value.clone());
        }
    }
    if !substitutions.is_empty() {
        properties.insert("DefinitionSubstitutions", substitutions);
    }
    if let Some(configuration) = parts.logging_configuration() {
        properties.insert("Logging", configuration);
    }
    if export.is_traced {
        properties.insert("Tracing", super::object([("Enabled", true.into())]));
    }
    if let Some(alias) = &export.alias {
        properties.insert("AutoPublishAlias", alias.name.clone());
        if alias.shift != Shift::AllAtOnce || !alias.alarms.is_empty() {
            let mut preference = Object::new();
            preference.insert("Type", alias.shift.name());
            if let Some((percentage, minutes)) = alias.shift.steps() {
                preference.insert("Percentage", i64::from(percentage));
                preference.insert("Interval", i64::from(minutes));
            }
            if !alias.alarms.is_empty() {
                let alarms = alias.alarms.iter().map(|alarm| parts.text(alarm)).collect();
                preference.insert("Alarms", Json::Array(alarms));
            }
            properties.insert("DeploymentPreference", preference);
        }
    }
    if !export.tags.is_empty() {
        let mut tags = Object::new();
        for (key, value) in &export.tags {
            tags.insert(key.clone(), value.clone());
        }
        properties.insert("Tags", tags);
    }
    let mut machine = Object::new();
    machine.insert("Type", "AWS::Serverless::StateMachine");
    parts.retain(&mut machine);
    machine.insert("Properties", properties);
    let mut template = parts.finish(machine, Some("AWS::Serverless-2016-10-31"))?;
    template.files = files;
    Ok(template)
}

//! The responses of AWS SDK calls.

use sfn_tasks_facts::{Service, Structure, Type, service};

use super::call;
use crate::fault::did_you_mean;

/// The response of a call, or a part of it, such as `glue:getJobRun.JobRun`; or an error if it does not exist.
pub(crate) fn follow(path: &str) -> Result<(&'static Service, Structure), String> {
    let mut steps = path.split('.');
    let call = steps.next().unwrap_or_default();
    let (name, operation) = call.split_once(':').unwrap_or((call, ""));
    if let Some(fault) = call::missing(name, operation) {
        return Err(fault);
    }
    let nothing = || format!("the response of `{call}` is unknown");
    let service = service(name).ok_or_else(nothing)?;
    let output = service.operation(operation).and_then(|operation| operation.output()).ok_or_else(nothing)?;
    let found = steps.try_fold(output, |structure, step| {
        let members = structure.members();
        let name = step.trim_end_matches("[]");
        let Some(member) = members.iter().find(|member| member.name == name) else {
            let hint = did_you_mean(name, members.iter().map(|member| member.name));
            return Err(format!("the response of `{call}` has no `{name}` here{hint}"));
        };
        let inner = match &member.shape {
            Type::List(items, _) if step.ends_with("[]") => items,
            shape => shape,
        };
        match inner {
            Type::Structure(name) => service.structure(name).ok_or_else(nothing),
            Type::List(..) => Err(format!("`{name}` is a list: write `{name}[]` for an element")),
            _ => Err(format!("`{name}` in the response of `{call}` has no members")),
        }
    })?;
    Ok((service, found))
}

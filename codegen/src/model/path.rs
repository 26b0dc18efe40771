//! Paths of parameters in permissions and task tokens: `Overrides.ContainerOverrides[].Environment[].Value`.

use std::collections::BTreeMap;

use super::{Shape, Structure, Type};
use crate::fault::did_you_mean;

/// The transforms of a resource template, which turn a value into a part of an ARN.
pub(crate) const TRANSFORMS: [&str; 27] = [
    "anyRevision",
    "apiId",
    "buildProject",
    "copySource",
    "customModel",
    "eventBus",
    "folder",
    "foundationModel",
    "functionArn",
    "ifArn",
    "inferenceProfile",
    "kmsKey",
    "lastOf",
    "lowercase",
    "objectsOf",
    "profileModel",
    "profileRole",
    "queueArn",
    "s3Bucket",
    "s3Object",
    "s3Objects",
    "s3Url",
    "secret",
    "slash",
    "stateMachineArn",
    "stateMachineName",
    "taskRoles",
];

/// An error if the path does not exist. Of several paths, such as `StreamARN/StreamName`, each must exist.
pub(crate) fn check(paths: &str, structure: &Structure, types: &BTreeMap<&str, &Type>) -> Result<(), String> {
    paths.split('/').try_for_each(|path| check_one(path, structure, types))
}

fn check_one(path: &str, structure: &Structure, types: &BTreeMap<&str, &Type>) -> Result<(), String> {
    let mut structure = structure;
    let mut steps = path.split('.').peekable();
    while let Some(part) = steps.next() {
        // The keys of a map: the path must end here.
        let name = part.strip_suffix("[keys]").unwrap_or(part).trim_end_matches("[]");
        let Some(member) = structure.member(name) else {
            let known = structure.members.iter().map(|member| member.name.as_str());
            return Err(format!("`{}` has no member `{name}`{}", structure.name, did_you_mean(name, known)));
        };
        if part.ends_with("[keys]") {
            return match member.shape {
                Shape::Map { .. } => Ok(()),
                _ => Err(format!("`{name}` is not a map, so it has no `[keys]`")),
            };
        }
        let mut shape = &member.shape;
        for _ in 0..part[name.len()..].len() / 2 {
            shape = match shape {
                Shape::List { items: inner, .. } | Shape::Map { values: inner, .. } => inner,
                _ => return Err(format!("`{name}` is neither a list nor a map, so it has no `[]`")),
            };
        }
        if steps.peek().is_none() {
            break;
        }
        structure = match shape {
            Shape::Structure(name) => match types.get(name.as_str()) {
                Some(Type::Structure(next)) => next,
                _ => return Ok(()),
            },
            _ => return Err(format!("`{name}` is not a structure, so the path must end there")),
        };
    }
    Ok(())
}

/// The placeholders of a template: the texts between `${` and `}`.
pub(crate) fn placeholders(template: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some(start) = rest.find("${") {
        let Some(end) = rest[start..].find('}') else {
            return Err("a placeholder `${` is not closed with `}`".to_owned());
        };
        found.push(&rest[start + 2..start + end]);
        rest = &rest[start + end + 1..];
    }
    Ok(found)
}

/// The member of a path without brackets.
pub(crate) fn shape<'s>(path: &str, structure: &'s Structure, types: &BTreeMap<&str, &'s Type>) -> Option<&'s Shape> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let found = &structure.member(first)?.shape;
    match (rest, found) {
        (None, _) => Some(found),
        (Some(rest), Shape::Structure(name)) => match types.get(name.as_str())? {
            Type::Structure(inner) => shape(rest, inner, types),
            Type::Enumeration(_) => None,
        },
        _ => None,
    }
}

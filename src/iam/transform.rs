//! The transforms of the specs: how a parameter's value becomes a part of an ARN.

use super::arn::{Arn, Condition, Function, Piece, ScopePart};

/// What replaces a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filled {
    pub(super) arn: Arn,
    /// Whether it also replaces the text before the placeholder.
    pub(super) replaces: bool,
    pub(super) condition: Option<Condition>,
}

impl Filled {
    pub(super) fn text(arn: Arn) -> Self {
        Self { arn, replaces: false, condition: None }
    }

    fn whole(arn: Arn) -> Self {
        Self { arn, replaces: true, condition: None }
    }
}

/// Applies a transform to a value.
pub(super) fn transform(name: Option<&str>, value: &Arn, is_arn: bool) -> Vec<Filled> {
    let as_it_is = |value: &Arn| match is_arn {
        true => Filled::whole(value.clone()),
        false => Filled::text(value.escaped()),
    };
    match name {
        Some("buildProject") => vec![Filled::text(build_project(value))],
        Some("anyRevision") => any_revision(value).iter().map(as_it_is).collect(),
        Some("apiId") => vec![api(value)],
        Some("lowercase") if !is_arn => vec![Filled::text(lowercase(value))],
        Some("foundationModel" | "inferenceProfile" | "customModel") => {
            let is_it = match name {
                Some("foundationModel") => Model::Foundation,
                Some("inferenceProfile") => Model::Profile,
                _ => Model::Custom,
            };
            models(value, is_arn).contains(&is_it).then(|| as_it_is(value)).into_iter().collect()
        }
        Some("copySource") if !is_arn => vec![Filled::text(copy_source(value))],
        // An ARN can replace a name, and contains its account.
        Some("eventBus") if value.is_any() => {
            vec![Filled::whole(Arn::parse("arn:${AWS::Partition}:events:").with_any("*:*:event-bus/*"))]
        }
        Some("folder") => vec![Filled::text(folder(value))],
        Some("functionArn") if !is_arn => vec![function(value).map_or_else(|| as_it_is(value), Filled::whole)],
        // A name, although the ARN of the resource contains an ID.
        Some("ifArn") if !is_arn => vec![Filled::text(Arn::any())],
        Some("kmsKey") => vec![kms_key(value, is_arn)],
        Some("lastOf") if is_arn => vec![Filled::text(last_of(value))],
        Some("objectsOf") if is_arn => vec![Filled::whole(objects_of(value))],
        Some("profileModel") => vec![Filled::text(profile_model(value))],
        Some("profileRole") if is_arn => vec![profile_role(value)],
        Some("queueArn") if !is_arn => vec![Filled::whole(queue(value))],
        Some("s3Bucket") => vec![Filled::text(s3_location(value).map_or_else(Arn::any, |(bucket, _)| bucket))],
        Some("s3Object") => vec![Filled::text(s3_object(value))],
        Some("s3Url") => vec![Filled::text(s3_url(value))],
        Some("s3Objects") => vec![Filled::text(s3_objects(value))],
        Some("secret") => secret(value, is_arn),
        Some("slash") if !is_arn => slash(value).into_iter().map(Filled::text).collect(),
        Some("stateMachineArn") => vec![match is_arn {
            // A version or an alias follows the name.
            true => Filled::whole(join(&value.split(':', 8).into_iter().take(7).collect::<Vec<_>>(), ':')),
            false => machine("stateMachine", &[value.escaped()]),
        }],
        Some("stateMachineName") => vec![execution(value, is_arn)],
        // Only a template shows the roles of the task definition.
        Some("taskRoles") => vec![Filled::text(Arn::any())],
        _ => vec![as_it_is(value)],
    }
}

/// The kinds of Bedrock models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Foundation,
    Profile,
    /// Provisioned, imported, deployed by the account, or used through a profile of its own.
    Custom,
}

/// The geographies with which the IDs of inference profiles begin.
const GEOGRAPHIES: [&str; 9] = ["apac", "au", "ca", "eu", "global", "jp", "sa", "us", "us-gov"];

/// The possible kinds of a model, from its ID or ARN.
fn models(value: &Arn, is_arn: bool) -> &'static [Model] {
    let text = value.prefix();
    // The region and the account in an ARN can be references.
    let parts = if is_arn { value.split(':', 6) } else { Vec::new() };
    let is_model = parts.get(2).is_some_and(|service| service.known() == Some("bedrock"));
    let resource = parts.get(5).map(Arn::prefix).unwrap_or_default();
    match () {
        () if is_model && resource.starts_with("foundation-model/") => &[Model::Foundation],
        () if is_model && resource.contains("inference-profile/") => &[Model::Profile],
        () if is_model && resource.contains('/') => &[Model::Custom],
        // The ARN is the same for every kind.
        () if is_arn => &[Model::Profile],
        () => match (value.known(), text.split_once('.')) {
            (_, Some((first, _))) if GEOGRAPHIES.contains(&first) => &[Model::Profile],
            (_, Some(_)) => &[Model::Foundation],
            (Some(_), None) => &[Model::Custom],
            (None, None) if value.as_reference().is_some() => &[Model::Foundation, Model::Profile],
            (None, None) => &[Model::Foundation, Model::Profile, Model::Custom],
        },
    }
}

/// The ID of the model behind an inference profile; any if the account created the profile.
fn profile_model(profile: &Arn) -> Arn {
    let id = profile.split('/', 2).pop().unwrap_or_default();
    match id.split('.', 2).as_slice() {
        [geography, model] if geography.known().is_some_and(|it| GEOGRAPHIES.contains(&it)) => model.escaped(),
        _ => Arn::any(),
    }
}

fn scoped(service: &str, account: Piece) -> Arn {
    let mut arn = Arn::parse("arn:");
    arn.push(Piece::Scope(ScopePart::Partition));
    arn.literal(&format!(":{service}:"));
    arn.push(Piece::Scope(ScopePart::Region));
    arn.literal(":");
    arn.push(account);
    arn.literal(":");
    arn
}

pub(super) fn join(parts: &[Arn], separator: char) -> Arn {
    let mut joined = Arn::default();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            joined.literal(separator.encode_utf8(&mut [0; 4]));
        }
        joined.append(part);
    }
    joined
}

/// A name without a revision means its newest revision, whose number the definition does not show.
fn any_revision(value: &Arn) -> Vec<Arn> {
    let mut every = value.clone();
    every.literal(":");
    every.push(Piece::Wildcard);
    let name = value.split('/', usize::MAX).pop().unwrap_or_default();
    let has_revision = name.split(':', 2).len() > 1;
    match (name.pieces().last(), value.as_reference()) {
        _ if has_revision && value.as_reference().is_none() => vec![value.clone()],
        (Some(Piece::Wildcard), _) => vec![value.clone()],
        // It may or may not have a revision.
        (Some(Piece::Reference(..)), _) => vec![value.clone(), every],
        _ => vec![every],
    }
}

/// The end of an ARN, for an ARN that contains its parent resource.
fn last_of(arn: &Arn) -> Arn {
    let resource = arn.split(':', 6).pop().unwrap_or_default();
    match resource.as_reference() {
        Some(_) => Arn::any(),
        None => resource.split('/', usize::MAX).pop().unwrap_or_default().escaped(),
    }
}

/// The project of a build, whose ID is `project:uuid`.
fn build_project(build: &Arn) -> Arn {
    match build.split(':', 3).as_slice() {
        [project, _] if build.as_reference().is_none() => project.escaped(),
        _ => Arn::any(),
    }
}

/// The objects of a bucket or of an access point, from its ARN.
fn objects_of(value: &Arn) -> Arn {
    let mut objects = value.clone();
    if value.split(':', 6).last().is_some_and(|name| name.prefix().starts_with("accesspoint")) {
        objects.literal("/object");
    }
    objects
}

/// `bucket/key?versionId=…`; the key can be encoded.
fn copy_source(value: &Arn) -> Arn {
    let mut source = Arn::default();
    for (at, piece) in value.pieces().iter().enumerate() {
        let Piece::Literal(text) = piece else {
            source.push(piece.clone());
            continue;
        };
        let text = if at == 0 { text.trim_start_matches('/') } else { text };
        let text = text.split_once('?').map_or(text, |(path, _)| path);
        match text.split_once('%') {
            Some((known, _)) => {
                source.literal(known);
                source.push(Piece::Wildcard);
                return source;
            }
            None => source.append(&Arn::parse(text).escaped()),
        }
    }
    source
}

/// The end of the ARN of a secret: a hyphen and six random letters.
pub(super) const LETTERS: &str = "-??????";

/// The ARN of a secret ends with random letters, which its name does not have, and which an ARN in a call can omit.
fn secret(value: &Arn, is_arn: bool) -> Vec<Filled> {
    let value = if is_arn { value.clone() } else { value.escaped() };
    let filled = |arn| Filled { arn, replaces: is_arn, condition: None };
    let mut with_letters = value.clone();
    with_letters.literal(LETTERS);
    match value.pieces().last() {
        Some(Piece::Wildcard) => vec![filled(value)],
        // The ARN of a secret of the template
        Some(Piece::Literal(text)) if text.ends_with(LETTERS) => vec![filled(value)],
        _ if is_arn => vec![filled(value), filled(with_letters)],
        _ => vec![filled(with_letters)],
    }
}

/// A path with or without its leading slash.
fn slash(value: &Arn) -> Vec<Arn> {
    let value = value.escaped();
    let mut with_slash = Arn::parse("/");
    with_slash.append(&value);
    match value.pieces().first() {
        Some(Piece::Literal(text)) if text.starts_with('/') => vec![value],
        // A name that AWS generates has no leading slash.
        Some(Piece::Reference(name, _)) if !name.contains('#') => vec![value, with_slash],
        _ => vec![with_slash],
    }
}

fn lowercase(value: &Arn) -> Arn {
    let mut lower = Arn::default();
    for piece in value.escaped().pieces() {
        lower.push(match piece {
            Piece::Literal(text) => Piece::Literal(text.to_lowercase()),
            Piece::Reference(name, None) => Piece::Reference(name.clone(), Some(Function::Lowercase)),
            piece => piece.clone(),
        });
    }
    lower
}

/// The prefix of the keys in a folder: empty, or a text that ends with `/`.
fn folder(value: &Arn) -> Arn {
    let mut folder = value.escaped();
    match folder.pieces().last() {
        None | Some(Piece::Wildcard) => {}
        Some(Piece::Literal(text)) if text.ends_with('/') => {}
        _ => folder.literal("/"),
    }
    folder
}

/// The bucket and the key of an S3 URI, if it is one.
fn s3_location(uri: &Arn) -> Option<(Arn, Arn)> {
    let parts = uri.split('/', 4);
    let [scheme, _, bucket, key @ ..] = parts.as_slice() else { return None };
    (scheme.known() == Some("s3:")).then(|| (bucket.escaped(), key.first().cloned().unwrap_or_default()))
}

/// The object at an S3 URI, without the beginning of an ARN.
fn s3_object(uri: &Arn) -> Arn {
    let (mut object, key) = s3_location(uri).unwrap_or_else(|| (Arn::any(), Arn::any()));
    object.literal("/");
    object.append(&key.escaped());
    object
}

/// The object at a URL of S3, without the beginning of an ARN: `https://bucket.s3.region.amazonaws.com/key`, or
/// `https://s3.region.amazonaws.com/bucket/key`.
fn s3_url(url: &Arn) -> Arn {
    let parts = url.split('/', 4);
    let [scheme, _, host, path] = parts.as_slice() else { return Arn::any() };
    let mut labels = host.split('.', usize::MAX);
    let is_s3 = |label: &Arn| label.known().is_some_and(|label| label == "s3" || label.starts_with("s3-"));
    match labels.iter().position(is_s3) {
        _ if scheme.known() != Some("https:") => Arn::any(),
        Some(0) => path.escaped(),
        Some(at) => {
            labels.truncate(at);
            let mut object = join(&labels, '.').escaped();
            object.literal("/");
            object.append(&path.escaped());
            object
        }
        // It is not an S3 URL, or not recognized as one.
        None => Arn::any(),
    }
}

/// The API of a host name: `<id>.execute-api.<region>.amazonaws.com`.
fn api(host: &Arn) -> Filled {
    match host.split('.', 4).as_slice() {
        [id, name, region, _] if name.known() == Some("execute-api") => {
            let mut arn = Arn::parse("arn:${AWS::Partition}:execute-api:");
            arn.append(&region.escaped());
            arn.literal(":");
            arn.push(Piece::Scope(ScopePart::Account));
            arn.literal(":");
            arn.append(&id.escaped());
            Filled::whole(arn)
        }
        [id, name, ..] if name.known() == Some("execute-api") => Filled::text(id.escaped()),
        _ => Filled::text(Arn::any()),
    }
}

/// The role of an instance profile, from the profile's ARN: a profile is not a resource of `iam:PassRole`.
fn profile_role(value: &Arn) -> Filled {
    let mut parts = value.split(':', 6);
    match parts.last_mut() {
        Some(last) if last.prefix().starts_with("instance-profile/") => {
            let mut role = Arn::parse("role/");
            role.append(&last.split('/', usize::MAX).pop().unwrap_or_default());
            *last = role;
            Filled::whole(join(&parts, ':'))
        }
        Some(last) if last.prefix().starts_with("role/") => Filled::whole(value.clone()),
        // A reference precedes its name.
        _ => Filled::text(Arn::any()),
    }
}

/// The objects in the folder of an S3 URI, without the beginning of an ARN.
fn s3_objects(uri: &Arn) -> Arn {
    let (mut objects, key) = s3_location(uri).unwrap_or_else(|| (Arn::any(), Arn::default()));
    objects.literal("/");
    objects.append(&folder(&key));
    objects.push(Piece::Wildcard);
    objects
}

/// The ARN of a function that is named together with its account: `123456789012:function:name`.
fn function(value: &Arn) -> Option<Arn> {
    let parts = value.split(':', 3);
    let [account, kind, _] = parts.as_slice() else { return None };
    if kind.known() != Some("function") {
        return None;
    }
    let mut arn = scoped("lambda", account.pieces().first()?.clone());
    arn.append(&join(&parts[1..], ':'));
    Some(arn)
}

/// A key is a resource, an alias is not: the policy allows any key that has the alias.
fn kms_key(value: &Arn, is_arn: bool) -> Filled {
    let alias_of = |name: &Arn| Some(("ForAnyValue:StringEquals".into(), "kms:ResourceAliases".into(), name.clone()));
    if !is_arn {
        return match value.prefix().starts_with("alias/") {
            true => Filled { arn: Arn::any(), replaces: false, condition: alias_of(value) },
            false => Filled::text(value.escaped()),
        };
    }
    let mut parts = value.split(':', 6);
    match parts.last_mut() {
        Some(last) if last.prefix().starts_with("alias/") => {
            let condition = alias_of(last);
            *last = Arn::parse("key/");
            last.push(Piece::Wildcard);
            Filled { arn: join(&parts, ':'), replaces: true, condition }
        }
        _ => Filled::whole(value.clone()),
    }
}

/// The ARN of the queue at a URL: `https://sqs.<region>.amazonaws.com/<account>/<name>`.
fn queue(url: &Arn) -> Arn {
    if let Some(name) = url.as_reference() {
        let mut arn = scoped("sqs", Piece::Reference(name.to_owned(), Some(Function::QueueAccount)));
        arn.push(Piece::Reference(name.to_owned(), Some(Function::QueueName)));
        return arn;
    }
    let parts = url.split('/', 5);
    let [_, _, host, account, name] = parts.as_slice() else {
        // A queue of another account can be used too, if its own policy allows it.
        let mut arn = scoped("sqs", Piece::Wildcard);
        arn.push(Piece::Wildcard);
        return arn;
    };
    let labels = host.split('.', usize::MAX);
    let region = match labels.iter().position(|label| label.known() == Some("sqs")).and_then(|at| labels.get(at + 1)) {
        Some(region) if region.known() != Some("amazonaws") => region.clone(),
        _ => {
            let mut region = Arn::default();
            region.push(Piece::Scope(ScopePart::Region));
            region
        }
    };
    let mut arn = Arn::parse("arn:");
    arn.push(Piece::Scope(ScopePart::Partition));
    arn.literal(":sqs:");
    arn.append(&join(&[region, account.clone(), name.clone()], ':'));
    arn
}

fn machine(kind: &str, name: &[Arn]) -> Filled {
    let mut arn = scoped("states", Piece::Scope(ScopePart::Account));
    arn.literal(kind);
    arn.literal(":");
    name.iter().for_each(|name| arn.append(name));
    Filled::whole(arn)
}

/// The beginning of the ARNs of a state machine's executions.
fn execution(value: &Arn, is_arn: bool) -> Filled {
    if !is_arn {
        return Filled::text(value.escaped());
    }
    let parts = value.split(':', 8);
    if let [arn, partition, service, region, account, kind, name, ..] = parts.as_slice() {
        if kind.known() == Some("stateMachine") {
            let head = [arn, partition, service, region, account].map(Clone::clone);
            return Filled::whole(join(&[&head[..], &[Arn::parse("execution"), name.clone()]].concat(), ':'));
        }
    }
    match value.pieces().first() {
        Some(Piece::Reference(name, None)) => {
            let mut of_reference = Arn::default();
            of_reference.push(Piece::Reference(name.clone(), Some(Function::StateMachineName)));
            machine("execution", &[of_reference])
        }
        _ => machine("execution", &[Arn::any()]),
    }
}

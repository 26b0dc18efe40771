//! `policy`: the permissions that the role of a state machine needs.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use sfn_tasks::check::Diagnostic;
use sfn_tasks::iam::{self, Audit, Existing, FindingKind, Options, Scope, Target};
use sfn_tasks::template::{self, Reference};
use sfn_tasks::value::Json;

use crate::arguments::{Policy, PolicyFormat};
use crate::input::{Definition, load_all, load_with_others, read_document};
use crate::output::{Failure, Output, Status, complain, note, shown};
use crate::specs;

pub(crate) fn run(arguments: &Policy, output: &mut Output) -> Result<Status, Failure> {
    if arguments.json && !arguments.explain && arguments.audit.is_none() {
        return Err("`--json` needs `--explain` or `--audit`: without them, the output is JSON already"
            .to_owned()
            .into());
    }
    if let Some(existing) = &arguments.audit {
        return audit_file(arguments, existing, output);
    }
    let (definition, _) = load_with_others(&arguments.file, arguments.machine.as_deref())?;
    let (policy, unknown) = iam::derive(definition.machine(), &scope(arguments), &options(arguments, &definition));
    ask_for_kinds(&policy, arguments, &definition);
    let status = complain_of_unknown(&unknown, &definition);
    if arguments.explain {
        match arguments.json {
            true => writeln!(output, "{:#}", policy.explain().to_json())?,
            false => write!(output, "{}", policy.explain())?,
        }
    } else {
        print(&policy, unknown.is_empty(), arguments.format, &definition, output)?;
    }
    Ok(status)
}

/// Compares a policy with a definition. In a template, compares each state machine with its own role.
fn audit_file(arguments: &Policy, existing: &Path, output: &mut Output) -> Result<Status, Failure> {
    if arguments.machine.is_some() || !is_same(existing, &arguments.file) {
        let (definition, others) = load_with_others(&arguments.file, arguments.machine.as_deref())?;
        let (audit, status) = audit(arguments, existing, &definition, &others)?;
        return show(arguments, &[(&definition, audit)], status, output);
    }
    let mut definitions = load_all(&arguments.file)?;
    let (mut audits, mut worst) = (Vec::new(), Status::Clean);
    for at in 0..definitions.len() {
        // The other definitions can share the role.
        let definition = definitions.remove(at);
        if definitions.is_empty() {
            let (audit, status) = audit(arguments, existing, &definition, &definitions)?;
            return show(arguments, &[(&definition, audit)], status, output);
        }
        note(format!("the state machine `{}`:", definition.name().unwrap_or_default()));
        let (audit, status) = audit(arguments, existing, &definition, &definitions)?;
        worst = if status == Status::Clean { worst } else { status };
        definitions.insert(at, definition);
        audits.push(audit);
    }
    let all: Vec<(&Definition, Audit)> = definitions.iter().zip(audits).collect();
    show(arguments, &all, worst, output)
}

/// Prints the findings.
fn show(
    arguments: &Policy,
    audits: &[(&Definition, Audit)],
    status: Status,
    output: &mut Output,
) -> Result<Status, Failure> {
    let mut json = Vec::new();
    // Report excess permissions once if several state machines share the role.
    let (mut told, mut kept) = (Vec::new(), audits.to_vec());
    for (_, audit) in &mut kept {
        audit.findings.retain(|finding| {
            let is_too_much = finding.kind >= FindingKind::Wider;
            let what = (finding.message.clone(), finding.statements.clone());
            let is_new = !is_too_much || !told.contains(&what);
            if is_too_much && is_new {
                told.push(what);
            }
            is_new
        });
    }
    for (definition, audit) in &kept {
        if arguments.json {
            json.extend(audit.to_json().as_array().into_iter().flatten().cloned());
            continue;
        }
        for finding in &audit.findings {
            let place = definition.locate(&finding.pointer);
            if !finding.pointer.is_empty() && finding.statements.is_empty() {
                write!(output, "{}:{}:{}: ", shown(definition.file().name()), place.line, place.column)?;
            } else if audits.len() > 1 {
                write!(output, "{}: ", shown(definition.name().unwrap_or_default()))?;
            }
            writeln!(output, "{}", shown(finding))?;
        }
    }
    if arguments.json {
        writeln!(output, "{:#}", Json::from(json))?;
    }
    Ok(if audits.iter().all(|(_, audit)| audit.is_clean()) { status } else { Status::Findings })
}

/// Compares what a definition needs with a policy, or with its role in the template.
fn audit(
    arguments: &Policy,
    path: &Path,
    definition: &Definition,
    others: &[Definition],
) -> Result<(Audit, Status), Failure> {
    let origin = definition.origin().filter(|origin| is_same(path, origin.file.path()));
    let role = origin.map(|origin| origin.template.role(&origin.machine.id)).unwrap_or_default();
    let derive = |definition: &Definition| {
        let mut options = options(arguments, definition);
        if let Some(origin) = origin.and(definition.origin()) {
            options = options.physical(&origin.template, &origin.machine, definition.inner(), &role);
            options = said(options, arguments);
        }
        iam::derive(definition.machine(), &scope(arguments), &options)
    };
    let (policy, unknown) = derive(definition);
    let status = complain_of_unknown(&unknown, definition);
    let audit = match origin {
        Some(origin) => {
            for what in &role.unread {
                note(format!("not read: {what}"));
            }
            if let Some(boundary) = role.boundary.as_ref().filter(|boundary| boundary.statements.is_none()) {
                note(format!(
                    "not read: the permissions boundary `{}`, which can deny permissions that the policies allow",
                    boundary.arn
                ));
            }
            if !role.others.is_empty() {
                let users = role.others.join("`, `");
                note(format!("`{users}` also uses the role, so excess permissions are not reported"));
            }
            let existing = Existing::role(&role, |pointer| {
                let place = origin.file.source().locate_nearest(pointer);
                place
                    .map_or_else(String::new, |place| format!("{}:{}:{}", origin.file.name(), place.line, place.column))
            });
            let sharing: Vec<&Definition> = others
                .iter()
                .filter(|other| other.name().is_some_and(|name| role.machines.iter().any(|id| id == name)))
                .collect();
            let unknown = role.machines.len() - sharing.len().min(role.machines.len());
            if unknown > 0 {
                note(match unknown {
                    1 => "another state machine uses the role but cannot be read: it may need the excess permissions"
                        .to_owned(),
                    _ => format!(
                        "{unknown} more state machines use the role but cannot be read: they may need the excess permissions"
                    ),
                });
            }
            let policies: Vec<iam::Policy> = sharing.into_iter().map(|other| derive(other).0).collect();
            policy.audit_with(&existing, &policies)
        }
        None => policy.audit(&Existing::new(&read_document(path)?)),
    };
    Ok((audit, status))
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn scope(arguments: &Policy) -> Scope {
    let mut scope = Scope::default();
    if let Some(partition) = &arguments.partition {
        scope = scope.partition(partition.clone());
    }
    if let Some(region) = &arguments.region {
        scope = scope.region(region.clone());
    }
    if let Some(account) = &arguments.account {
        scope = scope.account(account.clone());
    }
    scope
}

fn options(arguments: &Policy, definition: &Definition) -> Options {
    let mut options = specs::policy_options();
    if let Some(origin) = definition.origin() {
        options = options.template(&origin.template, &origin.machine, definition.inner());
    }
    said(options, arguments)
}

/// Adds the options of the command line, which have priority over the template.
fn said(mut options: Options, arguments: &Policy) -> Options {
    for (name, kind) in &arguments.reference {
        options = options.reference(name.clone(), *kind);
    }
    if let Some(name) = &arguments.name {
        options = options.name(name.clone());
    }
    if let Some(key) = &arguments.encryption_key {
        options = options.encryption_key(key.clone());
    }
    for grant in arguments.grant.chunks_exact(3) {
        let (state, actions, resource) = (&grant[0], grant[1].split(','), &grant[2]);
        options = options.grant(state.clone(), actions, [resource.clone()]);
    }
    if arguments.logging {
        options = options.logging();
    }
    if arguments.tracing {
        options = options.tracing();
    }
    if arguments.all_qualifiers {
        options = options.all_qualifiers();
    }
    options
}

/// Prints a note for each reference that can be an ARN or a name.
fn ask_for_kinds(policy: &iam::Policy, arguments: &Policy, definition: &Definition) {
    for name in policy.references() {
        // A part of a text between separators is not an ARN.
        let is_open = |reference: &Reference| {
            matches!(reference.target, template::Target::Deployment)
                && reference.call.pointer("/Fn::Select/1/Fn::Split").is_none()
        };
        let is_said = arguments.reference.iter().any(|(said, _)| said == name);
        if definition.inner().references().get(name).is_some_and(is_open)
            && !is_said
            && !name.to_ascii_lowercase().ends_with("arn")
        {
            note(format!("`${{{name}}}` is used as a name; if it is an ARN, add `--reference {name}=arn`"));
        }
    }
}

fn complain_of_unknown(unknown: &[Diagnostic], definition: &Definition) -> Status {
    for Diagnostic { code, pointer, message, help, .. } in unknown {
        let place = definition.locate(pointer);
        let place = format!("{}:{}:{}", definition.file().name(), place.line, place.column);
        let help = match (*code, help) {
            ("malformed-role", Some(help)) => help,
            _ => "add them with `--grant STATE ACTION RESOURCE`",
        };
        complain(format!("{place}: {message}; {help}"));
    }
    if unknown.is_empty() { Status::Clean } else { Status::Findings }
}

/// Prints the policy: an array if it is too large for one policy, nothing if it has no statement.
fn print(
    policy: &iam::Policy,
    is_whole: bool,
    format: PolicyFormat,
    definition: &Definition,
    output: &mut Output,
) -> Result<(), Failure> {
    // References whose value is a call of a function such as `Fn::Sub`.
    let is_function = |call: &Json| call.get("Ref").is_none() && call.get("Fn::GetAtt").is_none();
    let references = definition.inner().references().iter().filter(|(_, reference)| is_function(&reference.call));
    let values: BTreeMap<String, Json> =
        references.map(|(name, reference)| (name.clone(), reference.call.clone())).collect();
    let target = match format {
        PolicyFormat::Iam => Target::Plain,
        PolicyFormat::Cloudformation => Target::CloudFormation(&values),
    };
    let documents = policy.documents().map_err(|diagnostic| diagnostic.message)?;
    match documents.policies() {
        // IAM rejects a policy without statements. If permissions are unknown, the role may still need a policy.
        [] if !is_whole => {}
        [] => note("the state machine needs no permission, so its role needs no policy"),
        [policy] => write(&policy.to_json(&target), output)?,
        policies => {
            let sizes: Vec<String> = policies.iter().map(|policy| policy.size().to_string()).collect();
            note(format!(
                "the policy is too large for an inline policy; attach these {} managed policies ({} characters)",
                policies.len(),
                sizes.join(", ")
            ));
            write(&Json::Array(policies.iter().map(|policy| policy.to_json(&target)).collect()), output)?;
        }
    }
    Ok(())
}

fn write(json: &Json, output: &mut Output) -> io::Result<()> {
    writeln!(output, "{json:#}")
}

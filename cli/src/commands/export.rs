//! `export`: the template that deploys a state machine.

use std::fs;
use std::io::Write;

use sfn_tasks::export::{self as library, Alias, Binding, LogLevel, Logging, Shift, Unbound};
use sfn_tasks::iam::Options;

use crate::arguments::{Export, ExportTarget, Language, LoggingLevel, OnUnbound};
use crate::input::{Definition, load_one};
use crate::output::{Failure, Output, Status, complain, shown};
use crate::report::Finding;
use crate::specs;

pub(crate) fn run(arguments: &Export, output: &mut Output) -> Result<Status, Failure> {
    let definition = load_one(&arguments.file, arguments.machine.as_deref())?;
    let mut export = library::Export::new(definition.machine())
        .policy_options(options(arguments, &definition))
        .express(arguments.express || definition.is_express())
        .unbound(match arguments.unbound {
            OnUnbound::Parameter => Unbound::Parameter,
            OnUnbound::Error => Unbound::Error,
        });
    export = match arguments.logical_id.as_deref().or(definition.name()) {
        Some(id) => export.logical_id(id),
        None => export,
    };
    if let Some(name) = &arguments.name {
        export = export.name(name.clone());
    }
    if let Some(text) = &arguments.description {
        export = export.description(text.clone());
    }
    if let Some(level) = arguments.logging {
        export = export.logging(logging(level, arguments));
    }
    if arguments.tracing || definition.origin().is_some_and(|origin| origin.machine.tracing) {
        export = export.tracing();
    }
    if let Some(key) = &arguments.encryption_key {
        export = export.encryption_key(key.clone());
    }
    if let Some(alias) = &arguments.alias {
        export = export.alias(alias_of(alias)?);
    }
    if arguments.retain {
        export = export.retain();
    }
    if arguments.fragment {
        export = export.fragment();
    }
    for (key, value) in arguments.tag.iter().map(|text| pair(text, "--tag KEY=VALUE")).collect::<Result<Vec<_>, _>>()? {
        export = export.tag(key, value);
    }
    for (name, value) in
        arguments.bind.iter().map(|text| pair(text, "--bind NAME=VALUE")).collect::<Result<Vec<_>, _>>()?
    {
        export = export.bind(name, binding(value)?);
    }

    let written = match arguments.to {
        ExportTarget::Cloudformation => export.cloud_formation().map(|it| template(&it, arguments.format)),
        ExportTarget::Sam => export.sam().map(|it| template(&it, arguments.format)),
        ExportTarget::Terraform => export.terraform().map(|text| ("main.tf".to_owned(), text, Vec::new())),
        ExportTarget::Cdk => export.cdk().map(|text| ("state-machine.ts".to_owned(), text, Vec::new())),
    };
    let (name, text, files) = match written {
        Ok(written) => written,
        Err(problems) => {
            for problem in problems.iter() {
                // What helps on the command line; the library's help names methods.
                let help = match problem.code {
                    "unknown-permission" => "add them with `--grant STATE ACTION RESOURCE`".to_owned(),
                    "unbound-reference" => unbound(&problem.message),
                    _ => problem.help.clone().unwrap_or_default(),
                };
                let finding = Finding { help: Some(&help), ..Finding::of_diagnostic(&definition, problem) };
                complain(finding.line());
            }
            return Ok(Status::Findings);
        }
    };
    match &arguments.output {
        None if files.is_empty() => output.write_all(text.as_bytes())?,
        None => {
            return Err(
                "the definition must be in a separate file, because it contains `null`, which a template cannot \
                        contain; name a folder with `--output`"
                    .to_owned()
                    .into(),
            );
        }
        Some(folder) => {
            let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
            fs::create_dir_all(folder).map_err(fail)?;
            for (name, text) in files.iter().chain([&(name, text)]) {
                let path = folder.join(name);
                fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
                writeln!(output, "{}", shown(path.display()))?;
            }
        }
    }
    Ok(Status::Clean)
}

/// How to bind the reference that a message quotes.
fn unbound(message: &str) -> String {
    let name = message.split_once("${").and_then(|(_, rest)| rest.split_once('}')).map_or("NAME", |(name, _)| name);
    format!("set it with `--bind '{name}=VALUE'`; if it is not a reference, write `--bind '{name}=!Text'`")
}

fn options(arguments: &Export, definition: &Definition) -> Options {
    let options = match definition.origin() {
        Some(origin) => specs::policy_options().template_references(&origin.template, definition.inner()),
        None => specs::policy_options(),
    };
    arguments.grant.chunks_exact(3).fold(options, |options, grant| {
        let (state, actions, resource) = (&grant[0], grant[1].split(','), &grant[2]);
        options.grant(state.clone(), actions, [resource.clone()])
    })
}

fn logging(level: LoggingLevel, arguments: &Export) -> Logging {
    let logging = Logging::new(match level {
        LoggingLevel::All => LogLevel::All,
        LoggingLevel::Error => LogLevel::Error,
        LoggingLevel::Fatal => LogLevel::Fatal,
    });
    let logging = if arguments.log_execution_data { logging.execution_data() } else { logging };
    match arguments.log_retention {
        Some(days) => logging.retention_days(days),
        None => logging,
    }
}

/// `live`, `live:CANARY:10:5`, `live:LINEAR:20:10`.
fn alias_of(text: &str) -> Result<Alias, Failure> {
    let parts: Vec<&str> = text.split(':').collect();
    let wrong = || {
        Failure::from(format!(
            "`{text}` is not an alias: write `NAME`, `NAME:CANARY:PERCENT:MINUTES` or `NAME:LINEAR:PERCENT:MINUTES`"
        ))
    };
    let number = |text: &str| text.parse::<u16>().map_err(|_| wrong());
    let percent = |text: &str| text.parse::<u8>().ok().filter(|share| (1..=99).contains(share)).ok_or_else(wrong);
    let alias = Alias::new(parts[0]);
    match parts.as_slice() {
        [name] if !name.is_empty() => Ok(alias),
        [_, "CANARY", share, minutes] => {
            Ok(alias.shift(Shift::Canary { percentage: percent(share)?, minutes: number(minutes)? }))
        }
        [_, "LINEAR", share, minutes] => {
            Ok(alias.shift(Shift::Linear { percentage: percent(share)?, minutes: number(minutes)? }))
        }
        _ => Err(wrong()),
    }
}

fn pair<'a>(text: &'a str, form: &str) -> Result<(&'a str, &'a str), Failure> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| format!("`{text}` has no `=`: write `{form}`").into())
}

/// A binding with a tag as in a YAML template, such as `!Ref Orders`. Text without a tag is a plain value.
fn binding(text: &str) -> Result<Binding, Failure> {
    let Some(tagged) = text.strip_prefix('!') else { return Ok(text.to_owned().into()) };
    let (tag, argument) = tagged.split_once(' ').unwrap_or((tagged, ""));
    let argument = argument.trim();
    Ok(match (tag, argument) {
        ("Ref", name) if !name.is_empty() => Binding::resource(name),
        ("GetAtt", name) if name.contains('.') => {
            let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
            Binding::attribute(id, attribute)
        }
        ("Sub", text) if !text.is_empty() => Binding::sub(text),
        ("ImportValue", name) if !name.is_empty() => Binding::import_value(name),
        ("Expression", text) if !text.is_empty() => Binding::expression(text),
        ("Activity", name) if !name.is_empty() => Binding::activity(name),
        ("Parameter", "") => Binding::parameter(),
        ("EvaluatingFunction", "") => Binding::evaluating_function(),
        ("Text", "") => Binding::text(),
        _ => {
            return Err(format!(
                "`{text}` is not a binding: write `!Ref ID`, `!GetAtt ID.ATTRIBUTE`, `!Sub TEXT`, `!ImportValue NAME`, \
                 `!Expression TEXT`, `!Activity NAME`, `!EvaluatingFunction`, `!Parameter`, `!Text`, or a value without `!`"
            )
            .into());
        }
    })
}

/// The name and the text of the template, and the files that must be next to it.
fn template(template: &library::Template, format: Language) -> (String, String, Vec<(String, String)>) {
    let (name, text) = match format {
        Language::Json => ("template.json", format!("{template:#}\n")),
        Language::Yaml => ("template.yaml", template.to_yaml()),
    };
    (name.to_owned(), text, template.files().to_vec())
}

//! `check`: reports mistakes in definitions.

use std::collections::HashSet;
use std::io::Write;

use sfn_tasks::check::{Diagnostic, Severity, around, check};
use sfn_tasks::value::Json;

use crate::arguments::{Check, Levels, ReportFormat};
use crate::configuration::Configuration;
use crate::input::{Definition, Fault, Otherwise, load, read_document};
use crate::output::{Failure, Output, Status, note};
use crate::report::{Finding, print, summary};
use crate::specs;

pub(crate) fn run(arguments: &Check, configuration: &Configuration, output: &mut Output) -> Result<Status, Failure> {
    let sample = arguments.input.as_deref().map(read_document).transpose()?;
    let otherwise = if arguments.allow_empty { Otherwise::PassOver } else { Otherwise::Judge };
    let inputs = load(&arguments.files, otherwise);
    let checked: Vec<Result<(&Definition, Vec<Diagnostic>), &Fault>> = inputs
        .definitions
        .iter()
        .map(|definition| {
            let definition = definition.as_ref()?;
            let diagnostics = diagnose(definition, configuration, &arguments.levels, arguments.express, sample.clone());
            Ok((definition, diagnostics))
        })
        .collect();
    let mut findings = Vec::new();
    for checked in &checked {
        match checked {
            Ok((definition, diagnostics)) => {
                findings.extend(diagnostics.iter().map(|diagnostic| Finding::of_diagnostic(definition, diagnostic)));
            }
            Err(fault) => findings.push(Finding::of_fault(fault, arguments.levels.denies_warnings())),
        }
    }
    print(&findings, arguments.format, output)?;
    if !inputs.definitions.is_empty() {
        let paths = inputs.definitions.iter().map(|definition| match definition {
            Ok(definition) => definition.file().path(),
            Err(fault) => fault.file.path(),
        });
        let files: HashSet<_> = paths.collect();
        let is_definition = |read: &&Result<Definition, Fault>| !read.as_ref().is_err_and(|fault| fault.is_beside);
        let definitions = inputs.definitions.iter().filter(is_definition).count();
        let summary = summary(&findings, definitions, files.len());
        match arguments.format {
            ReportFormat::Text => writeln!(output, "{summary}")?,
            _ => note(summary),
        }
    }
    let is_found = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(inputs.status.max(if is_found { Status::Findings } else { Status::Clean }))
}

/// What is wrong with a definition and with the template around it.
pub(super) fn diagnose(
    definition: &Definition,
    configuration: &Configuration,
    levels: &Levels,
    is_express: bool,
    sample: Option<Json>,
) -> Vec<Diagnostic> {
    let mut options = configuration.check_options(definition.file().path(), definition.machine(), levels);
    options.express |= is_express || definition.is_express();
    options.input = sample;
    options.catalog = specs::catalog();
    let mut diagnostics = check(definition.machine(), &options);
    if let Some(origin) = definition.origin() {
        diagnostics.extend(around(definition.inner(), &origin.template, &options));
    }
    diagnostics
}

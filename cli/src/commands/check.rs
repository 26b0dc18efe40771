//! `check`: what is wrong with definitions.

use sfn_tasks::check::{Diagnostic, Options, Severity, check};

use crate::arguments::{Check, Deny};
use crate::input::{Definition, Fault, load, read_document};
use crate::output::{Failure, Output, Status};
use crate::report::{Finding, print};

pub(crate) fn run(arguments: &Check, output: &mut Output) -> Result<Status, Failure> {
    let sample = arguments.input.as_deref().map(read_document).transpose()?;
    let inputs = load(&arguments.files);
    let checked: Vec<Result<(&Definition, Vec<Diagnostic>), &Fault>> = inputs
        .definitions
        .iter()
        .map(|definition| {
            let definition = definition.as_ref()?;
            let mut options = Options::default().express(arguments.express || definition.is_express());
            options.input = sample.clone();
            Ok((definition, check(definition.machine(), &options)))
        })
        .collect();
    let mut findings = Vec::new();
    for checked in &checked {
        match checked {
            Ok((definition, diagnostics)) => {
                findings.extend(diagnostics.iter().map(|diagnostic| Finding::of_diagnostic(definition, diagnostic)));
            }
            Err(fault) => findings.push(Finding::of_fault(fault)),
        }
    }
    print(&findings, arguments.format, output)?;
    let least = if arguments.deny == Some(Deny::Warnings) { Severity::Warning } else { Severity::Error };
    let is_found = findings.iter().any(|finding| finding.severity >= least);
    Ok(inputs.status.max(if is_found { Status::Findings } else { Status::Clean }))
}

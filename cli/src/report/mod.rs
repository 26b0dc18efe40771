//! The output formats of `check`.

mod github;
mod json;
mod sarif;
mod text;

use std::io;

use sfn_tasks::asl::Location;
use sfn_tasks::check::Severity;

use crate::arguments::ReportFormat;
use crate::input::{Definition, Fault, File};
use crate::output::Output;

/// The code of text that cannot be parsed. All other codes are those of rules.
pub(crate) const SYNTAX: &str = "syntax";

/// Codes of rules about the name of a member, not about its value.
const ABOUT_NAMES: [&str; 6] =
    ["unknown-field", "unknown-parameter", "jsonpath-field", "jsonata-field", "variable-name", "dollar-key-in-jsonata"];

/// The project's page in SARIF.
const PROJECT_URL: &str = "https://docs.rs/sfn-tasks";

/// A finding in a file.
#[derive(Debug)]
pub(crate) struct Finding<'a> {
    pub(crate) file: &'a File,
    /// The logical ID of the state machine, in a template.
    pub(crate) machine: Option<&'a str>,
    pub(crate) location: Location,
    pub(crate) code: &'a str,
    pub(crate) severity: Severity,
    /// The JSON Pointer into the definition; `None` if the text cannot be parsed.
    pub(crate) pointer: Option<&'a str>,
    pub(crate) message: &'a str,
    pub(crate) help: Option<&'a str>,
}

impl<'a> Finding<'a> {
    pub(crate) fn of_diagnostic(definition: &'a Definition, diagnostic: &'a sfn_tasks::check::Diagnostic) -> Self {
        Self {
            file: definition.file(),
            machine: definition.name(),
            location: if ABOUT_NAMES.contains(&diagnostic.code) {
                definition.locate_name(&diagnostic.pointer)
            } else {
                definition.locate(&diagnostic.pointer)
            },
            code: diagnostic.code,
            severity: diagnostic.severity,
            pointer: Some(&diagnostic.pointer),
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
        }
    }

    /// All of it in one line: place, message and help.
    pub(crate) fn line(&self) -> String {
        let (file, location) = (self.file.name(), &self.location);
        format!("{file}:{}:{}: {}", location.line, location.column, self.message_with_help())
    }

    pub(crate) fn of_fault(fault: &'a Fault, is_strict: bool) -> Self {
        Self {
            file: &fault.file,
            machine: None,
            location: fault.location.clone(),
            code: SYNTAX,
            // Another parser may accept the template.
            severity: if fault.is_beside && !is_strict { Severity::Warning } else { Severity::Error },
            pointer: None,
            message: &fault.message,
            help: None,
        }
    }

    /// The line and column after its last character.
    fn end(&self) -> (usize, usize) {
        let text = &self.file.source().text()[self.location.bytes.clone()];
        match text.rfind('\n') {
            None => (self.location.line, self.location.column + text.chars().count()),
            Some(newline) => {
                let lines = text.bytes().filter(|byte| *byte == b'\n').count();
                (self.location.line + lines, text[newline + 1..].chars().count() + 1)
            }
        }
    }

    /// The message and the help in one line.
    fn message_with_help(&self) -> String {
        match self.help {
            Some(help) => format!("{}; {help}", self.message),
            None => self.message.to_owned(),
        }
    }

    /// The path with slashes, relative to the working directory if it is below it.
    fn uri_path(&self) -> String {
        let path = self.file.path();
        let inner = std::env::current_dir().ok().and_then(|directory| path.strip_prefix(directory).ok());
        let path = inner.unwrap_or(path);
        path.strip_prefix(".").unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}

/// `1 file`, `2 files`
pub(crate) fn count(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

/// The summary: `checked 3 definitions in 2 files: 1 error`
pub(crate) fn summary(findings: &[Finding<'_>], definitions: usize, files: usize) -> String {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    let found: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, name)| count(number, name))
        .collect();
    let found = if found.is_empty() { "no problems found".to_owned() } else { found.join(" and ") };
    format!("checked {} in {}: {found}", count(definitions, "definition"), count(files, "file"))
}

/// Prints findings, in the order of the files.
pub(crate) fn print(findings: &[Finding<'_>], format: ReportFormat, output: &mut Output) -> io::Result<()> {
    match format {
        ReportFormat::Text => text::print(findings, output),
        ReportFormat::Json => json::print(findings, output),
        ReportFormat::Sarif => sarif::print(findings, output),
        ReportFormat::Github => github::print(findings, output),
    }
}

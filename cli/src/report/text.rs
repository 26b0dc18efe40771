//! Findings for people: the line of the file, what is wrong in it, and what to write instead.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use sfn_tasks::check::Severity;

use super::Finding;
use crate::output::Output;

pub(super) fn print(findings: &[Finding<'_>], output: &mut Output) -> io::Result<()> {
    let renderer = if output.is_colored() { Renderer::styled() } else { Renderer::plain() };
    for finding in findings {
        writeln!(output, "{}\n", rendered(finding, &renderer))?;
    }
    if !findings.is_empty() {
        writeln!(output, "{}", summary(findings))?;
    }
    Ok(())
}

fn rendered(finding: &Finding<'_>, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    // Only the lines of the finding are handed on: the renderer reads all that it is given.
    let text = finding.file.source().text();
    let bytes = &finding.location.bytes;
    let lines = lines(text, bytes);
    let span = bytes.start - lines.start..bytes.end - lines.start;
    let snippet = Snippet::source(&text[lines])
        .line_start(finding.location.line)
        .path(finding.file.name())
        .annotation(AnnotationKind::Primary.span(span));
    let mut group = level.primary_title(finding.message).id(finding.code).element(snippet);
    if let Some(machine) = finding.machine {
        group = group.element(Level::NOTE.message(format!("in the state machine `{machine}`")));
    }
    if let Some(help) = finding.help {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group])
}

/// The whole lines in which these bytes stand.
fn lines(text: &str, bytes: &Range<usize>) -> Range<usize> {
    let start = text[..bytes.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[bytes.end..].find('\n').map_or(text.len(), |newline| bytes.end + newline);
    start..end
}

/// `2 errors and 1 warning in 2 files`
fn summary(findings: &[Finding<'_>]) -> String {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let mut files: Vec<_> = findings.iter().map(|finding| finding.file.path()).collect();
    files.dedup();
    let counts: Vec<String> = [(errors, "error"), (findings.len() - errors, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| counted(count, name))
        .collect();
    format!("{} in {}", counts.join(" and "), counted(files.len(), "file"))
}

fn counted(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

//! Findings as text for people: the line of the file, what is wrong, and what to write instead.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use sfn_tasks::check::Severity;
use sfn_tasks::value::is_printable;

use super::Finding;
use crate::output::{Output, shown};

/// How many bytes are shown before, of, and after the marked text. A definition can be one long line, which would
/// otherwise be printed in full for each finding.
const AROUND: usize = 240;
/// How many lines of the marked text are shown.
const MOST_LINES: usize = 8;

pub(super) fn print(findings: &[Finding<'_>], output: &mut Output) -> io::Result<()> {
    let renderer = if output.is_colored() { Renderer::styled() } else { Renderer::plain() };
    findings.iter().try_for_each(|finding| writeln!(output, "{}\n", rendered(finding, &renderer)))
}

fn rendered(finding: &Finding<'_>, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let Cut { text, span, column } = Cut::new(finding.file.source().text(), &finding.location.bytes);
    let (name, line) = (shown(finding.file.name()), finding.location.line);
    let (counted, told) = (format!("{name}:{line}:{column}"), format!("{name}:{line}:{}", finding.location.column));
    let snippet = Snippet::source(text).path(name).line_start(line).annotation(AnnotationKind::Primary.span(span));
    let message = shown(finding.message);
    let mut group = level.primary_title(message).id(finding.code).element(snippet);
    if let Some(machine) = finding.machine {
        group = group.element(Level::NOTE.message(format!("in the state machine `{}`", shown(machine))));
    }
    if let Some(help) = finding.help {
        group = group.element(Level::HELP.message(shown(help)));
    }
    // The renderer counts the column in the shortened line.
    renderer.render(&[group]).replacen(&counted, &told, 1)
}

/// The lines of the marked text, shortened if they are long.
struct Cut {
    text: String,
    span: Range<usize>,
    /// The column of the span in the text.
    column: usize,
}

impl Cut {
    fn new(text: &str, bytes: &Range<usize>) -> Self {
        let from = floor(text, bytes.start.saturating_sub(AROUND));
        let newline = text[from..bytes.start].rfind('\n').map(|at| from + at + 1);
        let (start, is_whole) = (newline.unwrap_or(from), newline.is_some() || from == 0);
        let mut end = floor(text, bytes.end.min(bytes.start + AROUND)).max(bytes.start);
        if let Some((at, _)) = text[bytes.start..end].match_indices('\n').nth(MOST_LINES) {
            end = bytes.start + at;
        }
        let room = floor(text, (end + AROUND).min(text.len()));
        let newline = text[end..room].find('\n').map(|at| end + at);
        let stop = newline.unwrap_or(room);
        let mut cut = Self { text: String::with_capacity(stop - start + 8), span: 0..0, column: 0 };
        if !is_whole {
            cut.text.push_str("… ");
        }
        cut.push(&text[start..bytes.start]);
        cut.span.start = cut.text.len();
        cut.column = cut.text.chars().count() + 1;
        cut.push(&text[bytes.start..end]);
        cut.span.end = cut.text.len();
        cut.push(&text[end..stop]);
        if newline.is_none() && stop < text.len() {
            cut.text.push_str(" …");
        }
        cut
    }

    /// Adds a part of the file. Control characters become U+FFFD.
    fn push(&mut self, part: &str) {
        for character in part.chars() {
            match character {
                '\n' | '\t' => self.text.push(character),
                // Parts of line ends, and the byte order mark.
                '\r' | '\u{feff}' => {}
                // GitHub's runner executes `##[…]` anywhere in a line as a command.
                '[' if self.text.ends_with("##") => self.text.push('\u{fffd}'),
                character if is_printable(character) => self.text.push(character),
                _ => self.text.push('\u{fffd}'),
            }
        }
    }
}

/// The nearest character boundary at or before the byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

//! Output, error messages and the exit status.

use std::fmt;
use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use sfn_tasks::value::printable;

/// The exit status. If several files differ, the greatest applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// No problems found.
    Clean = 0,
    /// There are findings.
    Findings = 1,
    /// An input cannot be used, or the command line or the configuration is invalid.
    Unusable = 2,
}

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The results cannot be written.
    Output(io::Error),
    /// Any other error, as a sentence.
    Other(String),
    /// Several errors, each as a sentence.
    Several(Vec<String>),
}

impl Failure {
    /// Prints it on the standard error.
    pub(crate) fn complain(&self) {
        match self {
            Failure::Several(messages) => messages.iter().for_each(complain),
            other => complain(other),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Output(error) => write!(f, "the output cannot be written: {}", reason(error)),
            Failure::Other(message) => f.write_str(message),
            Failure::Several(messages) => f.write_str(&messages.join("; ")),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure::Other(message)
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The buffered standard output.
pub(crate) struct Output {
    writer: BufWriter<StdoutLock<'static>>,
    colored: bool,
}

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        let colored = match color {
            Color::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            Color::Always => true,
            Color::Never => false,
        };
        Self { writer: BufWriter::with_capacity(1 << 16, io::stdout().lock()), colored }
    }

    /// Whether the text may have colours.
    pub(crate) fn is_colored(&self) -> bool {
        self.colored
    }

    /// Writes the rest of the buffer.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Text that can contain parts of a file or a file name, as one line without control characters and without commands of a
/// CI runner.
pub(crate) fn shown(text: impl fmt::Display) -> String {
    // GitHub's runner executes `##[…]` anywhere in a line as a command.
    printable(&text.to_string()).replace("##[", "#\\u{23}[")
}

/// Prints an error on the standard error.
pub(crate) fn complain(message: impl fmt::Display) {
    let message = message.to_string();
    // Notes and help are on separate lines. Any other line break comes from a file and is escaped.
    let mut lines = message.split("\nnote: ").flat_map(|part| part.split("\nhelp: "));
    let first = lines.next().unwrap_or_default();
    // If the standard error is closed, nobody can read the message.
    let _ = writeln!(anstream::stderr(), "\x1b[1;31merror\x1b[0m: {}", shown(first));
    for line in lines {
        let _ = writeln!(anstream::stderr(), "  \x1b[1;36m=\x1b[0m {}", shown(line));
    }
}

/// Prints a note on the standard error.
pub(crate) fn note(message: impl fmt::Display) {
    let _ = writeln!(anstream::stderr(), "\x1b[1;36mnote\x1b[0m: {}", shown(message));
}

/// The system's message, without the error number that Rust appends.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

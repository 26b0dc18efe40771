//! Where results and errors go, and how the program ends.

use std::fmt;
use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use sfn_tasks::value::printable;

/// How the program ends. The greater one wins when several files differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Nothing is wrong.
    Clean = 0,
    /// There are findings.
    Findings = 1,
    /// An input cannot be used, or the command line is wrong.
    Unusable = 2,
}

/// Why the program cannot go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The results cannot be written.
    Output(io::Error),
    /// Anything else, in a sentence.
    Other(String),
    /// Several things, each in a sentence.
    Several(Vec<String>),
}

impl Failure {
    /// Tells of it on the standard error.
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

/// The standard output, written in large pieces.
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

    /// Writes out what is still held back, and returns whether that went well.
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

/// A text that may hold what a file or its name holds, in one line that neither a terminal nor a log acts upon.
pub(crate) fn shown(text: impl fmt::Display) -> String {
    // GitHub's runner takes `##[…]` for a command wherever it is in a line.
    printable(&text.to_string()).replace("##[", "#\\u{23}[")
}

/// Tells of an error on the standard error.
pub(crate) fn complain(message: impl fmt::Display) {
    let message = message.to_string();
    // What is known in addition to is on lines of its own; any other line break is one of somebody's text.
    let mut lines = message.split("\nnote: ").flat_map(|part| part.split("\nhelp: "));
    let first = lines.next().unwrap_or_default();
    // Where the standard error is closed there is no one to tell.
    let _ = writeln!(anstream::stderr(), "\x1b[1;31merror\x1b[0m: {}", shown(first));
    for line in lines {
        let _ = writeln!(anstream::stderr(), "  \x1b[1;36m=\x1b[0m {}", shown(line));
    }
}

/// Says on the standard error what has not been done, without calling it an error.
pub(crate) fn note(message: impl fmt::Display) {
    let _ = writeln!(anstream::stderr(), "\x1b[1;36mnote\x1b[0m: {}", shown(message));
}

/// The reason in the system's words, without the number that Rust puts after it.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

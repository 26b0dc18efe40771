//! What a rule says about itself.

use std::fmt;

use super::Severity;

/// A rule of the checker.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its code.
    pub code: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// What shows that it is as bad as that: an error has at least one proof.
    pub proof: &'static [Proof],
    /// What it demands, in a few words.
    pub title: &'static str,
    /// Why, and what to do.
    pub explanation: &'static str,
    /// A definition, or a single state (which begins with its `Type`), that breaks it.
    pub wrong: &'static str,
    /// The same, corrected.
    pub right: &'static str,
    /// Whether the examples are meant for an Express workflow.
    pub express: bool,
}

impl Rule {
    /// The text of an example as a whole definition. An example that is a single state is put into a machine; it may
    /// go on to a state named `Done`.
    pub fn definition(example: &str) -> String {
        if !example.starts_with("{\"Type\"") {
            return example.to_owned();
        }
        let done = if example.contains("\"Done\"") { r#", "Done": {"Type": "Succeed"}"# } else { "" };
        format!(r#"{{"StartAt": "Example", "States": {{"Example": {example}{done}}}}}"#)
    }
}

/// What shows that AWS refuses a definition, or that an execution fails whenever it comes to the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proof {
    /// What kind of proof it is.
    pub kind: ProofKind,
    /// AWS's own words; or what the guide says, in other words.
    pub words: &'static str,
    /// Where it was recorded: a test, an issue, or a page of the developer guide.
    pub source: &'static str,
}

/// What kind of proof it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofKind {
    /// AWS refused such a definition.
    Refusal,
    /// A page of the developer guide says so.
    Guide,
    /// An execution failed for it.
    Failure,
}

impl Proof {
    pub(super) const fn refusal(words: &'static str, source: &'static str) -> Self {
        Self { kind: ProofKind::Refusal, words, source }
    }

    pub(super) const fn guide(words: &'static str, source: &'static str) -> Self {
        Self { kind: ProofKind::Guide, words, source }
    }

    pub(super) const fn failure(words: &'static str, source: &'static str) -> Self {
        Self { kind: ProofKind::Failure, words, source }
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { words, source, .. } = self;
        match self.kind {
            ProofKind::Refusal => write!(f, "AWS rejects it: `{words}` ({source})"),
            ProofKind::Failure => write!(f, "Executions fail: `{words}` ({source})"),
            ProofKind::Guide => write!(
                f,
                "The developer guide: {words} \
                 ([{source}](https://docs.aws.amazon.com/step-functions/latest/dg/{source}.html))"
            ),
        }
    }
}

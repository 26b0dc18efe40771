//! Rules and their documentation.

use std::fmt;

use super::Severity;

/// A rule of the checker.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The code.
    pub code: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    /// The proofs of the severity. An error has at least one.
    pub proof: &'static [Proof],
    /// The requirement, in a few words.
    pub title: &'static str,
    /// The reason, and the fix.
    pub explanation: &'static str,
    /// A definition that breaks the rule, or a single state (which starts with its `Type`).
    pub wrong: &'static str,
    /// The same example, fixed.
    pub right: &'static str,
    /// Whether the examples are for an Express workflow.
    pub express: bool,
}

impl Rule {
    /// The text of an example as a whole definition. A single state is put into a state machine; its next state can
    /// be `Done`.
    pub fn definition(example: &str) -> String {
        if !example.starts_with("{\"Type\"") {
            return example.to_owned();
        }
        let done = if example.contains("\"Done\"") { r#", "Done": {"Type": "Succeed"}"# } else { "" };
        format!(r#"{{"StartAt": "Example", "States": {{"Example": {example}{done}}}}}"#)
    }
}

/// Proof that AWS rejects a definition, or that an execution always fails at the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proof {
    /// The kind of proof.
    pub kind: ProofKind,
    /// The message of AWS, or a summary of the guide.
    pub words: &'static str,
    /// The source: a test, an issue, or a page of the developer guide.
    pub source: &'static str,
}

/// The kind of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofKind {
    /// AWS rejected such a definition.
    Refusal,
    /// A page of the developer guide documents it.
    Guide,
    /// An execution failed for this reason.
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

//! The front door: a chain of states becomes a machine.

use std::fmt;
use std::time::Duration;

use crate::asl;
use crate::states::{Chain, Setting, lower_machine};
use crate::value::{At, Faults, Lowered, Lowering, Object, Payload, QueryLanguage, Seconds, Value};
use crate::{Problem, Problems};

/// A state machine, ready to be rendered: `{}` writes its definition on one line, `{:#}` on many.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let machine = StateMachine::new(Pass::new("Hello").next(Succeed::new("Done")))?;
/// assert_eq!(
///     machine.to_string(),
///     r#"{"StartAt":"Hello","States":{"Hello":{"Type":"Pass","Next":"Done"},"Done":{"Type":"Succeed"}}}"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StateMachine {
    asl: asl::StateMachine,
    is_express: bool,
}

impl StateMachine {
    /// A Standard machine in JSONPath that starts with the first state of the chain.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn new(chain: impl Into<Chain>) -> Result<Self, Problems> {
        Self::builder(chain).build()
    }

    /// The same, with more to say about the machine.
    pub fn builder(chain: impl Into<Chain>) -> StateMachineBuilder {
        StateMachineBuilder {
            chain: chain.into(),
            comment: None,
            language: None,
            version: None,
            timeout: None,
            is_express: false,
            partition: "aws".to_owned(),
        }
    }

    /// The definition, to be read state by state.
    pub fn asl(&self) -> &asl::StateMachine {
        &self.asl
    }

    /// The definition, to be kept.
    pub fn into_asl(self) -> asl::StateMachine {
        self.asl
    }

    /// Whether it is an Express workflow.
    pub fn is_express(&self) -> bool {
        self.is_express
    }
}

/// The definition: on one line, with `{:#}` on many.
impl fmt::Display for StateMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.asl, f)
    }
}

/// What can be said of a machine beside its states. Made by [`StateMachine::builder`].
#[derive(Debug, Clone)]
#[must_use = "call `build`"]
pub struct StateMachineBuilder {
    chain: Chain,
    comment: Option<String>,
    language: Option<QueryLanguage>,
    version: Option<String>,
    timeout: Option<Value<Seconds>>,
    is_express: bool,
    partition: String,
}

impl StateMachineBuilder {
    /// A note for the reader of the definition.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// The query language of all states that do not choose their own. JSONPath, if it is not said.
    pub fn query_language(mut self, language: QueryLanguage) -> Self {
        self.language = Some(language);
        self
    }

    /// The version of the language, `1.0`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// How long an execution may take, in whole seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout.into());
        self
    }

    /// Makes it an Express workflow: up to five minutes, and only with the pattern Request Response.
    pub fn express(mut self) -> Self {
        self.is_express = true;
        self
    }

    /// The partition of the resource ARNs, `aws` if it is not said: `aws-cn`, `aws-us-gov`, or a placeholder such as
    /// `${AWS::Partition}`.
    pub fn partition(mut self, partition: impl Into<String>) -> Self {
        self.partition = partition.into();
        self
    }

    /// Makes the machine.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn build(self) -> Result<StateMachine, Problems> {
        self.lower()
    }

    /// Makes the machine and leaves out the checks of the finished definition, for a program that makes many machines
    /// of a form that is known to be right. What cannot be written at all is still an error.
    ///
    /// # Errors
    ///
    /// What has no form in the language, such as a JSONPath in a JSONata state.
    pub fn build_unchecked(self) -> Result<StateMachine, Problems> {
        self.lower()
    }

    fn lower(self) -> Result<StateMachine, Problems> {
        let mut faults = Faults::default();
        let language = self.language.unwrap_or_default();
        let mut lowering = Lowering { language, faults: &mut faults };
        let root = At::root("");
        let mut object = Object::with_capacity(6);
        if let Some(comment) = self.comment {
            object.insert("Comment", comment);
        }
        if let Some(language) = self.language {
            object.insert("QueryLanguage", language.name());
        }
        if let Some(version) = self.version {
            object.insert("Version", version);
        }
        if let Some(timeout) = self.timeout {
            if let Lowered::Plain(seconds) = lowering.lower(Payload::from(timeout), &root.name("TimeoutSeconds")) {
                object.insert("TimeoutSeconds", seconds);
            }
        }
        let setting = Setting { partition: &self.partition, depth: 0 };
        lower_machine(&mut object, self.chain, setting, &mut lowering, &root);
        if faults.0.is_empty() {
            return Ok(StateMachine { asl: asl::StateMachine::new(object), is_express: self.is_express });
        }
        let problems = faults.0.into_iter().map(|fault| Problem {
            code: "cannot-render",
            pointer: fault.pointer,
            message: fault.message,
            help: fault.help,
        });
        Err(Problems::new(problems.collect()))
    }
}

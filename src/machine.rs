//! The entry point: a chain of states becomes a state machine.

use std::fmt;
use std::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::asl::{self, StateType};
use crate::catalog::{self, Action};
use crate::check::{self, Catalog, Diagnostic, Level, Levels, Place, Severity};
use crate::export::Export;
use crate::graph::Picture;
use crate::iam::{self, Policy, Scope, StateGrant};
use crate::states::{Call, Chain, IntoChain, Setting, lower_machine};
use crate::value::{
    At, Fault, Faults, IntoTime, Lowered, Lowering, Object, Payload, QueryLanguage, Seconds, Value, escape_token,
};
use crate::{Problems, words};

/// A state machine, ready to be rendered: `{}` writes its definition on one line, and `{:#}` on several lines.
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
#[derive(Debug, Clone)]
pub struct StateMachine {
    asl: asl::StateMachine,
    is_express: bool,
    warnings: Vec<Diagnostic>,
    /// The permissions of tasks in addition to their calls, which the document does not contain
    grants: Vec<StateGrant>,
    /// Integrations that are not in a spec of this library
    own: Vec<&'static Action>,
}

/// The definition, for code that reads a definition, such as `run::Runner`.
impl AsRef<asl::StateMachine> for StateMachine {
    fn as_ref(&self) -> &asl::StateMachine {
        &self.asl
    }
}

impl StateMachine {
    /// A Standard state machine in JSONPath that starts with the first state of the chain.
    ///
    /// Warnings are problems too, so that you cannot overlook one. A state accepts a warning with `allow`:
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::sqs;
    ///
    /// let ask = || {
    ///     let send = sqs::SendMessage::new().queue_url(reference("QueueUrl")).message_body(task_token());
    ///     Task::new("Ask", send).wait_for_task_token()
    /// };
    /// let problems = StateMachine::new(ask()).unwrap_err();
    /// assert_eq!(problems.iter().next().map(|problem| problem.code), Some("callback-timeout"));
    /// StateMachine::new(ask().allow("callback-timeout"))?;
    /// # Ok::<(), Problems>(())
    /// ```
    ///
    /// Parameters, fields and tasks that you set with `parameter`, `field` and [`Task::raw`](crate::task::Task::raw)
    /// are accepted; [`warnings`](Self::warnings) lists those that are unknown.
    ///
    /// # Errors
    ///
    /// Returns all problems: every error, and every warning that was not accepted.
    pub fn new(chain: impl IntoChain) -> Result<Self, Problems> {
        Self::builder(chain).build()
    }

    /// A state machine from an existing definition, with options for [`check`](crate::check). Warnings are in
    /// [`warnings`](Self::warnings).
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::{asl, check};
    ///
    /// let text = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#;
    /// let definition: asl::StateMachine = text.parse()?;
    /// let machine = StateMachine::from_asl(definition, &check::Options::default())?;
    /// println!("{}", machine.policy(&Scope::default())?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns all errors.
    pub fn from_asl(definition: asl::StateMachine, options: &check::Options) -> Result<Self, Problems> {
        let (problems, warnings): (Vec<_>, Vec<_>) =
            check::check(&definition, options).into_iter().partition(|finding| finding.severity == Severity::Error);
        if !problems.is_empty() {
            return Err(Problems::new(problems));
        }
        let is_express = options.express;
        Ok(Self { asl: definition, is_express, warnings, grants: Vec::new(), own: Vec::new() })
    }

    /// The same, with more settings, such as the query language:
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    ///
    /// let total = Pass::new("Total").output(payload!({ "total": jsonata("$sum($states.input.lines.price)") }));
    /// let machine = StateMachine::builder(total).query_language(QueryLanguage::Jsonata).build()?;
    /// # Ok::<(), Problems>(())
    /// ```
    pub fn builder(chain: impl IntoChain) -> StateMachineBuilder {
        StateMachineBuilder {
            chain: chain.into_chain(),
            comment: None,
            language: None,
            version: None,
            timeout: None,
            is_express: false,
            partition: "aws".to_owned(),
            levels: Levels::default(),
        }
    }

    /// The definition, as a document.
    pub fn asl(&self) -> &asl::StateMachine {
        &self.asl
    }

    /// The definition as an owned document.
    pub fn into_asl(self) -> asl::StateMachine {
        self.asl
    }

    /// Findings about unknown names that you set on purpose, and the warnings that [`warn`](StateMachineBuilder::warn)
    /// collects.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The IAM policy that the role of the state machine needs.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::sqs;
    ///
    /// let send = sqs::SendMessage::new()
    ///     .queue_url("https://sqs.eu-west-1.amazonaws.com/111122223333/jobs")
    ///     .message_body(state_input());
    /// let policy = StateMachine::new(Task::new("Send", send))?.policy(&Scope::default().partition("aws"))?;
    /// assert_eq!(policy.statements()[0].actions, ["sqs:SendMessage"]);
    /// assert_eq!(policy.statements()[0].resources[0].to_string(), "arn:aws:sqs:eu-west-1:111122223333:jobs");
    /// println!("{}", policy.explain());
    /// # Ok::<(), Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a finding for each task whose permissions are unknown; [`Task::grant`](crate::task::Task::grant) adds
    /// them.
    pub fn policy(&self, scope: &Scope) -> Result<Policy, Problems> {
        self.policy_with(scope, &self.policy_options())
    }

    /// The IAM policy with more options, such as logging and encryption. Start with
    /// [`policy_options`](Self::policy_options).
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`policy`](Self::policy).
    pub fn policy_with(&self, scope: &Scope, options: &iam::Options) -> Result<Policy, Problems> {
        iam::policy(&self.asl, scope, options)
    }

    /// The additional permissions that the builders know and the definition does not contain: those of
    /// [`Task::grant`](crate::task::Task::grant).
    pub fn policy_options(&self) -> iam::Options {
        iam::Options::default().with(&self.grants, &self.own)
    }

    /// A picture of the definition, in Mermaid, DOT or SVG.
    pub fn picture(&self) -> Picture<'_> {
        Picture::new(&self.asl).with(&self.own)
    }

    /// A template that deploys the state machine with CloudFormation, SAM, Terraform or the CDK.
    pub fn export(&self) -> Export<'_> {
        Export::new(&self.asl).policy_options(self.policy_options()).express(self.is_express)
    }

    /// Whether it is an Express workflow.
    pub fn is_express(&self) -> bool {
        self.is_express
    }
}

impl PartialEq for StateMachine {
    fn eq(&self, other: &Self) -> bool {
        (&self.asl, self.is_express, &self.grants) == (&other.asl, other.is_express, &other.grants)
    }
}

/// A Standard machine from an existing definition; see [`from_asl`](StateMachine::from_asl).
impl TryFrom<asl::StateMachine> for StateMachine {
    type Error = Problems;

    fn try_from(definition: asl::StateMachine) -> Result<Self, Problems> {
        Self::from_asl(definition, &check::Options::default())
    }
}

/// Serialized as its definition.
impl Serialize for StateMachine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.asl.serialize(serializer)
    }
}

/// Deserialized from a definition without problems, as a Standard machine.
impl<'de> Deserialize<'de> for StateMachine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        asl::StateMachine::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
    }
}

/// The definition on one line, or with `{:#}` on several lines.
impl fmt::Display for StateMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.asl, f)
    }
}

/// Settings of a state machine in addition to its states. Created by [`StateMachine::builder`].
#[derive(Debug, Clone, PartialEq)]
#[must_use = "call `build`"]
pub struct StateMachineBuilder {
    chain: Chain,
    comment: Option<String>,
    language: Option<QueryLanguage>,
    version: Option<String>,
    timeout: Option<Value<Seconds>>,
    is_express: bool,
    partition: String,
    levels: Levels,
}

impl StateMachineBuilder {
    /// A comment for readers of the definition.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// The query language of all states that do not set their own; by default, JSONPath.
    pub fn query_language(mut self, language: QueryLanguage) -> Self {
        self.language = Some(language);
        self
    }

    /// The version of the language, `1.0`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// The maximum time for an execution, in whole seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout.into_time());
        self
    }

    /// Makes it an Express workflow: up to five minutes, and only with the pattern Request Response.
    pub fn express(mut self) -> Self {
        self.is_express = true;
        self
    }

    /// The partition of the resource ARNs, by default `aws`: `aws-cn`, `aws-us-gov`, or a placeholder such as
    /// `${AWS::Partition}`.
    pub fn partition(mut self, partition: impl Into<String>) -> Self {
        self.partition = partition.into();
        self
    }

    /// Accepts the findings with this code. The codes are in `docs/checks.md`; a state has the same method.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    ///
    /// let price = Pass::new("Price").parameters(payload!({ "currency": "$.is no path here" }));
    /// let machine = StateMachine::builder(price).allow("forgotten-dollar").build()?;
    /// assert!(machine.warnings().is_empty());
    /// # Ok::<(), Problems>(())
    /// ```
    pub fn allow(mut self, code: impl Into<String>) -> Self {
        self.levels.set(code, Place::Everywhere, Level::Allow);
        self
    }

    /// Collects the findings with this code in [`warnings`](StateMachine::warnings), even if they are errors.
    /// `warn("warnings")` collects all warnings, so that only errors are problems.
    pub fn warn(mut self, code: impl Into<String>) -> Self {
        self.levels.set(code, Place::Everywhere, Level::Warn);
        self
    }

    /// Makes the findings with this code errors. `deny("warnings")` makes all warnings errors, including those about
    /// unknown names that you set on purpose.
    pub fn deny(mut self, code: impl Into<String>) -> Self {
        self.levels.set(code, Place::Everywhere, Level::Deny);
        self
    }

    /// Builds the state machine.
    ///
    /// # Errors
    ///
    /// Returns all problems: every error, and every warning that was not accepted.
    pub fn build(mut self) -> Result<StateMachine, Problems> {
        let said = std::mem::take(&mut self.levels);
        let of_states = levels(&self.chain, "");
        let own = own_actions(&self.chain, "");
        let (mut machine, faults) = self.lower();
        let catalog = machine.own.iter().copied().fold(Catalog::default(), Catalog::with);
        let catalog = own.into_iter().fold(catalog, |catalog, (pointer, action)| catalog.with_state(pointer, action));
        let mut options = check::Options::default().express(machine.is_express).catalog(catalog);
        faults.deliberate.into_iter().for_each(|pointer| options.levels.believe(pointer));
        options.levels.extend(said);
        for (pointer, code, level) in of_states {
            options.levels.set(code, Place::Pointer(pointer), level);
        }
        let mut problems: Vec<Diagnostic> = faults.faults.into_iter().map(diagnostic).collect();
        for mut finding in check::check(&machine.asl, &options) {
            // A person who sets a member or a resource by name already knows the names of the document.
            if !options.levels.is_believed(&finding) {
                words::of_builders(&mut finding, machine.asl.json(), &options.catalog);
            }
            let is_problem = finding.severity == Severity::Error
                || !(options.levels.is_believed(&finding) || options.levels.warns(&finding));
            match is_problem {
                true if problems.iter().any(|problem| comes_of(&finding, problem)) => {}
                true => problems.push(finding),
                false => machine.warnings.push(finding),
            }
        }
        if problems.is_empty() { Ok(machine) } else { Err(Problems::new(problems)) }
    }

    /// Builds the state machine without the checks of the finished definition: states, paths, expressions and
    /// parameters are not checked. It is for programs that build many similar state machines from a form that was
    /// already checked. To accept a single finding, use [`allow`](Self::allow) instead. Values that cannot be rendered
    /// are still errors.
    ///
    /// # Errors
    ///
    /// Returns the values that the Amazon States Language cannot express, such as a JSONPath in a JSONata state.
    pub fn build_unchecked(self) -> Result<StateMachine, Problems> {
        let (machine, faults) = self.lower();
        if faults.faults.is_empty() {
            return Ok(machine);
        }
        Err(Problems::new(faults.faults.into_iter().map(diagnostic).collect()))
    }

    fn lower(self) -> (StateMachine, Faults) {
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
        let setting = Setting { partition: &self.partition };
        let grants = grants(&self.chain);
        let mut own: Vec<&'static Action> = Vec::new();
        for (_, action) in own_actions(&self.chain, "") {
            if !own.iter().any(|known| std::ptr::eq(*known, action)) {
                own.push(action);
            }
        }
        lower_machine(&mut object, self.chain, setting, &mut lowering, &root);
        let asl = asl::StateMachine::new(object);
        (StateMachine { asl, is_express: self.is_express, warnings: Vec::new(), grants, own }, faults)
    }
}

/// Whether the finding is only a consequence of a value that could not be written: the document contains `null`
/// instead, or nothing.
/// nothing.
fn comes_of(finding: &Diagnostic, problem: &Diagnostic) -> bool {
    if problem.code != NO_SUCH_FORM {
        return false;
    }
    let within = finding.pointer.strip_prefix(&problem.pointer);
    let (parent, last) = problem.pointer.rsplit_once('/').unwrap_or_default();
    // A state that was omitted has no next state, and machines that are nested too deeply are omitted completely.
    let is_state = parent.ends_with("/States");
    let is_machine = last == "States" && !is_state;
    within.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        || (is_state && ["no-end", "unreachable-state"].contains(&finding.code))
        || (is_machine && finding.code == "missing-field" && finding.pointer.starts_with(parent))
}

/// The code for values that cannot be written in the language.
const NO_SUCH_FORM: &str = "no-such-form";

fn diagnostic(Fault { pointer, message, help }: Fault) -> Diagnostic {
    Diagnostic { code: NO_SUCH_FORM, severity: Severity::Error, pointer, message, help }
}

/// The levels that states set for findings, with the positions of those states.
fn levels(chain: &Chain, pointer: &str) -> Vec<(String, String, Level)> {
    let mut found = Vec::new();
    for node in chain.nodes.iter() {
        let pointer = format!("{pointer}/States/{}", escape_token(&node.name));
        found.extend(node.levels.iter().map(|(code, level)| (pointer.clone(), code.clone(), *level)));
        for (index, machine) in node.machines.iter().enumerate() {
            found.extend(levels(machine, &within(node.state_type, &pointer, index)));
        }
    }
    found
}

/// The permissions that tasks need in addition to their calls.
fn grants(chain: &Chain) -> Vec<StateGrant> {
    let mut found = Vec::new();
    for node in chain.nodes.iter() {
        found.extend(node.grants.iter().map(|it| {
            let resources = it.resources.iter().map(String::as_str);
            StateGrant::new(&node.name, &it.actions, resources).with_effect(it.effect)
        }));
        found.extend(node.machines.iter().flat_map(grants));
    }
    found
}

/// The integrations that are not in a spec of this library but in another library, each with the state that calls it.
fn own_actions(chain: &Chain, pointer: &str) -> Vec<(String, &'static Action)> {
    let mut own = Vec::new();
    for node in chain.nodes.iter() {
        let pointer = format!("{pointer}/States/{}", escape_token(&node.name));
        if let Some(Call::Api { action, .. }) = node.call.as_deref() {
            let is_known = catalog::find(action.service, action.name).is_some_and(|known| std::ptr::eq(known, *action));
            if !is_known {
                own.push((pointer.clone(), *action));
            }
        }
        for (index, machine) in node.machines.iter().enumerate() {
            own.extend(own_actions(machine, &within(node.state_type, &pointer, index)));
        }
    }
    own
}

/// The pointer of a machine inside a state.
fn within(kind: StateType, pointer: &str, index: usize) -> String {
    match kind {
        StateType::Parallel => format!("{pointer}/Branches/{index}"),
        _ => format!("{pointer}/ItemProcessor"),
    }
}

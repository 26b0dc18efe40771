//! The checker: finds errors in a definition before AWS rejects it or an execution fails.
//!
//! It reads the finished document, so it checks handwritten definitions as well as those of builders. It returns all
//! findings at once, in document order. Each family of rules has its own file; `docs/checks.md` describes all rules.
//!
//! ```
//! use sfn_tasks::{asl::StateMachine, check};
//!
//! let machine: StateMachine = r#"{"StartAt": "Start", "States": {"Strat": {"Type": "Succeed"}}}"#.parse()?;
//! let findings = check::check(&machine, &check::Options::default());
//! assert_eq!(findings[0].code, "unknown-state");
//! assert_eq!(findings[0].pointer, "/StartAt");
//! assert_eq!(findings[0].help.as_deref(), Some("did you mean `Strat`?"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod around;
mod assigned;
mod choice;
mod consequences;
mod expressions;
mod fields;
mod flow;
mod integration;
mod intent;
mod level;
mod map;
mod order;
mod page;
mod retry;
mod rule;
mod scope;
mod states;
mod structure;
mod suggest;

use std::collections::HashSet;
use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use around::around;
pub use integration::Catalog;
pub use level::{Level, Levels, Place};
pub use page::{document, rules};
pub use rule::{Proof, ProofKind, Rule};

use crate::asl::{Location, Machine, Node, Source, State, StateMachine};
use crate::value::Json;
use scope::Scope;

/// The maximum depth of nested machines. A text cannot be nested more deeply; a tree that a program built could.
const MAX_NESTING: usize = 64;

/// The maximum number of comparisons with misspelt names.
const MAX_COMPARISONS: usize = 20_000;

/// The maximum number of bytes of all findings. Otherwise, a long name that is repeated in many findings would make
/// the report grow with the square of the definition.
const MAX_REPORT: usize = 16 << 20;

/// The severity of a finding. The enum is exhaustive: there will be no third severity, so a program can match on
/// both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The definition works, but probably not as meant.
    Warning,
    /// AWS rejects the definition, or the state fails at every run.
    Error,
}

/// The name in lowercase.
impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From the name in lowercase.
impl<'de> Deserialize<'de> for Severity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "warning" => Ok(Severity::Warning),
            "error" => Ok(Severity::Error),
            other => Err(de::Error::unknown_variant(other, &["warning", "error"])),
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The code of the rule, as in `docs/checks.md`: `unknown-state`.
    pub code: &'static str,
    /// The severity.
    pub severity: Severity,
    /// The place, as a JSON Pointer (RFC 6901) to a value that exists.
    pub pointer: String,
    /// The problem.
    pub message: String,
    /// The text to write instead, or another fix, if it is known.
    pub help: Option<String>,
}

/// An object with the members above. `help` is only present if it is set.
impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Diagnostic { code, severity, pointer, message, help } = self;
        let mut object = serializer.serialize_struct("Diagnostic", 4 + usize::from(help.is_some()))?;
        object.serialize_field("code", code)?;
        object.serialize_field("severity", severity)?;
        object.serialize_field("pointer", pointer)?;
        object.serialize_field("message", message)?;
        match help {
            Some(help) => object.serialize_field("help", help)?,
            None => object.skip_field("help")?,
        }
        object.end()
    }
}

impl Diagnostic {
    /// The line and column of the place in the text of the definition.
    pub fn locate(&self, source: &Source) -> Option<Location> {
        source.locate(&self.pointer)
    }

    fn help(&mut self, help: impl Into<String>) {
        self.help = Some(help.into());
    }
}

impl std::error::Error for Diagnostic {}

/// `error[unknown-state] /StartAt: there is no state `Start`; did you mean `Strat`?`
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{}[{}] {place}: {}", self.severity, self.code, self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

/// The settings of a check.
///
/// ```
/// use sfn_tasks::check::{Level, Options};
///
/// let options = Options::default().express(true).deny("warnings").allow("callback-timeout");
/// let options = options.level("unknown-parameter", "Send", Level::Allow); // in one state
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// Whether the definition is for an Express workflow.
    pub express: bool,
    /// The integrations that the checker knows.
    pub catalog: Catalog,
    /// The levels of findings.
    pub levels: Levels,
    /// A sample input of an execution, from which the checker derives the values at paths.
    pub input: Option<Json>,
}

impl Options {
    /// Whether the definition is for an Express workflow.
    pub fn express(mut self, express: bool) -> Self {
        self.express = express;
        self
    }

    /// The integrations that the checker knows.
    pub fn catalog(mut self, catalog: Catalog) -> Self {
        self.catalog = catalog;
        self
    }

    /// A sample input of an execution.
    pub fn input(mut self, sample: impl Into<Json>) -> Self {
        self.input = Some(sample.into());
        self
    }

    /// Does not report findings with this code.
    pub fn allow(self, code: impl Into<String>) -> Self {
        self.level(code, Place::Everywhere, Level::Allow)
    }

    /// Reports findings with this code as warnings.
    pub fn warn(self, code: impl Into<String>) -> Self {
        self.level(code, Place::Everywhere, Level::Warn)
    }

    /// Reports findings with this code, or of the group `warnings`, as errors.
    pub fn deny(self, code: impl Into<String>) -> Self {
        self.level(code, Place::Everywhere, Level::Deny)
    }

    /// Sets the level of the findings with this code at a place: a state by its name, or a value by its JSON Pointer.
    /// A later call takes precedence over an earlier one.
    pub fn level(mut self, code: impl Into<String>, place: impl Into<Place>, level: Level) -> Self {
        self.levels.set(code, place, level);
        self
    }
}

/// Returns all findings about a definition, in document order.
pub fn check(machine: &StateMachine, options: &Options) -> Vec<Diagnostic> {
    let mut findings = match intent::guess(machine) {
        Some(intent) => {
            let mut findings = found(&intent.machine, options);
            findings.retain(|finding| machine.json().pointer(&finding.pointer).is_some());
            findings.push(intent.finding);
            findings
        }
        None => found(machine, options),
    };
    findings.extend(options.levels.unknown(|| rules().map(|rule| rule.code)));
    let mut findings = order::sort(machine.json(), findings);
    intent::join_expressions(&machine.definition(), &mut findings);
    consequences::join(&mut findings);
    findings.into_iter().filter_map(|finding| options.levels.apply(finding)).collect()
}

/// The findings of all rules, in any order.
fn found(machine: &StateMachine, options: &Options) -> Vec<Diagnostic> {
    let definition = machine.definition();
    let mut checker = Checker {
        options,
        raised: retry::raised(&definition),
        names: definition.walk().map(|state| state.name()).collect(),
        comparisons: MAX_COMPARISONS,
        findings: Vec::new(),
        left: MAX_REPORT,
        cut: None,
    };
    structure::check_definition(&mut checker, machine);
    checker.machine(&definition, &Scope::default(), 0);
    structure::check_names(&mut checker, &definition);
    map::check_labels(&mut checker, &definition);
    flow::check(&mut checker, machine);
    if checker.cut.is_some() {
        let message = "the report has reached its maximum length: further findings are omitted";
        checker.findings.push(Checker::finding(&structure::CUT, &definition, message));
    }
    checker.findings
}

/// Collects the findings.
struct Checker<'o> {
    options: &'o Options,
    /// The errors that Fail states raise
    raised: HashSet<&'o str>,
    /// The names of all states at any depth
    names: HashSet<&'o str>,
    /// The number of comparisons that are left for misspelt names of states and variables. A definition can have very
    /// many of them
    comparisons: usize,
    findings: Vec<Diagnostic>,
    /// The number of bytes that are left for findings
    left: usize,
    /// A finding that exceeds the limit
    cut: Option<Diagnostic>,
}

impl Checker<'_> {
    fn add(&mut self, rule: &'static Rule, at: &Node<'_>, message: impl Into<String>) -> &mut Diagnostic {
        let full = self.left == 0;
        let root = Node::root(at.json());
        let finding = Self::finding(rule, if full { &root } else { at }, message);
        if full {
            return self.cut.insert(finding);
        }
        self.left = self.left.saturating_sub(finding.pointer.len() + finding.message.len());
        let index = self.findings.len();
        self.findings.push(finding);
        &mut self.findings[index]
    }

    /// Adds a finding at a JSON Pointer.
    fn add_at(&mut self, rule: &'static Rule, pointer: String, message: impl Into<String>) -> &mut Diagnostic {
        let (message, full) = (message.into(), self.left == 0);
        let severity = rule.severity;
        let finding = Diagnostic { code: rule.code, severity, pointer, message, help: None };
        if full {
            return self.cut.insert(finding);
        }
        self.left = self.left.saturating_sub(finding.pointer.len() + finding.message.len());
        let index = self.findings.len();
        self.findings.push(finding);
        &mut self.findings[index]
    }

    /// Adds a finding as a warning, even if the rule is an error.
    fn warn(&mut self, rule: &'static Rule, at: &Node<'_>, message: impl Into<String>) -> &mut Diagnostic {
        let finding = self.add(rule, at, message);
        finding.severity = Severity::Warning;
        finding
    }

    fn finding(rule: &'static Rule, at: &Node<'_>, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: rule.code,
            severity: rule.severity,
            pointer: at.pointer(),
            message: message.into(),
            help: None,
        }
    }

    /// The most similar of many known names.
    fn nearest<'n>(&mut self, name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        let mut left = self.comparisons;
        let found = suggest::nearest(name, known.take(left).inspect(|_| left -= 1));
        self.comparisons = left;
        found
    }

    fn machine(&mut self, machine: &Machine<'_>, outer: &Scope<'_>, depth: usize) {
        if depth == MAX_NESTING {
            self.add(
                &structure::NESTING,
                machine,
                format!("state machines are nested more than {MAX_NESTING} levels deep"),
            );
            return;
        }
        let scope = outer.enter(machine);
        structure::check_machine(self, machine);
        for (index, state) in machine.states().enumerate() {
            scope.stand_at(index);
            self.state(&state, &scope);
            for nested in state.machines() {
                self.machine(&nested, &scope, depth + 1);
            }
        }
    }

    fn state(&mut self, state: &State<'_>, scope: &Scope<'_>) {
        fields::check_state(self, state, scope);
        states::check(self, state);
        retry::check(self, state);
        choice::check(self, state);
        map::check(self, state);
        integration::check(self, state);
    }
}

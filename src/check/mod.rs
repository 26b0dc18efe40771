//! The checker: what is wrong with a definition, before AWS says so or an execution fails.
//!
//! It reads the finished document, so it serves a hand-written definition as well as a built one. Every finding comes
//! at once, in the order of the document. The rules are one file a family; `docs/checks.md` describes each of them.
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
mod constants;
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

/// How deep machines may be in one another. A text cannot nest deeper than this; a tree made in code could.
const MAX_NESTING: usize = 64;

/// How many names are compared with misspelt ones.
const MAX_COMPARISONS: usize = 20_000;

/// How many bytes the findings of a definition have in all. A long name, reported with each of many findings, would
/// otherwise make the report grow with the square of the definition.
const MAX_REPORT: usize = 16 << 20;

/// How bad a finding is. There are these two and no third: a program that decides by it can match on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// It works, but probably not as meant.
    Warning,
    /// AWS refuses the definition, or the state fails whenever it runs.
    Error,
}

/// As its name in small letters.
impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From its name in small letters.
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
    /// The code of the rule, by which `docs/checks.md` lists it: `unknown-state`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The place, as a JSON Pointer (RFC 6901). It always leads to a value that is there.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

/// As an object with the members above; `help` only where there is one.
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
    /// The line and column of the place in the text that the definition was read from.
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

/// What a check has to know in addition to the definition.
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
    /// The definition is meant for an Express workflow.
    pub express: bool,
    /// The integrations against which tasks are checked.
    pub catalog: Catalog,
    /// How bad findings are held to be.
    pub levels: Levels,
    /// A sample of the input of an execution: what is at a path is followed from there.
    pub input: Option<Json>,
}

impl Options {
    /// Whether the definition is meant for an Express workflow.
    pub fn express(mut self, express: bool) -> Self {
        self.express = express;
        self
    }

    /// The integrations against which tasks are checked.
    pub fn catalog(mut self, catalog: Catalog) -> Self {
        self.catalog = catalog;
        self
    }

    /// A sample of the input of an execution.
    pub fn input(mut self, sample: impl Into<Json>) -> Self {
        self.input = Some(sample.into());
        self
    }

    /// Does not report the findings of that code.
    pub fn allow(self, code: impl Into<String>) -> Self {
        self.level(code, Place::Everywhere, Level::Allow)
    }

    /// Reports the findings of that code as warnings.
    pub fn warn(self, code: impl Into<String>) -> Self {
        self.level(code, Place::Everywhere, Level::Warn)
    }

    /// Reports the findings of that code, or of the group `warnings`, as errors.
    pub fn deny(self, code: impl Into<String>) -> Self {
        self.level(code, Place::Everywhere, Level::Deny)
    }

    /// Says what becomes of the findings of that code at a place: a state, by its name, or a value, by its JSON
    /// Pointer. What is said later holds against what was said before.
    pub fn level(mut self, code: impl Into<String>, place: impl Into<Place>, level: Level) -> Self {
        self.levels.set(code, place, level);
        self
    }
}

/// Finds all that is wrong with a definition, in the order of the document.
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

/// What the rules find, in no order.
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
        let message = "there are more findings: the report ends here because of its length";
        checker.findings.push(Checker::finding(&structure::CUT, &definition, message));
    }
    checker.findings
}

/// Gathers the findings.
struct Checker<'o> {
    options: &'o Options,
    /// The errors that Fail states raise.
    raised: HashSet<&'o str>,
    /// The names of all states, wherever they stand.
    names: HashSet<&'o str>,
    /// How many names may still be compared with misspelt names of states and variables, of which a definition can
    /// have very many.
    comparisons: usize,
    findings: Vec<Diagnostic>,
    /// How many bytes findings may still have.
    left: usize,
    /// A finding for which there was no room.
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

    /// Adds a finding at a place that is known by its JSON Pointer.
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

    /// Adds a finding that is not as bad as the rule is elsewhere.
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

    /// The name among many that is nearest to a misspelt one.
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
        constants::check(self, state, scope);
    }
}

//! Levels: which findings are allowed, warnings or errors, and where.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::rule::Rule;
use super::suggest::did_you_mean;
use super::{Diagnostic, Severity};
use crate::value::escape_token;

pub(super) static RULES: &[&Rule] = &[&UNKNOWN_CODE];

static UNKNOWN_CODE: Rule = Rule {
    code: "unknown-code",
    severity: Severity::Warning,
    proof: &[],
    title: "A code in `allow`, `warn` or `deny` exists",
    explanation: "The code is on this page, or is the group `warnings` or `all`. A misspelt code changes \
                  nothing.",
    wrong: "",
    right: r#"{"Type": "Succeed"}"#,
    express: false,
};

/// The level of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// The finding is not reported.
    Allow,
    /// The finding is a warning.
    Warn,
    /// The finding is an error.
    Deny,
}

impl Level {
    /// All levels.
    pub const ALL: [Level; 3] = [Level::Allow, Level::Warn, Level::Deny];

    /// The name: `allow`, `warn` or `deny`.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name.
impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// From the name.
impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        name.parse().map_err(de::Error::custom)
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Level::ALL.into_iter().find(|level| level.name() == name);
        found.ok_or_else(|| format!("there is no level `{name}`: write `allow`, `warn` or `deny`"))
    }
}

/// The part of a definition to which a level applies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// The whole definition.
    Everywhere,
    /// Every state with this name, and the states inside it.
    State(String),
    /// The value at this JSON Pointer, and everything inside it.
    Pointer(String),
}

/// `/States/Send/Parameters` is a JSON Pointer, any other text the name of a state. For a state whose name starts
/// with `/`, use [`Place::State`].
impl From<&str> for Place {
    fn from(text: &str) -> Self {
        match text {
            "" => Place::Everywhere,
            _ if text.starts_with('/') => Place::Pointer(text.to_owned()),
            _ => Place::State(text.to_owned()),
        }
    }
}

impl From<String> for Place {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl Place {
    fn holds(&self, pointer: &str) -> bool {
        match self {
            Place::Everywhere => true,
            Place::Pointer(outer) => is_within(pointer, outer),
            Place::State(name) => {
                let step = format!("/States/{}", escape_token(name));
                pointer.match_indices(&step).any(|(at, _)| is_within(pointer, &pointer[..at + step.len()]))
            }
        }
    }
}

fn is_within(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || outer.is_empty())
}

/// The levels of findings, in order: a later entry takes precedence over an earlier one.
///
/// ```
/// use sfn_tasks::check::{Level, Levels, Place};
///
/// let mut levels = Levels::default();
/// levels.set("warnings", Place::Everywhere, Level::Deny);
/// levels.set("forgotten-dollar", "Send", Level::Allow);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    codes: Codes,
    place: Place,
    level: Level,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Codes {
    /// A code, or one of the [`GROUPS`]
    Named(String),
    /// What the library knows of AWS's vocabulary, which grows. For a value that is marked as deliberate, a finding
    /// is a warning at most
    Vocabulary,
}

/// Names that stand for many codes: everything that is a warning so far, and everything.
const GROUPS: [&str; 2] = ["warnings", "all"];

/// Findings that can be wrong because AWS added something later.
const VOCABULARY: [&str; 11] = [
    "out-of-range",
    "parameter-pattern",
    "parameter-rule",
    "parameter-type",
    "parameter-value",
    "resource",
    "unknown-field",
    "unknown-integration",
    "unknown-parameter",
    "unknown-value",
    "unsupported-pattern",
];

impl Levels {
    /// Sets the level of the findings with this code at this place. The code is that of a rule, `warnings` for
    /// everything that is a warning so far, or `all`. The check reports a code that does not exist.
    pub fn set(&mut self, code: impl Into<String>, place: impl Into<Place>, level: Level) {
        self.entries.push(Entry { codes: Codes::Named(code.into()), place: place.into(), level });
    }

    /// Marks the value at this JSON Pointer as deliberate: unknown parts of it are warnings.
    pub(crate) fn believe(&mut self, pointer: String) {
        self.entries.push(Entry { codes: Codes::Vocabulary, place: Place::Pointer(pointer), level: Level::Warn });
    }

    /// Adds the entries of the other levels after these.
    pub fn extend(&mut self, other: Levels) {
        self.entries.extend(other.entries);
    }

    /// The finding with the severity of its level, or `None` if it is allowed.
    pub(super) fn apply(&self, mut finding: Diagnostic) -> Option<Diagnostic> {
        let mut severity = Some(finding.severity);
        for entry in &self.entries {
            let named = match &entry.codes {
                Codes::Named(code) => match code.as_str() {
                    "all" => true,
                    "warnings" => severity == Some(Severity::Warning),
                    code => code == finding.code,
                },
                Codes::Vocabulary => severity == Some(Severity::Error) && VOCABULARY.contains(&finding.code),
            };
            // A later entry takes precedence over an earlier one.
            severity = match (named && entry.place.holds(&finding.pointer), entry.level) {
                (false, _) => severity,
                (true, Level::Allow) => None,
                (true, Level::Warn) => Some(Severity::Warning),
                (true, Level::Deny) => Some(Severity::Error),
            };
        }
        finding.severity = severity?;
        Some(finding)
    }

    /// Whether the finding is about an unknown part of a value that is marked as deliberate.
    pub(crate) fn is_believed(&self, finding: &Diagnostic) -> bool {
        VOCABULARY.contains(&finding.code)
            && self.entries.iter().any(|it| it.codes == Codes::Vocabulary && it.place.holds(&finding.pointer))
    }

    /// Whether a level makes the finding a warning, by its code or by a group.
    pub(crate) fn warns(&self, finding: &Diagnostic) -> bool {
        let said = |entry: &&Entry| match &entry.codes {
            Codes::Named(code) => GROUPS.contains(&code.as_str()) || code == finding.code,
            Codes::Vocabulary => false,
        };
        let mut last = self.entries.iter().rev().filter(said).filter(|entry| entry.place.holds(&finding.pointer));
        last.next().is_some_and(|entry| entry.level == Level::Warn)
    }

    /// A finding for each code that no rule has.
    pub(super) fn unknown<C: Iterator<Item = &'static str>>(&self, known: impl Fn() -> C) -> Vec<Diagnostic> {
        let mut unknown: Vec<(&str, Level)> = Vec::new();
        for entry in &self.entries {
            if let Codes::Named(code) = &entry.codes {
                let is_known = GROUPS.contains(&code.as_str()) || known().any(|known| known == code);
                if !is_known && !unknown.iter().any(|(seen, _)| seen == code) {
                    unknown.push((code, entry.level));
                }
            }
        }
        let finding = |(code, level): (&str, Level)| Diagnostic {
            code: UNKNOWN_CODE.code,
            severity: UNKNOWN_CODE.severity,
            pointer: String::new(),
            message: format!("`{level}` has the code `{code}`, which does not exist"),
            help: did_you_mean(code, known().chain(GROUPS)),
        };
        unknown.into_iter().map(finding).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_holds_at_a_value_and_within_it_but_not_beside_it() {
        let holds = |place: &str, pointer: &str| Place::from(place).holds(pointer);
        assert!(holds("", "/States/A"));
        assert!(holds("A", "/States/A") && holds("A", "/States/A/Next") && holds("A", "/States/P/Branches/0/States/A"));
        assert!(!holds("A", "/States/AB") && !holds("A", "/States/B/Parameters/A"));
        assert!(holds("B", "/States/P/Branches/0/States/B/Next") && holds("P", "/States/P/Branches/0/States/B/Next"));
        assert!(holds("/States/A", "/States/A/Next") && !holds("/States/A", "/States/AB"));
        assert!(Place::State("a/b".to_owned()).holds("/States/a~1b/Next"));
    }

    #[test]
    fn what_is_said_last_holds() {
        let finding = || Diagnostic {
            code: "heartbeat",
            severity: Severity::Error,
            pointer: "/States/A".to_owned(),
            message: String::new(),
            help: None,
        };
        let severity = |said: &[(&str, &str, Level)]| {
            let mut levels = Levels::default();
            said.iter().for_each(|(code, place, level)| levels.set(*code, *place, *level));
            levels.apply(finding()).map(|finding| finding.severity)
        };
        assert_eq!(severity(&[]), Some(Severity::Error));
        assert_eq!(severity(&[("heartbeat", "", Level::Allow)]), None);
        assert_eq!(severity(&[("heartbeat", "B", Level::Allow)]), Some(Severity::Error));
        assert_eq!(severity(&[("all", "", Level::Allow), ("heartbeat", "A", Level::Warn)]), Some(Severity::Warning));
        let denied = [("heartbeat", "", Level::Warn), ("warnings", "", Level::Deny)];
        assert_eq!(severity(&denied), Some(Severity::Error));
        assert_eq!(severity(&[("warnings", "", Level::Allow)]), Some(Severity::Error));
    }
}

//! Which parts of a definition a set of runs used.

use std::collections::BTreeMap;
use std::fmt;

use super::Run;
use super::engine::Program;
use super::outcome::Taken;
use crate::asl::{StateMachine, StateType};
use crate::value::{Json, Object};

/// Which states, transitions, choice rules, catchers and retriers of a definition a set of runs used.
#[derive(Debug, Clone)]
pub struct Coverage {
    parts: BTreeMap<Taken, Part>,
}

/// A part of a definition that a run can use.
#[derive(Debug, Clone)]
pub struct Part {
    kind: PartKind,
    state: String,
    target: Option<String>,
    runs: u32,
}

/// The kind of the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PartKind {
    /// A state.
    State,
    /// The transition of `Next`.
    Next,
    /// A rule of a Choice state.
    Choice(usize),
    /// `Default` of a Choice state.
    Default,
    /// A catcher.
    Catch(usize),
    /// A retrier.
    Retry(usize),
}

impl Part {
    /// The kind of the part.
    pub fn kind(&self) -> PartKind {
        self.kind
    }

    /// The name of the state that contains it.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The name of the state that follows.
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// How many runs used it.
    pub fn runs(&self) -> u32 {
        self.runs
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { state, target, .. } = self;
        let target = target.as_deref().unwrap_or("?");
        match self.kind {
            PartKind::State => write!(f, "state `{state}`"),
            PartKind::Next => write!(f, "`{state}` -> `{target}`"),
            PartKind::Choice(index) => write!(f, "`{state}` -> `{target}` (choice rule {})", index + 1),
            PartKind::Default => write!(f, "`{state}` -> `{target}` (default)"),
            PartKind::Catch(index) => write!(f, "`{state}` -> `{target}` (catcher {})", index + 1),
            PartKind::Retry(index) => write!(f, "`{state}` is retried (retrier {})", index + 1),
        }
    }
}

impl Coverage {
    /// The coverage of no run.
    pub fn new(machine: &StateMachine) -> Self {
        let program = Program::new(machine);
        let mut parts = BTreeMap::new();
        for (at, state) in program.states.iter().enumerate() {
            let mut add = |taken, kind, target: Option<&str>| {
                let part = Part { kind, state: state.name.to_string(), target: target.map(str::to_owned), runs: 0 };
                parts.insert(taken, part);
            };
            let next = |rule: &'_ Json| rule.get("Next").and_then(Json::as_str).map(str::to_owned);
            add(Taken::State(at), PartKind::State, None);
            if let (Some(target), false) = (state.text("Next"), state.kind == StateType::Choice) {
                add(Taken::Next(at), PartKind::Next, Some(target));
            }
            if state.kind == StateType::Choice {
                for (index, rule) in state.list("Choices").iter().enumerate() {
                    add(Taken::Choice(at, index), PartKind::Choice(index), next(rule).as_deref());
                }
                if let Some(target) = state.text("Default") {
                    add(Taken::Default(at), PartKind::Default, Some(target));
                }
            }
            for (index, rule) in state.list("Catch").iter().enumerate() {
                add(Taken::Catch(at, index), PartKind::Catch(index), next(rule).as_deref());
            }
            for index in 0..state.list("Retry").len() {
                add(Taken::Retry(at, index), PartKind::Retry(index), None);
            }
        }
        Self { parts }
    }

    /// Adds the parts that a run of this definition used.
    pub fn add(&mut self, run: &Run) {
        for taken in &run.taken {
            if let Some(part) = self.parts.get_mut(taken) {
                part.runs += 1;
            }
        }
    }

    /// Every part, ordered by kind and then as in the definition.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.values()
    }

    /// The parts that no run used.
    pub fn missing(&self) -> impl Iterator<Item = &Part> {
        self.parts().filter(|part| part.runs == 0)
    }

    /// How many parts were used, and how many exist.
    pub fn counts(&self) -> (usize, usize) {
        (self.parts().filter(|part| part.runs > 0).count(), self.parts.len())
    }

    /// How much was used, from 0 to 100.
    pub fn percent(&self) -> f64 {
        match self.counts() {
            (_, 0) => 100.0,
            (taken, all) => taken as f64 * 100.0 / all as f64,
        }
    }

    /// The coverage as JSON: the counts, and every part with the number of runs that used it.
    pub fn to_json(&self) -> Json {
        let (taken, all) = self.counts();
        let parts = self.parts().map(|part| {
            let (kind, index) = match part.kind {
                PartKind::State => ("state", None),
                PartKind::Next => ("next", None),
                PartKind::Choice(index) => ("choice", Some(index)),
                PartKind::Default => ("default", None),
                PartKind::Catch(index) => ("catch", Some(index)),
                PartKind::Retry(index) => ("retry", Some(index)),
            };
            let mut object = Object::new();
            object.insert("kind", kind);
            object.insert("state", part.state.clone());
            if let Some(index) = index {
                object.insert("index", index as u64);
            }
            if let Some(target) = &part.target {
                object.insert("target", target.clone());
            }
            object.insert("runs", part.runs);
            Json::Object(object)
        });
        let parts: Vec<Json> = parts.collect();
        let mut json = Object::new();
        json.insert("taken", taken as u64);
        json.insert("all", all as u64);
        json.insert("parts", parts);
        Json::Object(json)
    }
}

/// The counts for each kind, and the parts that were not used.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        type Belongs = fn(PartKind) -> bool;
        let kinds: [(&str, Belongs); 4] = [
            ("states", |kind| kind == PartKind::State),
            ("transitions", |kind| matches!(kind, PartKind::Next | PartKind::Choice(_) | PartKind::Default)),
            ("catchers", |kind| matches!(kind, PartKind::Catch(_))),
            ("retriers", |kind| matches!(kind, PartKind::Retry(_))),
        ];
        for (name, belongs) in kinds {
            let all = self.parts().filter(|part| belongs(part.kind)).count();
            let taken = self.parts().filter(|part| belongs(part.kind) && part.runs > 0).count();
            if all > 0 {
                writeln!(f, "{name}: {taken} of {all}")?;
            }
        }
        for part in self.missing() {
            writeln!(f, "  not used: {part}")?;
        }
        let (taken, all) = self.counts();
        write!(f, "coverage: {:.1} % ({taken} of {all})", self.percent())
    }
}

//! Test cases in a file next to a definition.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::engine::Program;
use super::runner::{Problem, nearest};
use super::{Coverage, FieldValidation, Mock, Mocks, Run, Runner, Timestamp};
use crate::asl::StateMachine;
use crate::value::{Json, Object, escape_token};

/// The cases of a file.
///
/// ```
/// use sfn_tasks::asl::StateMachine;
/// use sfn_tasks::run::Suite;
/// use sfn_tasks::value::Json;
///
/// let machine: StateMachine = r#"{
///     "StartAt": "Ask",
///     "States": { "Ask": {
///         "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "f" }, "End": true
///     } }
/// }"#.parse()?;
/// let file: serde_json::Value = serde_json::from_str(r#"{
///     "cases": [{
///         "name": "asks",
///         "mocks": { "Ask": { "return": { "Payload": 42 } } },
///         "expect": { "output": { "Payload": 42 }, "way": ["Ask"] }
///     }]
/// }"#)?;
///
/// let suite = Suite::read(&Json::from(file)).map_err(|faults| faults[0].to_string())?;
/// let report = suite.run(&machine);
/// assert!(report.results().iter().all(|result| result.failures().is_empty()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Suite {
    definition: Option<String>,
    objects: Option<PathBuf>,
    machines: Vec<(String, String)>,
    substitutions: Vec<(String, String)>,
    express: bool,
    cases: Vec<Case>,
}

/// A case: the input, the answers of the tasks, and what is expected.
#[derive(Debug, Clone)]
pub struct Case {
    name: String,
    input: Json,
    mocks: Mocks,
    express: bool,
    start: Option<Timestamp>,
    seed: u64,
    redrives: u64,
    validation: FieldValidation,
    expected: Expected,
}

#[derive(Debug, Clone, Default)]
struct Expected {
    status: Option<String>,
    output: Option<Json>,
    error: Option<String>,
    cause: Option<String>,
    way: Option<Vec<String>>,
    went: Vec<String>,
    avoided: Vec<String>,
    calls: Vec<(String, Vec<Json>)>,
    seconds: Option<f64>,
}

/// A mistake in a file, and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuiteFault {
    /// The position as a JSON Pointer.
    pub pointer: String,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl fmt::Display for SuiteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(&self.message),
            pointer => write!(f, "{pointer}: {}", self.message),
        }
    }
}

impl std::error::Error for SuiteFault {}

/// The outcome of the cases.
#[derive(Debug, Clone)]
pub struct Report {
    results: Vec<CaseResult>,
    coverage: Coverage,
}

impl Report {
    /// One for each case, in order.
    pub fn results(&self) -> &[CaseResult] {
        &self.results
    }

    /// The parts of the definition that all cases together used.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }
}

/// The outcome of a case.
#[derive(Debug, Clone)]
pub struct CaseResult {
    name: String,
    run: Result<Run, Problem>,
    failures: Vec<String>,
    took: Duration,
}

impl CaseResult {
    /// The name of the case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The run, or why it could not end.
    pub fn run(&self) -> Result<&Run, &Problem> {
        self.run.as_ref()
    }

    /// The expectations that were not met; empty if the case passed.
    pub fn failures(&self) -> &[String] {
        &self.failures
    }

    /// How long it took, in real time.
    pub fn took(&self) -> Duration {
        self.took
    }
}

impl Suite {
    /// Reads a file of cases, or returns all mistakes in it.
    pub fn read(file: &Json) -> Result<Self, Vec<SuiteFault>> {
        let mut reader = Reader::default();
        let suite = reader.suite(file);
        if reader.faults.is_empty() { Ok(suite) } else { Err(reader.faults) }
    }

    /// The path of the definition, relative to the folder of the file.
    pub fn definition(&self) -> Option<&str> {
        self.definition.as_deref()
    }

    /// The cases.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The state machines that tasks start: name or ARN, and the path of the definition, relative to the folder of the
    /// file.
    pub fn machines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.machines.iter().map(|(name, path)| (name.as_str(), path.as_str()))
    }

    /// The JSON Schema of a file of cases.
    pub const SCHEMA: &'static str = include_str!("test-cases.schema.json");

    /// The folder with the objects of Amazon S3, relative to the folder of the file.
    pub fn objects(&self) -> Option<&Path> {
        self.objects.as_deref()
    }

    /// The folder that contains the file; paths in the file are relative to it.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.objects = self.objects.map(|objects| folder.join(objects));
        self
    }

    /// Runs every case as an Express workflow, if `true`.
    pub fn express(mut self, express: bool) -> Self {
        self.express |= express;
        self
    }

    /// Keeps only the cases whose names contain that text.
    pub fn filter(mut self, part: &str) -> Self {
        self.cases.retain(|case| case.name.contains(part));
        self
    }

    /// Runs every case, several at the same time.
    pub fn run(&self, machine: &StateMachine) -> Report {
        self.run_with(machine, &[])
    }

    /// Like [`run`](Self::run), with state machines that tasks start, by name or ARN.
    pub fn run_with(&self, machine: &StateMachine, others: &[(&str, &StateMachine)]) -> Report {
        let substituted = machine.substitute(self.substitutions.iter().cloned());
        let machine = &substituted;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(self.cases.len()).max(1);
        let mut results: Vec<(usize, CaseResult)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|worker| {
                    let cases = self.cases.iter().enumerate().skip(worker).step_by(threads);
                    scope.spawn(move || {
                        cases.map(|(at, case)| (at, case.run(self, machine, others))).collect::<Vec<_>>()
                    })
                })
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
        });
        results.sort_by_key(|(at, _)| *at);
        let results: Vec<CaseResult> = results.into_iter().map(|(_, result)| result).collect();
        let mut coverage = Coverage::new(machine);
        results.iter().filter_map(|result| result.run.as_ref().ok()).for_each(|run| coverage.add(run));
        Report { results, coverage }
    }
}

impl Case {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn run(&self, suite: &Suite, machine: &StateMachine, others: &[(&str, &StateMachine)]) -> CaseResult {
        let began = std::time::Instant::now();
        let mut runner =
            Runner::new(machine).mocks(self.mocks.clone()).seed(self.seed).field_validation(self.validation);
        if let Some(start) = self.start {
            runner = runner.start(start);
        }
        if suite.express || self.express {
            runner = runner.express();
        }
        if let Some(folder) = &suite.objects {
            runner = runner.objects(folder);
        }
        for (name, other) in others {
            runner = runner.machine(*name, other);
        }
        let mut run = runner.run(self.input.clone());
        for _ in 0..self.redrives {
            run = match run {
                Ok(failed) if failed.output().is_err() => runner.redrive(&failed),
                ended => ended,
            };
        }
        let mut failures = self.unknown(machine, others);
        match &run {
            Ok(run) => failures.extend(self.expected.compare(run)),
            // Reported with the other names.
            Err(Problem::UnknownMock { .. }) if !failures.is_empty() => {}
            Err(problem) => failures.push(explain(problem)),
        }
        CaseResult { name: self.name.clone(), run, failures, took: began.elapsed() }
    }
}

impl Case {
    /// The states that the case names and that do not exist. Otherwise, a wrong name would look like a state that a run
    /// avoids.
    fn unknown(&self, machine: &StateMachine, others: &[(&str, &StateMachine)]) -> Vec<String> {
        let machines = std::iter::once(machine).chain(others.iter().map(|(_, other)| *other));
        let programs: Vec<Program<'_>> = machines.map(Program::new).collect();
        let known: Vec<&str> = programs.iter().flat_map(|program| &program.states).map(|state| &*state.name).collect();
        let expected = &self.expected;
        let lists = [
            ("mocks", self.mocks.states().collect::<Vec<_>>()),
            ("way", expected.way.iter().flatten().map(String::as_str).collect()),
            ("went", expected.went.iter().map(String::as_str).collect()),
            ("avoided", expected.avoided.iter().map(String::as_str).collect()),
            ("calls", expected.calls.iter().map(|(state, _)| state.as_str()).collect()),
        ];
        let mut failures = Vec::new();
        for (what, names) in lists {
            for name in names.into_iter().filter(|name| !known.contains(name)) {
                let hint = nearest(name, known.iter().copied())
                    .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                failures.push(format!("{what}: there is no state `{name}`{hint}"));
            }
        }
        failures
    }
}

impl Expected {
    fn compare(&self, run: &Run) -> Vec<String> {
        let mut failures = Vec::new();
        let mut differs = |what: &str, expected: &dyn fmt::Display, got: &dyn fmt::Display| {
            failures.push(format!("{what}: expected {expected}, got {got}"));
        };
        let failure = run.output().err();
        let status = self.status.as_deref().or(match (&self.error, &self.cause) {
            (None, None) => Some("SUCCEEDED"),
            // An execution that times out also has an error.
            _ => None,
        });
        match (status, failure) {
            (Some(status), Some(failure)) if status != run.status().name() => {
                let got = format!("{} ({failure})", run.status());
                differs("status", &status, &got);
            }
            (Some(status), _) if status != run.status().name() => differs("status", &status, &run.status()),
            _ => {}
        }
        if let (Some(expected), Ok(output)) = (&self.output, run.output()) {
            if !crate::expression::evaluate::equal(expected, output) {
                differs("output", expected, output);
            }
        }
        let none = "none".to_owned();
        for (what, expected, got) in [("error", &self.error, run.error()), ("cause", &self.cause, run.cause())] {
            if let Some(expected) = expected.as_deref().filter(|expected| Some(*expected) != got) {
                differs(what, &expected, &got.unwrap_or(&none));
            }
        }
        if let Some(way) = &self.way {
            let got = run.way();
            if *way != got {
                differs("way", &way.join(" -> "), &got.join(" -> "));
            }
        }
        for state in self.went.iter().filter(|state| !run.went(state)) {
            differs("way", &format!("to go through `{state}`"), &run.way().join(" -> "));
        }
        for state in self.avoided.iter().filter(|state| run.went(state)) {
            differs("way", &format!("not to go through `{state}`"), &run.way().join(" -> "));
        }
        for (state, expected) in &self.calls {
            let got = run.calls(state);
            if got.len() != expected.len() {
                differs(&format!("calls of `{state}`"), &expected.len(), &got.len());
            }
            for (number, (expected, got)) in expected.iter().zip(&got).enumerate() {
                if !crate::expression::evaluate::equal(expected, got.parameters()) {
                    differs(&format!("call {} of `{state}`", number + 1), expected, got.parameters());
                }
            }
        }
        if let Some(seconds) = self.seconds {
            let got = run.duration().as_secs_f64();
            if (got - seconds).abs() > 0.0005 {
                differs("seconds", &seconds, &got);
            }
        }
        failures
    }
}

impl Mocks {
    /// Reads mocks in the form that they have in a file of cases: by the name of a state, an API (`dynamodb:getItem`)
    /// or a resource (`arn:…`).
    pub fn read(json: &Json) -> Result<Self, Vec<SuiteFault>> {
        let mut reader = Reader::default();
        let mocks = reader.mocks(json, "");
        if reader.faults.is_empty() { Ok(mocks) } else { Err(reader.faults) }
    }
}

/// Whether the name of a mock is an API, `service:action`, and not a state.
fn is_api(name: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    name.contains(':') && name.split(':').all(part)
}

// The members that the objects of a file can have.
const FILE: [&str; 7] = ["definition", "objects", "machines", "express", "substitutions", "mocks", "cases"];
const CASE: [&str; 9] = ["name", "input", "mocks", "express", "start", "seed", "redrives", "fieldValidation", "expect"];
const EXPECT: [&str; 9] = ["status", "output", "error", "cause", "way", "went", "avoided", "calls", "seconds"];
const MOCK: [&str; 6] = ["return", "throw", "never", "after", "heartbeats", "times"];

#[derive(Default)]
struct Reader {
    faults: Vec<SuiteFault>,
}

impl Reader {
    fn fault(&mut self, pointer: &str, message: impl Into<String>) {
        self.faults.push(SuiteFault { pointer: pointer.to_owned(), message: message.into() });
    }

    fn object<'j>(&mut self, json: &'j Json, pointer: &str, what: &str, known: &[&str]) -> Option<&'j Object> {
        let Json::Object(object) = json else {
            self.fault(pointer, format!("{what} must be an object, not {}", json.kind()));
            return None;
        };
        for name in object.names().filter(|name| !known.contains(name) && *name != "$schema") {
            let close = known.iter().min_by_key(|known| strsim::damerau_levenshtein(known, name));
            let close = close.filter(|close| strsim::damerau_levenshtein(close, name) <= 2);
            let hint = match close {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("it has {}", known.join(", ")),
            };
            self.fault(&format!("{pointer}/{}", escape_token(name)), format!("{what} has no `{name}`; {hint}"));
        }
        Some(object)
    }

    fn text(&mut self, object: &Object, name: &str, pointer: &str) -> Option<String> {
        match object.get(name)? {
            Json::String(text) => Some(text.to_string()),
            other => {
                self.fault(&format!("{pointer}/{name}"), format!("`{name}` must be a string, not {}", other.kind()));
                None
            }
        }
    }

    fn number(&mut self, object: &Object, name: &str, pointer: &str) -> Option<f64> {
        match object.get(name)? {
            Json::Number(number) if number.as_f64() >= 0.0 => Some(number.as_f64()),
            other => {
                self.fault(
                    &format!("{pointer}/{name}"),
                    format!("`{name}` must be a number that is not negative, not {other}"),
                );
                None
            }
        }
    }

    fn names(&mut self, object: &Object, name: &str, pointer: &str) -> Option<Vec<String>> {
        let pointer = format!("{pointer}/{name}");
        let list = match object.get(name)? {
            Json::Array(list) => list.as_slice(),
            one @ Json::String(_) => std::slice::from_ref(one),
            other => {
                self.fault(&pointer, format!("`{name}` must be a list of state names, not {}", other.kind()));
                return None;
            }
        };
        let names: Vec<String> = list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        if names.len() < list.len() {
            self.fault(&pointer, format!("`{name}` must be a list of state names"));
        }
        Some(names)
    }

    fn suite(&mut self, file: &Json) -> Suite {
        let mut suite = Suite {
            definition: None,
            objects: None,
            machines: Vec::new(),
            substitutions: Vec::new(),
            express: false,
            cases: Vec::new(),
        };
        let Some(object) = self.object(file, "", "a file of cases", &FILE) else { return suite };
        suite.definition = self.text(object, "definition", "");
        suite.objects = self.text(object, "objects", "").map(PathBuf::from);
        match object.get("machines") {
            None => {}
            Some(Json::Object(machines)) => {
                for name in machines.names() {
                    let path = self.text(machines, name, "/machines");
                    suite.machines.extend(path.map(|path| (name.to_owned(), path)));
                }
            }
            Some(other) => {
                self.fault("/machines", format!("`machines` must be an object of paths, not {}", other.kind()))
            }
        }
        match object.get("substitutions") {
            None => {}
            Some(Json::Object(values)) => {
                for (name, value) in values.iter() {
                    match value {
                        Json::String(text) => suite.substitutions.push((name.to_owned(), text.to_string())),
                        Json::Number(_) | Json::Bool(_) => {
                            suite.substitutions.push((name.to_owned(), value.to_string()))
                        }
                        other => self.fault(
                            &format!("/substitutions/{}", escape_token(name)),
                            format!(
                                "the value of `${{{name}}}` must be a string, a number or a boolean, not {}",
                                other.kind()
                            ),
                        ),
                    }
                }
            }
            Some(other) => {
                self.fault("/substitutions", format!("`substitutions` must be an object, not {}", other.kind()));
            }
        }
        suite.express = object.get("express").and_then(Json::as_bool).unwrap_or(false);
        let shared = object.get("mocks").map(|mocks| self.mocks(mocks, "/mocks")).unwrap_or_default();
        match object.get("cases") {
            Some(Json::Array(cases)) => {
                for (index, case) in cases.iter().enumerate() {
                    let case = self.case(case, &format!("/cases/{index}"), index, &shared);
                    suite.cases.extend(case);
                }
            }
            Some(other) => self.fault("/cases", format!("`cases` must be a list, not {}", other.kind())),
            None => self.fault("", "`cases` is missing: a list of `{ name, input, mocks, expect }`"),
        }
        suite
    }

    fn case(&mut self, case: &Json, pointer: &str, index: usize, shared: &Mocks) -> Option<Case> {
        let object = self.object(case, pointer, "a case", &CASE)?;
        let start = self.text(object, "start", pointer).and_then(|text| {
            let time = Timestamp::parse(&text);
            if time.is_none() {
                self.fault(&format!("{pointer}/start"), "`start` must be a time such as `2025-01-31T12:00:00Z`");
            }
            time
        });
        let validation = self.text(object, "fieldValidation", pointer).and_then(|text| {
            let mode = FieldValidation::from_name(&text);
            if mode.is_none() {
                self.fault(
                    &format!("{pointer}/fieldValidation"),
                    "`fieldValidation` must be `STRICT`, `PRESENT` or `NONE`",
                );
            }
            mode
        });
        let mut mocks = shared.clone();
        if let Some(own) = object.get("mocks") {
            mocks.extend(self.mocks(own, &format!("{pointer}/mocks")));
        }
        let expected = object.get("expect").map(|expect| self.expected(expect, &format!("{pointer}/expect")));
        Some(Case {
            name: self.text(object, "name", pointer).unwrap_or_else(|| format!("case {}", index + 1)),
            input: object.get("input").cloned().unwrap_or_else(|| Json::Object(Object::new())),
            mocks,
            express: object.get("express").and_then(Json::as_bool).unwrap_or(false),
            start,
            seed: self.number(object, "seed", pointer).unwrap_or(0.0) as u64,
            redrives: self.number(object, "redrives", pointer).unwrap_or(0.0) as u64,
            validation: validation.unwrap_or_default(),
            expected: expected.unwrap_or_default(),
        })
    }

    fn expected(&mut self, expect: &Json, pointer: &str) -> Expected {
        let Some(object) = self.object(expect, pointer, "`expect`", &EXPECT) else { return Expected::default() };
        let mut calls = Vec::new();
        if let Some(json) = object.get("calls") {
            let pointer = format!("{pointer}/calls");
            match json {
                Json::Object(states) => {
                    for (state, expected) in states.iter() {
                        match expected {
                            Json::Array(expected) => calls.push((state.to_owned(), expected.to_vec())),
                            _ => self.fault(
                                &format!("{pointer}/{}", escape_token(state)),
                                "the calls of a state must be a list of the parameters that each call sends",
                            ),
                        }
                    }
                }
                other => self.fault(
                    &pointer,
                    format!("`calls` must be an object with a list for each state, not {}", other.kind()),
                ),
            }
        }
        let status = self.text(object, "status", pointer);
        if let Some(status) = status.as_deref().filter(|status| !["SUCCEEDED", "FAILED", "TIMED_OUT"].contains(status))
        {
            let message = format!("`status` must be SUCCEEDED, FAILED or TIMED_OUT, not {status}");
            self.fault(&format!("{pointer}/status"), message);
        }
        Expected {
            status,
            output: object.get("output").cloned(),
            error: self.text(object, "error", pointer),
            cause: self.text(object, "cause", pointer),
            way: self.names(object, "way", pointer),
            went: self.names(object, "went", pointer).unwrap_or_default(),
            avoided: self.names(object, "avoided", pointer).unwrap_or_default(),
            calls,
            seconds: self.number(object, "seconds", pointer),
        }
    }

    fn mocks(&mut self, json: &Json, pointer: &str) -> Mocks {
        let mut mocks = Mocks::new();
        let Json::Object(object) = json else {
            self.fault(
                pointer,
                format!("`mocks` must be an object with a mock for each state or API, not {}", json.kind()),
            );
            return mocks;
        };
        for (name, answers) in object.iter() {
            let pointer = format!("{pointer}/{}", escape_token(name));
            let answers = match answers {
                Json::Array(answers) => answers.as_slice(),
                one => std::slice::from_ref(one),
            };
            let steps: Vec<Mock> = answers
                .iter()
                .enumerate()
                .filter_map(|(index, answer)| {
                    let pointer = if answers.len() > 1 { format!("{pointer}/{index}") } else { pointer.clone() };
                    self.mock(answer, &pointer)
                })
                .collect();
            let Some(mock) = steps.into_iter().reduce(Mock::then) else { continue };
            mocks = match name {
                _ if name.starts_with("arn:") => mocks.resource(name, mock),
                _ if is_api(name) => mocks.api(name, mock),
                _ => mocks.state(name, mock),
            };
        }
        mocks
    }

    fn mock(&mut self, json: &Json, pointer: &str) -> Option<Mock> {
        let object = self.object(json, pointer, "a mock", &MOCK)?;
        let mut mock = match (object.get("return"), object.get("throw"), object.get("never")) {
            (Some(result), None, None) => Mock::returns(result.clone()),
            (None, Some(thrown), None) => {
                let pointer = format!("{pointer}/throw");
                let thrown = self.object(thrown, &pointer, "`throw`", &["error", "cause"])?;
                let error = self.text(thrown, "error", &pointer).unwrap_or_default();
                Mock::fails(error, self.text(thrown, "cause", &pointer).unwrap_or_default())
            }
            (None, None, Some(Json::Bool(true))) => Mock::never(),
            _ => {
                self.fault(
                    pointer,
                    "a mock must have one of `return: VALUE`, `throw: { error, cause }` and `never: true`",
                );
                return None;
            }
        };
        let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        if let Some(after) = self.number(object, "after", pointer) {
            mock = mock.after(seconds(after));
        }
        if let Some(every) = self.number(object, "heartbeats", pointer) {
            mock = mock.heartbeats(seconds(every));
        }
        if let Some(times) = self.number(object, "times", pointer) {
            mock = mock.times(times as u32);
        }
        Some(mock)
    }
}

/// Why a case cannot run, with what to write in its file.
fn explain(problem: &Problem) -> String {
    let told = problem.to_string();
    let told = told.split("\nhelp: ").next().unwrap_or_default();
    let help = match problem {
        Problem::Unmocked { state, .. } => format!("add `{state}: {{ return: … }}` to `mocks`"),
        Problem::Exhausted { .. } => {
            "add an answer to the list of the mock, or leave out `times` of the last one".into()
        }
        Problem::WrongResult { .. } => "correct it, or turn off the check with `fieldValidation: NONE`".into(),
        Problem::NoItems { state } => {
            format!(
                "write `{state}: {{ return: [ … ] }}` in `mocks`, or name the folder of the files: `objects: FOLDER`"
            )
        }
        Problem::Reference { name, .. } => {
            format!("set one in the file of the cases: `substitutions: {{ {name}: 60 }}`")
        }
        Problem::NoParquet { state } => format!("write the items as `{state}: {{ return: [ … ] }}` in `mocks`"),
        _ => return problem.to_string(),
    };
    format!("{told}\nhelp: {help}")
}

/// Merges consecutive answers that are equal.
fn shorten(answers: &mut Json) {
    let Json::Array(list) = answers else { return };
    let mut groups: Vec<(Json, u64)> = Vec::new();
    for answer in std::mem::take(list) {
        match groups.last_mut() {
            Some((last, times)) if *last == answer => *times += 1,
            _ => groups.push((answer, 1)),
        }
    }
    let count = groups.len();
    for (index, (mut answer, times)) in groups.into_iter().enumerate() {
        // The last answer repeats.
        if let (Json::Object(answer), true) = (&mut answer, times > 1 && index + 1 < count) {
            answer.insert("times", times);
        }
        list.push(answer);
    }
    if let [only] = &mut list[..] {
        *answers = std::mem::take(only);
    }
}

/// A case that expects what this run did, and whose mocks answer like its tasks.
pub fn record(name: &str, input: &Json, run: &Run) -> Json {
    let text = |text: &str| Json::from(text.to_owned());
    let mut mocks = Object::new();
    let mut calls = Object::new();
    for call in run.all_calls() {
        let mut answer = Object::new();
        match call.result() {
            Some(Ok(result)) => drop(answer.insert("return", result.clone())),
            Some(Err(error)) if error.error == "States.Timeout" => drop(answer.insert("never", true)),
            Some(Err(error)) => {
                let thrown = Object::from_iter([("error", text(&error.error)), ("cause", text(&error.cause))]);
                answer.insert("throw", thrown);
            }
            None => continue,
        }
        if let Some(took) = call.took.filter(|took| !took.is_zero() && !answer.contains("never")) {
            answer.insert("after", crate::expression::evaluate::number(took.as_secs_f64()));
        }
        for (list, value) in [(&mut mocks, Json::Object(answer)), (&mut calls, call.parameters().clone())] {
            match list.get_mut(call.state()) {
                Some(Json::Array(values)) => values.push(value),
                _ => drop(list.insert(call.state().to_owned(), vec![value])),
            }
        }
    }
    for (_, answers) in mocks.iter_mut() {
        shorten(answers);
    }
    let mut expected = Object::new();
    expected.insert("status", run.status().name());
    match run.output() {
        Ok(output) => drop(expected.insert("output", output.clone())),
        Err(failure) => {
            for (name, value) in [("error", &failure.error), ("cause", &failure.cause)] {
                if let Some(value) = value {
                    expected.insert(name, text(value));
                }
            }
        }
    }
    expected.insert("way", run.way().into_iter().map(text).collect::<Vec<_>>());
    if !calls.is_empty() {
        expected.insert("calls", calls);
    }
    let mut case = Object::from_iter([("name", text(name)), ("input", input.clone())]);
    if !mocks.is_empty() {
        case.insert("mocks", mocks);
    }
    case.insert("expect", expected);
    Json::Object(case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_knows_what_is_read() {
        let schema: serde_json::Value = serde_json::from_str(Suite::SCHEMA).unwrap();
        let known = |pointer: &str| {
            let members = schema.pointer(pointer).and_then(serde_json::Value::as_object).unwrap();
            let mut names: Vec<String> = members.keys().filter(|name| *name != "$schema").cloned().collect();
            names.sort();
            names
        };
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(known("/properties"), sorted(&FILE));
        assert_eq!(known("/$defs/case/properties"), sorted(&CASE));
        assert_eq!(known("/$defs/expect/properties"), sorted(&EXPECT));
        assert_eq!(known("/$defs/mock/properties"), sorted(&MOCK));
    }
}

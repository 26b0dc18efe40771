//! Test cases in a file next to a definition.

mod read;
mod record;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::engine::Program;
use super::runner::{Problem, nearest};
use super::{Coverage, FieldValidation, Mocks, Run, Runner, Timestamp};
use crate::asl::StateMachine;
use crate::value::Json;
pub use record::record;

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

/// Whether the name of a mock is an API, `service:action`, and not a state.
fn is_api(name: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    name.contains(':') && name.split(':').all(part)
}

/// Why a case cannot run, with what to write in its file.
fn explain(problem: &Problem) -> String {
    let told = problem.to_string();
    let told = told.split("\nhelp: ").next().unwrap_or_default();
    let help = match problem {
        Problem::Unmocked { state, .. } => format!("add `{state}: {{ return: … }}` to `mocks`"),
        Problem::Exhausted { .. } => {
            "add an answer to the list of the mock, or remove `times` from the last one".into()
        }
        Problem::WrongResult { .. } => "fix it, or turn off the check with `fieldValidation: NONE`".into(),
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

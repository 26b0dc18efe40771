//! What to run, and how.

use std::fmt;
use std::path::PathBuf;

use super::engine::{Program, World};
use super::{FieldValidation, Mock, Mocks, Run, Timestamp};
use crate::asl::{Node, StateMachine, StateType};
use crate::value::Json;

/// Runs a state machine, offline and in virtual time.
///
/// ```
/// use serde_json::json;
/// use sfn_tasks::asl::StateMachine;
/// use sfn_tasks::run::{Mock, Runner};
///
/// let machine: StateMachine = r#"{
///     "StartAt": "Charge",
///     "States": {
///         "Charge": {
///             "Type": "Task",
///             "Resource": "arn:aws:states:::lambda:invoke",
///             "Parameters": { "FunctionName": "charge", "Payload.$": "$" },
///             "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 60 }],
///             "ResultSelector": { "receipt.$": "$.Payload.receipt" },
///             "Next": "Done"
///         },
///         "Done": { "Type": "Succeed" }
///     }
/// }"#.parse()?;
///
/// let run = Runner::new(&machine)
///     .mock("Charge", Mock::fails("Busy", "try later").then(Mock::returns(json!({ "Payload": { "receipt": 7 } }))))
///     .run(json!({ "order": 1 }))?;
///
/// assert_eq!(run.output()?, &json!({ "receipt": 7 }));
/// assert_eq!(run.calls("Charge").len(), 2);
/// assert_eq!(run.calls("Charge")[0].parameters(), &json!({ "FunctionName": "charge", "Payload": { "order": 1 } }));
/// assert_eq!(run.duration().as_secs(), 60); // of virtual time
/// assert!(run.went("Done"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Runner<'a> {
    machine: &'a StateMachine,
    settings: Settings,
    others: Vec<&'a StateMachine>,
}

/// The settings of a run.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) mocks: Mocks,
    pub(super) field_validation: FieldValidation,
    pub(super) objects: Option<PathBuf>,
    pub(super) start: Timestamp,
    pub(super) seed: u64,
    pub(super) express: bool,
    pub(super) region: String,
    pub(super) account: String,
    pub(super) role: Option<String>,
    pub(super) machine_name: String,
    pub(super) machine_id: Option<String>,
    pub(super) execution_name: String,
    pub(super) execution_id: Option<String>,
    pub(super) max_events: u64,
    pub(super) max_steps: usize,
    pub(super) max_payload: usize,
    /// The names or ARNs of the other state machines, in the order of their programs.
    pub(super) machines: Vec<(String, ())>,
}

impl Settings {
    pub(super) fn new() -> Self {
        Self {
            mocks: Mocks::new(),
            objects: None,
            start: Timestamp::from_millis(1_735_689_600_000),
            seed: 0,
            express: false,
            region: "us-east-1".into(),
            account: "123456789012".into(),
            role: Some("arn:aws:iam::123456789012:role/StateMachine".into()),
            field_validation: FieldValidation::default(),
            machine_name: "StateMachine".into(),
            machine_id: None,
            execution_name: "test".into(),
            execution_id: None,
            max_events: 25_000,
            max_steps: 1_000_000,
            max_payload: 262_144,
            machines: Vec::new(),
        }
    }
}

impl<'a> Runner<'a> {
    /// Runs that state machine, built or parsed, as a Standard workflow.
    pub fn new(machine: &'a impl AsRef<StateMachine>) -> Self {
        Self { machine: machine.as_ref(), settings: Settings::new(), others: Vec::new() }
    }

    /// The answers of the tasks: by state, by API or by resource. Earlier mocks remain.
    ///
    /// ```
    /// use serde_json::json;
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::run::{Mocks, Runner};
    /// use sfn_tasks::tasks::sns;
    ///
    /// let tell = |name: &str| Task::new(name, sns::Publish::new().topic_arn(reference("TopicArn")).message("done"));
    /// let machine = StateMachine::new(tell("A").next(tell("B")))?;
    /// let runner = Runner::new(machine.asl()).mocks(Mocks::new().api("sns:publish", json!({ "MessageId": "1" })));
    /// assert_eq!(runner.mock("B", json!({})).run(json!({}))?.way(), ["A", "B"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn mocks(mut self, mocks: Mocks) -> Self {
        self.settings.mocks.extend(mocks);
        self
    }

    /// The answer of the state with that name.
    pub fn mock(mut self, state: impl Into<String>, mock: impl Into<Mock>) -> Self {
        self.settings.mocks = std::mem::take(&mut self.settings.mocks).state(state, mock);
        self
    }

    /// The folder with the objects of S3 that an `ItemReader` reads and a `ResultWriter` writes: `FOLDER/BUCKET/KEY`. A
    /// mock for the Map state replaces the items.
    pub fn objects(mut self, folder: impl Into<PathBuf>) -> Self {
        self.settings.objects = Some(folder.into());
        self
    }

    /// How strictly the results of mocks are checked against the API. By default, members that are present must have
    /// the right type.
    pub fn field_validation(mut self, mode: FieldValidation) -> Self {
        self.settings.field_validation = mode;
        self
    }

    /// Runs it as an Express workflow.
    pub fn express(mut self) -> Self {
        self.settings.express = true;
        self
    }

    /// When the execution starts. By default, at the beginning of 2025.
    pub fn start(mut self, time: Timestamp) -> Self {
        self.settings.start = time;
        self
    }

    /// The seed of random numbers and UUIDs. Runs with the same seed are equal.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// The region and the account of the ARNs in the context object.
    pub fn place(mut self, region: impl Into<String>, account: impl Into<String>) -> Self {
        self.settings.region = region.into();
        self.settings.account = account.into();
        self
    }

    /// `$$.StateMachine.Name`.
    pub fn machine_name(mut self, name: impl Into<String>) -> Self {
        self.settings.machine_name = name.into();
        self
    }

    /// `$$.StateMachine.Id`, an ARN. By default, it is derived from the name.
    pub fn machine_arn(mut self, arn: impl Into<String>) -> Self {
        self.settings.machine_id = Some(arn.into());
        self
    }

    /// `$$.Execution.Name`.
    pub fn execution_name(mut self, name: impl Into<String>) -> Self {
        self.settings.execution_name = name.into();
        self
    }

    /// `$$.Execution.Id`, an ARN. By default, it is derived from the names.
    pub fn execution_arn(mut self, arn: impl Into<String>) -> Self {
        self.settings.execution_id = Some(arn.into());
        self
    }

    /// `$$.Execution.RoleArn`.
    pub fn role_arn(mut self, arn: impl Into<String>) -> Self {
        self.settings.role = Some(arn.into());
        self
    }

    /// A state machine that tasks can start, by its ARN or its name. A mock has priority over it.
    pub fn machine(mut self, arn_or_name: impl Into<String>, machine: &'a impl AsRef<StateMachine>) -> Self {
        self.settings.machines.push((arn_or_name.into(), ()));
        self.others.push(machine.as_ref());
        self
    }

    /// The maximum number of events of a Standard workflow; 25,000 on AWS.
    pub fn max_events(mut self, events: u64) -> Self {
        self.settings.max_events = events;
        self
    }

    /// The maximum number of visits of states in a run, by default a million.
    pub fn max_steps(mut self, steps: usize) -> Self {
        self.settings.max_steps = steps;
        self
    }

    /// Runs it with that input until it ends.
    pub fn run(&self, input: impl Into<Json>) -> Result<Run, Problem> {
        World::new(self.programs()?, &self.settings).run(input.into())
    }

    /// All state machines. A mock for a state that none of them has is a typing mistake, which a run would not show:
    /// the state would have no mock, or would use the mock for its API.
    fn programs(&self) -> Result<Vec<Program<'a>>, Problem> {
        let machines = std::iter::once(self.machine).chain(self.others.iter().copied());
        let programs: Vec<Program<'_>> = machines.clone().map(Program::new).collect();
        if let Some(problem) = machines.into_iter().find_map(open_reference) {
            return Err(problem);
        }
        let mut names: Vec<&str> = self.settings.mocks.states().collect();
        names.sort_unstable();
        let states = || programs.iter().flat_map(|program| &program.states);
        for name in names {
            let mut kinds = states().filter(|state| *state.name == *name).map(|state| state.kind).peekable();
            if kinds.peek().is_none() {
                let near = nearest(name, states().map(|state| &*state.name)).map(str::to_owned);
                return Err(Problem::UnknownMock { state: name.to_owned(), near });
            }
            if !kinds.any(|kind| matches!(kind, StateType::Task | StateType::Map | StateType::Unknown)) {
                return Err(Problem::UselessMock { state: name.to_owned() });
            }
        }
        Ok(programs)
    }

    /// Redrives an execution that failed: it continues with the state that failed, and with the branches and items that
    /// did not succeed, with all their retries. The definition must be the same; the mocks can differ. A mock continues
    /// with its next answer.
    ///
    /// ```
    /// # use serde_json::json;
    /// # use sfn_tasks::asl::StateMachine;
    /// # use sfn_tasks::run::{Mock, Runner};
    /// let machine: StateMachine = r#"{
    ///     "StartAt": "Charge",
    ///     "States": { "Charge": {
    ///         "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "f" }, "End": true
    ///     } }
    /// }"#.parse()?;
    /// let runner = Runner::new(&machine);
    /// let failed = runner.clone().mock("Charge", Mock::fails("Down", "no network")).run(json!({}))?;
    /// assert_eq!(failed.error(), Some("Down"));
    ///
    /// let run = runner.mock("Charge", json!({ "Payload": 7 })).redrive(&failed)?;
    /// assert_eq!(run.output()?, &json!({ "Payload": 7 }));
    /// assert_eq!(run.calls("Charge").len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn redrive(&self, run: &Run) -> Result<Run, Problem> {
        World::new(self.programs()?, &self.settings).redrive(run)
    }
}

/// The fields that contain data. A reference in them becomes part of the data.
const DATA: [&str; 9] =
    ["Parameters", "Arguments", "ResultSelector", "Result", "ItemSelector", "BatchInput", "Output", "Assign", "Items"];

/// The first reference without quotation marks in a field that decides what happens, such as `Seconds`.
fn open_reference(machine: &StateMachine) -> Option<Problem> {
    // Each with whether the names of its members are those of states, which can be any.
    let mut open = vec![(false, Node::root(machine.json()))];
    while let Some((has_states, node)) = open.pop() {
        if let Json::Placeholder(name) = node.json() {
            return Some(Problem::Reference { pointer: node.pointer(), name: name.to_string() });
        }
        let members = node.members().filter(|(name, _)| has_states || !DATA.contains(name));
        open.extend(members.map(|(name, child)| (!has_states && name == "States", child)));
        open.extend(node.elements().map(|child| (false, child)));
    }
    None
}

/// The name that was probably intended.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = known.min_by_key(|known| strsim::damerau_levenshtein(known, name))?;
    (strsim::damerau_levenshtein(near, name) <= 1 + name.len() / 4).then_some(near)
}

/// Why an execution cannot be redriven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotRedrivable {
    /// It succeeded.
    Succeeded,
    /// It is an execution of an Express workflow.
    Express,
    /// It has 24,999 events or more.
    Events,
    /// It is an execution of another definition.
    OtherDefinition,
}

impl fmt::Display for NotRedrivable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Succeeded => "it succeeded",
            Self::Express => "only executions of Standard workflows can be redriven",
            Self::Events => "its history has 24,999 events or more",
            Self::OtherDefinition => "it is of another definition; start a new execution instead",
        })
    }
}

/// Why a run could not end. A failure that also happens on AWS is not a problem, but a [`Run`] that failed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// A task has no mock.
    Unmocked {
        /// The name of the state.
        state: String,
        /// Its `Resource`.
        resource: String,
        /// What it would send.
        parameters: Json,
        /// The names of the other tasks that have no mock.
        others: Vec<String>,
    },
    /// There is a mock for a state that does not exist.
    UnknownMock {
        /// The name of the mock.
        state: String,
        /// The name of a similar state.
        near: Option<String>,
    },
    /// There is a mock for a state that calls nothing, such as a Pass state.
    UselessMock {
        /// The name of the state.
        state: String,
    },
    /// A field that is not data has a reference without quotation marks, which gets its value when the definition is
    /// deployed.
    Reference {
        /// The place in the definition, as a JSON Pointer.
        pointer: String,
        /// The name of the reference.
        name: String,
    },
    /// A task was called more often than its mock has answers.
    Exhausted {
        /// The name of the state.
        state: String,
        /// The number of answers.
        answers: u32,
    },
    /// A mock returns something that the API cannot return.
    WrongResult {
        /// The name of the state.
        state: String,
        /// What is wrong, in TestState's words.
        message: String,
    },
    /// A Map reads its items from S3, but there is neither a mock nor a folder for them.
    NoItems {
        /// The name of the state.
        state: String,
    },
    /// A Map reads Parquet, but the library was built without the feature `parquet`.
    NoParquet {
        /// The name of the state.
        state: String,
    },
    /// A task never ends and has no timeout.
    Endless {
        /// The name of the state.
        state: String,
    },
    /// The state does not exist.
    NoState(String),
    /// The state has an unknown type.
    UnknownType(String),
    /// The run visited that many states and did not end.
    TooLong(usize),
    /// The execution cannot be redriven.
    NotRedrivable(NotRedrivable),
    /// Everything waits, and no event can end the waiting.
    Stuck,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Unmocked { state, resource, parameters, others } => {
                write!(f, "the task `{state}` has no mock; it calls {resource} with {parameters}")?;
                if !others.is_empty() {
                    write!(f, "\nnote: these tasks have no mock either: `{}`", others.join("`, `"))?;
                }
                write!(f, "\nhelp: add a mock, such as `.mock({state:?}, Mock::returns(json!({{ … }})))`")
            }
            Problem::UnknownMock { state, near: Some(near) } => {
                write!(f, "there is a mock for `{state}`, but no such state\nhelp: did you mean `{near}`?")
            }
            Problem::UnknownMock { state, near: None } => write!(
                f,
                "there is a mock for `{state}`, but no such state\n\
                 help: use the name of the state, not that of a Rust variable or a function"
            ),
            Problem::UselessMock { state } => write!(
                f,
                "there is a mock for `{state}`, which calls nothing\n\
                 help: only Task states, and Map states with an `ItemReader`, can have a mock"
            ),
            Problem::Reference { pointer, name } => write!(
                f,
                "`${{{name}}}` at {pointer} has no value until it is deployed\n\
                 help: set one: `machine.substitute([({name:?}, \"60\")])`"
            ),
            Problem::Exhausted { state, answers } => write!(
                f,
                "the task `{state}` was called more often than its mock answers ({answers} times)\n\
                 help: add an answer with `.then(…)`, or remove `.times(…)` from the last one"
            ),
            Problem::WrongResult { state, message } => write!(
                f,
                "the mock of the task `{state}` returns something that the API cannot return: {message}\n\
                 help: fix it, or turn off the check with `.field_validation(FieldValidation::None)`"
            ),
            Problem::NoItems { state } => write!(
                f,
                "the Map state `{state}` has no mock for its items\n\
                 help: set them with `.mock({state:?}, Mock::returns(json!([…])))`, or set the folder of the files with `.objects(FOLDER)`"
            ),
            Problem::NoParquet { state } => write!(
                f,
                "the Map state `{state}` reads Parquet files, for which the feature `parquet` of sfn-tasks is needed\n\
                 help: turn it on, or set the items with `.mock({state:?}, Mock::returns(json!([…])))`"
            ),
            Problem::Endless { state } => {
                write!(f, "the task `{state}` never ends, and has neither a timeout nor a heartbeat that would end it")
            }
            Problem::NoState(name) => write!(f, "there is no state `{name}`"),
            Problem::UnknownType(name) => write!(f, "the state `{name}` has an unknown type"),
            Problem::TooLong(steps) => write!(
                f,
                "the run did not end after {steps} states\nhelp: look for an endless loop, or raise `max_steps`"
            ),
            Problem::NotRedrivable(why) => write!(f, "the execution cannot be redriven: {why}"),
            Problem::Stuck => f.write_str("everything waits, and nothing can continue"),
        }
    }
}

impl std::error::Error for Problem {}

//! One state by itself, as the TestState API runs it.

use std::fmt;

use super::engine::{Program, Single, World};
use super::runner::Settings;
use super::validation;
use super::{Failure, FieldValidation, Mock, Mocks, Problem, Run, TaskError};
use crate::asl::{StateMachine, StateType};
use crate::value::{Json, Object};

/// The name that TestState gives to a single state.
const ALONE: &str = "StateName";

/// A test of one state: what does it do with this input, these variables and this result?
///
/// ```
/// use serde_json::json;
/// use sfn_tasks::asl::StateMachine;
/// use sfn_tasks::run::StateTest;
///
/// let machine: StateMachine = r#"{
///     "StartAt": "Add",
///     "States": {
///         "Add": {
///             "Type": "Task",
///             "Resource": "arn:aws:states:::lambda:invoke",
///             "Parameters": { "FunctionName": "add", "Payload.$": "$" },
///             "OutputPath": "$.Payload",
///             "Catch": [{ "ErrorEquals": ["Overflow"], "Next": "Stop" }],
///             "End": true
///         },
///         "Stop": { "Type": "Fail" }
///     }
/// }"#.parse()?;
///
/// let test = StateTest::of(&machine, "Add");
/// let answer = test.clone().fails("Overflow", "too large").run(json!([1, 2]))?;
/// assert_eq!((answer.status(), answer.next_state()), ("CAUGHT_ERROR", Some("Stop")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct StateTest {
    definition: StateMachine,
    state: String,
    result: Option<String>,
    error: Option<TaskError>,
    validation: FieldValidation,
    variables: Option<Object>,
    context: Option<Json>,
    role: Option<String>,
    place: Option<(String, String)>,
    reveals_secrets: bool,
    retries: u32,
    failed_items: Option<u32>,
}

/// A call that the API rejects, with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// `ValidationException` or `InvalidDefinition`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ApiError {}

fn validation_exception(message: impl Into<String>) -> ApiError {
    ApiError { code: "ValidationException", message: message.into() }
}

fn invalid_definition(message: impl Into<String>) -> ApiError {
    ApiError { code: "InvalidDefinition", message: message.into() }
}

/// The outcome of the test.
#[derive(Debug, Clone)]
pub struct StateAnswer {
    status: &'static str,
    output: Option<Json>,
    failure: Failure,
    next_state: Option<String>,
    inspection: Object,
}

impl StateAnswer {
    /// `SUCCEEDED`, `FAILED`, `RETRIABLE` or `CAUGHT_ERROR`.
    pub fn status(&self) -> &'static str {
        self.status
    }

    /// The output of the state.
    pub fn output(&self) -> Option<&Json> {
        self.output.as_ref()
    }

    /// The name of the error.
    pub fn error(&self) -> Option<&str> {
        self.failure.error.as_deref()
    }

    /// The cause of the error.
    pub fn cause(&self) -> Option<&str> {
        self.failure.cause.as_deref()
    }

    /// The name of the next state.
    pub fn next_state(&self) -> Option<&str> {
        self.next_state.as_deref()
    }

    /// `inspectionData` of the levels `DEBUG` and `TRACE`: the data after each field.
    pub fn inspection(&self) -> &Object {
        &self.inspection
    }
}

impl StateTest {
    /// Tests a state of that machine, at any depth.
    pub fn of(machine: &StateMachine, state: impl Into<String>) -> Self {
        Self::new(machine.clone(), state.into())
    }

    /// Tests a single state.
    pub fn alone(state: impl Into<Json>) -> Self {
        let states = Object::from_iter([(ALONE, state.into())]);
        let machine = Object::from_iter([("StartAt", Json::from(ALONE)), ("States", Json::Object(states))]);
        Self::new(StateMachine::new(machine), ALONE.into())
    }

    fn new(definition: StateMachine, state: String) -> Self {
        Self {
            definition,
            state,
            result: None,
            error: None,
            validation: FieldValidation::Strict,
            variables: None,
            context: None,
            role: None,
            place: None,
            reveals_secrets: false,
            retries: 0,
            failed_items: None,
        }
    }

    /// The result of the task, the branches or the items.
    pub fn returns(self, result: impl Into<Json>) -> Self {
        self.returns_text(result.into().to_string())
    }

    /// Like [`returns`](Self::returns), as the text that the API accepts.
    pub fn returns_text(mut self, result: impl Into<String>) -> Self {
        self.result = Some(result.into());
        self
    }

    /// The error with which the task, a branch or an item fails.
    pub fn fails(mut self, error: impl Into<String>, cause: impl Into<String>) -> Self {
        self.error = Some(TaskError::new(error, cause));
        self
    }

    /// How strictly the result is checked; `STRICT` by default.
    pub fn field_validation(mut self, mode: FieldValidation) -> Self {
        self.validation = mode;
        self
    }

    /// The workflow variables: an object.
    pub fn variables(mut self, variables: impl Into<Json>) -> Self {
        self.variables = variables.into().as_object().cloned();
        self
    }

    /// The context object.
    pub fn context(mut self, context: impl Into<Json>) -> Self {
        self.context = Some(context.into());
        self
    }

    /// The role. Without a role and a mock, the API does not test a Task state.
    pub fn role_arn(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// The region and the account of the ARNs in the context object.
    pub fn place(mut self, region: impl Into<String>, account: impl Into<String>) -> Self {
        self.place = Some((region.into(), account.into()));
        self
    }

    /// Asks for secrets in the inspection data.
    pub fn reveal_secrets(mut self, reveal: bool) -> Self {
        self.reveals_secrets = reveal;
        self
    }

    /// `retrierRetryCount`: how often the retrier has retried already.
    pub fn retrier_retry_count(mut self, count: u32) -> Self {
        self.retries = count;
        self
    }

    /// `mapIterationFailureCount`: how many items of a Map failed.
    pub fn map_iteration_failure_count(mut self, count: u32) -> Self {
        self.failed_items = Some(count);
        self
    }

    /// Runs the state with that input.
    pub fn run(&self, input: impl Into<Json>) -> Result<StateAnswer, ApiError> {
        let program = Program::new(&self.definition);
        let Some(at) = program.states.iter().position(|state| *state.name == *self.state) else {
            return Err(validation_exception("State not found in definition"));
        };
        let state = &program.states[at];
        let (kind, machine) = (state.kind, state.machine);
        let jsonata = state.jsonata;
        let resource = state.text("Resource").unwrap_or_default();
        let branches = state.list("Branches").len();
        let writes = state.has("ResultWriter");
        self.check(kind, branches, state.has("Branches"))?;
        let mocked = match (&self.result, &self.error) {
            (Some(text), _) => {
                let result = serde_json::from_str::<serde_json::Value>(text)
                    .map(Json::from)
                    .map_err(|_| validation_exception("Mocked result must be valid JSON"))?;
                self.check_result(kind, branches, writes, resource, &result)?;
                Some(Ok(result))
            }
            (None, Some(error)) => Some(Err(error.clone())),
            (None, None) => None,
        };
        if let Some(message) = self.context.as_ref().and_then(wrong_in_context) {
            return Err(validation_exception(format!("Invalid Context object provided: {message}")));
        }
        let mut settings = Settings::new();
        if let Some(mocked) = &mocked {
            let mock = match mocked {
                Ok(result) => Mock::returns(result.clone()),
                Err(error) => Mock::fails(error.error.clone(), error.cause.clone()),
            };
            settings.mocks = Mocks::new().state(self.state.clone(), mock);
        }
        settings.express = true;
        settings.field_validation = FieldValidation::None;
        settings.role = self.role.clone();
        if let Some((region, account)) = self.place.clone() {
            settings.region = region;
            settings.account = account;
        }
        let has_result = state.has("Result");
        let single = Single {
            state: at,
            name: ALONE.into(),
            machine,
            mocked,
            variables: self.variables.clone().unwrap_or_default(),
            context: self.context.clone(),
            retries: self.retries,
            failed_items: self.failed_items,
            outcome: None,
        };
        let run = World::new(vec![program], &settings).run_single(single, input.into());
        match run {
            Ok((run, outcome)) => Ok(self.answer(run, outcome, kind, jsonata, has_result)),
            Err(Problem::Unmocked { .. }) => {
                Err(validation_exception("A mock must be specified when testing offline."))
            }
            Err(problem) => Err(validation_exception(problem.to_string())),
        }
    }

    /// What the API itself rejects.
    fn check(&self, kind: StateType, branches: usize, has_branches: bool) -> Result<(), ApiError> {
        let mocked = self.result.is_some() || self.error.is_some();
        if kind == StateType::Unknown {
            return Err(invalid_definition(format!(
                "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these \
                 values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/{}/Type'",
                self.state
            )));
        }
        if kind == StateType::Parallel && has_branches && branches == 0 {
            return Err(invalid_definition(format!(
                "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/{}/Branches'",
                self.state
            )));
        }
        if self.failed_items.is_some() && !mocked {
            return Err(validation_exception(
                "TestState does not support MapIterationFailureCount when a mock is not specified.",
            ));
        }
        if self.context.is_some() && !mocked {
            return Err(validation_exception("TestState does not support Context when a mock is not specified."));
        }
        if self.result.is_some() && self.error.is_some() {
            return Err(validation_exception(
                "A test mock should have only one of the following fields: [result, errorOutput].",
            ));
        }
        if mocked && self.reveals_secrets {
            return Err(validation_exception("TestState does not support RevealSecrets when a mock is specified."));
        }
        match kind {
            StateType::Map | StateType::Parallel if !mocked => Err(invalid_definition(
                "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, \
                 Succeed, Fail, Choice]",
            )),
            StateType::Task if !mocked && self.role.is_none() => {
                Err(validation_exception("RoleArn must be specified when testing a Task state"))
            }
            StateType::Task | StateType::Map | StateType::Parallel => Ok(()),
            other if mocked => {
                Err(validation_exception(format!("State type '{other}' is not supported when a mock is specified")))
            }
            _ => Ok(()),
        }
    }

    fn check_result(
        &self,
        kind: StateType,
        branches: usize,
        writes: bool,
        resource: &str,
        result: &Json,
    ) -> Result<(), ApiError> {
        match (kind, result) {
            // With a `ResultWriter`, the result describes the files.
            (StateType::Map, Json::Object(_)) if writes => Ok(()),
            (StateType::Map, _) if writes => Err(validation_exception("Mocked result must be a JSON object.")),
            (StateType::Map, Json::Array(results))
                if self.failed_items.is_some_and(|failed| failed as usize > results.len()) =>
            {
                Err(validation_exception(
                    "Map iteration failure count must be less than or equal to the number of Map iterations",
                ))
            }
            (StateType::Parallel, Json::Array(results)) if results.len() != branches => Err(validation_exception(
                "Mocked result must contain the same number of items as number of Parallel branches.",
            )),
            (StateType::Parallel | StateType::Map, Json::Array(_)) => Ok(()),
            (StateType::Parallel | StateType::Map, _) => Err(validation_exception("Mocked result must be an array.")),
            _ => validation::check_as_answered(resource, result, self.validation)
                .map_err(|message| validation_exception(format!("Mock result schema validation error: {message}"))),
        }
    }

    fn answer(&self, run: Run, outcome: Outcome, kind: StateType, jsonata: bool, has_result: bool) -> StateAnswer {
        let step = &run.steps()[0];
        let mut inspection = Object::new();
        let hidden: &[&str] = match kind {
            StateType::Parallel => &["afterInputPath", "afterParameters", "afterArguments", "result"],
            StateType::Map => &["result"],
            StateType::Pass if has_result && !jsonata => &["afterInputPath", "afterParameters"],
            StateType::Pass => &["result"],
            _ => &[],
        };
        for (name, value) in step.inspection().iter().filter(|(name, _)| !hidden.contains(name)) {
            inspection.insert(name, value.clone());
        }
        inspection.insert("input", step.input().clone());
        let mut variables = self.variables.clone().unwrap_or_default();
        if let Some(Json::Object(assigned)) = step.assigned() {
            assigned.iter().for_each(|(name, value)| drop(variables.insert(name.to_owned(), value.clone())));
        }
        if !variables.is_empty() {
            inspection.insert("variables", variables);
        }
        let mut details = Object::new();
        for (name, value) in [("catchIndex", outcome.catch_index), ("retryIndex", outcome.retry_index)] {
            if let Some(value) = value {
                details.insert(name, value as u64);
            }
        }
        if let Some(seconds) = outcome.backoff {
            details.insert("retryBackoffIntervalSeconds", seconds);
        }
        if !details.is_empty() {
            inspection.insert("errorDetails", details);
        }
        let failure = step.failure().cloned().unwrap_or_default();
        StateAnswer {
            status: outcome.status,
            output: step.output().cloned(),
            failure,
            next_state: step.next().map(str::to_owned),
            inspection,
        }
    }
}

/// The mistakes in a context object; a member can be missing or null.
fn wrong_in_context(context: &Json) -> Option<String> {
    let is_wrong = |path: String, value: &Json, kind: &str| {
        let fits = match kind {
            "string" => value.as_str().is_some(),
            "integer" => value.as_number().is_some_and(|number| number.as_i64().is_some()),
            "object" => value.as_object().is_some(),
            _ => true,
        };
        (!fits && *value != Json::Null).then(|| format!("{path} must be a {kind}"))
    };
    let Json::Object(context) = context else { return Some("it must be a JSON object".into()) };
    context.iter().find_map(|(name, value)| {
        let members: &[(&str, &str)] = match name {
            "Execution" => &[
                ("Id", "string"),
                ("Input", "any"),
                ("Name", "string"),
                ("RoleArn", "string"),
                ("StartTime", "string"),
                ("RedriveCount", "integer"),
                ("RedriveTime", "string"),
            ],
            "State" => &[("EnteredTime", "string"), ("Name", "string"), ("RetryCount", "integer")],
            "StateMachine" => &[("Id", "string"), ("Name", "string")],
            "Task" => &[("Token", "string")],
            "Map" => return Some("'Map' field is not supported when mocking a Context object".into()),
            _ => return Some(format!("Field '{name}' is not allowed")),
        };
        is_wrong(name.to_owned(), value, "object").or_else(|| {
            value.as_object().into_iter().flat_map(|object| object.iter()).find_map(|(member, value)| {
                match members.iter().find(|(known, _)| *known == member) {
                    Some((_, kind)) => is_wrong(format!("{name}.{member}"), value, kind),
                    None => Some(format!("Field '{member}' is not allowed")),
                }
            })
        })
    })
}

/// How a single state ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    pub(super) status: &'static str,
    pub(super) catch_index: Option<usize>,
    pub(super) retry_index: Option<usize>,
    pub(super) backoff: Option<i64>,
}

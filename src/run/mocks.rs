//! The answers of tasks.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Timestamp;
use crate::value::Json;

/// The answers of the tasks in a run: by state, by API or by resource.
///
/// A mock for the state has priority over one for the resource, and that over one for the API.
#[derive(Debug, Clone, Default)]
pub struct Mocks {
    by_state: HashMap<String, Mock>,
    by_resource: HashMap<String, Mock>,
    by_api: HashMap<String, Mock>,
}

/// What the name of a mock refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    State,
    Resource,
    Api,
}

impl Mocks {
    /// Starts without any mocks.
    pub fn new() -> Self {
        Self::default()
    }

    /// The answer of the state with that name, at any depth.
    pub fn state(mut self, name: impl Into<String>, mock: impl Into<Mock>) -> Self {
        self.by_state.insert(name.into(), mock.into());
        self
    }

    /// The answer of every task with that `Resource`.
    pub fn resource(mut self, arn: impl Into<String>, mock: impl Into<Mock>) -> Self {
        self.by_resource.insert(arn.into(), mock.into());
        self
    }

    /// The answer of every call of that API, in any pattern (`.sync`, `.waitForTaskToken`): `dynamodb:getItem`,
    /// `aws-sdk:s3:getObject`, or `lambda:invoke`, also for functions that are called by their ARN.
    pub fn api(mut self, api: impl Into<String>, mock: impl Into<Mock>) -> Self {
        self.by_api.insert(api.into(), mock.into());
        self
    }

    /// Adds mocks; a new mock replaces an old one for the same name.
    pub fn extend(&mut self, others: Mocks) {
        self.by_state.extend(others.by_state);
        self.by_resource.extend(others.by_resource);
        self.by_api.extend(others.by_api);
    }

    /// The names of the states that have their own mock.
    pub(super) fn states(&self) -> impl Iterator<Item = &str> {
        self.by_state.keys().map(String::as_str)
    }

    /// The items that the mock for a Map state returns in place of its `ItemReader`.
    pub(super) fn items_of(&self, state: &str) -> Option<Result<Json, super::engine::ReaderFault>> {
        match &self.by_state.get(state)?.steps.first()?.reply {
            Reply::Value(items) => Some(Ok(items.clone())),
            Reply::Error(error) => Some(Err(super::engine::ReaderFault::of_task(error.clone()))),
            Reply::Closure(_) => None,
        }
    }

    /// Whether there is a mock for a state of that name and resource.
    pub(super) fn answer_for(&self, state: &str, resource: &str) -> bool {
        self.by_state.contains_key(state)
            || self.by_resource.contains_key(resource)
            || self.by_api.contains_key(api_of(resource))
    }

    pub(super) fn find(&self, call: &Call) -> Option<(Kind, &str, &Mock)> {
        let state = self.by_state.get_key_value(&call.state).map(|(name, mock)| (Kind::State, name.as_str(), mock));
        let resource =
            || self.by_resource.get_key_value(&call.resource).map(|(name, mock)| (Kind::Resource, name.as_str(), mock));
        let api = || self.by_api.get_key_value(call.api()).map(|(name, mock)| (Kind::Api, name.as_str(), mock));
        state.or_else(resource).or_else(api)
    }
}

/// The answer of a task: always the same, or a sequence of answers.
///
/// ```
/// # use sfn_tasks::run::Mock;
/// # use serde_json::json;
/// // The first two calls fail, the third one returns a value after five seconds.
/// let mock = Mock::fails("Lambda.TooManyRequestsException", "slow down")
///     .times(2)
///     .then(Mock::returns(json!({ "id": 7 })).after(std::time::Duration::from_secs(5)));
/// # drop(mock);
/// ```
#[derive(Debug, Clone)]
pub struct Mock {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
struct Step {
    reply: Reply,
    after: Duration,
    heartbeats: Option<Duration>,
    times: Option<u32>,
}

type Closure = dyn Fn(&Call) -> Result<Json, TaskError> + Send + Sync;

#[derive(Clone)]
enum Reply {
    Value(Json),
    Error(TaskError),
    Closure(Arc<Closure>),
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reply::Value(value) => write!(f, "Value({value})"),
            Reply::Error(error) => write!(f, "Error({error:?})"),
            Reply::Closure(_) => f.write_str("Closure"),
        }
    }
}

/// The error with which a task ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskError {
    /// Its name, which retriers and catchers match.
    pub error: String,
    /// Its cause.
    pub cause: String,
}

impl TaskError {
    /// An error with that name and cause.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: cause.into() }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.cause)
    }
}

impl std::error::Error for TaskError {}

/// The answer of a mock to one call.
pub(super) struct Answer {
    pub(super) result: Result<Json, TaskError>,
    pub(super) after: Duration,
    pub(super) heartbeats: Option<Duration>,
}

/// What the function of [`Mock::calls`] can return: JSON, or a `Result` of JSON and a [`TaskError`].
#[diagnostic::on_unimplemented(
    message = "a mock cannot answer with `{Self}`",
    note = "return `json!({{ … }})`, or `Ok(json!({{ … }}))` and `Err(TaskError::new(…))`"
)]
pub trait IntoAnswer {
    /// The result of the task, or its error.
    fn into_answer(self) -> Result<Json, TaskError>;
}

impl IntoAnswer for Json {
    fn into_answer(self) -> Result<Json, TaskError> {
        Ok(self)
    }
}

impl IntoAnswer for serde_json::Value {
    fn into_answer(self) -> Result<Json, TaskError> {
        Ok(self.into())
    }
}

impl<V: Into<Json>> IntoAnswer for Result<V, TaskError> {
    fn into_answer(self) -> Result<Json, TaskError> {
        self.map(Into::into)
    }
}

impl Mock {
    fn reply(reply: Reply) -> Self {
        Self { steps: vec![Step { reply, after: Duration::ZERO, heartbeats: None, times: None }] }
    }

    /// The task succeeds with that result.
    pub fn returns(result: impl Into<Json>) -> Self {
        Self::reply(Reply::Value(result.into()))
    }

    /// The task fails with that error and cause.
    pub fn fails(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::reply(Reply::Error(TaskError::new(error, cause)))
    }

    /// The function receives the call and returns the answer: a result, or an error.
    ///
    /// ```
    /// use serde_json::json;
    /// use sfn_tasks::run::{Mock, TaskError};
    ///
    /// let echo = Mock::calls(|call| call.parameters().clone());
    /// let second = Mock::calls(|call| match call.attempt() {
    ///     0 => Err(TaskError::new("Busy", "try again")),
    ///     _ => Ok(json!({ "Payload": "done" })),
    /// });
    /// ```
    pub fn calls<A: IntoAnswer>(function: impl Fn(&Call) -> A + Send + Sync + 'static) -> Self {
        Self::reply(Reply::Closure(Arc::new(move |call| function(call).into_answer())))
    }

    /// The task never ends by itself: only a timeout ends it.
    pub fn never() -> Self {
        Self::returns(Json::Null).after(Duration::MAX)
    }

    /// How long each of these answers takes.
    pub fn after(mut self, duration: Duration) -> Self {
        self.steps.iter_mut().for_each(|step| step.after = duration);
        self
    }

    /// The time between two heartbeats that the task sends until it answers.
    pub fn heartbeats(mut self, every: Duration) -> Self {
        self.steps.iter_mut().for_each(|step| step.heartbeats = Some(every));
        self
    }

    /// How often the last answer is used.
    pub fn times(mut self, times: u32) -> Self {
        if let Some(step) = self.steps.last_mut() {
            step.times = Some(times);
        }
        self
    }

    /// The answers that follow. The previous answer is used once, unless you set another number.
    pub fn then(mut self, next: impl Into<Mock>) -> Self {
        let next = next.into();
        if let Some(step) = self.steps.last_mut() {
            step.times.get_or_insert(1);
        }
        self.steps.extend(next.steps);
        self
    }

    /// How many answers there are; none if they never end.
    pub(super) fn answers(&self) -> Option<u32> {
        self.steps.iter().try_fold(0u32, |sum, step| Some(sum.saturating_add(step.times?)))
    }

    /// The answer to the call with that number.
    pub(super) fn answer(&self, mut number: u32, call: &Call) -> Option<Answer> {
        let step = self.steps.iter().find(|step| match step.times {
            Some(times) if number >= times => {
                number -= times;
                false
            }
            _ => true,
        })?;
        let result = match &step.reply {
            Reply::Value(value) => Ok(value.clone()),
            Reply::Error(error) => Err(error.clone()),
            Reply::Closure(function) => function(call),
        };
        Some(Answer { result, after: step.after, heartbeats: step.heartbeats })
    }
}

impl From<serde_json::Value> for Mock {
    fn from(result: serde_json::Value) -> Self {
        Mock::returns(result)
    }
}

impl From<Json> for Mock {
    fn from(result: Json) -> Self {
        Mock::returns(result)
    }
}

/// A call of a task, and its outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub(super) state: String,
    pub(super) resource: String,
    pub(super) parameters: Json,
    pub(super) attempt: u32,
    pub(super) iteration: Vec<usize>,
    pub(super) time: Timestamp,
    pub(super) timeout: Option<i64>,
    pub(super) heartbeat: Option<i64>,
    pub(super) token: Option<String>,
    pub(super) credentials: Option<Json>,
    pub(super) result: Option<Result<Json, TaskError>>,
    pub(super) took: Option<Duration>,
}

impl Call {
    /// The name of the state.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The `Resource` of the state.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The API without its pattern: `dynamodb:getItem`. For a function that is called by its ARN it is `lambda:invoke`,
    /// for an activity `activity`.
    pub fn api(&self) -> &str {
        api_of(&self.resource)
    }

    /// The parameters that were sent.
    pub fn parameters(&self) -> &Json {
        &self.parameters
    }

    /// The number of the attempt: 0 for the first one.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The indexes of the Map items that contain the call, the outermost first.
    pub fn iteration(&self) -> &[usize] {
        &self.iteration
    }

    /// When it was made.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// The number of seconds after which it times out.
    pub fn timeout_seconds(&self) -> Option<i64> {
        self.timeout
    }

    /// The maximum number of seconds between two heartbeats.
    pub fn heartbeat_seconds(&self) -> Option<i64> {
        self.heartbeat
    }

    /// The task token, if the task waits for one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// `Credentials`, evaluated.
    pub fn credentials(&self) -> Option<&Json> {
        self.credentials.as_ref()
    }

    /// The outcome; none if the run ended first.
    pub fn result(&self) -> Option<Result<&Json, &TaskError>> {
        self.result.as_ref().map(Result::as_ref)
    }
}

/// The text after `arn:aws:states:::`, without the pattern.
pub(super) fn api_of(resource: &str) -> &str {
    let mut parts = resource.splitn(6, ':');
    let service = parts.nth(2).unwrap_or_default();
    let rest = parts.nth(2).unwrap_or_default();
    match service {
        "lambda" => "lambda:invoke",
        "states" if rest.starts_with("activity:") => "activity",
        _ => rest.split_once('.').map_or(rest, |(api, _)| api),
    }
}

//! Task states: what they send, and what they receive.

use std::sync::Arc;
use std::time::Duration;

use super::dataset::describe;
use super::evaluate::expression_of;
use super::fault::Fault;
use super::state::{plain_text, whole};
use super::thread::{Phase, Work};
use super::{Flow, World};
use crate::asl::StateType;
use crate::expression::evaluate::measure;
use crate::run::history::Details;
use crate::run::mocks::{Answer, api_of};
use crate::run::runner::Problem;
use crate::run::{Call, FieldValidation, TaskError, Timestamp, validation};
use crate::value::{Json, Object};

/// How a task ends.
pub(in crate::run) struct Ending {
    call: usize,
    result: Result<Arc<Json>, TaskError>,
    timed_out: Option<TimeOut>,
}

#[derive(Clone, Copy, PartialEq)]
enum TimeOut {
    Timeout,
    Heartbeat,
}

/// The kind of a task's resource; the names of its events depend on it.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Function,
    Activity,
    Service,
}

fn kind_of(resource: &str) -> Kind {
    // A template sets the ARNs of functions that it creates; service integrations are literal ARNs.
    if resource.starts_with("${") && !resource.contains(":states:::") {
        return Kind::Function;
    }
    match resource.splitn(6, ':').collect::<Vec<_>>()[..] {
        [_, _, "lambda", ..] => Kind::Function,
        [_, _, "states", _, _, rest] if rest.starts_with("activity:") => Kind::Activity,
        _ => Kind::Service,
    }
}

/// `lambda` and `invoke.waitForTaskToken`; `aws-sdk:s3` and `getObject`.
fn split(resource: &str) -> (String, String) {
    let rest = resource.splitn(6, ':').nth(5).unwrap_or_default();
    // `.sync:2` contains a colon.
    let end = rest.find('.').unwrap_or(rest.len());
    match rest[..end].rsplit_once(':') {
        Some((service, action)) => (service.to_owned(), format!("{action}{}", &rest[end..])),
        None => (rest.to_owned(), String::new()),
    }
}

impl World<'_> {
    pub(super) fn task(&mut self, number: usize, effective: Arc<Json>) -> Result<Flow, Fault> {
        let state = self.state(number);
        let resource = state.text("Resource").unwrap_or_default().to_owned();
        let kind = kind_of(&resource);
        let waits = resource.ends_with(".waitForTaskToken");
        if waits || kind == Kind::Activity || resource.contains(".sync") {
            self.threads[number].token = Some(self.random.uuid());
        }
        let state = self.state(number);
        let jsonata = state.jsonata;
        let timeout = self.seconds(number, "TimeoutSeconds", &effective)?;
        let heartbeat = self.seconds(number, "HeartbeatSeconds", &effective)?;
        let credentials = match self.state(number).get("Credentials") {
            Some(template) => {
                let here = self.here(number, &effective);
                Some(if jsonata { here.jsonata_template(template, "Credentials")? } else { here.template(template)? })
            }
            None => None,
        };
        let parameters = match jsonata {
            true => match self.arguments(number, &effective)? {
                Some(arguments) => arguments,
                None if kind == Kind::Service => Arc::new(Json::Object(Object::new())),
                None => Arc::clone(&effective),
            },
            false if kind == Kind::Service && !self.state(number).has("Parameters") => {
                self.parameters(number, &effective)?;
                Arc::new(Json::Object(Object::new()))
            }
            false => self.parameters(number, &effective)?,
        };
        let checked = self.settings.field_validation != FieldValidation::None;
        if let Some(message) = checked.then(|| validation::check_parameters(&resource, &parameters)).flatten() {
            return Err(Fault::runtime(format!(
                "The Parameters '{parameters}' could not be used to start the Task: [{message}]"
            )));
        }
        let call = Call {
            state: self.state(number).name.to_string(),
            resource: resource.clone(),
            parameters: (*parameters).clone(),
            attempt: self.threads[number].retries,
            iteration: self.iteration(number),
            time: self.now,
            timeout,
            heartbeat,
            token: if waits { self.threads[number].token.clone() } else { None },
            credentials,
            result: None,
            took: None,
        };
        let (service, action) = split(&resource);
        match kind {
            Kind::Function => {
                let details = Details::ScheduledArn {
                    resource: resource.clone(),
                    input: Arc::clone(&parameters),
                    timeout,
                    heartbeat,
                };
                self.event(number, "LambdaFunctionScheduled", details);
                self.event(number, "LambdaFunctionStarted", Details::None);
            }
            Kind::Activity => {
                let details = Details::ScheduledArn {
                    resource: resource.clone(),
                    input: Arc::clone(&parameters),
                    timeout,
                    heartbeat,
                };
                self.event(number, "ActivityScheduled", details);
            }
            Kind::Service => {
                let details = Details::Scheduled {
                    resource_type: service.clone(),
                    resource: action.clone(),
                    parameters: Arc::clone(&parameters),
                    timeout,
                    heartbeat,
                };
                self.event(number, "TaskScheduled", details);
                let started = || Details::Task {
                    resource_type: service.clone(),
                    resource: action.clone(),
                    output: None,
                    error: None,
                };
                self.event(number, "TaskStarted", started());
            }
        }
        let Some(answer) = self.answer(&call) else {
            if self.problem.is_none() && self.starts_execution(number, &call, &parameters) {
                return Ok(Flow::Blocked);
            }
            let others = self.unmocked(&call.state);
            self.stop(Problem::Unmocked {
                state: call.state.clone(),
                resource,
                parameters: call.parameters.clone(),
                others,
            });
            return Ok(Flow::Blocked);
        };
        if let Ok(result) = &answer.result {
            let ends = answer.after < Duration::MAX;
            if let (Err(message), true) =
                (validation::check(&call.resource, result, self.settings.field_validation), ends)
            {
                self.stop(Problem::WrongResult { state: call.state.clone(), message });
                return Ok(Flow::Blocked);
            }
        }
        let number_of_call = self.calls.len();
        self.calls.push(call);
        self.schedule(number, number_of_call, answer, timeout, heartbeat, &resource);
        Ok(Flow::Blocked)
    }

    /// Schedules the end of a task.
    fn schedule(
        &mut self,
        number: usize,
        call: usize,
        answer: Answer,
        timeout: Option<i64>,
        heartbeat: Option<i64>,
        resource: &str,
    ) {
        let seconds = |seconds: i64| Duration::from_secs(seconds.max(0) as u64);
        let mut ending = Ending { call, result: answer.result.map(Arc::new), timed_out: None };
        let mut after = answer.after;
        // If a heartbeat is missing, the task ends, even if the mock takes longer.
        if let Some(limit) = heartbeat.map(seconds) {
            let silence = answer.heartbeats.unwrap_or(Duration::MAX).min(answer.after);
            if silence > limit && after > limit {
                after = limit;
                ending.timed_out = Some(TimeOut::Heartbeat);
            }
        }
        if let Some(limit) = timeout.map(seconds) {
            if after > limit {
                after = limit;
                ending.timed_out = Some(TimeOut::Timeout);
            }
        }
        if after > Duration::from_secs(366 * 24 * 3600) && ending.timed_out.is_none() {
            let execution = self.threads[number].execution;
            if self.seconds_of(execution).or(self.seconds_of(0)).is_some() {
                // The end of the execution ends the task.
                return;
            }
            let state = self.calls[call].state.clone();
            return self.stop(Problem::Endless { state });
        }
        let (service, action) = split(resource);
        match kind_of(resource) {
            Kind::Activity if ending.timed_out.is_none() => {
                self.event(number, "ActivityStarted", Details::None);
            }
            Kind::Service
                if (ending.result.is_ok() || ending.timed_out.is_some())
                    && (action.contains(".sync") || action.ends_with(".waitForTaskToken")) =>
            {
                let details = Details::Task { resource_type: service, resource: action, output: None, error: None };
                self.event(number, "TaskSubmitted", details);
            }
            _ => {}
        }
        self.wake_at(number, self.now.after(after), Phase::TaskEnds(ending));
    }

    /// The tasks, other than that one, for which there is no mock.
    fn unmocked(&self, but: &str) -> Vec<String> {
        let tasks = self.programs[0].states.iter().filter(|state| state.kind == StateType::Task && *state.name != *but);
        tasks
            .filter(|state| {
                let resource = state.text("Resource").unwrap_or_default();
                !self.settings.mocks.answer_for(&state.name, resource)
            })
            .map(|state| state.name.to_string())
            .collect()
    }

    /// The answer of the mocks to a call.
    fn answer(&mut self, call: &Call) -> Option<Answer> {
        let (kind, name, mock) = self.settings.mocks.find(call)?;
        let given = self.answered.entry((kind, name.to_owned())).or_default();
        let answer = mock.answer(*given, call);
        *given += 1;
        if answer.is_none() {
            let answers = mock.answers().unwrap_or_default();
            self.stop(Problem::Exhausted { state: call.state.clone(), answers });
        }
        answer
    }

    pub(super) fn task_ends(&mut self, number: usize, ending: Ending) -> Result<Flow, Fault> {
        if let Some(Work::Execution { child }) = self.threads[number].work.take() {
            // The task timed out before the execution that it waits for ended.
            let main = (0..self.threads.len()).find(|other| {
                let other = &self.threads[*other];
                other.alive && other.execution == child && other.parent.is_none()
            });
            main.into_iter().for_each(|main| self.kill(main));
        }
        let resource = self.calls[ending.call].resource.clone();
        let kind = kind_of(&resource);
        let (service, action) = split(&resource);
        let result = match ending.timed_out {
            Some(_) => Err(TaskError::new("States.Timeout", "")),
            None => match ending.result {
                Ok(result) if measure(&result, self.settings.max_payload).is_none() => {
                    let what = if kind == Kind::Service { service.as_str() } else { resource.as_str() };
                    let fault = Fault::too_large(what);
                    Err(TaskError::new("States.DataLimitExceeded", fault.failure.cause.unwrap_or_default()))
                }
                result => result,
            },
        };
        self.calls[ending.call].took = Some(self.now.since(self.calls[ending.call].time));
        self.calls[ending.call].result = Some(match &result {
            Ok(result) => Ok((**result).clone()),
            Err(error) => Err(error.clone()),
        });
        let suffix = match &result {
            Ok(_) => "Succeeded",
            Err(error) if error.error == "States.Timeout" || error.error == "States.HeartbeatTimeout" => "TimedOut",
            Err(_) => "Failed",
        };
        let details = match (&result, kind) {
            (Ok(output), Kind::Service) => Details::Task {
                resource_type: service,
                resource: action,
                output: Some(Arc::clone(output)),
                error: None,
            },
            (Ok(output), _) => Details::Output { output: Arc::clone(output) },
            (Err(error), Kind::Service) => Details::Task {
                resource_type: service,
                resource: action,
                output: None,
                error: Some((error.error.clone(), error.cause.clone())),
            },
            (Err(error), _) => Details::Failed { error: Some(error.error.clone()), cause: Some(error.cause.clone()) },
        };
        self.event(number, event_name(kind, suffix), details);
        match result {
            Ok(result) => Ok(Flow::Done(self.finish_state(number, result)?)),
            Err(error) => {
                let silent = suffix == "TimedOut" && error.cause.is_empty();
                let mut fault = Fault::of_task(error);
                fault.heartbeat = ending.timed_out == Some(TimeOut::Heartbeat);
                if silent {
                    fault.failure.cause = None;
                }
                Err(fault)
            }
        }
    }

    /// The number of seconds in a field, which can be a path or an expression.
    fn seconds(&self, number: usize, field: &'static str, effective: &Json) -> Result<Option<i64>, Fault> {
        let state = self.state(number);
        let here = self.here(number, effective);
        let value = match (state.get(field), state.text(&format!("{field}Path"))) {
            (Some(Json::String(text)), _) if state.jsonata => {
                here.jsonata_of(expression_of(text).unwrap_or(text), field, "number")?
            }
            (Some(value), _) => value.clone(),
            (None, Some(path)) => here.path(path)?,
            (None, None) => return Ok(None),
        };
        match whole(&value).filter(|seconds| *seconds > 0) {
            Some(seconds) => Ok(Some(seconds)),
            None => {
                Err(Fault::runtime(format!("The {field} must be a positive integer, but was: {}", plain_text(&value))))
            }
        }
    }

    // Executions that a task starts.

    /// Starts the state machine that the call names, if the run has it.
    fn starts_execution(&mut self, number: usize, call: &Call, parameters: &Json) -> bool {
        if !matches!(
            call.api(),
            "states:startExecution" | "aws-sdk:sfn:startExecution" | "aws-sdk:sfn:startSyncExecution"
        ) {
            return false;
        }
        let named = parameters.get("StateMachineArn").and_then(Json::as_str).unwrap_or_default();
        let short = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
        let found = self.settings.machines.iter().position(|(name, ())| name == named || short(named) == *name);
        let Some(found) = found else { return false };
        let input = match parameters.get("Input") {
            None => Json::Object(Object::new()),
            Some(Json::String(text)) => match serde_json::from_str::<serde_json::Value>(text) {
                Ok(value) => value.into(),
                Err(_) => Json::String(text.clone()),
            },
            Some(value) => value.clone(),
        };
        let at = self.calls.len();
        self.calls.push(call.clone());
        let child = self.start_execution(found + 1, 0, Arc::new(input), Some((number, 0)), None);
        let is_synchronous = call.api() == "aws-sdk:sfn:startSyncExecution";
        if is_synchronous {
            // Only Express workflows can be started in this way.
            self.executions[child].express = true;
            self.set_end(child);
        }
        if let Some(name) = parameters.get("Name").and_then(Json::as_str) {
            let execution = &mut self.executions[child];
            execution.id = format!("{}{name}", execution.id.trim_end_matches(&*execution.name)).into();
            execution.name = name.into();
        }
        let waits = call.resource.contains(".sync") || is_synchronous;
        if !waits {
            let execution = &self.executions[child];
            let result = Json::Object(Object::from_iter([
                ("ExecutionArn", Json::from(execution.id.to_string())),
                ("StartDate", date(&call.resource, execution.started)),
            ]));
            let ending = Ending { call: at, result: Ok(Arc::new(result)), timed_out: None };
            self.wake_at(number, self.now, Phase::TaskEnds(ending));
            return true;
        }
        let (service, action) = split(&call.resource);
        let details = Details::Task { resource_type: service, resource: action, output: None, error: None };
        self.event(number, "TaskSubmitted", details);
        self.threads[number].work = Some(Work::Execution { child });
        if let Some(timeout) = call.timeout {
            let silence = Ok(Arc::new(Json::Null));
            let ending = Ending { call: at, result: silence, timed_out: Some(TimeOut::Timeout) };
            let time = self.now.after(Duration::from_secs(timeout.max(0) as u64));
            self.wake_at(number, time, Phase::TaskEnds(ending));
        }
        true
    }

    /// An execution that a task waits for ended.
    pub(super) fn child_ended(&mut self, parent: usize, number: usize) {
        self.threads[parent].work = None;
        let state = Arc::clone(&self.state(parent).name);
        let Some(call) = self.calls.iter().rposition(|call| call.result.is_none() && call.state == *state) else {
            return;
        };
        let whole = self.calls[call].resource.ends_with(".sync:2");
        let execution = &self.executions[number];
        let Some((status, result)) = &execution.result else { return };
        // `.sync:2` returns JSON, `.sync` returns a text.
        let data = |value: &Json| if whole { value.clone() } else { Json::from(value.to_string()) };
        let mut told = describe(execution, *status, result, &data);
        told.insert("StartDate", date(&self.calls[call].resource, execution.started));
        told.insert("StopDate", date(&self.calls[call].resource, self.now));
        let told = Json::Object(told);
        let result = match result {
            Err(_) if self.calls[call].api() != "aws-sdk:sfn:startSyncExecution" => {
                Err(TaskError::new("States.TaskFailed", told.to_string()))
            }
            // That call also succeeds if the execution fails: its `Status` contains the outcome.
            _ => Ok(Arc::new(told)),
        };
        self.wake_at(parent, self.now, Phase::TaskEnds(Ending { call, result, timed_out: None }));
    }
}

/// A time in a result: a text in the results of AWS SDK integrations.
fn date(resource: &str, time: Timestamp) -> Json {
    if api_of(resource).starts_with("aws-sdk:") { Json::from(time.to_string()) } else { Json::from(time.as_millis()) }
}

fn event_name(kind: Kind, suffix: &str) -> &'static str {
    match (kind, suffix) {
        (Kind::Function, "Succeeded") => "LambdaFunctionSucceeded",
        (Kind::Function, "TimedOut") => "LambdaFunctionTimedOut",
        (Kind::Function, _) => "LambdaFunctionFailed",
        (Kind::Activity, "Succeeded") => "ActivitySucceeded",
        (Kind::Activity, "TimedOut") => "ActivityTimedOut",
        (Kind::Activity, _) => "ActivityFailed",
        (Kind::Service, "Succeeded") => "TaskSucceeded",
        (Kind::Service, "TimedOut") => "TaskTimedOut",
        (Kind::Service, _) => "TaskFailed",
    }
}

//! What each type of state does with its data.

use std::sync::Arc;
use std::time::Duration;

use super::evaluate::{Here, expression_of};
use super::fault::Fault;
use super::map::integer_at_path;
use super::thread::Phase;
use super::{Done, Flow, Next, World, choice};
use crate::asl::StateType;
use crate::expression::evaluate::{measure, put};
use crate::run::Timestamp;
use crate::run::outcome::{Failure, Taken};
use crate::value::{Json, Object};

/// The event for entering a state.
pub(super) fn entered_event(kind: StateType) -> Option<&'static str> {
    Some(match kind {
        StateType::Task => "TaskStateEntered",
        StateType::Pass => "PassStateEntered",
        StateType::Choice => "ChoiceStateEntered",
        StateType::Wait => "WaitStateEntered",
        StateType::Succeed => "SucceedStateEntered",
        StateType::Fail => "FailStateEntered",
        StateType::Parallel => "ParallelStateEntered",
        StateType::Map => "MapStateEntered",
        StateType::Unknown => return None,
    })
}

pub(super) fn exited_event(kind: StateType) -> Option<&'static str> {
    Some(match kind {
        StateType::Task => "TaskStateExited",
        StateType::Pass => "PassStateExited",
        StateType::Choice => "ChoiceStateExited",
        StateType::Wait => "WaitStateExited",
        StateType::Succeed => "SucceedStateExited",
        StateType::Parallel => "ParallelStateExited",
        StateType::Map => "MapStateExited",
        StateType::Fail | StateType::Unknown => return None,
    })
}

/// Whether the type has `Retry` and `Catch`.
pub(super) fn may_retry(kind: StateType) -> bool {
    matches!(kind, StateType::Task | StateType::Parallel | StateType::Map)
}

impl<'a> World<'a> {
    /// Runs the state.
    pub(super) fn execute(&mut self, number: usize) -> Result<Flow, Fault> {
        let effective = self.effective_input(number)?;
        let kind = self.state(number).kind;
        match kind {
            StateType::Pass => self.pass(number, &effective),
            StateType::Succeed => {
                let done = self.output_of(number, &effective, None)?;
                Ok(Flow::Done(done))
            }
            StateType::Fail => Err(self.fail_state(number)?),
            StateType::Choice => self.choose(number, &effective),
            StateType::Wait => self.wait(number, effective),
            StateType::Task => self.task(number, effective),
            StateType::Parallel => self.parallel(number, effective),
            StateType::Map => self.map(number, effective),
            StateType::Unknown => Err(Fault::runtime("The state has an unknown type.")),
        }
    }

    /// The input after `InputPath`.
    fn effective_input(&mut self, number: usize) -> Result<Arc<Json>, Fault> {
        let state = self.state(number);
        let input = Arc::clone(&self.threads[number].input);
        if state.jsonata {
            return Ok(input);
        }
        let effective = match state.get("InputPath") {
            None => input,
            Some(Json::String(path)) if path == "$" => input,
            Some(Json::String(path)) => Arc::new(self.here(number, &input).path(path)?),
            Some(_) => Arc::new(Json::Object(Object::new())),
        };
        let step = self.threads[number].step;
        self.steps[step].data.after_input_path = Some(Arc::clone(&effective));
        Ok(effective)
    }

    /// `Parameters`, or the input if there are none.
    pub(super) fn parameters(&mut self, number: usize, effective: &Arc<Json>) -> Result<Arc<Json>, Fault> {
        let step = self.threads[number].step;
        let Some(template) = self.state(number).get("Parameters") else {
            self.steps[step].data.after_parameters = Some(Arc::clone(effective));
            return Ok(Arc::clone(effective));
        };
        let parameters = Arc::new(self.here(number, effective).template(template)?);
        self.steps[step].data.after_parameters = Some(Arc::clone(&parameters));
        Ok(parameters)
    }

    /// `Arguments`, if there are any.
    pub(super) fn arguments(&mut self, number: usize, input: &Json) -> Result<Option<Arc<Json>>, Fault> {
        let Some(template) = self.state(number).get("Arguments") else { return Ok(None) };
        let arguments = Arc::new(self.here(number, input).jsonata_template(template, "Arguments")?);
        let step = self.threads[number].step;
        self.steps[step].data.after_arguments = Some(Arc::clone(&arguments));
        Ok(Some(arguments))
    }

    fn pass(&mut self, number: usize, effective: &Arc<Json>) -> Result<Flow, Fault> {
        if self.state(number).jsonata {
            return Ok(Flow::Done(self.output_of(number, effective, None)?));
        }
        let parameters = self.parameters(number, effective)?;
        let result = match self.state(number).get("Result") {
            Some(result) => Arc::new(result.clone()),
            None => parameters,
        };
        Ok(Flow::Done(self.finish_state(number, result)?))
    }

    fn fail_state(&mut self, number: usize) -> Result<Fault, Fault> {
        let state = self.state(number);
        let input = &*self.threads[number].input;
        let here = self.here(number, input);
        let text = |name: &'static str, path: &'static str| -> Result<Option<String>, Fault> {
            if let Some(value) = state.get(path).and_then(Json::as_str) {
                return Ok(Some(plain_text(&here.expression(value, path)?)));
            }
            match state.get(name) {
                Some(Json::String(value)) => match expression_of(value).filter(|_| state.jsonata) {
                    Some(expression) => Ok(Some(plain_text(&here.jsonata_of(expression, name, "string")?))),
                    None => Ok(Some(value.to_string())),
                },
                Some(other) => Ok(Some(plain_text(other))),
                None => Ok(None),
            }
        };
        let failure = Failure { error: text("Error", "ErrorPath")?, cause: text("Cause", "CausePath")? };
        Ok(Fault { failure, ..Fault::default() })
    }

    fn choose(&mut self, number: usize, effective: &Arc<Json>) -> Result<Flow, Fault> {
        let state = self.state(number);
        let (from, jsonata) = (self.threads[number].state, state.jsonata);
        let here = self.here(number, effective);
        let mut chosen = None;
        for (index, rule) in state.list("Choices").iter().enumerate() {
            if choice::holds(rule, &here, &format!("Choices[{index}]"))? {
                chosen = Some((rule, index));
                break;
            }
        }
        drop(here);
        let (fields, next, taken) = match chosen {
            Some((rule, index)) => (rule, rule.get("Next").and_then(Json::as_str), Taken::Choice(from, index)),
            None => (state.json, state.text("Default"), Taken::Default(from)),
        };
        let Some(next) = next else {
            return Err(Fault::runtime(
                "Failed to transition out of the state. The state does not point to a next state.",
            ));
        };
        let next = next.to_owned();
        let here = self.here(number, effective);
        let assigned = assign(&here, fields.get("Assign"), jsonata)?;
        let prefix = chosen.map_or(String::new(), |(_, index)| format!("Choices[{index}]/"));
        let output = match fields.get("Output").filter(|_| jsonata) {
            Some(template) => Arc::new(here.jsonata_template(template, &format!("{prefix}Output"))?),
            None => Arc::clone(effective),
        };
        let output = if jsonata { output } else { self.output_path(number, output)? };
        self.within_limits(number, &output)?;
        self.take(number, taken);
        Ok(Flow::Done(Done { output, assigned, next: Next::State(next) }))
    }

    fn wait(&mut self, number: usize, effective: Arc<Json>) -> Result<Flow, Fault> {
        let state = self.state(number);
        let here = self.here(number, &effective);
        let until = match () {
            () if state.has("SecondsPath") => {
                let path = state.text("SecondsPath").unwrap_or_default();
                let said = |what: String| Fault::runtime(format!("The SecondsPath parameter {what}"));
                let value =
                    here.optional(path).ok_or_else(|| said(format!("does not reference an input value: {path}")))?;
                let seconds = integer_at_path(&value).ok_or_else(|| {
                    said(format!("cannot be parsed as a long value: {path} == {}", plain_text(&value)))
                })?;
                if seconds < 0 {
                    return Err(said(format!("references a negative value: {path} == {seconds}")));
                }
                self.now.after(Duration::from_secs(seconds as u64))
            }
            () if state.has("TimestampPath") => {
                let path = state.text("TimestampPath").unwrap_or_default();
                let said =
                    |what: String| Fault::runtime(format!("The TimestampPath parameter does not reference {what}"));
                let value = here.optional(path).ok_or_else(|| said(format!("an input value: {path}")))?;
                let text = plain_text(&value);
                Timestamp::parse_offset(&text).ok_or_else(|| {
                    said(format!("a valid ISO-8601 extended offset date-time format string: {path} == {text}"))
                })?
            }
            () if state.has("Timestamp") => {
                let text = state.text("Timestamp").unwrap_or_default();
                let (text, jsonata) = match expression_of(text).filter(|_| state.jsonata) {
                    Some(expression) => (plain_text(&here.jsonata_of(expression, "Timestamp", "string")?), true),
                    None => (text.to_owned(), false),
                };
                let message = format!(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}"
                );
                Timestamp::parse_offset(&text).ok_or_else(|| match jsonata {
                    true => Fault::query(message, Some("Timestamp")),
                    false => Fault::runtime(message),
                })?
            }
            () => {
                let seconds = match state.get("Seconds") {
                    Some(Json::String(text)) if state.jsonata => {
                        let expression = expression_of(text).unwrap_or(text);
                        let value = here.jsonata_of(expression, "Seconds", "number")?;
                        match whole(&value).filter(|seconds| *seconds >= 0) {
                            Some(seconds) => seconds,
                            None => {
                                let message = match whole(&value) {
                                    Some(seconds) => format!("The Seconds field has a negative value: {seconds}"),
                                    None => format!("The Seconds field cannot be parsed as a long value: {value}"),
                                };
                                return Err(Fault::query(message, Some("Seconds")));
                            }
                        }
                    }
                    Some(Json::Number(number)) => number.as_i64().unwrap_or_default().max(0),
                    _ => 0,
                };
                self.now.after(Duration::from_secs(seconds as u64))
            }
        };
        let until = until.max(self.now);
        if until == self.now {
            return self.waited(number, effective);
        }
        self.wake_at(number, until, Phase::Waited(effective));
        Ok(Flow::Blocked)
    }

    pub(super) fn waited(&mut self, number: usize, effective: Arc<Json>) -> Result<Flow, Fault> {
        Ok(Flow::Done(self.output_of(number, &effective, None)?))
    }

    /// A Parallel or Map state continues, or a task whose execution ended.
    pub(super) fn resume(&mut self, number: usize, result: Result<Arc<Json>, Fault>) -> Result<Flow, Fault> {
        self.threads[number].work = None;
        let result = result?;
        Ok(Flow::Done(self.finish_state(number, result)?))
    }

    /// The fields between the result of a state and its output.
    pub(super) fn finish_state(&mut self, number: usize, result: Arc<Json>) -> Result<Done, Fault> {
        let state = self.state(number);
        let step = self.threads[number].step;
        let input = Arc::clone(&self.threads[number].input);
        if state.jsonata {
            self.steps[step].data.result = Some(Arc::clone(&result));
            return self.output_of(number, &input, Some(result));
        }
        let assigned = assign(&self.here(number, &result), state.get("Assign"), false)?;
        let selected = match state.get("ResultSelector") {
            Some(template) => Arc::new(self.here(number, &result).template(template)?),
            None => Arc::clone(&result),
        };
        let combined = self.result_path(state.get("ResultPath"), &input, Arc::clone(&selected))?;
        let state = self.state(number);
        let has_result = state.kind != StateType::Pass || state.has("Result");
        let data = &mut self.steps[step].data;
        data.result = has_result.then_some(result);
        data.after_result_selector = Some(selected);
        self.steps[step].data.after_result_path = Some(Arc::clone(&combined));
        let output = self.output_path(number, combined)?;
        self.within_limits(number, &output)?;
        Ok(Done { output, assigned, next: Next::Field })
    }

    /// The output of a state that has no `ResultPath`, or uses JSONata.
    fn output_of(&mut self, number: usize, input: &Arc<Json>, result: Option<Arc<Json>>) -> Result<Done, Fault> {
        let state = self.state(number);
        if !state.jsonata {
            let assigned = assign(&self.here(number, input), state.get("Assign"), false)?;
            let output = self.output_path(number, Arc::clone(input))?;
            return Ok(Done { output, assigned, next: Next::Field });
        }
        let mut here = self.here(number, input);
        if let Some(result) = &result {
            here = here.with_result(result);
        }
        let assigned = assign(&here, state.get("Assign"), true)?;
        let output = match state.get("Output") {
            Some(template) => Arc::new(here.jsonata_template(template, "Output")?),
            None => result.clone().unwrap_or_else(|| Arc::clone(input)),
        };
        self.within_limits(number, &output)?;
        Ok(Done { output, assigned, next: Next::Field })
    }

    fn output_path(&self, number: usize, output: Arc<Json>) -> Result<Arc<Json>, Fault> {
        Ok(match self.state(number).get("OutputPath") {
            None => output,
            Some(Json::String(path)) if path == "$" => output,
            Some(Json::String(path)) => Arc::new(self.here(number, &output).path(path)?),
            Some(_) => Arc::new(Json::Object(Object::new())),
        })
    }

    /// Puts a result into the input at `ResultPath`.
    fn result_path(&self, path: Option<&'a Json>, input: &Arc<Json>, result: Arc<Json>) -> Result<Arc<Json>, Fault> {
        let path = match path {
            None => return Ok(result),
            Some(Json::String(path)) if path == "$" => return Ok(result),
            Some(Json::String(path)) => path,
            Some(_) => return Ok(Arc::clone(input)),
        };
        let expression = self.cache.get(path);
        let super::evaluate::Expression::Path(parsed) = &*expression else {
            return Err(Fault::runtime(format!("Invalid path '{path}'")));
        };
        let mut combined = (**input).clone();
        match put(parsed, &mut combined, (*result).clone()) {
            Ok(()) => Ok(Arc::new(combined)),
            Err(step) => Err(Fault::new(
                "States.ResultPathMatchFailure",
                format!("Unable to apply step \"{step}\" to input {input}"),
            )),
        }
    }

    fn within_limits(&self, number: usize, output: &Arc<Json>) -> Result<(), Fault> {
        let unchanged = Arc::ptr_eq(output, &self.threads[number].input);
        match unchanged || measure(output, self.settings.max_payload).is_some() {
            true => Ok(()),
            false => Err(Fault::too_large(&self.state(number).name)),
        }
    }

    /// The retrier that handles the error, and how long it waits.
    pub(super) fn retrier(&self, number: usize, fault: &Fault) -> Option<(usize, Duration)> {
        let state = self.state(number);
        let (index, retrier) =
            state.list("Retry").iter().enumerate().find(|(_, retrier)| names(retrier).any(|name| fault.is(name)))?;
        let attempts = match &self.single {
            Some(single) => single.retries,
            None => self.threads[number].attempts.get(index).copied()?,
        };
        let figure = |name: &str, default: f64| {
            retrier.get(name).and_then(Json::as_number).map_or(default, |number| number.as_f64())
        };
        if f64::from(attempts) >= figure("MaxAttempts", 3.0) {
            return None;
        }
        let delay = figure("IntervalSeconds", 1.0) * figure("BackoffRate", 2.0).powi(attempts as i32);
        let mut delay = delay.min(figure("MaxDelaySeconds", f64::MAX)).clamp(0.0, 1e9);
        if retrier.get("JitterStrategy").and_then(Json::as_str) == Some("FULL") {
            delay *= self.random.fraction();
        }
        Some((index, Duration::from_millis((delay * 1000.0) as u64)))
    }

    /// The output of the catcher that handles the error.
    pub(super) fn catcher(&mut self, number: usize, fault: &Fault) -> Option<Result<Done, Fault>> {
        let state = self.state(number);
        let (index, catcher) =
            state.list("Catch").iter().enumerate().find(|(_, catcher)| names(catcher).any(|name| fault.is(name)))?;
        let text = |text: &Option<String>| Json::from(text.clone().unwrap_or_default());
        let error = Arc::new(Json::Object(Object::from_iter([
            ("Error", text(&fault.failure.error)),
            ("Cause", text(&fault.failure.cause)),
        ])));
        self.take(number, Taken::Catch(self.threads[number].state, index));
        Some(self.caught(number, catcher, index, error))
    }

    fn caught(&mut self, number: usize, catcher: &'a Json, index: usize, error: Arc<Json>) -> Result<Done, Fault> {
        let jsonata = self.state(number).jsonata;
        let input = Arc::clone(&self.threads[number].input);
        let next = Next::State(catcher.get("Next").and_then(Json::as_str).unwrap_or_default().to_owned());
        if jsonata {
            let here = self.here(number, &input).with_error(&error);
            let assigned = assign_at(&here, catcher.get("Assign"), true, &format!("Catch[{index}]/Assign"))?;
            let output = match catcher.get("Output") {
                Some(template) => Arc::new(here.jsonata_template(template, &format!("Catch[{index}]/Output"))?),
                None => error,
            };
            return Ok(Done { output, assigned, next });
        }
        let assigned = assign(&self.here(number, &error), catcher.get("Assign"), false)?;
        let output = self.result_path(catcher.get("ResultPath"), &input, error)?;
        Ok(Done { output, assigned, next })
    }
}

fn names(rule: &Json) -> impl Iterator<Item = &str> {
    rule.get("ErrorEquals").and_then(Json::as_array).unwrap_or_default().iter().filter_map(Json::as_str)
}

/// The variables that `Assign` sets.
fn assign<'a>(here: &Here<'_, 'a>, template: Option<&'a Json>, jsonata: bool) -> Result<Option<Arc<Json>>, Fault> {
    assign_at(here, template, jsonata, "Assign")
}

fn assign_at<'a>(
    here: &Here<'_, 'a>,
    template: Option<&'a Json>,
    jsonata: bool,
    location: &str,
) -> Result<Option<Arc<Json>>, Fault> {
    let Some(template) = template else { return Ok(None) };
    let assigned = if jsonata { here.jsonata_template(template, location)? } else { here.template(template)? };
    Ok(Some(Arc::new(assigned)))
}

/// A value as text: a string without quotation marks.
pub(super) fn plain_text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A whole number, in any notation.
pub(super) fn whole(value: &Json) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| number.is_whole().then(|| number.as_f64() as i64))
}

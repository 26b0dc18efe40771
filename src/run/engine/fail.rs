//! What a failed state does: it retries, continues with a catcher, or ends its thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::Fault;
use super::thread::{Phase, Work};
use super::{World, state};
use crate::run::history::Details;
use crate::run::outcome::{Status, Taken};
use crate::run::state_test::Outcome;
use crate::value::Json;

impl World<'_> {
    /// What a failed state does: it retries, continues with a catcher, or ends its thread. Returns whether the thread
    /// continues at once.
    pub(super) fn fail(&mut self, number: usize, mut fault: Fault) -> bool {
        if let Some(Work::Map(_) | Work::Parallel { .. } | Work::Execution { .. }) = &self.threads[number].work {
            // Everything that still runs in the state ends with it.
            let thread = &mut self.threads[number];
            let work = thread.work.take();
            let children = match work {
                Some(Work::Parallel { children, .. }) => children,
                Some(Work::Map(mut map)) => map.take_running(),
                _ => BTreeMap::new(),
            };
            children.into_values().for_each(|child| self.kill(child));
        }
        let state = self.state(number);
        let (name, kind) = (Arc::clone(&state.name), state.kind);
        self.explain(number, &mut fault);
        if fault.evaluation {
            let details = Details::Evaluation {
                error: fault.failure.error.clone().unwrap_or_default(),
                cause: fault.failure.cause.clone().unwrap_or_default(),
                state: Arc::clone(&name),
                location: fault.location.clone(),
            };
            self.event(number, "EvaluationFailed", details);
        }
        if let Some(event) = fault.event {
            self.event(number, event, Details::None);
        }
        let step = self.threads[number].step;
        self.steps[step].failure = Some(fault.failure.clone());
        if self.single.is_some() {
            return self.single_fails(number, fault);
        }
        if state::may_retry(kind) && fault.catchable() {
            if let Some((retrier, delay)) = self.retrier(number, &fault) {
                // Retries can be endless, like a loop.
                if self.is_over(number) {
                    return false;
                }
                let thread = &mut self.threads[number];
                thread.parts = None;
                thread.attempts[retrier] += 1;
                thread.retries += 1;
                self.steps[step].retries += 1;
                let taken = Taken::Retry(thread.state, retrier);
                self.take(number, taken);
                let time = self.now.after(delay);
                self.wake_at(number, time, Phase::Execute);
                return false;
            }
            match self.catcher(number, &fault) {
                Some(Ok(done)) => return self.leave(number, done),
                Some(Err(fault)) => return self.fail_uncaught(number, fault),
                None => {}
            }
        }
        self.fail_uncaught(number, fault)
    }

    /// How a state that is tested by itself fails: a retry or a catch is only reported, not executed.
    pub(super) fn single_fails(&mut self, number: usize, fault: Fault) -> bool {
        let state = self.state(number);
        let takes = |list: &str| {
            let names = |rule: &Json| rule.get("ErrorEquals").and_then(Json::as_array).unwrap_or_default().to_vec();
            state
                .list(list)
                .iter()
                .position(|rule| names(rule).iter().any(|name| name.as_str().is_some_and(|name| fault.is(name))))
        };
        let mut outcome = Outcome { status: "FAILED", ..Outcome::default() };
        if state::may_retry(state.kind) && fault.catchable() {
            outcome.retry_index = takes("Retry");
            let catch_index = takes("Catch");
            if let Some((_, delay)) = self.retrier(number, &fault) {
                outcome.status = "RETRIABLE";
                outcome.backoff = Some(delay.as_secs() as i64);
            } else if let Some(caught) = self.catcher(number, &fault) {
                outcome.catch_index = catch_index;
                outcome.status = "CAUGHT_ERROR";
                if let Ok(done) = caught {
                    if let Some(single) = &mut self.single {
                        single.outcome = Some(outcome);
                    }
                    return self.leave(number, done);
                }
            }
        }
        if let Some(single) = &mut self.single {
            single.outcome = Some(outcome);
        }
        self.fail_uncaught(number, fault)
    }

    pub(super) fn fail_uncaught(&mut self, number: usize, mut fault: Fault) -> bool {
        self.explain(number, &mut fault);
        let step = self.threads[number].step;
        self.steps[step].failure = Some(fault.failure.clone());
        if !fault.catchable() && self.threads[number].parent.is_some() {
            // It always fails the execution: the states around it cannot handle it, and have no event about it.
            let root = self.root_of(number);
            self.end_execution(root, Status::Failed, Err(fault.failure));
        } else {
            self.finish(number, Err(fault.failure));
        }
        false
    }

    /// Completes the cause of a fault of the interpreter with the state and the event.
    fn explain(&self, number: usize, fault: &mut Fault) {
        if let Some(message) = fault.explain.take() {
            let (name, entered) = (&self.state(number).name, self.threads[number].entered);
            fault.failure.cause = Some(format!(
                "An error occurred while executing the state '{name}' (entered at the event id #{entered}). {message}"
            ));
        }
    }
}

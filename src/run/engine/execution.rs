//! An execution: how it starts, and how it ends.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use super::World;
use super::thread::{Item, Work};
use crate::run::Timestamp;
use crate::run::history::{Details, Event};
use crate::run::outcome::{Failure, Status};
use crate::value::Json;

/// How long an Express workflow may take.
const EXPRESS_SECONDS: i64 = 300;

/// How long a Standard workflow may take.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// An execution: the first one, or one that a state started.
#[derive(Debug, Clone)]
pub(super) struct Execution {
    pub(super) program: usize,
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) role: Option<Arc<str>>,
    pub(super) machine_id: Arc<str>,
    pub(super) machine_name: Arc<str>,
    pub(super) input: Arc<Json>,
    pub(super) started: Timestamp,
    pub(super) express: bool,
    pub(super) events: Vec<Event>,
    pub(super) count: u64,
    /// The thread that waits for it.
    pub(super) owner: Option<(usize, usize)>,
    /// Whether it is an item of a distributed Map.
    pub(super) child: bool,
    pub(super) result: Option<(Status, Result<Arc<Json>, Failure>)>,
    /// How often it was redriven, and when for the last time.
    pub(super) redrives: u64,
    pub(super) redriven: Option<Timestamp>,
}

impl World<'_> {
    pub(super) fn start_execution(
        &mut self,
        program: usize,
        machine: usize,
        input: Arc<Json>,
        owner: Option<(usize, usize)>,
        item: Option<Arc<Item>>,
    ) -> usize {
        let number = self.executions.len();
        let child = item.is_some();
        let (id, name, role, machine_id, machine_name, express) = match owner {
            Some((thread, _)) if child => {
                let parent = &self.executions[self.threads[thread].execution];
                let label = self.label(thread);
                let name = self.random.uuid();
                let machine_name = format!("{}/{label}", parent.machine_name);
                let express = self.programs[program].machines[machine].express;
                let kind = if express { "express" } else { "execution" };
                (
                    format!("{}:{kind}:{machine_name}:{name}", self.arn_prefix()),
                    name,
                    parent.role.clone(),
                    format!("{}/{label}", parent.machine_id),
                    machine_name,
                    express,
                )
            }
            Some(_) => {
                let machine_name = self.settings.machines[program - 1].0.clone();
                let name = self.random.uuid();
                let short = machine_name.rsplit(':').next().unwrap_or_default().to_owned();
                (
                    format!("{}:execution:{short}:{name}", self.arn_prefix()),
                    name,
                    self.settings.role.as_deref().map(Arc::from),
                    if machine_name.contains(':') {
                        machine_name
                    } else {
                        format!("{}:stateMachine:{short}", self.arn_prefix())
                    },
                    short,
                    false,
                )
            }
            None => {
                let settings = self.settings;
                let name = settings.execution_name.clone();
                let id = settings.execution_id.clone().unwrap_or_else(|| match settings.express {
                    true => {
                        let uuid = self.random.uuid();
                        format!("{}:express:{}:{name}:{uuid}", self.arn_prefix(), settings.machine_name)
                    }
                    false => format!("{}:execution:{}:{name}", self.arn_prefix(), settings.machine_name),
                });
                let machine = settings
                    .machine_id
                    .clone()
                    .unwrap_or_else(|| format!("{}:stateMachine:{}", self.arn_prefix(), settings.machine_name));
                (
                    id,
                    name,
                    settings.role.as_deref().map(Arc::from),
                    machine,
                    settings.machine_name.clone(),
                    settings.express,
                )
            }
        };
        self.executions.push(Execution {
            program,
            id: id.into(),
            name: name.into(),
            role: role.clone(),
            machine_id: machine_id.into(),
            machine_name: machine_name.into(),
            input: Arc::clone(&input),
            started: self.now,
            express,
            events: Vec::new(),
            count: 0,
            owner,
            child,
            result: None,
            redrives: 0,
            redriven: None,
        });
        let thread = self.spawn(number, machine, Arc::clone(&input), Arc::default(), None, item);
        self.event(thread, "ExecutionStarted", Details::ExecutionStarted { input, role });
        self.set_end(number);
        number
    }

    /// The number of seconds after which an execution ends in any case.
    pub(super) fn seconds_of(&self, number: usize) -> Option<i64> {
        let execution = &self.executions[number];
        let timeout = self.programs[execution.program].timeout.filter(|_| !execution.child);
        let express = execution.express.then_some(EXPRESS_SECONDS);
        timeout.into_iter().chain(express).min()
    }

    /// Ensures that the execution ends in time.
    pub(super) fn set_end(&mut self, number: usize) {
        if self.single.is_some() {
            return;
        }
        let time = match self.seconds_of(number) {
            Some(seconds) => self.now.after(Duration::from_secs(seconds.max(0) as u64)),
            // An item has no timeout of its own: the whole execution has one.
            None if self.executions[number].child => return,
            // An execution that takes exactly one year is still in time.
            None => self.now.after(YEAR + Duration::from_millis(1)),
        };
        // A separate thread that only waits: when it wakes up, the execution is over.
        self.sequence += 1;
        self.timers.push(Reverse((time, self.sequence, usize::MAX - number, 0)));
    }

    pub(super) fn arn_prefix(&self) -> String {
        format!("arn:aws:states:{}:{}", self.settings.region, self.settings.account)
    }

    /// The label of a distributed Map, which is part of the names of its children.
    pub(super) fn label(&self, thread: usize) -> String {
        let state = self.state(thread);
        match state.text("Label") {
            Some(label) => label.to_owned(),
            None => state.name.chars().filter(|sign| !sign.is_whitespace()).take(40).collect(),
        }
    }

    pub(super) fn end_execution(&mut self, thread: usize, status: Status, result: Result<Arc<Json>, Failure>) {
        let number = self.threads[thread].execution;
        let event = match (&result, status) {
            (Ok(output), _) => ("ExecutionSucceeded", Details::Output { output: Arc::clone(output) }),
            (Err(failure), status) => (
                if status == Status::TimedOut { "ExecutionTimedOut" } else { "ExecutionFailed" },
                Details::Failed { error: failure.error.clone(), cause: failure.cause.clone() },
            ),
        };
        self.add_event(number, thread, event.0, event.1);
        let mut point = None;
        if result.is_err() {
            self.keep(number, thread);
            if self.executions[number].child && !self.executions[number].express {
                point = Some(self.point(thread));
            }
        }
        self.kill(thread);
        let owner = self.executions[number].owner;
        if self.executions[number].child {
            // The history of an item's execution is not needed, and there can be many.
            self.executions[number].events = Vec::new();
        }
        self.executions[number].result = Some((status, result.clone()));
        let Some((parent, index)) = owner else { return };
        if !self.threads[parent].alive {
            return;
        }
        match self.threads[parent].work {
            Some(Work::Map(_)) => self.item_ended(parent, index, result, point, Some(number)),
            Some(Work::Execution { child }) if child == number => self.child_ended(parent, number),
            _ => {}
        }
    }

    pub(super) fn execution_times_out(&mut self, number: usize) {
        if self.executions.get(number).is_none_or(|execution| execution.result.is_some()) {
            return;
        }
        let thread = (0..self.threads.len()).find(|thread| {
            let thread = &self.threads[*thread];
            thread.alive && thread.execution == number && thread.parent.is_none()
        });
        if let Some(thread) = thread {
            let failure = Failure { error: Some("States.Timeout".into()), cause: None };
            self.end_execution(thread, Status::TimedOut, Err(failure));
        }
    }
}

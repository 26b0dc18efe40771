//! Threads: what one is, what it does next and what it waits for.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::Fault;
use super::{Variables, World, map, redrive, task};
use crate::run::Timestamp;
use crate::run::runner::Problem;
use crate::value::Json;

/// A position of an execution in a machine: the whole, a branch, or an item.
pub(super) struct Thread {
    pub(super) execution: usize,
    pub(super) state: usize,
    pub(super) input: Arc<Json>,
    pub(super) variables: Arc<Variables>,
    /// Its parent, and its index among the children.
    pub(super) parent: Option<(usize, usize)>,
    pub(super) item: Option<Arc<Item>>,
    pub(super) phase: Phase,
    /// A wake-up is only for the activity that had this number.
    pub(super) turn: u64,
    pub(super) step: usize,
    pub(super) entered: u64,
    pub(super) entered_at: Timestamp,
    pub(super) previous: u64,
    pub(super) retries: u32,
    pub(super) attempts: Vec<u32>,
    pub(super) token: Option<String>,
    pub(super) error_output: Option<Arc<Json>>,
    pub(super) work: Option<Work>,
    /// The branches or items of the state when it failed, for a redrive.
    pub(super) parts: Option<redrive::Parts>,
    pub(super) alive: bool,
}

impl Thread {
    pub(super) fn new(
        execution: usize,
        input: Arc<Json>,
        variables: Arc<Variables>,
        parent: Option<(usize, usize)>,
        item: Option<Arc<Item>>,
        previous: u64,
        now: Timestamp,
    ) -> Self {
        Self {
            execution,
            state: 0,
            input,
            variables,
            parent,
            item,
            phase: Phase::Enter,
            turn: 0,
            step: 0,
            entered: 0,
            entered_at: now,
            previous,
            retries: 0,
            attempts: Vec::new(),
            token: None,
            error_output: None,
            work: None,
            parts: None,
            alive: true,
        }
    }
}

/// The item of a Map for which a machine runs.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) index: usize,
    pub(super) source: map::Source,
    pub(super) outer: Option<Arc<Item>>,
}

/// What a thread does next.
pub(super) enum Phase {
    /// Enters its state.
    Enter,
    /// Runs the state, or runs it again in a retry.
    Execute,
    /// Its waiting time is over.
    Waited(Arc<Json>),
    /// A task ends.
    TaskEnds(task::Ending),
    /// A state that waited for other threads continues.
    Resume(Result<Arc<Json>, Fault>),
    /// Waits for another thread.
    Blocked,
}

/// What a thread waits for.
pub(super) enum Work {
    Parallel { outputs: Vec<Option<Arc<Json>>>, children: BTreeMap<usize, usize> },
    Map(Box<map::Map>),
    Execution { child: usize },
}

impl World<'_> {
    pub(super) fn spawn(
        &mut self,
        execution: usize,
        machine: usize,
        input: Arc<Json>,
        variables: Arc<Variables>,
        parent: Option<(usize, usize)>,
        item: Option<Arc<Item>>,
    ) -> usize {
        let program = &self.programs[self.executions[execution].program];
        let machine = &program.machines[machine];
        let state = machine.start.and_then(|start| machine.states.get(start).copied());
        if state.is_none() {
            let start = machine.start.unwrap_or_default().to_owned();
            self.stop(Problem::NoState(start));
        }
        let previous = parent.map_or(0, |(parent, _)| self.threads[parent].previous);
        let thread = Thread {
            state: state.unwrap_or_default(),
            ..Thread::new(execution, input, variables, parent, item, previous, self.now)
        };
        let number = self.add_thread(thread);
        self.ready.push_back((number, self.threads[number].turn));
        number
    }

    pub(super) fn add_thread(&mut self, thread: Thread) -> usize {
        match self.free.pop() {
            Some(number) => {
                // Wake-ups for the previous activity must not reach this one.
                let turn = self.threads[number].turn + 1;
                self.threads[number] = Thread { turn, ..thread };
                number
            }
            None => {
                self.threads.push(thread);
                self.threads.len() - 1
            }
        }
    }

    /// Ends a thread and everything that it waits for.
    pub(super) fn kill(&mut self, thread: usize) {
        let mut open = vec![thread];
        while let Some(number) = open.pop() {
            let thread = &mut self.threads[number];
            if !thread.alive {
                continue;
            }
            thread.alive = false;
            thread.turn += 1;
            thread.variables = Arc::default();
            thread.item = None;
            thread.parts = None;
            thread.phase = Phase::Blocked;
            match thread.work.take() {
                Some(Work::Parallel { children, .. }) => open.extend(children.into_values()),
                Some(Work::Map(mut map)) => open.extend(map.take_running().into_values()),
                Some(Work::Execution { child }) => {
                    open.extend((0..self.threads.len()).filter(|other| {
                        self.threads[*other].execution == child && self.threads[*other].parent.is_none()
                    }));
                }
                None => {}
            }
            self.free.push(number);
        }
    }

    pub(super) fn wake_at(&mut self, thread: usize, time: Timestamp, phase: Phase) {
        self.threads[thread].phase = phase;
        self.threads[thread].turn += 1;
        let turn = self.threads[thread].turn;
        if time <= self.now {
            self.ready.push_back((thread, turn));
        } else {
            self.sequence += 1;
            self.timers.push(Reverse((time, self.sequence, thread, turn)));
        }
    }

    pub(super) fn iteration(&self, thread: usize) -> Vec<usize> {
        let mut indexes = Vec::new();
        let mut item = self.threads[thread].item.as_ref();
        while let Some(here) = item {
            indexes.push(here.index);
            item = here.outer.as_ref();
        }
        indexes.reverse();
        indexes
    }

    pub(super) fn root_of(&self, mut thread: usize) -> usize {
        while let Some((parent, _)) = self.threads[thread].parent {
            thread = parent;
        }
        thread
    }
}

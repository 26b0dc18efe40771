//! Where a failed execution had arrived, and how it continues from there.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::execution::Execution;
use super::map::Map;
use super::program::Program;
use super::thread::{Item, Phase, Thread, Work};
use super::{Variables, World};
use crate::asl::StateType;
use crate::run::history::Details;
use crate::run::outcome::Failure;
use crate::run::runner::{NotRedrivable, Problem};
use crate::run::{Run, mocks};
use crate::value::Json;

/// How many events an execution can have at most to be redriven.
const MOST_EVENTS: u64 = 24_998;

/// A failed execution: what is needed to continue it.
#[derive(Debug)]
pub(in crate::run) struct Stopped {
    point: Point,
    execution: Execution,
    definition: u64,
    answered: HashMap<(mocks::Kind, String), u32>,
    seed: u64,
}

/// The state of a thread, and what ran inside it.
#[derive(Debug, Clone)]
pub(super) struct Point {
    state: usize,
    input: Arc<Json>,
    variables: Arc<Variables>,
    step: usize,
    entered: u64,
    entered_at: crate::run::Timestamp,
    parts: Option<Parts>,
    /// The execution, if it has its own: an item of a distributed Map.
    execution: Option<Box<Execution>>,
}

impl Point {
    pub(super) fn take_execution(&mut self) -> Option<Box<Execution>> {
        self.execution.take()
    }
}

/// The branches or items of a state. Those without a point start again.
#[derive(Debug, Clone)]
pub(super) enum Parts {
    Parallel { outputs: Vec<Option<Arc<Json>>>, points: BTreeMap<usize, Point> },
    Map(Box<Map>),
}

impl World<'_> {
    /// Where a thread is just before it ends.
    pub(super) fn point(&mut self, number: usize) -> Point {
        let parts = match self.threads[number].work.take() {
            Some(Work::Parallel { outputs, children }) => Some(self.stop_parallel(outputs, children)),
            Some(Work::Map(map)) => Some(self.stop_map(map)),
            Some(work @ Work::Execution { .. }) => {
                // It is started again by the caller that ends the thread.
                self.threads[number].work = Some(work);
                None
            }
            None => self.threads[number].parts.take(),
        };
        let thread = &self.threads[number];
        let execution = &self.executions[thread.execution];
        Point {
            state: thread.state,
            input: Arc::clone(&thread.input),
            variables: Arc::clone(&thread.variables),
            step: thread.step,
            entered: thread.entered,
            entered_at: thread.entered_at,
            parts,
            execution: (execution.child && thread.parent.is_none()).then(|| Box::new(execution.clone())),
        }
    }

    /// Ends the branches that still run, and records where they had arrived.
    pub(super) fn stop_parallel(&mut self, outputs: Vec<Option<Arc<Json>>>, children: BTreeMap<usize, usize>) -> Parts {
        let points = self.stop_children(children);
        Parts::Parallel { outputs, points }
    }

    /// Ends the items that still run, and records where they had arrived.
    pub(super) fn stop_map(&mut self, mut map: Box<Map>) -> Parts {
        let running = map.take_running();
        let stopped = self.stop_children(running);
        map.points.extend(stopped);
        Parts::Map(map)
    }

    fn stop_children(&mut self, children: BTreeMap<usize, usize>) -> BTreeMap<usize, Point> {
        let mut points = BTreeMap::new();
        for (index, child) in children {
            // An item of an Express workflow starts again, and so does an item that was not started.
            let begun = !matches!(self.threads[child].phase, Phase::Enter);
            let thread = &self.threads[child];
            let restarts = thread.parent.is_none() && self.executions[thread.execution].express;
            if begun && !restarts {
                let point = self.point(child);
                points.insert(index, point);
            }
            self.kill(child);
        }
        points
    }

    /// Records where the execution had arrived, if it can be redriven.
    pub(super) fn keep(&mut self, number: usize, thread: usize) {
        let execution = &self.executions[number];
        if execution.owner.is_some() || self.single.is_some() {
            return;
        }
        self.stopped = if execution.express {
            Err(NotRedrivable::Express)
        } else if execution.count > MOST_EVENTS {
            Err(NotRedrivable::Events)
        } else {
            let execution = Execution { events: Vec::new(), result: None, ..execution.clone() };
            let point = self.point(thread);
            Ok(Arc::new(Stopped {
                point,
                execution,
                definition: fingerprint(&self.programs[0]),
                answered: self.answered.clone(),
                seed: self.random.next(),
            }))
        };
    }

    /// Continues a run that failed.
    pub(in crate::run) fn redrive(mut self, run: &Run) -> Result<Run, Problem> {
        let stopped = run.stopped.clone().map_err(Problem::NotRedrivable)?;
        if stopped.definition != fingerprint(&self.programs[0]) {
            return Err(Problem::NotRedrivable(NotRedrivable::OtherDefinition));
        }
        self.now = run.ended;
        self.steps.clone_from(&run.steps);
        self.calls.clone_from(&run.calls);
        self.taken = run.taken.iter().copied().collect();
        self.ended = run.steps.iter().filter_map(|step| step.ended).max().map_or(0, |last| last + 1);
        self.answered.clone_from(&stopped.answered);
        self.random = crate::expression::evaluate::Random::new(stopped.seed);
        self.begun = run.started;
        let mut execution = stopped.execution.clone();
        execution.events.clone_from(&run.events);
        let last = run.events.last().map_or(0, |event| event.id);
        let thread = self.continue_execution(execution, None, stopped.point.clone(), None, last);
        let main = self.threads[thread].execution;
        self.go(main)?;
        Ok(self.into_run(main))
    }

    /// Redrives an execution; returns its main thread.
    pub(super) fn continue_execution(
        &mut self,
        mut execution: Execution,
        owner: Option<(usize, usize)>,
        point: Point,
        item: Option<Arc<Item>>,
        previous: u64,
    ) -> usize {
        execution.redrives += 1;
        execution.redriven = Some(self.now);
        execution.owner = owner;
        execution.result = None;
        let redrives = execution.redrives;
        let number = self.executions.len();
        self.executions.push(execution);
        let thread = self.place(
            number,
            point,
            None,
            item,
            previous,
            Some(("ExecutionRedriven", Details::Redriven { map_run: None, redrives })),
        );
        self.set_end(number);
        thread
    }

    /// Puts a thread back to where it was. It does not enter its state again, but runs the state again, with all its
    /// retries.
    pub(super) fn place(
        &mut self,
        execution: usize,
        point: Point,
        parent: Option<(usize, usize)>,
        item: Option<Arc<Item>>,
        previous: u64,
        event: Option<(&'static str, Details)>,
    ) -> usize {
        let program = &self.programs[self.executions[execution].program];
        let state = &program.states[point.state];
        let retriers = state.list("Retry").len();
        let machines = state.machines.clone();
        let is_fail = state.kind == StateType::Fail;
        let number = self.add_thread(Thread {
            state: point.state,
            step: point.step,
            entered: point.entered,
            entered_at: point.entered_at,
            attempts: vec![0; retriers],
            // A Fail state is entered again, and fails again.
            phase: if is_fail { Phase::Enter } else { Phase::Execute },
            ..Thread::new(execution, point.input, point.variables, parent, item.clone(), previous, self.now)
        });
        if let Some((kind, details)) = event {
            self.event(number, kind, details);
        }
        if let Some(step) = self.steps.get_mut(point.step).filter(|_| !is_fail) {
            step.failure = None;
        }
        match point.parts {
            None => self.ready.push_back((number, self.threads[number].turn)),
            Some(Parts::Parallel { outputs, mut points }) => {
                self.threads[number].phase = Phase::Blocked;
                let left: Vec<usize> = (0..outputs.len()).filter(|index| outputs[*index].is_none()).collect();
                self.threads[number].work = Some(Work::Parallel { outputs, children: BTreeMap::new() });
                for index in left {
                    let previous = self.threads[number].previous;
                    let child = match points.remove(&index) {
                        Some(point) => {
                            self.place(execution, point, Some((number, index)), item.clone(), previous, None)
                        }
                        None => {
                            let input = self.parallel_input(number);
                            let variables = Arc::clone(&self.threads[number].variables);
                            self.spawn(
                                execution,
                                machines[index],
                                input,
                                variables,
                                Some((number, index)),
                                item.clone(),
                            )
                        }
                    };
                    if let Some(Work::Parallel { children, .. }) = &mut self.threads[number].work {
                        children.insert(index, child);
                    }
                }
            }
            Some(Parts::Map(mut map)) => {
                self.threads[number].phase = Phase::Blocked;
                let told = map.redrive();
                self.threads[number].work = Some(Work::Map(map));
                if let Some((arn, redrives)) = told {
                    self.event(number, "MapRunRedriven", Details::Redriven { map_run: Some(arn), redrives });
                }
                self.go_on(number);
            }
        }
        number
    }

    /// The input of a branch that was not started when its state failed.
    fn parallel_input(&self, number: usize) -> Arc<Json> {
        let thread = &self.threads[number];
        let data = &self.steps[thread.step].data;
        let input = data.after_arguments.as_ref().or(data.after_parameters.as_ref());
        Arc::clone(input.unwrap_or(&thread.input))
    }
}

/// Whether a state that failed with that error continues with its parts, or starts again.
pub(super) fn keeps_parts(failure: &Failure) -> bool {
    failure.error.as_deref() != Some("States.DataLimitExceeded")
}

fn fingerprint(program: &Program<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for state in &program.states {
        state.name.hash(&mut hasher);
        state.json.to_string().hash(&mut hasher);
    }
    hasher.finish()
}

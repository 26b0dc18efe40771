//! The interpreter. Executions, branches and items are *threads* in one queue, and a clock that moves only when no
//! thread can run decides which one is next. Nothing here is recursive: a hundred thousand states, or state machines
//! that start each other, need no stack.

mod choice;
mod dataset;
mod evaluate;
mod execution;
mod fail;
mod fault;
mod map;
mod parallel;
mod program;
mod redrive;
mod state;
mod task;
mod thread;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use super::history::{Details, Event};
use super::outcome::{Failure, Inspection, Status, Step, Taken};
use super::runner::{NotRedrivable, Problem, Settings};
use super::state_test::Outcome;
use super::{Call, Run, TaskError, Timestamp, mocks};
use crate::expression::evaluate::Random;
use crate::value::Json;
use evaluate::Cache;
use execution::Execution;
use fault::Fault;
pub(super) use fault::Fault as ReaderFault;
pub(super) use program::Program;
pub(super) use redrive::Stopped;
use thread::{Phase, Thread, Work};

/// Variables by name. A thread that assigns one gets its own copy.
type Variables = HashMap<String, Arc<Json>>;

/// A running execution with everything that it started.
pub(in crate::run) struct World<'a> {
    programs: Vec<Program<'a>>,
    settings: &'a Settings,
    executions: Vec<Execution>,
    threads: Vec<Thread>,
    /// Threads that can be used again.
    free: Vec<usize>,
    ready: VecDeque<(usize, u64)>,
    timers: BinaryHeap<Reverse<(Timestamp, u64, usize, u64)>>,
    now: Timestamp,
    sequence: u64,
    ended: usize,
    random: Random,
    cache: Cache<'a>,
    steps: Vec<Step>,
    calls: Vec<Call>,
    taken: std::collections::BTreeSet<Taken>,
    answered: HashMap<(mocks::Kind, String), u32>,
    problem: Option<Problem>,
    single: Option<Single>,
    /// When the first execution started, and when it ended.
    begun: Timestamp,
    over: Option<Timestamp>,
    stopped: Result<Arc<Stopped>, NotRedrivable>,
}

/// The state that is tested by itself.
pub(in crate::run) struct Single {
    pub(in crate::run) state: usize,
    /// Its name in the context object.
    pub(in crate::run) name: Arc<str>,
    /// The machine that contains it.
    pub(in crate::run) machine: usize,
    pub(in crate::run) mocked: Option<Result<Json, TaskError>>,
    pub(in crate::run) variables: crate::value::Object,
    pub(in crate::run) context: Option<Json>,
    pub(in crate::run) retries: u32,
    pub(in crate::run) failed_items: Option<u32>,
    pub(in crate::run) outcome: Option<Outcome>,
}

/// How a state ends if it does not fail.
struct Done {
    output: Arc<Json>,
    assigned: Option<Arc<Json>>,
    next: Next,
}

enum Next {
    /// With the transition of `Next` or `End`.
    Field,
    /// With a choice, or a catcher.
    State(String),
}

/// The outcome of a turn.
enum Flow {
    Done(Done),
    Blocked,
}

impl<'a> World<'a> {
    pub(in crate::run) fn new(programs: Vec<Program<'a>>, settings: &'a Settings) -> Self {
        Self {
            programs,
            settings,
            executions: Vec::new(),
            threads: Vec::new(),
            free: Vec::new(),
            ready: VecDeque::new(),
            timers: BinaryHeap::new(),
            now: settings.start,
            sequence: 0,
            ended: 0,
            random: Random::new(settings.seed),
            cache: Cache::default(),
            steps: Vec::new(),
            calls: Vec::new(),
            taken: std::collections::BTreeSet::new(),
            answered: HashMap::new(),
            problem: None,
            single: None,
            begun: settings.start,
            over: None,
            stopped: Err(NotRedrivable::Succeeded),
        }
    }

    /// Runs the first program to its end.
    pub(in crate::run) fn run(mut self, input: Json) -> Result<Run, Problem> {
        let main = self.start_execution(0, 0, Arc::new(input), None, None);
        self.go(main)?;
        Ok(self.into_run(main))
    }

    /// Runs one state.
    pub(in crate::run) fn run_single(mut self, mut single: Single, input: Json) -> Result<(Run, Outcome), Problem> {
        let main = self.start_execution(0, single.machine, Arc::new(input), None, None);
        let variables = std::mem::take(&mut single.variables);
        let thread = &mut self.threads[0];
        thread.state = single.state;
        thread.variables =
            Arc::new(variables.into_iter().map(|(name, value)| (name.into_owned(), Arc::new(value))).collect());
        self.single = Some(single);
        self.go(main)?;
        let outcome = self.single.take().and_then(|single| single.outcome).unwrap_or_default();
        Ok((self.into_run(main), outcome))
    }

    fn go(&mut self, main: usize) -> Result<(), Problem> {
        while self.executions[main].result.is_none() {
            if !self.advance() {
                return Err(self.problem.take().unwrap_or(Problem::Stuck));
            }
        }
        // Executions that it started without waiting for them continue until they end.
        self.over = Some(self.now);
        while self.advance() {}
        self.problem.take().map_or(Ok(()), Err)
    }

    /// Runs the next thread; false if there is none, or if a problem has ended the run.
    fn advance(&mut self) -> bool {
        let (thread, turn) = match (self.problem.is_some(), self.ready.pop_front()) {
            (true, _) => return false,
            (false, Some(ready)) => ready,
            (false, None) => {
                let Some(Reverse((time, _, thread, turn))) = self.timers.pop() else { return false };
                self.now = self.now.max(time);
                (thread, turn)
            }
        };
        self.turn(thread, turn);
        true
    }

    fn into_run(mut self, main: usize) -> Run {
        let execution = &mut self.executions[main];
        let (status, result) = execution.result.take().unwrap_or((Status::Failed, Err(Failure::default())));
        Run {
            result,
            status,
            steps: self.steps,
            calls: self.calls,
            events: std::mem::take(&mut execution.events),
            taken: self.taken.into_iter().collect(),
            started: self.begun,
            ended: self.over.unwrap_or(self.now),
            is_express: self.settings.express,
            redrives: execution.redrives,
            stopped: self.stopped,
        }
    }

    fn stop(&mut self, problem: Problem) {
        self.problem.get_or_insert(problem);
    }

    fn state(&self, thread: usize) -> &program::StateProgram<'a> {
        let thread = &self.threads[thread];
        &self.programs[self.executions[thread.execution].program].states[thread.state]
    }

    fn event(&mut self, thread: usize, kind: &'static str, details: Details) -> u64 {
        let execution = self.threads[thread].execution;
        self.add_event(execution, thread, kind, details)
    }

    fn add_event(&mut self, execution: usize, thread: usize, kind: &'static str, details: Details) -> u64 {
        let previous = self.threads[thread].previous;
        let now = self.now;
        let execution = &mut self.executions[execution];
        execution.count += 1;
        let id = execution.count;
        if execution.owner.is_none() {
            execution.events.push(Event { id, previous, time: now, kind, details });
        }
        self.threads[thread].previous = id;
        id
    }

    /// Runs a thread until it waits for something.
    fn turn(&mut self, number: usize, turn: u64) {
        if number >= usize::MAX - self.executions.len() {
            return self.execution_times_out(usize::MAX - number);
        }
        if self.threads[number].turn != turn || !self.threads[number].alive {
            return;
        }
        loop {
            if self.problem.is_some() || !self.threads[number].alive {
                return;
            }
            let phase = std::mem::replace(&mut self.threads[number].phase, Phase::Blocked);
            let flow = match phase {
                Phase::Blocked => return,
                Phase::Enter => {
                    if !self.enter(number) {
                        return;
                    }
                    self.execute(number)
                }
                Phase::Execute => self.execute(number),
                Phase::Waited(output) => self.waited(number, output),
                Phase::TaskEnds(ending) => self.task_ends(number, ending),
                Phase::Resume(result) => self.resume(number, result),
            };
            match flow {
                Ok(Flow::Blocked) => return,
                Ok(Flow::Done(done)) => {
                    if !self.leave(number, done) {
                        return;
                    }
                }
                Err(fault) => {
                    if !self.fail(number, fault) {
                        return;
                    }
                }
            }
        }
    }

    /// Enters a state; returns whether the run continues.
    fn enter(&mut self, number: usize) -> bool {
        if self.is_over(number) {
            return false;
        }
        let execution = self.threads[number].execution;
        let state = self.state(number);
        let (name, kind, retriers) = (Arc::clone(&state.name), state.kind, state.list("Retry").len());
        let Some(event) = state::entered_event(kind) else {
            self.stop(Problem::UnknownType(name.to_string()));
            return false;
        };
        let input = Arc::clone(&self.threads[number].input);
        let entered =
            self.event(number, event, Details::Entered { name: Arc::clone(&name), input: Arc::clone(&input) });
        let iteration = self.iteration(number);
        let thread = &mut self.threads[number];
        thread.entered = entered;
        thread.entered_at = self.now;
        thread.retries = 0;
        thread.attempts.clear();
        thread.attempts.resize(retriers, 0);
        thread.token = None;
        thread.error_output = None;
        thread.parts = None;
        thread.step = self.steps.len();
        let taken = Taken::State(thread.state);
        self.steps.push(Step {
            state: name,
            state_type: kind,
            input,
            output: None,
            assigned: None,
            failure: None,
            next: None,
            retries: 0,
            iteration,
            execution,
            entered: self.now,
            exited: None,
            ended: None,
            data: Inspection::default(),
        });
        self.take(number, taken);
        true
    }

    /// Whether a limit is reached, which ends the execution or the whole run.
    fn is_over(&mut self, number: usize) -> bool {
        let most = self.settings.max_steps;
        if self.steps.len() >= most || self.calls.len() >= most {
            self.stop(Problem::TooLong(most));
            return true;
        }
        let execution = &self.executions[self.threads[number].execution];
        let limit = self.settings.max_events;
        if execution.express || execution.count < limit {
            return false;
        }
        let cause = format!("The execution reached the maximum number of history events ({limit}).");
        let failure = Failure { error: Some("States.Runtime".into()), cause: Some(cause) };
        let root = self.root_of(number);
        self.end_execution(root, Status::Failed, Err(failure));
        true
    }

    /// Records that a part of the definition was used. Other state machines that a task started do not count.
    fn take(&mut self, number: usize, taken: Taken) {
        if self.executions[self.threads[number].execution].program == 0 {
            self.taken.insert(taken);
        }
    }

    /// Leaves a state that succeeded; returns whether the thread continues at once.
    fn leave(&mut self, number: usize, done: Done) -> bool {
        let state = self.state(number);
        let (name, kind, machine) = (Arc::clone(&state.name), state.kind, state.machine);
        let ends = state.get("End").and_then(Json::as_bool) == Some(true) || kind.is_terminal();
        let chosen = matches!(done.next, Next::State(_));
        let next = match done.next {
            Next::State(next) => Some(next),
            Next::Field if ends => None,
            Next::Field => match state.text("Next") {
                Some(next) => Some(next.to_owned()),
                None => {
                    let fault = Fault::runtime(
                        "Failed to transition out of the state. The state does not point to a next state.",
                    );
                    return self.fail(number, fault);
                }
            },
        };
        if let Some(Json::Object(assigned)) = done.assigned.as_deref() {
            let variables = Arc::make_mut(&mut self.threads[number].variables);
            for (name, value) in assigned.iter() {
                variables.insert(name.to_owned(), Arc::new(value.clone()));
            }
        }
        if let Some(event) = state::exited_event(kind) {
            let details = Details::Exited {
                name: Arc::clone(&name),
                output: Arc::clone(&done.output),
                assigned: done.assigned.clone(),
            };
            self.event(number, event, details);
        }
        let thread = &mut self.threads[number];
        let step = &mut self.steps[thread.step];
        step.output = Some(Arc::clone(&done.output));
        step.assigned = done.assigned;
        step.exited = Some(self.now);
        step.ended = Some(self.ended);
        step.next = next.as_deref().map(Arc::from);
        self.ended += 1;
        if let Some(single) = &mut self.single {
            single.outcome.get_or_insert(Outcome { status: "SUCCEEDED", ..Outcome::default() });
            self.finish(number, Ok(done.output));
            return false;
        }
        thread.input = Arc::clone(&done.output);
        thread.work = None;
        let from = thread.state;
        let Some(next) = next else {
            self.finish(number, Ok(done.output));
            return false;
        };
        let program = &self.programs[self.executions[self.threads[number].execution].program];
        let Some(target) = program.machines[machine].states.get(next.as_str()).copied() else {
            self.stop(Problem::NoState(next));
            return false;
        };
        if !chosen {
            self.take(number, Taken::Next(from));
        }
        let thread = &mut self.threads[number];
        thread.state = target;
        thread.phase = Phase::Enter;
        true
    }

    /// Ends a thread: the whole execution, or a part of a state that waits for it.
    fn finish(&mut self, number: usize, result: Result<Arc<Json>, Failure>) {
        let Some((parent, index)) = self.threads[number].parent else {
            let status = if result.is_ok() { Status::Succeeded } else { Status::Failed };
            return self.end_execution(number, status, result);
        };
        let previous = self.threads[number].previous;
        if matches!(self.threads[parent].work, Some(Work::Map(_))) {
            let name = Arc::clone(&self.state(parent).name);
            let kind = if result.is_ok() { "MapIterationSucceeded" } else { "MapIterationFailed" };
            self.event(number, kind, Details::Iteration { name, index });
            self.threads[parent].previous = self.threads[number].previous;
            let point = result.is_err().then(|| self.point(number));
            self.kill(number);
            return self.item_ended(parent, index, result, point, None);
        }
        self.threads[parent].previous = previous;
        let point = result.is_err().then(|| self.point(number));
        self.kill(number);
        self.branch_ended(parent, index, result, point);
    }
}

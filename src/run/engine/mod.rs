//! The interpreter. Executions, branches and items are *threads* in one queue, and a clock that moves only when no
//! thread can run decides which one is next. Nothing here is recursive: a hundred thousand states, or state machines
//! that start each other, need no stack.

mod choice;
mod dataset;
mod evaluate;
mod fault;
mod map;
mod program;
mod redrive;
mod state;
mod task;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};

use std::sync::Arc;
use std::time::Duration;

use super::history::{Details, Event};
use super::outcome::{Failure, Inspection, Status, Step, Taken};
use super::runner::{NotRedrivable, Problem, Settings};
use super::state_test::Outcome;
use super::{Call, Run, TaskError, Timestamp, mocks};
use crate::expression::evaluate::Random;
use crate::value::Json;
use evaluate::Cache;
use fault::Fault;
pub(super) use fault::Fault as ReaderFault;
pub(super) use program::Program;
pub(super) use redrive::Stopped;

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

/// How long an Express workflow may take.
const EXPRESS_SECONDS: i64 = 300;

/// How long a Standard workflow may take.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// An execution: the first one, or one that a state started.
#[derive(Debug, Clone)]
struct Execution {
    program: usize,
    id: Arc<str>,
    name: Arc<str>,
    role: Option<Arc<str>>,
    machine_id: Arc<str>,
    machine_name: Arc<str>,
    input: Arc<Json>,
    started: Timestamp,
    express: bool,
    events: Vec<Event>,
    count: u64,
    /// The thread that waits for it.
    owner: Option<(usize, usize)>,
    /// Whether it is an item of a distributed Map.
    child: bool,
    result: Option<(Status, Result<Arc<Json>, Failure>)>,
    /// How often it was redriven, and when for the last time.
    redrives: u64,
    redriven: Option<Timestamp>,
}

/// A position of an execution in a machine: the whole, a branch, or an item.
struct Thread {
    execution: usize,
    state: usize,
    input: Arc<Json>,
    variables: Arc<Variables>,
    /// Its parent, and its index among the children.
    parent: Option<(usize, usize)>,
    item: Option<Arc<Item>>,
    phase: Phase,
    /// A wake-up is only for the activity that had this number.
    turn: u64,
    step: usize,
    entered: u64,
    entered_at: Timestamp,
    previous: u64,
    retries: u32,
    attempts: Vec<u32>,
    token: Option<String>,
    error_output: Option<Arc<Json>>,
    work: Option<Work>,
    /// The branches or items of the state when it failed, for a redrive.
    parts: Option<redrive::Parts>,
    alive: bool,
}

impl Thread {
    fn new(
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
struct Item {
    index: usize,
    source: map::Source,
    outer: Option<Arc<Item>>,
}

/// What a thread does next.
enum Phase {
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
enum Work {
    Parallel { outputs: Vec<Option<Arc<Json>>>, children: BTreeMap<usize, usize> },
    Map(Box<map::Map>),
    Execution { child: usize },
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
            if let Some(problem) = self.problem.take() {
                return Err(problem);
            }
            match self.ready.pop_front() {
                Some((thread, turn)) => self.turn(thread, turn),
                None => match self.timers.pop() {
                    Some(Reverse((time, _, thread, turn))) => {
                        self.now = self.now.max(time);
                        self.turn(thread, turn);
                    }
                    None => return Err(self.problem.take().unwrap_or(Problem::Stuck)),
                },
            }
        }
        // Executions that it started without waiting for them continue until they end.
        self.over = Some(self.now);
        while self.problem.is_none() {
            match self.ready.pop_front() {
                Some((thread, turn)) => self.turn(thread, turn),
                None => match self.timers.pop() {
                    Some(Reverse((time, _, thread, turn))) => {
                        self.now = self.now.max(time);
                        self.turn(thread, turn);
                    }
                    None => break,
                },
            }
        }
        self.problem.take().map_or(Ok(()), Err)
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

    // Executions.

    fn start_execution(
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
    fn seconds_of(&self, number: usize) -> Option<i64> {
        let execution = &self.executions[number];
        let timeout = self.programs[execution.program].timeout.filter(|_| !execution.child);
        let express = execution.express.then_some(EXPRESS_SECONDS);
        timeout.into_iter().chain(express).min()
    }

    /// Ensures that the execution ends in time.
    fn set_end(&mut self, number: usize) {
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

    fn arn_prefix(&self) -> String {
        format!("arn:aws:states:{}:{}", self.settings.region, self.settings.account)
    }

    /// The label of a distributed Map, which is part of the names of its children.
    fn label(&self, thread: usize) -> String {
        let state = self.state(thread);
        match state.text("Label") {
            Some(label) => label.to_owned(),
            None => state.name.chars().filter(|sign| !sign.is_whitespace()).take(40).collect(),
        }
    }

    fn end_execution(&mut self, thread: usize, status: Status, result: Result<Arc<Json>, Failure>) {
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

    // Threads.

    fn spawn(
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

    fn add_thread(&mut self, thread: Thread) -> usize {
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
    fn kill(&mut self, thread: usize) {
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

    fn wake_at(&mut self, thread: usize, time: Timestamp, phase: Phase) {
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

    fn state(&self, thread: usize) -> &program::StateProgram<'a> {
        let thread = &self.threads[thread];
        &self.programs[self.executions[thread.execution].program].states[thread.state]
    }

    fn iteration(&self, thread: usize) -> Vec<usize> {
        let mut indexes = Vec::new();
        let mut item = self.threads[thread].item.as_ref();
        while let Some(here) = item {
            indexes.push(here.index);
            item = here.outer.as_ref();
        }
        indexes.reverse();
        indexes
    }

    // Events.

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

    // Turns.

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

    fn execution_times_out(&mut self, number: usize) {
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

    fn root_of(&self, mut thread: usize) -> usize {
        while let Some((parent, _)) = self.threads[thread].parent {
            thread = parent;
        }
        thread
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

    /// What a failed state does: it retries, continues with a catcher, or ends its thread. Returns whether the thread
    /// continues at once.
    fn fail(&mut self, number: usize, mut fault: Fault) -> bool {
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
        if let Some(message) = fault.explain.take() {
            let entered = self.threads[number].entered;
            fault.failure.cause = Some(format!(
                "An error occurred while executing the state '{name}' (entered at the event id #{entered}). {message}"
            ));
        }
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
    fn single_fails(&mut self, number: usize, fault: Fault) -> bool {
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

    fn fail_uncaught(&mut self, number: usize, mut fault: Fault) -> bool {
        let name = Arc::clone(&self.state(number).name);
        if let Some(message) = fault.explain.take() {
            let entered = self.threads[number].entered;
            fault.failure.cause = Some(format!(
                "An error occurred while executing the state '{name}' (entered at the event id #{entered}). {message}"
            ));
        }
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

    // Parallel.

    fn branch_ended(
        &mut self,
        parent: usize,
        index: usize,
        result: Result<Arc<Json>, Failure>,
        point: Option<redrive::Point>,
    ) {
        let Some(Work::Parallel { outputs, children }) = &mut self.threads[parent].work else { return };
        children.remove(&index);
        let result = match result {
            Ok(output) => {
                outputs[index] = Some(output);
                if !children.is_empty() {
                    return;
                }
                let outputs = outputs.iter_mut().map(|output| output.take().map_or(Json::Null, unshare)).collect();
                self.event(parent, "ParallelStateSucceeded", Details::None);
                Ok(Arc::new(Json::Array(outputs)))
            }
            Err(failure) => {
                if let Some(Work::Parallel { outputs, children }) = self.threads[parent].work.take() {
                    let mut parts = self.stop_parallel(outputs, children);
                    if let (redrive::Parts::Parallel { points, .. }, Some(point)) = (&mut parts, point) {
                        points.insert(index, point);
                    }
                    self.threads[parent].parts = Some(parts).filter(|_| redrive::keeps_parts(&failure));
                }
                Err(Fault::of_part(failure, "ParallelStateFailed"))
            }
        };
        self.wake_at(parent, self.now, Phase::Resume(result));
    }
}

/// The value itself, without a copy if nothing else uses it.
fn unshare(value: Arc<Json>) -> Json {
    Arc::unwrap_or_clone(value)
}

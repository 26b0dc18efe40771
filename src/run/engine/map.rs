//! Map states: the items, how many run at once, and what happens if they fail.

use std::collections::BTreeMap;

use std::sync::Arc;

use super::dataset::{self, Writer, items_of};
use super::evaluate::{expression_of, kind_of};
use super::fault::Fault;
use super::parallel::unshare;
use super::redrive::{self, Point};
use super::state::{plain_text, whole};
use super::thread::{Item, Phase, Work};
use super::{Flow, World};
use crate::expression::evaluate;
use crate::run::TaskError;
use crate::run::history::Details;
use crate::run::outcome::Failure;
use crate::value::{Json, Object};

/// A running Map state.
#[derive(Debug, Clone)]
pub(in crate::run) struct Map {
    inputs: Vec<Option<Arc<Json>>>,
    sources: Vec<Source>,
    next: usize,
    /// For each item, its thread; in a distributed Map, the main thread of its execution.
    running: BTreeMap<usize, usize>,
    pub(super) outputs: Vec<Option<Arc<Json>>>,
    ended: usize,
    failed: usize,
    concurrency: usize,
    distributed: bool,
    /// How many items each child execution has: those in its batch.
    weights: Option<Vec<usize>>,
    tolerance: Tolerance,
    failure: Option<Failure>,
    /// What happens to the results.
    pub(super) writer: Option<Writer>,
    /// What a file of results contains about each child execution, if it shows more than the output.
    pub(super) told: Vec<Option<Json>>,
    /// Where the items that failed or were stopped had arrived.
    pub(super) points: BTreeMap<usize, Point>,
    /// The ARN of the Map Run, and how often it was redriven.
    pub(super) run: Option<(String, u64)>,
}

/// How many items may fail. A limit of 0 means no limit; if there are two limits, both apply.
#[derive(Debug, Clone, Copy)]
struct Tolerance {
    count: f64,
    percentage: f64,
}

impl Tolerance {
    fn is_exceeded(self, failed: usize, of: usize) -> bool {
        let failed = failed as f64;
        match (self.count > 0.0, self.percentage > 0.0) {
            (false, false) => failed > 0.0,
            (count, percentage) => {
                (count && failed > self.count) || (percentage && failed * 100.0 > self.percentage * of as f64)
            }
        }
    }
}

/// An item before `ItemSelector`, and its source.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Its name, if it is a member of an object.
    pub(super) key: Option<Arc<str>>,
    pub(super) value: Arc<Json>,
    pub(super) place: Arc<str>,
}

impl Source {
    pub(super) fn new(value: Json, place: &Arc<str>) -> Self {
        Self { key: None, value: Arc::new(value), place: Arc::clone(place) }
    }

    /// The input of a child execution without an `ItemSelector`: for a member of an object, its name too.
    fn input(&self) -> Arc<Json> {
        match &self.key {
            None => Arc::clone(&self.value),
            Some(key) => Arc::new(Json::Object(Object::from_iter([
                ("Key", Json::from(key.to_string())),
                ("Value", (*self.value).clone()),
            ]))),
        }
    }
}

impl Map {
    pub(super) fn take_running(&mut self) -> BTreeMap<usize, usize> {
        std::mem::take(&mut self.running)
    }

    /// Prepares the items that did not succeed to run again. Returns the Map Run, and how often it was redriven.
    pub(super) fn redrive(&mut self) -> Option<(String, u64)> {
        self.next = 0;
        self.ended = self.outputs.iter().flatten().count();
        self.failed = 0;
        self.failure = None;
        if let Some((_, redrives)) = &mut self.run {
            *redrives += 1;
        }
        self.run.clone()
    }

    /// The inputs of the items that were not started.
    pub(super) fn unbegun(&self) -> impl Iterator<Item = &Json> {
        self.inputs.iter().skip(self.next).flatten().map(|input| &**input)
    }
}

impl Fault {
    /// More items of a distributed Map failed than are tolerated.
    fn threshold() -> Self {
        Fault::of_task(TaskError::new(
            "States.ExceedToleratedFailureThreshold",
            "The specified tolerated failure threshold was exceeded",
        ))
    }
}

/// How many items of an inline Map AWS runs at once, even if the definition sets a higher number.
const INLINE_CONCURRENCY: usize = 40;

/// How many child executions of a distributed Map AWS runs at once.
const DISTRIBUTED_CONCURRENCY: usize = 10_000;

impl<'a> World<'a> {
    pub(super) fn map(&mut self, number: usize, effective: Arc<Json>) -> Result<Flow, Fault> {
        let state = self.state(number);
        let jsonata = state.jsonata;
        let Some(machine) = state.machines.first().copied() else {
            return Err(Fault::runtime("The Map state has no ItemProcessor."));
        };
        let program = self.executions[self.threads[number].execution].program;
        let distributed = self.programs[program].machines[machine].distributed;
        let items = self.items(number, &effective, distributed)?;
        let concurrency = self.figure(number, "MaxConcurrency", &effective, "integer")?.unwrap_or(0.0);
        let step = self.threads[number].step;
        self.steps[step].data.max_concurrency = figure_of(Some(concurrency));
        let tolerated = self.figure(number, "ToleratedFailureCount", &effective, "integer")?;
        let share = self.figure(number, "ToleratedFailurePercentage", &effective, "float")?;
        self.steps[step].data.tolerated_failure_count = figure_of(tolerated);
        self.steps[step].data.tolerated_failure_percentage = figure_of(share);
        let wrong = |field: &str, message: &str| match jsonata {
            // A wrong value of an expression is reported like a failed evaluation.
            true => Fault::query(format!("{field} {message}"), Some(field)),
            false => Fault::runtime(format!("{field} {message}")),
        };
        if concurrency < 0.0 {
            return Err(wrong("MaxConcurrency", "cannot be negative."));
        }
        if tolerated.is_some_and(|count| count < 0.0) {
            return Err(wrong("ToleratedFailureCount", "cannot be negative."));
        }
        if share.is_some_and(|share| !(0.0..=100.0).contains(&share)) {
            return Err(wrong("ToleratedFailurePercentage", "must be between 0 and 100."));
        }
        let state = self.state(number);
        // If a state is tested by itself, the items of a reader are not known.
        let known = self.single.is_none() || !state.has("ItemReader");
        let selector = state.get("ItemSelector").or_else(|| state.get("Parameters").filter(|_| !jsonata));
        let mut inputs = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            inputs.push(Some(match selector {
                None => item.input(),
                Some(template) => {
                    let here = self.here(number, &effective).with_item(index, item);
                    Arc::new(if jsonata {
                        here.jsonata_template(template, "ItemSelector")?
                    } else {
                        here.template(template)?
                    })
                }
            }));
        }
        let list = |inputs: &[Option<Arc<Json>>]| {
            let all = inputs.iter().flatten().map(|input| (**input).clone()).collect();
            known.then(|| Arc::new(Json::Array(all)))
        };
        if selector.is_some() {
            self.steps[step].data.after_item_selector = list(&inputs);
        }
        let (inputs, sources, weights) = match self.batches(number, &effective, inputs)? {
            Batches::Batched(batches, weights) => {
                // The items in a batch have several sources: the source of the first item represents them.
                let place = items.first().map_or_else(|| "STATE_DATA".into(), |item| Arc::clone(&item.place));
                let sources = batches.iter().flatten().map(|batch| Source {
                    key: None,
                    value: Arc::clone(batch),
                    place: Arc::clone(&place),
                });
                let sources = sources.collect();
                self.steps[step].data.after_item_batcher = list(&batches);
                (batches, sources, Some(weights))
            }
            Batches::Single(inputs) => (inputs, items, None),
        };
        if let Some(result) = self.single_result(number, tolerated, share) {
            return self.resume(number, result);
        }
        let writer = self.writer(number, &effective)?;
        self.event(number, "MapStateStarted", Details::Length(inputs.len()));
        let mut run = None;
        if distributed {
            let execution = &self.executions[self.threads[number].execution];
            let name = format!("{}/{}", execution.machine_name, self.label(number));
            let uuid = self.random.uuid();
            let arn = format!("{}:mapRun:{name}:{uuid}", self.arn_prefix());
            self.event(number, "MapRunStarted", Details::MapRun(arn.clone()));
            run = Some((arn, 0));
        }
        let most = if distributed { DISTRIBUTED_CONCURRENCY } else { INLINE_CONCURRENCY };
        let map = Map {
            next: 0,
            running: BTreeMap::new(),
            outputs: vec![None; inputs.len()],
            ended: 0,
            failed: 0,
            concurrency: match concurrency as usize {
                0 => most,
                asked => asked.min(most),
            },
            distributed,
            weights,
            tolerance: Tolerance { count: tolerated.unwrap_or(0.0), percentage: share.unwrap_or(0.0) },
            failure: None,
            told: if distributed { vec![None; inputs.len()] } else { Vec::new() },
            writer,
            points: BTreeMap::new(),
            run,
            inputs,
            sources,
        };
        self.threads[number].work = Some(Work::Map(Box::new(map)));
        self.go_on(number);
        Ok(Flow::Blocked)
    }

    /// The items, before `ItemSelector`.
    fn items(&mut self, number: usize, effective: &Arc<Json>, distributed: bool) -> Result<Vec<Source>, Fault> {
        let state = self.state(number);
        if self.single.is_some() && state.has("ItemReader") {
            // Nothing is read: the mock contains the results of the items.
            return Ok(Vec::new());
        }
        if state.has("ItemReader") {
            return self.read_items(number, effective);
        }
        let place = "STATE_DATA".into();
        // Only a distributed Map can use the members of an object as items.
        let iterates = |value: &Json| kind_of(value) == "array" || (distributed && kind_of(value) == "object");
        if state.jsonata {
            let here = self.here(number, effective);
            let items = match state.get("Items") {
                Some(Json::String(text)) => {
                    let expression = expression_of(text).unwrap_or(text);
                    match here.jsonata(expression, "Items")? {
                        items if iterates(&items) => items,
                        _ => here.jsonata_of(expression, "Items", "array")?,
                    }
                }
                Some(template) => here.jsonata_template(template, "Items")?,
                None if iterates(effective) => (**effective).clone(),
                None => return Err(not_an_array(effective)),
            };
            return items_of(items, &place);
        }
        let items = match state.text("ItemsPath") {
            Some(path) => self.here(number, effective).path(path)?,
            None => (**effective).clone(),
        };
        if iterates(&items) {
            let step = self.threads[number].step;
            self.steps[step].data.after_items_path = Some(Arc::new(items.clone()));
            return items_of(items, &place);
        }
        match self.state(number).text("ItemsPath") {
            Some(path) => {
                // AWS reports a path into the context object without its first `$`.
                let told = path.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(path);
                Err(Fault::plain("States.Runtime", format!("Reference path \"{told}\" must point to array.")))
            }
            None => Err(not_an_array(&items)),
        }
    }

    /// A number in a field, which can be a path or an expression.
    fn figure(&self, number: usize, field: &'static str, effective: &Json, kind: &str) -> Result<Option<f64>, Fault> {
        let state = self.state(number);
        let here = self.here(number, effective);
        if let Some(path) = state.text(&format!("{field}Path")) {
            let value = here.path(path)?;
            let figure = match kind {
                "float" => float_at_path(&value),
                _ => integer_at_path(&value).map(|integer| integer as f64),
            };
            return figure.map(Some).ok_or_else(|| no_figure(field, path, &value, kind));
        }
        Ok(match state.get(field) {
            Some(Json::String(text)) if state.jsonata => {
                here.jsonata_of(expression_of(text).unwrap_or(text), field, "number")?.as_number().map(|n| n.as_f64())
            }
            Some(value) => value.as_number().map(|number| number.as_f64()),
            None => None,
        })
    }

    /// The inputs grouped into batches if there is an `ItemBatcher`, otherwise the inputs themselves.
    fn batches(&self, number: usize, effective: &Json, inputs: Vec<Option<Arc<Json>>>) -> Result<Batches, Fault> {
        let state = self.state(number);
        let Some(batcher) = state.get("ItemBatcher") else { return Ok(Batches::Single(inputs)) };
        let here = self.here(number, effective);
        let figure = |field: &str| -> Result<Option<usize>, Fault> {
            let value = match (batcher.get(field), batcher.get(&format!("{field}Path")).and_then(Json::as_str)) {
                (Some(Json::String(text)), _) if state.jsonata => {
                    here.jsonata(expression_of(text).unwrap_or(text), &format!("ItemBatcher/{field}"))?
                }
                (Some(value), _) => value.clone(),
                (None, Some(path)) => {
                    let value = here.path(path)?;
                    let integer = integer_at_path(&value);
                    Json::from(integer.ok_or_else(|| no_figure(field, path, &value, "integer"))?)
                }
                (None, None) => return Ok(None),
            };
            match whole(&value).and_then(|value| usize::try_from(value).ok()).filter(|value| *value > 0) {
                Some(value) => Ok(Some(value)),
                None => Err(Fault::runtime(format!("{field} must be a positive integer, but was: {value}"))),
            }
        };
        let most = figure("MaxItemsPerBatch")?.unwrap_or(usize::MAX);
        let most_bytes =
            figure("MaxInputBytesPerBatch")?.unwrap_or(self.settings.max_payload).min(self.settings.max_payload);
        let shared = match batcher.get("BatchInput") {
            Some(template) if state.jsonata => Some(here.jsonata_template(template, "ItemBatcher/BatchInput")?),
            Some(template) => Some(here.template(template)?),
            None => None,
        };
        let size = |json: &Json| crate::expression::evaluate::measure(json, usize::MAX / 2).unwrap_or(usize::MAX / 2);
        let around = 12 + shared.as_ref().map_or(0, |shared| size(shared) + 13);
        let (mut batches, mut weights) = (Vec::new(), Vec::new());
        let mut batch: Vec<Json> = Vec::new();
        let mut bytes = around;
        let mut close = |batch: &mut Vec<Json>| {
            if !batch.is_empty() {
                let mut input = Object::new();
                if let Some(shared) = &shared {
                    input.insert("BatchInput", shared.clone());
                }
                weights.push(batch.len());
                input.insert("Items", std::mem::take(batch));
                batches.push(Some(Arc::new(Json::Object(input))));
            }
        };
        for input in inputs.into_iter().flatten() {
            let length = size(&input) + 1;
            if batch.len() == most || (!batch.is_empty() && bytes + length > most_bytes) {
                close(&mut batch);
                bytes = around;
            }
            bytes += length;
            batch.push(unshare(input));
        }
        close(&mut batch);
        Ok(Batches::Batched(batches, weights))
    }

    /// Starts as many items as may run at once, or ends the state if all items have ended.
    pub(super) fn go_on(&mut self, number: usize) {
        loop {
            let Some(Work::Map(map)) = &mut self.threads[number].work else { return };
            if map.failure.is_some() || map.ended == map.inputs.len() {
                return self.map_ends(number);
            }
            while map.outputs.get(map.next).is_some_and(Option::is_some) {
                map.next += 1;
            }
            if map.next == map.inputs.len() || map.running.len() >= map.concurrency {
                return;
            }
            let index = map.next;
            map.next += 1;
            let input = map.inputs[index].clone().unwrap_or_default();
            let mut point = map.points.remove(&index);
            let (source, distributed) = (map.sources[index].clone(), map.distributed);
            let (name, machine) = (Arc::clone(&self.state(number).name), self.state(number).machines[0]);
            let outer = self.threads[number].item.clone();
            let item = Arc::new(Item { index, source, outer });
            let execution = self.threads[number].execution;
            let before = point.as_mut().and_then(Point::take_execution);
            let child = if let (Some(execution), Some(point)) = (before, point.take_if(|_| distributed)) {
                let previous = execution.count;
                self.continue_execution(*execution, Some((number, index)), point, Some(item), previous)
            } else if let Some(point) = point {
                let previous = self.threads[number].previous;
                self.place(
                    execution,
                    point,
                    Some((number, index)),
                    Some(item),
                    previous,
                    Some(("MapIterationStarted", Details::Iteration { name, index })),
                )
            } else if distributed {
                let program = self.executions[execution].program;
                let child = self.start_execution(program, machine, input, Some((number, index)), Some(item));
                let _ = child;
                // The thread that was started last is its main thread.
                self.ready.back().map_or(0, |(thread, _)| *thread)
            } else {
                let variables = Arc::clone(&self.threads[number].variables);
                let child = self.spawn(execution, machine, input, variables, Some((number, index)), Some(item));
                self.event(child, "MapIterationStarted", Details::Iteration { name, index });
                child
            };
            if let Some(Work::Map(map)) = &mut self.threads[number].work {
                map.running.insert(index, child);
            }
        }
    }

    /// An item ended.
    pub(super) fn item_ended(
        &mut self,
        number: usize,
        index: usize,
        result: Result<Arc<Json>, Failure>,
        point: Option<Point>,
        execution: Option<usize>,
    ) {
        let Some(Work::Map(map)) = &self.threads[number].work else { return };
        // For items that succeeded, often only the output is needed.
        let all = result.is_err() || map.writer.as_ref().is_some_and(Writer::tells_all);
        let told = execution.filter(|_| all).and_then(|execution| self.tell_item(execution));
        let Some(Work::Map(map)) = &mut self.threads[number].work else { return };
        map.running.remove(&index);
        map.ended += 1;
        if let Some(place) = map.told.get_mut(index) {
            *place = told;
        }
        if let Some(point) = point {
            map.points.insert(index, point);
        }
        match result {
            Ok(output) => map.outputs[index] = Some(output),
            Err(failure) if !map.distributed => map.failure = Some(failure),
            Err(_) => {
                map.failed += map.weights.as_ref().map_or(1, |weights| weights[index]);
                let of = map.weights.as_ref().map_or(map.inputs.len(), |weights| weights.iter().sum());
                if map.tolerance.is_exceeded(map.failed, of) {
                    map.failure = Some(Fault::threshold().failure);
                }
            }
        }
        self.go_on(number);
    }

    fn map_ends(&mut self, number: usize) {
        // Items that still run end with the state, and no longer affect it.
        let Some(Work::Map(mut map)) = self.threads[number].work.take() else { return };
        if let Some(failure) = map.failure.take() {
            let mut error = Fault::of_part(failure.clone(), "MapStateFailed");
            if map.distributed {
                self.tell_aborted(&mut map);
                let details = Details::Failed { error: failure.error.clone(), cause: failure.cause.clone() };
                self.event(number, "MapRunFailed", details);
                // A Map Run that fails also writes the results that exist.
                if let Err(fault) = self.write_results(&map) {
                    error = fault;
                }
            }
            let parts = self.stop_map(map);
            self.threads[number].parts = Some(parts).filter(|_| redrive::keeps_parts(&error.failure));
            return self.wake_at(number, self.now, Phase::Resume(Err(error)));
        }
        if map.distributed {
            self.event(number, "MapRunSucceeded", Details::None);
        }
        match self.write_results(&map) {
            Ok(None) => {}
            Ok(Some(told)) => {
                self.event(number, "MapStateSucceeded", Details::None);
                return self.wake_at(number, self.now, Phase::Resume(Ok(Arc::new(told))));
            }
            Err(fault) => return self.wake_at(number, self.now, Phase::Resume(Err(fault))),
        }
        // A tolerated failure keeps everything that is known about its execution.
        let told = std::mem::take(&mut map.told).into_iter().chain(std::iter::repeat(None));
        let outputs = map.outputs.into_iter().zip(told).filter_map(|(output, told)| output.map(unshare).or(told));
        let outputs = outputs.collect();
        self.event(number, "MapStateSucceeded", Details::None);
        self.wake_at(number, self.now, Phase::Resume(Ok(Arc::new(Json::Array(outputs)))));
    }
}

/// The inputs of a Map, with or without an `ItemBatcher`.
enum Batches {
    /// With the number of items in each batch.
    Batched(Vec<Option<Arc<Json>>>, Vec<usize>),
    Single(Vec<Option<Arc<Json>>>),
}

impl World<'_> {
    /// Records the child executions that end because their Map Run fails.
    fn tell_aborted(&mut self, map: &mut Map) {
        if map.told.is_empty() {
            return;
        }
        for (index, thread) in &map.running {
            let execution = &self.executions[self.threads[*thread].execution];
            map.told[*index] = Some(dataset::aborted(execution, self.now));
        }
    }

    /// The results of the branches or items of a state that is tested by itself.
    pub(super) fn single_result(
        &self,
        number: usize,
        tolerated: Option<f64>,
        share: Option<f64>,
    ) -> Option<Result<Arc<Json>, Fault>> {
        let single = self.single.as_ref()?;
        let failed = f64::from(single.failed_items.unwrap_or(0));
        let items = match &single.mocked {
            Some(Ok(Json::Array(results))) => results.len() as f64,
            _ => 1.0,
        };
        let exceeded = tolerated.is_some_and(|tolerated| failed > tolerated)
            || share.is_some_and(|share| failed * 100.0 / items.max(1.0) > share);
        debug_assert!(number < self.threads.len());
        Some(match &single.mocked {
            _ if exceeded => Err(Fault::threshold()),
            Some(Ok(result)) => Ok(Arc::new(result.clone())),
            Some(Err(error)) => Err(Fault::of_task(error.clone())),
            None => return None,
        })
    }
}

/// A whole number at a path. Step Functions reads it from the text of the value: `2` and `"2"` are whole numbers, `2.0`
/// is not.
pub(super) fn integer_at_path(value: &Json) -> Option<i64> {
    match value {
        Json::Number(number) => number.as_i64(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn float_at_path(value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => Some(number.as_f64()),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The value at a path is not a number of that kind.
pub(super) fn no_figure(field: &str, path: &str, value: &Json, kind: &str) -> Fault {
    let value = plain_text(value);
    Fault::runtime(format!("The {field}Path field refers to value \"{value}\" which is not a valid {kind}: {path}"))
}

fn figure_of(figure: Option<f64>) -> Option<Arc<Json>> {
    figure.map(|figure| Arc::new(evaluate::number(figure)))
}

fn not_an_array(value: &Json) -> Fault {
    Fault::query(format!("Map state input must be an array but was: {value}"), None)
}

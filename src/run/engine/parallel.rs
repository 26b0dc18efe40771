//! The Parallel state.

use std::sync::Arc;

use super::fault::Fault;
use super::thread::{Phase, Work};
use super::{Flow, World, redrive};
use crate::run::history::Details;
use crate::run::outcome::Failure;
use crate::value::Json;

impl World<'_> {
    pub(super) fn parallel(&mut self, number: usize, effective: Arc<Json>) -> Result<Flow, Fault> {
        let input = match self.state(number).jsonata {
            true => self.arguments(number, &effective)?.unwrap_or_else(|| Arc::clone(&effective)),
            false => self.parameters(number, &effective)?,
        };
        if let Some(result) = self.single_result(number, None, None) {
            return self.resume(number, result);
        }
        let machines = self.state(number).machines.clone();
        self.event(number, "ParallelStateStarted", Details::None);
        if machines.is_empty() {
            self.event(number, "ParallelStateSucceeded", Details::None);
            return Ok(Flow::Done(self.finish_state(number, Arc::new(Json::from(Vec::new())))?));
        }
        let (execution, variables) = (self.threads[number].execution, Arc::clone(&self.threads[number].variables));
        let item = self.threads[number].item.clone();
        let children = machines
            .iter()
            .enumerate()
            .map(|(index, machine)| {
                let variables = Arc::clone(&variables);
                let input = Arc::clone(&input);
                (index, self.spawn(execution, *machine, input, variables, Some((number, index)), item.clone()))
            })
            .collect();
        self.threads[number].work = Some(Work::Parallel { outputs: vec![None; machines.len()], children });
        Ok(Flow::Blocked)
    }

    pub(super) fn branch_ended(
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
pub(super) fn unshare(value: Arc<Json>) -> Json {
    Arc::unwrap_or_clone(value)
}

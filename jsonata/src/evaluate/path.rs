//! Paths: steps, filters, sorting, and the variables of steps.

use std::cmp::Ordering;
use std::sync::Arc;

use super::engine::{Engine, Result, finite, json};
use super::error::fault;
use super::text;
use super::value::{Array, Value};
use crate::ast::{Expr, Kind, Stage, Term};

/// The result of an expression: a value, or values together with variables.
pub(crate) enum Out {
    Value(Value),
    Tuples(Vec<Tuple>),
}

/// A value of a path with the variables of its steps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tuple {
    pub(crate) at: Value,
    variables: Vec<(Arc<str>, Value)>,
}

impl Tuple {
    fn set(&mut self, name: Arc<str>, value: Value) {
        match self.variables.iter_mut().find(|(own, _)| *own == name) {
            Some((_, own)) => *own = value,
            None => self.variables.push((name, value)),
        }
    }

    /// One tuple for a group of tuples: each variable has all its values.
    pub(crate) fn merged(tuples: Vec<Tuple>) -> Tuple {
        let mut tuples = tuples.into_iter();
        let mut all = tuples.next().unwrap_or_default();
        for tuple in tuples {
            all.at.append(tuple.at);
            for (name, value) in tuple.variables {
                match all.variables.iter_mut().find(|(own, _)| *own == name) {
                    Some((_, own)) => own.append(value),
                    None => all.variables.push((name, value)),
                }
            }
        }
        all
    }
}

impl Engine<'_> {
    pub(crate) fn tuple_frame(&mut self, tuple: &Tuple, parent: usize) -> usize {
        let frame = self.frame(parent);
        for (name, value) in &tuple.variables {
            self.bind(frame, name.clone(), value.clone());
        }
        frame
    }

    pub(crate) fn path(
        &mut self,
        node: &Expr,
        steps: &[Expr],
        keep_singleton: bool,
        input: &Value,
        frame: usize,
    ) -> Result<Out> {
        let first_is_variable = matches!(steps.first().map(|step| &step.kind), Some(Kind::Variable(_)));
        let mut items = match input {
            Value::Array(array) if !first_is_variable => array.clone(),
            other => Array::sequence(vec![other.clone()]),
        };
        let mut result = Array::sequence(Vec::new());
        let mut tuples: Option<Vec<Tuple>> = None;
        let mut in_tuples = false;
        for (index, step) in steps.iter().enumerate() {
            in_tuples |= step.step.tuple;
            if index == 0 && step.step.cons_array {
                let value = self.eval(step, &Value::Array(items.clone()), frame)?;
                result = match value {
                    Value::Array(array) => array,
                    Value::Undefined => Array::sequence(Vec::new()),
                    other => Array::sequence(vec![other]),
                };
                if step.step.focus.is_none() {
                    items = result.clone();
                }
            } else if in_tuples {
                tuples = Some(self.tuple_step(step, &items, tuples, frame)?);
            } else {
                result = self.step(step, &items, index + 1 == steps.len(), frame)?;
            }
            if !in_tuples && result.list().is_empty() {
                break;
            }
            if step.step.focus.is_none() && !in_tuples {
                items = result.clone();
            }
        }
        if let Some(tuples) = &tuples {
            if !node.step.tuple {
                result = Array::sequence(tuples.iter().map(|tuple| tuple.at.clone()).collect());
            }
        }
        if keep_singleton {
            if result.cons && !result.sequence {
                result = Array::sequence(vec![Value::Array(result)]);
            }
            result.keep = true;
        }
        if let Some(pairs) = &node.group {
            let input = match tuples {
                Some(tuples) => Out::Tuples(tuples),
                None => Out::Value(Value::Array(result)),
            };
            return self.group(pairs, input, frame).map(Out::Value);
        }
        match tuples {
            Some(tuples) if node.step.tuple => Ok(Out::Tuples(tuples)),
            _ => Ok(Out::Value(Value::Array(result))),
        }
    }

    fn step(&mut self, step: &Expr, input: &Array, last: bool, frame: usize) -> Result<Array> {
        if let Kind::Sort(terms) = &step.kind {
            let sorted = self.sort_by(terms, input, frame)?;
            let mut value = Value::Array(sorted);
            for stage in &step.step.stages {
                if let Stage::Filter(filter) = stage {
                    value = self.filter(filter, value, frame)?;
                }
            }
            return Ok(match value {
                Value::Array(array) => array,
                Value::Undefined => Array::sequence(Vec::new()),
                other => Array::sequence(vec![other]),
            });
        }
        let mut found = Vec::new();
        for item in input.list() {
            let mut value = self.eval(step, item, frame)?;
            for stage in &step.step.stages {
                if let Stage::Filter(filter) = stage {
                    value = self.filter(filter, value, frame)?;
                }
            }
            if !value.is_undefined() {
                found.push(value);
            }
        }
        if last {
            if let [Value::Array(only)] = &found[..] {
                if !only.sequence {
                    return Ok(only.clone());
                }
            }
        }
        let mut flat = Vec::with_capacity(found.len());
        for value in found {
            match value {
                Value::Array(array) if !array.cons => {
                    self.charge(array.list().len())?;
                    flat.extend(Value::Array(array).into_list());
                }
                other => flat.push(other),
            }
        }
        Ok(Array::sequence(flat))
    }

    fn tuple_step(
        &mut self,
        step: &Expr,
        input: &Array,
        tuples: Option<Vec<Tuple>>,
        frame: usize,
    ) -> Result<Vec<Tuple>> {
        let mut found = Vec::new();
        if let Kind::Sort(terms) = &step.kind {
            found = match tuples {
                Some(tuples) => self.sort_tuples(terms, tuples, frame)?,
                None => {
                    let sorted = self.sort_by(terms, input, frame)?;
                    let index = step.step.index.clone();
                    let tuple = |(at, value): (usize, &Value)| {
                        let mut tuple = Tuple { at: value.clone(), variables: Vec::new() };
                        if let Some(name) = &index {
                            tuple.set(name.clone(), Value::Number(at as f64));
                        }
                        tuple
                    };
                    sorted.list().iter().enumerate().map(tuple).collect()
                }
            };
            return self.stages(&step.step.stages, found, frame);
        }
        let tuples = tuples.unwrap_or_else(|| {
            input.list().iter().map(|item| Tuple { at: item.clone(), variables: Vec::new() }).collect()
        });
        for tuple in tuples {
            let closures = self.closures();
            let own = self.tuple_frame(&tuple, frame);
            let out = self.eval_out(step, &tuple.at, own)?;
            self.leave(own, closures);
            match out {
                Out::Tuples(inner) => {
                    for more in inner {
                        self.charge(1)?;
                        let mut joined = tuple.clone();
                        joined.at = more.at;
                        more.variables.into_iter().for_each(|(name, value)| joined.set(name, value));
                        found.push(joined);
                    }
                }
                Out::Value(Value::Undefined) => {}
                Out::Value(value) => {
                    for (at, value) in value.into_list().into_iter().enumerate() {
                        self.charge(1)?;
                        let mut joined = tuple.clone();
                        match &step.step.focus {
                            Some(name) => joined.set(name.clone(), value),
                            None => joined.at = value,
                        }
                        if let Some(name) = &step.step.index {
                            joined.set(name.clone(), Value::Number(at as f64));
                        }
                        if let Some(slot) = step.step.ancestor {
                            let label = self.labels.get(slot).copied().unwrap_or(slot);
                            joined.set(format!("!{label}").into(), tuple.at.clone());
                        }
                        found.push(joined);
                    }
                }
            }
        }
        self.stages(&step.step.stages, found, frame)
    }

    fn stages(&mut self, stages: &[Stage], mut tuples: Vec<Tuple>, frame: usize) -> Result<Vec<Tuple>> {
        for stage in stages {
            match stage {
                Stage::Filter(filter) => tuples = self.filter_tuples(filter, tuples, frame)?,
                Stage::Index(name) => {
                    for (at, tuple) in tuples.iter_mut().enumerate() {
                        tuple.set(name.clone(), Value::Number(at as f64));
                    }
                }
            }
        }
        Ok(tuples)
    }

    /// How often the filter selects the element at this position.
    fn takes(&mut self, chosen: &Value, at: usize, length: usize) -> Result<usize> {
        let is = |number: f64| {
            let index = number.floor();
            (if index < 0.0 { index + length as f64 } else { index }) == at as f64
        };
        match chosen {
            Value::Number(number) if !number.is_nan() => return Ok(usize::from(is(finite(*number)?))),
            Value::Array(array) => {
                self.charge(array.list().len())?;
                let numbers: Option<Vec<f64>> = array
                    .list()
                    .iter()
                    .map(|item| if let Value::Number(number) = item { Some(*number) } else { None })
                    .collect();
                if let Some(numbers) = numbers {
                    return Ok(numbers.into_iter().filter(|number| is(*number)).count());
                }
            }
            _ => {}
        }
        Ok(usize::from(self.truth(chosen)? == Some(true)))
    }

    pub(crate) fn filter(&mut self, filter: &Expr, input: Value, frame: usize) -> Result {
        let list = match &input {
            Value::Array(array) => array.clone(),
            _ => Array::sequence(vec![input]),
        };
        let list = list.list();
        if let Kind::Number(number) = filter.kind {
            let index = number.floor();
            let index = if index < 0.0 { index + list.len() as f64 } else { index };
            let item = if index >= 0.0 { list.get(index as usize) } else { None };
            return Ok(match item {
                None | Some(Value::Undefined) => Value::sequence(Vec::new()),
                Some(array @ Value::Array(_)) => array.clone(),
                Some(item) => Value::sequence(vec![item.clone()]),
            });
        }
        let mut found = Vec::new();
        for (at, item) in list.iter().enumerate() {
            let chosen = self.eval(filter, item, frame)?;
            let times = self.takes(&chosen, at, list.len())?;
            found.extend(std::iter::repeat_n(item, times).cloned());
        }
        Ok(Value::sequence(found))
    }

    pub(crate) fn filter_tuples(&mut self, filter: &Expr, tuples: Vec<Tuple>, frame: usize) -> Result<Vec<Tuple>> {
        let length = tuples.len();
        if let Kind::Number(number) = filter.kind {
            let index = number.floor();
            let index = if index < 0.0 { index + length as f64 } else { index };
            let found = if index >= 0.0 { tuples.into_iter().nth(index as usize) } else { None };
            return Ok(found.into_iter().collect());
        }
        let mut found = Vec::new();
        for (at, tuple) in tuples.into_iter().enumerate() {
            let closures = self.closures();
            let own = self.tuple_frame(&tuple, frame);
            let chosen = self.eval(filter, &tuple.at, own)?;
            self.leave(own, closures);
            let times = self.takes(&chosen, at, length)?;
            found.extend(std::iter::repeat_n(tuple, times));
        }
        Ok(found)
    }

    fn sort_by(&mut self, terms: &[Term], input: &Array, frame: usize) -> Result<Array> {
        if input.list().len() <= 1 {
            return Ok(input.clone());
        }
        let mut keyed = Vec::with_capacity(input.list().len());
        for item in input.list() {
            let mut keys = Vec::with_capacity(terms.len());
            for term in terms {
                keys.push(self.eval(&term.expr, item, frame)?);
            }
            keyed.push((keys, item.clone()));
        }
        let sorted = self.merge_sort(keyed, &mut |_, left, right| compare(terms, &left.0, &right.0))?;
        Ok(Array::plain(sorted.into_iter().map(|(_, item)| item).collect()))
    }

    fn sort_tuples(&mut self, terms: &[Term], tuples: Vec<Tuple>, frame: usize) -> Result<Vec<Tuple>> {
        if tuples.len() <= 1 {
            return Ok(tuples);
        }
        let mut keyed = Vec::with_capacity(tuples.len());
        for tuple in tuples {
            let closures = self.closures();
            let own = self.tuple_frame(&tuple, frame);
            let mut keys = Vec::with_capacity(terms.len());
            for term in terms {
                keys.push(self.eval(&term.expr, &tuple.at, own)?);
            }
            self.leave(own, closures);
            keyed.push((keys, tuple));
        }
        let sorted = self.merge_sort(keyed, &mut |_, left, right| compare(terms, &left.0, &right.0))?;
        Ok(sorted.into_iter().map(|(_, tuple)| tuple).collect())
    }

    /// Sorts with a comparison that can fail. It returns whether the two must change places.
    pub(crate) fn merge_sort<T>(
        &mut self,
        mut list: Vec<T>,
        swaps: &mut dyn FnMut(&mut Self, &T, &T) -> Result<bool>,
    ) -> Result<Vec<T>> {
        if list.len() <= 1 {
            return Ok(list);
        }
        let right = list.split_off(list.len() / 2);
        let left = self.merge_sort(list, swaps)?;
        let right = self.merge_sort(right, swaps)?;
        let mut merged = Vec::with_capacity(left.len() + right.len());
        let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
        while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
            self.charge(1)?;
            let next = if swaps(self, one, other)? { right.next() } else { left.next() };
            merged.extend(next);
        }
        merged.extend(left);
        merged.extend(right);
        Ok(merged)
    }

    pub(crate) fn wildcard(&mut self, input: &Value) -> Result {
        let input = match input {
            Value::Array(array) if array.outer => array.list().first().cloned().unwrap_or_default(),
            other => other.clone(),
        };
        let mut found = Vec::new();
        let list: Vec<&Value> = match &input {
            Value::Object(object) => object.members().values().collect(),
            Value::Array(array) => array.list().iter().collect(),
            _ => Vec::new(),
        };
        for value in list {
            self.flatten(value, &mut found)?;
        }
        Ok(Value::sequence(found))
    }

    fn flatten(&mut self, value: &Value, found: &mut Vec<Value>) -> Result<()> {
        self.charge(1)?;
        match value {
            Value::Array(array) => array.list().iter().try_for_each(|item| self.flatten(item, found)),
            other => {
                found.push(other.clone());
                Ok(())
            }
        }
    }

    pub(crate) fn descendants(&mut self, input: &Value) -> Result {
        if input.is_undefined() {
            return Ok(Value::Undefined);
        }
        let mut found = Vec::new();
        self.descend(input, &mut found)?;
        Ok(if found.len() == 1 { found.remove(0) } else { Value::sequence(found) })
    }

    fn descend(&mut self, value: &Value, found: &mut Vec<Value>) -> Result<()> {
        self.charge(1)?;
        if let Value::Array(array) = value {
            return array.list().iter().try_for_each(|item| self.descend(item, found));
        }
        found.push(value.clone());
        if let Value::Object(object) = value {
            return object.members().values().try_for_each(|item| self.descend(item, found));
        }
        Ok(())
    }

    /// The member of an object, or of each object of an array.
    pub(crate) fn member(&mut self, input: &Value, name: &str) -> Result {
        Ok(match input {
            Value::Object(object) => object.members().get(name).cloned().unwrap_or_default(),
            Value::Array(array) => {
                let mut found = Vec::new();
                for item in array.list() {
                    self.charge(1)?;
                    match self.member(item, name)? {
                        Value::Undefined => {}
                        Value::Array(array) => {
                            self.charge(array.list().len())?;
                            found.extend(Value::Array(array).into_list());
                        }
                        other => found.push(other),
                    }
                }
                Value::sequence(found)
            }
            _ => Value::Undefined,
        })
    }
}

/// Whether two values must change places, by the criteria in order.
fn compare(terms: &[Term], left: &[Value], right: &[Value]) -> Result<bool> {
    for (index, term) in terms.iter().enumerate() {
        let (one, other) = (&left[index], &right[index]);
        let order = match (one, other) {
            (Value::Undefined, Value::Undefined) => continue,
            // An element without a value comes last.
            (Value::Undefined, _) => return Ok(true),
            (_, Value::Undefined) => return Ok(false),
            (Value::Number(one), Value::Number(other)) => one.partial_cmp(other).unwrap_or(Ordering::Greater),
            (Value::String(one), Value::String(other)) => text::compare(one, other),
            _ => {
                let sortable = |value: &Value| matches!(value, Value::Number(_) | Value::String(_));
                return Err(if sortable(one) && sortable(other) {
                    fault("T2007").with("value", json(one)).with("value2", json(other))
                } else {
                    fault("T2008").with("value", json(if sortable(one) { other } else { one }))
                });
            }
        };
        let order = if term.descending { order.reverse() } else { order };
        if order != Ordering::Equal {
            return Ok(order == Ordering::Greater);
        }
    }
    Ok(false)
}

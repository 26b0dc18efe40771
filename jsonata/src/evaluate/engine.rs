//! Evaluation of everything except paths.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::Settings;
use super::error::{Fault, fault};
use super::function::Function;
use super::library;
use super::path::{Out, Tuple};
use super::regex::Regex as Compiled;
use super::text;
use super::value::{Array, Members, Object, Value};
use crate::ast::{Ast, Expr, Kind, Operator, Regex, Transform};
use crate::functions;
use crate::signature::{Kinds, Signature};

pub(crate) type Result<T = Value> = std::result::Result<T, Box<Fault>>;

/// The maximum depth of evaluation.
const MAX_DEPTH: usize = 4000;

/// The maximum depth of values.
const MAX_NESTING: usize = 1000;

/// Variables, and the frame in which to look for others.
struct Frame {
    parent: Option<usize>,
    variables: Vec<(Arc<str>, Value)>,
}

pub(crate) struct Engine<'a> {
    pub(crate) labels: &'a [usize],
    pub(crate) millis: i64,
    random: u64,
    frames: Vec<Frame>,
    depth: usize,
    /// How many nested expressions are being evaluated, and the limit.
    levels: usize,
    most_levels: usize,
    most_bytes: usize,
    work: u64,
    /// How many functions were created that keep their frame.
    closures: u64,
    regexes: HashMap<usize, Arc<Compiled>>,
}

/// The outcome of a function's body.
enum Tail {
    Value(Value),
    /// The call at the end of the body.
    Call(Value, Vec<Value>),
}

impl<'a> Engine<'a> {
    pub(crate) fn new(ast: &'a Ast, settings: &Settings) -> Self {
        Self {
            labels: &ast.labels,
            millis: settings.millis,
            random: settings.seed,
            frames: vec![Frame { parent: None, variables: Vec::new() }],
            depth: 0,
            levels: 0,
            most_levels: settings.depth,
            most_bytes: settings.memory,
            work: settings.work,
            closures: 0,
            regexes: HashMap::new(),
        }
    }

    pub(crate) fn run(mut self, root: &Expr, input: Value, variables: Vec<(&str, Value)>) -> Result {
        for (name, value) in variables {
            self.nesting(&value)?;
            self.bind(0, name.into(), value);
        }
        self.nesting(&input)?;
        self.bind(0, "$".into(), input.clone());
        let input = match input {
            Value::Array(array) => Value::Array(Array { outer: true, ..Array::sequence(vec![Value::Array(array)]) }),
            other => other,
        };
        let value = self.eval(root, &input, 0)?;
        Ok(match value {
            Value::Array(array) if array.outer => array.list().first().cloned().unwrap_or_default(),
            other => other,
        })
    }

    /// A random number from 0 to below 1 (SplitMix64).
    pub(crate) fn random_bits(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        library::mix(self.random)
    }

    /// Whether one step may create that many bytes.
    pub(crate) fn holds(&self, bytes: usize) -> Result<()> {
        if bytes > self.most_bytes { Err(fault("D1014")) } else { Ok(()) }
    }

    /// Counts work, and fails when it exceeds the limit.
    pub(crate) fn charge(&mut self, units: usize) -> Result<()> {
        match self.work.checked_sub(units as u64) {
            Some(left) => {
                self.work = left;
                Ok(())
            }
            None => Err(fault("D1012")),
        }
    }

    fn nesting(&self, value: &Value) -> Result<()> {
        if value.depth() > MAX_NESTING {
            let text = format!("A value is nested more than {MAX_NESTING} levels deep");
            return Err(fault("D1011").text(text));
        }
        Ok(())
    }

    pub(crate) fn frame(&mut self, parent: usize) -> usize {
        self.frames.push(Frame { parent: Some(parent), variables: Vec::new() });
        self.frames.len() - 1
    }

    /// Ends a frame, unless a function keeps it.
    pub(crate) fn leave(&mut self, frame: usize, closures: u64) {
        if self.closures == closures {
            self.frames.truncate(frame);
        }
    }

    pub(crate) fn closures(&self) -> u64 {
        self.closures
    }

    pub(crate) fn bind(&mut self, frame: usize, name: Arc<str>, value: Value) {
        let Some(frame) = self.frames.get_mut(frame) else { return };
        match frame.variables.iter_mut().find(|(own, _)| *own == name) {
            Some((_, own)) => *own = value,
            None => frame.variables.push((name, value)),
        }
    }

    fn lookup(&mut self, frame: usize, name: &str) -> Result {
        let mut at = Some(frame);
        let mut hops = 0;
        while let Some(frame) = at.and_then(|at| self.frames.get(at)) {
            hops += 1;
            if let Some((_, value)) = frame.variables.iter().find(|(own, _)| **own == *name) {
                let value = value.clone();
                self.charge(hops)?;
                return Ok(value);
            }
            at = frame.parent;
        }
        self.charge(hops)?;
        Ok(functions::find(name).map_or(Value::Undefined, |found| Value::Function(Arc::new(Function::Native(found)))))
    }

    pub(crate) fn eval(&mut self, node: &Expr, input: &Value, frame: usize) -> Result {
        Ok(match self.eval_out(node, input, frame)? {
            Out::Value(value) => value,
            Out::Tuples(tuples) => Value::sequence(tuples.into_iter().map(|tuple| tuple.at).collect()),
        })
    }

    /// Evaluates an expression, with the variables that its steps return.
    pub(crate) fn eval_out(&mut self, node: &Expr, input: &Value, frame: usize) -> Result<Out> {
        self.depth += 1;
        self.levels += 1;
        if self.depth > MAX_DEPTH || self.levels > self.most_levels {
            return Err(fault("D1011"));
        }
        self.charge(1)?;
        let mut out = match &node.kind {
            Kind::Path { steps, keep_singleton } => self.path(node, steps, *keep_singleton, input, frame)?,
            Kind::Block(parts) => self.block(parts, input, frame)?,
            Kind::Condition(condition, then, otherwise) => {
                let condition = self.eval(condition, input, frame)?;
                if self.truth(&condition)? == Some(true) {
                    self.eval_out(then, input, frame)?
                } else {
                    match otherwise {
                        Some(branch) => self.eval_out(branch, input, frame)?,
                        None => Out::Value(Value::Undefined),
                    }
                }
            }
            _ => Out::Value(self.simple(node, input, frame)?),
        };
        for filter in &node.predicates {
            out = match out {
                Out::Value(value) => Out::Value(self.filter(filter, value, frame)?),
                Out::Tuples(tuples) => Out::Tuples(self.filter_tuples(filter, tuples, frame)?),
            };
        }
        if let (Some(pairs), false) = (&node.group, matches!(node.kind, Kind::Path { .. })) {
            out = Out::Value(self.group(pairs, out, frame)?);
        }
        if let Out::Value(value) = &mut out {
            if let Value::Array(array) = value {
                if array.sequence {
                    array.keep |= node.keep_array;
                    match array.list() {
                        [] => *value = Value::Undefined,
                        [only] if !array.keep => *value = only.clone(),
                        _ => {}
                    }
                }
            }
            self.nesting(value)?;
        }
        self.levels -= 1;
        self.depth -= 1;
        Ok(out)
    }

    fn block(&mut self, parts: &[Expr], input: &Value, parent: usize) -> Result<Out> {
        let Some((last, front)) = parts.split_last() else { return Ok(Out::Value(Value::Undefined)) };
        let closures = self.closures;
        let frame = self.frame(parent);
        for part in front {
            self.eval(part, input, frame)?;
        }
        let out = self.eval_out(last, input, frame)?;
        self.leave(frame, closures);
        Ok(out)
    }

    fn simple(&mut self, node: &Expr, input: &Value, frame: usize) -> Result {
        Ok(match &node.kind {
            Kind::Name(name) => self.member(input, name)?,
            Kind::Wildcard => self.wildcard(input)?,
            Kind::Descendants => self.descendants(input)?,
            Kind::Parent(slot) => {
                let label = format!("!{}", self.labels.get(*slot).copied().unwrap_or(*slot));
                self.lookup(frame, &label)?
            }
            Kind::String(text) => Value::String(text.clone()),
            Kind::Number(number) => Value::Number(*number),
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Null => Value::Null,
            Kind::Regex(regex) => Value::Function(Arc::new(Function::Regex(self.regex(regex)?))),
            Kind::Variable(name) if name.is_empty() => match input {
                Value::Array(array) if array.outer => array.list().first().cloned().unwrap_or_default(),
                other => other.clone(),
            },
            Kind::Variable(name) => self.lookup(frame, name)?,
            Kind::Placeholder(text) => {
                let message = format!("{text} is known when the definition is deployed");
                return Err(fault("D3137").text(message));
            }
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, input, frame)?,
            Kind::Negate(inner) => match self.eval(inner, input, frame)? {
                Value::Undefined => Value::Undefined,
                Value::Number(number) => Value::Number(-finite(number)?),
                other => return Err(fault("D1002").token("-").with("value", json(&other))),
            },
            Kind::Array(items) => self.array(node, items, input, frame)?,
            Kind::Object(pairs) => self.group(pairs, Out::Value(input.clone()), frame)?,
            Kind::Bind(name, value) => {
                let value = self.eval(value, input, frame)?;
                self.bind(frame, name.clone(), value.clone());
                value
            }
            Kind::Default(left, right) => {
                let value = self.eval(left, input, frame)?;
                if self.truth(&value)? == Some(true) { value } else { self.eval(right, input, frame)? }
            }
            Kind::Coalesce(left, right) => match self.eval(left, input, frame)? {
                Value::Undefined => self.eval(right, input, frame)?,
                value => value,
            },
            Kind::Call(procedure, arguments) => self.call(procedure, arguments, None, input, frame)?,
            Kind::Partial(procedure, arguments) => self.partial(procedure, arguments, input, frame)?,
            Kind::Lambda(lambda) => {
                self.closures += 1;
                let (lambda, input) = (lambda.clone(), input.clone());
                Value::Function(Arc::new(Function::Lambda { lambda, open: None, frame, input }))
            }
            Kind::Apply(left, right) => self.pipe(left, right, input, frame)?,
            Kind::Transform(transform) => {
                self.closures += 1;
                Value::Function(Arc::new(Function::Transform { transform: transform.clone(), frame }))
            }
            Kind::Sort(_) | Kind::Path { .. } | Kind::Block(_) | Kind::Condition(..) => Value::Undefined,
        })
    }

    fn regex(&mut self, regex: &Arc<Regex>) -> Result<Arc<Compiled>> {
        let key = Arc::as_ptr(regex) as usize;
        if let Some(found) = self.regexes.get(&key) {
            return Ok(found.clone());
        }
        let compiled = Compiled::new(&regex.pattern, regex.flags.as_str());
        let compiled =
            compiled.map_err(|error| fault("S0303").text(format!("The regular expression is invalid: {error}")))?;
        let compiled = Arc::new(compiled);
        self.regexes.insert(key, compiled.clone());
        Ok(compiled)
    }

    fn array(&mut self, node: &Expr, items: &[Expr], input: &Value, frame: usize) -> Result {
        let mut found = Array::plain(Vec::new());
        for item in items {
            let value = self.eval(item, input, frame)?;
            match value {
                Value::Undefined => {}
                value if matches!(item.kind, Kind::Array(_)) => found.extend([value]),
                value => {
                    let list = value.into_list();
                    self.charge(list.len())?;
                    found.extend(list);
                }
            }
        }
        found.cons = node.step.cons_array;
        Ok(Value::Array(found))
    }

    fn binary(&mut self, operator: Operator, left: &Expr, right: &Expr, input: &Value, frame: usize) -> Result {
        let one = self.eval(left, input, frame)?;
        if matches!(operator, Operator::And | Operator::Or) {
            let decided = self.truth(&one)? == Some(true);
            if decided == (operator == Operator::Or) {
                return Ok(Value::Bool(decided));
            }
            let other = self.eval(right, input, frame)?;
            return Ok(Value::Bool(self.truth(&other)? == Some(true)));
        }
        let other = self.eval(right, input, frame)?;
        self.operate(operator, one, other).map_err(|fault| fault.token(operator.symbol()))
    }

    fn operate(&mut self, operator: Operator, left: Value, right: Value) -> Result {
        Ok(match operator {
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
                let number = |value: &Value, code| match value {
                    Value::Undefined => Ok(None),
                    Value::Number(number) if !number.is_nan() => finite(*number).map(Some),
                    other => Err(fault(code).with("value", json(other))),
                };
                let (Some(left), Some(right)) = (number(&left, "T2001")?, number(&right, "T2002")?) else {
                    // The right side is evaluated even if the left side has no value.
                    return Ok(Value::Undefined);
                };
                Value::Number(match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                    Operator::Divide => left / right,
                    _ => left % right,
                })
            }
            Operator::Equal | Operator::NotEqual => {
                if left.is_undefined() || right.is_undefined() {
                    return Ok(Value::Bool(false));
                }
                Value::Bool(self.equal(&left, &right)? == (operator == Operator::Equal))
            }
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                let fits = |value: &Value| matches!(value, Value::Undefined | Value::String(_) | Value::Number(_));
                if !fits(&left) || !fits(&right) {
                    let wrong = if matches!(left, Value::String(_) | Value::Number(_)) { &right } else { &left };
                    return Err(fault("T2010").with("value", json(wrong)));
                }
                let order = match (&left, &right) {
                    (Value::Undefined, _) | (_, Value::Undefined) => return Ok(Value::Undefined),
                    (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
                    (Value::String(left), Value::String(right)) => Some(text::compare(left, right)),
                    _ => return Err(fault("T2009").with("value", json(&left)).with("value2", json(&right))),
                };
                Value::Bool(order.is_some_and(|order| match operator {
                    Operator::Less => order.is_lt(),
                    Operator::LessOrEqual => order.is_le(),
                    Operator::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
            Operator::Concat => {
                let mut joined = String::new();
                for side in [&left, &right] {
                    if let Some(text) = self.stringify(side, false)? {
                        joined.push_str(&text);
                    }
                }
                self.holds(joined.len())?;
                self.charge(joined.len() / 8)?;
                Value::string(joined)
            }
            Operator::In => {
                if left.is_undefined() || right.is_undefined() {
                    return Ok(Value::Bool(false));
                }
                let list = right.into_list();
                self.charge(list.len())?;
                Value::Bool(list.iter().any(|item| identical(&left, item)))
            }
            Operator::Range => return self.range(&left, &right),
            Operator::And | Operator::Or => Value::Undefined,
        })
    }

    fn range(&mut self, from: &Value, to: &Value) -> Result {
        let whole = |value: &Value, code| match value {
            Value::Undefined => Ok(None),
            Value::Number(number) if number.is_finite() && number.fract() == 0.0 => Ok(Some(*number)),
            other => Err(fault(code).with("value", json(other))),
        };
        let (Some(from), Some(to)) = (whole(from, "T2003")?, whole(to, "T2004")?) else { return Ok(Value::Undefined) };
        if from > to {
            return Ok(Value::Undefined);
        }
        let size = to - from + 1.0;
        if size > 1e7 {
            return Err(fault("D2014").with("value", super::number::show(size)));
        }
        self.holds(size as usize * 8)?;
        self.charge(size as usize)?;
        Ok(Value::sequence((0..size as usize).map(|step| Value::Number(from + step as f64)).collect()))
    }

    /// `left ~> right`.
    fn pipe(&mut self, left: &Expr, right: &Expr, input: &Value, frame: usize) -> Result {
        let value = self.eval(left, input, frame)?;
        if let Kind::Call(procedure, arguments) = &right.kind {
            return self.call(procedure, arguments, Some(value), input, frame);
        }
        let function = match self.eval(right, input, frame)? {
            Value::Function(function) => function,
            other => return Err(fault("T2006").with("value", json(&other))),
        };
        match value {
            Value::Function(first) => Ok(Value::Function(Arc::new(Function::Composed(first, function)))),
            value => self.apply(&function, vec![value], &Value::Null, frame).map_err(|fault| {
                match Self::called_name(right) {
                    Some(name) => fault.token(name),
                    None => fault,
                }
            }),
        }
    }

    fn called_name(procedure: &Expr) -> Option<&str> {
        match &procedure.kind {
            Kind::Variable(name) => Some(name),
            Kind::Path { steps, .. } => match steps.first().map(|step| &step.kind) {
                Some(Kind::Name(name)) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The function that is called, or the value in its place.
    fn procedure(&mut self, procedure: &Expr, code: &'static str, input: &Value, frame: usize) -> Result {
        let found = self.eval(procedure, input, frame)?;
        if found.is_undefined() && matches!(procedure.kind, Kind::Path { .. }) {
            if let Some(name) = Self::called_name(procedure) {
                if !self.lookup(frame, name)?.is_undefined() {
                    return Err(fault(code).token(name));
                }
            }
        }
        Ok(found)
    }

    fn call(&mut self, procedure: &Expr, given: &[Expr], first: Option<Value>, input: &Value, frame: usize) -> Result {
        let function = self.procedure(procedure, "T1005", input, frame)?;
        let mut arguments: Vec<Value> = first.into_iter().collect();
        for argument in given {
            arguments.push(self.eval(argument, input, frame)?);
        }
        let result = match function {
            Value::Function(function) => self.apply(&function, arguments, input, frame),
            _ => Err(fault("T1006")),
        };
        result.map_err(|fault| match Self::called_name(procedure) {
            Some(name) => fault.token(name),
            None => fault,
        })
    }

    fn partial(&mut self, procedure: &Expr, given: &[Option<Expr>], input: &Value, frame: usize) -> Result {
        let mut arguments = Vec::new();
        for argument in given {
            arguments.push(match argument {
                Some(argument) => Some(self.eval(argument, input, frame)?),
                None => None,
            });
        }
        let function = self.procedure(procedure, "T1007", input, frame)?;
        let Value::Function(function) = function else {
            let error = fault("T1008");
            return Err(match Self::called_name(procedure) {
                Some(name) => error.token(name),
                None => error,
            });
        };
        self.closures += 1;
        if let Function::Lambda { lambda, open, frame: own, input } = &*function {
            let names = open.clone().unwrap_or_else(|| lambda.parameters.clone());
            let bound = self.frame(*own);
            let mut left = Vec::new();
            for (index, name) in names.into_iter().enumerate() {
                match arguments.get(index) {
                    Some(None) => left.push(name),
                    Some(Some(value)) => self.bind(bound, name, value.clone()),
                    None => self.bind(bound, name, Value::Undefined),
                }
            }
            let (lambda, input) = (lambda.clone(), input.clone());
            return Ok(Value::Function(Arc::new(Function::Lambda { lambda, open: Some(left), frame: bound, input })));
        }
        let most = function.arity();
        arguments.truncate(most.max(1));
        Ok(Value::Function(Arc::new(Function::Partial { function, arguments })))
    }

    /// Calls a function. `context` replaces an argument that is left out.
    pub(crate) fn apply(
        &mut self,
        function: &Arc<Function>,
        arguments: Vec<Value>,
        context: &Value,
        frame: usize,
    ) -> Result {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(fault("D1011"));
        }
        let closures = self.closures;
        let base = self.frames.len();
        let (mut function, mut arguments) = (function.clone(), arguments);
        let value = loop {
            self.charge(1)?;
            let next = match &*function {
                Function::Lambda { lambda, open, frame: own, input } => {
                    let given = match (&lambda.signature, open) {
                        (Some(signature), None) => self.validate(signature, arguments, context)?,
                        _ => arguments,
                    };
                    // A tail call needs nothing from the frames before it, unless a function keeps them.
                    self.leave(base, closures);
                    let called = self.frame(*own);
                    let names = open.as_ref().unwrap_or(&lambda.parameters);
                    let mut given = given.into_iter();
                    for name in names {
                        self.bind(called, name.clone(), given.next().unwrap_or_default());
                    }
                    self.tail(&lambda.body, input, called)?
                }
                _ => Tail::Value(self.builtin(&function, arguments, context, frame)?),
            };
            match next {
                Tail::Value(value) => break value,
                Tail::Call(Value::Function(next), given) => (function, arguments) = (next, given),
                Tail::Call(..) => return Err(fault("T1006")),
            }
        };
        self.leave(base, closures);
        self.nesting(&value)?;
        self.depth -= 1;
        Ok(value)
    }

    /// Evaluates the body of a function up to the call at its end.
    fn tail(&mut self, node: &Expr, input: &Value, frame: usize) -> Result<Tail> {
        if !node.predicates.is_empty() || node.group.is_some() || node.keep_array {
            return self.eval(node, input, frame).map(Tail::Value);
        }
        self.depth += 1;
        self.levels += 1;
        if self.depth > MAX_DEPTH || self.levels > self.most_levels {
            return Err(fault("D1011"));
        }
        self.charge(1)?;
        let tail = match &node.kind {
            Kind::Call(procedure, given) => {
                let function = self.procedure(procedure, "T1005", input, frame)?;
                let mut arguments = Vec::new();
                for argument in given {
                    arguments.push(self.eval(argument, input, frame)?);
                }
                match (&function, Self::called_name(procedure)) {
                    // The error of a lambda has no function name; the error of another function has its name.
                    (Value::Function(found), Some(name)) if !matches!(**found, Function::Lambda { .. }) => {
                        let value = self.apply(found, arguments, input, frame).map_err(|fault| fault.token(name))?;
                        Tail::Value(value)
                    }
                    _ => Tail::Call(function, arguments),
                }
            }
            Kind::Condition(condition, then, otherwise) => {
                let condition = self.eval(condition, input, frame)?;
                if self.truth(&condition)? == Some(true) {
                    self.tail(then, input, frame)?
                } else {
                    match otherwise {
                        Some(branch) => self.tail(branch, input, frame)?,
                        None => Tail::Value(Value::Undefined),
                    }
                }
            }
            Kind::Block(parts) => match parts.split_last() {
                Some((last, front)) => {
                    let inner = self.frame(frame);
                    for part in front {
                        self.eval(part, input, inner)?;
                    }
                    self.tail(last, input, inner)?
                }
                None => Tail::Value(Value::Undefined),
            },
            _ => {
                // It is the same expression, so it counts once.
                self.levels -= 1;
                let value = self.eval(node, input, frame)?;
                self.levels += 1;
                Tail::Value(value)
            }
        };
        self.levels -= 1;
        self.depth -= 1;
        Ok(tail)
    }

    fn builtin(&mut self, function: &Function, arguments: Vec<Value>, context: &Value, frame: usize) -> Result {
        match function {
            Function::Native(native) => {
                let result = self
                    .validate(&native.signature, arguments, context)
                    .and_then(|arguments| self.native(native.name, arguments, frame));
                result.map_err(|fault| fault.function(native.name))
            }
            Function::Partial { function, arguments: bound } => {
                let mut open = arguments.into_iter();
                let all = bound.iter().map(|argument| match argument {
                    Some(value) => value.clone(),
                    None => open.next().unwrap_or_default(),
                });
                let all = all.collect();
                self.apply(function, all, context, frame)
            }
            Function::Composed(first, second) => {
                let value = self.apply(first, arguments.into_iter().take(1).collect(), &Value::Null, frame)?;
                self.apply(second, vec![value], &Value::Null, frame)
            }
            Function::Regex(regex) => match arguments.into_iter().next() {
                Some(Value::String(text)) => self.search(regex, text, 0),
                _ => Ok(Value::Undefined),
            },
            Function::Next { regex, text, from } => {
                if *from >= text.len() {
                    return Ok(Value::Undefined);
                }
                let found = self.search(regex, text.clone(), *from)?;
                if let Value::Object(object) = &found {
                    if matches!(object.members().get("match"), Some(Value::String(text)) if text.is_empty()) {
                        return Err(fault("D1004"));
                    }
                }
                Ok(found)
            }
            Function::Transform { transform, frame } => {
                let Ok(signature) = Signature::parse("<(oa):o>") else { return Ok(Value::Undefined) };
                let value = self.validate(&signature, arguments, context)?.into_iter().next().unwrap_or_default();
                self.transform(transform, value, *frame)
            }
            Function::Lambda { .. } => Ok(Value::Undefined),
        }
    }

    /// Assigns the arguments to the parameters.
    fn validate(&mut self, signature: &Signature, arguments: Vec<Value>, context: &Value) -> Result<Vec<Value>> {
        let kinds: Vec<Kinds> = arguments.iter().map(Value::kind).collect();
        let Some(taken) = signature.distribute(&kinds) else {
            return Err(fault("T0410").with("index", (signature.misfit(&kinds) + 1).to_string()));
        };
        let mut found = Vec::with_capacity(signature.parameters.len());
        let mut at = 0;
        for (parameter, count) in signature.parameters.iter().zip(taken) {
            if count == 0 {
                if parameter.context {
                    if !parameter.kinds.meets(context.kind()) {
                        return Err(fault("T0411").with("index", (at + 1).to_string()));
                    }
                    found.push(match context {
                        Value::Array(array) if array.outer => array.list().first().cloned().unwrap_or_default(),
                        other => other.clone(),
                    });
                } else {
                    found.push(arguments.get(at).cloned().unwrap_or_default());
                    at += 1;
                }
                continue;
            }
            for _ in 0..count {
                let argument = arguments.get(at).cloned().unwrap_or_default();
                at += 1;
                if !parameter.array || argument.is_undefined() {
                    found.push(argument);
                    continue;
                }
                if let Some(wanted) = parameter.elements {
                    let fits = match &argument {
                        Value::Array(array) => {
                            self.charge(array.list().len() / 8)?;
                            array.list().iter().all(|item| item.kind() == wanted)
                        }
                        single => count == 1 && single.kind() == wanted,
                    };
                    if !fits {
                        let plural = format!("\"{}\"", wanted.plural().unwrap_or("values"));
                        return Err(fault("T0412").with("index", at.to_string()).with("type", plural));
                    }
                }
                found.push(match argument {
                    Value::Array(_) => argument,
                    single => Value::array(vec![single]),
                });
            }
        }
        Ok(found)
    }

    /// Changes a copy of a value.
    fn transform(&mut self, transform: &Transform, value: Value, frame: usize) -> Result {
        if value.is_undefined() {
            return Ok(Value::Undefined);
        }
        let Value::Function(clone) = self.lookup(frame, "clone")? else { return Err(fault("T2013")) };
        let copy = self.apply(&clone, vec![value], &Value::Null, frame)?;
        let matches = match self.eval(&transform.pattern, &copy, frame)? {
            Value::Undefined => return Ok(copy),
            found => found.into_list(),
        };
        // Objects never change: the new members of those that matched are kept separately, by identity.
        let mut changed: HashMap<usize, Object> = HashMap::new();
        for found in matches {
            let current = self.renewed(&found, &changed, 0)?;
            let update = self.eval(&transform.update, &current, frame)?;
            let mut members = match (&current, &found) {
                (Value::Object(now), Value::Object(_)) => Some(now.members().clone()),
                _ => None,
            };
            match update {
                Value::Undefined => {}
                Value::Object(update) => {
                    if let Some(members) = &mut members {
                        self.charge(update.members().len() + members.len())?;
                        members.extend(update.members().iter().map(|(name, value)| (name.clone(), value.clone())));
                    }
                }
                other => return Err(fault("T2011").with("value", json(&other))),
            }
            if let Some(delete) = &transform.delete {
                let current = match &members {
                    Some(members) => Value::Object(Object::new(members.clone())),
                    None => current,
                };
                let names = self.eval(delete, &current, frame)?;
                if !names.is_undefined() {
                    let shown = json(&names);
                    for name in names.into_list() {
                        let Value::String(name) = name else { return Err(fault("T2012").with("value", shown)) };
                        if let Some(members) = &mut members {
                            members.shift_remove(&*name);
                        }
                    }
                }
            }
            if let (Some(members), Value::Object(object)) = (members, &found) {
                changed.insert(object.identity(), Object::new(members));
            }
        }
        self.renewed(&copy, &changed, 0)
    }

    /// The value with the changed objects in it. An object that was put into itself would never end.
    fn renewed(&mut self, value: &Value, changed: &HashMap<usize, Object>, depth: usize) -> Result {
        if changed.is_empty() {
            return Ok(value.clone());
        }
        self.charge(1)?;
        if depth > MAX_NESTING {
            return Err(fault("D1011"));
        }
        Ok(match value {
            Value::Array(array) => {
                let list: Result<Vec<Value>> =
                    array.list().iter().map(|item| self.renewed(item, changed, depth + 1)).collect();
                Value::Array(Array { sequence: array.sequence, keep: array.keep, ..Array::plain(list?) })
            }
            Value::Object(object) => {
                let now = changed.get(&object.identity()).unwrap_or(object);
                let mut members = Members::with_capacity(now.members().len());
                for (name, value) in now.members() {
                    members.insert(name.clone(), self.renewed(value, changed, depth + 1)?);
                }
                Value::Object(Object::new(members))
            }
            other => other.clone(),
        })
    }

    /// `{key: value}`: groups by key, and evaluates the value for each group.
    pub(crate) fn group(&mut self, pairs: &[(Expr, Expr)], input: Out, frame: usize) -> Result {
        enum Group {
            Values(Value),
            Tuples(Vec<Tuple>),
        }
        let mut groups: IndexMap<Arc<str>, (Group, usize)> = IndexMap::new();
        let (values, tuples) = match input {
            Out::Value(Value::Array(array)) if array.list().is_empty() => (vec![Value::Undefined], Vec::new()),
            Out::Value(value) => (value.into_list(), Vec::new()),
            Out::Tuples(tuples) => (Vec::new(), tuples),
        };
        let items =
            values.into_iter().map(Group::Values).chain(tuples.into_iter().map(|tuple| Group::Tuples(vec![tuple])));
        for item in items {
            let closures = self.closures;
            let (context, own) = match &item {
                Group::Values(value) => (value.clone(), frame),
                Group::Tuples(tuples) => match tuples.first() {
                    Some(tuple) => (tuple.at.clone(), self.tuple_frame(tuple, frame)),
                    None => continue,
                },
            };
            let mut item = Some(item);
            for (index, (key, _)) in pairs.iter().enumerate() {
                let key = match self.eval(key, &context, own)? {
                    Value::Undefined => continue,
                    Value::String(key) => key,
                    other => return Err(fault("T1003").with("value", json(&other))),
                };
                if &*key == "_jsonata_lambda" || &*key == "_jsonata_function" {
                    return Err(fault("D1013").with("value", text::quote(&key)));
                }
                let data = if index + 1 == pairs.len() { item.take() } else { None };
                let data = data.unwrap_or_else(|| match &item {
                    Some(Group::Tuples(tuples)) => Group::Tuples(tuples.clone()),
                    _ => Group::Values(context.clone()),
                });
                match groups.get_mut(&key) {
                    None => {
                        groups.insert(key, (data, index));
                    }
                    Some((_, own)) if *own != index => {
                        return Err(fault("D1009").with("value", text::quote(&key)));
                    }
                    Some((Group::Values(all), _)) => {
                        if let Group::Values(more) = data {
                            all.append(more);
                        }
                    }
                    Some((Group::Tuples(all), _)) => {
                        if let Group::Tuples(more) = data {
                            all.extend(more);
                        }
                    }
                }
            }
            if own != frame {
                self.leave(own, closures);
            }
        }
        let mut members = Members::new();
        for (key, (data, index)) in groups {
            let closures = self.closures;
            let (context, own) = match data {
                Group::Values(value) => (value, frame),
                Group::Tuples(tuples) => {
                    let tuple = Tuple::merged(tuples);
                    let own = self.tuple_frame(&tuple, frame);
                    (tuple.at, own)
                }
            };
            let value = self.eval(&pairs[index].1, &context, own)?;
            if own != frame {
                self.leave(own, closures);
            }
            if !value.is_undefined() {
                members.insert(key, value);
            }
        }
        self.charge(members.len())?;
        Ok(Value::Object(Object::new(members)))
    }

    /// The truth value of a value in a condition; nothing if there is no value.
    pub(crate) fn truth(&mut self, value: &Value) -> Result<Option<bool>> {
        Ok(Some(match value {
            Value::Undefined => return Ok(None),
            Value::Null | Value::Function(_) => false,
            Value::Bool(value) => *value,
            Value::Number(number) => !number.is_nan() && finite(*number)? != 0.0,
            Value::String(text) => !text.is_empty(),
            Value::Object(object) => !object.members().is_empty(),
            Value::Array(array) => {
                let mut any = false;
                for item in array.list() {
                    self.charge(1)?;
                    any = any || self.truth(item)? == Some(true);
                }
                any
            }
        }))
    }

    pub(crate) fn equal(&mut self, left: &Value, right: &Value) -> Result<bool> {
        self.charge(1)?;
        Ok(match (left, right) {
            (Value::Array(left), Value::Array(right)) => {
                if left.same(right) {
                    return Ok(true);
                }
                if left.list().len() != right.list().len() {
                    return Ok(false);
                }
                for (left, right) in left.list().iter().zip(right.list()) {
                    if !self.equal(left, right)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Value::Object(left), Value::Object(right)) => {
                if left.members().len() != right.members().len() {
                    return Ok(false);
                }
                for (name, value) in left.members() {
                    match right.members().get(name) {
                        Some(other) => {
                            if !self.equal(value, other)? {
                                return Ok(false);
                            }
                        }
                        None => return Ok(false),
                    }
                }
                true
            }
            _ => identical(left, right),
        })
    }
}

/// Whether two values are equal, like JavaScript's `===`.
fn identical(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Array(left), Value::Array(right)) => left.same(right),
        (Value::Object(left), Value::Object(right)) => left.identity() == right.identity(),
        (Value::Function(left), Value::Function(right)) => Arc::ptr_eq(left, right),
        _ => false,
    }
}

/// Numbers that JSON cannot contain are errors when they are used.
pub(crate) fn finite(number: f64) -> Result<f64> {
    if number.is_infinite() {
        return Err(fault("D1001").with("value", "null"));
    }
    Ok(number)
}

/// A value in a message.
pub(crate) fn json(value: &Value) -> String {
    match value {
        Value::Undefined => "undefined".into(),
        other => text::write_lossy(other),
    }
}

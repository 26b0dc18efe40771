//! The possible values of a JSONata expression, and the paths in it that select nothing.

use std::collections::{BTreeMap, BTreeSet};

use sfn_tasks_jsonata::ast::{Expr, Kind, Operator, Stage};

use super::path::{self, Dead, Step};
use super::value::{Origin, Rest, Value};

/// What an expression reads.
pub(super) trait Roots {
    /// The value of `$states.input` and its siblings; none if it does not exist or another check reports it.
    fn part(&self, name: &str) -> Option<Value>;
    /// The possible values of a variable.
    fn variable(&self, name: &str) -> Value;
}

/// An expression that is being analyzed.
struct Reader<'r> {
    roots: &'r dyn Roots,
    origin: &'r Origin,
    /// Variables that the expression binds itself.
    bound: BTreeSet<String>,
    dead: Vec<Dead>,
    /// Paths whose existence the expression tests.
    tested: BTreeSet<String>,
}

/// The possible values of the expression, and the paths in it that select nothing although the expression does not test
/// them.
pub(super) fn read(expression: &Expr, roots: &dyn Roots, origin: &Origin) -> (Value, Vec<Dead>) {
    let mut reader = Reader { roots, origin, bound: BTreeSet::new(), dead: Vec::new(), tested: BTreeSet::new() };
    reader.bind(expression);
    let value = reader.value(expression, false);
    let Reader { mut dead, tested, .. } = reader;
    dead.retain(|dead| !tested.contains(&dead.alive) && !tested.contains(&format!("{}{}", dead.alive, dead.step)));
    (value, dead)
}

impl Reader<'_> {
    /// Records the names that the expression binds.
    fn bind(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Bind(name, _) => drop(self.bound.insert(name.to_string())),
            Kind::Lambda(lambda) => self.bound.extend(lambda.parameters.iter().map(|name| name.to_string())),
            _ => {}
        }
        self.bound.extend(expr.step.focus.iter().chain(&expr.step.index).map(|name| name.to_string()));
        for inner in children(expr) {
            self.bind(inner);
        }
    }

    /// The possible values of the expression. With `is_tested`, only its existence matters.
    fn value(&mut self, expr: &Expr, is_tested: bool) -> Value {
        if !expr.predicates.is_empty() || expr.group.is_some() || !expr.step.stages.is_empty() {
            self.parts(expr, is_tested);
            return Value::anything();
        }
        match &expr.kind {
            Kind::Path { steps, .. } => self.path(steps, is_tested),
            Kind::Variable(_) => self.path(std::slice::from_ref(expr), is_tested),
            Kind::String(_) => Value::string(),
            Kind::Number(_) => Value::number(),
            Kind::Bool(_) => Value::boolean(),
            Kind::Null => Value::null(),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, is_tested),
            Kind::Array(items) => {
                // A list in it becomes part of it.
                items.iter().for_each(|item| drop(self.value(item, false)));
                Value::list(Value::anything(), self.origin.clone())
            }
            Kind::Object(pairs) => self.object(pairs),
            Kind::Block(items) => {
                let values: Vec<Value> = items.iter().map(|item| self.value(item, is_tested)).collect();
                values.into_iter().next_back().unwrap_or_else(Value::anything)
            }
            Kind::Condition(condition, then, otherwise) => {
                self.value(condition, true);
                let then = self.value(then, is_tested);
                match otherwise {
                    Some(otherwise) => then.join(&self.value(otherwise, is_tested)),
                    None => Value::anything(),
                }
            }
            Kind::Default(left, right) | Kind::Coalesce(left, right) => {
                self.value(left, true);
                self.value(right, is_tested);
                Value::anything()
            }
            Kind::Call(procedure, arguments) => {
                let asks = matches!(&procedure.kind, Kind::Variable(name) if matches!(&**name, "exists" | "boolean" | "not" | "type"));
                arguments.iter().for_each(|argument| drop(self.value(argument, asks || is_tested)));
                Value::anything()
            }
            _ => {
                self.parts(expr, is_tested);
                Value::anything()
            }
        }
    }

    fn parts(&mut self, expr: &Expr, is_tested: bool) {
        match &expr.kind {
            Kind::Path { steps, .. } => drop(self.path(steps, is_tested)),
            Kind::Variable(_) => drop(self.path(std::slice::from_ref(expr), is_tested)),
            _ => {}
        }
        for inner in children(expr) {
            self.value(inner, is_tested);
        }
    }

    fn binary(&mut self, operator: Operator, left: &Expr, right: &Expr, is_tested: bool) -> Value {
        let asks = match operator {
            // A path by itself, used as a condition.
            Operator::And | Operator::Or => true,
            Operator::Equal | Operator::NotEqual => [left, right].iter().any(|side| matches!(side.kind, Kind::Null)),
            _ => false,
        };
        for side in [left, right] {
            let is_path = matches!(side.kind, Kind::Path { .. } | Kind::Variable(_));
            self.value(side, is_tested || asks && is_path);
        }
        match operator {
            Operator::Concat => Value::string(),
            Operator::Range => Value::anything(),
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
                Value::number()
            }
            _ => Value::boolean(),
        }
    }

    fn object(&mut self, pairs: &[(Expr, Expr)]) -> Value {
        let (mut known, mut rest) = (BTreeMap::new(), Rest::None);
        for (key, value) in pairs {
            let value = self.value(value, false);
            match &key.kind {
                Kind::String(name) => drop(known.insert(name.to_string(), value)),
                _ => {
                    self.value(key, false);
                    rest = Rest::Open;
                }
            }
        }
        Value::object(known, rest, self.origin.clone())
    }

    /// A path from a variable, up to the first step that is not a name.
    fn path(&mut self, steps: &[Expr], is_tested: bool) -> Value {
        let plain = |step: &Expr| {
            step.step.stages.is_empty()
                && step.predicates.is_empty()
                && step.group.is_none()
                && step.step.focus.is_none()
                && step.step.index.is_none()
                && !step.keep_array
        };
        let mut names = Vec::new();
        let mut is_whole = true;
        for step in steps {
            match &step.kind {
                Kind::Variable(name) if names.is_empty() => names.push(&**name),
                Kind::Name(name) if !names.is_empty() => names.push(&**name),
                _ => is_whole = false,
            }
            is_whole &= plain(step);
            if !is_whole {
                break;
            }
        }
        // The expressions in filters and in steps.
        for step in steps {
            let of_step = children(step);
            of_step.into_iter().for_each(|inner| drop(self.value(inner, false)));
        }
        let Some((first, rest)) = names.split_first() else { return Value::anything() };
        let found = match (*first, rest) {
            ("states", [part, rest @ ..]) => {
                self.roots.part(part).map(|start| (start, format!("$states.{part}"), rest))
            }
            ("states" | "" | "$", _) => None,
            (name, _) if self.bound.contains(name) => None,
            (name, rest) => Some((self.roots.variable(name), format!("${name}"), rest)),
        };
        let Some((start, alive, rest)) = found else { return Value::anything() };
        let text = rest.iter().fold(alive.clone(), |text, name| format!("{text}.{name}"));
        if is_tested {
            self.tested.insert(text);
        }
        let rest: Vec<Step<'_>> = rest.iter().map(|name| Step::Name(name)).collect();
        match path::jsonata(start, &alive, &rest) {
            Ok(value) if is_whole => value,
            Ok(_) => Value::anything(),
            Err(dead) => {
                if !is_tested {
                    self.dead.push(*dead);
                }
                Value::anything()
            }
        }
    }
}

/// The direct children of an expression.
fn children(expr: &Expr) -> Vec<&Expr> {
    let mut inner: Vec<&Expr> = match &expr.kind {
        Kind::Path { steps, .. } => steps.iter().collect(),
        Kind::Binary(_, left, right)
        | Kind::Default(left, right)
        | Kind::Coalesce(left, right)
        | Kind::Apply(left, right) => {
            vec![left, right]
        }
        Kind::Negate(inner) | Kind::Bind(_, inner) => vec![inner],
        Kind::Array(items) | Kind::Block(items) => items.iter().collect(),
        Kind::Object(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
        Kind::Condition(condition, then, otherwise) => {
            [&**condition, then].into_iter().chain(otherwise.as_deref()).collect()
        }
        Kind::Call(procedure, arguments) => [&**procedure].into_iter().chain(arguments).collect(),
        Kind::Partial(procedure, arguments) => [&**procedure].into_iter().chain(arguments.iter().flatten()).collect(),
        Kind::Lambda(lambda) => vec![&lambda.body],
        Kind::Sort(terms) => terms.iter().map(|term| &term.expr).collect(),
        Kind::Transform(transform) => {
            [&transform.pattern, &transform.update].into_iter().chain(&transform.delete).collect()
        }
        _ => Vec::new(),
    };
    inner.extend(&expr.predicates);
    inner.extend(expr.group.iter().flat_map(|pairs| pairs.iter()).flat_map(|(key, value)| [key, value]));
    inner.extend(expr.step.stages.iter().filter_map(|stage| match stage {
        Stage::Filter(filter) => Some(filter),
        Stage::Index(_) => None,
    }));
    inner
}

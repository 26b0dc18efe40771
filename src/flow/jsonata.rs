//! The possible values of a JSONata expression, the paths in it that select nothing, and the values that functions and
//! operators do not accept.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use sfn_tasks_jsonata::ast::{Ast, Expr, Kind, Operator, Stage};
use sfn_tasks_jsonata::signature::Kinds;
use sfn_tasks_jsonata::{Problem, Types, functions, problems, problems_of_types};

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
    text: &'r str,
    roots: &'r dyn Roots,
    origin: &'r Origin,
    /// Variables that the expression binds itself.
    bound: BTreeSet<String>,
    dead: Vec<Dead>,
    /// Paths whose existence the expression tests.
    tested: BTreeSet<String>,
    /// The values of the parts, by their addresses.
    values: HashMap<*const Expr, Value>,
}

/// What is known about an expression.
pub(super) struct Known {
    pub(super) value: Value,
    /// The paths that select nothing although the expression does not test them.
    pub(super) dead: Vec<Dead>,
    /// The values that functions and operators do not accept. The text itself does not show these problems.
    pub(super) problems: Vec<Problem>,
}

/// What is known about an expression, which has this text.
pub(super) fn read(text: &str, ast: &Ast, roots: &dyn Roots, origin: &Origin) -> Known {
    let mut reader = Reader {
        text,
        roots,
        origin,
        bound: BTreeSet::new(),
        dead: Vec::new(),
        tested: BTreeSet::new(),
        values: HashMap::new(),
    };
    reader.bind(&ast.root);
    let value = reader.value(&ast.root, false);
    let Reader { mut dead, tested, values, .. } = reader;
    dead.retain(|dead| !tested.contains(&dead.alive) && !tested.contains(&format!("{}{}", dead.alive, dead.step)));
    let known = problems(ast);
    let types = Typed { values, exists: Cell::new(true) };
    let mut found = problems_of_types(ast, &types);
    found.retain(|problem| !known.contains(problem));
    // A part without a value is accepted almost everywhere.
    types.exists.set(false);
    let certain = problems_of_types(ast, &types);
    let mut sometimes = Sometimes::default();
    sometimes.look(&ast.root, false);
    found.retain(|_| !sometimes.asks_type);
    for problem in &mut found {
        let is_inside = sometimes.parts.iter().any(|part| part.contains(&problem.offset));
        problem.fails &= certain.contains(problem) && !is_inside;
    }
    Known { value, dead, problems: found }
}

/// The parts of an expression that are not always evaluated.
#[derive(Default)]
struct Sometimes {
    parts: Vec<Range<usize>>,
    /// The expression decides by the type of a value.
    asks_type: bool,
}

impl Sometimes {
    fn look(&mut self, expr: &Expr, is_sometimes: bool) {
        if is_sometimes {
            self.parts.push(expr.span.clone());
        }
        let always: Vec<&Expr> = match &expr.kind {
            Kind::Variable(name) => {
                self.asks_type |= &**name == "type";
                Vec::new()
            }
            Kind::Condition(first, ..) | Kind::Default(first, _) | Kind::Coalesce(first, _) => vec![first],
            Kind::Binary(Operator::And | Operator::Or, first, _) => vec![first],
            Kind::Binary(_, left, right) | Kind::Apply(left, right) => vec![left, right],
            Kind::Negate(inner) | Kind::Bind(_, inner) => vec![inner],
            Kind::Array(items) | Kind::Block(items) => items.iter().collect(),
            Kind::Object(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
            Kind::Call(procedure, arguments) => [&**procedure].into_iter().chain(arguments).collect(),
            Kind::Path { steps, .. } => steps.first().into_iter().collect(),
            _ => Vec::new(),
        };
        let is_always = |inner: &Expr| always.iter().any(|it| std::ptr::eq(*it, inner));
        for inner in children(expr) {
            self.look(inner, is_sometimes || !is_always(inner));
        }
    }
}

/// The kinds of the values of the parts of an expression.
struct Typed {
    values: HashMap<*const Expr, Value>,
    /// Whether to assume that each part has a value.
    exists: Cell<bool>,
}

impl Typed {
    fn kinds_of(&self, value: &Value) -> Kinds {
        if value.anything {
            return Kinds::ANY;
        }
        let kinds = [
            (value.null, Kinds::NULL),
            (value.boolean, Kinds::BOOLEAN),
            (value.number, Kinds::NUMBER),
            (value.string, Kinds::STRING),
            (value.list.is_some(), Kinds::ARRAY),
            (value.object.is_some(), Kinds::OBJECT),
            (value.function, Kinds::FUNCTION),
            (value.missing && !self.exists.get(), Kinds::MISSING),
        ];
        kinds.into_iter().filter(|(is, _)| *is).fold(Kinds::NONE, |all, (_, kind)| all.and(kind))
    }
}

impl Types for Typed {
    fn kinds(&self, part: &Expr) -> Option<Kinds> {
        self.values.get(&std::ptr::from_ref(part)).map(|value| self.kinds_of(value))
    }

    fn elements(&self, part: &Expr) -> Option<Vec<Kinds>> {
        let value = self.values.get(&std::ptr::from_ref(part)).filter(|value| !value.anything)?;
        let list = value.list.as_ref()?;
        let elements: Vec<Value> = match &list.elements {
            Some(elements) => elements.clone(),
            None if list.any.is_nothing() => Vec::new(),
            // The list can be empty.
            None => vec![list.any.clone().or_none()],
        };
        // A list in a list is not looked at.
        Some(elements.iter().filter(|element| element.list.is_none()).map(|element| self.kinds_of(element)).collect())
    }
}

/// The kinds of scalars that a function of Step Functions returns, if it returns nothing else.
fn returned(function: &Expr) -> Option<Value> {
    let Kind::Variable(name) = &function.kind else { return None };
    match functions::find(name)?.signature.result {
        Kinds::STRING => Some(Value::string()),
        Kinds::NUMBER => Some(Value::number()),
        Kinds::BOOLEAN => Some(Value::boolean()),
        _ => None,
    }
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
        let value = self.value_of(expr, is_tested);
        self.values.insert(std::ptr::from_ref(expr), value.clone());
        value
    }

    fn value_of(&mut self, expr: &Expr, is_tested: bool) -> Value {
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
                let values: Vec<Value> = items.iter().map(|item| self.value(item, false)).collect();
                // A list in it becomes part of it, and what is missing is left out.
                let is_plain = |value: &Value| !value.anything && !value.missing && value.list.is_none();
                match values.iter().all(is_plain) {
                    true => Value::elements(values, self.origin.clone()),
                    false => Value::list(Value::anything(), self.origin.clone()),
                }
            }
            Kind::Lambda(_) | Kind::Transform(_) | Kind::Regex(_) => {
                self.parts(expr, is_tested);
                Value::function()
            }
            Kind::Bind(_, inner) => self.value(inner, is_tested),
            Kind::Negate(inner) => {
                let missing = self.value(inner, is_tested);
                self.scalar(Value::number(), [missing])
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
                let given: Vec<Value> =
                    arguments.iter().map(|argument| self.value(argument, asks || is_tested)).collect();
                self.result_of(procedure, given)
            }
            Kind::Apply(left, right) => {
                let mut given = vec![self.value(left, is_tested)];
                let procedure = match &right.kind {
                    Kind::Call(procedure, arguments) => {
                        given.extend(arguments.iter().map(|argument| self.value(argument, is_tested)));
                        procedure
                    }
                    _ => {
                        self.value(right, is_tested);
                        right
                    }
                };
                // Two functions become one.
                let composes = matches!(left.kind, Kind::Lambda(_) | Kind::Partial(..) | Kind::Apply(..))
                    || self.names_function(left);
                if composes { Value::anything() } else { self.result_of(procedure, given) }
            }
            _ => {
                self.parts(expr, is_tested);
                Value::anything()
            }
        }
    }

    /// Whether the expression is the name of a function.
    fn names_function(&self, expr: &Expr) -> bool {
        match &expr.kind {
            Kind::Variable(name) => self.bound.contains(&**name) || functions::find(name).is_some(),
            _ => false,
        }
    }

    /// The result of a function for these arguments.
    fn result_of(&self, function: &Expr, given: Vec<Value>) -> Value {
        let is_own = matches!(&function.kind, Kind::Variable(name) if self.bound.contains(&**name));
        match returned(function).filter(|_| !is_own) {
            Some(scalar) => self.scalar(scalar, given),
            None => Value::anything(),
        }
    }

    /// A scalar, or nothing if one of these values can be missing.
    fn scalar(&self, scalar: Value, given: impl IntoIterator<Item = Value>) -> Value {
        let may_miss = |value: Value| value.missing || value.anything || value.list.is_some();
        Value { missing: given.into_iter().any(may_miss), ..scalar }
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
        let sides = [left, right].map(|side| {
            let is_path = matches!(side.kind, Kind::Path { .. } | Kind::Variable(_));
            self.value(side, is_tested || asks && is_path)
        });
        match operator {
            Operator::Concat => Value::string(),
            Operator::Range => Value::anything(),
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
                self.scalar(Value::number(), sides)
            }
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                self.scalar(Value::boolean(), sides)
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
        let mut names: Vec<Step<'_>> = Vec::new();
        // The value of a call or a block, before the names.
        let mut start = None;
        let mut is_whole = true;
        for (at, step) in steps.iter().enumerate() {
            match &step.kind {
                Kind::Variable(name) if at == 0 => names.push(Step::Name(name)),
                Kind::Call(..) | Kind::Block(_) if at == 0 => start = Some(step),
                Kind::Name(name) if at > 0 => names.push(Step::Name(name)),
                _ => {
                    is_whole = false;
                    break;
                }
            }
            let is_bare = step.predicates.is_empty()
                && step.group.is_none()
                && step.step.focus.is_none()
                && step.step.index.is_none()
                && !step.keep_array;
            let has_filters = !step.step.stages.is_empty();
            is_whole &= is_bare && !has_filters;
            if !is_bare || !step.step.stages.iter().all(|stage| matches!(stage, Stage::Filter(_))) {
                break;
            }
            if has_filters {
                names.push(Step::Filter);
            }
        }
        let start = start.map(|step| {
            let text = self.text.get(step.span.clone()).unwrap_or_default();
            (self.value(step, is_tested), text.to_owned(), names.as_slice())
        });
        // The expressions in filters and in steps.
        for step in steps.iter().skip(usize::from(start.is_some())) {
            let of_step = children(step);
            of_step.into_iter().for_each(|inner| drop(self.value(inner, false)));
        }
        let found = match names.as_slice() {
            _ if start.is_some() => start,
            [Step::Name("states"), Step::Name(part), rest @ ..] => {
                self.roots.part(part).map(|start| (start, format!("$states.{part}"), rest))
            }
            [Step::Name("states" | "" | "$"), ..] => None,
            [Step::Name(name), ..] if self.bound.contains(*name) => None,
            [Step::Name(name), rest @ ..] => Some((self.roots.variable(name), format!("${name}"), rest)),
            _ => None,
        };
        let Some((start, alive, rest)) = found else { return Value::anything() };
        if is_tested {
            let text = rest.iter().fold(alive.clone(), |text, step| match step {
                Step::Name(name) => format!("{text}.{name}"),
                _ => text,
            });
            self.tested.insert(text);
        }
        match path::jsonata(start, &alive, rest) {
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

//! The tree of an expression.
//!
//! It has the shape that evaluation needs: `a.b[0].c` is one path with three steps, and a filter belongs to its step.

use std::ops::Range;
use std::sync::Arc;

use crate::signature::Signature;

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// The kind of the expression.
    pub kind: Kind,
    /// Its position in the text, in bytes.
    pub span: Range<usize>,
    /// `[…]` after an expression that is not a path.
    pub predicates: Vec<Expr>,
    /// `{…}` after the expression.
    pub group: Option<Box<Vec<(Expr, Expr)>>>,
    /// `[]` follows it: a single value stays an array.
    pub keep_array: bool,
    /// Its properties as a step of a path.
    pub step: Box<Step>,
    pub(crate) depth: usize,
}

/// The properties of an expression as a step of a path.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Filters and position variables after the step, in order.
    pub stages: Vec<Stage>,
    /// `@$name`: the variable that holds the value of the step.
    pub focus: Option<Arc<str>>,
    /// `#$name`: the variable that holds the position.
    pub index: Option<Arc<str>>,
    /// The slot of the parent that a later `%` refers to.
    pub ancestor: Option<usize>,
    /// The step returns values together with variables.
    pub tuple: bool,
    /// An array that is not flattened into the path.
    pub cons_array: bool,
    /// Parents (`%`) that are not yet found among the preceding steps.
    pub(crate) seeking: Vec<usize>,
}

/// What follows a step.
#[derive(Debug, Clone)]
pub enum Stage {
    /// `[…]`.
    Filter(Expr),
    /// `#$name` after a filter.
    Index(Arc<str>),
}

/// The kinds of expressions.
#[derive(Debug, Clone)]
pub enum Kind {
    /// `a.b.c`, also with a single step.
    Path {
        /// The steps, at least one.
        steps: Vec<Expr>,
        /// A step keeps its array.
        keep_singleton: bool,
    },
    /// A member, within a path only.
    Name(Arc<str>),
    /// `*`.
    Wildcard,
    /// `**`.
    Descendants,
    /// `%`, with its slot.
    Parent(usize),
    /// `'text'`.
    String(Arc<str>),
    /// `1.5`.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// `/pattern/flags`.
    Regex(Arc<Regex>),
    /// `$name`, without the `$`. `$` is the empty name; `$$` is `$`.
    Variable(Arc<str>),
    /// `${Name}`: a value that is known when the definition is deployed.
    Placeholder(Arc<str>),
    /// Two operands.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `-x`.
    Negate(Box<Expr>),
    /// `[a, b]`.
    Array(Vec<Expr>),
    /// `{a: b}`.
    Object(Vec<(Expr, Expr)>),
    /// `(a; b)`.
    Block(Vec<Expr>),
    /// `$name := value`.
    Bind(Arc<str>, Box<Expr>),
    /// `condition ? then : otherwise`.
    Condition(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    /// `a ?: b`: the left value if it is truthy.
    Default(Box<Expr>, Box<Expr>),
    /// `a ?? b`: the left value if there is one.
    Coalesce(Box<Expr>, Box<Expr>),
    /// `$f(a, b)`.
    Call(Box<Expr>, Vec<Expr>),
    /// `$f(?, b)`: `None` is a question mark.
    Partial(Box<Expr>, Vec<Option<Expr>>),
    /// `function($a) { … }`.
    Lambda(Arc<Lambda>),
    /// `a ~> $f`.
    Apply(Box<Expr>, Box<Expr>),
    /// `^(a, >b)`, within a path only.
    Sort(Vec<Term>),
    /// `|pattern|update, delete|`.
    Transform(Arc<Transform>),
}

/// The operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Concat,
    And,
    Or,
    In,
    Range,
}

impl Operator {
    /// The text of the operator.
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Concat => "&",
            Operator::And => "and",
            Operator::Or => "or",
            Operator::In => "in",
            Operator::Range => "..",
        }
    }
}

/// A function that the expression defines.
#[derive(Debug, Clone)]
pub struct Lambda {
    /// Names of the parameters, without `$`.
    pub parameters: Vec<Arc<str>>,
    /// `<n-n:n>`.
    pub signature: Option<Signature>,
    /// Its body.
    pub body: Expr,
}

/// `|pattern|update, delete|`.
#[derive(Debug, Clone)]
pub struct Transform {
    /// Which objects are changed.
    pub pattern: Expr,
    /// The members that are put into them.
    pub update: Expr,
    /// The members that are removed.
    pub delete: Option<Expr>,
}

/// One criterion of a sort.
#[derive(Debug, Clone)]
pub struct Term {
    /// It begins with `>`.
    pub descending: bool,
    /// The expression to sort by.
    pub expr: Expr,
}

/// A regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regex {
    /// The text between the slashes.
    pub pattern: String,
    /// The flags `i` and `m` after it.
    pub flags: String,
}

impl Expr {
    /// Calls `see` for each direct child of this expression: operands, steps, filters, groups.
    pub fn children<'a>(&'a self, see: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            Kind::Path { steps: list, .. } | Kind::Array(list) | Kind::Block(list) => list.iter().for_each(&mut *see),
            Kind::Binary(_, left, right)
            | Kind::Default(left, right)
            | Kind::Coalesce(left, right)
            | Kind::Apply(left, right) => {
                see(left);
                see(right);
            }
            Kind::Negate(inner) | Kind::Bind(_, inner) => see(inner),
            Kind::Object(pairs) => pairs.iter().for_each(|(key, value)| {
                see(key);
                see(value);
            }),
            Kind::Condition(condition, then, otherwise) => {
                see(condition);
                see(then);
                otherwise.iter().for_each(|branch| see(branch));
            }
            Kind::Call(procedure, arguments) => {
                see(procedure);
                arguments.iter().for_each(&mut *see);
            }
            Kind::Partial(procedure, arguments) => {
                see(procedure);
                arguments.iter().flatten().for_each(&mut *see);
            }
            Kind::Lambda(lambda) => see(&lambda.body),
            Kind::Sort(terms) => terms.iter().for_each(|term| see(&term.expr)),
            Kind::Transform(transform) => {
                see(&transform.pattern);
                see(&transform.update);
                transform.delete.iter().for_each(&mut *see);
            }
            Kind::Name(_)
            | Kind::Wildcard
            | Kind::Descendants
            | Kind::Parent(_)
            | Kind::String(_)
            | Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Null
            | Kind::Regex(_)
            | Kind::Variable(_)
            | Kind::Placeholder(_) => {}
        }
        self.predicates.iter().for_each(&mut *see);
        for stage in &self.step.stages {
            if let Stage::Filter(filter) = stage {
                see(filter);
            }
        }
        self.group.iter().flat_map(|pairs| pairs.iter()).for_each(|(key, value)| {
            see(key);
            see(value);
        });
    }
}

/// A parsed expression.
#[derive(Debug, Clone)]
pub struct Ast {
    /// The expression.
    pub root: Expr,
    /// For each slot of a parent (`%`), the label of its value.
    pub labels: Vec<usize>,
}

//! Conditions of a Choice state.

use std::fmt;

use super::ErrorName;
use crate::value::{IntoPath, IntoPayload, IntoValue, Jsonata, Payload, Text, Timestamp, Tree, Value, copy, equal};

/// The condition of a rule of a Choice state: one or more comparisons or, in a JSONata state, an expression (see
/// [`jsonata`](crate::value::jsonata)).
pub struct Condition(pub(crate) Kind);

pub(crate) enum Kind {
    Compare { variable: Text, operator: &'static str, operand: Payload },
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Jsonata(Text),
}

impl Default for Kind {
    fn default() -> Self {
        Kind::All(Vec::new())
    }
}

/// Dropped without recursion, because conditions can be nested to any depth.
impl Drop for Condition {
    fn drop(&mut self) {
        let mut left = Vec::new();
        self.move_children(&mut left);
        while let Some(mut condition) = left.pop() {
            condition.move_children(&mut left);
        }
    }
}

impl Tree for Condition {
    fn move_children(&mut self, to: &mut Vec<Self>) {
        match &mut self.0 {
            Kind::All(inner) | Kind::Any(inner) => to.append(inner),
            Kind::Not(inner) => to.push(Condition(std::mem::take(&mut inner.0))),
            Kind::Compare { .. } | Kind::Jsonata(_) => {}
        }
    }

    fn child(&self, place: usize) -> Option<&Self> {
        match &self.0 {
            Kind::All(inner) | Kind::Any(inner) => inner.get(place),
            Kind::Not(inner) => Some(&**inner).filter(|_| place == 0),
            Kind::Compare { .. } | Kind::Jsonata(_) => None,
        }
    }

    fn holding(&self, mut children: Vec<Self>) -> Self {
        Condition(match &self.0 {
            Kind::All(_) => Kind::All(children),
            Kind::Any(_) => Kind::Any(children),
            Kind::Not(_) => children.pop().map(|inner| Kind::Not(Box::new(inner))).unwrap_or_default(),
            Kind::Compare { variable, operator, operand } => {
                Kind::Compare { variable: variable.clone(), operator, operand: operand.clone() }
            }
            Kind::Jsonata(expression) => Kind::Jsonata(expression.clone()),
        })
    }
}

impl Clone for Condition {
    fn clone(&self) -> Self {
        copy(self)
    }
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        equal(vec![(self, other)], |left, right, pairs| match (&left.0, &right.0) {
            (Kind::All(left), Kind::All(right)) | (Kind::Any(left), Kind::Any(right)) => {
                pairs.extend(left.iter().zip(right));
                left.len() == right.len()
            }
            (Kind::Not(left), Kind::Not(right)) => {
                pairs.push((left, right));
                true
            }
            (
                Kind::Compare { variable, operator, operand },
                Kind::Compare { variable: other_variable, operator: other_operator, operand: other_operand },
            ) => (variable, operator, operand) == (other_variable, other_operator, other_operand),
            (Kind::Jsonata(left), Kind::Jsonata(right)) => left == right,
            _ => false,
        })
    }
}

/// The condition, up to a depth that is readable.
impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            _ if self.depth() > 100 => f.write_str("Condition(…)"),
            Kind::Compare { variable, operator, operand } => write!(f, "{variable} {operator} {operand:?}"),
            Kind::All(inner) => f.debug_tuple("all").field(inner).finish(),
            Kind::Any(inner) => f.debug_tuple("any").field(inner).finish(),
            Kind::Not(inner) => f.debug_tuple("not").field(inner).finish(),
            Kind::Jsonata(expression) => write!(f, "{{% {expression} %}}"),
        }
    }
}

impl From<Jsonata> for Condition {
    fn from(expression: Jsonata) -> Self {
        Condition(Kind::Jsonata(expression.0))
    }
}

/// True if all of the conditions are true: `And`.
pub fn all(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    Condition(Kind::All(conditions.into_iter().collect()))
}

/// True if any of the conditions is true: `Or`.
pub fn any(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    Condition(Kind::Any(conditions.into_iter().collect()))
}

/// `!condition` is [`not(condition)`](not).
impl std::ops::Not for Condition {
    type Output = Condition;

    fn not(self) -> Condition {
        not(self)
    }
}

/// True if the condition is false: `Not`. The same as `!condition`.
pub fn not(condition: Condition) -> Condition {
    Condition(Kind::Not(Box::new(condition)))
}

impl Condition {
    /// The content of the condition.
    pub(crate) fn into_kind(mut self) -> Kind {
        std::mem::take(&mut self.0)
    }

    /// The maximum depth of nested `all`, `any` and `not`, computed without recursion.
    pub(crate) fn depth(&self) -> usize {
        let mut deepest = 0;
        let mut open = vec![(self, 0)];
        while let Some((condition, depth)) = open.pop() {
            deepest = deepest.max(depth);
            match &condition.0 {
                Kind::All(inner) | Kind::Any(inner) => open.extend(inner.iter().map(|it| (it, depth + 1))),
                Kind::Not(inner) => open.push((inner, depth + 1)),
                Kind::Compare { .. } | Kind::Jsonata(_) => {}
            }
        }
        deepest
    }

    /// True if both conditions are true.
    pub fn and(self, other: Condition) -> Condition {
        match self.into_kind() {
            Kind::All(mut conditions) => {
                conditions.push(other);
                Condition(Kind::All(conditions))
            }
            kind => all([Condition(kind), other]),
        }
    }

    /// True if at least one of the two conditions is true.
    pub fn or(self, other: Condition) -> Condition {
        match self.into_kind() {
            Kind::Any(mut conditions) => {
                conditions.push(other);
                Condition(Kind::Any(conditions))
            }
            kind => any([Condition(kind), other]),
        }
    }
}

/// The left side of a comparison: a path into the state's input, or a variable. Created by [`var`].
#[derive(Debug, Clone, PartialEq)]
#[must_use = "call a comparison such as `equals`"]
pub struct Variable(Text);

/// The value at a path, for a comparison: `var("$.total").greater_than(1000)`.
pub fn var(path: impl IntoPath) -> Variable {
    Variable(path.into_path().0)
}

/// The types of literals that determine the operator: `NumericEquals`, `StringEquals` or `BooleanEquals`.
///
/// A path has no known type. To compare with a path, use an operator by its name, such as
/// [`numeric_equals`](Variable::numeric_equals).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not determine a comparison operator",
    label = "pass a number, text or a boolean; to compare with a path, use `numeric_equals`, `string_equals` and similar methods"
)]
pub trait Comparable: Into<Payload> + sealed::Sealed {
    /// `Numeric`, `String`, `Boolean` or `Timestamp`
    #[doc(hidden)]
    const FAMILY: Family;
}

/// The operators of one type.
#[doc(hidden)]
#[derive(Debug)]
pub struct Family {
    equals: &'static str,
    less_than: &'static str,
    less_than_equals: &'static str,
    greater_than: &'static str,
    greater_than_equals: &'static str,
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! family {
    ($name:literal: $($of:ty),*) => {$(
        impl sealed::Sealed for $of {}

        impl Comparable for $of {
            const FAMILY: Family = Family {
                equals: concat!($name, "Equals"),
                less_than: concat!($name, "LessThan"),
                less_than_equals: concat!($name, "LessThanEquals"),
                greater_than: concat!($name, "GreaterThan"),
                greater_than_equals: concat!($name, "GreaterThanEquals"),
            };
        }
    )*};
}

family!("Numeric": i8, u8, i16, u16, i32, u32, i64, u64, isize, usize, f32, f64);
family!("String": &str, &String, String, Box<str>, std::sync::Arc<str>, std::borrow::Cow<'_, str>, ErrorName);

impl sealed::Sealed for bool {}

impl Comparable for bool {
    const FAMILY: Family = Family {
        equals: "BooleanEquals",
        // The Amazon States Language has none of these operators; the checker reports them.
        less_than: "BooleanLessThan",
        less_than_equals: "BooleanLessThanEquals",
        greater_than: "BooleanGreaterThan",
        greater_than_equals: "BooleanGreaterThanEquals",
    };
}

/// Comparisons whose operator depends on the type of the literal.
impl Variable {
    fn compare(self, operator: &'static str, operand: Payload) -> Condition {
        Condition(Kind::Compare { variable: self.0, operator, operand })
    }

    /// `NumericEquals`, `StringEquals` or `BooleanEquals`, depending on the type of the literal.
    pub fn equals<C: Comparable>(self, literal: C) -> Condition {
        self.compare(C::FAMILY.equals, literal.into())
    }

    /// `NumericLessThan` or `StringLessThan`.
    pub fn less_than<C: Comparable>(self, literal: C) -> Condition {
        self.compare(C::FAMILY.less_than, literal.into())
    }

    /// `NumericLessThanEquals` or `StringLessThanEquals`.
    pub fn less_than_equals<C: Comparable>(self, literal: C) -> Condition {
        self.compare(C::FAMILY.less_than_equals, literal.into())
    }

    /// `NumericGreaterThan` or `StringGreaterThan`.
    pub fn greater_than<C: Comparable>(self, literal: C) -> Condition {
        self.compare(C::FAMILY.greater_than, literal.into())
    }

    /// `NumericGreaterThanEquals` or `StringGreaterThanEquals`.
    pub fn greater_than_equals<C: Comparable>(self, literal: C) -> Condition {
        self.compare(C::FAMILY.greater_than_equals, literal.into())
    }
}

macro_rules! operators {
    ($($method:ident($kind:ty) = $operator:literal;)*) => {
        /// The operators of the Amazon States Language, by their names. For a path as the operand, each becomes its
        /// `…Path` form.
        impl Variable {
            $(
                #[doc = concat!("`", $operator, "`, or `", $operator, "Path` for a path.")]
                pub fn $method(self, operand: impl IntoValue<$kind>) -> Condition {
                    self.compare($operator, operand.into_value().into_payload())
                }
            )*
        }
    };
}

operators! {
    boolean_equals(bool) = "BooleanEquals";
    numeric_equals(f64) = "NumericEquals";
    numeric_less_than(f64) = "NumericLessThan";
    numeric_less_than_equals(f64) = "NumericLessThanEquals";
    numeric_greater_than(f64) = "NumericGreaterThan";
    numeric_greater_than_equals(f64) = "NumericGreaterThanEquals";
    string_equals(String) = "StringEquals";
    string_less_than(String) = "StringLessThan";
    string_less_than_equals(String) = "StringLessThanEquals";
    string_greater_than(String) = "StringGreaterThan";
    string_greater_than_equals(String) = "StringGreaterThanEquals";
    timestamp_equals(Timestamp) = "TimestampEquals";
    timestamp_less_than(Timestamp) = "TimestampLessThan";
    timestamp_less_than_equals(Timestamp) = "TimestampLessThanEquals";
    timestamp_greater_than(Timestamp) = "TimestampGreaterThan";
    timestamp_greater_than_equals(Timestamp) = "TimestampGreaterThanEquals";
}

macro_rules! tests {
    ($($method:ident, $negative:ident = $operator:literal, $what:literal;)*) => {
        /// Tests of the value itself.
        impl Variable {
            $(
                #[doc = concat!("Holds if the value is ", $what, ": `", $operator, "`.")]
                pub fn $method(self) -> Condition {
                    self.compare($operator, Payload::Bool(true))
                }

                #[doc = concat!("Holds if the value is not ", $what, ".")]
                pub fn $negative(self) -> Condition {
                    self.compare($operator, Payload::Bool(false))
                }
            )*

            /// True if the text matches the pattern, in which `*` matches any characters: `StringMatches`.
            pub fn string_matches(self, pattern: impl Into<String>) -> Condition {
                self.compare("StringMatches", Payload::from(pattern.into()))
            }
        }
    };
}

tests! {
    is_boolean, is_not_boolean = "IsBoolean", "a boolean";
    is_null, is_not_null = "IsNull", "`null`";
    is_numeric, is_not_numeric = "IsNumeric", "a number";
    is_present, is_not_present = "IsPresent", "there";
    is_string, is_not_string = "IsString", "a string";
    is_timestamp, is_not_timestamp = "IsTimestamp", "a timestamp";
}

impl IntoPayload for ErrorName {
    fn into_payload(self) -> Payload {
        self.into()
    }
}

impl From<ErrorName> for Payload {
    fn from(name: ErrorName) -> Self {
        Payload::String(name.into_text())
    }
}

/// An error name is compared as text.
impl IntoValue<String> for ErrorName {
    fn into_value(self) -> Value<String> {
        Value::unchecked(Payload::String(self.into_text()))
    }
}

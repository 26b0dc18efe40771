//! JSON with parts that are known only at deployment or at run time.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use serde::Serialize;

use super::tree::{copy, equal};
use super::{Elements, Expression, Json, Members, Number, Text};

/// JSON in which any part can be an [`Expression`], such as the parameters of a task. It does not depend on the query
/// language of its state.
///
/// The [`payload!`](crate::payload) macro creates one in the syntax of JSON:
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let payload = payload!({ "order": path("$.order.id"), "token": task_token(), "dryRun": false });
/// ```
///
/// In a JSONPath state, it becomes `{"order.$": "$.order.id", "token.$": "$$.Task.Token", "dryRun": false}`.
#[derive(Default)]
#[non_exhaustive]
pub enum Payload {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number
    Number(Number),
    /// A string, which is never read as an expression
    String(Text),
    /// An array
    Array(Elements<Payload>),
    /// An object, with its members in order
    Object(Members),
    /// A value that is known only at run time
    Expression(Expression),
    /// `${Name}` without quotation marks: a number, a boolean or an object that is known at deployment
    Placeholder(Text),
    /// A value that the user marked as deliberate: a finding about it is a warning at most
    Deliberate(Box<Payload>),
    /// A value that a setter rejected, with the reason. It is reported when the state machine is built
    Fault(Text),
}

impl Clone for Payload {
    fn clone(&self) -> Self {
        copy(self)
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        equal(vec![(self, other)], |left, right, pairs| match (left, right) {
            (Payload::Null, Payload::Null) => true,
            (Payload::Bool(left), Payload::Bool(right)) => left == right,
            (Payload::Number(left), Payload::Number(right)) => left == right,
            (Payload::String(left), Payload::String(right))
            | (Payload::Placeholder(left), Payload::Placeholder(right))
            | (Payload::Fault(left), Payload::Fault(right)) => left == right,
            (Payload::Array(left), Payload::Array(right)) => {
                pairs.extend(left.iter().zip(right.iter()));
                left.len() == right.len()
            }
            (Payload::Object(left), Payload::Object(right)) => {
                pairs.extend(left.iter().zip(right.iter()).map(|((_, left), (_, right))| (left, right)));
                left.len() == right.len() && left.iter().zip(right.iter()).all(|((left, _), (right, _))| left == right)
            }
            (Payload::Expression(left), Payload::Expression(right)) => left == right,
            (Payload::Deliberate(left), Payload::Deliberate(right)) => {
                pairs.push((left, right));
                true
            }
            _ => false,
        })
    }
}

/// A value in [`payload!`](crate::payload).
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be in a payload",
    label = "pass text, a number, a boolean, a list, a map, `path(…)`, `jsonata(…)`, `reference(…)` or an intrinsic function",
    note = "`Payload::serialize(&value)` accepts every value that serde can write; for a `Duration`, pass the number `.as_secs()`"
)]
pub trait InPayload {
    fn in_payload(self) -> Payload;
}

// With this attribute, the compiler names the value and not `From` in its message.
#[diagnostic::do_not_recommend]
impl<T> InPayload for T
where
    Payload: From<T>,
{
    fn in_payload(self) -> Payload {
        self.into()
    }
}

/// Converts a value of `payload!`.
#[doc(hidden)]
pub fn payload_of(value: impl InPayload) -> Payload {
    value.in_payload()
}

impl Payload {
    /// An object without members.
    pub const fn object() -> Self {
        Payload::Object(Members::new())
    }

    /// A payload from a value that implements `Serialize`. If serde cannot write it, the error is reported when the
    /// state machine is built.
    pub fn serialize(value: &impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => value.into(),
            Err(error) => Payload::Fault(format!("this value cannot be written as JSON: {error}").into()),
        }
    }

    /// Marks the payload as deliberate.
    pub(crate) fn deliberate(self) -> Self {
        match self {
            already @ Payload::Deliberate(_) => already,
            payload => Payload::Deliberate(Box::new(payload)),
        }
    }

    /// Whether it contains a path, an intrinsic function or a member of the context object.
    pub(crate) fn holds_path(&self) -> bool {
        let mut open = vec![self];
        while let Some(payload) = open.pop() {
            match payload {
                Payload::Expression(Expression::Jsonata(_)) => {}
                Payload::Expression(_) => return true,
                Payload::Array(elements) => open.extend(elements.iter()),
                Payload::Object(members) => open.extend(members.iter().map(|(_, value)| value)),
                Payload::Deliberate(inner) => open.push(inner),
                _ => {}
            }
        }
        false
    }

    /// The payload without the mark `Deliberate`.
    pub(crate) fn bare(&self) -> &Self {
        match self {
            Payload::Deliberate(inner) => inner.bare(),
            payload => payload,
        }
    }

    /// The payload without the mark `Deliberate`.
    pub(crate) fn into_bare(self) -> Self {
        match self {
            Payload::Deliberate(inner) => inner.into_bare(),
            payload => payload,
        }
    }

    /// Sets a member. An existing member keeps its place. Any other payload is replaced by an object.
    pub(crate) fn set(&mut self, name: Text, value: Payload) {
        if !matches!(self, Payload::Object(_)) {
            *self = Payload::object();
        }
        if let Payload::Object(members) = self {
            match members.iter_mut().find(|(key, _)| *key == name) {
                Some((_, present)) => *present = value,
                None => members.push((name, value)),
            }
        }
    }
}

macro_rules! payload_from {
    ($($from:ty: $value:ident => $payload:expr;)*) => {$(
        impl From<$from> for Payload {
            fn from($value: $from) -> Self {
                $payload
            }
        }
    )*};
}

payload_from! {
    (): _unit => Payload::Null;
    bool: value => Payload::Bool(value);
    i8: value => Payload::Number(i64::from(value).into());
    u8: value => Payload::Number(i64::from(value).into());
    i16: value => Payload::Number(i64::from(value).into());
    u16: value => Payload::Number(i64::from(value).into());
    i32: value => Payload::Number(i64::from(value).into());
    u32: value => Payload::Number(i64::from(value).into());
    i64: value => Payload::Number(value.into());
    u64: value => Payload::Number(value.into());
    isize: value => Payload::Number((value as i64).into());
    usize: value => Payload::Number((value as u64).into());
    i128: value => number(&value);
    u128: value => number(&value);
    // The shortest text of the `f32`: 0.1 is 0.1, not 0.10000000149011612.
    f32: value => number(&value);
    f64: value => Number::from_f64(value).map_or_else(|| number(&value), Payload::Number);
    Number: value => Payload::Number(value);
    &str: value => Payload::String(Cow::Owned(value.to_owned()));
    &String: value => Payload::String(Cow::Owned(value.clone()));
    String: value => Payload::String(Cow::Owned(value));
    Box<str>: value => Payload::String(Cow::Owned(value.into()));
    Rc<str>: value => Payload::String(Cow::Owned(value.to_string()));
    Arc<str>: value => Payload::String(Cow::Owned(value.to_string()));
    Cow<'_, str>: value => Payload::String(Cow::Owned(value.into_owned()));
    Expression: value => Payload::Expression(value);
    &Payload: value => value.clone();
}

fn number(value: &impl fmt::Display) -> Payload {
    match Number::from_text(&value.to_string()) {
        Some(number) => Payload::Number(number),
        None => Payload::Fault(format!("JSON has no number for {value}").into()),
    }
}

impl<T: Into<Payload>> From<Option<T>> for Payload {
    fn from(value: Option<T>) -> Self {
        value.map_or(Payload::Null, Into::into)
    }
}

impl<T: Into<Payload>> From<Vec<T>> for Payload {
    fn from(elements: Vec<T>) -> Self {
        Payload::Array(elements.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Payload> + Clone> From<&[T]> for Payload {
    fn from(elements: &[T]) -> Self {
        Payload::Array(elements.iter().cloned().map(Into::into).collect())
    }
}

impl<T: Into<Payload>, const N: usize> From<[T; N]> for Payload {
    fn from(elements: [T; N]) -> Self {
        Payload::Array(elements.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Payload>> From<BTreeMap<String, T>> for Payload {
    fn from(members: BTreeMap<String, T>) -> Self {
        Payload::Object(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Sorted by key, so that the same map always has the same text.
impl<T: Into<Payload>> From<HashMap<String, T>> for Payload {
    fn from(members: HashMap<String, T>) -> Self {
        members.into_iter().collect::<BTreeMap<_, _>>().into()
    }
}

/// An array.
impl<T: Into<Payload>> FromIterator<T> for Payload {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Payload::Array(elements.into_iter().map(Into::into).collect())
    }
}

/// An object. If two members have the same name, the last value wins, in the place of the first.
impl<K: Into<String>, T: Into<Payload>> FromIterator<(K, T)> for Payload {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(members: I) -> Self {
        let mut object: Vec<(Text, Payload)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (name, value) in members {
            let (name, value) = (name.into(), value.into());
            match places.get(&name) {
                Some(place) => object[*place].1 = value,
                None => {
                    places.insert(name.clone(), object.len());
                    object.push((name.into(), value));
                }
            }
        }
        Payload::Object(object.into())
    }
}

impl From<serde_json::Value> for Payload {
    fn from(value: serde_json::Value) -> Self {
        Json::from(value).into()
    }
}

impl From<Json> for Payload {
    fn from(json: Json) -> Self {
        from_json(json, 0)
    }
}

/// The maximum depth of values: far more than Step Functions accepts, far less than the stack of a thread allows.
pub(crate) const MAX_DEPTH: usize = 100;

fn from_json(json: Json, depth: usize) -> Payload {
    match json {
        Json::Array(_) | Json::Object(_) if depth > MAX_DEPTH => Payload::Fault(too_deep().into()),
        Json::Null => Payload::Null,
        Json::Bool(value) => Payload::Bool(value),
        Json::Number(number) => Payload::Number(number),
        Json::String(text) => Payload::String(text),
        Json::Array(elements) => Payload::Array(elements.into_iter().map(|it| from_json(it, depth + 1)).collect()),
        Json::Object(object) => {
            Payload::Object(object.into_iter().map(|(name, value)| (name, from_json(value, depth + 1))).collect())
        }
        Json::Placeholder(name) => Payload::Placeholder(name),
    }
}

pub(crate) fn too_deep() -> String {
    format!("the payload is nested more than {MAX_DEPTH} levels deep")
}

/// The value, up to a depth that is readable.
impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(self, f, 0)
    }
}

fn debug(payload: &Payload, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    let shown = |inner| Shown { payload: inner, depth: depth + 1 };
    match payload {
        _ if depth > MAX_DEPTH => f.write_str("…"),
        Payload::Null => f.write_str("null"),
        Payload::Bool(value) => fmt::Debug::fmt(value, f),
        Payload::Number(number) => fmt::Debug::fmt(number, f),
        Payload::String(text) => fmt::Debug::fmt(text, f),
        Payload::Array(elements) => f.debug_list().entries(elements.iter().map(shown)).finish(),
        Payload::Object(members) => {
            f.debug_map().entries(members.iter().map(|(name, value)| (name, shown(value)))).finish()
        }
        Payload::Expression(expression) => fmt::Debug::fmt(expression, f),
        Payload::Placeholder(name) => write!(f, "${{{name}}}"),
        Payload::Deliberate(inner) => debug(inner, f, depth + 1),
        Payload::Fault(reason) => f.debug_tuple("Fault").field(reason).finish(),
    }
}

struct Shown<'a> {
    payload: &'a Payload,
    depth: usize,
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(self.payload, f, self.depth)
    }
}

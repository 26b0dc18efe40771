//! What a setter takes: a literal of the right type, or an expression.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::marker::PhantomData;

use super::{ContextValue, Intrinsic, Jsonata, Path, Payload, Reference, Text};

/// A value of type `T`, or an expression that gives one at run time.
///
/// Every setter takes `impl Into<Value<T>>`: a literal, a [`path`](super::path), a [`jsonata`](super::jsonata)
/// expression, an [intrinsic function](super::intrinsic), a member of the [context object](super::context) or a
/// deploy-time [`reference`](super::reference()).
pub struct Value<T: ?Sized> {
    payload: Payload,
    of: PhantomData<fn() -> Box<T>>,
}

// By hand, since a derive would ask the same of `T`, of which there never is a value.
impl<T: ?Sized> Clone for Value<T> {
    fn clone(&self) -> Self {
        Self::unchecked(self.payload.clone())
    }
}

impl<T: ?Sized> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.payload.fmt(f)
    }
}

impl<T: ?Sized> Value<T> {
    /// Takes any payload as a value of this type, for what the library does not know yet: an enum's new member, a
    /// new member of a structure.
    pub fn unchecked(payload: impl Into<Payload>) -> Self {
        Self { payload: payload.into(), of: PhantomData }
    }

    /// The payload that is rendered.
    pub fn into_payload(self) -> Payload {
        self.payload
    }
}

impl<T: ?Sized> From<Value<T>> for Payload {
    fn from(value: Value<T>) -> Self {
        value.payload
    }
}

/// How a [`Reference`] to a value of this type stands in a definition.
pub trait ReferenceForm {
    /// Whether it stands in quotation marks, as text does; numbers, lists and objects do not.
    const QUOTED: bool;
}

macro_rules! reference_form {
    ($quoted:literal: $($of:ty),*) => {$(
        impl ReferenceForm for $of {
            const QUOTED: bool = $quoted;
        }
    )*};
}

reference_form!(true: String, Payload, Timestamp, Blob, NumberText);
reference_form!(false: i64, f64, bool);

impl<T> ReferenceForm for Vec<T> {
    const QUOTED: bool = false;
}

impl<T> ReferenceForm for BTreeMap<String, T> {
    const QUOTED: bool = false;
}

impl<T: ReferenceForm + ?Sized> From<Reference> for Value<T> {
    fn from(reference: Reference) -> Self {
        Self::unchecked(if T::QUOTED { reference.into() } else { Payload::Placeholder(reference.0) })
    }
}

impl<T: ?Sized> From<Path> for Value<T> {
    fn from(path: Path) -> Self {
        Self::unchecked(path)
    }
}

impl<T: ?Sized> From<Jsonata> for Value<T> {
    fn from(expression: Jsonata) -> Self {
        Self::unchecked(expression)
    }
}

impl<T: ?Sized> From<Intrinsic> for Value<T> {
    fn from(call: Intrinsic) -> Self {
        Self::unchecked(call)
    }
}

impl<T: ?Sized> From<ContextValue> for Value<T> {
    fn from(value: ContextValue) -> Self {
        Self::unchecked(value)
    }
}

/// A point in time, in ISO 8601: `2026-01-31T12:00:00Z`.
#[derive(Debug)]
pub enum Timestamp {}

/// Bytes, as Base64 text.
#[derive(Debug)]
pub enum Blob {}

/// A number that the service takes as a string, such as DynamoDB's `N`.
#[derive(Debug)]
pub enum NumberText {}

macro_rules! value_from {
    ($($of:ty: $($from:ty),*;)*) => {$($(
        impl From<$from> for Value<$of> {
            fn from(value: $from) -> Self {
                Self::unchecked(value)
            }
        }
    )*)*};
}

value_from! {
    String: &str, &String, String, Text;
    bool: bool;
    i64: u8, i32, u32, i64, u64, usize;
    f64: i32, u32, i64, f64;
    Timestamp: &str, String;
    Blob: &str, String;
    NumberText: &str, String;
    Payload: &str, &String, String, bool, i32, u32, i64, u64, f64, Payload, serde_json::Value;
}

macro_rules! number_text_from {
    ($($from:ty),*) => {$(
        impl From<$from> for Value<NumberText> {
            fn from(value: $from) -> Self {
                Self::unchecked(value.to_string())
            }
        }
    )*};
}

number_text_from!(i32, u32, i64, u64, f64);

impl<T, V: Into<Value<T>>> From<Vec<V>> for Value<Vec<T>> {
    fn from(elements: Vec<V>) -> Self {
        elements.into_iter().collect()
    }
}

impl<T, V: Into<Value<T>>, const N: usize> From<[V; N]> for Value<Vec<T>> {
    fn from(elements: [V; N]) -> Self {
        elements.into_iter().collect()
    }
}

impl<T, V: Into<Value<T>>> FromIterator<V> for Value<Vec<T>> {
    fn from_iter<I: IntoIterator<Item = V>>(elements: I) -> Self {
        Self::unchecked(Payload::Array(elements.into_iter().map(|element| element.into().payload).collect()))
    }
}

impl<T, K: Into<String>, V: Into<Value<T>>> From<Vec<(K, V)>> for Value<BTreeMap<String, T>> {
    fn from(members: Vec<(K, V)>) -> Self {
        members.into_iter().collect()
    }
}

impl<T, K: Into<String>, V: Into<Value<T>>, const N: usize> From<[(K, V); N]> for Value<BTreeMap<String, T>> {
    fn from(members: [(K, V); N]) -> Self {
        members.into_iter().collect()
    }
}

impl<T, K: Into<String>, V: Into<Value<T>>> From<BTreeMap<K, V>> for Value<BTreeMap<String, T>> {
    fn from(members: BTreeMap<K, V>) -> Self {
        members.into_iter().collect()
    }
}

/// In the order of the keys, so that the same map always gives the same text.
impl<T, K: Into<String> + Ord, V: Into<Value<T>>> From<HashMap<K, V>> for Value<BTreeMap<String, T>> {
    fn from(members: HashMap<K, V>) -> Self {
        members.into_iter().collect::<BTreeMap<_, _>>().into()
    }
}

/// Of two members of one name the later one stays.
impl<T, K: Into<String>, V: Into<Value<T>>> FromIterator<(K, V)> for Value<BTreeMap<String, T>> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut payload = Payload::object();
        for (name, value) in members {
            payload.set(name.into().into(), value.into().payload);
        }
        Self::unchecked(payload)
    }
}

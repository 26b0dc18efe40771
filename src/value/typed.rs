//! The values that setters accept: a literal of the right type, or an expression.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use super::{ContextValue, Element, Intrinsic, Json, Jsonata, Number, Path, Payload, Reference};

/// A value of type `T`, or an expression that returns one at run time. Created by [`IntoValue`].
pub struct Value<T: ?Sized> {
    /// `None` for an `Option` that is `None`, which sets nothing
    payload: Option<Payload>,
    of: PhantomData<fn() -> Box<T>>,
}

/// The values that a setter of a parameter of type `T` accepts: a literal of that type, a [`path`](super::path), a
/// [`jsonata`](super::jsonata) expression, an [intrinsic function](super::intrinsic), a member of the [context
/// object](super::context) or a deploy-time [`reference`](super::reference()). An `Option` sets the parameter only if
/// it is `Some`.
///
/// | `T` | literals |
/// |---|---|
/// | `String` | every kind of text |
/// | `i64`, `f64` | every kind of number |
/// | `bool` | `true`, `false` |
/// | [`Timestamp`] | ISO 8601 text, [`SystemTime`] |
/// | [`Blob`], [`NumberText`] | text; numbers |
/// | [`Payload`] | all of these, [`payload!`](crate::payload), `serde_json::Value` |
/// | `Vec<T>` | lists of what `T` takes |
/// | `BTreeMap<String, T>` | maps, and lists of pairs, of what `T` takes |
/// | a structure or an enum of a service | itself |
///
/// Times and sizes have their own traits: [`IntoTime`](super::IntoTime), [`IntoSize`](super::IntoSize).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a parameter of type `{T}`",
    label = "write a value of type `{T}`, `path(…)`, `jsonata(…)`, `reference(…)` or an intrinsic function",
    note = "write text for `String`, `Timestamp` and `Blob`; a number for `i64`, `f64` and `NumberText`; for an enum a variant, `text.parse()?`, or `other(text)` of it; for a structure its builder; `payload!(…)` or `Payload::serialize(&value)` for `Payload`",
    note = "a setter that adds one element or member has another form, `set_…`, for the whole list or map"
)]
pub trait IntoValue<T: ?Sized> {
    /// The value.
    fn into_value(self) -> Value<T>;
}

/// The key of a member, for the setters that add one to a map: any kind of text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of a map",
    label = "pass the key as text, and the value after it",
    note = "a setter that adds one member has another form, `set_…`, for the whole map"
)]
pub trait IntoKey {
    /// The key.
    fn into_key(self) -> String;
}

#[diagnostic::do_not_recommend]
impl<K: Into<String>> IntoKey for K {
    fn into_key(self) -> String {
        self.into()
    }
}

// Not derived, because a derive would need `T: Clone`. There is never a value of `T`.
impl<T: ?Sized> Clone for Value<T> {
    fn clone(&self) -> Self {
        Self { payload: self.payload.clone(), of: PhantomData }
    }
}

impl<T: ?Sized> PartialEq for Value<T> {
    fn eq(&self, other: &Self) -> bool {
        self.payload == other.payload
    }
}

impl<T: ?Sized> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.payload.fmt(f)
    }
}

impl<T: ?Sized> Value<T> {
    /// Uses any payload as a value of this type. Findings about unknown parts of it are warnings, not errors.
    pub fn other(payload: impl Into<Payload>) -> Self {
        Self::unchecked(payload.into().deliberate())
    }

    /// Uses any payload as a value of this type.
    pub fn unchecked(payload: impl Into<Payload>) -> Self {
        Self { payload: Some(payload.into()), of: PhantomData }
    }

    const NONE: Self = Self { payload: None, of: PhantomData };

    /// The payload to render: `null` if there is none.
    pub fn into_payload(self) -> Payload {
        self.payload.unwrap_or_default()
    }

    /// The payload to render, if there is one.
    pub(crate) fn into_option(self) -> Option<Payload> {
        self.payload
    }
}

impl<T: ?Sized> From<Value<T>> for Payload {
    fn from(value: Value<T>) -> Self {
        value.into_payload()
    }
}

/// The form of a [`Reference`] to a value of this type in a definition. Hidden, because every type of a parameter has
/// it.
#[doc(hidden)]
pub trait ReferenceForm {
    /// Whether it is in quotation marks, like text. Numbers, lists and objects are not.
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

#[doc(hidden)]
impl<T: ReferenceForm + ?Sized> From<Reference> for Value<T> {
    fn from(reference: Reference) -> Self {
        reference.into_value()
    }
}

impl<T: ReferenceForm + ?Sized> IntoValue<T> for Reference {
    fn into_value(self) -> Value<T> {
        Value::unchecked(if T::QUOTED { self.into() } else { self.into_unquoted() })
    }
}

/// The types whose value can have any type at run time.
macro_rules! dynamic {
    ($($from:ty),*) => {$(
        impl<T: ?Sized> IntoValue<T> for $from {
            fn into_value(self) -> Value<T> {
                Value::unchecked(self)
            }
        }

        #[doc(hidden)]
        impl<T: ?Sized> From<$from> for Value<T> {
            fn from(value: $from) -> Self {
                value.into_value()
            }
        }
    )*};
}

dynamic!(Path, Jsonata, Intrinsic, ContextValue);

impl<T: ?Sized> IntoValue<T> for Element {
    fn into_value(self) -> Value<T> {
        Value::unchecked(self.0.deliberate())
    }
}

impl<T: ?Sized> IntoValue<T> for Value<T> {
    fn into_value(self) -> Value<T> {
        self
    }
}

impl<T: ?Sized> IntoValue<T> for &Value<T> {
    fn into_value(self) -> Value<T> {
        self.clone()
    }
}

impl<T: ?Sized, V: IntoValue<T>> IntoValue<T> for Option<V> {
    fn into_value(self) -> Value<T> {
        self.map_or(Value::NONE, V::into_value)
    }
}

/// A point in time, in ISO 8601: `2026-01-31T12:00:00Z`.
#[derive(Debug)]
pub enum Timestamp {}

/// Bytes, as Base64 text.
#[derive(Debug)]
pub enum Blob {}

/// A number that the service expects as a string, such as DynamoDB's `N`.
#[derive(Debug)]
pub enum NumberText {}

macro_rules! literals {
    ($($of:ty: $($from:ty),*;)*) => {$($(
        impl IntoValue<$of> for $from {
            fn into_value(self) -> Value<$of> {
                Value::unchecked(self)
            }
        }

        #[doc(hidden)]
        impl From<$from> for Value<$of> {
            fn from(value: $from) -> Self {
                value.into_value()
            }
        }
    )*)*};
}

literals! {
    String: &str, &String, String, Cow<'_, str>, Box<str>, Rc<str>, Arc<str>;
    bool: bool;
    i64: i8, u8, i16, u16, i32, u32, i64, u64, isize, usize;
    f64: i8, u8, i16, u16, i32, u32, i64, u64, isize, usize, f32, f64;
    Timestamp: &str, &String, String, Cow<'_, str>, Box<str>, Arc<str>;
    Blob: &str, &String, String, Cow<'_, str>, Box<str>, Arc<str>;
    NumberText: &str, &String, String, Cow<'_, str>, Box<str>, Arc<str>;
    Payload: &str, &String, String, Cow<'_, str>, Box<str>, Rc<str>, Arc<str>, bool, i8, u8, i16, u16, i32, u32, i64,
        u64, isize, usize, i128, u128, f32, f64, (), Number, Payload, &Payload, Json, serde_json::Value;
}

macro_rules! number_text {
    ($($from:ty),*) => {$(
        impl IntoValue<NumberText> for $from {
            fn into_value(self) -> Value<NumberText> {
                Value::unchecked(self.to_string())
            }
        }
    )*};
}

number_text!(i8, u8, i16, u16, i32, u32, i64, u64, i128, u128, isize, usize, f32, f64);

/// In UTC, with milliseconds.
impl IntoValue<Timestamp> for SystemTime {
    fn into_value(self) -> Value<Timestamp> {
        Value::unchecked(match self.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => Payload::from(iso_8601(since.as_secs(), since.subsec_millis())),
            Err(_) => Payload::Fault("a timestamp cannot be before 1970".into()),
        })
    }
}

fn iso_8601(seconds: u64, millis: u32) -> String {
    // Howard Hinnant's `civil_from_days`: years start in March, in eras of 400 years.
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// A list in free JSON.
impl IntoValue<Vec<Payload>> for Payload {
    fn into_value(self) -> Value<Vec<Payload>> {
        Value::unchecked(self)
    }
}

/// An object in free JSON.
impl IntoValue<BTreeMap<String, Payload>> for Payload {
    fn into_value(self) -> Value<BTreeMap<String, Payload>> {
        Value::unchecked(self)
    }
}

impl<T, V: IntoValue<T>> IntoValue<Vec<T>> for Vec<V> {
    fn into_value(self) -> Value<Vec<T>> {
        self.into_iter().collect()
    }
}

impl<T, V: IntoValue<T>, const N: usize> IntoValue<Vec<T>> for [V; N] {
    fn into_value(self) -> Value<Vec<T>> {
        self.into_iter().collect()
    }
}

impl<T, V: IntoValue<T> + Clone> IntoValue<Vec<T>> for &[V] {
    fn into_value(self) -> Value<Vec<T>> {
        self.iter().cloned().collect()
    }
}

impl<T, V: IntoValue<T> + Clone> IntoValue<Vec<T>> for &Vec<V> {
    fn into_value(self) -> Value<Vec<T>> {
        self.iter().cloned().collect()
    }
}

/// An element that is `None` is skipped.
impl<T, V: IntoValue<T>> FromIterator<V> for Value<Vec<T>> {
    fn from_iter<I: IntoIterator<Item = V>>(elements: I) -> Self {
        let elements = elements.into_iter().filter_map(|element| element.into_value().payload);
        Self::unchecked(Payload::Array(elements.collect()))
    }
}

impl<T, K: Into<String>, V: IntoValue<T>> IntoValue<BTreeMap<String, T>> for Vec<(K, V)> {
    fn into_value(self) -> Value<BTreeMap<String, T>> {
        self.into_iter().collect()
    }
}

impl<T, K: Into<String>, V: IntoValue<T>, const N: usize> IntoValue<BTreeMap<String, T>> for [(K, V); N] {
    fn into_value(self) -> Value<BTreeMap<String, T>> {
        self.into_iter().collect()
    }
}

impl<T, K: Into<String>, V: IntoValue<T>> IntoValue<BTreeMap<String, T>> for BTreeMap<K, V> {
    fn into_value(self) -> Value<BTreeMap<String, T>> {
        self.into_iter().collect()
    }
}

/// Sorted by key, so that the same map always has the same text.
impl<T, K: Into<String> + Ord, V: IntoValue<T>> IntoValue<BTreeMap<String, T>> for HashMap<K, V> {
    fn into_value(self) -> Value<BTreeMap<String, T>> {
        self.into_iter().collect::<BTreeMap<_, _>>().into_value()
    }
}

/// If two members have the same name, the last one wins. A member that is `None` is skipped.
impl<T, K: Into<String>, V: IntoValue<T>> FromIterator<(K, V)> for Value<BTreeMap<String, T>> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut payload = Payload::object();
        for (name, value) in members {
            if let Some(value) = value.into_value().payload {
                payload.set(name.into().into(), value);
            }
        }
        Self::unchecked(payload)
    }
}

#[cfg(test)]
mod tests {
    use super::iso_8601;

    #[test]
    fn a_system_time_is_the_date_that_it_is() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(iso_8601(seconds, 0), text);
        }
        assert_eq!(iso_8601(1, 5), "1970-01-01T00:00:01.005Z");
    }
}

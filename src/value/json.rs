//! JSON without loss: members keep their order, numbers their written form, and `null` is different from an absent
//! member.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};

use super::tree::{Elements, copy, drop_flat, equal};
use super::{Number, token_index, unescape_token};

/// The text of a name or a string. Names that the library knows are `'static` and need no allocation.
pub type Text = Cow<'static, str>;

/// A JSON value that keeps everything that is in its document.
///
/// It differs from [`serde_json::Value`] in three points that a definition needs: members keep their order, a number
/// keeps its written form (`1`, `1.0` and `1e0` are three different values), and a placeholder can be in the place of
/// a number or an object.
#[derive(Eq, Default)]
pub enum Json {
    /// `null`, which is not the same as an absent member.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Text),
    /// An array.
    Array(Elements<Json>),
    /// An object.
    Object(Object),
    /// `${Name}` without quotation marks. A template replaces it with a JSON value at deployment.
    Placeholder(Text),
}

impl Json {
    /// The string, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if this is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The object, mutable, if this is one.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    pub fn as_array(&self) -> Option<&[Json]> {
        match self {
            Json::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The number, if this is one.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Json::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The boolean, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The member with this name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.as_object().and_then(|object| object.get(name))
    }

    /// The value at a JSON Pointer (RFC 6901); `""` is the value itself.
    pub fn pointer(&self, pointer: &str) -> Option<&Json> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |value, token| match value {
            Json::Object(object) => object.get(&unescape_token(token)),
            Json::Array(elements) => elements.get(token_index(token)?),
            _ => None,
        })
    }

    /// The type of this value with its article, for a message: `a string`.
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::String(_) => "a string",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
            Json::Placeholder(_) => "a placeholder",
        }
    }
}

/// An ordered JSON object. Names are unique.
///
/// A lookup searches the members one by one, because most objects in a definition are small. To look up many members
/// of `States`, build an index first.
#[derive(Clone, Default, Eq)]
pub struct Object {
    pub(super) members: Vec<(Text, Json)>,
}

impl Drop for Object {
    fn drop(&mut self) {
        drop_flat(std::mem::take(&mut self.members).into_iter().map(|(_, value)| value));
    }
}

/// The JSON text. It is written without recursion.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Object {
    /// An object without members.
    pub const fn new() -> Self {
        Self { members: Vec::new() }
    }

    /// An empty object with room for this number of members.
    pub fn with_capacity(members: usize) -> Self {
        Self { members: Vec::with_capacity(members) }
    }

    /// The value of the member with this name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The value of the member with this name, mutable.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        self.members.iter_mut().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The value of the member at this index.
    pub(crate) fn value_at(&self, index: usize) -> Option<&Json> {
        self.members.get(index).map(|(_, value)| value)
    }

    /// Whether the object has a member with this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a member. An existing member keeps its place; a new one is added at the end. Returns the previous value.
    pub fn insert(&mut self, name: impl Into<Text>, value: impl Into<Json>) -> Option<Json> {
        let (name, value) = (name.into(), value.into());
        if let Some(present) = self.get_mut(&name) {
            return Some(std::mem::replace(present, value));
        }
        self.members.push((name, value));
        None
    }

    /// Adds a member without a search. The caller knows that its name is new.
    pub(crate) fn push(&mut self, name: impl Into<Text>, value: impl Into<Json>) {
        self.members.push((name.into(), value.into()));
    }

    /// Removes a member. The order of the others does not change.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let at = self.members.iter().position(|(key, _)| key == name)?;
        Some(self.members.remove(at).1)
    }

    /// The members in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Json)> + ExactSizeIterator {
        self.members.iter().map(|(name, value)| (&**name, value))
    }

    /// The member at this index.
    pub(crate) fn at(&self, place: usize) -> Option<&Json> {
        self.members.get(place).map(|(_, value)| value)
    }

    /// The members in their order, with mutable values.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&str, &mut Json)> + ExactSizeIterator {
        self.members.iter_mut().map(|(name, value)| (&**name, value))
    }

    /// Sorts the members by the key of their names. The sort is stable.
    pub fn sort_by_key<K: Ord>(&mut self, mut key: impl FnMut(&str) -> K) {
        self.members.sort_by_cached_key(|(name, _)| key(name));
    }

    /// The names in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| &**name)
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether the object has no members.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

impl Clone for Json {
    fn clone(&self) -> Self {
        copy(self)
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        equal(vec![(self, other)], level)
    }
}

/// Two objects are equal if they have the same members. The order does not matter, because it has no meaning in JSON.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = Vec::new();
        pair_members(self, other, &mut pairs) && equal(pairs, level)
    }
}

/// Whether two values are equal without their children. Adds the pairs of children to compare.
fn level<'j>(left: &'j Json, right: &'j Json, pairs: &mut Vec<(&'j Json, &'j Json)>) -> bool {
    match (left, right) {
        (Json::Null, Json::Null) => true,
        (Json::Bool(left), Json::Bool(right)) => left == right,
        (Json::Number(left), Json::Number(right)) => left == right,
        (Json::String(left), Json::String(right)) | (Json::Placeholder(left), Json::Placeholder(right)) => {
            left == right
        }
        (Json::Array(left), Json::Array(right)) => {
            pairs.extend(left.iter().zip(right.iter()));
            left.len() == right.len()
        }
        (Json::Object(left), Json::Object(right)) => pair_members(left, right, pairs),
        _ => false,
    }
}

/// Whether two objects have the same names. Adds the pairs of their values.
fn pair_members<'j>(left: &'j Object, right: &'j Object, pairs: &mut Vec<(&'j Json, &'j Json)>) -> bool {
    if left.len() != right.len() {
        return false;
    }
    // Usually the order is the same. Names are only searched after the first difference.
    let same = left.iter().zip(right.iter()).take_while(|((a, _), (b, _))| a == b).count();
    pairs.extend(left.iter().zip(right.iter()).take(same).map(|((_, a), (_, b))| (a, b)));
    let rest: HashMap<&str, &Json> = right.iter().skip(same).collect();
    left.iter().skip(same).all(|(name, value)| match rest.get(name) {
        Some(other) => {
            pairs.push((value, other));
            true
        }
        None => false,
    })
}

impl IntoIterator for Object {
    type Item = (Text, Json);
    type IntoIter = std::vec::IntoIter<(Text, Json)>;

    fn into_iter(mut self) -> Self::IntoIter {
        std::mem::take(&mut self.members).into_iter()
    }
}

impl<K: Into<Text>, V: Into<Json>> FromIterator<(K, V)> for Object {
    /// If two members have the same name, the last one wins.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut object = Object::new();
        for (name, value) in members {
            object.insert(name, value);
        }
        object
    }
}

/// Equality as JSON values: the order of members does not matter, and numbers are compared by value.
impl PartialEq<serde_json::Value> for Json {
    fn eq(&self, other: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (self, other) {
            (Json::Null, Value::Null) => true,
            (Json::Bool(left), Value::Bool(right)) => left == right,
            (Json::Number(left), Value::Number(right)) => {
                let right = Number::from(right.clone());
                *left == right || left.as_f64() == right.as_f64()
            }
            (Json::String(left), Value::String(right)) => left == right,
            (Json::Array(left), Value::Array(right)) => **left == *right,
            (Json::Object(left), Value::Object(right)) => {
                left.len() == right.len()
                    && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| value == other))
            }
            _ => false,
        }
    }
}

macro_rules! json_equals {
    ($($with:ty: $json:ident, $other:ident => $equal:expr;)*) => {$(
        impl PartialEq<$with> for Json {
            fn eq(&self, $other: &$with) -> bool {
                let $json = self;
                $equal
            }
        }
    )*};
}

// Like `serde_json::Value`, so that a test can write `assert_eq!(output.pointer("/count").unwrap(), 3)`.
json_equals! {
    str: json, other => json.as_str() == Some(other);
    &str: json, other => json.as_str() == Some(*other);
    String: json, other => json.as_str() == Some(other.as_str());
    bool: json, other => json.as_bool() == Some(*other);
    i32: json, other => *json == i64::from(*other);
    u32: json, other => *json == i64::from(*other);
    i64: json, other => json.as_number().is_some_and(|number| *number == Number::from(*other));
    u64: json, other => json.as_number().is_some_and(|number| *number == Number::from(*other));
    f64: json, other => json.as_number().is_some_and(|number| number.as_f64() == *other);
}

macro_rules! reference_equals {
    ($($with:ty)*) => {$(
        impl PartialEq<$with> for &Json {
            fn eq(&self, other: &$with) -> bool {
                **self == *other
            }
        }
    )*};
}

reference_equals! { String bool i32 u32 i64 u64 f64 }

macro_rules! json_from {
    ($($from:ty: $value:ident => $json:expr;)*) => {$(
        impl From<$from> for Json {
            fn from($value: $from) -> Self {
                $json
            }
        }
    )*};
}

json_from! {
    bool: value => Json::Bool(value);
    i32: value => Json::Number(Number::from(i64::from(value)));
    u32: value => Json::Number(Number::from(i64::from(value)));
    i64: value => Json::Number(Number::from(value));
    u64: value => Json::Number(Number::from(value));
    Number: value => Json::Number(value);
    &'static str: value => Json::String(Cow::Borrowed(value));
    String: value => Json::String(Cow::Owned(value));
    Text: value => Json::String(value);
    Vec<Json>: value => Json::Array(value.into());
    Object: value => Json::Object(value);
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(value),
            Value::Number(number) => Json::Number(number.into()),
            Value::String(text) => Json::String(text.into()),
            Value::Array(elements) => Json::Array(elements.into_iter().map(Json::from).collect()),
            // The names are unique in `serde_json`.
            Value::Object(members) => Json::Object(Object {
                members: members.into_iter().map(|(name, value)| (name.into(), Json::from(value))).collect(),
            }),
        }
    }
}

/// An unquoted placeholder becomes a string.
impl From<&Json> for serde_json::Value {
    fn from(json: &Json) -> Self {
        use serde_json::Value;
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => number.into(),
            Json::String(text) => Value::String(text.to_string()),
            Json::Array(elements) => Value::Array(elements.iter().map(Value::from).collect()),
            Json::Object(object) => {
                Value::Object(object.iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
            }
            Json::Placeholder(name) => Value::String(format!("${{{name}}}")),
        }
    }
}

/// The maximum depth for a [`Serializer`], which works by recursion.
const MAX_SERIALIZED: usize = 256;

/// An unquoted placeholder becomes a string, because a [`Serializer`] has no other form for it. The
/// [`Display`](fmt::Display) form of [`Json`] keeps it. More than 256 nested arrays and objects are an error.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        AtDepth { value: self, depth: 0 }.serialize(serializer)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (name, AtDepth { value, depth: 1 })))
    }
}

struct AtDepth<'j> {
    value: &'j Json,
    depth: usize,
}

impl Serialize for AtDepth<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let within = |value| AtDepth { value, depth: self.depth + 1 };
        match self.value {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(number) => number.serialize(serializer),
            Json::String(text) => serializer.serialize_str(text),
            Json::Placeholder(name) => serializer.collect_str(&format_args!("${{{name}}}")),
            Json::Array(_) | Json::Object(_) if self.depth == MAX_SERIALIZED => Err(S::Error::custom(format_args!(
                "nested too deeply: arrays and objects are nested more than {MAX_SERIALIZED} levels"
            ))),
            Json::Array(elements) => serializer.collect_seq(elements.iter().map(within)),
            Json::Object(object) => serializer.collect_map(object.iter().map(|(name, value)| (name, within(value)))),
        }
    }
}

/// Rejects duplicate keys.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_none<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        Json::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("JSON has no number for infinity or NaN"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(elements.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut object = Object::new();
        while let Some(name) = map.next_key::<String>()? {
            if object.contains(&name) {
                return Err(de::Error::custom(format_args!("the object has two members with the name `{name}`")));
            }
            object.push(name, map.next_value::<Json>()?);
        }
        Ok(Json::Object(object))
    }
}

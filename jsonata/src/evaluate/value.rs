//! Values, which are shared and never changed.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use super::function::Function;
use crate::signature::Kinds;

/// The members of an object, in order.
pub(crate) type Members = IndexMap<Arc<str>, Value>;

/// A value. A copy is cheap, because large content is shared.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    String(Arc<str>),
    /// An array, or a sequence.
    Array(Array),
    /// An object.
    Object(Object),
    /// A function.
    Function(Arc<Function>),
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Items {
    pub(crate) list: Vec<Value>,
    depth: usize,
}

/// An array with properties that a path sets.
#[derive(Clone, Debug, Default)]
pub struct Array {
    pub(crate) items: Arc<Items>,
    /// It is the result of a path: a single value replaces it, and an empty result is no value.
    pub(crate) sequence: bool,
    /// A single value stays an array.
    pub(crate) keep: bool,
    /// It was written as an array, and is not flattened.
    pub(crate) cons: bool,
    /// It wraps the input, which is an array.
    pub(crate) outer: bool,
}

impl Array {
    pub(crate) fn plain(list: Vec<Value>) -> Self {
        let depth = list.iter().map(Value::depth).max().unwrap_or(0) + 1;
        Self { items: Arc::new(Items { list, depth }), ..Self::default() }
    }

    pub(crate) fn sequence(list: Vec<Value>) -> Self {
        Self { sequence: true, ..Self::plain(list) }
    }

    pub(crate) fn list(&self) -> &[Value] {
        &self.items.list
    }

    pub(crate) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.items, &other.items)
    }

    /// Appends values; shared content is copied first.
    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = Value>) {
        let items = Arc::make_mut(&mut self.items);
        for value in more {
            items.depth = items.depth.max(value.depth() + 1);
            items.list.push(value);
        }
    }
}

#[derive(Debug, Default)]
struct ObjectData {
    members: Members,
    depth: usize,
}

/// An object.
#[derive(Clone, Debug, Default)]
pub struct Object(Arc<ObjectData>);

impl Object {
    pub(crate) fn new(members: Members) -> Self {
        let depth = members.values().map(Value::depth).max().unwrap_or(0) + 1;
        Self(Arc::new(ObjectData { members, depth }))
    }

    pub(crate) fn members(&self) -> &Members {
        &self.0.members
    }

    /// The identity of an object: two objects with equal members can differ.
    pub(crate) fn identity(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Value::String(text.into())
    }

    /// An array.
    pub fn array(list: Vec<Value>) -> Self {
        Value::Array(Array::plain(list))
    }

    pub(crate) fn sequence(list: Vec<Value>) -> Self {
        Value::Array(Array::sequence(list))
    }

    /// An object.
    pub fn object<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Value)>) -> Self {
        Value::Object(Object::new(members.into_iter().map(|(name, value)| (name.into(), value)).collect()))
    }

    /// Whether there is no value.
    pub fn is_undefined(&self) -> bool {
        matches!(self, Value::Undefined)
    }

    /// How deep arrays and objects are nested.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Value::Array(array) => array.items.depth,
            Value::Object(object) => object.0.depth,
            Value::Function(function) => function.depth(),
            _ => 0,
        }
    }

    pub(crate) fn kind(&self) -> Kinds {
        match self {
            Value::Undefined => Kinds::MISSING,
            Value::Null => Kinds::NULL,
            Value::Bool(_) => Kinds::BOOLEAN,
            Value::Number(_) => Kinds::NUMBER,
            Value::String(_) => Kinds::STRING,
            Value::Array(_) => Kinds::ARRAY,
            Value::Object(_) => Kinds::OBJECT,
            Value::Function(_) => Kinds::FUNCTION,
        }
    }

    /// The elements of an array, or the value itself as the only one.
    pub(crate) fn into_list(self) -> Vec<Value> {
        match self {
            Value::Array(array) => match Arc::try_unwrap(array.items) {
                Ok(items) => items.list,
                Err(items) => items.list.clone(),
            },
            other => vec![other],
        }
    }

    /// Adds a value like `$append`: arrays are joined.
    pub(crate) fn append(&mut self, more: Value) {
        match (&mut *self, more) {
            (_, Value::Undefined) => {}
            (Value::Undefined, more) => *self = more,
            (Value::Array(array), more) => {
                (array.sequence, array.keep, array.cons, array.outer) = (false, false, false, false);
                array.extend(more.into_list());
            }
            (_, more) => {
                let mut array = Array::plain(vec![std::mem::take(self)]);
                array.extend(more.into_list());
                *self = Value::Array(array);
            }
        }
    }

    /// The value as JSON. Nothing if it is undefined; an error if it is a function or contains one.
    pub fn to_json(&self) -> Result<Option<serde_json::Value>, NotJson> {
        Ok(Some(match self {
            Value::Undefined => return Ok(None),
            Value::Function(_) => return Err(NotJson),
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number_to_json(*number),
            Value::String(text) => serde_json::Value::String(text.to_string()),
            Value::Array(array) => {
                let list: Result<Vec<_>, _> = array
                    .list()
                    .iter()
                    .map(|item| item.to_json().map(|item| item.unwrap_or(serde_json::Value::Null)))
                    .collect();
                serde_json::Value::Array(list?)
            }
            Value::Object(object) => {
                let mut members = serde_json::Map::new();
                for (name, value) in object.members() {
                    if let Some(value) = value.to_json()? {
                        members.insert(name.to_string(), value);
                    }
                }
                serde_json::Value::Object(members)
            }
        }))
    }
}

/// A value is a function or contains one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotJson;

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a function is not JSON")
    }
}

impl std::error::Error for NotJson {}

/// Whole numbers are written without a fraction. A number that JSON cannot contain becomes the text that JavaScript
/// writes, as in Step Functions' result of `1/0`.
fn number_to_json(number: f64) -> serde_json::Value {
    if number.fract() == 0.0 && number.abs() < 9.2e18 {
        return (number as i64).into();
    }
    match serde_json::Number::from_f64(number) {
        Some(number) => serde_json::Value::Number(number),
        None if number.is_nan() => "NaN".into(),
        None if number > 0.0 => "Infinity".into(),
        None => "-Infinity".into(),
    }
}

impl From<&serde_json::Value> for Value {
    /// The reader of `serde_json` limits the depth.
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Value::string(text.as_str()),
            serde_json::Value::Array(list) => Value::array(list.iter().map(Value::from).collect()),
            serde_json::Value::Object(members) => {
                Value::object(members.iter().map(|(name, value)| (name.as_str(), Value::from(value))))
            }
        }
    }
}

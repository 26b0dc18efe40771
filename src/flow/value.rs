//! The possible values at one place: an abstract value.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::catalog::Shape;
use crate::expression::placeholder;
use crate::value::Json;

/// The depth to which values are known.
const MAX_DEPTH: usize = 12;

/// The depths to which the response of an API is tried, and how many shapes it can have there. A response with
/// recursive shapes is known less deep.
const SHAPE_DEPTHS: [(usize, usize); 3] = [(10, 2000), (7, 2000), (5, usize::MAX)];

/// The number of members of an object, and of elements of a list, that are known individually.
const MAX_MEMBERS: usize = 256;

/// All possible values: the union of these kinds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Value {
    /// Any value.
    pub(crate) anything: bool,
    pub(crate) null: bool,
    pub(crate) boolean: bool,
    pub(crate) number: bool,
    pub(crate) string: bool,
    pub(crate) list: Option<Rc<List>>,
    pub(crate) object: Option<Rc<Members>>,
    /// A function of JSONata, which no state can pass on.
    pub(crate) function: bool,
    /// There may be no value.
    pub(crate) missing: bool,
    /// The only scalar that it can be.
    pub(crate) constant: Option<Json>,
}

/// A list.
#[derive(Debug, PartialEq)]
pub(crate) struct List {
    /// Its elements, if their number is known.
    pub(crate) elements: Option<Vec<Value>>,
    /// What every element can be.
    pub(crate) any: Value,
    pub(crate) origin: Origin,
}

/// An object.
#[derive(Debug, PartialEq)]
pub(crate) struct Members {
    pub(crate) known: BTreeMap<String, Value>,
    /// Whether it may have others.
    pub(crate) rest: Rest,
    /// The possible values of the others.
    pub(crate) others: Value,
    pub(crate) origin: Origin,
}

/// What is known about unlisted members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rest {
    /// There are none.
    None,
    /// AWS's model of the API has no others, but AWS can add some; or a sample has no others.
    Unlikely,
    /// There may be others.
    Open,
}

/// The origin of a value, as words for a message, such as ``the result of the Parallel state `etl` ``.
pub(crate) type Origin = Rc<str>;

/// Words for where a value is from.
pub(super) fn origin(text: impl Into<String>) -> Origin {
    Rc::from(text.into())
}

/// The result of a step into a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) value: Value,
    /// There may be a value that the facts do not contain.
    pub(crate) is_unlikely: bool,
}

impl Value {
    pub(crate) fn anything() -> Self {
        Self { anything: true, ..Self::default() }
    }

    pub(crate) fn null() -> Self {
        Self { null: true, ..Self::default() }
    }

    pub(crate) fn boolean() -> Self {
        Self { boolean: true, ..Self::default() }
    }

    pub(crate) fn number() -> Self {
        Self { number: true, ..Self::default() }
    }

    pub(crate) fn string() -> Self {
        Self { string: true, ..Self::default() }
    }

    pub(crate) fn function() -> Self {
        Self { function: true, ..Self::default() }
    }

    /// The value, or none.
    pub(crate) fn or_none(self) -> Self {
        Self { missing: true, ..self }
    }

    pub(crate) fn list(any: Value, origin: Origin) -> Self {
        Self { list: Some(Rc::new(List { elements: None, any, origin })), ..Self::default() }
    }

    pub(crate) fn elements(elements: Vec<Value>, origin: Origin) -> Self {
        let any = elements.iter().fold(Self::default(), |any, element| any.join(element));
        let elements = (elements.len() <= MAX_MEMBERS).then_some(elements);
        Self { list: Some(Rc::new(List { elements, any, origin })), ..Self::default() }
    }

    pub(crate) fn object(known: BTreeMap<String, Value>, rest: Rest, origin: Origin) -> Self {
        let rest = if known.len() > MAX_MEMBERS { Rest::Open } else { rest };
        let known = if known.len() > MAX_MEMBERS { BTreeMap::new() } else { known };
        let others = Self::anything();
        Self { object: Some(Rc::new(Members { known, rest, others, origin })), ..Self::default() }
    }

    /// An object with any members, which all have this value.
    pub(crate) fn map(others: Value, origin: Origin) -> Self {
        let known = BTreeMap::new();
        Self { object: Some(Rc::new(Members { known, rest: Rest::Open, others, origin })), ..Self::default() }
    }

    /// The abstract value of JSON.
    pub(crate) fn of_json(json: &Json, origin: &Origin) -> Self {
        Self::of_json_at(json, origin, MAX_DEPTH)
    }

    fn of_json_at(json: &Json, origin: &Origin, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return Self::anything() };
        match json {
            Json::Object(_) if placeholder::is_value(json) => Self::anything(),
            Json::Null => Self { constant: Some(json.clone()), ..Self::null() },
            Json::Bool(_) => Self { constant: Some(json.clone()), ..Self::boolean() },
            Json::Number(_) => Self { constant: Some(json.clone()), ..Self::number() },
            Json::String(text) if placeholder::is_in(text) => Self::string(),
            Json::String(_) => Self { constant: Some(json.clone()), ..Self::string() },
            Json::Placeholder(_) => Self::anything(),
            Json::Array(elements) => Self::elements(
                elements.iter().map(|element| Self::of_json_at(element, origin, depth)).collect(),
                origin.clone(),
            ),
            Json::Object(object) => {
                let known =
                    object.iter().map(|(name, value)| (name.to_owned(), Self::of_json_at(value, origin, depth)));
                Self::object(known.collect(), Rest::None, origin.clone())
            }
        }
    }

    /// The abstract value of an API's response.
    pub(crate) fn of_shape(shape: &Shape, origin: &Origin) -> Self {
        let known = SHAPE_DEPTHS.iter().find_map(|(depth, most)| {
            let mut left = *most;
            Self::of_shape_at(shape, origin, *depth, &mut left)
        });
        known.unwrap_or_else(Self::anything)
    }

    /// `left` is the number of shapes that may still be added; none is left if the value would have too many.
    fn of_shape_at(shape: &Shape, origin: &Origin, depth: usize, left: &mut usize) -> Option<Self> {
        *left = left.checked_sub(1)?;
        let Some(depth) = depth.checked_sub(1) else { return Some(Self::anything()) };
        Some(match shape {
            Shape::String(_) | Shape::Enum(_) => Self::string(),
            // Step Functions returns times as text or as numbers, and some numbers and flags of an API as text.
            Shape::Timestamp | Shape::Blob => Self { number: true, ..Self::string() },
            Shape::Integer(_) | Shape::Number(_) => Self { string: true, ..Self::number() },
            Shape::Boolean => Self { string: true, ..Self::boolean() },
            Shape::Json => Self::anything(),
            Shape::List(list) => Self::list(Self::of_shape_at(&list.items, origin, depth, left)?, origin.clone()),
            Shape::Map(map) => Self::map(Self::of_shape_at(&map.values, origin, depth, left)?, origin.clone()),
            Shape::Structure(structure) => {
                // AWS omits members without a value.
                let known = structure.members.iter().map(|member| {
                    let value = Self::of_shape_at(&member.shape, origin, depth, left)?;
                    Some((member.name.to_owned(), value.or_none()))
                });
                let known: BTreeMap<_, _> = known.collect::<Option<_>>()?;
                let rest = if known.is_empty() { Rest::Open } else { Rest::Unlikely };
                Self::object(known, rest, origin.clone())
            }
        })
    }

    /// The least size of the value as JSON, in bytes.
    pub(crate) fn least_size(&self) -> usize {
        if let Some(json) = &self.constant {
            return json.to_string().len();
        }
        if self.is_only_an_object() {
            let members = self.object.iter().flat_map(|object| &object.known).filter(|(_, value)| !value.missing);
            // A name has its quotation marks, a colon and a comma; the braces replace one comma.
            return 1 + members.map(|(name, value)| name.len() + 4 + value.least_size()).sum::<usize>();
        }
        if self.is_only_a_list() {
            let elements = self.list.iter().filter_map(|list| list.elements.as_ref()).flatten();
            return 1 + elements.map(|element| element.least_size() + 1).sum::<usize>();
        }
        1
    }

    /// Whether there can be no value.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.can_be_alone() && self.list.is_none() && self.object.is_none()
    }

    /// Whether it is a list, and can be nothing else.
    pub(crate) fn is_only_a_list(&self) -> bool {
        !self.can_be_alone() && self.list.is_some() && self.object.is_none()
    }

    /// Whether it is an object, and can be nothing else.
    pub(crate) fn is_only_an_object(&self) -> bool {
        !self.can_be_alone() && self.list.is_none() && self.object.is_some()
    }

    /// Whether it can be a value that contains no others, or anything.
    fn can_be_alone(&self) -> bool {
        let Self { anything, null, boolean, number, string, function, .. } = self;
        *anything || *null || *boolean || *number || *string || *function
    }

    /// The union of both values.
    #[must_use]
    pub(crate) fn join(&self, other: &Value) -> Value {
        self.join_at(other, MAX_DEPTH)
    }

    fn join_at(&self, other: &Value, depth: usize) -> Value {
        if self.anything || other.anything {
            return Self { missing: self.missing || other.missing, ..Self::anything() };
        }
        let Some(depth) = depth.checked_sub(1) else { return Self::anything() };
        Value {
            anything: false,
            function: self.function || other.function,
            missing: self.missing || other.missing,
            constant: match () {
                () if self.is_nothing() => other.constant.clone(),
                () if other.is_nothing() || self.constant == other.constant => self.constant.clone(),
                () => None,
            },
            null: self.null || other.null,
            boolean: self.boolean || other.boolean,
            number: self.number || other.number,
            string: self.string || other.string,
            list: match (&self.list, &other.list) {
                (Some(a), Some(b)) if Rc::ptr_eq(a, b) => Some(a.clone()),
                (Some(a), Some(b)) => Some(Rc::new(a.join(b, depth))),
                (one, None) | (None, one) => one.clone(),
            },
            object: match (&self.object, &other.object) {
                (Some(a), Some(b)) if Rc::ptr_eq(a, b) => Some(a.clone()),
                (Some(a), Some(b)) => Some(Rc::new(a.join(b, depth))),
                (one, None) | (None, one) => one.clone(),
            },
        }
    }

    /// The member with that name, in JSONPath: of an object.
    pub(crate) fn member(&self, name: &str) -> Found {
        if self.anything {
            return Found { value: Self::anything(), is_unlikely: false };
        }
        let Some(object) = &self.object else { return Found { value: Self::default(), is_unlikely: false } };
        match object.known.get(name) {
            Some(value) => Found { value: value.clone(), is_unlikely: false },
            None if object.rest == Rest::Open => Found { value: object.others.clone(), is_unlikely: false },
            None => Found { value: Self::default(), is_unlikely: object.rest == Rest::Unlikely },
        }
    }

    /// The place of a member with this unknown name: in an element of a list that a Parallel state returned.
    pub(crate) fn within_a_branch(&self, name: &str) -> Option<String> {
        let object = self.object.as_ref().filter(|object| !object.known.contains_key(name))?;
        object.known.iter().find_map(|(member, value)| {
            let elements = value.list.as_ref().filter(|_| !value.anything)?.elements.as_ref()?;
            let has = |value: &Value| value.object.as_ref().is_some_and(|object| object.known.contains_key(name));
            Some(format!(".{member}[{}]", elements.iter().position(has)?))
        })
    }

    /// The member with that name, in JSONata: of an object, or of each element of a list.
    pub(crate) fn member_of_each(&self, name: &str) -> Found {
        let mut found = self.member(name);
        if let Some(list) = &self.list {
            // A nested list is searched too.
            let inner = if list.any.list.is_some() || list.any.anything {
                Found { value: Self::anything(), is_unlikely: false }
            } else {
                list.any.member(name)
            };
            if inner.value.is_nothing() {
                found.is_unlikely |= inner.is_unlikely;
            } else {
                found.value = Self::anything();
            }
        }
        found
    }

    /// The element at that index.
    pub(crate) fn element(&self, index: i64) -> Found {
        if self.anything {
            return Found { value: Self::anything(), is_unlikely: false };
        }
        let Some(list) = &self.list else { return Found { value: Self::default(), is_unlikely: false } };
        let value = match &list.elements {
            Some(elements) => {
                let place = if index < 0 { elements.len() as i64 + index } else { index };
                usize::try_from(place).ok().and_then(|place| elements.get(place)).cloned().unwrap_or_default()
            }
            None if list.any.is_nothing() => Self::anything(),
            None => list.any.clone().or_none(),
        };
        Found { value, is_unlikely: false }
    }

    /// What every element of a list can be.
    pub(crate) fn any_element(&self) -> Value {
        match &self.list {
            _ if self.anything => Self::anything(),
            Some(list) if !list.any.is_nothing() => list.any.clone(),
            _ => Self::anything(),
        }
    }

    /// The value with something inserted at a reference path.
    pub(crate) fn with(&self, path: &[&str], value: Value, origin: &Origin) -> Value {
        let Some((first, rest)) = path.split_first() else { return value };
        if self.anything {
            // It becomes an object with this member and others.
            let inner = Self::anything().with(rest, value, origin);
            return Self::object(BTreeMap::from([((*first).to_owned(), inner)]), Rest::Open, origin.clone());
        }
        let (mut known, rest_of, others, origin) = match &self.object {
            Some(object) => (object.known.clone(), object.rest, object.others.clone(), object.origin.clone()),
            None => (BTreeMap::new(), Rest::None, Self::anything(), origin.clone()),
        };
        let present = match known.get(*first) {
            Some(present) => present.clone(),
            None if rest_of == Rest::Open => others.clone(),
            None => Self::default(),
        };
        known.insert((*first).to_owned(), present.with(rest, value, &origin));
        let members = Members { known, rest: rest_of, others, origin };
        Self { object: Some(Rc::new(members.bounded())), ..Self::default() }
    }
}

impl List {
    fn join(&self, other: &List, depth: usize) -> List {
        let elements = match (&self.elements, &other.elements) {
            (Some(a), Some(b)) if a.len() == b.len() => {
                Some(a.iter().zip(b).map(|(a, b)| a.join_at(b, depth)).collect())
            }
            _ => None,
        };
        List { elements, any: self.any.join_at(&other.any, depth), origin: self.origin.clone() }
    }
}

impl Members {
    /// If there are too many members, none is known by its name.
    fn bounded(mut self) -> Self {
        if self.known.len() > MAX_MEMBERS {
            (self.known, self.rest, self.others) = (BTreeMap::new(), Rest::Open, Value::anything());
        }
        self
    }

    fn join(&self, other: &Members, depth: usize) -> Members {
        let mut known = self.known.clone();
        for (name, value) in &other.known {
            let joined = match (known.get(name), self.rest) {
                (Some(present), _) => present.join_at(value, depth),
                (None, Rest::Open) => self.others.join_at(value, depth).or_none(),
                (None, _) => value.clone().or_none(),
            };
            known.insert(name.clone(), joined);
        }
        for (name, value) in &mut known {
            if !other.known.contains_key(name) {
                *value = match other.rest {
                    Rest::Open => value.join_at(&other.others, depth).or_none(),
                    _ => std::mem::take(value).or_none(),
                };
            }
        }
        let others = match (self.rest == Rest::Open, other.rest == Rest::Open) {
            (true, true) => self.others.join_at(&other.others, depth),
            (true, false) => self.others.clone(),
            _ => other.others.clone(),
        };
        Members { known, rest: self.rest.max(other.rest), others, origin: self.origin.clone() }.bounded()
    }
}

//! Nested lists of any depth. They are dropped, cloned and compared without recursion, so that no value can overflow
//! the stack.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::{Json, Object, Payload, Text};

/// A value that contains values of the same type.
#[doc(hidden)]
pub trait Tree: Sized {
    /// Moves its children to the end of this list.
    fn move_children(&mut self, to: &mut Vec<Self>);

    /// The child at this index.
    fn child(&self, place: usize) -> Option<&Self>;

    /// A copy of the value with these children.
    fn holding(&self, children: Vec<Self>) -> Self;
}

/// A clone.
pub(crate) fn copy<T: Tree>(value: &T) -> T {
    let mut open: Vec<(&T, Vec<T>)> = vec![(value, Vec::new())];
    loop {
        let Some((value, copied)) = open.last_mut() else { unreachable!("the first is returned") };
        if let Some(child) = value.child(copied.len()) {
            match child.child(0) {
                Some(_) => open.push((child, Vec::new())),
                None => copied.push(child.holding(Vec::new())),
            }
            continue;
        }
        let whole = value.holding(std::mem::take(copied));
        open.pop();
        match open.last_mut() {
            Some((_, copied)) => copied.push(whole),
            None => return whole,
        }
    }
}

/// Whether the values of each pair are equal. `level` compares two values without their children, and adds the pairs
/// of children.
pub(crate) fn equal<'v, T>(
    mut pairs: Vec<(&'v T, &'v T)>,
    level: impl Fn(&'v T, &'v T, &mut Vec<(&'v T, &'v T)>) -> bool,
) -> bool {
    while let Some((left, right)) = pairs.pop() {
        if !level(left, right, &mut pairs) {
            return false;
        }
    }
    true
}

impl Tree for Json {
    fn move_children(&mut self, to: &mut Vec<Self>) {
        match self {
            Json::Array(elements) => to.append(elements),
            Json::Object(object) => to.extend(std::mem::take(&mut object.members).into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }

    fn child(&self, place: usize) -> Option<&Self> {
        match self {
            Json::Array(elements) => elements.get(place),
            Json::Object(object) => object.value_at(place),
            _ => None,
        }
    }

    fn holding(&self, children: Vec<Self>) -> Self {
        match self {
            Json::Null => Json::Null,
            Json::Bool(value) => Json::Bool(*value),
            Json::Number(number) => Json::Number(number.clone()),
            Json::String(text) => Json::String(text.clone()),
            Json::Array(_) => Json::Array(children.into()),
            Json::Object(object) => {
                let names = object.members.iter().map(|(name, _)| name.clone());
                Json::Object(Object { members: names.zip(children).collect() })
            }
            Json::Placeholder(name) => Json::Placeholder(name.clone()),
        }
    }
}

impl Tree for Payload {
    fn move_children(&mut self, to: &mut Vec<Self>) {
        match self {
            Payload::Array(elements) => to.append(elements),
            Payload::Object(members) => to.extend(std::mem::take(&mut members.0).into_iter().map(|(_, value)| value)),
            Payload::Deliberate(inner) => to.push(std::mem::take(inner)),
            _ => {}
        }
    }

    fn child(&self, place: usize) -> Option<&Self> {
        match self {
            Payload::Array(elements) => elements.get(place),
            Payload::Object(members) => members.get(place).map(|(_, value)| value),
            Payload::Deliberate(inner) => Some(&**inner).filter(|_| place == 0),
            _ => None,
        }
    }

    fn holding(&self, mut children: Vec<Self>) -> Self {
        match self {
            Payload::Null => Payload::Null,
            Payload::Bool(value) => Payload::Bool(*value),
            Payload::Number(number) => Payload::Number(number.clone()),
            Payload::String(text) => Payload::String(text.clone()),
            Payload::Array(_) => Payload::Array(children.into()),
            Payload::Object(members) => {
                Payload::Object(members.iter().map(|(name, _)| name.clone()).zip(children).collect())
            }
            Payload::Expression(expression) => Payload::Expression(expression.clone()),
            Payload::Placeholder(name) => Payload::Placeholder(name.clone()),
            Payload::Deliberate(_) => Payload::Deliberate(Box::new(children.pop().unwrap_or_default())),
            Payload::Fault(reason) => Payload::Fault(reason.clone()),
        }
    }
}

/// Drops values one by one. Each has no children when it is dropped.
pub(super) fn drop_flat<T: Tree>(values: impl IntoIterator<Item = T>) {
    let mut left = Vec::new();
    for mut value in values {
        value.move_children(&mut left);
        while let Some(mut value) = left.pop() {
            value.move_children(&mut left);
        }
    }
}

/// The elements of an array: a `Vec` that is dropped without recursion.
#[derive(Clone, PartialEq, Eq)]
pub struct Elements<T: Tree>(Vec<T>);

impl<T: Tree> Drop for Elements<T> {
    fn drop(&mut self) {
        drop_flat(std::mem::take(&mut self.0));
    }
}

impl<T: Tree> Elements<T> {
    /// The elements as a `Vec`.
    pub fn into_vec(mut self) -> Vec<T> {
        std::mem::take(&mut self.0)
    }
}

impl<T: Tree> Default for Elements<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Tree> Deref for Elements<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Tree> DerefMut for Elements<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T: Tree> From<Vec<T>> for Elements<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(elements)
    }
}

impl<T: Tree> FromIterator<T> for Elements<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self(elements.into_iter().collect())
    }
}

impl<T: Tree> IntoIterator for Elements<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'a, T: Tree> IntoIterator for &'a Elements<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, T: Tree> IntoIterator for &'a mut Elements<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

impl<T: Tree + fmt::Debug> fmt::Debug for Elements<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The members of an object whose values are payloads, in order.
#[derive(Clone, PartialEq, Default)]
pub struct Members(Vec<(Text, Payload)>);

impl Drop for Members {
    fn drop(&mut self) {
        drop_flat(std::mem::take(&mut self.0).into_iter().map(|(_, value)| value));
    }
}

impl Members {
    /// No members.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The members as a `Vec`.
    pub fn into_vec(mut self) -> Vec<(Text, Payload)> {
        std::mem::take(&mut self.0)
    }
}

impl Deref for Members {
    type Target = Vec<(Text, Payload)>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Members {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl From<Vec<(Text, Payload)>> for Members {
    fn from(members: Vec<(Text, Payload)>) -> Self {
        Self(members)
    }
}

impl FromIterator<(Text, Payload)> for Members {
    fn from_iter<I: IntoIterator<Item = (Text, Payload)>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

impl IntoIterator for Members {
    type Item = (Text, Payload);
    type IntoIter = std::vec::IntoIter<(Text, Payload)>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

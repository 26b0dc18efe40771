//! Lists that may hold lists, however deep: they are taken apart without recursion, so that no value that a program
//! can build overflows the stack when it is dropped.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::{Json, Payload, Text};

/// A value that holds values of its kind.
#[doc(hidden)]
pub trait Tree: Sized {
    /// Moves what it holds behind those values, if it holds anything.
    fn move_children(&mut self, to: &mut Vec<Self>);
}

impl Tree for Json {
    fn move_children(&mut self, to: &mut Vec<Self>) {
        match self {
            Json::Array(elements) => to.append(elements),
            Json::Object(object) => to.extend(std::mem::take(&mut object.members).into_iter().map(|(_, value)| value)),
            _ => {}
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
}

/// Drops values one by one; each is empty when it goes.
pub(super) fn drop_flat<T: Tree>(values: impl IntoIterator<Item = T>) {
    let mut left = Vec::new();
    for mut value in values {
        value.move_children(&mut left);
        while let Some(mut value) = left.pop() {
            value.move_children(&mut left);
        }
    }
}

/// The elements of an array: a `Vec` in all but the way in which it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Elements<T: Tree>(Vec<T>);

impl<T: Tree> Drop for Elements<T> {
    fn drop(&mut self) {
        drop_flat(std::mem::take(&mut self.0));
    }
}

impl<T: Tree> Elements<T> {
    /// The elements, to be kept.
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
    /// None.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The members, to be kept.
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

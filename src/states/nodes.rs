//! The states of a chain, with its open ends.

use std::collections::VecDeque;

use super::Node;

/// States in their order. The cost of joining two of these is that of the smaller one, so the cost of building a
/// chain is proportional to its length, from either end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Nodes {
    list: VecDeque<Node>,
    /// The key of the first state. The keys of the others are consecutive
    first: i64,
    /// The keys of the open ends, which continue with the next state of the chain
    open: Vec<i64>,
}

/// Compares the states and which of them are open, not the way in which they were joined.
impl PartialEq for Nodes {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list && self.open_places() == other.open_places()
    }
}

impl Nodes {
    fn open_places(&self) -> Vec<i64> {
        let mut places: Vec<i64> = self.open.iter().map(|key| key - self.first).collect();
        places.sort_unstable();
        places
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Node> {
        self.list.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.list.iter_mut()
    }

    /// Adds a state before the others.
    pub(crate) fn push_front(&mut self, node: Node, is_open: bool) {
        self.first -= 1;
        self.list.push_front(node);
        if is_open {
            self.open.push(self.first);
        }
    }

    /// Adds the states of `other` after these.
    pub(crate) fn append(&mut self, mut other: Nodes) {
        let end = self.first + self.list.len() as i64;
        if other.list.len() + other.open.len() <= self.list.len() + self.open.len() {
            self.open.extend(other.open.iter().map(|key| key - other.first + end));
            self.list.append(&mut other.list);
        } else {
            other.open.extend(self.open.iter().map(|key| key - end + other.first));
            other.first -= self.list.len() as i64;
            for node in self.list.drain(..).rev() {
                other.list.push_front(node);
            }
            *self = other;
        }
    }

    /// Closes every open end, and calls the function with each.
    pub(crate) fn close(&mut self, mut close: impl FnMut(&mut Node)) {
        for key in std::mem::take(&mut self.open) {
            if let Some(node) = usize::try_from(key - self.first).ok().and_then(|at| self.list.get_mut(at)) {
                close(node);
            }
        }
    }
}

impl IntoIterator for Nodes {
    type Item = Node;
    type IntoIter = std::collections::vec_deque::IntoIter<Node>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

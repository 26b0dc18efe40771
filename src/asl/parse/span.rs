//! The place of each value in the text.

use std::ops::Range;

/// The places that a parser keeps: all ([`Span`]), or none (`()`, which costs nothing, because a list of `()` needs
/// no memory).
pub(in crate::asl) trait Track: Sized {
    /// Called after each value.
    fn value(bytes: Range<usize>, children: Vec<Self>) -> Self;
    /// Adds the place of the name if the value is a member.
    fn with_key(self, bytes: Range<usize>) -> Self;
}

impl Track for () {
    fn value(_: Range<usize>, _: Vec<Self>) -> Self {}

    fn with_key(self, _: Range<usize>) -> Self {}
}

/// The bytes of a value, of its name if it is a member, and of its children, in document order.
#[derive(Debug)]
pub(in crate::asl) struct Span {
    pub(in crate::asl) bytes: Range<usize>,
    pub(in crate::asl) key: Option<Range<usize>>,
    pub(in crate::asl) children: Vec<Span>,
}

impl Track for Span {
    fn value(bytes: Range<usize>, children: Vec<Self>) -> Self {
        Self { bytes, key: None, children }
    }

    fn with_key(self, bytes: Range<usize>) -> Self {
        Self { key: Some(bytes), ..self }
    }
}

impl Span {
    /// Replaces each offset by the result of `offset`.
    #[cfg(feature = "yaml")]
    pub(in crate::asl) fn map(&mut self, offset: &impl Fn(usize) -> usize) {
        self.bytes = offset(self.bytes.start)..offset(self.bytes.end);
        self.key = self.key.take().map(|key| offset(key.start)..offset(key.end));
        self.children.iter_mut().for_each(|child| child.map(offset));
    }
}

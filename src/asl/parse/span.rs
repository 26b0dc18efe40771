//! Where each value of a document is in its text.

use std::ops::Range;

/// What a parser keeps of the places that it passes: everything ([`Span`]) or nothing (`()`, which costs nothing, as a
/// list of it takes no memory).
pub(in crate::asl) trait Track: Sized {
    /// A value has been read.
    fn value(bytes: Range<usize>, children: Vec<Self>) -> Self;
    /// The value is that of a member whose name is here.
    fn with_key(self, bytes: Range<usize>) -> Self;
}

impl Track for () {
    fn value(_: Range<usize>, _: Vec<Self>) -> Self {}

    fn with_key(self, _: Range<usize>) -> Self {}
}

/// The bytes of a value, of its name if it is a member, and of what is in it, in the order of the document.
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
    /// Turns each offset into what `offset` makes of it.
    #[cfg(feature = "yaml")]
    pub(in crate::asl) fn map(&mut self, offset: &impl Fn(usize) -> usize) {
        self.bytes = offset(self.bytes.start)..offset(self.bytes.end);
        self.key = self.key.take().map(|key| offset(key.start)..offset(key.end));
        self.children.iter_mut().for_each(|child| child.map(offset));
    }
}

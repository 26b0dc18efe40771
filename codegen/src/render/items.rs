//! Formats a file from its items.

use proc_macro2::TokenStream;

use super::{layout, markdown};

/// The header, the module's docs, and each item with a blank line before it.
pub(crate) fn file(source: &str, docs: &str, items: impl IntoIterator<Item = TokenStream>) -> String {
    let mut text = format!("// @generated from {source}: edit that file, not this one.\n\n");
    for line in markdown::plain(docs).lines() {
        text.push_str(format!("//! {line}").trim_end());
        text.push('\n');
    }
    for item in items {
        text.push('\n');
        text.push_str(&layout::text(item));
    }
    text
}

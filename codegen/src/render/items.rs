//! A file from its items, laid out as a person would.

use proc_macro2::TokenStream;

/// The header, the module's docs, and each item with a blank line before it.
pub(crate) fn file(source: &str, docs: &str, items: impl IntoIterator<Item = TokenStream>) -> String {
    let mut text = format!("// @generated from {source}: edit that file, not this one.\n\n");
    for line in docs.lines() {
        text.push_str(format!("//! {line}").trim_end());
        text.push('\n');
    }
    for item in items {
        text.push('\n');
        text.push_str(&print(item));
    }
    text
}

/// Formatted source. Tokens that are no Rust are a defect of the generator and come out as they are, so that the
/// compiler points at them.
pub(crate) fn print(item: TokenStream) -> String {
    match syn::parse2::<syn::File>(item.clone()) {
        Ok(file) => with_blank_lines(&prettyplease::unparse(&file)),
        Err(_) => item.to_string(),
    }
}

/// prettyplease puts items one below the other; a blank line goes before each that follows a closing brace.
fn with_blank_lines(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 32);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        let indent = line.len() - line.trim_start().len();
        let begins_item = |next: &str| {
            let (at, rest) = next.split_at((next.len() - next.trim_start().len()).min(next.len()));
            at.len() == indent && ["///", "#[", "pub ", "fn ", "impl", "const "].iter().any(|it| rest.starts_with(it))
        };
        if line.trim_start() == "}" && lines.peek().is_some_and(|next| begins_item(next)) {
            spaced.push('\n');
        }
    }
    spaced
}

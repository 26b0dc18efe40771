//! Texts from files, on their way to people.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a terminal, a log or a browser shows the character and does nothing else: no control character, nothing that
/// turns the direction of the text around it, no line end, no tag that is not seen.
pub fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// The text in one line, with every character that is not [printable](is_printable) as an escape: `\n`, `\u{1b}`.
///
/// What a file holds goes through this before it is shown, so that it can neither write commands to a terminal nor begin
/// a line of a log.
///
/// ```
/// use sfn_tasks::value::printable;
///
/// assert_eq!(printable("Ship order"), "Ship order");
/// assert_eq!(printable("a\n\u{1b}[31mb\u{202e}"), r"a\n\u{1b}[31mb\u{202e}");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            character if is_printable(character) => shown.push(character),
            // Writing to a string does not fail.
            other => _ = write!(shown, "\\u{{{:x}}}", u32::from(other)),
        }
    }
    Cow::Owned(shown)
}

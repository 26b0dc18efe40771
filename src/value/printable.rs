//! Makes text from files safe to show.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether the character is safe to show in a terminal, a log or a browser. Control characters, line ends, invisible
/// tags and characters that change the direction of text are not.
pub fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// The text on one line, with an escape for every character that is not [printable](is_printable): `\n`, `\u{1b}`.
///
/// Text from files is passed through this function before it is shown, so that it cannot send commands to a terminal
/// or start a line of a log.
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
            // Writing to a string never fails.
            other => _ = write!(shown, "\\u{{{:x}}}", u32::from(other)),
        }
    }
    Cow::Owned(shown)
}

//! From a position in a string's value to its position in the text of the file.

/// The byte of `raw` that corresponds to the byte `at` of `value`, where `raw` is the JSON or YAML source of the
/// string.
///
/// The two differ mostly in white space (indentation, folded lines), so white space is skipped on both sides; all other
/// characters have the same order. If the two differ in another character, the result is the last position before it.
pub(super) fn raw_offset(raw: &str, value: &str, at: usize) -> usize {
    let (style, mut rest) = Style::of(raw);
    let offset = |rest: &str| raw.len() - rest.len();
    for (index, character) in value.char_indices() {
        if character.is_whitespace() {
            if index >= at {
                return offset(rest);
            }
            rest = style.skip_space(rest);
            continue;
        }
        let next = style.skip_gap(rest);
        if index >= at {
            return offset(next);
        }
        match style.skip_character(next, character) {
            Some(behind) => rest = behind,
            None => return offset(rest),
        }
    }
    offset(rest)
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// In double quotation marks, with escapes.
    Double,
    /// In single quotation marks; a quotation mark in the text is doubled.
    Single,
    /// Without quotation marks, or as a block.
    Plain,
}

impl Style {
    /// The style of the string, and the text after its opening quotation mark or its block's header.
    fn of(raw: &str) -> (Self, &str) {
        // In YAML, a tag and an anchor can precede the string.
        if raw.starts_with(['!', '&']) {
            let (_, rest) = raw.split_once(char::is_whitespace).unwrap_or((raw, ""));
            return Self::of(rest.trim_start());
        }
        if let Some(rest) = raw.strip_prefix('"') {
            return (Style::Double, rest);
        }
        if let Some(rest) = raw.strip_prefix('\'') {
            return (Style::Single, rest);
        }
        match raw.split_once('\n') {
            Some((header, rest)) if header.starts_with(['|', '>']) => (Style::Plain, rest),
            _ => (Style::Plain, raw),
        }
    }

    /// The text after one white-space character, in any notation; the same text if there is none.
    fn skip_space(self, rest: &str) -> &str {
        if self == Style::Double && rest.starts_with('\\') {
            let is_space = matches!(rest.as_bytes().get(1), Some(b'n' | b't' | b'r' | b' '));
            return if is_space { &rest[2..] } else { rest };
        }
        rest.strip_prefix(char::is_whitespace).unwrap_or(rest)
    }

    /// The text after white space that the value does not contain.
    fn skip_gap(self, rest: &str) -> &str {
        let mut rest = rest.trim_start();
        while self == Style::Double && (rest.starts_with("\\\n") || rest.starts_with("\\\r\n")) {
            rest = rest[1..].trim_start();
        }
        rest
    }

    /// The text after that character, if it begins with it.
    fn skip_character(self, rest: &str, character: char) -> Option<&str> {
        match self {
            Style::Double if rest.starts_with('\\') => {
                // JSON writes two escapes for a character beyond the first 65,536.
                let escape = |rest: &str| match rest.as_bytes().get(1) {
                    Some(b'u') => 6,
                    Some(b'x') => 4,
                    Some(b'U') => 10,
                    _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                };
                let behind = rest.get(escape(rest)..)?;
                let is_pair = rest.as_bytes().get(1) == Some(&b'u') && u32::from(character) > 0xffff;
                if is_pair { behind.get(6..) } else { Some(behind) }
            }
            Style::Single if character == '\'' => rest.strip_prefix("''"),
            _ => rest.strip_prefix(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The position of a word in the value is the position of the word in the raw text.
    #[track_caller]
    fn agrees(raw: &str, value: &str, word: &str) {
        let at = value.find(word).expect("the word is in the value");
        let expected = raw.find(word).expect("the word is in the raw text");
        assert_eq!(raw_offset(raw, value, at), expected, "{word} in {raw}");
    }

    #[test]
    fn json_escapes_are_passed_over() {
        agrees(
            r#""{\n  \"a\\\/b\": \"\u00e4\ud83d\ude00\", \"next\": 1}""#,
            "{\n  \"a\\/b\": \"ä😀\", \"next\": 1}",
            "next",
        );
    }

    #[test]
    fn blocks_lose_their_indentation() {
        agrees("|\n    {\n      \"a\": 1,\n      \"b\": 2\n    }\n", "{\n  \"a\": 1,\n  \"b\": 2\n}\n", "b\"");
        agrees("!Sub |\n  {\"a\": 1}\n", "{\"a\": 1}\n", "a");
        agrees(">-\n    one\n    two\n\n    three", "one two\nthree", "three");
    }

    #[test]
    fn single_quotes_are_doubled() {
        agrees("'{\"Comment\": \"it''s\", \"x\": 1}'", "{\"Comment\": \"it's\", \"x\": 1}", "x");
    }

    #[test]
    fn a_line_is_continued_in_double_quotes() {
        agrees("\"one\\\n   two three\"", "onetwo three", "three");
    }

    #[test]
    fn what_does_not_agree_ends_the_search() {
        assert_eq!(raw_offset("abc", "abXc", 3), 2);
        assert_eq!(raw_offset("\"\\", "xyz", 2), 2);
        assert_eq!(raw_offset("", "xyz", 9), 0);
    }
}

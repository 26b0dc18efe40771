//! JSON Pointer (RFC 6901): the place of a value in a document.

use std::borrow::Cow;

/// Escapes a name for a JSON Pointer: `a/b` becomes `a~1b`.
pub fn escape_token(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { Cow::Owned(name.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(name) }
}

/// The name of an escaped token of a JSON Pointer.
pub fn unescape_token(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}

/// The array index of a token of a JSON Pointer: digits without a leading zero.
pub fn token_index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (token == "0" || !token.starts_with('0'))).then(|| token.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_escaping() {
        for name in ["", "a", "a/b", "~", "~1", "~01", "Get Item", "//~~", "ä"] {
            assert_eq!(unescape_token(&escape_token(name)), name);
            assert!(!escape_token(name).contains('/'));
        }
        assert_eq!(escape_token("a~/b"), "a~0~1b");
    }

    #[test]
    fn an_index_is_plain_digits() {
        assert_eq!(token_index("0"), Some(0));
        assert_eq!(token_index("12"), Some(12));
        for token in ["", "01", "+1", "-1", "1 ", "x", "99999999999999999999999"] {
            assert_eq!(token_index(token), None, "{token}");
        }
    }
}

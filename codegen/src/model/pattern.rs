//! Matches whole strings with regular expressions.
//!
//! A spec has a few hundred short strings, so this interprets the syntax tree of `regex-syntax`. The engine of the crate
//! `regex` would take longer to compile than the generator takes to run.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Whether the whole text matches. An invalid pattern is reported elsewhere, so here it matches everything.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Ok(hir) = regex_syntax::parse(pattern) else { return true };
    ends(&hir, text, BTreeSet::from([0])).contains(&text.len())
}

/// Why this is not a regular expression.
pub(super) fn fault(pattern: &str) -> Option<String> {
    let error = regex_syntax::parse(pattern).err()?.to_string();
    Some(error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
}

/// The positions at which a match can end if it begins at one of these positions. Sets of positions instead of backtracking
/// keep the work proportional to the text for every pattern.
fn ends(hir: &Hir, text: &str, starts: BTreeSet<usize>) -> BTreeSet<usize> {
    match hir.kind() {
        HirKind::Empty => starts,
        HirKind::Literal(literal) => starts
            .into_iter()
            .filter(|at| text.as_bytes()[*at..].starts_with(&literal.0))
            .map(|at| at + literal.0.len())
            .collect(),
        HirKind::Class(class) => starts
            .into_iter()
            .filter_map(|at| {
                text[at..].chars().next().filter(|sign| holds(class, *sign)).map(|sign| at + sign.len_utf8())
            })
            .collect(),
        HirKind::Look(look) => starts.into_iter().filter(|at| stands(*look, text, *at)).collect(),
        HirKind::Capture(capture) => ends(&capture.sub, text, starts),
        HirKind::Concat(parts) => parts.iter().fold(starts, |starts, part| ends(part, text, starts)),
        HirKind::Alternation(ways) => ways.iter().flat_map(|way| ends(way, text, starts.clone())).collect(),
        HirKind::Repetition(repetition) => {
            let mut now = starts;
            for _ in 0..repetition.min {
                let next = ends(&repetition.sub, text, now.clone());
                // If nothing changes, more repetitions would not change anything either.
                if next == now {
                    break;
                }
                now = next;
            }
            let mut found = now.clone();
            let mut times = repetition.min;
            while !now.is_empty() && repetition.max.is_none_or(|max| times < max) {
                now = ends(&repetition.sub, text, now).difference(&found).copied().collect();
                found.extend(&now);
                times += 1;
            }
            found
        }
    }
}

fn holds(class: &Class, sign: char) -> bool {
    match class {
        Class::Unicode(class) => class.iter().any(|range| (range.start()..=range.end()).contains(&sign)),
        Class::Bytes(class) => {
            u8::try_from(sign).is_ok_and(|byte| class.iter().any(|range| (range.start()..=range.end()).contains(&byte)))
        }
    }
}

/// Whether the assertion is true at the position. Only ASCII letters count for word boundaries.
fn stands(look: Look, text: &str, at: usize) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let (before, after) = (at.checked_sub(1).and_then(|at| text.as_bytes().get(at)), text.as_bytes().get(at));
    match look {
        Look::Start => before.is_none(),
        Look::End => after.is_none(),
        Look::StartLF => before.is_none_or(|byte| *byte == b'\n'),
        Look::EndLF => after.is_none_or(|byte| *byte == b'\n'),
        Look::StartCRLF => before.is_none_or(|byte| b"\r\n".contains(byte)),
        Look::EndCRLF => after.is_none_or(|byte| b"\r\n".contains(byte)),
        Look::WordAscii | Look::WordUnicode => word(before) != word(after),
        Look::WordAsciiNegate | Look::WordUnicodeNegate => word(before) == word(after),
        Look::WordStartAscii | Look::WordStartUnicode => !word(before) && word(after),
        Look::WordEndAscii | Look::WordEndUnicode => word(before) && !word(after),
        Look::WordStartHalfAscii | Look::WordStartHalfUnicode => !word(before),
        Look::WordEndHalfAscii | Look::WordEndHalfUnicode => !word(after),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    /// The result of the crate `regex`, for comparison.
    fn expected(pattern: &str, text: &str) -> bool {
        let is_one = regex_syntax::parse(pattern).is_ok();
        !is_one || Regex::new(&format!(r"\A(?:{pattern})\z")).is_ok_and(|regex| regex.is_match(text))
    }

    #[test]
    fn a_match_is_of_the_whole_text() {
        for (pattern, text) in [
            ("[a-z]+", "abc"),
            ("[a-z]+", "abc1"),
            ("a|ab", "ab"),
            ("(a|ab)(c|bcd)?", "abcd"),
            ("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"),
            ("([a-z]?){3,5}x", "x"),
            ("(|a){2,}b", "aaab"),
            ("[\\p{L}\\p{Z}]*", "Größe ok"),
            ("^a$", "a"),
            ("\\d{4}-\\d\\d", "2026-01"),
            (".*", "a\nb"),
            ("(?i)ABC", "aBc"),
            ("a{0}", ""),
            ("[", "anything"),
        ] {
            assert_eq!(matches(pattern, text), expected(pattern, text), "{pattern} on {text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_agrees_with_the_engine(pattern in "[ab(|)*+?{}0-2,.^$\\[\\]-]{0,12}", text in "[ab\n]{0,8}") {
            prop_assert_eq!(matches(&pattern, &text), expected(&pattern, &text));
        }

        #[test]
        fn it_agrees_on_what_a_pattern_gives(
            (pattern, text) in prop::sample::select(vec![
                "s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+)*/?",
                "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}",
                "(https|s3)://([^/]+)/?(.*)",
                "(a?b+){2,3}(c|d*)?",
            ])
            .prop_flat_map(|pattern| (Just(pattern), prop::string::string_regex(pattern).unwrap()))
        ) {
            prop_assert!(matches(pattern, &text));
        }
    }
}

//! Matches whole strings with regular expressions.
//!
//! A spec has a few hundred short strings, so this interprets the syntax tree of `regex-syntax`. The engine of the crate
//! `regex` would take longer to compile than the generator takes to run.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use regex_syntax::utf8::Utf8Sequences;

use super::Bounds;

/// Whether the whole text matches. An invalid pattern is reported elsewhere, so here it matches everything.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Ok(hir) = regex_syntax::parse(pattern) else { return true };
    ends(&hir, text, BTreeSet::from([0])).contains(&text.len())
}

/// The maximum size of a pattern, about the number of steps of its automaton. The engine of the checker refuses to compile
/// a pattern that needs more than 10 MiB.
const MAX_SIZE: u64 = 60_000;

/// What is wrong with a pattern for texts of this length.
pub(crate) fn fault(pattern: &str, length: &Bounds<u64>) -> Option<String> {
    let hir = match regex_syntax::parse(pattern) {
        Ok(hir) => hir,
        Err(error) => {
            let error = error.to_string();
            let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            return Some(format!("this is not a valid regular expression for Rust's `regex`: {reason}"));
        }
    };
    if size(&hir) > MAX_SIZE {
        let told =
            "the pattern is too large to be compiled: allow fewer repetitions, and limit the length with `maxLength`";
        return Some(told.to_owned());
    }
    let Some((least, most)) = lengths(&hir) else { return Some("no text matches this pattern".to_owned()) };
    let least_allowed = length.min.unwrap_or_default();
    if length.max.is_some_and(|max| max < least) {
        let max = length.max.unwrap_or_default();
        return Some(format!("a text that matches has at least {least} characters, and `maxLength` is {max}"));
    }
    most.filter(|most| *most < least_allowed)
        .map(|most| format!("a text that matches has at most {most} characters, and `minLength` is {least_allowed}"))
}

/// Whether a pattern for what a text must not be leaves nothing that it may be.
pub(super) fn is_of_everything(pattern: &str) -> bool {
    let printable: String = (' '..='~').collect();
    ["a", "7", " ", "é", &printable].iter().all(|text| matches(pattern, text))
}

/// About the number of steps of an automaton that reads UTF-8, with repetitions written out.
fn size(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().map(|range| Utf8Sequences::new(range.start(), range.end()).count() as u64).sum()
        }
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() as u64,
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(size).fold(0, u64::saturating_add),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            size(&repetition.sub).saturating_add(1).saturating_mul(times.into())
        }
    }
}

/// The least and the greatest number of characters that a text has if it matches. `None` if no text matches. Assertions
/// such as `^` are taken to hold.
fn lengths(hir: &Hir) -> Option<(u64, Option<u64>)> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some((0, Some(0))),
        HirKind::Literal(literal) => {
            let count = String::from_utf8_lossy(&literal.0).chars().count() as u64;
            Some((count, Some(count)))
        }
        HirKind::Class(class) => (!class.is_empty()).then_some((1, Some(1))),
        HirKind::Capture(capture) => lengths(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(lengths).try_fold((0, Some(0)), |(least, most), part| {
            let (part_least, part_most) = part?;
            let most = most.zip(part_most).and_then(|(most, part): (u64, u64)| most.checked_add(part));
            Some((u64::saturating_add(least, part_least), most))
        }),
        HirKind::Alternation(ways) => ways.iter().filter_map(lengths).reduce(|(least, most), (other, other_most)| {
            (least.min(other), most.zip(other_most).map(|(most, other)| most.max(other)))
        }),
        HirKind::Repetition(repetition) => match lengths(&repetition.sub) {
            None => (repetition.min == 0).then_some((0, Some(0))),
            Some((least, most)) => {
                let max = match most {
                    Some(0) => Some(0),
                    most => most.zip(repetition.max).and_then(|(most, times)| most.checked_mul(times.into())),
                };
                Some((least.saturating_mul(repetition.min.into()), max))
            }
        },
    }
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

    #[test]
    fn a_pattern_that_is_accepted_can_be_compiled() {
        let bounds = Bounds { min: None, max: None };
        for pattern in ["(a{1000}){1000}", "[\\p{L}]{300}", "(?:[a-z]{300}-){400}", ".{12000}"] {
            assert!(fault(pattern, &bounds).is_some_and(|fault| fault.contains("too large")), "{pattern}");
        }
        for pattern in [
            "a{29999}",
            "(a?){19999}",
            "[a-z0-9]{19999}",
            "(ab|cd){11999}",
            "[\\p{L}]{64}",
            "(?i)[k]{14999}",
            "[^a]{4800}",
        ] {
            assert_eq!(fault(pattern, &bounds), None, "{pattern}");
            assert!(Regex::new(&format!(r"\A(?:{pattern})\z")).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn the_lengths_of_a_pattern_are_those_of_its_texts() {
        let told = |pattern: &str, min: Option<u64>, max: Option<u64>| {
            fault(pattern, &Bounds { min, max }).unwrap_or_default()
        };
        for (pattern, min, max, wanted) in [
            ("[a-z]{10}", None, Some(5), "at least 10 characters"),
            ("é{3}|abcd", None, Some(2), "at least 3 characters"),
            ("(ab?){2}", Some(5), None, "at most 4 characters"),
            ("^$", Some(1), None, "at most 0 characters"),
            ("[a&&b]", None, None, "no text matches"),
            ("(?:[a&&b]|x)y+", None, Some(1), "at least 2 characters"),
        ] {
            assert!(told(pattern, min, max).contains(wanted), "{pattern}: {}", told(pattern, min, max));
        }
        for (pattern, min, max) in [
            ("[a-z]{10}", Some(10), Some(10)),
            ("a*", Some(7), None),
            ("[a&&b]*", None, None),
            ("(|abc)+", Some(99), None),
        ] {
            assert_eq!(told(pattern, min, max), "", "{pattern}");
        }
        for (pattern, wanted) in
            [(".*", true), (".+", true), ("[\\s\\S]+", true), ("[^/]*", false), ("(?i)host", false)]
        {
            assert_eq!(is_of_everything(pattern), wanted, "{pattern}");
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

//! Regular expressions of JavaScript.
//!
//! Most patterns mean the same to the crate `regex`, whose time is linear in the text whatever the pattern; they are
//! written in its syntax. What it does not have, lookaround and references back to a group, and what means something
//! else there, is left to `regress`, which goes back and forth as JavaScript's engines do.

use std::ops::Range;

/// A compiled regular expression.
#[derive(Debug)]
pub enum Regex {
    /// In time linear in the text.
    Linear(regex::Regex),
    /// As JavaScript's engines do it.
    Backtracking(regress::Regex),
}

/// Where a match is, in bytes, and its groups.
pub struct Found {
    /// The whole match.
    pub range: Range<usize>,
    /// The groups, from the first on.
    pub groups: Vec<Option<Range<usize>>>,
}

impl Regex {
    /// Compiles a pattern with the flags `i` and `m`.
    pub fn new(pattern: &str, flags: &str) -> Result<Self, String> {
        let linear = translate(pattern, flags).and_then(|translated| {
            let builder = regex::RegexBuilder::new(&translated).case_insensitive(flags.contains('i')).build();
            builder.ok()
        });
        match linear {
            Some(linear) => Ok(Self::Linear(linear)),
            None => regress::Regex::with_flags(pattern, flags).map(Self::Backtracking).map_err(|it| it.to_string()),
        }
    }

    /// The first match from a byte on.
    pub fn find(&self, text: &str, from: usize) -> Option<Found> {
        match self {
            Self::Linear(regex) => {
                let found = regex.captures_at(text, from)?;
                let groups = found.iter().skip(1).map(|group| group.map(|group| group.range())).collect();
                Some(Found { range: found.get(0)?.range(), groups })
            }
            Self::Backtracking(regex) => {
                let found = regex.find_from(text, from).next()?;
                let groups = (1..=found.captures.len()).map(|group| found.group(group)).collect();
                Some(Found { range: found.range(), groups })
            }
        }
    }
}

const WORD: &str = "A-Za-z0-9_";
const DIGIT: &str = "0-9";
const SPACE: &str = r"\t\n\x0B\x0C\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";

/// The pattern in the syntax of the crate `regex`; none if that has no such thing.
fn translate(pattern: &str, flags: &str) -> Option<String> {
    // Lines end in more ways in JavaScript, and a group that is repeated forgets what it held.
    if flags.contains('m') {
        return None;
    }
    let mut signs = pattern.chars().peekable();
    let mut out = String::with_capacity(pattern.len() * 2);
    while let Some(sign) = signs.next() {
        match sign {
            '^' => out.push_str(r"\A"),
            '$' => out.push_str(r"\z"),
            '.' => out.push_str(r"[^\n\r\u{2028}\u{2029}]"),
            '\\' => escape(signs.next()?, false, &mut out)?,
            '[' => class(&mut signs, &mut out)?,
            '(' => match signs.peek() {
                Some('?') => {
                    signs.next();
                    // A name, a lookahead or a lookbehind.
                    if signs.next()? != ':' {
                        return None;
                    }
                    out.push_str("(?:");
                }
                _ => out.push('('),
            },
            '{' => {
                let mut inside = String::new();
                loop {
                    match signs.next()? {
                        '}' => break,
                        sign if sign.is_ascii_digit() || sign == ',' => inside.push(sign),
                        // A bracket that stands for itself.
                        _ => return None,
                    }
                }
                let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
                let fits = |text: &str| text.parse::<u32>().is_ok_and(|count| count <= 1000);
                if !fits(least) || !(most.is_empty() || fits(most)) {
                    return None;
                }
                out.push_str(&format!("{{{inside}}}"));
            }
            '}' | ']' => return None,
            ')' | '|' | '*' | '+' | '?' => out.push(sign),
            // White space and `#` mean themselves; astral signs are two to JavaScript.
            sign if u32::from(sign) > 0xffff => return None,
            sign => literal(sign, &mut out),
        }
    }
    Some(out)
}

fn literal(sign: char, out: &mut String) {
    if sign.is_ascii_punctuation() && sign != '_' {
        out.push('\\');
    }
    out.push(sign);
}

/// What is after a backslash.
fn escape(sign: char, in_class: bool, out: &mut String) -> Option<()> {
    let set = |set: &str| if in_class { set.to_owned() } else { format!("[{set}]") };
    match sign {
        'd' => out.push_str(&set(DIGIT)),
        'w' => out.push_str(&set(WORD)),
        's' => out.push_str(&set(SPACE)),
        // Within a class these would need a class of their own.
        'D' | 'W' | 'S' if in_class => return None,
        'D' => out.push_str(&format!("[^{DIGIT}]")),
        'W' => out.push_str(&format!("[^{WORD}]")),
        'S' => out.push_str(&format!("[^{SPACE}]")),
        'b' if in_class => out.push_str(r"\x08"),
        'b' => out.push_str(r"(?-u:\b)"),
        'B' if !in_class => out.push_str(r"(?-u:\B)"),
        't' => out.push_str(r"\t"),
        'n' => out.push_str(r"\n"),
        'r' => out.push_str(r"\r"),
        'f' => out.push_str(r"\x0C"),
        'v' => out.push_str(r"\x0B"),
        // References, code points, control signs, properties.
        sign if sign.is_ascii_alphanumeric() => return None,
        sign if u32::from(sign) > 0xffff => return None,
        sign => literal(sign, out),
    }
    Some(())
}

fn class(signs: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('[');
    if signs.peek() == Some(&'^') {
        signs.next();
        out.push('^');
    }
    let start = out.len();
    loop {
        match signs.next()? {
            ']' => break,
            '\\' => escape(signs.next()?, true, out)?,
            // A range, as it is; at the edges it stands for itself.
            '-' if out.len() == start || signs.peek() == Some(&']') => out.push_str(r"\-"),
            '-' => out.push('-'),
            sign if u32::from(sign) > 0xffff => return None,
            sign => literal(sign, out),
        }
    }
    // An empty class matches nothing, or anything.
    if out.len() == start {
        return None;
    }
    out.push(']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A match and its groups.
    type Found = Option<(Range<usize>, Vec<Option<Range<usize>>>)>;

    fn both(pattern: &str, flags: &str, text: &str) -> Found {
        let found = |regex: &Regex| regex.find(text, 0).map(|it| (it.range, it.groups));
        let ours = Regex::new(pattern, flags).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        let other = Regex::Backtracking(regress::Regex::with_flags(pattern, flags).unwrap_or_else(|it| panic!("{it}")));
        assert_eq!(found(&ours), found(&other), "/{pattern}/{flags} in {text:?}");
        found(&ours)
    }

    #[test]
    fn the_two_engines_agree() {
        let patterns = [
            "a", "^a", "a$", ".", "a.c", "a*", "a+?b", "(a)(b)?", "(?:ab)+", "[a-c]+", "[^a-c]", r"\d+", r"\w+\b",
            r"\s", r"[\d.]+", r"[-a]", r"[a\-z]", r"[\]]", "a|b|", "a{2,3}", "a{2,}", "#", " ", r"\.", r"\/", "é",
            r"[[&~]", r"\D\W\S", r"\Ba",
        ];
        let texts =
            ["", "a", "abc", "aaab", "A1 b-2.5", "x\ny\r\u{2028}z", "éÉ", "[&~]", "#a-b_c", "ab ab", "\u{a0}\u{feff}"];
        for pattern in patterns {
            for text in texts {
                for flags in ["", "i"] {
                    both(pattern, flags, text);
                }
            }
        }
        assert_eq!(both("(a)|(b)", "", "b"), Some((0..1, vec![None, Some(0..1)])));
    }

    #[test]
    fn a_pattern_that_branches_without_end_takes_linear_time() {
        let text = "a".repeat(100_000);
        for pattern in ["(a+)+b", "(a|aa)+$b", "(a*)*c", "([a-z]+)*d"] {
            let regex = Regex::new(pattern, "").unwrap_or_else(|error| panic!("{error}"));
            assert!(matches!(regex, Regex::Linear(_)), "{pattern}");
            assert!(regex.find(&text, 0).is_none(), "{pattern}");
        }
    }

    #[test]
    fn what_is_not_linear_is_left_to_the_other_engine() {
        for pattern in [r"(a)\1", "a(?=b)", "(?<!a)b", r"\u0061", "[]", "[^]"] {
            assert!(matches!(Regex::new(pattern, ""), Ok(Regex::Backtracking(_))), "{pattern}");
        }
    }
}

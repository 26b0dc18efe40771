//! Regular expressions of JavaScript.
//!
//! They are translated to the syntax of the crate `regex`, whose time is linear in the text for every pattern. Patterns
//! with lookaround or a reference to a group, which it does not support, run in `fancy_regex`, whose steps are counted.
//!
//! Three differences from JavaScript remain: a group in a repetition keeps its match from an earlier or an empty round,
//! a character outside of the Basic Multilingual Plane counts as one and not as two, and lookahead cannot be repeated.

use std::ops::Range;

/// How many steps one search may backtrack.
const MAX_STEPS: usize = 5_000_000;

/// A compiled regular expression.
#[derive(Debug)]
pub enum Regex {
    /// In time linear in the text.
    Linear(regex::Regex),
    /// With backtracking.
    Backtracking(fancy_regex::Regex),
}

/// The position of a match, in bytes, and its groups.
pub struct Found {
    /// The whole match.
    pub range: Range<usize>,
    /// The groups, starting with the first.
    pub groups: Vec<Option<Range<usize>>>,
}

/// A search took more steps than the limit.
#[derive(Debug, PartialEq, Eq)]
pub struct TooManySteps;

impl Regex {
    /// Compiles a pattern with the flags `i` and `m`.
    pub fn new(pattern: &str, flags: &str) -> Result<Self, String> {
        let ignores_case = flags.contains('i');
        let groups = groups(pattern);
        let signs: Vec<char> = pattern.chars().collect();
        let many_lines = flags.contains('m');
        let translate = |linear| {
            Translator { signs: &signs, at: 0, out: String::new(), groups: &groups, many_lines, linear }.translate()
        };
        match translate(true) {
            Ok(pattern) => {
                let built = regex::RegexBuilder::new(&pattern).case_insensitive(ignores_case).build();
                built.map(Self::Linear).map_err(|error| error.to_string())
            }
            Err(Refusal::NotLinear) => {
                let pattern = translate(false).map_err(|refusal| refusal.to_string())?;
                let mut builder = fancy_regex::RegexBuilder::new(&pattern);
                let built = builder.case_insensitive(ignores_case).backtrack_limit(MAX_STEPS).build();
                built.map(Self::Backtracking).map_err(|error| error.to_string())
            }
            Err(refusal) => Err(refusal.to_string()),
        }
    }

    /// The first match at or after a byte.
    pub fn find(&self, text: &str, from: usize) -> Result<Option<Found>, TooManySteps> {
        Ok(match self {
            Self::Linear(regex) => regex.captures_at(text, from).map(|found| {
                let groups = found.iter().skip(1).map(|group| group.map(|group| group.range())).collect();
                Found { range: found.get_match().range(), groups }
            }),
            Self::Backtracking(regex) => {
                let found = regex.captures_from_pos(text, from).map_err(|_| TooManySteps)?;
                found.and_then(|found| {
                    let groups = found.iter().skip(1).map(|group| group.map(|group| group.range())).collect();
                    Some(Found { range: found.get(0)?.range(), groups })
                })
            }
        })
    }
}

const WORD: &str = "A-Za-z0-9_";
const DIGIT: &str = "0-9";
const SPACE: &str = r"\t\n\x0B\x0C\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";
const LINE_END: &str = r"\n\r\u{2028}\u{2029}";
const NOTHING: &str = r"[^\s\S]";

/// The names of the groups of a pattern, in order.
fn groups(pattern: &str) -> Vec<Option<String>> {
    let mut groups = Vec::new();
    let mut in_class = false;
    let mut rest = pattern;
    while let Some(sign) = rest.chars().next() {
        rest = &rest[sign.len_utf8()..];
        match sign {
            '\\' => rest = rest.chars().next().map_or("", |escaped| &rest[escaped.len_utf8()..]),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => match rest.strip_prefix("?<") {
                Some(named) if !named.starts_with(['=', '!']) => {
                    groups.push(named.split_once('>').map(|(name, _)| name.to_owned()));
                }
                None if !rest.starts_with('?') => groups.push(None),
                _ => {}
            },
            _ => {}
        }
    }
    groups
}

/// Why a pattern is not translated.
#[derive(Debug)]
enum Refusal {
    /// It needs lookaround or a reference to a group.
    NotLinear,
    /// It is wrong, with JavaScript's message.
    Wrong(&'static str),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Refusal::NotLinear => "lookaround or a reference to a group",
            Refusal::Wrong(why) => why,
        })
    }
}

/// The last element that was written, because not everything can be repeated.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Nothing,
    Term,
    Repetition,
}

/// The meaning of an escape.
enum Escape {
    Sign(char),
    /// The inside of a class, and whether it is negated.
    Set(&'static str, bool),
    /// A single UTF-16 surrogate, which no text contains.
    Nothing,
}

struct Translator<'p> {
    signs: &'p [char],
    at: usize,
    out: String,
    groups: &'p [Option<String>],
    many_lines: bool,
    linear: bool,
}

impl Translator<'_> {
    fn translate(mut self) -> Result<String, Refusal> {
        let mut last = Last::Nothing;
        // For each open group, whether it can be repeated.
        let mut open = Vec::new();
        while let Some(sign) = self.next() {
            last = match sign {
                '^' => self.anchor(r"\A", r"(?<=\A|[\n\r\u{2028}\u{2029}])")?,
                '$' => self.anchor(r"\z", r"(?=\z|[\n\r\u{2028}\u{2029}])")?,
                '.' => self.put(&format!("[^{LINE_END}]")),
                '[' => self.class()?,
                '(' => {
                    open.push(self.group()?);
                    Last::Nothing
                }
                ')' => {
                    self.out.push(')');
                    open.pop().ok_or(Refusal::Wrong("Unmatched ')'"))?
                }
                '|' => {
                    self.out.push('|');
                    Last::Nothing
                }
                '*' | '+' | '?' => self.repetition(last, &sign.to_string())?,
                '{' => match self.counts()? {
                    Some(counts) => self.repetition(last, &counts)?,
                    None => self.sign('{'),
                },
                '\\' => self.backslash()?,
                sign => self.sign(sign),
            };
        }
        if open.is_empty() { Ok(self.out) } else { Err(Refusal::Wrong("Unterminated group")) }
    }

    fn next(&mut self) -> Option<char> {
        let sign = self.signs.get(self.at).copied();
        self.at += usize::from(sign.is_some());
        sign
    }

    fn eat(&mut self, text: &str) -> bool {
        let length = text.chars().count();
        let found = self.signs[self.at..].iter().copied().take(length).eq(text.chars());
        self.at += if found { length } else { 0 };
        found
    }

    fn put(&mut self, text: &str) -> Last {
        self.out.push_str(text);
        Last::Term
    }

    fn sign(&mut self, sign: char) -> Last {
        literal(sign, &mut self.out);
        Last::Term
    }

    fn not_linear(&self) -> Result<(), Refusal> {
        if self.linear { Err(Refusal::NotLinear) } else { Ok(()) }
    }

    fn anchor(&mut self, of_text: &str, of_line: &str) -> Result<Last, Refusal> {
        if self.many_lines {
            self.not_linear()?;
        }
        self.out.push_str(if self.many_lines { of_line } else { of_text });
        Ok(Last::Nothing)
    }

    fn repetition(&mut self, last: Last, sign: &str) -> Result<Last, Refusal> {
        match last {
            Last::Term => self.out.push_str(sign),
            Last::Repetition if sign == "?" => {
                self.out.push('?');
                return Ok(Last::Nothing);
            }
            _ => return Err(Refusal::Wrong("Nothing to repeat")),
        }
        Ok(Last::Repetition)
    }

    /// The rest of `{2}`, `{2,}` or `{2,3}`; none if the bracket is literal.
    fn counts(&mut self) -> Result<Option<String>, Refusal> {
        let rest = &self.signs[self.at..];
        let Some(length) = rest.iter().position(|sign| *sign == '}') else { return Ok(None) };
        let inside: String = rest[..length].iter().collect();
        let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
        let digits = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
        if least.is_empty() || !digits(least) || !digits(most) {
            return Ok(None);
        }
        self.at += length + 1;
        let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        if !most.is_empty() && number(least) > number(most) {
            return Err(Refusal::Wrong("numbers out of order in {} quantifier"));
        }
        Ok(Some(format!("{{{inside}}}")))
    }

    /// The beginning of a group. Returns whether the group can be repeated.
    fn group(&mut self) -> Result<Last, Refusal> {
        if !self.eat("?") {
            self.out.push('(');
            return Ok(Last::Term);
        }
        if self.eat(":") {
            self.out.push_str("(?:");
            return Ok(Last::Term);
        }
        for (sign, start) in [("=", "(?="), ("!", "(?!"), ("<=", "(?<="), ("<!", "(?<!")] {
            if self.eat(sign) {
                self.not_linear()?;
                self.out.push_str(start);
                return Ok(Last::Nothing);
            }
        }
        if !self.eat("<") {
            return Err(Refusal::Wrong("Invalid group"));
        }
        let name: String = self.signs[self.at..].iter().take_while(|sign| **sign != '>').collect();
        self.at += name.chars().count();
        let first = name.chars().next().is_some_and(|sign| sign.is_alphabetic() || "_$".contains(sign));
        let rest = name.chars().all(|sign| sign.is_alphanumeric() || "_$".contains(sign));
        if !first || !rest || !self.eat(">") {
            return Err(Refusal::Wrong("Invalid capture group name"));
        }
        if self.groups.iter().flatten().filter(|other| **other == name).count() > 1 {
            return Err(Refusal::Wrong("Duplicate capture group name"));
        }
        self.out.push('(');
        Ok(Last::Term)
    }

    /// The part after a backslash outside of a class.
    fn backslash(&mut self) -> Result<Last, Refusal> {
        let rest = &self.signs[self.at..];
        match rest.first() {
            None => return Err(Refusal::Wrong("\\ at end of pattern")),
            Some(sign @ ('b' | 'B')) => {
                let negated = *sign == 'B';
                self.at += 1;
                return Ok(self.word_boundary(negated));
            }
            Some('1'..='9') => {
                let digits: String = rest.iter().take_while(|sign| sign.is_ascii_digit()).collect();
                if let Some(number) = digits.parse().ok().filter(|number| *number <= self.groups.len()) {
                    self.at += digits.len();
                    return self.reference(number);
                }
            }
            Some('k') if self.groups.iter().any(Option::is_some) => {
                self.at += 1;
                let name: String = self.signs[self.at..].iter().skip(1).take_while(|sign| **sign != '>').collect();
                let number = self.groups.iter().position(|own| own.as_ref() == Some(&name));
                return match number {
                    Some(number) if self.eat(&format!("<{name}>")) => self.reference(number + 1),
                    _ => Err(Refusal::Wrong("Invalid named reference")),
                };
            }
            _ => {}
        }
        Ok(match self.escape()? {
            Escape::Sign(sign) => self.sign(sign),
            Escape::Set(set, negated) => self.put(&format!("[{}{set}]", if negated { "^" } else { "" })),
            Escape::Nothing => self.put(NOTHING),
        })
    }

    /// A group that has matched nothing is a reference to an empty text.
    fn reference(&mut self, group: usize) -> Result<Last, Refusal> {
        self.not_linear()?;
        Ok(self.put(&format!(r"(?:(?({group})\{group}|))")))
    }

    /// A boundary between an ASCII word character and another character.
    fn word_boundary(&mut self, negated: bool) -> Last {
        self.out.push_str(&match (self.linear, negated) {
            (true, false) => r"(?-u:\b)".to_owned(),
            (true, true) => r"(?-u:\B)".to_owned(),
            (false, false) => format!("(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))"),
            (false, true) => format!("(?:(?<=[{WORD}])(?=[{WORD}])|(?<![{WORD}])(?![{WORD}]))"),
        });
        Last::Nothing
    }

    /// An escape that means the same inside and outside of a class.
    fn escape(&mut self) -> Result<Escape, Refusal> {
        let sign = self.next().ok_or(Refusal::Wrong("\\ at end of pattern"))?;
        Ok(match sign {
            'd' => Escape::Set(DIGIT, false),
            'D' => Escape::Set(DIGIT, true),
            'w' => Escape::Set(WORD, false),
            'W' => Escape::Set(WORD, true),
            's' => Escape::Set(SPACE, false),
            'S' => Escape::Set(SPACE, true),
            't' => Escape::Sign('\t'),
            'n' => Escape::Sign('\n'),
            'r' => Escape::Sign('\r'),
            'f' => Escape::Sign('\u{c}'),
            'v' => Escape::Sign('\u{b}'),
            'c' => match self.signs.get(self.at) {
                Some(letter) if letter.is_ascii_alphabetic() => {
                    self.at += 1;
                    Escape::Sign(char::from(*letter as u8 % 32))
                }
                // The backslash is literal.
                _ => {
                    self.at -= 1;
                    Escape::Sign('\\')
                }
            },
            'x' => self.code(2).map_or(Escape::Sign('x'), code),
            'u' => match self.code(4) {
                Some(high @ 0xd800..=0xdbff) => {
                    let start = self.at;
                    match self.eat("\\u").then(|| self.code(4)).flatten() {
                        Some(low @ 0xdc00..=0xdfff) => code(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)),
                        _ => {
                            self.at = start;
                            Escape::Nothing
                        }
                    }
                }
                Some(number) => code(number),
                None => Escape::Sign('u'),
            },
            // Octal digits, up to 377.
            '0'..='7' => {
                let mut number = sign as u32 - '0' as u32;
                while let Some(digit) = self.signs.get(self.at).and_then(|sign| sign.to_digit(8)) {
                    if number * 8 + digit > 0o377 {
                        break;
                    }
                    number = number * 8 + digit;
                    self.at += 1;
                }
                code(number)
            }
            sign => Escape::Sign(sign),
        })
    }

    /// A number with that many hexadecimal digits.
    fn code(&mut self, digits: usize) -> Option<u32> {
        let text: String = self.signs.get(self.at..self.at + digits)?.iter().collect();
        let number =
            text.chars().all(|sign| sign.is_ascii_hexdigit()).then(|| u32::from_str_radix(&text, 16).ok())??;
        self.at += digits;
        Some(number)
    }

    fn class(&mut self) -> Result<Last, Refusal> {
        let negated = self.eat("^");
        let mut class = String::new();
        loop {
            if self.eat("]") {
                break;
            }
            let first = self.class_member()?;
            // At the edges and next to a set, a `-` is literal.
            let is_range = self.signs.get(self.at) == Some(&'-') && self.signs.get(self.at + 1) != Some(&']');
            if !is_range {
                first.write(&mut class);
                continue;
            }
            self.at += 1;
            match (first, self.class_member()?) {
                (Escape::Sign(from), Escape::Sign(to)) if from <= to => {
                    literal(from, &mut class);
                    class.push('-');
                    literal(to, &mut class);
                }
                (Escape::Sign(_), Escape::Sign(_)) => {
                    return Err(Refusal::Wrong("Range out of order in character class"));
                }
                (first, last) => {
                    first.write(&mut class);
                    class.push_str(r"\-");
                    last.write(&mut class);
                }
            }
        }
        Ok(match (class.is_empty(), negated) {
            (true, true) => self.put(r"[\s\S]"),
            (true, false) => self.put(NOTHING),
            (false, true) => self.put(&format!("[^{class}]")),
            (false, false) => self.put(&format!("[{class}]")),
        })
    }

    fn class_member(&mut self) -> Result<Escape, Refusal> {
        match self.next().ok_or(Refusal::Wrong("Unterminated character class"))? {
            '\\' if self.eat("b") => Ok(Escape::Sign('\u{8}')),
            '\\' => self.escape(),
            sign => Ok(Escape::Sign(sign)),
        }
    }
}

impl Escape {
    /// Writes it inside a class.
    fn write(&self, class: &mut String) {
        match self {
            Escape::Sign(sign) => literal(*sign, class),
            Escape::Set(set, false) => class.push_str(set),
            Escape::Set(set, true) => class.push_str(&format!("[^{set}]")),
            Escape::Nothing => class.push_str(NOTHING),
        }
    }
}

fn code(number: u32) -> Escape {
    char::from_u32(number).map_or(Escape::Nothing, Escape::Sign)
}

fn literal(sign: char, out: &mut String) {
    // Not every character that is not a letter can be escaped: `\<` is the beginning of a word.
    if r"\.+*?()|[]{}^$#&-~".contains(sign) {
        out.push('\\');
    }
    out.push(sign);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The match of a pattern and its groups, as texts.
    fn matched<'t>(pattern: &str, flags: &str, text: &'t str) -> Option<Vec<Option<&'t str>>> {
        let regex = Regex::new(pattern, flags).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        let found = regex.find(text, 0).unwrap_or_else(|error| panic!("{pattern}: {error:?}"))?;
        Some(std::iter::once(Some(found.range)).chain(found.groups).map(|range| range.map(|it| &text[it])).collect())
    }

    #[test]
    fn patterns_match_what_they_match_in_javascript() {
        type Row = (&'static str, &'static str, &'static str, Option<&'static [Option<&'static str>]>);
        // The results of Node.js.
        let rows: &[Row] = &[
            ("<a>", "", "x<a>y", Some(&[Some("<a>")])),
            ("a|b|", "", "cb", Some(&[Some("")])),
            ("(a)(b)?", "", "ac", Some(&[Some("a"), Some("a"), None])),
            ("[^a-c]+", "", "abcdé", Some(&[Some("dé")])),
            (r"[\d.]+", "", "v1.25", Some(&[Some("1.25")])),
            (r"[a\-z]+", "", "y-az", Some(&[Some("-az")])),
            (r"[\W_]+", "", "ab _-c", Some(&[Some(" _-")])),
            (r"[\d-x]+", "", "a-1x", Some(&[Some("-1x")])),
            ("[]a", "", "a", None),
            ("[^]", "", "\n", Some(&[Some("\n")])),
            ("a{,2}", "", "a{,2}", Some(&[Some("a{,2}")])),
            ("}]", "", "}]", Some(&[Some("}]")])),
            (r"\bé", "", "aé", Some(&[Some("é")])),
            (".+", "", "a\u{2028}b", Some(&[Some("a")])),
            ("^b$", "m", "a\r\nb", Some(&[Some("b")])),
            ("É", "i", "é", Some(&[Some("é")])),
            (r"(a)\1", "", "baa", Some(&[Some("aa"), Some("a")])),
            (r"(?<sign>[ab])\k<sign>", "", "abb", Some(&[Some("bb"), Some("b")])),
            (r"\k", "", "k", Some(&[Some("k")])),
            (r"(a)?\1b", "", "b", Some(&[Some("b"), None])),
            ("a(?=b)", "", "acab", Some(&[Some("a")])),
            ("a(?!b)", "", "abac", Some(&[Some("a")])),
            (r"(?<=\$)\d+", "", "1 $25", Some(&[Some("25")])),
            (r"(?<!\$)\b\d+", "", "$1 25", Some(&[Some("25")])),
            (r"\u0061\x62", "", "ab", Some(&[Some("ab")])),
            (r"\ud83d\ude00", "", "x😀", Some(&[Some("😀")])),
            (r"\cJ", "", "\n", Some(&[Some("\n")])),
            (r"\141", "", "a", Some(&[Some("a")])),
            (r"\p", "", "p", Some(&[Some("p")])),
            ("(?:ab)+?c", "", "ababc", Some(&[Some("ababc")])),
            (r"^(?=.*\d)(?=.*[a-z]).{4,}$", "", "abc1", Some(&[Some("abc1")])),
            ("[[&~]+", "", "x[&~", Some(&[Some("[&~")])),
            ("#( )", "", "# ", Some(&[Some("# "), Some(" ")])),
            (r"\/", "", "a/b", Some(&[Some("/")])),
        ];
        for (pattern, flags, text, expected) in rows {
            assert_eq!(matched(pattern, flags, text).as_deref(), *expected, "/{pattern}/{flags} in {text:?}");
        }
    }

    #[test]
    fn what_javascript_refuses_is_refused_in_its_words() {
        for (pattern, expected) in [
            ("*a", "Nothing to repeat"),
            ("a**", "Nothing to repeat"),
            ("^*", "Nothing to repeat"),
            ("a{2,1}", "numbers out of order in {} quantifier"),
            ("(a", "Unterminated group"),
            ("a)", "Unmatched ')'"),
            ("[a", "Unterminated character class"),
            ("[b-a]", "Range out of order in character class"),
            ("(?>a)", "Invalid group"),
            ("(?<1>a)", "Invalid capture group name"),
            (r"(?<a>a)\k<b>", "Invalid named reference"),
            (r"(?<a>a)|(?<a>b)", "Duplicate capture group name"),
        ] {
            let error = Regex::new(pattern, "").map(|it| panic!("{pattern}: {it:?}")).unwrap_err();
            assert_eq!(error, expected, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_branches_without_end_takes_linear_time() {
        let text = "a".repeat(100_000);
        for pattern in ["(a+)+b", "(a|aa)+$b", "(a*)*c", "([a-z]+)*d", r"(\w+)+\b!"] {
            let regex = Regex::new(pattern, "").unwrap_or_else(|error| panic!("{error}"));
            assert!(matches!(regex, Regex::Linear(_)), "{pattern}");
            assert!(regex.find(&text, 0).is_ok_and(|found| found.is_none()), "{pattern}");
        }
    }

    #[test]
    fn the_steps_of_a_search_are_counted() {
        let regex = Regex::new(r"^(?:(a*)*\1)*b", "").unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(regex.find(&"a".repeat(60), 0), Err(TooManySteps)));
    }
}

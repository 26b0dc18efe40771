//! Filters of paths: `[?(@.price > 10 && @.kind == 'book')]`.

use super::{Parser, Segment, quoted_end};
use crate::expression::{SyntaxError, placeholder};

/// The maximum depth of nested parentheses and negations, and of filters in the paths of filters.
pub(super) const MAX_DEPTH: usize = 32;

/// A filter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Filter {
    /// The text between the brackets, without `?`.
    pub text: String,
    /// The parsed condition, or the error. Step Functions accepts some filters that follow no documented grammar, so
    /// an error here does not make the path invalid.
    pub predicate: Result<Predicate, SyntaxError>,
}

/// The condition of a filter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Predicate {
    /// At least one is true: `||`.
    Or(Vec<Predicate>),
    /// All are true: `&&`.
    And(Vec<Predicate>),
    /// It is false: `!`.
    Not(Box<Predicate>),
    /// The path matches something.
    Exists(FilterPath),
    /// A comparison of two operands.
    Compare {
        /// The operand before the operator.
        left: Operand,
        /// The operator.
        comparison: Comparison,
        /// The operand after the operator.
        right: Operand,
    },
}

/// A path in a filter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FilterPath {
    /// Whether it starts at the element (`@`) or at the start of the whole path (`$`).
    pub from_element: bool,
    /// The steps of the path.
    pub segments: Vec<Segment>,
}

/// An operand of a comparison.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Operand {
    /// The value at a path.
    Path(FilterPath),
    /// A string, without its escapes.
    String(String),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// An array or object, as JSON text.
    Json(String),
    /// A regular expression, and its flags.
    Pattern(String, String),
    /// A deploy-time placeholder.
    Placeholder,
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident = $sign:literal,)*) => {
        /// A comparison operator.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Comparison {
            $($(#[$doc])* $name,)*
        }

        /// All operators by their text. A longer operator comes before one that is its prefix.
        const COMPARISONS: &[(&str, Comparison)] = &[$(($sign, Comparison::$name),)*];
    };
}

comparisons! {
    /// The same value and type.
    Same = "===",
    /// Not the same value and type.
    NotSame = "!==",
    /// Equal.
    Equal = "==",
    /// Not equal.
    NotEqual = "!=",
    /// Matches the regular expression.
    Matches = "=~",
    /// At most.
    LessOrEqual = "<=",
    /// At least.
    GreaterOrEqual = ">=",
    /// Less.
    Less = "<",
    /// Greater.
    Greater = ">",
    /// Is an element of the array.
    In = "in",
    /// Is not an element of the array.
    NotIn = "nin",
    /// All elements are in the array.
    SubsetOf = "subsetof",
    /// At least one element is in the array.
    AnyOf = "anyof",
    /// No element is in the array.
    NoneOf = "noneof",
    /// Contains every element of the array.
    All = "all",
    /// Contains the element or the text.
    Contains = "contains",
    /// Has this number of elements.
    Size = "size",
    /// Is empty (`true`) or not empty (`false`).
    Empty = "empty",
}

impl Filter {
    /// Parses the text between `[?` and `]`. It starts at `offset` in the whole path.
    pub(super) fn parse(text: &str, offset: usize, depth: usize) -> Self {
        let mut reader = Reader { parser: Parser { text, at: 0, in_filter: true, depth: depth + 1 } };
        let predicate = reader.whole().map_err(|error| SyntaxError { offset: error.offset + offset, ..error });
        Self { text: text.to_owned(), predicate }
    }
}

struct Reader<'a> {
    parser: Parser<'a>,
}

impl Reader<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.parser.skip_spaces();
        self.parser.eat(token)
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::new(self.parser.at, message)
            .with_help("write a filter like `[?(@.price > 10 && @.kind == 'book')]`"))
    }

    fn whole(&mut self) -> Result<Predicate, SyntaxError> {
        self.parser.skip_spaces();
        if !self.parser.rest().starts_with('(') {
            return self.fail("a filter must be in parentheses");
        }
        let predicate = self.unary(0)?;
        self.parser.skip_spaces();
        if self.parser.at < self.parser.text.len() {
            return self.fail(format!("unexpected text `{}` after the filter", self.parser.rest()));
        }
        Ok(predicate)
    }

    fn or(&mut self, depth: usize) -> Result<Predicate, SyntaxError> {
        let mut parts = vec![self.and(depth)?];
        while self.eat("||") {
            parts.push(self.and(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Predicate::Or(parts) })
    }

    fn and(&mut self, depth: usize) -> Result<Predicate, SyntaxError> {
        let mut parts = vec![self.unary(depth)?];
        while self.eat("&&") {
            parts.push(self.unary(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Predicate::And(parts) })
    }

    fn unary(&mut self, depth: usize) -> Result<Predicate, SyntaxError> {
        if depth + self.parser.depth > MAX_DEPTH {
            return self.fail("the filter is nested too deeply");
        }
        if self.eat("!") {
            return Ok(Predicate::Not(Box::new(self.unary(depth + 1)?)));
        }
        if self.eat("(") {
            let inside = self.or(depth + 1)?;
            return if self.eat(")") { Ok(inside) } else { self.fail("the filter has no closing `)`") };
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Predicate, SyntaxError> {
        let left = self.operand()?;
        self.parser.skip_spaces();
        let rest = self.parser.rest();
        let starts = |sign: &str| {
            let word = sign.as_bytes()[0].is_ascii_alphabetic();
            rest.get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign))
                && !(word && rest[sign.len()..].starts_with(|next: char| next.is_alphanumeric()))
        };
        let Some((sign, comparison)) = COMPARISONS.iter().find(|(sign, _)| starts(sign)) else {
            return match left {
                Operand::Path(path) => Ok(Predicate::Exists(path)),
                _ => self.fail("the filter has no comparison"),
            };
        };
        self.parser.at += sign.len();
        let right = self.operand()?;
        Ok(Predicate::Compare { left, comparison: *comparison, right })
    }

    fn operand(&mut self) -> Result<Operand, SyntaxError> {
        self.parser.skip_spaces();
        let rest = self.parser.rest();
        if let Some(range) = placeholder::at_start(rest) {
            self.parser.at += range.end;
            return Ok(Operand::Placeholder);
        }
        match rest.chars().next() {
            Some(root @ ('@' | '$')) => {
                self.parser.at += 1;
                let mut segments = Vec::new();
                while self.parser.rest().starts_with(['.', '[']) {
                    self.parser.segment(&mut segments)?;
                }
                Ok(Operand::Path(FilterPath { from_element: root == '@', segments }))
            }
            Some(quote @ ('\'' | '"')) => {
                let start = self.parser.at + 1;
                let Some(end) = quoted_end(self.parser.text, start, quote) else {
                    return self.fail("a string in the filter has no closing quotation mark");
                };
                self.parser.at = end;
                Ok(Operand::String(super::unescape(&self.parser.text[start..end - 1], quote)))
            }
            Some('/') => self.pattern(),
            Some(open @ ('[' | '{')) => {
                let start = self.parser.at;
                self.parser.at += 1;
                self.parser.balanced(if open == '[' { ']' } else { '}' }, start)?;
                Ok(Operand::Json(self.parser.text[start..self.parser.at].to_owned()))
            }
            _ => self.word(),
        }
    }

    fn pattern(&mut self) -> Result<Operand, SyntaxError> {
        let start = self.parser.at + 1;
        let Some(end) = quoted_end(self.parser.text, start, '/') else {
            return self.fail("the regular expression has no closing `/`");
        };
        self.parser.at = end;
        let flags = self.parser.take_while(|sign| sign.is_ascii_alphabetic()).to_owned();
        Ok(Operand::Pattern(self.parser.text[start..end - 1].to_owned(), flags))
    }

    fn word(&mut self) -> Result<Operand, SyntaxError> {
        let start = self.parser.at;
        let word = self.parser.take_while(|sign| !sign.is_whitespace() && !"()&|=<>!~,[]'\"".contains(sign));
        match word {
            "true" => Ok(Operand::Boolean(true)),
            "false" => Ok(Operand::Boolean(false)),
            "null" => Ok(Operand::Null),
            _ => match word.parse() {
                Ok(number) if word.starts_with(|sign: char| sign == '-' || sign.is_ascii_digit()) => {
                    Ok(Operand::Number(number))
                }
                _ => {
                    self.parser.at = start;
                    let what = if word.is_empty() {
                        "an operand is missing".to_owned()
                    } else {
                        format!("`{word}` is not an operand")
                    };
                    Err(SyntaxError::new(start, format!("{what} in the filter")).with_help(
                        "compare a path such as `@.kind` with a number, `true`, `false`, `null` or a `'string'`",
                    ))
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::JsonPath;
    use crate::expression::json_path::SegmentKind;

    fn predicate(text: &str) -> Result<Predicate, SyntaxError> {
        let path = JsonPath::parse(text).unwrap();
        match path.segments.into_iter().next_back().unwrap().kind {
            SegmentKind::Filter(filter) => filter.predicate,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn filters_are_taken_apart() {
        let both = predicate("$.pets[?(@.species == 'cat' && @.age<5)]").unwrap();
        let Predicate::And(parts) = &both else { panic!("{both:?}") };
        assert!(matches!(&parts[0],
            Predicate::Compare { left: Operand::Path(path), comparison: Comparison::Equal, right: Operand::String(text) }
            if path.from_element && path.segments.len() == 1 && text == "cat"));
        assert!(matches!(&parts[1],
            Predicate::Compare { comparison: Comparison::Less, right: Operand::Number(five), .. } if *five == 5.0));
        for good in [
            "$[?(@.a)]",
            "$[?(!@.a)]",
            "$[?(!(@.a || @.b) && @['c d'][0] >= -1.5)]",
            "$[?(@.a in ['x', 'y'])]",
            "$[?(@.name =~ /a.*\\/b/i)]",
            "$[?(@.a == $.b.c)]",
            "$[?(@.a == ${Kind})]",
            "$[?(@.a nin [1,2])]",
            "$[?(@.a empty false)]",
            "$[?(@.a == \"it's\")]",
            "$[?(@.length() > 1)]",
        ] {
            assert!(predicate(good).is_ok(), "{good}: {:?}", predicate(good));
        }
    }

    #[test]
    fn what_follows_no_grammar_is_told_at_its_place() {
        for (bad, offset) in [
            ("$..x[?(@.status==Failure)]", 17),
            ("$[?@.a]", 3),
            ("$[?(@.a == )]", 11),
            ("$[?(@.a = 1)]", 8),
            ("$[?(@.a && )]", 11),
            ("$[?(1)]", 5),
            ("$[?(@.a) x]", 9),
        ] {
            assert_eq!(predicate(bad).unwrap_err().offset, offset, "{bad}");
        }
        let deep = format!("$[?{}@.a{}]", "(".repeat(10_000), ")".repeat(10_000));
        assert!(predicate(&deep).is_err());
        let nested = format!("$[?(@{}.a{}", "[?(@".repeat(1_000), ")]".repeat(1_001));
        assert!(JsonPath::parse(&nested).is_ok(), "only the innermost filters are not read");
    }
}

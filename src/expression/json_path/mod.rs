//! JSONPath in the dialect of Step Functions: that of Jayway's library, with `$$` and variables.

mod filter;

use super::{SyntaxError, placeholder, variable};

pub use filter::{Comparison, Filter, FilterPath, Operand, Predicate};

/// A parsed path.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JsonPath<'a> {
    /// The start of the path.
    pub root: Root<'a>,
    /// The steps of the path, in order.
    pub segments: Vec<Segment>,
}

/// The start of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Root<'a> {
    /// `$`: the input, or the result, depending on the field.
    Value,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(&'a str),
}

/// A step of a path, and its place in the text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Segment {
    /// What the step does.
    pub kind: SegmentKind,
    /// The start of the step in the text, in bytes.
    pub offset: usize,
}

/// The types of steps.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SegmentKind {
    /// `.name` or `['name']`.
    Name(String),
    /// `[0]`, or `[-1]` to count from the end.
    Index(i64),
    /// `.*` or `[*]`.
    Wildcard,
    /// `..`: the next step, at any depth.
    Descent,
    /// `['a', 'b']`.
    Names(Vec<String>),
    /// `[0, 1]`.
    Indexes(Vec<i64>),
    /// `[1:3]`: from the first (inclusive) to the last (exclusive). Both are optional and can count from the end.
    Slice(Option<i64>, Option<i64>),
    /// `[?(…)]`.
    Filter(Filter),
    /// `.length()`.
    Function {
        /// The name of the function.
        name: String,
        /// The text between the parentheses.
        arguments: String,
    },
    /// `[${Index}]`: a deploy-time placeholder.
    Placeholder,
}

impl SegmentKind {
    /// Whether the step can match any number of values.
    pub fn picks(&self) -> bool {
        use SegmentKind as Is;
        matches!(self, Is::Wildcard | Is::Descent | Is::Indexes(_) | Is::Slice(..) | Is::Filter(_))
    }

    fn describe(&self) -> &'static str {
        match self {
            SegmentKind::Name(_) => "a name",
            SegmentKind::Index(_) => "an index",
            SegmentKind::Wildcard => "a wildcard (`*`)",
            SegmentKind::Descent => "a descent (`..`)",
            SegmentKind::Names(_) | SegmentKind::Indexes(_) => "a list in brackets (`,`)",
            SegmentKind::Slice(..) => "a slice (`:`)",
            SegmentKind::Filter(_) => "a filter (`?`)",
            SegmentKind::Function { .. } => "a function",
            SegmentKind::Placeholder => "a placeholder",
        }
    }
}

impl<'a> JsonPath<'a> {
    /// Parses a path.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a valid path.
    pub fn parse(text: &'a str) -> Result<Self, SyntaxError> {
        let end = text.trim_end().len();
        let mut parser = Parser { text: &text[..end], at: 0, in_filter: false, depth: 0 };
        let root = parser.root()?;
        let mut segments = Vec::new();
        while parser.at < end {
            parser.segment(&mut segments)?;
        }
        match segments.iter().rev().skip(1).find(|segment| matches!(segment.kind, SegmentKind::Names(_))) {
            Some(segment) => {
                Err(SyntaxError::new(segment.offset, "several names are allowed only at the end of a path")
                    .with_help("use one name, or remove the steps after it"))
            }
            None => Ok(Self { root, segments }),
        }
    }

    /// Checks that this is a *reference path*: one that can only match a single node.
    ///
    /// # Errors
    ///
    /// Returns an error at the first step that can match several nodes.
    pub fn check_reference(&self) -> Result<(), SyntaxError> {
        let single = |kind: &SegmentKind| {
            matches!(kind, SegmentKind::Name(_) | SegmentKind::Index(_) | SegmentKind::Placeholder)
        };
        match self.segments.iter().find(|segment| !single(&segment.kind)) {
            None => Ok(()),
            Some(segment) => Err(SyntaxError::new(
                segment.offset,
                format!("a reference path identifies one node and cannot contain {}", segment.kind.describe()),
            )
            .with_help("use names and indexes only, such as `$.order.items[0]`")),
        }
    }

    /// The names at the start of the path, up to the first other step.
    pub fn leading_names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().map_while(|segment| match &segment.kind {
            SegmentKind::Name(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Whether the path is inside a filter, where an operator or a space ends a name.
    in_filter: bool,
    /// The number of filters around the path.
    depth: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|sign| !belongs(sign)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn root(&mut self) -> Result<Root<'a>, SyntaxError> {
        if self.eat("$$") {
            return Ok(Root::Context);
        }
        if !self.eat("$") {
            return Err(SyntaxError::new(0, "a path must start with `$`").with_help(format!("write `$.{}`", self.text)));
        }
        if !self.peek().is_some_and(variable::may_begin) {
            return Ok(Root::Value);
        }
        Ok(Root::Variable(self.take_while(variable::may_continue)))
    }

    fn segment(&mut self, segments: &mut Vec<Segment>) -> Result<(), SyntaxError> {
        let offset = self.at;
        let mut add = |kind| segments.push(Segment { kind, offset });
        if self.eat("..") {
            add(SegmentKind::Descent);
            if self.peek() != Some('[') {
                add(self.name_or_function(offset)?);
            }
        } else if self.eat(".") {
            if self.peek() != Some('[') {
                add(self.name_or_function(offset)?);
            }
        } else if self.eat("[") {
            add(self.bracket(offset)?);
        } else {
            let sign = self.peek().unwrap_or(' ');
            return Err(SyntaxError::new(offset, format!("`{sign}` is not allowed here in a path"))
                .with_help("continue with `.name`, `['name']` or `[0]`"));
        }
        Ok(())
    }

    /// The step after a dot.
    fn name_or_function(&mut self, dot: usize) -> Result<SegmentKind, SyntaxError> {
        if self.eat("*") {
            return Ok(SegmentKind::Wildcard);
        }
        let start = self.at;
        let in_filter = self.in_filter;
        loop {
            self.take_while(|sign| {
                let ends = ".[]()'\"*?,$".contains(sign) || in_filter && "=<>!&|~".contains(sign);
                !(ends || sign.is_whitespace())
            });
            match placeholder::at_start(self.rest()) {
                Some(range) => self.at += range.end,
                // Any other `$` is an ordinary character.
                None if self.eat("$") => {}
                None => break,
            }
        }
        let name = &self.text[start..self.at];
        if name.is_empty() {
            return Err(SyntaxError::new(dot, "a name is missing after the `.`").with_help("write `.name`"));
        }
        if self.eat("(") {
            let open = self.at - 1;
            self.balanced(')', open)?;
            let arguments = self.text[open + 1..self.at - 1].trim().to_owned();
            return Ok(SegmentKind::Function { name: name.to_owned(), arguments });
        }
        match self.peek() {
            Some(sign) if !".[".contains(sign) && !in_filter => {
                Err(SyntaxError::new(self.at, format!("`{sign}` is not allowed in a name after a dot"))
                    .with_help("write the name in brackets and quotation marks: `['the name']`"))
            }
            _ => Ok(SegmentKind::Name(name.to_owned())),
        }
    }

    /// The step inside brackets, after the opening bracket.
    fn bracket(&mut self, open: usize) -> Result<SegmentKind, SyntaxError> {
        self.skip_spaces();
        let kind = match self.peek() {
            Some('*') => {
                self.at += 1;
                SegmentKind::Wildcard
            }
            Some('?') => {
                self.at += 1;
                let start = self.at;
                self.balanced(']', open)?;
                return self.filter(start, open);
            }
            Some('\'' | '"') => self.names(open)?,
            Some('-' | ':' | '0'..='9') => self.indexes(open)?,
            Some('(' | '@') => {
                let start = self.at;
                self.balanced(']', open)?;
                return self.filter(start, open);
            }
            Some('$') if placeholder::at_start(self.rest()).is_some() => {
                self.at += placeholder::at_start(self.rest()).map_or(0, |range| range.end);
                SegmentKind::Placeholder
            }
            _ => {
                let help = "write `['name']`, `[0]`, `[*]`, `[1:3]` or `[?(@.price > 10)]`";
                return Err(
                    SyntaxError::new(open, "the brackets contain neither a quoted name nor an index").with_help(help)
                );
            }
        };
        self.skip_spaces();
        if self.eat("]") {
            return Ok(kind);
        }
        Err(SyntaxError::new(open, "the `[` has no closing bracket").with_help("add a `]`"))
    }

    /// The filter up to the bracket that was just closed.
    fn filter(&self, start: usize, open: usize) -> Result<SegmentKind, SyntaxError> {
        let inside = &self.text[start..self.at - 1];
        if inside.trim_matches([' ', '(', ')']).is_empty() {
            return Err(SyntaxError::new(open, "the filter is empty").with_help("write `[?(@.price > 10)]`"));
        }
        if self.depth == filter::MAX_DEPTH {
            return Err(SyntaxError::new(open, "the filters are nested too deeply"));
        }
        Ok(SegmentKind::Filter(Filter::parse(inside, start, self.depth)))
    }

    fn names(&mut self, open: usize) -> Result<SegmentKind, SyntaxError> {
        let mut names = Vec::new();
        loop {
            self.skip_spaces();
            let Some(quote) = self.peek().filter(|sign| "'\"".contains(*sign)) else {
                return Err(SyntaxError::new(self.at, "a quoted name is missing in the brackets"));
            };
            self.at += 1;
            let start = self.at;
            self.at = quoted_end(self.text, start, quote)
                .ok_or_else(|| SyntaxError::new(open, "the quoted name has no closing quotation mark"))?;
            names.push(unescape(&self.text[start..self.at - 1], quote));
            self.skip_spaces();
            if !self.eat(",") {
                break;
            }
        }
        Ok(if names.len() == 1 { SegmentKind::Name(names.remove(0)) } else { SegmentKind::Names(names) })
    }

    fn indexes(&mut self, open: usize) -> Result<SegmentKind, SyntaxError> {
        let inside = self.take_while(|sign| sign.is_ascii_digit() || "-:, ".contains(sign)).trim();
        let wrong = || SyntaxError::new(open, format!("`{inside}` is not an index")).with_help("write an integer");
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| wrong());
        if inside.contains(':') {
            // A third number is accepted but has no effect.
            let mut bounds = [None; 3];
            let parts: Vec<&str> = inside.split(':').collect();
            if parts.len() > bounds.len() {
                return Err(wrong());
            }
            for (bound, part) in bounds.iter_mut().zip(parts).filter(|(_, part)| !part.trim().is_empty()) {
                *bound = Some(number(part)?);
            }
            return Ok(SegmentKind::Slice(bounds[0], bounds[1]));
        }
        if inside.contains(',') {
            return inside.split(',').map(number).collect::<Result<_, _>>().map(SegmentKind::Indexes);
        }
        number(inside).map(SegmentKind::Index)
    }

    /// Moves past the closing bracket of the bracket before the current place.
    fn balanced(&mut self, close: char, open: usize) -> Result<(), SyntaxError> {
        let mut expected = vec![close];
        while let Some(sign) = self.peek() {
            self.at += sign.len_utf8();
            match sign {
                '(' => expected.push(')'),
                '[' => expected.push(']'),
                '{' if close == '}' => expected.push('}'),
                ')' | ']' | '}' if sign != '}' || close == '}' => {
                    if expected.pop() != Some(sign) {
                        return Err(SyntaxError::new(self.at - 1, format!("`{sign}` has no opening bracket")));
                    }
                    if expected.is_empty() {
                        return Ok(());
                    }
                }
                '\'' | '"' => {
                    self.at = quoted_end(self.text, self.at, sign)
                        .ok_or_else(|| SyntaxError::new(open, "a quoted string has no closing quotation mark"))?;
                }
                _ => {}
            }
        }
        Err(SyntaxError::new(open, "the opening bracket has no closing bracket").with_help("add the closing bracket"))
    }
}

/// The text of a quoted name, without its escapes. A backslash before the other quotation mark is kept, as in
/// executions on AWS.
fn unescape(text: &str, quote: char) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match if sign == '\\' {
            signs.next()
        } else {
            plain.push(sign);
            continue;
        } {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some(other @ ('\'' | '"')) if other != quote => plain.extend(['\\', other]),
            Some(escaped) => plain.push(escaped),
            None => {}
        }
    }
    plain
}

/// The place after the closing quotation mark of the string that starts at `start`.
pub(super) fn quoted_end(text: &str, start: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, sign) in text[start..].char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if sign == quote => return Some(start + at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_step_functions_takes() {
        for good in [
            "$",
            "$.a",
            "$.a-b.c",
            "$['a b'].c",
            "$.a[0][-1]",
            "$$.Execution.Name ",
            "$..age",
            "$..*",
            "$.a.*",
            "$[*][*]",
            "$.[0].body",
            "$.a.['def ghi']",
            "$.a[1:3]",
            "$.a[:2]",
            "$.a[0,1]",
            "$['a', 'b']",
            "$.a.length()",
            "$.a[?(@.x == 'cat' && @.age<5)].b",
            "$..QualityResults[?(@.constraint_status==Failure)]",
            "$order.numItems",
            "$.größe",
            "$.a[(@.length-1)]",
            "$['a']['b','c']",
            "$..['b','c']",
            "$.a[0,1].b",
            "$.${Field}.x-${Other}[${Index}]",
            "$.price$",
        ] {
            assert!(JsonPath::parse(good).is_ok(), "{good}: {:?}", JsonPath::parse(good));
        }
    }

    #[test]
    fn refuses_what_is_no_path() {
        for (bad, offset) in [
            ("a", 0),
            ("", 0),
            ("$.", 1),
            ("$.a.", 3),
            ("$.a..", 3),
            ("$a b", 2),
            ("$.a b", 3),
            ("$.a[", 3),
            ("$.a[0", 3),
            ("$.a['b]", 3),
            ("$.a[b]", 3),
            ("$.a[1-2]", 3),
            ("$.a]", 3),
            ("$.a[?()]", 3),
            ("$.a[?(@.b]", 9),
            ("$$$.a", 2),
            ("$-x", 1),
            ("$.f(", 3),
            ("$['a','b'].v", 1),
            ("$.x['a','b'][0]", 3),
            ("$.a[1:2:3:4]", 3),
        ] {
            let error = JsonPath::parse(bad).map(|path| panic!("{bad}: {path:?}")).unwrap_err();
            assert_eq!(error.offset, offset, "{bad}: {error}");
        }
    }

    #[test]
    fn a_reference_path_points_at_one_node() {
        let check = |text: &str| JsonPath::parse(text).unwrap().check_reference();
        for good in ["$", "$.a['b'][0]", "$$.Map.Item.Value", "$x.y"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["$..a", "$.a[*]", "$.*", "$.a[?(@.b)]", "$.a[0:1]", "$.a['b','c']", "$.a.length()"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn knows_its_root_and_names() {
        let path = JsonPath::parse("$$.Execution['Input'][0].x").unwrap();
        assert_eq!(path.root, Root::Context);
        assert_eq!(path.leading_names().collect::<Vec<_>>(), ["Execution", "Input"]);
        assert_eq!(JsonPath::parse("$größe.x").unwrap().root, Root::Variable("größe"));
    }
}

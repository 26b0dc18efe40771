//! Intrinsic functions: `States.Format('{}', $.id)`.

use super::json_path::{JsonPath, quoted_end};
use super::{SyntaxError, placeholder};

/// The maximum number of calls in one field, including nested ones.
pub const MAX_CALLS: usize = 10;

/// The prefix of every intrinsic function.
pub const PREFIX: &str = "States.";

/// A parsed call of an intrinsic function.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Intrinsic<'a> {
    /// The function's name with its prefix: `States.Format`.
    pub name: &'a str,
    /// The arguments.
    pub arguments: Vec<Argument<'a>>,
}

/// An argument, and its place in the text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Argument<'a> {
    /// The argument.
    pub kind: ArgumentKind<'a>,
    /// The start of the argument in the text, in bytes.
    pub offset: usize,
}

/// The types of arguments.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ArgumentKind<'a> {
    /// A string.
    String(Literal<'a>),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// A path.
    Path(JsonPath<'a>),
    /// A nested call.
    Call(Intrinsic<'a>),
    /// A deploy-time placeholder.
    Placeholder,
}

/// A string in single quotation marks, whose escapes are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Literal<'a> {
    /// The text between the quotation marks.
    pub raw: &'a str,
    /// The start of this text in the whole text, in bytes.
    pub offset: usize,
}

/// A part of the template of `States.Format`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Piece {
    /// Text, without its escapes. It can contain placeholders.
    Text(String),
    /// `{}`: the place of the next argument.
    Hole,
}

/// The characters that can be escaped.
const ESCAPED: [char; 4] = ['\'', '{', '}', '\\'];

impl<'a> Literal<'a> {
    fn parse(raw: &'a str, offset: usize) -> Result<Self, SyntaxError> {
        let literal = Self { raw, offset };
        for (at, sign, escaped) in literal.signs() {
            if escaped && !ESCAPED.contains(&sign) {
                return Err(SyntaxError::new(at, format!("`\\{sign}` is not a valid escape in an intrinsic function"))
                    .with_help(match sign {
                        '"' => "a `\"` needs no backslash here: in JSON write `\\\"` once, not `\\\\\\\"`",
                        'n' | 't' | 'r' => "write the character itself: in JSON `\\n`, not `\\\\n`",
                        _ => "the escapes are `\\'`, `\\{`, `\\}` and `\\\\`",
                    }));
            }
        }
        Ok(literal)
    }

    /// The characters of the string with their places, and whether they are escaped. There are no escapes inside
    /// placeholders.
    fn signs(self) -> impl Iterator<Item = (usize, char, bool)> + 'a {
        let mut placeholders = placeholder::find(self.raw).peekable();
        let mut signs = self.raw.char_indices();
        std::iter::from_fn(move || {
            let (at, sign) = signs.next()?;
            while placeholders.next_if(|range| range.end <= at).is_some() {}
            let free = placeholders.peek().is_some_and(|range| range.contains(&at));
            match signs.clone().next() {
                Some((_, escaped)) if sign == '\\' && !free => {
                    signs.next();
                    Some((self.offset + at, escaped, true))
                }
                _ => Some((self.offset + at, sign, false)),
            }
        })
    }

    /// The string without its escapes.
    pub fn text(self) -> String {
        unescape(self.raw)
    }

    /// The parts of the string as the template of `States.Format`.
    pub fn template(self) -> Result<Vec<Piece>, SyntaxError> {
        let (mut pieces, mut text) = (Vec::new(), String::new());
        let mut rest = self.raw;
        let placeholders: Vec<_> = placeholder::find(self.raw).collect();
        while let Some(sign) = rest.chars().next() {
            let at = self.raw.len() - rest.len();
            let mut length = sign.len_utf8();
            let fail = |message: &str| {
                Err(SyntaxError::new(self.offset + at, message)
                    .with_help("write `{}` for an argument, and `\\{` or `\\}` for a brace (in JSON `\\\\{`, `\\\\}`)"))
            };
            match sign {
                '$' if placeholders.binary_search_by_key(&at, |range| range.start).is_ok() => {
                    length = placeholder::at_start(rest).map_or(length, |range| range.end);
                    text.push_str(&rest[..length]);
                }
                '\\' => {
                    let escaped = rest[length..].chars().next();
                    length += escaped.map_or(0, char::len_utf8);
                    text.extend(escaped);
                }
                '{' if rest.starts_with("{}") => {
                    length = 2;
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(Piece::Hole);
                }
                '{' => return fail("the brace is neither `{}` nor escaped"),
                '}' => return fail("the closing brace has no opening brace"),
                _ => text.push(sign),
            }
            rest = &rest[length..];
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Ok(pieces)
    }
}

/// The types of parameters and results of intrinsic functions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Anything,
    String,
    Integer,
    Array,
    Object,
    Boolean,
}

impl Kind {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Kind::Anything => "a value",
            Kind::String => "a string",
            Kind::Integer => "a number",
            Kind::Array => "an array",
            Kind::Object => "an object",
            Kind::Boolean => "`true` or `false`",
        }
    }
}

struct Function {
    name: &'static str,
    parameters: &'static [Kind],
    gives: Kind,
    /// The number of required parameters.
    required: usize,
    /// Whether the last parameter can be repeated.
    variadic: bool,
}

const fn function(name: &'static str, parameters: &'static [Kind], gives: Kind) -> Function {
    Function { name, parameters, gives, required: parameters.len(), variadic: false }
}

use Kind::{Anything, Array, Boolean, Integer, Object};

static FUNCTIONS: [Function; 18] = [
    Function { variadic: true, required: 1, ..function("States.Format", &[Kind::String, Anything], Kind::String) },
    function("States.StringToJson", &[Kind::String], Anything),
    function("States.JsonToString", &[Anything], Kind::String),
    Function { variadic: true, required: 0, ..function("States.Array", &[Anything], Array) },
    function("States.ArrayPartition", &[Array, Integer], Array),
    function("States.ArrayContains", &[Array, Anything], Boolean),
    function("States.ArrayRange", &[Integer, Integer, Integer], Array),
    function("States.ArrayGetItem", &[Array, Integer], Anything),
    function("States.ArrayLength", &[Array], Integer),
    function("States.ArrayUnique", &[Array], Array),
    function("States.Base64Encode", &[Kind::String], Kind::String),
    function("States.Base64Decode", &[Kind::String], Kind::String),
    function("States.Hash", &[Anything, Kind::String], Kind::String),
    function("States.JsonMerge", &[Object, Object, Boolean], Object),
    Function { required: 2, ..function("States.MathRandom", &[Integer, Integer, Integer], Integer) },
    function("States.MathAdd", &[Integer, Integer], Integer),
    function("States.StringSplit", &[Kind::String, Kind::String], Array),
    function("States.UUID", &[], Kind::String),
];

/// The maximum number of characters for `States.Base64Encode`, `States.Base64Decode` and `States.Hash`.
const MAX_DATA: usize = 10_000;

const HASH_ALGORITHMS: [&str; 5] = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/// The names of all intrinsic functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

/// Whether the text looks like a call, valid or not: it starts with the prefix.
pub fn looks_like_call(text: &str) -> bool {
    text.starts_with(PREFIX)
}

impl<'a> Intrinsic<'a> {
    /// Parses a call and checks it: names, numbers of arguments, and literals.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a valid call.
    pub fn parse(text: &'a str) -> Result<Self, SyntaxError> {
        Self::read(text, true)
    }

    /// Parses a call like [`parse`](Self::parse), without a check of its arguments. Wrong arguments fail when the
    /// call is evaluated, and a state can catch that error.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a call.
    pub fn parse_unchecked(text: &'a str) -> Result<Self, SyntaxError> {
        Self::read(text, false)
    }

    fn read(text: &'a str, checks_arguments: bool) -> Result<Self, SyntaxError> {
        let mut parser = Parser { text, at: 0, calls: 0, checks_arguments };
        parser.skip_spaces();
        let call = parser.call()?;
        parser.skip_spaces();
        if parser.at < text.len() {
            return Err(SyntaxError::new(parser.at, format!("unexpected text `{}` after the call", parser.rest()))
                .with_help("a field contains one call; nest calls, or join texts with `States.Format`"));
        }
        Ok(call)
    }

    /// The type of the parameter with this index.
    pub(crate) fn accepts(&self, at: usize) -> Kind {
        let parameters = FUNCTIONS.iter().find(|function| function.name == self.name).map(|it| it.parameters);
        parameters.and_then(|known| known.get(at).or(known.last())).copied().unwrap_or(Anything)
    }

    /// The type of the result.
    pub(crate) fn gives(&self) -> Kind {
        FUNCTIONS.iter().find(|function| function.name == self.name).map_or(Anything, |function| function.gives)
    }

    /// The paths among the arguments, including those of nested calls.
    pub fn paths(&self) -> Vec<&JsonPath<'a>> {
        let mut paths = Vec::new();
        self.collect_paths(&mut paths);
        paths
    }

    fn collect_paths<'s>(&'s self, paths: &mut Vec<&'s JsonPath<'a>>) {
        for argument in &self.arguments {
            match &argument.kind {
                ArgumentKind::Path(path) => paths.push(path),
                ArgumentKind::Call(call) => call.collect_paths(paths),
                _ => {}
            }
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    calls: usize,
    checks_arguments: bool,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, sign: char) -> bool {
        self.skip_spaces();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len_utf8();
        }
        found
    }

    fn call(&mut self) -> Result<Intrinsic<'a>, SyntaxError> {
        let start = self.at;
        self.calls += 1;
        if self.calls > MAX_CALLS {
            let message = format!("a field can contain at most {MAX_CALLS} intrinsic functions");
            return Err(SyntaxError::new(start, message).with_help("use two states"));
        }
        let rest = self.rest();
        let length =
            rest.find(|sign: char| !sign.is_alphanumeric() && sign != '.' && sign != '_').unwrap_or(rest.len());
        let name = &rest[..length];
        let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
            let known: Vec<&str> = names().map(|name| &name[PREFIX.len()..]).collect();
            let error = SyntaxError::new(start, format!("there is no intrinsic function `{name}`"));
            return Err(error.with_help(format!("the functions of `States.` are {}", known.join(", "))));
        };
        self.at += length;
        if !self.eat('(') {
            return Err(SyntaxError::new(self.at, format!("`{name}` has no parentheses"))
                .with_help(format!("write `{name}(…)`")));
        }
        let mut arguments = Vec::new();
        if !self.eat(')') {
            loop {
                self.skip_spaces();
                let offset = self.at;
                arguments.push(Argument { kind: self.argument()?, offset });
                if self.eat(')') {
                    break;
                }
                if !self.eat(',') {
                    return Err(SyntaxError::new(self.at, format!("the call of `{name}` has no closing parenthesis"))
                        .with_help("separate arguments with `,` and close the call with `)`"));
                }
            }
        }
        let call = Intrinsic { name, arguments };
        check_count(function, &call, start)?;
        if self.checks_arguments {
            check_kinds(function, &call)?;
            check_literals(&call)?;
        }
        Ok(call)
    }

    fn argument(&mut self) -> Result<ArgumentKind<'a>, SyntaxError> {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with('\'') {
            self.at = quoted_end(self.text, start + 1, '\'').ok_or_else(|| {
                SyntaxError::new(start, "the string has no closing quotation mark")
                    .with_help("close it with `'`, and write a `'` inside it as `\\'`")
            })?;
            return Literal::parse(&self.text[start + 1..self.at - 1], start + 1).map(ArgumentKind::String);
        }
        if rest.starts_with('"') {
            return Err(SyntaxError::new(start, "the string has double quotation marks")
                .with_help("use single quotation marks: `'text'`"));
        }
        if let Some(range) = placeholder::at_start(rest) {
            self.at += range.end;
            return Ok(ArgumentKind::Placeholder);
        }
        if rest.starts_with('$') {
            self.at = path_end(self.text, start);
            let path = JsonPath::parse(&self.text[start..self.at]);
            return path.map(ArgumentKind::Path).map_err(|error| SyntaxError { offset: error.offset + start, ..error });
        }
        if rest.starts_with(PREFIX) {
            return self.call().map(ArgumentKind::Call);
        }
        let length = rest.find([',', ')']).unwrap_or(rest.len());
        let word = rest[..length].trim_end();
        self.at += word.len();
        match word {
            "" => Err(SyntaxError::new(start, "an argument is missing")),
            "true" => Ok(ArgumentKind::Boolean(true)),
            "false" => Ok(ArgumentKind::Boolean(false)),
            "null" => Ok(ArgumentKind::Null),
            _ => match word.parse::<f64>() {
                Ok(number) if word.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) => {
                    Ok(ArgumentKind::Number(number))
                }
                _ => Err(SyntaxError::new(start, format!("`{word}` is not a valid argument"))
                    .with_help(format!("write a string as `'{word}'`, a path as `$.{word}`"))),
            },
        }
    }
}

/// The end of a path that is an argument: the `,` or `)` that is not inside its brackets.
pub(crate) fn path_end(text: &str, start: usize) -> usize {
    let mut depth = 0usize;
    let mut at = start;
    while let Some(sign) = text[at..].chars().next() {
        match sign {
            ',' | ')' if depth == 0 => break,
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '\'' | '"' if depth > 0 => match quoted_end(text, at + 1, sign) {
                Some(end) => {
                    at = end;
                    continue;
                }
                None => return text.len(),
            },
            _ => {}
        }
        at += sign.len_utf8();
    }
    at
}

fn check_count(function: &Function, call: &Intrinsic<'_>, start: usize) -> Result<(), SyntaxError> {
    let given = call.arguments.len();
    let most = if function.variadic { usize::MAX } else { function.parameters.len() };
    if !(function.required..=most).contains(&given) {
        let wanted = match (function.required, most) {
            (0, 0) => "no argument".to_owned(),
            (1, 1) => "one argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, usize::MAX) => format!("at least {least} argument"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        return Err(SyntaxError::new(start, format!("`{}` takes {wanted}, not {given}", call.name)));
    }
    Ok(())
}

fn check_kinds(function: &Function, call: &Intrinsic<'_>) -> Result<(), SyntaxError> {
    for (at, argument) in call.arguments.iter().enumerate() {
        let wants = function.parameters[at.min(function.parameters.len() - 1)];
        if let Some(wanted) = mismatch(wants, &argument.kind) {
            let message = format!("argument {} of `{}` must be {wanted}", at + 1, call.name);
            return Err(SyntaxError::new(argument.offset, message));
        }
    }
    Ok(())
}

/// The type that the argument should have, if it is known to have another one.
fn mismatch(wants: Kind, argument: &ArgumentKind<'_>) -> Option<String> {
    let given = match argument {
        ArgumentKind::Path(_) | ArgumentKind::Placeholder => return None,
        ArgumentKind::String(_) => Kind::String,
        ArgumentKind::Number(_) => Kind::Integer,
        ArgumentKind::Boolean(_) => Kind::Boolean,
        ArgumentKind::Null => Kind::Anything,
        ArgumentKind::Call(call) => FUNCTIONS.iter().find(|function| function.name == call.name)?.gives,
    };
    let unknown = given == Anything && matches!(argument, ArgumentKind::Call(_));
    if wants == Anything || wants == given || unknown {
        return None;
    }
    let wanted = wants.describe();
    Some(match (argument, wants) {
        (ArgumentKind::Call(call), _) => format!("{wanted}; `{}` returns {}", call.name, given.describe()),
        (_, Kind::String) => format!("{wanted}: write it in `'…'`"),
        (_, Array | Object) => format!("{wanted}: write a path to one, or a nested call"),
        _ => wanted.to_owned(),
    })
}

/// The limits of single functions in the guide.
fn check_literals(call: &Intrinsic<'_>) -> Result<(), SyntaxError> {
    use ArgumentKind as Given;
    let argument = |at: usize| call.arguments.get(at);
    let number = |at: usize| match argument(at).map(|argument| &argument.kind) {
        Some(Given::Number(number)) => Some(*number),
        _ => None,
    };
    let fail = |at: usize, message: String, help: &str| {
        let offset = argument(at).map_or(0, |argument| argument.offset);
        Err(SyntaxError::new(offset, message).with_help(help))
    };
    match (call.name, argument(0).map(|argument| &argument.kind)) {
        ("States.Format", Some(Given::String(template))) => {
            let pieces = template.template()?;
            // A placeholder may contain `{}`.
            let wanted = pieces.iter().filter(|piece| **piece == Piece::Hole).count();
            let given = call.arguments.len() - 1;
            if wanted > given || wanted < given && !placeholder::is_in(template.raw) {
                let message = format!("the template has {wanted} `{{}}`, but the call has {given} values for them");
                return fail(0, message, "write one value for each `{}`");
            }
        }
        ("States.StringToJson", Some(Given::String(text))) if !placeholder::is_in(text.raw) => {
            if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&text.text()) {
                return fail(0, format!("the string is not JSON: {error}"), "write JSON text");
            }
        }
        ("States.Base64Encode" | "States.Base64Decode" | "States.Hash", Some(Given::String(text)))
            if text.raw.chars().count() > MAX_DATA && !placeholder::is_in(text.raw) =>
        {
            return fail(0, format!("the string has more than {MAX_DATA} characters"), "write a shorter string");
        }
        ("States.Hash", _) => {
            if let Some(Given::String(Literal { raw: name, .. })) = argument(1).map(|argument| &argument.kind) {
                if !HASH_ALGORITHMS.contains(name) && !placeholder::is_in(name) {
                    let help = format!("use one of {}", HASH_ALGORITHMS.join(", "));
                    return fail(1, format!("`{name}` is not a hash algorithm of Step Functions"), &help);
                }
            }
        }
        ("States.JsonMerge", _) if matches!(argument(2), Some(Argument { kind: Given::Boolean(true), .. })) => {
            return fail(2, "Step Functions supports only shallow merges".into(), "write `false`");
        }
        ("States.ArrayPartition", _) if number(1).is_some_and(|size| size < 1.0) => {
            return fail(1, "a chunk must have at least one element".into(), "write 1 or a greater number");
        }
        ("States.ArrayGetItem", _) if number(1).is_some_and(|index| index < 0.0) => {
            return fail(
                1,
                "an index cannot be negative: the first element has the index 0".into(),
                "write 0 or a greater number",
            );
        }
        ("States.ArrayRange", _) => {
            if number(2) == Some(0.0) {
                return fail(2, "the step of a range cannot be 0".into(), "write another number");
            }
            if let (Some(first), Some(last), Some(step)) = (number(0), number(1), number(2)) {
                if (last - first) / step >= 1000.0 {
                    return fail(0, "a range can have at most 1,000 elements".into(), "use a greater step");
                }
            }
        }
        ("States.MathAdd", _) => {
            let outside = |value: f64| !(-2_147_483_648.0..=2_147_483_647.0).contains(&value);
            if let Some(at) = (0..2).find(|at| number(*at).is_some_and(outside)) {
                return fail(
                    at,
                    "the number does not fit into 32 bits".into(),
                    "write a number from -2,147,483,648 to 2,147,483,647",
                );
            }
        }
        _ => {}
    }
    Ok(())
}

/// The string without its escapes.
pub(crate) fn unescape(raw: &str) -> String {
    Literal { raw, offset: 0 }.signs().map(|(_, sign, _)| sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_step_functions_takes() {
        for good in [
            "States.UUID()",
            "States.Array()",
            "States.Array(1, 'a', true, null, $.x, States.UUID())",
            "States.Format('{}_{}', $$.Execution.Name, $['test-batch']['id'])",
            "States.Format($.template, $.a, $.b)",
            r"States.Format('\{{}\} it\'s {}', $.a, $.b)",
            r#"States.StringToJson('{"a": "b"}')"#,
            r#"States.Format('"{}" and \\{}', $.a, $.b)"#,
            r"States.Format('${Prefix}\{{}\}', $.a)",
            "States.ArrayLength(States.StringToJson($.text))",
            "States.JsonMerge($.a, States.StringToJson('{}'), false)",
            "States.Array(States.Format('a'), States.UUID(), States.MathAdd(1, 2))",
            "States.Format('s3://${Bucket}/{}',$.key)",
            "States.JsonToString($.[?(@.year <= 1998)])",
            "States.MathAdd($.Iterator.Count, -1)",
            "States.StringSplit('a\nb', '\n')",
            "States.ArrayGetItem(States.StringSplit($x, '-'), States.MathAdd(States.ArrayLength($x), -1))",
            "States.MathRandom($.a, $.b)",
            "States.MathRandom(1, 9, 42)",
            "States.Hash($.a, 'SHA-256')",
            "States.JsonMerge($.a, $.b, false)",
            "States.MathAdd(${Step}, 1)",
        ] {
            assert!(Intrinsic::parse(good).is_ok(), "{good}: {:?}", Intrinsic::parse(good));
        }
    }

    #[test]
    fn refuses_what_is_wrong() {
        for (bad, offset) in [
            ("States.Foo()", 0),
            ("States.format('a')", 0),
            ("States.UUID", 11),
            ("States.UUID(1)", 0),
            ("States.Format()", 0),
            ("States.Format('{} {}', $.a)", 14),
            ("States.Format('{}')", 14),
            ("States.Format(\"a\")", 14),
            ("States.Format('a", 14),
            ("States.MathAdd(1)", 0),
            ("States.MathAdd('1', 2)", 15),
            ("States.MathAdd(1, 2", 19),
            ("States.MathAdd(1, 3000000000)", 18),
            ("States.Hash($.a, 'SHA256')", 17),
            ("States.Hash($.a)", 0),
            ("States.JsonMerge($.a, $.b, true)", 27),
            ("States.JsonMerge($.a, $.b)", 0),
            ("States.ArrayPartition($.a, 0)", 27),
            ("States.ArrayRange(1, 5, 0)", 24),
            ("States.ArrayRange(1, 5000, 1)", 18),
            ("States.ArrayLength('abc')", 19),
            ("States.Array($.a b)", 16),
            ("States.Array(a)", 13),
            ("States.Array(,)", 13),
            ("States.UUID() x", 14),
            ("States.Format('${Prefix}-{}')", 14),
            (r#"States.Format('{"key":"{}"}', $.value)"#, 15),
            (r#"States.Format('say \\{ {}', $.value)"#, 21),
            ("States.Format('{} }', $.value)", 18),
            ("States.Format('{0}', $.value)", 15),
            (r"States.Format('a\n{}', $.value)", 16),
            (r#"States.StringToJson('{"text":"An \"escaped\" here"}')"#, 33),
            (r"States.Array('a\u0041')", 15),
            ("States.StringToJson('{')", 20),
            ("States.ArrayLength(States.UUID())", 19),
            ("States.JsonMerge(States.Array(), $.b, false)", 17),
            ("States.MathAdd(States.StringSplit($.a, ','), 1)", 15),
            ("States.Base64Encode(States.Array(1))", 20),
            ("States.MathAdd(null, 1)", 15),
        ] {
            let error = Intrinsic::parse(bad).map(|call| panic!("{bad}: {call:?}")).unwrap_err();
            assert_eq!(error.offset, offset, "{bad}: {error}");
        }
    }

    #[test]
    fn the_number_of_calls_is_bounded() {
        let nested = |calls: usize| format!("{}{}", "States.Array(".repeat(calls), ")".repeat(calls));
        assert!(Intrinsic::parse(&nested(MAX_CALLS)).is_ok());
        assert!(Intrinsic::parse(&nested(MAX_CALLS + 1)).is_err());
        assert!(Intrinsic::parse(&nested(100_000)).is_err());
    }
}

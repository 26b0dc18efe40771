//! The tokens of an expression.

use crate::ast::Regex;
use crate::error::SyntaxError;
use crate::parse::Syntax;
use crate::pattern;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    End,
    Name(String),
    Variable(String),
    Placeholder(String),
    Operator(&'static str),
    String(String),
    Number(f64),
    Bool(bool),
    Null,
    Regex(Regex),
}

impl Token {
    /// The name of the token in a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Token::End => "the end of the expression".into(),
            Token::Name(name) => format!("`{}`", short(name)),
            Token::Variable(name) => format!("`${}`", short(name)),
            Token::Placeholder(text) => format!("`{}`", short(text)),
            Token::Operator(sign) => format!("`{sign}`"),
            Token::String(text) => format!("the text '{}'", short(text)),
            Token::Number(number) => format!("the number {number}"),
            Token::Bool(value) => format!("`{value}`"),
            Token::Null => "`null`".into(),
            Token::Regex(regex) => format!("the regular expression /{}/", short(&regex.pattern)),
        }
    }
}

fn short(text: &str) -> String {
    let mut cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Operators of two characters come first.
const OPERATORS: &[&str] = &[
    "..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":",
    "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!", "~",
];

/// Characters that end a name.
fn ends_name(sign: char) -> bool {
    is_blank(sign) || ".[]{}(),@#;:?+-*/%|=<>^&!~".contains(sign)
}

fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | '\t' | '\n' | '\r' | '\u{b}')
}

pub(crate) struct Lexer<'a> {
    pub(crate) text: &'a str,
    pub(crate) position: usize,
    syntax: Syntax,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str, syntax: Syntax) -> Self {
        Self { text, position: 0, syntax }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    /// The next token and where it begins. `infix` means that `/` divides, and does not begin a regular expression.
    pub(crate) fn next(&mut self, infix: bool) -> Result<(Token, usize), SyntaxError> {
        loop {
            self.position = self.text.len() - self.rest().trim_start_matches(is_blank).len();
            if !self.rest().starts_with("/*") {
                break;
            }
            match self.rest()[2..].find("*/") {
                Some(length) => self.position += length + 4,
                None => {
                    return Err(
                        SyntaxError::new("S0106", self.position, "the comment is not closed").help("end it with `*/`")
                    );
                }
            }
        }
        let start = self.position;
        let Some(first) = self.rest().chars().next() else { return Ok((Token::End, start)) };
        let token = match first {
            '/' if !infix => self.regex()?,
            '"' | '\'' => self.string(first)?,
            '`' => self.quoted_name()?,
            '0'..='9' => self.number()?,
            _ => match OPERATORS.iter().find(|sign| self.rest().starts_with(**sign)) {
                Some(sign) => {
                    self.position += sign.len();
                    Token::Operator(sign)
                }
                None => self.name(),
            },
        };
        Ok((token, start))
    }

    fn regex(&mut self) -> Result<Token, SyntaxError> {
        let open = self.position;
        let from = open + 1;
        let mut depth = 0i64;
        let (mut backslashes, mut previous) = (0usize, '/');
        for (at, sign) in self.text[from..].char_indices() {
            if sign == '/' && depth == 0 && backslashes % 2 == 0 {
                let pattern = &self.text[from..from + at];
                if pattern.is_empty() {
                    return Err(SyntaxError::new("S0301", open, "the regular expression is empty"));
                }
                pattern::check(pattern).map_err(|(offset, message)| {
                    SyntaxError::new("S0303", from + offset, format!("the regular expression is invalid: {message}"))
                })?;
                let behind = &self.text[from + at + 1..];
                let length = behind.len() - behind.trim_start_matches(['i', 'm']).len();
                let flags = &behind[..length];
                self.position = from + at + 1 + length;
                if let Some(flag) = behind[length..].chars().next().filter(|sign| sign.is_alphabetic()) {
                    return Err(SyntaxError::new(
                        "S0201",
                        self.position,
                        format!("the flag `{flag}` is unknown"),
                    )
                    .help(
                        "the flags of a regular expression are `i` (ignores case) and `m` (`^` and `$` match at each line)",
                    ));
                }
                if flags.matches('i').count() > 1 || flags.matches('m').count() > 1 {
                    let message = "a flag of the regular expression is given twice";
                    return Err(SyntaxError::new("S0303", from + at + 1, message));
                }
                return Ok(Token::Regex(Regex { pattern: pattern.to_owned(), flags: flags.to_owned() }));
            }
            if previous != '\\' {
                match sign {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth -= 1,
                    _ => {}
                }
            }
            backslashes = if sign == '\\' { backslashes + 1 } else { 0 };
            previous = sign;
        }
        let error = SyntaxError::new("S0302", open, "the regular expression is not closed");
        Err(if depth == 0 {
            error.help("end it with `/`")
        } else {
            error.help("close its brackets, and end it with `/`; write `\\` before a literal bracket")
        })
    }

    fn string(&mut self, quote: char) -> Result<Token, SyntaxError> {
        let start = self.position;
        let mut found = String::new();
        let mut pending: Option<u16> = None;
        let mut signs = self.text[start + 1..].char_indices();
        while let Some((at, sign)) = signs.next() {
            let at = start + 1 + at;
            let mut unit = None;
            let mut plain = sign;
            if sign == quote {
                flush(&mut found, &mut pending);
                self.position = at + 1;
                return Ok(Token::String(found));
            }
            if sign == '\\' {
                let Some((_, escape)) = signs.next() else { break };
                match escape {
                    '"' | '\\' | '/' => plain = escape,
                    'b' => plain = '\u{8}',
                    'f' => plain = '\u{c}',
                    'n' => plain = '\n',
                    'r' => plain = '\r',
                    't' => plain = '\t',
                    'u' => {
                        let digits = self.text.get(at + 2..at + 6);
                        match digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())) {
                            Some(digits) => unit = u16::from_str_radix(digits, 16).ok(),
                            None => {
                                return Err(SyntaxError::new("S0104", at, "four hexadecimal digits must follow `\\u`"));
                            }
                        }
                        signs.nth(3);
                    }
                    _ => {
                        let error =
                            SyntaxError::new("S0103", at, format!("`\\{escape}` is not a valid escape sequence"));
                        return Err(match escape {
                            '\'' => error.help("put the string between `\"` and `\"`"),
                            _ => error.help("write `\\\\` for a backslash"),
                        });
                    }
                }
            }
            match (unit, pending.take()) {
                (Some(low @ 0xdc00..=0xdfff), Some(high)) => {
                    found.extend(char::decode_utf16([high, low]).map(|sign| sign.unwrap_or('\u{fffd}')));
                }
                (unit, before) => {
                    flush(&mut found, &mut { before });
                    match unit {
                        Some(high @ 0xd800..=0xdbff) => pending = Some(high),
                        Some(unit) => found.push(char::from_u32(unit.into()).unwrap_or('\u{fffd}')),
                        None => found.push(plain),
                    }
                }
            }
        }
        let help = format!("end it with `{quote}`");
        Err(SyntaxError::new("S0101", start, "the string is not closed").help(help))
    }

    fn quoted_name(&mut self) -> Result<Token, SyntaxError> {
        let start = self.position;
        let Some(length) = self.rest()[1..].find('`') else {
            return Err(
                SyntaxError::new("S0105", start, "the quoted name is not closed").help("end it with a backquote")
            );
        };
        self.position += length + 2;
        Ok(Token::Name(self.text[start + 1..start + 1 + length].to_owned()))
    }

    fn number(&mut self) -> Result<Token, SyntaxError> {
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|sign| sign.is_ascii_digit()).count();
        let mut length = if bytes[0] == b'0' { 1 } else { digits(0) };
        if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
            length += 1 + digits(length + 1);
        }
        if matches!(bytes.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
            if bytes.len() > length + 1 + sign && digits(length + 1 + sign) > 0 {
                length += 1 + sign + digits(length + 1 + sign);
            }
        }
        let text = &self.rest()[..length];
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.position += length;
                Ok(Token::Number(number))
            }
            _ => Err(SyntaxError::new("S0102", self.position, format!("the number {} is too large", short(text)))),
        }
    }

    /// A name or a variable: everything up to a blank or an operator, including placeholders.
    fn name(&mut self) -> Token {
        let start = self.position;
        let mut placeholders = false;
        while let Some(sign) = self.rest().chars().next() {
            match self.placeholder() {
                Some(length) => {
                    placeholders = true;
                    self.position += length;
                }
                None if ends_name(sign) => break,
                None => self.position += sign.len_utf8(),
            }
        }
        let name = &self.text[start..self.position];
        if placeholders && (!name.starts_with('$') || name.starts_with("${")) {
            return Token::Placeholder(name.to_owned());
        }
        match name {
            "and" => Token::Operator("and"),
            "or" => Token::Operator("or"),
            "in" => Token::Operator("in"),
            "true" => Token::Bool(true),
            "false" => Token::Bool(false),
            "null" => Token::Null,
            _ => match name.strip_prefix('$') {
                Some(name) => Token::Variable(name.to_owned()),
                None => Token::Name(name.to_owned()),
            },
        }
    }

    /// The length of the placeholder that begins here.
    fn placeholder(&self) -> Option<usize> {
        if self.syntax == Syntax::Plain {
            return None;
        }
        let inside = self.rest().strip_prefix("${")?;
        let length = inside.find(['}', '{', '"', '\'', '\n']).filter(|length| *length > 0)?;
        inside[length..].starts_with('}').then_some(length + 3)
    }
}

/// A single UTF-16 surrogate without its other half.
fn flush(text: &mut String, half: &mut Option<u16>) {
    if half.take().is_some() {
        text.push('\u{fffd}');
    }
}

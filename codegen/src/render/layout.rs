//! Formats tokens as readable text.
//!
//! The compiler ignores the layout, so this does little: one item, statement, member or variant in each line, and usual
//! spaces. A complete formatter for Rust would take longer to compile than the builders.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// The text of items.
pub(crate) fn text(items: TokenStream) -> String {
    let mut writer = Writer::default();
    writer.stream(items, Place::Items);
    writer.text.trim_end().to_owned() + "\n"
}

/// The context of tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// A file, or braces with items, statements or members, each in one line.
    Items,
    /// Parentheses, brackets, and the braces of `use`, in one line.
    Line,
}

#[derive(Default)]
struct Writer {
    text: String,
    depth: usize,
    /// How many `<` of types are open.
    angles: usize,
    last: Last,
    /// Whether the last word cannot begin a path: `impl`, `'static`.
    is_apart: bool,
    /// Whether the open `<` begins the parameters of an `impl`.
    is_impl: bool,
}

/// The last token.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Last {
    /// None in this line.
    #[default]
    Start,
    /// A name, a literal, a closing bracket.
    Word,
    /// Punctuation without a space after it.
    Tight,
    /// Punctuation with a space after it.
    Loose,
}

impl Writer {
    fn stream(&mut self, stream: TokenStream, place: Place) {
        let mut tokens = stream.into_iter().peekable();
        let mut is_use = false;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(sign) if sign.as_char() == '#' => {
                    let Some(TokenTree::Group(group)) = tokens.peek() else { continue };
                    let group = group.clone();
                    tokens.next();
                    self.attribute(&group, place);
                }
                TokenTree::Group(group) => {
                    let ends_item = self.group(&group, is_use || place == Place::Line);
                    let goes_on = tokens.peek().is_some_and(|next| match next {
                        TokenTree::Punct(sign) => matches!(sign.as_char(), ',' | ';' | '.' | '?' | ')'),
                        TokenTree::Ident(word) => word == "else",
                        _ => false,
                    });
                    if ends_item && place == Place::Items && !goes_on && tokens.peek().is_some() {
                        self.line();
                        // A blank line between items with a body.
                        self.text.push('\n');
                    }
                }
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    if word == "use" && matches!(self.last, Last::Start | Last::Word) {
                        is_use = true;
                    }
                    if self.last == Last::Word || self.last == Last::Loose {
                        self.text.push(' ');
                    }
                    self.is_apart =
                        matches!(word.as_str(), "impl" | "for" | "as" | "in" | "dyn") || self.text.ends_with('\'');
                    self.put(&word, Last::Word);
                }
                TokenTree::Literal(literal) => {
                    if self.last == Last::Word || self.last == Last::Loose {
                        self.text.push(' ');
                    }
                    self.put(&literal.to_string(), Last::Word);
                }
                TokenTree::Punct(sign) => {
                    let mut signs = String::from(sign.as_char());
                    let mut spacing = sign.spacing();
                    while spacing == Spacing::Joint && sign.as_char() != '\'' {
                        let Some(TokenTree::Punct(next)) = tokens.peek() else { break };
                        signs.push(next.as_char());
                        spacing = next.spacing();
                        tokens.next();
                        if matches!(signs.as_str(), "::" | "->" | "=>") {
                            break;
                        }
                    }
                    let ends_line = place == Place::Items && self.angles == 0 && matches!(signs.as_str(), ";" | ",");
                    self.signs(&signs);
                    if ends_line {
                        is_use = false;
                        self.line();
                    }
                }
            }
        }
    }

    fn put(&mut self, text: &str, last: Last) {
        if self.last == Last::Start && !self.text.is_empty() && self.text.ends_with('\n') {
            self.text.push_str(&"    ".repeat(self.depth));
        }
        self.text.push_str(text);
        self.last = last;
    }

    fn line(&mut self) {
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        self.text.push('\n');
        self.last = Last::Start;
    }

    fn signs(&mut self, signs: &str) {
        match signs {
            "<" => {
                self.is_impl |= self.angles == 0 && self.text.ends_with("impl");
                self.angles += 1;
            }
            ">" => self.angles = self.angles.saturating_sub(1),
            ">>" => self.angles = self.angles.saturating_sub(2),
            _ => {}
        }
        let (before, last) = match signs {
            "," | ";" | ":" => (false, Last::Loose),
            "." | "::" | "<" | "!" | "?" => (false, Last::Tight),
            ">" | ">>" if self.is_impl && self.angles == 0 => {
                self.is_impl = false;
                (false, Last::Loose)
            }
            ">" | ">>" => (false, Last::Word),
            "&" | "'" => (self.last != Last::Tight, Last::Tight),
            _ => (true, Last::Loose),
        };
        if before && matches!(self.last, Last::Word | Last::Loose)
            || signs == "::" && (self.last == Last::Loose || self.last == Last::Word && self.is_apart)
        {
            self.text.push(' ');
        }
        self.is_apart = false;
        self.put(signs, last);
    }

    /// `#[…]` in a separate line; docs as a comment.
    fn attribute(&mut self, group: &Group, place: Place) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        if let [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Literal(text)] = tokens.as_slice() {
            if let Some(text) = (name == "doc").then(|| unquoted(&text.to_string())).flatten() {
                self.put(format!("///{text}").trim_end(), Last::Word);
                return self.line();
            }
        }
        self.put("#[", Last::Tight);
        self.stream(group.stream(), Place::Line);
        self.put("]", Last::Word);
        if place == Place::Items {
            self.line();
        }
    }

    /// Whether it was a body that ends an item or a statement.
    fn group(&mut self, group: &Group, on_one_line: bool) -> bool {
        let angles = std::mem::take(&mut self.angles);
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::None => ("", ""),
        };
        let is_body = group.delimiter() == Delimiter::Brace;
        if self.last == Last::Loose || (is_body && self.last == Last::Word) {
            self.text.push(' ');
        }
        match is_body && !on_one_line && !group.stream().is_empty() {
            true => {
                self.put(open, Last::Start);
                self.line();
                self.depth += 1;
                self.stream(group.stream(), Place::Items);
                if self.last != Last::Start {
                    self.line();
                }
                self.depth -= 1;
                self.put(close, Last::Word);
            }
            false => {
                self.put(open, Last::Tight);
                self.stream(group.stream(), Place::Line);
                self.put(close, Last::Word);
            }
        }
        self.angles = angles;
        is_body && !on_one_line
    }
}

/// The text of a string literal, if it is one line.
fn unquoted(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix("r\"").and_then(|raw| raw.strip_suffix('"')) {
        return Some(raw.to_owned());
    }
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(inner.len());
    let mut signs = inner.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            text.push(sign);
            continue;
        }
        match signs.next()? {
            'u' => {
                let code: String = signs.by_ref().skip(1).take_while(|sign| *sign != '}').collect();
                text.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
            }
            't' => text.push('\t'),
            sign @ ('"' | '\'' | '\\') => text.push(sign),
            _ => return None,
        }
    }
    Some(text)
}

//! HCL in the format of `terraform fmt`.

use std::fmt::Write;

use crate::value::{Json, Object};

/// Writes text line by line.
#[derive(Debug, Default)]
pub(super) struct Hcl {
    lines: Vec<Line>,
    indent: usize,
}

#[derive(Debug)]
enum Line {
    /// `name = value`, aligned with the neighboring lines.
    Attribute { indent: usize, name: String, value: String },
    /// Anything else.
    Other { indent: usize, text: String },
    /// A line of a heredoc, unchanged.
    Raw(String),
}

impl Hcl {
    /// A block. At the top level, an empty line comes before it.
    pub(super) fn block(&mut self, head: &str, body: impl FnOnce(&mut Self)) {
        if self.indent == 0 && !self.lines.is_empty() {
            self.raw("");
        }
        let (before, indent) = (self.lines.len(), self.indent);
        self.lines.push(Line::Other { indent, text: format!("{head} {{") });
        self.indent += 1;
        body(self);
        self.indent -= 1;
        if self.lines.len() == before + 1 {
            self.lines[before] = Line::Other { indent, text: format!("{head} {{}}") };
        } else {
            self.lines.push(Line::Other { indent, text: "}".to_owned() });
        }
    }

    /// An attribute with an expression.
    pub(super) fn set(&mut self, name: &str, expression: impl Into<String>) {
        let (name, indent) = (name.to_owned(), self.indent);
        self.lines.push(Line::Attribute { indent, name, value: expression.into() });
    }

    /// An empty line.
    pub(super) fn space(&mut self) {
        self.raw("");
    }

    /// An attribute whose value is a text of several lines. The lines must already be escaped.
    pub(super) fn heredoc(&mut self, name: &str, lines: &str) {
        self.set(name, "<<JSON");
        lines.lines().for_each(|line| self.raw(line));
        self.raw("JSON");
    }

    /// An attribute with a value between `before` and `after`. Its strings must already be HCL templates.
    pub(super) fn value(&mut self, name: &str, before: &str, value: &Json, after: &str) {
        let indent = self.indent;
        self.collection(name, before, value, after);
        self.indent = indent;
    }

    fn collection(&mut self, name: &str, before: &str, value: &Json, after: &str) {
        let (open, close) = match value {
            Json::Object(object) if !object.is_empty() => ("{", "}"),
            Json::Array(elements) if is_long(elements) => ("[", "]"),
            _ => return self.item(name, format!("{before}{}{after}", scalar(value))),
        };
        self.open(name, &format!("{before}{open}"));
        self.indent += 1;
        match value {
            Json::Object(object) => self.members(object),
            Json::Array(elements) => {
                for element in elements {
                    self.collection("", "", element, ",");
                }
            }
            _ => {}
        }
        self.indent -= 1;
        self.lines.push(Line::Other { indent: self.indent, text: format!("{close}{after}") });
    }

    fn members(&mut self, object: &Object) {
        for (name, value) in object.iter() {
            let name = match names_itself(name) {
                true => name.to_owned(),
                false => quoted(name),
            };
            self.collection(&name, "", value, "");
        }
    }

    fn item(&mut self, name: &str, text: String) {
        match name {
            "" => self.lines.push(Line::Other { indent: self.indent, text }),
            name => self.set(name, text),
        }
    }

    /// The first line of a value with several lines. It is not aligned.
    fn open(&mut self, name: &str, text: &str) {
        let text = if name.is_empty() { text.to_owned() } else { format!("{name} = {text}") };
        self.lines.push(Line::Other { indent: self.indent, text });
    }

    fn raw(&mut self, text: &str) {
        self.lines.push(Line::Raw(text.to_owned()));
    }

    /// The text, with the equals signs of neighboring lines aligned.
    pub(super) fn finish(self) -> String {
        let mut text = String::new();
        let mut lines = self.lines.as_slice();
        while let Some(first) = lines.first() {
            let attributes = lines.iter().take_while(|line| matches!(line, Line::Attribute { .. })).count();
            let width = lines[..attributes].iter().map(Line::name_width).max().unwrap_or_default();
            let (these, rest) = lines.split_at(attributes.max(1));
            // Writing to a string never fails.
            for line in these {
                let _ = match line {
                    Line::Attribute { indent, name, value } => {
                        writeln!(text, "{:spaces$}{name:width$} = {value}", "", spaces = indent * 2)
                    }
                    Line::Other { indent, text: line } => {
                        writeln!(text, "{:spaces$}{line}", "", spaces = indent * 2)
                    }
                    Line::Raw(line) => writeln!(text, "{line}"),
                };
            }
            debug_assert!(!matches!(first, Line::Attribute { .. }) || attributes > 0);
            lines = rest;
        }
        text
    }
}

impl Line {
    fn name_width(&self) -> usize {
        match self {
            Line::Attribute { name, .. } => name.chars().count(),
            _ => 0,
        }
    }
}

fn names_itself(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether each element of an array gets its own line.
fn is_long(elements: &[Json]) -> bool {
    match elements {
        [] => false,
        [Json::Object(object)] => !object.is_empty(),
        [Json::Array(inner)] => is_long(inner),
        [_] => false,
        _ => true,
    }
}

fn scalar(value: &Json) -> String {
    match value {
        // A template that is a single `${…}` becomes the expression; any other template is a string.
        Json::String(template) => match template.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            Some(expression) if !expression.contains(['{', '}']) => expression.to_owned(),
            _ => format!("\"{template}\""),
        },
        Json::Object(_) => "{}".to_owned(),
        Json::Array(elements) => format!("[{}]", elements.iter().map(scalar).collect::<String>()),
        other => other.to_string(),
    }
}

/// Literal text as a string.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", literal(text))
}

/// Literal text inside a string.
pub(super) fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in directives(text).chars() {
        match sign {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            sign if sign.is_control() => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(sign));
            }
            sign => escaped.push(sign),
        }
    }
    escaped
}

/// Literal text inside a heredoc, where `${` and `%{` start a template.
pub(super) fn directives(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// JSON text with escapes for the characters that Terraform could change: it converts every text to Unicode's
/// normalization form C.
pub(super) fn normalized(json: &str) -> String {
    let mut normalized = String::with_capacity(json.len());
    for sign in json.chars() {
        match sign {
            // Here, the form changes nothing: Latin, Greek, Cyrillic, punctuation, symbols, Chinese, Japanese, Korean, emoji.
            '\0'..='\u{2ff}'
            | '\u{388}'..='\u{482}'
            | '\u{2002}'..='\u{20cf}'
            | '\u{232b}'..='\u{2adb}'
            | '\u{2e00}'..='\u{3029}'
            | '\u{3030}'..='\u{3098}'
            | '\u{309b}'..='\u{a66e}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{1f000}'..='\u{1faff}' => normalized.push(sign),
            sign => {
                for unit in sign.encode_utf16(&mut [0; 2]) {
                    let _ = write!(normalized, "\\u{unit:04x}");
                }
            }
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_signs_stand_below_each_other() {
        let mut hcl = Hcl::default();
        hcl.block("resource \"a\" \"b\"", |hcl| {
            hcl.set("name", quoted("x"));
            hcl.set("description", quoted("say \"${hi}\" %{y}"));
            hcl.value("tags", "", &serde_json::json!({"a": 1, "b:c": ["x", {}]}).into(), "");
            hcl.set("last", "true");
        });
        hcl.block("data \"a\" \"c\"", |_| {});
        assert_eq!(
            hcl.finish(),
            "resource \"a\" \"b\" {\n  name        = \"x\"\n  description = \"say \\\"$${hi}\\\" %%{y}\"\n  \
             tags = {\n    a = 1\n    \"b:c\" = [\n      \"x\",\n      {},\n    ]\n  }\n  last = true\n}\n\n\
             data \"a\" \"c\" {}\n"
        );
    }
}

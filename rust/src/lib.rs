//! Rust code that uses the builders of sfn-tasks, as a tree, and its layout.
//!
//! The generator uses this crate for the example of each task, and the library to turn a definition into Rust. Both
//! build [`Code`], so their output has the same style.
//!
//! ```
//! use sfn_tasks_rust::{Code, call, text};
//!
//! let task = call("Task::new", [text("Send"), Code::raw("sqs::SendMessage::new()")]).method("run_job", []);
//! assert_eq!(task.to_string(), r#"Task::new("Send", sqs::SendMessage::new()).run_job()"#);
//! ```

mod layout;

use std::fmt;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(Node);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    /// Source text
    Raw(String),
    /// Elements between brackets, separated by commas
    Group { open: String, items: Vec<Code>, close: &'static str, padded: bool },
    /// `"name": value`
    Member { name: String, value: Box<Code> },
    /// A receiver and the methods that are called on it
    Chain { head: Box<Code>, calls: Vec<Call> },
}

/// A call of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    /// The text before the arguments: `.name(`
    open: String,
    arguments: Vec<Code>,
    close: &'static str,
}

/// A call of a function or a constructor.
pub fn call(path: &str, arguments: impl IntoIterator<Item = Code>) -> Code {
    group(format!("{path}("), arguments, ")", false)
}

/// An array.
pub fn array(elements: impl IntoIterator<Item = Code>) -> Code {
    group("[".to_owned(), elements, "]", false)
}

/// A tuple of two elements.
pub fn pair(first: Code, second: Code) -> Code {
    group("(".to_owned(), [first, second], ")", false)
}

/// An object inside `payload!`.
pub fn object(members: impl IntoIterator<Item = (String, Code)>) -> Code {
    let members = members.into_iter().map(|(name, value)| Code(Node::Member { name, value: Box::new(value) }));
    group("{".to_owned(), members, "}", true)
}

/// `payload!(…)` around an object, an array or a value.
pub fn payload(inner: Code) -> Code {
    match inner.0 {
        Node::Group { open, items, close: "}", padded } => {
            Code(Node::Group { open: format!("payload!({open}"), items, close: "})", padded })
        }
        Node::Group { open, items, close: "]", padded } => {
            Code(Node::Group { open: format!("payload!({open}"), items, close: "])", padded })
        }
        other => group("payload!(".to_owned(), [Code(other)], ")", false),
    }
}

fn group(open: String, items: impl IntoIterator<Item = Code>, close: &'static str, padded: bool) -> Code {
    Code(Node::Group { open, items: items.into_iter().collect(), close, padded })
}

/// A string literal: a raw string if that needs fewer escapes, on several lines if the text has several lines.
pub fn text(text: &str) -> Code {
    Code::raw(literal(text))
}

/// The source of a string literal.
pub fn literal(text: &str) -> String {
    // A single line break, at the end or between two words, is easier to read as `\n`.
    let lines = text.matches('\n').count();
    let is_shown = |sign: char| match sign {
        '\n' => lines > 1,
        '\u{2028}' | '\u{2029}' => false,
        sign => !sign.is_control() && !is_bidirectional(sign),
    };
    if !text.chars().all(is_shown) || !text.contains(['"', '\\', '\n']) {
        return format!("{text:?}");
    }
    // Use as many number signs as needed so that no quotation mark in the text has that many after it.
    let mut guard = if text.contains('"') { "#".to_owned() } else { String::new() };
    while text.contains(&format!("\"{guard}")) {
        guard.push('#');
    }
    format!("r{guard}\"{text}\"{guard}")
}

/// Whether the character changes the direction of text. The compiler rejects such a character in a literal unless it
/// is escaped.
fn is_bidirectional(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// An integer, with its type if it does not fit into the default type `i32`.
pub fn integer(number: i128) -> Code {
    Code::raw(match (i32::try_from(number), i64::try_from(number)) {
        (Ok(small), _) => small.to_string(),
        (_, Ok(large)) => format!("{large}_i64"),
        _ => format!("{number}_u64"),
    })
}

/// A floating-point number.
pub fn float(number: f64) -> Code {
    Code::raw(format!("{number:?}"))
}

impl Code {
    /// Code with this source text.
    pub fn raw(text: impl Into<String>) -> Self {
        Self(Node::Raw(text.into()))
    }

    /// Calls a method of this value.
    #[must_use]
    pub fn method(self, name: &str, arguments: impl IntoIterator<Item = Code>) -> Self {
        self.call(Call { open: format!(".{name}("), arguments: arguments.into_iter().collect(), close: ")" })
    }

    /// Calls methods whose source is already written: `.name(argument)`.
    #[must_use]
    pub fn methods_as_written(self, calls: &str) -> Self {
        self.call(Call { open: calls.to_owned(), arguments: Vec::new(), close: "" })
    }

    fn call(self, call: Call) -> Self {
        match self.0 {
            Node::Chain { head, mut calls } => {
                calls.push(call);
                Self(Node::Chain { head, calls })
            }
            node => Self(Node::Chain { head: Box::new(Self(node)), calls: vec![call] }),
        }
    }

    /// The number of method calls.
    pub fn methods(&self) -> usize {
        match &self.0 {
            Node::Chain { calls, .. } => calls.len(),
            _ => 0,
        }
    }

    /// The source text. The line starts with `indent` spaces and `before`, and continues with `after`.
    pub fn write(&self, indent: usize, before: &str, after: &str) -> String {
        let mut text = format!("{:indent$}{before}", "");
        layout::write(self, indent, after.chars().count(), &mut text);
        text.push_str(after);
        text
    }
}

/// The code on one line.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&layout::line(self))
    }
}

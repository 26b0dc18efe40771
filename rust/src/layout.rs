//! Line breaks in the style of rustfmt.

use super::{Code, Node};

/// The maximum length of a line.
const WIDTH: usize = 120;

/// The maximum length of a chain on one line, and of a list of arguments.
const NARROW: usize = 72;

/// The code on one line.
pub(super) fn line(code: &Code) -> String {
    let mut text = String::new();
    write_line(code, &mut text);
    text
}

fn write_line(code: &Code, text: &mut String) {
    match &code.0 {
        Node::Raw(raw) => text.push_str(raw),
        Node::Group { open, items, close, padded } => {
            text.push_str(open);
            let space = if *padded && !items.is_empty() { " " } else { "" };
            text.push_str(space);
            items_in_line(items, text);
            text.push_str(space);
            text.push_str(close);
        }
        Node::Member { name, value } => {
            text.push_str(&format!("{name:?}: "));
            write_line(value, text);
        }
        Node::Chain { head, calls } => {
            write_line(head, text);
            for call in calls {
                text.push_str(&call.open);
                items_in_line(&call.arguments, text);
                text.push_str(call.close);
            }
        }
    }
}

fn items_in_line(items: &[Code], text: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write_line(item, text);
    }
}

/// Appends code to the last line of `text`. `after` more characters follow the code on its last line.
pub(super) fn write(code: &Code, indent: usize, after: usize, text: &mut String) {
    let column = text.rsplit('\n').next().map_or(0, |last| last.chars().count());
    let whole = line(code);
    let length = whole.chars().count();
    let is_long_chain = matches!(&code.0, Node::Chain { calls, .. } if calls.len() > 1 && length > NARROW);
    if column + length + after <= WIDTH && !is_long_chain && !whole.contains('\n') {
        text.push_str(&whole);
        return;
    }
    match &code.0 {
        Node::Raw(raw) => text.push_str(raw),
        Node::Group { open, items, close, .. } => write_group(open, items, close, indent, text),
        Node::Member { name, value } => {
            text.push_str(&format!("{name:?}: "));
            write(value, indent, after, text);
        }
        Node::Chain { head, calls } => {
            let start = text.len();
            write(head, indent, 0, text);
            // After a receiver with several lines, the calls are indented like its closing bracket.
            let indent = if text[start..].contains('\n') { indent } else { indent + 4 };
            for call in calls {
                new_line(indent, text);
                write_group(&call.open, &call.arguments, call.close, indent, text);
            }
        }
    }
}

fn write_group(open: &str, items: &[Code], close: &str, indent: usize, text: &mut String) {
    let column = text.rsplit('\n').next().map_or(0, |last| last.chars().count());
    let mut inside = String::new();
    items_in_line(items, &mut inside);
    let is_call = close == ")" && !open.starts_with("payload!");
    let breaks_chain = items
        .iter()
        .any(|it| matches!(&it.0, Node::Chain { calls, .. } if calls.len() > 1 && line(it).chars().count() > NARROW));
    let length = column + open.chars().count() + inside.chars().count() + close.len() + 1;
    if is_call && length <= WIDTH && !breaks_chain && !inside.contains('\n') {
        text.push_str(open);
        text.push_str(&inside);
        text.push_str(close);
        return;
    }
    // A single argument that is a group stays on the line of the parentheses.
    if let ([Code(Node::Group { open: inner, items, close: end, .. })], ")") = (items, close) {
        if is_call {
            let (open, close) = (format!("{open}{inner}"), format!("{end}{close}"));
            return write_elements(&open, items, &close, indent, text);
        }
    }
    write_elements(open, items, close, indent, text);
}

fn write_elements(open: &str, items: &[Code], close: &str, indent: usize, text: &mut String) {
    text.push_str(open);
    if items.is_empty() {
        text.push_str(close);
        return;
    }
    for item in items {
        new_line(indent + 4, text);
        write(item, indent + 4, 1, text);
        text.push(',');
    }
    new_line(indent, text);
    text.push_str(close);
}

fn new_line(indent: usize, text: &mut String) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use crate::{array, call, object, payload, text};

    #[test]
    fn what_fits_stays_on_a_line() {
        let code = call("f", [text("a"), array([text("b"), text("c")])]);
        assert_eq!(code.write(4, "let x = ", ";"), "    let x = f(\"a\", [\"b\", \"c\"]);");
    }

    #[test]
    fn chains_and_objects_break() {
        let member = |name: &str| (name.to_owned(), text(&"long ".repeat(8)));
        let code = call("Task::new", [text("A")])
            .method("parameters", [payload(object([member("one"), member("two"), member("three")]))])
            .method("next", [text("B")]);
        let long = "long ".repeat(8);
        assert_eq!(
            code.write(0, "", ""),
            format!(
                "Task::new(\"A\")\n    .parameters(payload!({{\n        \"one\": \"{long}\",\n        \"two\": \"{long}\",\n        \
                 \"three\": \"{long}\",\n    }}))\n    .next(\"B\")"
            )
        );
    }

    #[test]
    fn literals_hold_what_they_are_given() {
        for (given, written) in [
            ("plain", "\"plain\""),
            ("say \"x\"", "r#\"say \"x\"\"#"),
            ("a\"#b", "r##\"a\"#b\"##"),
            ("line\n\"", "\"line\\n\\\"\""),
            ("\\d", "r\"\\d\""),
            ("a\nb\n\"c\"", "r#\"a\nb\n\"c\"\"#"),
            ("a\nb\nc", "r\"a\nb\nc\""),
            ("a\u{202e}\n\nb\"", "\"a\\u{202e}\\n\\nb\\\"\""),
        ] {
            assert_eq!(text(given).to_string(), written);
        }
    }
}

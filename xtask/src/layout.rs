//! The layout of a spec file: a value that fits in one line is written in one line.

use serde_json::Value;

const WIDTH: usize = 160;

/// The text of a spec file.
pub(crate) fn text(spec: &Value) -> String {
    let mut out = String::new();
    write(spec, 0, 0, &mut out);
    out.push('\n');
    out
}

/// Writes the value at this depth. `before` is the number of characters before it in its line.
fn write(value: &Value, depth: usize, before: usize, out: &mut String) {
    let line = on_one_line(value);
    let (open, close, items): (char, char, Vec<(String, &Value)>) = match value {
        Value::Array(items) => ('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
        Value::Object(members) => {
            ('{', '}', members.iter().map(|(key, value)| (format!("{}: ", quoted(key)), value)).collect())
        }
        _ => return out.push_str(&line),
    };
    if items.is_empty() || before + line.chars().count() < WIDTH {
        return out.push_str(&line);
    }
    let indent = "  ".repeat(depth + 1);
    out.push(open);
    for (i, (key, item)) in items.iter().enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        out.push_str(&indent);
        out.push_str(key);
        write(item, depth + 1, indent.len() + key.chars().count(), out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

fn on_one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(on_one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| format!("{}: {}", quoted(key), on_one_line(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        _ => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_short_object_stands_on_a_line_and_a_long_one_does_not() {
        assert_eq!(text(&json!({ "a": [1, {}], "b": null })), "{ \"a\": [1, {}], \"b\": null }\n");
        let long = json!({ "a": { "b": "x".repeat(WIDTH) }, "c": [] });
        let expected = format!("{{\n  \"a\": {{\n    \"b\": \"{}\"\n  }},\n  \"c\": []\n}}\n", "x".repeat(WIDTH));
        assert_eq!(text(&long), expected);
    }

    #[test]
    fn the_text_reads_back_as_the_same_value() {
        let value = json!({ "z": "\"\\\n", "a": (0..200).collect::<Vec<_>>() });
        assert_eq!(serde_json::from_str::<Value>(&text(&value)).unwrap(), value);
    }
}

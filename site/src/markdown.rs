//! Pieces of Markdown.

/// Text in a cell of a table: on one line, its bars escaped.
pub(crate) fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// Code in a cell of a table.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) }
}

/// Pieces of code in a cell, one in each line.
pub(crate) fn codes<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join("<br>")
}

/// A table; nothing if it has no rows.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    text.push('\n');
    text
}

/// A block of code.
pub(crate) fn block(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n\n", text.trim_end())
}

/// The anchor of a heading, as MkDocs makes it.
pub(crate) fn anchor(heading: &str) -> String {
    let kept: String = heading.chars().filter(|sign| sign.is_alphanumeric() || " -_".contains(*sign)).collect();
    kept.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}

/// The text without what only rustdoc reads: the lines of Rust that begin with `# `, and the attributes of a block, as in
/// ```` ```rust,ignore ````. Python-Markdown does not recognize a block with attributes.
pub(crate) fn without_rustdoc(text: &str) -> String {
    let (mut in_code, mut in_rust) = (false, false);
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            in_code = !in_code;
            in_rust = in_code && language.starts_with("rust");
            match line.split_once("```rust,") {
                Some((indent, _)) if in_rust => shown.push_str(&format!("{indent}```rust\n")),
                _ => shown.push_str(line),
            }
        } else if !in_rust || !(line.trim() == "#" || line.trim().starts_with("# ")) {
            shown.push_str(line);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::without_rustdoc;

    #[test]
    fn hidden_lines_are_those_of_rust() {
        let text = "# Title\n```rust\nlet a = 1;\n# assert!(true);\n#[test]\n```\n# Other\n```sh\n# a comment\n```\n";
        let shown = "# Title\n```rust\nlet a = 1;\n#[test]\n```\n# Other\n```sh\n# a comment\n```\n";
        assert_eq!(without_rustdoc(text), shown);
    }

    #[test]
    fn blocks_have_no_attributes() {
        let text = "```rust,ignore\nlet a = 1;\n# b;\n```\n- c\n    ```rust,no_run\n    let d = 1;\n    ```\n```sh\necho rust,ignore\n```\n";
        let shown =
            "```rust\nlet a = 1;\n```\n- c\n    ```rust\n    let d = 1;\n    ```\n```sh\necho rust,ignore\n```\n";
        assert_eq!(without_rustdoc(text), shown);
    }
}

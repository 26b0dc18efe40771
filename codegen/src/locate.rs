//! Finds the position of a JSON Pointer in JSON text.

use std::collections::HashMap;
use std::fmt;

/// A JSON Pointer with one more step.
pub(crate) fn step(pointer: &str, name: impl fmt::Display) -> String {
    format!("{pointer}/{}", name.to_string().replace('~', "~0").replace('/', "~1"))
}

/// The positions of all values in JSON text.
#[derive(Debug)]
pub(crate) struct Places {
    by_pointer: HashMap<String, usize>,
    /// The offsets at which lines begin.
    lines: Vec<usize>,
}

impl Places {
    pub(crate) fn new(text: &str) -> Self {
        let mut scanner = Scanner { text, at: 0, by_pointer: HashMap::new() };
        scanner.value("");
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { by_pointer: scanner.by_pointer, lines: std::iter::once(0).chain(breaks).collect() }
    }

    pub(crate) fn has(&self, pointer: &str) -> bool {
        self.by_pointer.contains_key(pointer)
    }

    /// The line and column of the value, from 1. If it does not exist, those of the nearest enclosing value.
    pub(crate) fn find(&self, text: &str, pointer: &str) -> (usize, usize) {
        let mut pointer = pointer;
        let at = loop {
            match (self.by_pointer.get(pointer), pointer.rsplit_once('/')) {
                (Some(at), _) => break *at,
                (None, Some((outer, _))) => pointer = outer,
                (None, None) => break 0,
            }
        };
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines[line - 1];
        (line, text.get(start..at).unwrap_or_default().chars().count() + 1)
    }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    by_pointer: HashMap<String, usize>,
}

impl Scanner<'_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    fn blank(&mut self) {
        while self.peek().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// Reads a value. If a key is given twice, the position of the second one is kept, because it is the fault.
    fn value(&mut self, pointer: &str) {
        self.blank();
        self.by_pointer.insert(pointer.to_owned(), self.at);
        match self.peek() {
            b'"' => drop(self.string()),
            open @ (b'{' | b'[') => {
                self.at += 1;
                for index in 0_usize.. {
                    self.blank();
                    if self.peek() == b',' {
                        self.at += 1;
                        self.blank();
                    }
                    if matches!(self.peek(), b'}' | b']' | 0) {
                        self.at += 1;
                        return;
                    }
                    let name = if open == b'{' { self.string() } else { index.to_string() };
                    if open == b'{' {
                        self.blank();
                        self.at += 1;
                    }
                    self.value(&step(pointer, name));
                }
            }
            _ => {
                while !matches!(self.peek(), b',' | b'}' | b']' | 0) {
                    self.at += 1;
                }
            }
        }
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while !matches!(self.peek(), b'"' | 0) {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        self.text.get(start..self.at).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_line_and_column() {
        let find = |text, pointer| Places::new(text).find(text, pointer);
        let text = "{\n  \"a/b\": [1, \"x,]\", { \"ü\": true, \"c\": null }],\n  \"d\": {}\n}";
        assert_eq!(find(text, ""), (1, 1));
        assert_eq!(find(text, "/a~1b"), (2, 10));
        assert_eq!(find(text, "/a~1b/1"), (2, 14));
        assert_eq!(find(text, "/a~1b/2/c"), (2, 39));
        assert_eq!(find(text, "/d/missing/deeper"), (3, 8));
        assert_eq!(find("{\"a\":1,\"a\":2}", "/a"), (1, 12));
        assert_eq!(find("", "/a"), (1, 1));
    }
}

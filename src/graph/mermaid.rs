//! A flowchart in Mermaid's language.

use std::fmt::Write;

use crate::asl::StateType;

use super::model::{EdgeKind, Graph, Node, NodeKind};
use super::way::Way;
use crate::value::is_printable;

pub(super) fn draw(graph: &Graph<'_>, way: Option<&Way>) -> String {
    let mut writer = Writer { text: "flowchart TD\n".to_owned(), way, ..Writer::default() };
    writer.graph(graph, 1);
    for (nodes, class, style) in [
        (&writer.missing, "missing", "stroke:#d13212,stroke-dasharray:4 3"),
        (&writer.taken, "taken", "stroke:#1d8102,stroke-width:2px"),
        (&writer.failed, "failed", "stroke:#d13212,stroke-width:2px"),
        (&writer.left_out, "leftOut", "opacity:0.45"),
    ] {
        if !nodes.is_empty() {
            let _ = writeln!(writer.text, "  classDef {class} {style}");
            let _ = writeln!(writer.text, "  class {} {class}", nodes.join(","));
        }
    }
    if !writer.arrows.is_empty() {
        let _ = writeln!(writer.text, "  linkStyle {} stroke:#1d8102,stroke-width:2px", writer.arrows.join(","));
    }
    writer.text
}

#[derive(Default)]
struct Writer<'w> {
    text: String,
    missing: Vec<String>,
    way: Option<&'w Way>,
    taken: Vec<String>,
    failed: Vec<String>,
    left_out: Vec<String>,
    /// The numbers of the arrows that were taken, in the order in which they are in the text.
    arrows: Vec<String>,
    count: usize,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn graph(&mut self, graph: &Graph<'_>, depth: usize) {
        for node in &graph.nodes {
            self.node(node, depth);
        }
        for edge in &graph.edges {
            let (from, to) = (graph.nodes[edge.from].id, graph.nodes[edge.to].id);
            let arrow = if edge.kind == EdgeKind::Catch { "-.->" } else { "-->" };
            let mut lines: Vec<String> =
                edge.label.iter().filter(|line| !line.is_empty()).map(|line| escape(line)).collect();
            let moves = self.way.map_or(0, |way| way.moves(&graph.nodes[edge.from], &graph.nodes[edge.to]));
            if moves > 1 {
                lines.push(format!("{moves} times"));
            }
            let label = if lines.is_empty() { String::new() } else { format!("|\"{}\"|", lines.join("<br/>")) };
            self.line(depth, &format!("s{from} {arrow}{label} s{to}"));
            if moves > 0 {
                self.arrows.push(self.count.to_string());
            }
            self.count += 1;
        }
    }

    fn node(&mut self, node: &Node<'_>, depth: usize) {
        let Node { id, kind, .. } = node;
        let mut text = format!("{}<br/>{}", escape(node.name), escape(&node.detail));
        if let (Some(way), NodeKind::State(_)) = (self.way, *kind) {
            match way.class(node) {
                "left-out" => self.left_out.push(format!("s{id}")),
                "failed" => self.failed.push(format!("s{id}")),
                _ => self.taken.push(format!("s{id}")),
            }
            if let Some(told) = way.told(node) {
                let _ = write!(text, "<br/>{told}");
            }
        }
        if node.machines.is_empty() {
            let (open, close) = match kind {
                NodeKind::Start => return self.line(depth, &format!("s{id}((\" \"))")),
                NodeKind::End => return self.line(depth, &format!("s{id}(((\" \")))")),
                NodeKind::State(StateType::Choice) => ("{{", "}}"),
                NodeKind::State(StateType::Succeed | StateType::Fail) => ("([", "])"),
                NodeKind::State(StateType::Pass | StateType::Wait) => ("(", ")"),
                _ => ("[", "]"),
            };
            if *kind == NodeKind::Missing {
                self.missing.push(format!("s{id}"));
            }
            return self.line(depth, &format!("s{id}{open}\"{text}\"{close}"));
        }
        self.line(depth, &format!("subgraph s{id}[\"{text}\"]"));
        match &node.machines[..] {
            [machine] => self.graph(machine, depth + 1),
            machines => {
                for (at, machine) in machines.iter().enumerate() {
                    self.line(depth + 1, &format!("subgraph s{id}b{at}[\" \"]"));
                    self.graph(machine, depth + 2);
                    self.line(depth + 1, "end");
                }
            }
        }
        self.line(depth, "end");
    }
}

/// Everything that Mermaid, its Markdown or HTML could take for their own as a numbered entity; line ends as spaces.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' | '*' | '_' | '\\' | '~' | ';' | '[' | ']' | '{' | '}' | '|' => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            // At the beginning these make a list.
            '-' | '+' if escaped.is_empty() => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            '.' | ')' if !escaped.is_empty() && escaped.bytes().all(|byte| byte.is_ascii_digit()) => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            hidden if !is_printable(hidden) => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_is_never_taken_for_a_language() {
        assert_eq!(escape("a\"b<i>"), "a#34;b#60;i#62;");
        assert_eq!(escape("1. first\nline"), "1#46; first line");
        assert_eq!(escape("- item - item"), "#45; item - item");
        assert_eq!(escape("v1.2"), "v1.2");
    }
}

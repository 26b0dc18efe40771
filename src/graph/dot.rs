//! A digraph in Graphviz's DOT.

use std::fmt::Write;

use crate::asl::StateType;

use super::model::{EdgeKind, Graph, Node, NodeKind};
use super::way::Way;
use crate::value::is_printable;

const TAKEN: &str = "color=\"#1d8102\", penwidth=2";
const FAILED: &str = "color=\"#d13212\", penwidth=2";
const LEFT_OUT: &str = "color=\"#c6c6c6\", fontcolor=\"#9a9a9a\"";

pub(super) fn draw(graph: &Graph<'_>, way: Option<&Way>) -> String {
    let mut text = String::from(
        "digraph {\n  compound=true\n  fontname=\"Helvetica\"\n  fontsize=11\n  \
         node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=11]\n  \
         edge [fontname=\"Helvetica\", fontsize=9]\n",
    );
    write_graph(&mut text, graph, way, 1);
    text.push_str("}\n");
    text
}

fn write_graph(text: &mut String, graph: &Graph<'_>, way: Option<&Way>, depth: usize) {
    for node in &graph.nodes {
        write_node(text, node, way, depth);
    }
    for edge in &graph.edges {
        let (from, to) = (&graph.nodes[edge.from], &graph.nodes[edge.to]);
        let mut attributes = Vec::new();
        let mut lines: Vec<String> =
            edge.label.iter().filter(|line| !line.is_empty()).map(|line| escape(line)).collect();
        match way.map(|way| way.moves(from, to)) {
            None => {}
            Some(0) => attributes.push(LEFT_OUT.to_owned()),
            Some(moves) => {
                attributes.push(TAKEN.to_owned());
                lines.extend((moves > 1).then(|| format!("{moves} times")));
            }
        }
        if !lines.is_empty() {
            attributes.push(format!("label=\"{}\"", lines.join("\\n")));
        }
        if edge.kind == EdgeKind::Catch {
            attributes.push("style=dashed".to_owned());
        }
        // An arrow cannot lead to a box, only to a node in it from which the box cuts it off.
        // One that leads back to its own box stays within it.
        let leaves = edge.from != edge.to;
        if leaves && !from.machines.is_empty() {
            attributes.push(format!("ltail=cluster_s{}", from.id));
        }
        if leaves && !to.machines.is_empty() {
            attributes.push(format!("lhead=cluster_s{}", to.id));
        }
        let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
        line(text, depth, &format!("s{} -> s{}{attributes}", last(from), first(to)));
    }
}

fn write_node(text: &mut String, node: &Node<'_>, way: Option<&Way>, depth: usize) {
    let Node { id, kind, .. } = node;
    let mut label = format!("{}\\n{}", escape(node.name), escape(&node.detail));
    label.extend(way.and_then(|way| way.told(node)).map(|told| format!("\\n{told}")));
    let colours = match way.map(|way| way.class(node)) {
        None => "",
        Some("taken") => TAKEN,
        Some("failed") => FAILED,
        Some(_) => LEFT_OUT,
    };
    if node.machines.is_empty() {
        let shape = match kind {
            NodeKind::Start => {
                return line(text, depth, &format!("s{id} [shape=circle, style=filled, label=\"\", width=0.2]"));
            }
            NodeKind::End => return line(text, depth, &format!("s{id} [shape=doublecircle, label=\"\", width=0.15]")),
            NodeKind::State(StateType::Choice) => ", shape=hexagon, style=\"\"",
            NodeKind::State(StateType::Succeed | StateType::Fail) => ", shape=ellipse, style=\"\"",
            NodeKind::Missing => ", style=\"rounded,dashed\", color=red",
            NodeKind::State(_) => "",
        };
        let colours = if colours.is_empty() { String::new() } else { format!(", {colours}") };
        return line(text, depth, &format!("s{id} [label=\"{label}\"{shape}{colours}]"));
    }
    line(text, depth, &format!("subgraph cluster_s{id} {{"));
    line(text, depth + 1, &format!("label=\"{label}\""));
    for colour in colours.split(", ").filter(|colour| !colour.is_empty()) {
        line(text, depth + 1, colour);
    }
    match &node.machines[..] {
        [machine] => write_graph(text, machine, way, depth + 1),
        machines => {
            for (at, machine) in machines.iter().enumerate() {
                line(text, depth + 1, &format!("subgraph cluster_s{id}b{at} {{"));
                line(text, depth + 2, "label=\"\"");
                line(text, depth + 2, "style=dotted");
                write_graph(text, machine, way, depth + 2);
                line(text, depth + 1, "}");
            }
        }
    }
    line(text, depth, "}");
}

/// The node at which an arrow to this one ends.
fn first(node: &Node<'_>) -> usize {
    match node.machines.first().and_then(|machine| machine.nodes.first()) {
        Some(start) => start.id,
        None => node.id,
    }
}

/// The node from which an arrow out of this one comes: in a box, one that is far below.
fn last(node: &Node<'_>) -> usize {
    match node.machines.first().and_then(|machine| machine.nodes.last()) {
        Some(end) => last(end),
        None => node.id,
    }
}

fn line(text: &mut String, depth: usize, line: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{:indent$}{line}", "", indent = depth * 2);
}

/// Quotation marks and backslashes with a backslash in front; characters without a shape as spaces.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            hidden if !is_printable(hidden) => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

//! The picture as text.

use std::fmt::Write;

use crate::graph::layout::{Point, Size, Wire};
use crate::graph::model::{Edge, EdgeKind, Node, NodeKind};
use crate::value::is_printable;

use super::frame::{DOT, Frame, ICON, NAME, NAME_LINE, NodeBox, PADDING, SMALL_LINE};
use super::icon::icon;

/// The space around the picture.
const MARGIN: f64 = 16.0;
/// The radius at which a line turns.
const TURN: f64 = 6.0;
/// The length of an arrow's tip, and half of its width.
const TIP: (f64, f64) = (8.0, 4.0);

pub(super) struct Writer {
    text: String,
}

macro_rules! put {
    // Writing to a string does not fail.
    ($writer:expr, $($format:tt)+) => { let _ = write!($writer.text, $($format)+); };
}

impl Writer {
    pub(super) fn picture(frame: &Frame<'_>, title: &str, description: &str, style: &str) -> String {
        let mut writer = Self { text: String::new() };
        let width = number((frame.layout.size.width + 2.0 * MARGIN).ceil());
        let height = number((frame.layout.size.height + 2.0 * MARGIN).ceil());
        put!(
            writer,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sfn\" role=\"img\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n<title>{}</title>\n<desc>{}</desc>\n<style>{style}</style>\n\
             <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n",
            escape(title),
            escape(description),
        );
        writer.frame(frame, Point { x: MARGIN, y: MARGIN });
        writer.text.push_str("</svg>\n");
        writer.text
    }

    fn frame(&mut self, frame: &Frame<'_>, origin: Point) {
        for ((node, node_box), place) in frame.graph.nodes.iter().zip(&frame.boxes).zip(&frame.layout.vertices) {
            self.node(node, node_box, plus(origin, *place), frame.way.map_or("", |way| way.class(node)));
        }
        for ((edge, wire), label) in frame.graph.edges.iter().zip(&frame.layout.wires).zip(&frame.labels) {
            let (from, to) = (&frame.graph.nodes[edge.from], &frame.graph.nodes[edge.to]);
            let taken = match frame.way.map(|way| way.moves(from, to)) {
                None => "",
                Some(0) => " left-out",
                Some(_) => " taken",
            };
            self.edge(edge, (from.name, to.name, taken), wire, label, origin);
        }
    }

    fn node(&mut self, node: &Node<'_>, node_box: &NodeBox<'_>, place: Point, taken: &str) {
        let radius = number(DOT / 2.0);
        let (x, y) = (number(place.x + DOT / 2.0), number(place.y + DOT / 2.0));
        match node.kind {
            NodeKind::Start => {
                put!(
                    self,
                    "<g><title>Start</title><circle class=\"start\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/></g>\n"
                );
                return;
            }
            NodeKind::End => {
                put!(self, "<g class=\"end\"><title>End</title><circle class=\"ring\" cx=\"{x}\" cy=\"{y}\" ");
                put!(
                    self,
                    "r=\"{}\"/><circle class=\"core\" cx=\"{x}\" cy=\"{y}\" r=\"5\"/></g>\n",
                    number(DOT / 2.0 - 0.5)
                );
                return;
            }
            NodeKind::State(_) | NodeKind::Missing => {}
        }
        let (class, glyph) = icon(node.kind);
        let comment = node.comment.map(|comment| format!("\n{comment}")).unwrap_or_default();
        put!(
            self,
            "<g class=\"{class}{}{taken}\"><title>{}</title>",
            if taken.is_empty() { "" } else { " " },
            escape(&format!("{}\n{}{comment}", node.name, node.detail))
        );
        let shape = if node.machines.is_empty() { "node" } else { "box" };
        self.rect(shape, place, node_box.size, 8.0);
        // The icon is in the middle next to a few lines of text, and above where it is a box's heading.
        let lines = NAME_LINE * node_box.name.len() as f64 + SMALL_LINE * node_box.detail.len() as f64;
        let tile = Point { x: place.x + PADDING, y: place.y + PADDING + (lines - ICON) / 2.0 };
        self.rect("tile", tile, Size { width: ICON, height: ICON }, 6.0);
        let inset = (ICON - 14.0) / 2.0;
        put!(
            self,
            "<path class=\"glyph\" transform=\"translate({} {})\" d=\"{glyph}\"/>",
            number(tile.x + inset),
            number(tile.y + inset)
        );
        let (x, mut y) = (tile.x + ICON + PADDING, place.y + PADDING);
        for line in &node_box.name {
            self.line_of_text("name", x, y + NAME.size, line);
            y += NAME_LINE;
        }
        for line in &node_box.detail {
            self.line_of_text("detail", x, y + 11.0, line);
            y += SMALL_LINE;
        }
        self.text.push_str("</g>\n");
        let branches = node_box.machines.len() > 1;
        for (at, size, machine) in &node_box.machines {
            let corner = plus(place, *at);
            if branches {
                self.rect("branch", corner, *size, 8.0);
                self.text.push('\n');
            }
            let inner = machine.layout.size;
            let margin = Point { x: (size.width - inner.width) / 2.0, y: (size.height - inner.height) / 2.0 };
            self.frame(machine, plus(corner, margin));
        }
    }

    fn edge(
        &mut self,
        edge: &Edge,
        (from, to, taken): (&str, &str, &str),
        wire: &Wire,
        label: &[String],
        origin: Point,
    ) {
        let class = match edge.kind {
            EdgeKind::Next => "next",
            EdgeKind::Choice => "choice",
            EdgeKind::Catch => "catch",
        };
        put!(self, "<g class=\"{class}{taken}\">");
        if !from.is_empty() && !to.is_empty() {
            let said: Vec<&str> = edge.label.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
            put!(self, "<title>{}</title>", escape(&format!("{from} → {to}\n{}", said.join("\n"))));
        }
        self.text.push_str("<path class=\"line\" d=\"");
        for (at, points) in wire.lines.iter().enumerate() {
            let mut points: Vec<Point> = points.iter().map(|point| plus(origin, *point)).collect();
            if wire.arrives && at + 1 == wire.lines.len() {
                // The line ends where the tip is still wide.
                points.last_mut().into_iter().for_each(|end| end.y -= TIP.0 / 2.0);
            }
            self.rounded(&corners(points));
        }
        self.text.push_str("\"/>");
        if let Some(end) = wire.lines.last().and_then(|line| line.last()).filter(|_| wire.arrives) {
            let end = plus(origin, *end);
            let (left, right, top) = (number(end.x - TIP.1), number(end.x + TIP.1), number(end.y - TIP.0));
            put!(self, "<path class=\"tip\" d=\"M{} {}L{left} {top}H{right}Z\"/>", number(end.x), number(end.y));
        }
        if let Some(middle) = wire.label {
            let middle = plus(origin, middle);
            let top = middle.y - SMALL_LINE * label.len() as f64 / 2.0;
            for (at, line) in label.iter().enumerate() {
                self.line_of_text("label", middle.x, top + SMALL_LINE * at as f64 + 11.0, line);
            }
        }
        self.text.push_str("</g>\n");
    }

    fn rect(&mut self, class: &str, place: Point, size: Size, radius: f64) {
        let (x, y, width, height) = (number(place.x), number(place.y), number(size.width), number(size.height));
        put!(
            self,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
        );
    }

    fn line_of_text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        put!(self, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", number(x), number(y), escape(text));
    }

    /// A line through these points, round at the corners.
    fn rounded(&mut self, points: &[Point]) {
        let Some((first, rest)) = points.split_first() else { return };
        put!(self, "M{} {}", number(first.x), number(first.y));
        for (at, corner) in rest.iter().enumerate() {
            let Some(next) = rest.get(at + 1) else {
                put!(self, "L{} {}", number(corner.x), number(corner.y));
                return;
            };
            let before = points[at];
            // Two corners share the piece between them; a corner at an end may take all of it.
            let share = |end: bool| if end { 1.0 } else { 0.5 };
            let (to, from) = (distance(before, *corner), distance(*corner, *next));
            let turn = TURN.min(to * share(at == 0)).min(from * share(at + 2 == rest.len()));
            let (start, end) = (towards(*corner, before, turn), towards(*corner, *next, turn));
            put!(self, "L{} {}", number(start.x), number(start.y));
            put!(self, "Q{} {} {} {}", number(corner.x), number(corner.y), number(end.x), number(end.y));
        }
    }
}

fn plus(a: Point, b: Point) -> Point {
    Point { x: a.x + b.x, y: a.y + b.y }
}

/// The distance of two points on one horizontal or vertical line.
fn distance(a: Point, b: Point) -> f64 {
    (a.x - b.x).abs() + (a.y - b.y).abs()
}

/// The point at that distance from the first towards the second.
fn towards(from: Point, to: Point, distance_from: f64) -> Point {
    let whole = distance(from, to);
    if whole == 0.0 {
        return from;
    }
    let part = distance_from / whole;
    Point { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

/// The points without those at which the line does not turn.
fn corners(points: Vec<Point>) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if corners.last().is_some_and(|last| distance(*last, point) < 0.05) {
            continue;
        }
        if let [.., before, last] = corners[..] {
            let straight = |a: f64, b: f64, c: f64| (a - b).abs() < 0.05 && (b - c).abs() < 0.05;
            if straight(before.x, last.x, point.x) || straight(before.y, last.y, point.y) {
                corners.pop();
            }
        }
        corners.push(point);
    }
    corners
}

/// With at most one decimal.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// Without what XML takes for its own, or does not allow.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // In a tooltip it still ends a line; in the file it does not.
            '\n' => escaped.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            hidden if !is_printable(hidden) => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

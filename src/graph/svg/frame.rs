//! A machine with all sizes and places: boxes inside of boxes, from the innermost outwards.

use crate::graph::layout::{Layout, Link, Point, Size, layout};
use crate::graph::model::{Edge, EdgeKind, Graph, Node, NodeKind};
use crate::graph::way::Way;

use super::text::Font;

pub(super) const NAME: Font = Font { size: 13.0, bold: true };
pub(super) const DETAIL: Font = Font { size: 11.0, bold: false };
pub(super) const LABEL: Font = Font { size: 11.0, bold: false };
pub(super) const NAME_LINE: f64 = 17.0;
pub(super) const SMALL_LINE: f64 = 14.0;
/// The square in which the icon is.
pub(super) const ICON: f64 = 26.0;
/// The space between the edge of a box and what is in it.
pub(super) const PADDING: f64 = 9.0;

const TEXT_WIDTH: f64 = 210.0;
const WIDE_TEXT: f64 = 360.0;
const LABEL_WIDTH: f64 = 190.0;
const LABEL_LINES: usize = 4;
const ALL_LABEL_LINES: usize = 8;
const LEAST_WIDTH: f64 = 130.0;
/// The diameter of a start and of an end.
pub(super) const DOT: f64 = 18.0;
/// The space around a machine in its box, and between branches.
const MARGIN: f64 = 14.0;
/// Branches wider than this together go on below.
const ROW: f64 = 1600.0;

/// A machine.
pub(super) struct Frame<'g> {
    pub graph: &'g Graph<'g>,
    pub boxes: Vec<NodeBox<'g>>,
    /// The lines of the text at each edge.
    pub labels: Vec<Vec<String>>,
    pub layout: Layout,
    /// What a run took of it.
    pub way: Option<&'g Way>,
}

/// A state, and what is in it.
#[derive(Default)]
pub(super) struct NodeBox<'g> {
    pub size: Size,
    pub name: Vec<String>,
    pub detail: Vec<String>,
    /// Machines with the place of their upper left corner and their size, margin included.
    pub machines: Vec<(Point, Size, Frame<'g>)>,
}

impl<'g> Frame<'g> {
    /// The graph's nesting is bounded, and so is the recursion.
    pub(super) fn new(graph: &'g Graph<'g>, way: Option<&'g Way>) -> Self {
        let boxes: Vec<NodeBox<'g>> = graph.nodes.iter().map(|node| NodeBox::new(node, way)).collect();
        let mut labels: Vec<Vec<String>> = graph.edges.iter().map(label).collect();
        for (edge, label) in graph.edges.iter().zip(&mut labels) {
            let moves = way.map_or(0, |way| way.moves(&graph.nodes[edge.from], &graph.nodes[edge.to]));
            if moves > 1 {
                label.push(format!("{moves} times"));
            }
        }
        let sizes: Vec<Size> = boxes.iter().map(|node| node.size).collect();
        let links: Vec<Link> = graph.edges.iter().zip(&labels).map(|(edge, label)| link(edge, label)).collect();
        Self { graph, boxes, labels, layout: layout(&sizes, &links), way }
    }
}

fn link(edge: &Edge, label: &[String]) -> Link {
    let width = label.iter().map(|line| LABEL.width(line)).fold(0.0, f64::max);
    let size = Size { width: width + 4.0, height: SMALL_LINE * label.len() as f64 + 4.0 };
    let (class, weight) = match edge.kind {
        EdgeKind::Next => (0, 4),
        EdgeKind::Choice => (0, 2),
        EdgeKind::Catch => (1, 1),
    };
    Link { from: edge.from, to: edge.to, class, weight, label: (!label.is_empty()).then_some(size) }
}

fn label(edge: &Edge) -> Vec<String> {
    let texts: Vec<&String> = edge.label.iter().filter(|text| !text.is_empty()).collect();
    if edge.kind == EdgeKind::Catch {
        let all: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
        return if all.is_empty() { Vec::new() } else { LABEL.wrap(&all.join(", "), LABEL_WIDTH, LABEL_LINES) };
    }
    let mut lines = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let or = if at == 0 { "" } else { "or " };
        let wrapped = LABEL.wrap(&format!("{or}{text}"), LABEL_WIDTH, LABEL_LINES);
        if at > 0 && lines.len() + wrapped.len() > ALL_LABEL_LINES {
            lines.push(format!("or {} more", texts.len() - at));
            break;
        }
        lines.extend(wrapped);
    }
    lines
}

impl<'g> NodeBox<'g> {
    fn new(node: &'g Node<'g>, way: Option<&'g Way>) -> Self {
        if matches!(node.kind, NodeKind::Start | NodeKind::End) {
            return Self { size: Size { width: DOT, height: DOT }, ..Self::default() };
        }
        let width = if node.machines.is_empty() { TEXT_WIDTH } else { WIDE_TEXT };
        let name = NAME.wrap(node.name, width, 4);
        let mut detail = DETAIL.wrap(&node.detail, width, 2);
        detail.extend(way.and_then(|way| way.told(node)));
        let text = name.iter().map(|line| NAME.width(line)).chain(detail.iter().map(|line| DETAIL.width(line)));
        let width = 3.0 * PADDING + ICON + text.fold(0.0, f64::max);
        let height = 2.0 * PADDING + NAME_LINE * name.len() as f64 + SMALL_LINE * detail.len() as f64;
        let size = Size { width: width.max(LEAST_WIDTH).ceil(), height };
        let mut node_box = Self { size, name, detail, machines: Vec::new() };
        node_box.enclose(node.machines.iter().map(|machine| Frame::new(machine, way)).collect());
        node_box
    }

    /// Puts the machines below the text, side by side, in rows where there are many.
    fn enclose(&mut self, frames: Vec<Frame<'g>>) {
        if frames.is_empty() {
            return;
        }
        let top = self.size.height;
        // A machine that stands alone needs no space around its own.
        let margin = if frames.len() == 1 { 0.0 } else { MARGIN };
        let (mut x, mut y, mut row) = (margin, top, 0.0_f64);
        for frame in frames {
            let inner = frame.layout.size;
            let size = Size { width: inner.width + 2.0 * MARGIN, height: inner.height + 2.0 * MARGIN };
            if x > margin && x + size.width > ROW {
                (x, y, row) = (margin, y + row + margin, 0.0);
            }
            self.machines.push((Point { x, y }, size, frame));
            x += size.width + margin;
            row = row.max(size.height);
            self.size.width = self.size.width.max(x);
        }
        self.size.height = y + row + margin;
        // Few and narrow machines stand in the middle of a box that its text makes wide.
        if let [(place, size, _)] = &mut self.machines[..] {
            place.x = (self.size.width - size.width) / 2.0;
        } else if self.machines.iter().all(|(place, ..)| place.y == top) {
            let free = self.size.width - x;
            self.machines.iter_mut().for_each(|(place, ..)| place.x += free / 2.0);
        }
    }
}

//! What is on the layers: vertices, labels, and points through which links run.

use std::collections::HashMap;

use super::rank::Ranks;
use super::{Link, Size};

/// The weight of a line between two points through which links run: it should be straight before all others.
const LINE: u32 = 8;
/// A point through which links run has a width, so that lines keep their distance.
const THREAD: Size = Size { width: 2.0, height: 0.0 };

/// Beyond this many cells long links are no longer led to their targets. No definition that a person reads comes near;
/// one that is made to be bad could fill the memory.
const MOST: usize = 100_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    Vertex,
    Label,
    Thread,
}

#[derive(Debug)]
pub(super) struct Cell {
    pub kind: CellKind,
    pub size: Size,
    pub layer: usize,
    /// The middle.
    pub x: f64,
}

/// The side of a cell at which a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Side {
    Top,
    Bottom,
}

/// An end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct End {
    pub cell: usize,
    pub side: Side,
}

/// A piece of a link's way: across one gap, or through it and back to the same layer.
#[derive(Debug)]
pub(super) struct Hop {
    pub link: usize,
    /// Gap 0 is above layer 0.
    pub gap: usize,
    pub from: End,
    pub to: End,
}

/// Two cells on neighbouring layers that belong together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    pub upper: usize,
    pub lower: usize,
    /// How much it matters that one is straight above the other; 0 where it is enough if they are near.
    pub weight: u32,
}

#[derive(Debug)]
pub(super) struct Cells {
    /// The vertices come first.
    pub cells: Vec<Cell>,
    /// The cells of each layer from left to right.
    pub layers: Vec<Vec<usize>>,
    pub ties: Vec<Tie>,
    /// Cells that should be next to another on the same layer: the one, and the one next to it.
    pub companions: Vec<(usize, usize)>,
    pub hops: Vec<Hop>,
    /// The label's cell of each link.
    pub labels: Vec<Option<usize>>,
    pub classes: Vec<usize>,
    pub weights: Vec<u32>,
}

impl Cells {
    pub(super) fn new(vertices: &[Size], links: &[Link], ranks: &Ranks) -> Self {
        let mut cells = Self {
            cells: Vec::with_capacity(vertices.len() + links.len()),
            layers: Vec::new(),
            ties: Vec::new(),
            companions: Vec::new(),
            hops: Vec::new(),
            labels: vec![None; links.len()],
            classes: links.iter().map(|link| link.class).collect(),
            weights: links.iter().map(|link| link.weight).collect(),
        };
        for (size, &layer) in vertices.iter().zip(&ranks.layers) {
            cells.add(CellKind::Vertex, *size, layer);
        }
        let mut threads = HashMap::new();
        for (at, link) in links.iter().enumerate() {
            let mut from = link.from;
            if let Some(size) = link.label {
                let layer = cells.cells[from].layer + 1;
                let label = cells.add(CellKind::Label, size, layer);
                cells.labels[at] = Some(label);
                cells.down(at, from, label, link.weight);
                from = label;
            }
            let length = cells.cells[from].layer.abs_diff(cells.cells[link.to].layer);
            if length > 1 && cells.cells.len() > vertices.len() + 2 * links.len() + MOST {
                continue;
            }
            if ranks.back[at] {
                cells.lead_up(at, link, from, &mut threads);
            } else {
                cells.lead_down(at, link, from, &mut threads);
            }
        }
        cells
    }

    fn add(&mut self, kind: CellKind, size: Size, layer: usize) -> usize {
        if self.layers.len() <= layer {
            self.layers.resize_with(layer + 1, Vec::new);
        }
        let cell = self.cells.len();
        self.layers[layer].push(cell);
        self.cells.push(Cell { kind, size, layer, x: 0.0 });
        cell
    }

    /// A piece of the link from the bottom of one cell to the top of one on the next layer.
    fn down(&mut self, link: usize, upper: usize, lower: usize, weight: u32) {
        self.ties.push(Tie { upper, lower, weight });
        self.hop(link, (upper, Side::Bottom), (lower, Side::Top));
    }

    fn hop(&mut self, link: usize, from: (usize, Side), to: (usize, Side)) {
        let gap = self.cells[from.0].layer + usize::from(from.1 == Side::Bottom);
        let end = |(cell, side)| End { cell, side };
        self.hops.push(Hop { link, gap, from: end(from), to: end(to) });
    }

    fn lead_down(&mut self, at: usize, link: &Link, mut from: usize, threads: &mut HashMap<Key, usize>) {
        let target = self.cells[link.to].layer;
        let mut weight = link.weight;
        for layer in self.cells[from].layer + 1..target {
            let key = (link.to, link.class, false, layer);
            if let Some(&thread) = threads.get(&key) {
                return self.down(at, from, thread, link.weight);
            }
            let thread = self.add(CellKind::Thread, THREAD, layer);
            threads.insert(key, thread);
            self.down(at, from, thread, weight);
            (from, weight) = (thread, LINE);
        }
        self.down(at, from, link.to, link.weight);
    }

    fn lead_up(&mut self, at: usize, link: &Link, from: usize, threads: &mut HashMap<Key, usize>) {
        let (source, target) = (self.cells[from].layer, self.cells[link.to].layer);
        let mut below: Option<usize> = None;
        for layer in (target..=source).rev() {
            let key = (link.to, link.class, true, layer);
            let present = threads.get(&key).copied();
            let thread = present.unwrap_or_else(|| self.add(CellKind::Thread, THREAD, layer));
            threads.insert(key, thread);
            match below {
                None => self.hop(at, (from, Side::Bottom), (thread, Side::Bottom)),
                Some(below) => {
                    self.ties.push(Tie { upper: thread, lower: below, weight: LINE });
                    self.hop(at, (below, Side::Top), (thread, Side::Bottom));
                }
            }
            // The lane stays near to what it leads from and to.
            if layer + 1 == source {
                self.ties.push(Tie { upper: thread, lower: from, weight: 0 });
            }
            if layer == target + 1 {
                self.ties.push(Tie { upper: link.to, lower: thread, weight: 0 });
            }
            if present.is_some() {
                return;
            }
            if layer == target {
                self.companions.push((link.to, thread));
            } else if layer == source {
                self.companions.push((from, thread));
            }
            below = Some(thread);
        }
        if let Some(thread) = below {
            self.hop(at, (thread, Side::Top), (link.to, Side::Top));
        }
    }
}

/// Where links run together: target, class, whether they lead up, layer.
type Key = (usize, usize, bool, usize);

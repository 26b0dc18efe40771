//! Where each cell is on its layer.
//!
//! This is the method of Brandes and Köpf: cells that should be straight above each other become blocks, in four ways
//! (looking up or down, from the left or from the right); each way gives places without overlaps, and the mean of the
//! two middle ones has none either.

use std::collections::HashSet;

use super::cells::{CellKind, Cells, Tie};

pub(super) fn position(cells: &mut Cells) {
    let ties: Vec<Tie> = cells.ties.iter().copied().filter(|tie| tie.weight > 0).collect();
    let conflicts = conflicts(cells, &ties);
    let mut ways = Vec::with_capacity(4);
    for down in [true, false] {
        for leftmost in [true, false] {
            ways.push(one_way(cells, &ties, &conflicts, down, leftmost));
        }
    }
    line_up(cells, &mut ways);
    for (at, cell) in cells.cells.iter_mut().enumerate() {
        let mut places = [ways[0][at], ways[1][at], ways[2][at], ways[3][at]];
        places.sort_by(f64::total_cmp);
        cell.x = (places[1] + places[2]) / 2.0;
    }
}

/// The distance that the middles of two neighbouring cells have at least.
pub(super) fn distance(cells: &Cells, left: usize, right: usize) -> f64 {
    use CellKind::{Label, Thread, Vertex};
    let (left, right) = (&cells.cells[left], &cells.cells[right]);
    let space = match (left.kind, right.kind) {
        (Vertex, Vertex) => 36.0,
        (Vertex, _) | (_, Vertex) => 22.0,
        (Label, Label) => 18.0,
        (Label, _) | (_, Label) => 12.0,
        (Thread, Thread) => 14.0,
    };
    (left.size.width + right.size.width) / 2.0 + space
}

/// Ties that cross a line between two points through which links run. The line stays straight, they do not.
fn conflicts(cells: &Cells, ties: &[Tie]) -> HashSet<(usize, usize)> {
    let places = places(&cells.layers, cells.cells.len());
    let is_line =
        |upper: usize, lower: usize| [upper, lower].iter().all(|&cell| cells.cells[cell].kind == CellKind::Thread);
    let upper = grouped(ties, cells.cells.len(), |tie| (tie.lower, tie.upper));
    let mut conflicts = HashSet::new();
    for (at, layer) in cells.layers.iter().enumerate().skip(1) {
        let (mut low, mut scanned) = (0, 0);
        for (slot, &cell) in layer.iter().enumerate() {
            let line = upper[cell].iter().map(|&(above, _)| above).find(|&above| is_line(above, cell));
            if line.is_none() && slot + 1 < layer.len() {
                continue;
            }
            let high = line.map_or(cells.layers[at - 1].len(), |above| places[above]);
            for &other in &layer[scanned..=slot] {
                for &(above, _) in &upper[other] {
                    if (places[above] < low || places[above] > high) && !is_line(above, other) {
                        conflicts.insert((above, other));
                    }
                }
            }
            (scanned, low) = (slot + 1, high);
        }
    }
    conflicts
}

fn places(layers: &[Vec<usize>], cells: usize) -> Vec<usize> {
    let mut places = vec![0; cells];
    for layer in layers {
        layer.iter().enumerate().for_each(|(place, &cell)| places[cell] = place);
    }
    places
}

/// For each cell the cells to which it is tied on one side, with the weights.
fn grouped(ties: &[Tie], cells: usize, ends: impl Fn(&Tie) -> (usize, usize)) -> Vec<Vec<(usize, u32)>> {
    let mut grouped = vec![Vec::new(); cells];
    for tie in ties {
        let (cell, other) = ends(tie);
        grouped[cell].push((other, tie.weight));
    }
    grouped
}

/// The places of all cells, for one of the four ways.
fn one_way(cells: &Cells, ties: &[Tie], conflicts: &HashSet<(usize, usize)>, down: bool, leftmost: bool) -> Vec<f64> {
    let mut layers = cells.layers.clone();
    if !down {
        layers.reverse();
    }
    if !leftmost {
        layers.iter_mut().for_each(|layer| layer.reverse());
    }
    let count = cells.cells.len();
    let (upper, lower) =
        (grouped(ties, count, |tie| (tie.lower, tie.upper)), grouped(ties, count, |tie| (tie.upper, tie.lower)));
    let (before, after) = if down { (upper, lower) } else { (lower, upper) };
    let roots = align(&layers, &before, &after, |a, b| conflicts.contains(&if down { (a, b) } else { (b, a) }));
    let mut xs = compact(cells, &layers, &roots);
    if !leftmost {
        xs.iter_mut().for_each(|x| *x = -*x);
    }
    xs
}

/// Makes blocks: tells for each cell the first one of its block.
fn align(
    layers: &[Vec<usize>],
    before: &[Vec<(usize, u32)>],
    after: &[Vec<(usize, u32)>],
    conflict: impl Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let places = places(layers, before.len());
    let heaviest = |ties: &[(usize, u32)]| ties.iter().map(|&(_, weight)| weight).max().unwrap_or(0);
    let wanted: Vec<u32> = after.iter().map(|ties| heaviest(ties)).collect();
    let mut roots: Vec<usize> = (0..before.len()).collect();
    let mut taken = vec![false; before.len()];
    for layer in layers {
        let mut free_from = 0;
        for &cell in layer {
            let weight = heaviest(&before[cell]);
            let heavy = before[cell].iter().filter(|&&(other, own)| own == weight && wanted[other] == weight);
            let mut candidates: Vec<usize> = heavy.map(|&(other, _)| other).collect();
            candidates.sort_by_key(|&other| places[other]);
            candidates.dedup();
            let Some(last) = candidates.len().checked_sub(1) else { continue };
            for middle in [last / 2, last.div_ceil(2)] {
                let other = candidates[middle];
                if roots[cell] == cell && !taken[other] && free_from <= places[other] && !conflict(other, cell) {
                    taken[other] = true;
                    roots[cell] = roots[other];
                    free_from = places[other] + 1;
                }
            }
        }
    }
    roots
}

/// Puts each block as far to the left as it goes, then as far to the right as others leave room.
fn compact(cells: &Cells, layers: &[Vec<usize>], roots: &[usize]) -> Vec<f64> {
    let mut following: Vec<Vec<(usize, f64)>> = vec![Vec::new(); roots.len()];
    let mut waiting = vec![0_usize; roots.len()];
    for pair in layers.iter().flat_map(|layer| layer.windows(2)) {
        following[roots[pair[0]]].push((roots[pair[1]], distance(cells, pair[0], pair[1])));
        waiting[roots[pair[1]]] += 1;
    }
    let mut order: Vec<usize> = (0..roots.len()).filter(|&cell| roots[cell] == cell && waiting[cell] == 0).collect();
    let mut xs = vec![0.0_f64; roots.len()];
    let mut at = 0;
    while let Some(&block) = order.get(at) {
        for &(next, space) in &following[block] {
            xs[next] = xs[next].max(xs[block] + space);
            waiting[next] -= 1;
            if waiting[next] == 0 {
                order.push(next);
            }
        }
        at += 1;
    }
    for &block in order.iter().rev() {
        let room = following[block].iter().map(|&(next, space)| xs[next] - space).fold(f64::INFINITY, f64::min);
        if room.is_finite() {
            xs[block] = xs[block].max(room);
        }
    }
    roots.iter().map(|&root| xs[root]).collect()
}

/// Moves the four ways next to the narrowest of them: those from the left by their left edge, the others by their right.
fn line_up(cells: &Cells, ways: &mut [Vec<f64>]) {
    let edges = |way: &[f64]| {
        way.iter().zip(&cells.cells).fold((f64::INFINITY, f64::NEG_INFINITY), |(left, right), (x, cell)| {
            (left.min(x - cell.size.width / 2.0), right.max(x + cell.size.width / 2.0))
        })
    };
    let all: Vec<(f64, f64)> = ways.iter().map(|way| edges(way)).collect();
    let Some(&(left, right)) = all.iter().min_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0))) else { return };
    for (at, way) in ways.iter_mut().enumerate() {
        let shift = if at % 2 == 0 { left - all[at].0 } else { right - all[at].1 };
        way.iter_mut().for_each(|x| *x += shift);
    }
}

//! Moves what the four ways of [`super::position`] left hanging in between to where it belongs.

use super::cells::{Cells, Tie};
use super::position::distance;

/// Rounds in which blocks move; each makes the picture better or leaves it as it is.
const ROUNDS: usize = 8;

/// Cells that are straight above each other move together, towards the cells to which they are tied, as far as their
/// neighbours leave room.
pub(super) fn settle(cells: &mut Cells) {
    let mut around = vec![Vec::new(); cells.cells.len()];
    for tie in &cells.ties {
        // A tie without weight is a wish still.
        let weight = 2 * tie.weight.max(1) - u32::from(tie.weight == 0);
        around[tie.upper].push((tie.lower, weight));
        around[tie.lower].push((tie.upper, weight));
    }
    let mut slots = vec![(0, 0); cells.cells.len()];
    for (layer, row) in cells.layers.iter().enumerate() {
        row.iter().enumerate().for_each(|(slot, &cell)| slots[cell] = (layer, slot));
    }
    for _ in 0..ROUNDS {
        let mut moved = false;
        for block in blocks(cells) {
            let shift = wish(cells, &around, &block);
            let shift = within_room(cells, &slots, &block, shift);
            if shift.abs() >= 0.5 {
                block.iter().for_each(|&cell| cells.cells[cell].x += shift);
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}

fn is_straight(cells: &Cells, a: usize, b: usize) -> bool {
    (cells.cells[a].x - cells.cells[b].x).abs() < 0.5
}

/// The cells that are tied and are straight above each other.
fn blocks(cells: &Cells) -> Vec<Vec<usize>> {
    let mut straight = vec![Vec::new(); cells.cells.len()];
    let ties = cells.ties.iter().filter(|tie| tie.weight > 0);
    for &Tie { upper, lower, .. } in ties.filter(|tie| is_straight(cells, tie.upper, tie.lower)) {
        straight[upper].push(lower);
        straight[lower].push(upper);
    }
    let mut seen = vec![false; cells.cells.len()];
    let mut blocks = Vec::new();
    for root in 0..cells.cells.len() {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        let mut block = vec![root];
        let mut at = 0;
        while let Some(&cell) = block.get(at) {
            for &other in &straight[cell] {
                if !std::mem::replace(&mut seen[other], true) {
                    block.push(other);
                }
            }
            at += 1;
        }
        blocks.push(block);
    }
    blocks
}

/// How far the block would go if it were alone: to the weighted median of what it is tied to, or not at all if it is
/// as good here.
fn wish(cells: &Cells, around: &[Vec<(usize, u32)>], block: &[usize]) -> f64 {
    let mut offsets: Vec<(f64, u32)> = Vec::new();
    for &cell in block {
        let x = cells.cells[cell].x;
        let others = around[cell].iter().filter(|&&(other, _)| !is_straight(cells, cell, other));
        offsets.extend(others.map(|&(other, weight)| (cells.cells[other].x - x, weight)));
    }
    offsets.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: u32 = offsets.iter().map(|&(_, weight)| weight).sum();
    let left: u32 = offsets.iter().filter(|&&(offset, _)| offset < 0.0).map(|&(_, weight)| weight).sum();
    if 2 * left == total {
        return 0.0;
    }
    let mut so_far = 0;
    for (offset, weight) in offsets {
        so_far += weight;
        if 2 * so_far >= total {
            return offset;
        }
    }
    0.0
}

fn within_room(cells: &Cells, slots: &[(usize, usize)], block: &[usize], shift: f64) -> f64 {
    block.iter().fold(shift, |shift, &cell| {
        let (layer, slot) = slots[cell];
        let row = &cells.layers[layer];
        let neighbour =
            if shift > 0.0 { row.get(slot + 1) } else { slot.checked_sub(1).and_then(|slot| row.get(slot)) };
        let Some(&other) = neighbour else { return shift };
        let room = ((cells.cells[cell].x - cells.cells[other].x).abs() - distance(cells, cell, other)).max(0.0);
        shift.clamp(-room, room)
    })
}

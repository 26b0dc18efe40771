//! The order of the cells within each layer, with few crossings.

use super::cells::Cells;

/// Beyond this many cells fewer rounds are made.
const MANY: usize = 4_000;

/// Orders the cells of each layer by where the cells to which they are tied are on the layer before, up and down in
/// turns, and keeps the best order seen.
pub(super) fn order(cells: &mut Cells) {
    let ties = Neighbours::new(cells);
    begin(cells, &ties);
    let mut places = vec![0; cells.cells.len()];
    cells.layers.iter().for_each(|layer| note(layer, &mut places));
    let rounds = (24 * MANY / cells.cells.len().max(MANY)).max(2);
    let mut best = (crossings(cells, &ties, &places), cells.layers.clone());
    let mut since = 0;
    for round in 0..rounds {
        if best.0 == 0 || since > 6 {
            break;
        }
        let layers = cells.layers.len();
        for step in 1..layers {
            let (layer, side) = if round % 2 == 0 { (step, &ties.upper) } else { (layers - 1 - step, &ties.lower) };
            sweep(&mut cells.layers[layer], side, &places);
            note(&cells.layers[layer], &mut places);
        }
        exchange(cells, &ties, &mut places);
        let count = crossings(cells, &ties, &places);
        since += 1;
        if count < best.0 {
            best = (count, cells.layers.clone());
            since = 0;
        }
    }
    cells.layers = best.1;
    cells.layers.iter().for_each(|layer| note(layer, &mut places));
    for _ in 0..rounds {
        if !exchange(cells, &ties, &mut places) {
            return;
        }
    }
}

/// The cells to which each cell is tied, and how much a crossing of that tie costs.
struct Neighbours {
    upper: Vec<Vec<(usize, usize)>>,
    lower: Vec<Vec<(usize, usize)>>,
    beside: Vec<Vec<usize>>,
}

impl Neighbours {
    fn new(cells: &Cells) -> Self {
        let none = vec![Vec::new(); cells.cells.len()];
        let mut ties = Self { upper: none.clone(), lower: none, beside: vec![Vec::new(); cells.cells.len()] };
        for tie in &cells.ties {
            // What leads on by `Next` should be crossed last of all; two threads of one link are no worse than others.
            let cost = match tie.weight {
                0 | 1 => 1,
                4 => 3,
                _ => 2,
            };
            ties.lower[tie.upper].push((tie.lower, cost));
            ties.upper[tie.lower].push((tie.upper, cost));
        }
        for &(cell, companion) in &cells.companions {
            ties.beside[cell].push(companion);
        }
        ties
    }
}

fn note(layer: &[usize], places: &mut [usize]) {
    layer.iter().enumerate().for_each(|(place, &cell)| places[cell] = place);
}

/// The order in which a walk depth first meets the cells: what follows from one cell is together.
fn begin(cells: &mut Cells, ties: &Neighbours) {
    let mut seen = vec![false; cells.cells.len()];
    let layers = std::mem::take(&mut cells.layers);
    cells.layers = vec![Vec::new(); layers.len()];
    for root in layers.into_iter().flatten() {
        let mut open = vec![root];
        while let Some(cell) = open.pop() {
            if !std::mem::replace(&mut seen[cell], true) {
                cells.layers[cells.cells[cell].layer].push(cell);
                open.extend(ties.lower[cell].iter().rev().map(|&(lower, _)| lower));
                open.extend(ties.beside[cell].iter().rev());
            }
        }
    }
}

/// Puts the cells in the order of the mean places of their neighbours; a cell without some stays where it is.
fn sweep(layer: &mut [usize], neighbours: &[Vec<(usize, usize)>], places: &[usize]) {
    let slots: Vec<usize> = (0..layer.len()).filter(|&slot| !neighbours[layer[slot]].is_empty()).collect();
    let mut sorted: Vec<(f64, usize)> = slots
        .iter()
        .map(|&slot| {
            let around = &neighbours[layer[slot]];
            let sum: usize = around.iter().map(|&(cell, _)| places[cell]).sum();
            (sum as f64 / around.len() as f64, layer[slot])
        })
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (slot, (_, cell)) in slots.into_iter().zip(sorted) {
        layer[slot] = cell;
    }
}

/// Exchanges neighbours on a layer wherever that takes crossings away; returns whether there were some.
fn exchange(cells: &mut Cells, ties: &Neighbours, places: &mut [usize]) -> bool {
    let mut exchanged = false;
    for layer in &mut cells.layers {
        for slot in 1..layer.len() {
            let (left, right) = (layer[slot - 1], layer[slot]);
            let cost = |a: usize, b: usize| {
                inversions(&ties.upper[a], &ties.upper[b], places) + inversions(&ties.lower[a], &ties.lower[b], places)
            };
            if cost(right, left) < cost(left, right) {
                layer.swap(slot - 1, slot);
                (places[left], places[right]) = (slot, slot - 1);
                exchanged = true;
            }
        }
    }
    exchanged
}

/// The crossings of two neighbouring cells' ties if the first is to the left.
fn inversions(left: &[(usize, usize)], right: &[(usize, usize)], places: &[usize]) -> usize {
    // Cells with very many ties would take quadratic time, and have no better place anyway.
    let (left, right) = (&left[..left.len().min(32)], &right[..right.len().min(32)]);
    let crossed =
        |a: usize| right.iter().filter(move |&&(b, _)| places[a] > places[b]).map(|&(_, cost)| cost).sum::<usize>();
    left.iter().map(|&(a, cost)| cost * crossed(a)).sum()
}

/// What all crossings cost, by counting inversions in a Fenwick tree.
fn crossings(cells: &Cells, ties: &Neighbours, places: &[usize]) -> usize {
    let mut count = 0;
    for (at, layer) in cells.layers.iter().enumerate() {
        let Some(below) = cells.layers.get(at + 1) else { break };
        let mut tree = vec![0_usize; below.len() + 1];
        let mut total = 0;
        for &cell in layer {
            let mut ends: Vec<(usize, usize)> =
                ties.lower[cell].iter().map(|&(lower, cost)| (places[lower], cost)).collect();
            ends.sort_unstable();
            for &(end, cost) in &ends {
                let mut node = end + 1;
                let mut before = 0;
                while node > 0 {
                    before += tree[node];
                    node &= node - 1;
                }
                count += cost * (total - before);
            }
            for (end, cost) in ends {
                let mut node = end + 1;
                while node < tree.len() {
                    tree[node] += cost;
                    node += node & node.wrapping_neg();
                }
                total += cost;
            }
        }
    }
    count
}

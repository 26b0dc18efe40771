//! Where on its upper or lower side a line meets a vertex.

use super::cells::{CellKind, Cells, End, Side};

/// The distance of two lines at one side of a vertex.
const SPACE: f64 = 18.0;
/// The distance of a line from a corner.
const CORNER: f64 = 12.0;
/// The least distance of two lines, for which even the most important one gives way.
const LEAST: f64 = SPACE / 2.0;

/// The `x` of both ends of every hop.
pub(super) fn ports(cells: &Cells) -> Vec<(f64, f64)> {
    let mut ports: Vec<(f64, f64)> =
        cells.hops.iter().map(|hop| (cells.cells[hop.from.cell].x, cells.cells[hop.to.cell].x)).collect();
    let vertices = cells.cells.iter().take_while(|cell| cell.kind == CellKind::Vertex).count();
    let (mut arriving, mut leaving) = (vec![Vec::new(); vertices], vec![Vec::new(); vertices]);
    for (at, hop) in cells.hops.iter().enumerate() {
        if hop.to.cell < vertices {
            arriving[hop.to.cell].push(at);
        }
        if hop.from.cell < vertices {
            leaving[hop.from.cell].push(at);
        }
    }
    for (vertex, hops) in arriving.into_iter().enumerate() {
        for (hops, x) in arrive(cells, vertex, &hops) {
            hops.into_iter().for_each(|at| ports[at].1 = x);
        }
    }
    for (vertex, hops) in leaving.into_iter().enumerate() {
        let mut wishes: Vec<Wish> = hops
            .iter()
            .map(|&at| {
                let down = cells.hops[at].to.side == Side::Top;
                let weight = if down { cells.weights[cells.hops[at].link] } else { 0 };
                Wish { of: vec![at], x: ports[at].1, weight }
            })
            .collect();
        spread(cells, vertex, &mut wishes);
        wishes.into_iter().for_each(|wish| ports[wish.of[0]].0 = wish.x);
    }
    ports
}

/// Lines of one class arrive together.
fn arrive(cells: &Cells, vertex: usize, hops: &[usize]) -> Vec<(Vec<usize>, f64)> {
    let mut wishes: Vec<Wish> = Vec::new();
    let mut classes: Vec<usize> = hops.iter().map(|&at| cells.classes[cells.hops[at].link]).collect();
    classes.sort_unstable();
    classes.dedup();
    for class in classes {
        let of: Vec<usize> = hops.iter().copied().filter(|&at| cells.classes[cells.hops[at].link] == class).collect();
        let from_above = of.iter().filter(|&&at| cells.hops[at].from.side == Side::Bottom);
        let main = from_above.copied().max_by_key(|&at| (cells.weights[cells.hops[at].link], usize::MAX - at));
        let x = match main {
            Some(at) => straight(cells, cells.hops[at].from, vertex),
            None => cells.cells[cells.hops[of[0]].from.cell].x,
        };
        let weight = main.map_or(0, |at| cells.weights[cells.hops[at].link]);
        wishes.push(Wish { of, x, weight });
    }
    spread(cells, vertex, &mut wishes);
    wishes.into_iter().map(|wish| (wish.of, wish.x)).collect()
}

/// The `x` at which a line from that end can come down straight, or else the middle.
fn straight(cells: &Cells, from: End, vertex: usize) -> f64 {
    let (above, here) = (&cells.cells[from.cell], &cells.cells[vertex]);
    let within = |x: f64, cell: usize| {
        let (left, right) = bounds(cells, cell);
        x >= left && x <= right
    };
    if above.kind == CellKind::Vertex && within(here.x, from.cell) {
        here.x
    } else if above.kind != CellKind::Vertex || within(above.x, vertex) {
        above.x
    } else {
        here.x
    }
}

/// Where lines may meet the vertex.
fn bounds(cells: &Cells, vertex: usize) -> (f64, f64) {
    let cell = &cells.cells[vertex];
    let half = (cell.size.width / 2.0 - CORNER).max(0.0);
    (cell.x - half, cell.x + half)
}

struct Wish {
    of: Vec<usize>,
    x: f64,
    weight: u32,
}

/// Brings the wishes into the bounds and apart. The one of the greatest weight has its way, of
/// several one that can come straight.
fn spread(cells: &Cells, vertex: usize, wishes: &mut [Wish]) {
    let (left, right) = bounds(cells, vertex);
    wishes.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.of.cmp(&b.of)));
    let can_be_straight = |wish: &Wish| wish.x >= left && wish.x <= right;
    let key = |at: usize| (wishes[at].weight, can_be_straight(&wishes[at]), usize::MAX - at);
    let fixed = (0..wishes.len()).max_by_key(|&at| key(at)).unwrap_or(0);
    wishes.iter_mut().for_each(|wish| wish.x = wish.x.clamp(left, right));
    let behind = wishes.len().saturating_sub(fixed + 1);
    let least = LEAST.min((right - left) / (fixed + behind).max(1) as f64);
    if let Some(wish) = wishes.get_mut(fixed) {
        wish.x = wish.x.max(left + least * fixed as f64).min(right - least * behind as f64);
    }
    let space = |room: f64, others: usize| SPACE.min(room / others.max(1) as f64);
    let before = space(wishes.get(fixed).map_or(0.0, |wish| wish.x - left), fixed);
    for at in (0..fixed).rev() {
        wishes[at].x = wishes[at].x.max(left + before * at as f64).min(wishes[at + 1].x - before);
    }
    let after = space(wishes.get(fixed).map_or(0.0, |wish| right - wish.x), behind);
    for at in fixed + 1..wishes.len() {
        let last = right - after * (wishes.len() - 1 - at) as f64;
        wishes[at].x = wishes[at].x.min(last).max(wishes[at - 1].x + after);
    }
}

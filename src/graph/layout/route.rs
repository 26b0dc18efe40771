//! The lines in the gaps, and with them the heights of the gaps.
//!
//! What ends at the same point runs together from its first gap on: one horizontal piece, on a track that no other piece
//! shares where the two would touch.

use std::collections::BTreeMap;

use super::cells::{CellKind, Cells, End, Side};
use super::{Layout, Link, Point, Size, Wire};

/// The distance of two tracks.
const TRACK: f64 = 10.0;
/// The height of a gap above its first and below its last track; an arrow needs some.
const ABOVE: f64 = 12.0;
const BELOW: f64 = 18.0;
/// The height of a gap in which all lines are straight.
const STRAIGHT: f64 = 28.0;
/// Lines as near as this would be treated as one.
const NEAR: f64 = 5.0;
/// More bundles than this in one gap do not get a track each.
const MANY: usize = 500;
/// More bundles than this take their tracks from left to right; to find a better order would take too long.
const ORDERED: usize = 100;
/// How far a line goes along the one that it joins.
pub(in crate::graph) const BEND: f64 = 6.0;

/// What runs together in a gap.
struct Bundle {
    /// The hops; the first of them leads on, the others end at it.
    hops: Vec<usize>,
    /// Where the hops begin, from left to right.
    begins: Vec<f64>,
    /// Where lines come from above and from below.
    upper: Vec<f64>,
    lower: Vec<f64>,
    left: f64,
    right: f64,
    track: usize,
}

impl Bundle {
    fn is_straight(&self) -> bool {
        self.right - self.left < 0.5 && !self.upper.is_empty() && !self.lower.is_empty()
    }
}

struct Router<'a> {
    cells: &'a Cells,
    ports: &'a [(f64, f64)],
    /// The upper edge of each layer.
    tops: Vec<f64>,
    heights: Vec<f64>,
    /// For each gap the `y` of its first track.
    first_tracks: Vec<f64>,
    bundles: Vec<Bundle>,
    /// The bundle of each hop.
    bundle_of: Vec<usize>,
}

pub(super) fn route(cells: &Cells, ports: &[(f64, f64)], vertices: usize, links: &[Link]) -> Layout {
    let heights = cells
        .layers
        .iter()
        .map(|layer| layer.iter().map(|&cell| cells.cells[cell].size.height).fold(0.0, f64::max))
        .collect();
    let (bundles, bundle_of) = bundle(cells, ports);
    let mut router = Router { cells, ports, tops: Vec::new(), heights, first_tracks: Vec::new(), bundles, bundle_of };
    let height = router.stack();
    let mut layout = Layout { size: Size { width: 0.0, height }, ..Layout::default() };
    layout.vertices = cells.cells[..vertices]
        .iter()
        .map(|cell| Point { x: cell.x - cell.size.width / 2.0, y: router.tops[cell.layer] })
        .collect();
    layout.wires = links.iter().map(|_| Wire::default()).collect();
    for at in 0..cells.hops.len() {
        router.draw(at, &mut layout.wires);
    }
    for (wire, label) in layout.wires.iter_mut().zip(&cells.labels) {
        wire.label = label.map(|cell| {
            let cell = &cells.cells[cell];
            Point { x: cell.x, y: router.tops[cell.layer] + cell.size.height / 2.0 }
        });
    }
    to_origin(cells, &mut layout);
    layout
}

/// Moves everything so that it begins at 0, and sets the width.
fn to_origin(cells: &Cells, layout: &mut Layout) {
    let mut left = f64::INFINITY;
    let mut right = f64::NEG_INFINITY;
    for cell in &cells.cells {
        left = left.min(cell.x - cell.size.width / 2.0);
        right = right.max(cell.x + cell.size.width / 2.0);
    }
    if left > right {
        return;
    }
    layout.size.width = right - left;
    let points = layout.wires.iter_mut().flat_map(|wire| wire.lines.iter_mut().flatten().chain(wire.label.as_mut()));
    points.chain(&mut layout.vertices).for_each(|point| point.x -= left);
}

/// Puts the hops together that run together.
fn bundle(cells: &Cells, ports: &[(f64, f64)]) -> (Vec<Bundle>, Vec<usize>) {
    let mut keys: BTreeMap<(End, usize), usize> = BTreeMap::new();
    let mut bundles: Vec<Bundle> = Vec::new();
    let mut bundle_of = Vec::with_capacity(cells.hops.len());
    for (at, hop) in cells.hops.iter().enumerate() {
        let class = cells.classes[hop.link];
        let index = *keys.entry((hop.to, class)).or_insert_with(|| {
            let (upper, lower) = (Vec::new(), Vec::new());
            let (left, right) = (f64::INFINITY, f64::NEG_INFINITY);
            bundles.push(Bundle { hops: Vec::new(), begins: Vec::new(), upper, lower, left, right, track: 0 });
            bundles.len() - 1
        });
        let bundle = &mut bundles[index];
        let ends = [(hop.from, ports[at].0), (hop.to, ports[at].1)];
        // The common end counts once.
        for (end, x) in ends.into_iter().take(if bundle.hops.is_empty() { 2 } else { 1 }) {
            if end.side == Side::Bottom {
                bundle.upper.push(x)
            } else {
                bundle.lower.push(x)
            }
            bundle.left = bundle.left.min(x);
            bundle.right = bundle.right.max(x);
        }
        bundle.hops.push(at);
        bundle.begins.push(ports[at].0);
        bundle_of.push(index);
    }
    bundles.iter_mut().for_each(|bundle| bundle.begins.sort_by(f64::total_cmp));
    (bundles, bundle_of)
}

impl Router<'_> {
    /// Gives every bundle its track and every layer and gap its place; returns the whole height.
    fn stack(&mut self) -> f64 {
        let mut gaps = vec![Vec::new(); self.heights.len() + 1];
        for (at, bundle) in self.bundles.iter().enumerate() {
            if !bundle.is_straight() {
                gaps[self.cells.hops[bundle.hops[0]].gap].push(at);
            }
        }
        let last = self.heights.len();
        let mut y = 0.0;
        for (gap, bundles) in gaps.iter().enumerate() {
            let tracks = self.assign_tracks(bundles);
            let outside = gap == 0 || gap == last;
            self.first_tracks.push(y + ABOVE);
            y += match tracks {
                0 if outside => 0.0,
                0 => STRAIGHT,
                tracks => ABOVE + BELOW + TRACK * (tracks - 1) as f64,
            };
            if gap < last {
                self.tops.push(y);
                y += self.heights[gap];
            }
        }
        y
    }

    /// Distributes the bundles of a gap to tracks, with few crossings; returns their number.
    fn assign_tracks(&mut self, bundles: &[usize]) -> usize {
        if bundles.len() > MANY {
            bundles.iter().enumerate().for_each(|(place, &at)| self.bundles[at].track = place % MANY);
            return MANY;
        }
        let ordered = self.order_tracks(bundles);
        let mut tracks = 0;
        for (place, &at) in ordered.iter().enumerate() {
            let this = &self.bundles[at];
            let touching =
                ordered[..place].iter().map(|&other| &self.bundles[other]).filter(|other| touch(this, other));
            let track = touching.map(|other| other.track + 1).max().unwrap_or(0);
            self.bundles[at].track = track;
            tracks = tracks.max(track + 1);
        }
        tracks
    }

    /// Takes first the bundle that it costs least to have above all others that are left.
    fn order_tracks(&self, bundles: &[usize]) -> Vec<usize> {
        let mut left: Vec<usize> = bundles.to_vec();
        left.sort_by(|&a, &b| self.bundles[a].left.total_cmp(&self.bundles[b].left).then(a.cmp(&b)));
        if left.len() > ORDERED {
            return left;
        }
        let cost = |above: usize, below: usize| {
            let (above, below) = (&self.bundles[above], &self.bundles[below]);
            if touch(above, below) { crossings(above, below) - crossings(below, above) } else { 0 }
        };
        let mut costs: Vec<i64> =
            left.iter().map(|&above| left.iter().map(|&below| cost(above, below)).sum()).collect();
        let mut ordered = Vec::with_capacity(left.len());
        while let Some(best) = (0..left.len()).min_by_key(|&at| costs[at]) {
            let taken = left.remove(best);
            costs.remove(best);
            for (other, costs) in left.iter().zip(&mut costs) {
                *costs -= cost(*other, taken);
            }
            ordered.push(taken);
        }
        ordered
    }

    fn y(&self, end: End) -> f64 {
        let cell = &self.cells.cells[end.cell];
        let top = self.tops[cell.layer];
        match (end.side, cell.kind) {
            (Side::Top, _) => top,
            // A line goes on through the whole layer.
            (Side::Bottom, CellKind::Thread) => top + self.heights[cell.layer],
            (Side::Bottom, _) => top + cell.size.height,
        }
    }

    /// Adds a hop to the line of its link.
    fn draw(&self, at: usize, wires: &mut [Wire]) {
        let hop = &self.cells.hops[at];
        let bundle = &self.bundles[self.bundle_of[at]];
        let (x, to_x) = self.ports[at];
        let (y, to_y) = (self.y(hop.from), self.y(hop.to));
        let track = self.first_tracks[hop.gap] + TRACK * bundle.track as f64;
        let wire = &mut wires[hop.link];
        let begins = wire.lines.is_empty() || self.cells.cells[hop.from.cell].kind == CellKind::Label;
        if begins {
            wire.lines.push(Vec::new());
        }
        let Some(line) = wire.lines.last_mut() else { return };
        line.push(Point { x, y });
        if bundle.hops[0] == at {
            if (x - to_x).abs() >= 0.5 {
                line.extend([Point { x, y: track }, Point { x: to_x, y: track }]);
            }
            line.push(Point { x: to_x, y: to_y });
            wire.arrives = self.cells.cells[hop.to.cell].kind == CellKind::Vertex;
        } else {
            self.join(at, bundle, track, line);
        }
    }

    /// Ends a line at the first hop of its bundle, or at another one on the way there.
    fn join(&self, at: usize, bundle: &Bundle, track: f64, line: &mut Vec<Point>) {
        let (x, to_x) = self.ports[at];
        let into = |side: Side| if side == Side::Top { 1.0 } else { -1.0 };
        if (x - to_x).abs() < 0.5 {
            line.push(Point { x: to_x, y: track + BEND * into(self.cells.hops[at].to.side) });
            return;
        }
        let direction = (to_x - x).signum();
        line.push(Point { x, y: track });
        let distance = (to_x - x) * direction;
        // The first hop's line passes here, or the next one that begins between here and the common end is joined.
        let passes = (self.ports[bundle.hops[0]].0 - x) * direction < 0.5;
        let next = match direction > 0.0 {
            true => bundle.begins.get(bundle.begins.partition_point(|begin| *begin < x + 0.5)),
            false => bundle.begins[..bundle.begins.partition_point(|begin| *begin <= x - 0.5)].last(),
        };
        let next = next.map(|begin| (begin - x) * direction).filter(|next| *next < distance - 0.5);
        if passes {
            line.push(Point { x: x + direction * BEND.min(distance), y: track });
        } else if let Some(next) = next {
            line.push(Point { x: x + direction * (next + BEND).min(distance), y: track });
        } else {
            line.push(Point { x: to_x, y: track });
            line.push(Point { x: to_x, y: track + BEND * into(self.cells.hops[at].to.side) });
        }
    }
}

/// Whether two bundles cannot have the same track.
fn touch(a: &Bundle, b: &Bundle) -> bool {
    a.left < b.right + 2.0 * BEND && b.left < a.right + 2.0 * BEND
}

/// What it costs to have one bundle above another: their crossings, and far more for lines that would run in one.
fn crossings(above: &Bundle, below: &Bundle) -> i64 {
    let within = |x: f64, bundle: &Bundle| x > bundle.left && x < bundle.right;
    let down = above.lower.iter().filter(|&&x| within(x, below)).count();
    let up = below.upper.iter().filter(|&&x| within(x, above)).count();
    let near = |x: f64| below.upper.iter().filter(|&&other| (x - other).abs() < NEAR).count();
    let same: usize = above.lower.iter().map(|&x| near(x)).sum();
    (down + up + 100 * same) as i64
}

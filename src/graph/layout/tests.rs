use proptest::prelude::*;

use super::{Layout, Link, Point, Size, layout};

/// Everything in a layout that a person would call a fault.
fn faults(sizes: &[Size], links: &[Link], layout: &Layout) -> Vec<String> {
    let mut faults = Vec::new();
    let corners = sizes.iter().zip(&layout.vertices);
    let boxes: Vec<Box> = corners.map(|(size, at)| Box::at(*at, *size)).collect();
    let labels: Vec<Option<Box>> = links
        .iter()
        .zip(&layout.wires)
        .map(|(link, wire)| Some(Box::around(wire.label?, link.label.unwrap())))
        .collect();
    let all: Vec<Box> = boxes.iter().copied().chain(labels.iter().copied().flatten()).collect();
    for (at, this) in all.iter().enumerate() {
        for (other_at, other) in all[..at].iter().enumerate() {
            if this.overlaps(other) {
                faults.push(format!("boxes {other_at} and {at} overlap"));
            }
        }
        let page = Box::at(Point::default(), layout.size);
        if this.left < page.left - 0.1
            || this.right > page.right + 0.1
            || this.top < -0.1
            || this.bottom > page.bottom + 0.1
        {
            faults.push(format!("box {at} is off the page"));
        }
    }
    for (at, (link, wire)) in links.iter().zip(&layout.wires).enumerate() {
        if wire.label.is_some() != link.label.is_some() {
            faults.push(format!("label of link {at}"));
        }
        for piece in wire.lines.iter().flat_map(|line| line.windows(2)) {
            let line = Box::between(piece[0], piece[1]);
            if line.right - line.left > 0.5 && line.bottom - line.top > 0.5 {
                faults.push(format!("link {at} is not at right angles"));
            }
            if boxes.iter().any(|vertex| vertex.overlaps(&line)) {
                faults.push(format!("link {at} goes through a vertex"));
            }
            if labels.iter().flatten().any(|label| label.overlaps(&line)) {
                faults.push(format!("link {at} goes through a label"));
            }
        }
        let begin = wire.lines.first().and_then(|line| line.first());
        if !begin.is_some_and(|begin| boxes[link.from].has_on_edge(*begin, boxes[link.from].bottom)) {
            faults.push(format!("link {at} does not begin at its vertex"));
        }
        let Some(end) = wire.lines.last().and_then(|line| line.last()) else { continue };
        if wire.arrives {
            if !boxes[link.to].has_on_edge(*end, boxes[link.to].top) {
                faults.push(format!("link {at} does not end at its vertex"));
            }
        } else {
            let same = |other: &usize| *other != at && links[*other].to == link.to && links[*other].class == link.class;
            let mut others = (0..links.len()).filter(same).flat_map(|other| &layout.wires[other].lines);
            if !others.any(|line| line.windows(2).any(|piece| Box::between(piece[0], piece[1]).holds(*end))) {
                faults.push(format!("link {at} ends nowhere"));
            }
        }
    }
    for (vertex, size) in sizes.iter().enumerate() {
        let leaving = links.iter().zip(&layout.wires).filter(|(link, _)| link.from == vertex);
        let mut begins: Vec<f64> = leaving.filter_map(|(_, wire)| Some(wire.lines.first()?.first()?.x)).collect();
        begins.sort_by(f64::total_cmp);
        let has_room = size.width - 24.0 > 2.0 * begins.len() as f64;
        if has_room && begins.windows(2).any(|pair| pair[1] - pair[0] < 1.0) {
            faults.push(format!("links leave vertex {vertex} from the same point: {begins:?}"));
        }
    }
    for target in 0..sizes.len() {
        for class in 0..2 {
            let mut same =
                links.iter().zip(&layout.wires).filter(|(link, _)| link.to == target && link.class == class).peekable();
            if same.peek().is_some() && same.filter(|(_, wire)| wire.arrives).count() != 1 {
                faults.push(format!("not exactly one of the links to {target} arrives"));
            }
        }
    }
    faults
}

#[derive(Debug, Clone, Copy)]
struct Box {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Box {
    fn at(corner: Point, size: Size) -> Self {
        Self { left: corner.x, right: corner.x + size.width, top: corner.y, bottom: corner.y + size.height }
    }

    fn around(middle: Point, size: Size) -> Self {
        Self::at(Point { x: middle.x - size.width / 2.0, y: middle.y - size.height / 2.0 }, size)
    }

    fn between(a: Point, b: Point) -> Self {
        Self { left: a.x.min(b.x), right: a.x.max(b.x), top: a.y.min(b.y), bottom: a.y.max(b.y) }
    }

    fn overlaps(&self, other: &Self) -> bool {
        let near = 0.1;
        self.left + near < other.right
            && other.left + near < self.right
            && self.top + near < other.bottom
            && other.top + near < self.bottom
    }

    fn has_on_edge(&self, point: Point, edge: f64) -> bool {
        (point.y - edge).abs() < 0.1 && point.x > self.left && point.x < self.right
    }

    fn holds(&self, point: Point) -> bool {
        let near = 0.6;
        point.x > self.left - near
            && point.x < self.right + near
            && point.y > self.top - near
            && point.y < self.bottom + near
    }
}

fn size() -> impl Strategy<Value = Size> {
    (18..400_u32, 18..300_u32).prop_map(|(width, height)| Size { width: width.into(), height: height.into() })
}

fn graphs() -> impl Strategy<Value = (Vec<Size>, Vec<Link>)> {
    (1..24_usize).prop_flat_map(|vertices| {
        let label = proptest::option::of(size());
        let link = (0..vertices, 0..vertices, 0..2_usize, label).prop_map(|(from, to, class, label)| {
            let weight = if class == 1 {
                1
            } else if label.is_some() {
                2
            } else {
                4
            };
            Link { from, to, class, weight, label }
        });
        (proptest::collection::vec(size(), vertices), proptest::collection::vec(link, 0..48))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_overlaps_and_every_link_leads_to_its_target((sizes, links) in graphs()) {
        let drawn = layout(&sizes, &links);
        let faults = faults(&sizes, &links, &drawn);
        prop_assert!(faults.is_empty(), "{faults:#?}");
    }
}

fn links(pairs: &[(usize, usize)]) -> Vec<Link> {
    pairs.iter().map(|&(from, to)| Link { from, to, class: 0, weight: 4, label: None }).collect()
}

#[test]
fn a_chain_is_straight() {
    let sizes: Vec<Size> = (0..9).map(|at| Size { width: 100.0 + 10.0 * f64::from(at), height: 40.0 }).collect();
    let chain = layout(&sizes, &links(&[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 8)]));
    assert!(chain.wires.iter().all(|wire| wire.lines[0].iter().all(|point| point.x == wire.lines[0][0].x)));
    assert_eq!(chain.size.width, 180.0);
}

#[test]
fn a_loop_enters_from_above() {
    let sizes = [Size { width: 100.0, height: 40.0 }; 3];
    let drawn = layout(&sizes, &links(&[(0, 1), (1, 2), (2, 1)]));
    assert!(drawn.vertices[0].y < drawn.vertices[1].y && drawn.vertices[1].y < drawn.vertices[2].y);
    let back = &drawn.wires[2].lines[0];
    assert!(back[0].y > drawn.vertices[2].y && back.last().unwrap().y <= drawn.vertices[1].y);
    assert_eq!(faults(&sizes, &links(&[(0, 1), (1, 2), (2, 1)]), &drawn), Vec::<String>::new());
}

#[test]
fn nothing_is_drawn_as_nothing() {
    assert_eq!(layout(&[], &[]).size, Size::default());
}

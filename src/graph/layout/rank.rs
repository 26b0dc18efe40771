//! Which links close a cycle, and on which layer each vertex is.

use super::Link;

pub(super) struct Ranks {
    /// The layer of each vertex.
    pub layers: Vec<usize>,
    /// For each link whether it leads back up.
    pub back: Vec<bool>,
}

/// The layers that a link goes down at least: its label takes one.
fn length(link: &Link) -> usize {
    if link.label.is_some() { 2 } else { 1 }
}

/// Each vertex is as far up as the links to it allow.
pub(super) fn rank(vertices: usize, links: &[Link]) -> Ranks {
    let mut outgoing = vec![Vec::new(); vertices];
    for (at, link) in links.iter().enumerate() {
        outgoing[link.from].push(at);
    }
    let (back, finished) = search(vertices, links, &outgoing);
    let mut layers = vec![0; vertices];
    // A vertex is finished after all that follow it.
    for &vertex in finished.iter().rev() {
        for &at in outgoing[vertex].iter().filter(|&&at| !back[at]) {
            let link = &links[at];
            layers[link.to] = layers[link.to].max(layers[vertex] + length(link));
        }
    }
    // What nothing leads to may be directly above what it leads to.
    let mut reached = vec![false; vertices];
    for (at, link) in links.iter().enumerate().filter(|(at, _)| !back[*at]) {
        reached[link.to] |= !back[at];
    }
    for vertex in (1..vertices).filter(|&vertex| !reached[vertex]) {
        let forward = outgoing[vertex].iter().filter(|&&at| !back[at]);
        if let Some(lowest) = forward.map(|&at| layers[links[at].to].saturating_sub(length(&links[at]))).min() {
            layers[vertex] = lowest;
        }
    }
    Ranks { layers, back }
}

/// Walks depth first, each vertex's links in their order. Tells the links that lead to a vertex on the way to them, and
/// the vertices in the order in which they are finished.
fn search(vertices: usize, links: &[Link], outgoing: &[Vec<usize>]) -> (Vec<bool>, Vec<usize>) {
    let mut back = vec![false; links.len()];
    let (mut seen, mut open) = (vec![false; vertices], vec![false; vertices]);
    let mut finished = Vec::with_capacity(vertices);
    for root in 0..vertices {
        if seen[root] {
            continue;
        }
        let mut path = vec![(root, 0)];
        (seen[root], open[root]) = (true, true);
        while let Some((vertex, next)) = path.last_mut() {
            let Some(&at) = outgoing[*vertex].get(*next) else {
                open[*vertex] = false;
                finished.push(*vertex);
                path.pop();
                continue;
            };
            *next += 1;
            let to = links[at].to;
            if open[to] {
                back[at] = true;
            } else if !seen[to] {
                (seen[to], open[to]) = (true, true);
                path.push((to, 0));
            }
        }
    }
    (back, finished)
}

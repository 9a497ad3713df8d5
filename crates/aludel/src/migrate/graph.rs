//! Who follows whom, as numbers: the order of all, and what stands below or above some.

use std::collections::BTreeSet;

/// The edges between revisions, which are numbered so that whatever one needs has a smaller number.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    /// What each follows.
    pub(super) parents: Vec<Vec<usize>>,
    /// Who follows each.
    pub(super) children: Vec<Vec<usize>>,
    /// What has to be applied before each: its parents and what it depends on.
    pub(super) needs: Vec<Vec<usize>>,
    /// Who needs each.
    pub(super) dependants: Vec<Vec<usize>>,
}

impl Graph {
    pub(super) fn new(parents: Vec<Vec<usize>>, needs: Vec<Vec<usize>>) -> Self {
        Graph { children: turned(&parents), dependants: turned(&needs), parents, needs }
    }

    /// `from`, and all they need.
    pub(super) fn below(&self, from: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        reached(&self.needs, from)
    }

    /// `from`, and all who need them.
    pub(super) fn above(&self, from: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        reached(&self.dependants, from)
    }

    /// Those that none of `among` follows.
    pub(super) fn heads(&self, among: &BTreeSet<usize>) -> BTreeSet<usize> {
        among.iter().copied().filter(|at| !self.children[*at].iter().any(|child| among.contains(child))).collect()
    }

    /// The branch that `at` stands on: itself, all that follow it, and what it follows down to where lines meet or part.
    pub(super) fn branch(&self, at: usize) -> BTreeSet<usize> {
        let mut branch = reached(&self.children, [at]);
        let mut last = at;
        while let [parent] = self.parents[last][..] {
            if self.children[parent].len() > 1 {
                break;
            }
            branch.insert(parent);
            last = parent;
        }
        branch
    }
}

/// The order in which all can be applied: what is needed first, else by number.
///
/// # Errors
/// The circles, each from its smallest number along what it needs.
pub(super) fn order(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<Vec<usize>>> {
    let dependants = turned(needs);
    let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut ready: BTreeSet<usize> = (0..needs.len()).filter(|at| open[*at] == 0).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for dependant in &dependants[next] {
            open[*dependant] -= 1;
            if open[*dependant] == 0 {
                ready.insert(*dependant);
            }
        }
    }
    if order.len() == needs.len() {
        return Ok(order);
    }
    let placed: BTreeSet<usize> = order.into_iter().collect();
    Err(circles(needs, (0..needs.len()).filter(|at| !placed.contains(at)).collect()))
}

/// The circles among `left`, of which each needs another.
fn circles(needs: &[Vec<usize>], mut left: BTreeSet<usize>) -> Vec<Vec<usize>> {
    let mut circles = Vec::new();
    while let Some(first) = left.first().copied() {
        let mut path = vec![first];
        let mut place = vec![None; needs.len()];
        place[first] = Some(0);
        while let Some(next) = needs[path[path.len() - 1]].iter().copied().find(|next| left.contains(next)) {
            if let Some(begin) = place[next] {
                let mut circle = path.split_off(begin);
                let least = circle.iter().enumerate().min_by_key(|(_, at)| **at).map_or(0, |(place, _)| place);
                circle.rotate_left(least);
                circles.push(circle);
                break;
            }
            place[next] = Some(path.len());
            path.push(next);
        }
        // What led into the circle, and the circle itself: whoever needs one of these is no circle by that.
        left.retain(|at| place[*at].is_none());
    }
    circles
}

/// The edges seen from their other ends.
fn turned(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut turned = vec![Vec::new(); edges.len()];
    for (from, to) in edges.iter().enumerate() {
        to.iter().for_each(|to| turned[*to].push(from));
    }
    turned
}

/// `from` and all that the edges lead to.
fn reached(edges: &[Vec<usize>], from: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    let mut open: Vec<usize> = from.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(&edges[at]);
        }
    }
    seen
}

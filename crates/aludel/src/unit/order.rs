//! Orders: parents before children, and keys ascending.

use std::cmp::Ordering;

use crate::Value;

/// The rank of each node whose `parents` are given by place: above all its parents, equal within a cycle.
pub(crate) fn ranks(parents: &[Vec<usize>]) -> Vec<u32> {
    let components = components(parents);
    let mut ranks = vec![0; parents.len()];
    // Tarjan gives a component after all that it reaches, and edges lead to parents: parents come first.
    for component in components {
        let above = component.iter().flat_map(|&node| &parents[node]).filter(|parent| !component.contains(parent));
        let rank = above.map(|&parent| ranks[parent] + 1).max().unwrap_or(0);
        for node in component {
            ranks[node] = rank;
        }
    }
    ranks
}

/// The strongly connected components (Tarjan), each after those it reaches. Chains may be as long as memory allows, so
/// the way back is kept in a list, not on the stack.
fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        next: 0,
        number: vec![None; edges.len()],
        low: vec![0; edges.len()],
        stack: Vec::new(),
        on_stack: vec![false; edges.len()],
        found: Vec::new(),
    };
    for node in 0..edges.len() {
        if search.number[node].is_none() {
            search.visit(node);
        }
    }
    search.found
}

struct Search<'a> {
    edges: &'a [Vec<usize>],
    next: usize,
    number: Vec<Option<usize>>,
    low: Vec<usize>,
    stack: Vec<usize>,
    on_stack: Vec<bool>,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, node: usize) {
        self.enter(node);
        // Where we are, and which of its edges comes next.
        let mut way = vec![(node, 0)];
        while let Some((node, edge)) = way.last_mut() {
            let (node, at) = (*node, *edge);
            *edge += 1;
            match self.edges[node].get(at) {
                Some(&next) => match self.number[next] {
                    None => {
                        self.enter(next);
                        way.push((next, 0));
                    }
                    Some(number) if self.on_stack[next] => self.low[node] = self.low[node].min(number),
                    Some(_) => {}
                },
                None => {
                    way.pop();
                    if let Some(&(before, _)) = way.last() {
                        self.low[before] = self.low[before].min(self.low[node]);
                    }
                    self.leave(node);
                }
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.number[node] = Some(self.next);
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
    }

    /// Closes the component that began at `node`, if one did.
    fn leave(&mut self, node: usize) {
        if Some(self.low[node]) != self.number[node] {
            return;
        }
        let start = self.stack.iter().rposition(|&on| on == node).unwrap_or(0);
        let component = self.stack.split_off(start);
        for &member in &component {
            self.on_stack[member] = false;
        }
        self.found.push(component);
    }
}

/// The order in which rows of one table are written: by key, so that two flushes never wait for each other crosswise.
pub(crate) fn by_key(one: &[Value], other: &[Value]) -> Ordering {
    for (one, other) in one.iter().zip(other) {
        let order = match (one, other) {
            (Value::Int(one), Value::Int(other)) => one.cmp(other),
            (Value::Text(one), Value::Text(other)) => one.cmp(other),
            (Value::Uuid(one), Value::Uuid(other)) => one.cmp(other),
            (Value::Bytes(one), Value::Bytes(other)) => one.cmp(other),
            (Value::Date(one), Value::Date(other)) => one.cmp(other),
            (Value::Time(one), Value::Time(other)) => one.cmp(other),
            (Value::Timestamp(one), Value::Timestamp(other)) => one.cmp(other),
            (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
            _ => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_rank_below_children_and_cycles_share() {
        // 0 <- 1 <- 2, 3 <-> 4, 4 -> 0, 5 -> 5
        let ranks = ranks(&[vec![], vec![0], vec![1], vec![4], vec![3, 0], vec![5]]);
        assert_eq!(ranks, [0, 1, 2, 1, 1, 0]);
    }
}

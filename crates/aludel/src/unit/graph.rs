//! How the models of one database point at each other.

use crate::model::{Layout, Meta};

/// The models of one database: who points at whom, and which come first.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    layout: &'static Layout,
    /// Parents before children; models of one cycle share a rank.
    rank: u32,
    inbound: Vec<Inbound>,
}

/// A foreign key, seen from the model it points at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inbound {
    /// The model that has the foreign key.
    pub(crate) child: &'static Layout,
    /// Its field.
    pub(crate) field: usize,
}

impl Graph {
    pub(crate) fn new(models: &[&'static Meta]) -> Self {
        let layouts: Vec<&'static Layout> = models.iter().map(|meta| (meta.layout)()).collect();
        let place = |layout: &Layout| layouts.iter().position(|known| known.is(layout));
        let mut inbound: Vec<Vec<Inbound>> = layouts.iter().map(|_| Vec::new()).collect();
        let mut parents: Vec<Vec<usize>> = layouts.iter().map(|_| Vec::new()).collect();
        for (at, child) in layouts.iter().enumerate() {
            for (field, range) in child.fields.iter().enumerate() {
                let Some((target, _)) = child.columns[range.start].references else { continue };
                if let Some(parent) = place((target().layout)()) {
                    inbound[parent].push(Inbound { child, field });
                    parents[at].push(parent);
                }
            }
        }
        let ranks = super::order::ranks(&parents);
        let nodes = layouts.into_iter().zip(inbound).zip(ranks);
        Graph { nodes: nodes.map(|((layout, inbound), rank)| Node { layout, rank, inbound }).collect() }
    }

    fn node(&self, layout: &Layout) -> Option<&Node> {
        self.nodes.iter().find(|node| node.layout.is(layout))
    }

    /// The place of a model in the order of inserts; a model of no schema comes last.
    pub(crate) fn rank(&self, layout: &Layout) -> u32 {
        self.node(layout).map_or(u32::MAX, |node| node.rank)
    }

    /// The foreign keys that point at `layout`.
    pub(crate) fn inbound(&self, layout: &Layout) -> &[Inbound] {
        self.node(layout).map_or(&[], |node| &node.inbound)
    }

    /// All models.
    pub(crate) fn layouts(&self) -> impl Iterator<Item = &'static Layout> + '_ {
        self.nodes.iter().map(|node| node.layout)
    }
}

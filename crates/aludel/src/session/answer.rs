//! What the database answers to a flush, kept aside until all of it has succeeded.

use std::ops::ControlFlow;

use crate::driver::Sink;
use crate::model::{Action, Layout, Supply};
use crate::unit::{EntityRef, Graph, Keys, State, Step, Unit};
use crate::{Result, Row, Value};

/// The rows that one statement of a flush gave back.
pub(crate) struct Returned {
    entities: Vec<EntityRef>,
    columns: Vec<usize>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Returned {
    /// Rows of `entities`, with the values of `columns`.
    pub(crate) fn new(entities: &[EntityRef], columns: &[usize]) -> Self {
        let entities = if columns.is_empty() { Vec::new() } else { entities.to_vec() };
        Returned { rows: Vec::with_capacity(entities.len()), entities, columns: columns.to_vec() }
    }
}

impl Sink for Returned {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let values: Result<Vec<Value>> = (0..row.width()).map(|at| row.cell(at).map(Value::from)).collect();
        self.rows.push(values?);
        Ok(ControlFlow::Continue(()))
    }
}

/// Everything a flush was told.
pub(crate) struct Answers {
    /// The time of writing.
    pub(crate) now: Value,
    /// Keys of inserted entities, where other rows of the flush point at some.
    pub(crate) keys: Keys,
    linked: bool,
    identities: Vec<(EntityRef, Value)>,
    /// Where the identities of the step at hand begin.
    step: usize,
    returned: Vec<(EntityRef, usize, Value)>,
    /// Keys of rows that a cascade deleted.
    pub(crate) cascaded: Vec<(&'static Layout, Vec<Vec<Value>>)>,
}

impl Answers {
    pub(crate) fn new(now: Value, linked: bool) -> Self {
        Answers {
            now,
            keys: Keys::new(),
            linked,
            identities: Vec::new(),
            step: 0,
            returned: Vec::new(),
            cascaded: Vec::new(),
        }
    }

    /// The next step begins: rows are matched among its own.
    pub(crate) fn begin_step(&mut self) {
        self.step = self.identities.len();
    }

    /// Notes the identity that `entity` is inserted with.
    pub(crate) fn give_key(&mut self, entity: EntityRef, key: Value) {
        if self.linked {
            self.keys.insert(entity, vec![key.clone()]);
        }
        self.identities.push((entity, key));
    }

    /// Pushes the key of `entity`: one made by this flush, or the one in memory.
    pub(crate) fn push_key(&self, unit: &Unit, entity: EntityRef, out: &mut Vec<Value>) {
        match self.keys.get(&entity) {
            Some(key) => out.extend_from_slice(key),
            None => unit.push_key(entity, out),
        }
    }

    /// Takes what one statement gave back. Rows that begin with a key known beforehand are matched by it; keys that the
    /// database made belong to the entities in ascending order.
    ///
    /// # Errors
    /// A decode error where rows are missing or no entity has a row's key.
    pub(crate) fn take(
        &mut self,
        unit: &Unit,
        layout: &'static Layout,
        returned: Returned,
        by_key: bool,
    ) -> Result<()> {
        let Returned { entities, columns, mut rows } = returned;
        if columns.is_empty() {
            return Ok(());
        }
        if rows.len() != entities.len() {
            return Err(crate::Error::decode(format!(
                "`{}` gave {} rows back for {} that were written: does a trigger skip some?",
                layout.meta.table,
                rows.len(),
                entities.len()
            )));
        }
        let width = if by_key { layout.key.len() } else { 0 };
        if !by_key && rows.len() > 1 {
            let identity = columns.iter().position(|&at| layout.columns[at].supply == Supply::Identity);
            if let Some(at) = identity {
                rows.sort_by(|one, other| crate::unit::by_key(&one[at..=at], &other[at..=at]));
            }
        }
        let expected: Vec<Vec<Value>> = match by_key {
            true => entities.iter().map(|&entity| self.expected(unit, entity)).collect(),
            false => Vec::new(),
        };
        for (place, row) in rows.into_iter().enumerate() {
            let entity = if by_key {
                let key = unit.store_at(entities[place].store).normalised_key(&row[..width])?;
                let at = if expected[place] == key { Some(place) } else { expected.iter().position(|own| *own == key) };
                at.map(|at| entities[at])
            } else {
                Some(entities[place])
            };
            let Some(entity) = entity else {
                return Err(crate::Error::decode(format!(
                    "`{}` gave a row back whose key was not written: does a trigger change keys?",
                    layout.meta.table
                )));
            };
            let mut made = None;
            for (&at, value) in columns.iter().zip(row).skip(width) {
                if layout.columns[at].supply == Supply::Identity {
                    made = Some(value);
                } else {
                    self.returned.push((entity, at, value));
                }
            }
            if let Some(key) = made {
                self.give_key(entity, key);
            }
        }
        Ok(())
    }

    fn expected(&self, unit: &Unit, entity: EntityRef) -> Vec<Value> {
        // Those of one step are noted in the order of their rows, and its own are the last.
        let own = &self.identities[self.step..];
        match own.binary_search_by_key(&entity, |(entity, _)| *entity) {
            Ok(at) => vec![own[at].1.clone()],
            Err(_) => {
                let mut key = Vec::new();
                self.push_key(unit, entity, &mut key);
                key
            }
        }
    }

    /// Brings memory to what the database has now.
    pub(crate) fn settle(self, unit: &mut Unit, steps: &[Step], graph: &Graph) -> Result<()> {
        for (entity, key) in &self.identities {
            let field = unit.layout(*entity).key_fields[0];
            unit.assign(*entity, field, std::slice::from_ref(key))?;
        }
        for step in steps {
            match step {
                Step::Insert { store, fields, rows, .. } | Step::Update { store, fields, rows, .. } => {
                    let layout = unit.store_at(*store).layout();
                    // Most columns keep what was sent: a step asks once which of its own may not.
                    for field in fields.iter().copied().filter(|&field| Unit::may_follow(layout, field)) {
                        for &row in rows {
                            unit.follow(row, field, &self.now, &self.keys)?;
                        }
                    }
                }
                Step::Cascade { .. } | Step::Release { .. } | Step::Delete { .. } => {}
            }
        }
        for (entity, column, value) in &self.returned {
            let field = unit.layout(*entity).columns[*column].field;
            unit.assign(*entity, field, std::slice::from_ref(value))?;
        }
        for step in steps {
            let (rows, state) = match step {
                Step::Insert { rows, .. } | Step::Update { rows, .. } => (rows, State::Clean),
                Step::Delete { rows, .. } => (rows, State::Gone),
                Step::Cascade { .. } | Step::Release { .. } => continue,
            };
            for &row in rows {
                unit.settle(row, state);
            }
            if let (Step::Delete { store, .. }, State::Gone) = (step, state) {
                let layout = unit.store_at(*store).layout();
                forget_followers(unit, graph, layout, &mut Vec::new());
            }
        }
        for (child, keys) in &self.cascaded {
            if let Some(place) = unit.place(child) {
                for key in keys {
                    if let Some(index) = unit.store_at(place).find_values(key) {
                        unit.settle(EntityRef { store: place, index }, State::Gone);
                    }
                }
            }
            forget_followers(unit, graph, child, &mut Vec::new());
        }
        unit.clear_candidates();
        Ok(())
    }
}

/// Rows that the database deletes or changes by itself when rows of `layout` go are read again.
pub(crate) fn forget_followers(unit: &mut Unit, graph: &Graph, layout: &Layout, seen: &mut Vec<*const Layout>) {
    for inbound in graph.inbound(layout) {
        let acts = matches!(
            inbound.child.meta.fields[inbound.field].on_delete,
            Some(Action::Cascade | Action::SetNull | Action::SetDefault)
        );
        if acts && !seen.contains(&std::ptr::from_ref(inbound.child)) {
            seen.push(inbound.child);
            unit.forget_reads(inbound.child);
            forget_followers(unit, graph, inbound.child, seen);
        }
    }
}

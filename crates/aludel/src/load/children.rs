//! The rows of one to-many relation, for all parents together.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::{Branch, settle};
use crate::dialect::{Dialect, Lists};
use crate::driver::{Request, Sink};
use crate::query::{Many, Plan, Reading, View, binary, first_of_each, joined, key_nodes, prefix};
use crate::sql::{self, Binary, Expr, List, Path, Select, Sort, Statement};
use crate::{Cells, Error, Key, Model, Result, Row, Type, Value};

/// One to-many relation of a view: keys of parents go in as these are read, and come back as the rows of each.
pub(crate) struct Children<M: Model, V: View> {
    /// What to select, before the parents are known.
    many: Many<M, V::Model>,
    /// How many of `keys` have been asked for.
    asked: usize,
    statement: Statement,
    /// One for each different parent, in the order they were read.
    keys: Vec<M::Key>,
    groups: Groups<M::Key, V>,
    /// The next parent to be filled.
    next: usize,
}

/// Rows sorted into their parents as they come.
struct Groups<K, V> {
    /// The first parent of each key; a key that several parents share goes on in `twin`.
    first: HashMap<K, usize>,
    /// For each parent, the next one with the same key.
    twin: Vec<Option<usize>>,
    rows: Vec<Vec<V>>,
    /// The parent of each row as they came, where the rows have to-many fields of their own: these are filled in that
    /// order, which is not the order of the parents.
    came: Vec<usize>,
    reading: Reading,
    /// The key of the last row and its parent: rows come parent by parent.
    last: Option<(K, usize)>,
}

impl<M: Model, V: View> Children<M, V> {
    pub(crate) fn new(many: Many<M, V::Model>) -> Self {
        Children {
            many,
            asked: 0,
            statement: Statement::plain(""),
            keys: Vec::new(),
            groups: Groups {
                first: HashMap::new(),
                twin: Vec::new(),
                rows: Vec::new(),
                came: Vec::new(),
                reading: Reading::default(),
                last: None,
            },
            next: 0,
        }
    }

    /// Takes the key of the parent being read.
    #[inline]
    pub(crate) fn parent(&mut self, key: M::Key) {
        let groups = &mut self.groups;
        let parent = groups.rows.len();
        groups.rows.push(Vec::new());
        groups.twin.push(None);
        match groups.first.get_mut(&key) {
            None => {
                groups.first.insert(key.clone(), parent);
                self.keys.push(key);
            }
            // The newest goes in front: the order of twins does not matter.
            Some(first) => {
                groups.twin[parent] = Some(*first);
                *first = parent;
            }
        }
    }

    /// The rows of the next parent.
    ///
    /// # Errors
    /// A usage error where more parents are filled than were read.
    pub(crate) fn next_rows(&mut self) -> Result<Vec<V>> {
        let rows = self.groups.rows.get_mut(self.next).map(std::mem::take);
        self.next += 1;
        rows.ok_or_else(|| Error::usage("a view fills a to-many field that it never read"))
    }

    /// The statement for the next keys.
    fn prepare(&mut self, dialect: &Dialect) -> Result<()> {
        let many = &self.many;
        let link = many.link.as_ref().map_err(|message| Error::usage(message.as_str()))?;
        let types: Vec<Type> = link.on.iter().map(|(_, _, ty)| ty.clone()).collect();
        let room = match sql::list_policy(dialect, &types) {
            Lists::Json | Lists::Arrays => usize::MAX,
            Lists::Padded => PLENTY.min(dialect.max_params / 2 / types.len().max(1)),
        };
        let chunk = &self.keys[self.asked..self.keys.len().min(self.asked.saturating_add(room.max(1)))];
        self.asked += chunk.len();

        let mut plan = Plan::at(link.target.clone());
        V::__plan(&mut plan);
        plan.marks.add(many.marks.clone());
        if let Some(fault) = plan.marks.first_fault() {
            return Err(Error::usage(fault));
        }
        self.groups.reading.adopt(plan.reading);
        let own = |(name, _, ty): &(sql::Name, sql::Name, Type)| Expr::Column {
            path: Path::root(),
            name: name.clone(),
            ty: ty.clone(),
        };
        let keys: Vec<Expr> = link.on.iter().map(own).collect();
        let mut select = Select::from(link.table);
        select.columns = keys.iter().cloned().chain(plan.columns).collect();
        select.and(among(&keys, chunk, types));
        if let Some(mut filter) = many.filter.clone() {
            prefix(&mut filter, &link.target);
            select.and(filter);
        }
        let order = self.order(&link.target);
        match many.limit {
            None => select.order = keys.into_iter().map(Sort::upwards).chain(order).collect(),
            Some(limit) if chunk.len() == 1 => {
                select.order = order;
                select.limit = Some(limit);
            }
            Some(limit) => select = first_of_each(select, keys, order, limit),
        }
        self.statement = select.render(dialect)?;
        Ok(())
    }

    /// The wanted order, with the target's key to settle what it leaves open.
    fn order(&self, target: &Path) -> Vec<Sort> {
        let mut order = self.many.order.clone();
        order.iter_mut().for_each(|sort| prefix(&mut sort.by, target));
        for by in key_nodes::<V::Model>(target) {
            if !order.iter().any(|sort| sort.by == by) {
                order.push(Sort::upwards(by));
            }
        }
        order
    }
}

/// The most values that are spelled out in one list.
const PLENTY: usize = 1_000;

/// The condition that the columns `of` hold one of `keys`.
fn among<K: Key>(of: &[Expr], keys: &[K], types: Vec<Type>) -> Expr {
    let mut values = Vec::with_capacity(keys.len() * of.len());
    keys.iter().for_each(|key| key.write(&mut values));
    match (of, &types[..]) {
        // One parent is the usual case of a page, and equality the plan every engine is best at.
        _ if keys.len() == 1 => {
            let pairs = of.iter().cloned().zip(values).zip(types);
            let equal = pairs.map(|((column, value), ty)| binary(column, Binary::Eq, Expr::Value(value, ty)));
            joined(equal, Binary::And).unwrap_or(Expr::Row(Vec::new()))
        }
        ([column], [ty]) => Expr::In(Box::new(column.clone()), List::Values(values, ty.clone()), false),
        _ => {
            let rows = values.chunks(of.len().max(1)).map(<[Value]>::to_vec).collect();
            Expr::In(Box::new(Expr::Row(of.to_vec())), List::Rows(rows, types), false)
        }
    }
}

impl<K: Key, V: View> Sink for Groups<K, V> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut cells = Cells::new(row);
        let key = K::read(&mut cells)?;
        let parent = match &self.last {
            Some((last, parent)) if *last == key => Some(*parent),
            _ => {
                let parent = self.first.get(&key).copied();
                self.last = parent.map(|parent| (key, parent));
                parent
            }
        };
        let start = cells.position();
        let mut parent = parent;
        // Parents that share a key each get rows of their own, read anew from the same cells.
        while let Some(at) = parent {
            let mut cells = Cells::new(row);
            cells.skip(start);
            self.reading.rewind();
            self.rows[at].push(V::__view(&mut cells, &mut self.reading)?);
            if !self.reading.branches.is_empty() {
                self.came.push(at);
            }
            parent = self.twin[at];
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl<M: Model, V: View> Branch for Children<M, V> {
    fn round<'a>(&'a mut self, dialect: &Dialect, out: &mut Vec<Request<'a>>) -> Result<()> {
        if self.asked < self.keys.len() {
            self.prepare(dialect)?;
            out.push(Request::new(&self.statement, &mut self.groups));
            return Ok(());
        }
        for branch in &mut self.groups.reading.branches {
            branch.round(dialect, out)?;
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        let Groups { reading, rows, came, .. } = &mut self.groups;
        if reading.branches.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<_> = rows.iter_mut().map(|rows| rows.iter_mut()).collect();
        settle(reading, came.iter().filter_map(|&parent| rows[parent].next()), V::__fill)
    }
}

//! Flush: the loop that runs a plan. What the database answers goes into memory at the very end, so that a flush that
//! fails or is dropped leaves memory as it was.

use std::time::SystemTime;

use super::answer::{Answers, Returned};
use super::guts::Guts;
use super::shape::{Shape, all, column};
use crate::dialect::Keys as KeyPolicy;
use crate::driver::{BoxFuture, Discard, Request};
use crate::model::{Action, Layout, Supply};
use crate::sql::{Delete, Expr, List, Select, Statement};
use crate::unit::{Chain, EntityRef, Step, plan};
use crate::{Result, Timestamp, Value};

/// The numbers of rows that one INSERT takes: few, so that texts repeat.
const CHUNKS: [usize; 4] = [128, 32, 8, 1];

impl Guts {
    /// Writes what differs from the database.
    pub(crate) async fn flush(&mut self) -> Result<()> {
        if self.unit.is_idle() { Ok(()) } else { self.flush_changes().await }
    }

    /// Boxed so that it is compiled once, in this crate: the body of an async function is compiled by whoever awaits it,
    /// and the crates of an application would each do so with every build.
    fn flush_changes(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.write_changes())
    }

    async fn write_changes(&mut self) -> Result<()> {
        self.link.ready()?;
        let changes = self.unit.changes()?;
        if changes.is_empty() {
            self.unit.clear_candidates();
            return Ok(());
        }
        self.link.writable()?;
        let linked = changes.inserts.iter().any(|row| !row.parents.is_empty())
            || changes.updates.iter().any(|row| !row.parents.is_empty());
        let steps = plan(&self.unit, &self.link.shared.graph, changes)?;
        let mut answers = Answers::new(now(), linked);
        let written = self.run_steps(&steps, &mut answers).await;
        // An answer that does not fit ends the transaction too: its row is written.
        let settled = written.and_then(|()| answers.settle(&mut self.unit, &steps, &self.link.shared.graph));
        if let Err(error) = &settled {
            self.link.fail(error);
        }
        settled
    }

    async fn run_steps(&mut self, steps: &[Step], answers: &mut Answers) -> Result<()> {
        // The models whose rows are deleted so far: the database may have taken rows of others along.
        let mut gone: Vec<&'static Layout> = Vec::new();
        for step in steps {
            answers.begin_step();
            match step {
                Step::Insert { store, fields, late, rows } => self.insert(*store, fields, late, rows, answers).await?,
                Step::Update { store, fields, rows, compare } => {
                    self.update(*store, fields, rows, *compare, answers).await?;
                }
                Step::Cascade { chain, parents } => self.cascade(chain, parents, answers).await?,
                Step::Release { store, field, rows } => self.release(*store, *field, rows).await?,
                Step::Delete { store, rows } => {
                    gone.push(self.unit.store_at(*store).layout());
                    self.delete(*store, rows, &gone).await?;
                }
            }
        }
        Ok(())
    }

    async fn insert(
        &mut self,
        store: u32,
        fields: &[usize],
        late: &[usize],
        rows: &[EntityRef],
        answers: &mut Answers,
    ) -> Result<()> {
        let layout = self.unit.store_at(store).layout();
        let dialect = self.link.shared.engine.dialect();
        let mut columns: Vec<usize> = fields.iter().flat_map(|&field| layout.fields[field].clone()).collect();
        let mut back = missing(layout, fields);
        let mut reserved = None;
        if let Some(identity) = back.iter().copied().find(|&at| layout.columns[at].supply == Supply::Identity)
            && rows.len() > 1
            && matches!(dialect.keys, KeyPolicy::Reserved(_))
        {
            reserved = Some(self.next_key(layout).await?);
            columns.insert(0, identity);
            back.retain(|&at| at != identity);
        }
        // Rows of one statement are told apart by their keys.
        let keyed = rows.len() > 1 && !back.is_empty();
        if keyed {
            back.retain(|at| !layout.key.contains(at));
            back.splice(0..0, layout.key.iter().copied());
        }
        let single =
            back.iter().any(|&at| layout.columns[at].supply == Supply::Identity) && dialect.keys == KeyPolicy::Single;
        let most = if single { 1 } else { (dialect.max_params / columns.len().max(1)).max(1) };
        let texts = self.link.shared.texts(layout);
        let mut statements = Vec::new();
        let mut returned = Vec::new();
        let mut rest = rows;
        let mut next = reserved;
        while !rest.is_empty() {
            let take = chunk(rest.len(), if columns.is_empty() { 1 } else { most });
            let (now, later) = rest.split_at(take);
            let mut params = Vec::with_capacity(take * columns.len());
            for &row in now {
                if let Some(next) = &mut next {
                    params.push(Value::Int(*next));
                    answers.give_key(row, Value::Int(*next));
                    *next = next.checked_add(1).ok_or_else(|| no_more_keys(layout))?;
                }
                self.push_row(row, fields, late, answers, &mut params);
            }
            statements
                .push(texts.bind(&Shape::Insert { columns: columns.clone(), rows: take, back: back.clone() }, params)?);
            returned.push(Returned::new(now, &back));
            rest = later;
        }
        let mut batch: Vec<Request<'_>> =
            statements.iter().zip(&mut returned).map(|(statement, sink)| Request::new(statement, sink)).collect();
        let result = self.link.write(&mut batch).await;
        drop(batch);
        if let Err(error) = result {
            return Err(self.name_missing_parents(error, layout, fields, rows, answers).await);
        }
        for returned in returned {
            let given = rows.len() > 1
                && (reserved.is_some() || back.iter().all(|&at| layout.columns[at].supply != Supply::Identity));
            answers.take(&self.unit, layout, returned, keyed && given)?;
        }
        Ok(())
    }

    fn push_row(&self, row: EntityRef, fields: &[usize], late: &[usize], answers: &Answers, out: &mut Vec<Value>) {
        for &field in fields {
            if late.contains(&field) {
                let width = self.unit.layout(row).fields[field].len();
                out.extend(std::iter::repeat_n(Value::Null, width));
            } else {
                self.unit.push(row, field, &answers.now, &answers.keys, out);
            }
        }
    }

    /// The first of the keys that may be inserted explicitly: this transaction holds the database alone.
    async fn next_key(&mut self, layout: &'static Layout) -> Result<i64> {
        let statement = self.link.shared.texts(layout).bind(&Shape::NextKey, Vec::new())?;
        let mut returned = Returned::new(&[], &[]);
        self.link.write(&mut [Request::new(&statement, &mut returned)]).await?;
        match returned.rows.first().and_then(|row| row.first()) {
            Some(Value::Int(next)) => Ok(*next),
            _ => Err(no_more_keys(layout)),
        }
    }

    async fn update(
        &mut self,
        store: u32,
        fields: &[usize],
        rows: &[EntityRef],
        compare: bool,
        answers: &mut Answers,
    ) -> Result<()> {
        let layout = self.unit.store_at(store).layout();
        let columns: Vec<usize> = fields.iter().flat_map(|&field| layout.fields[field].clone()).collect();
        let compared: Vec<usize> = match compare {
            // The time of writing is set by whoever writes: to compare it would make of it a version of the whole row.
            true => {
                let is_own = |at: &usize| Some(layout.columns[*at].field) == layout.updated;
                columns.iter().copied().filter(|at| layout.columns[*at].compared && !is_own(at)).collect()
            }
            false => Vec::new(),
        };
        let back: Vec<usize> =
            (0..layout.columns.len()).filter(|&at| layout.columns[at].supply == Supply::Generated).collect();
        let room = columns.len() + layout.key.len() + compared.len();
        let shape = Shape::Update { columns, compare: compared.clone(), back: back.clone() };
        let texts = self.link.shared.texts(layout);
        let statement = texts.statement(&shape)?;
        let mut statements = Vec::with_capacity(rows.len());
        for &row in rows {
            let mut params = Vec::with_capacity(room);
            self.push_row(row, fields, &[], answers, &mut params);
            answers.push_key(&self.unit, row, &mut params);
            if let Some(kept) = &self.unit.track(row).kept {
                params.extend(compared.iter().map(|&at| kept[at].clone()));
            }
            statements.push(statement.bind(params));
        }
        let mut returned: Vec<Returned> =
            rows.iter().map(|row| Returned::new(std::slice::from_ref(row), &back)).collect();
        let mut batch: Vec<Request<'_>> =
            statements.iter().zip(&mut returned).map(|(statement, sink)| Request::new(statement, sink)).collect();
        let result = self.link.write(&mut batch).await;
        let missed: Vec<usize> = match &result {
            Ok(()) => (0..rows.len()).filter(|&at| batch[at].affected == 0).collect(),
            Err(_) => Vec::new(),
        };
        drop(batch);
        if let Err(error) = result {
            return Err(self.name_missing_parents(error, layout, fields, rows, answers).await);
        }
        for at in missed {
            self.recheck(layout, rows[at], &compared, answers).await?;
            let shape = Shape::Update { columns: columns_of(layout, fields), compare: Vec::new(), back: back.clone() };
            let mut params = Vec::new();
            self.push_row(rows[at], fields, &[], answers, &mut params);
            answers.push_key(&self.unit, rows[at], &mut params);
            let statement = texts.bind(&shape, params)?;
            let mut again = [Request::new(&statement, &mut returned[at])];
            self.link.write(&mut again).await?;
            if again[0].affected == 0 {
                return Err(self.stale(layout, rows[at], None));
            }
        }
        for returned in returned {
            answers.take(&self.unit, layout, returned, false)?;
        }
        Ok(())
    }

    /// Sets a foreign key to NULL by key alone: the DELETE that follows checks the rows.
    async fn release(&mut self, store: u32, field: usize, rows: &[EntityRef]) -> Result<()> {
        let layout = self.unit.store_at(store).layout();
        let columns: Vec<usize> = layout.fields[field].clone().collect();
        let texts = self.link.shared.texts(layout);
        let nulls = columns.len();
        let shape = Shape::Update { columns, compare: Vec::new(), back: Vec::new() };
        for &row in rows {
            let mut params = vec![Value::Null; nulls];
            self.unit.push_key(row, &mut params);
            let statement = texts.bind(&shape, params)?;
            self.link.write(&mut [Request::new(&statement, &mut Discard)]).await?;
        }
        Ok(())
    }

    async fn delete(&mut self, store: u32, rows: &[EntityRef], gone: &[&'static Layout]) -> Result<()> {
        let layout = self.unit.store_at(store).layout();
        let compare: Vec<usize> = layout.version.into_iter().flat_map(|field| layout.fields[field].clone()).collect();
        let shape = Shape::Delete { compare: compare.clone() };
        let texts = self.link.shared.texts(layout);
        if layout.key.len() == 1 && compare.is_empty() && rows.len() > 1 {
            return self.delete_list(layout, rows, gone).await;
        }
        let mut statements = Vec::with_capacity(rows.len());
        for &row in rows {
            let mut params = self.unit.key_values(row);
            let values = if compare.is_empty() { Vec::new() } else { self.unit.values(row) };
            let kept = self.unit.track(row).kept.as_deref().unwrap_or(&values);
            params.extend(compare.iter().map(|&at| kept[at].clone()));
            statements.push(texts.bind(&shape, params)?);
        }
        let mut discards: Vec<Discard> = rows.iter().map(|_| Discard).collect();
        let mut batch: Vec<Request<'_>> =
            statements.iter().zip(&mut discards).map(|(statement, sink)| Request::new(statement, sink)).collect();
        let result = self.link.write(&mut batch).await;
        let missed = (0..rows.len()).find(|&at| batch[at].affected == 0);
        drop(batch);
        match (result, missed) {
            (Err(error), _) => Err(self.name_children(error, layout, rows).await),
            (Ok(()), Some(at)) if !follows(layout, gone, &mut Vec::new()) => Err(self.stale_delete(layout, rows[at])),
            (Ok(()), _) => Ok(()),
        }
    }

    async fn delete_list(
        &mut self,
        layout: &'static Layout,
        rows: &[EntityRef],
        gone: &[&'static Layout],
    ) -> Result<()> {
        let key = &layout.columns[layout.key[0]];
        let keys = rows.iter().flat_map(|&row| self.unit.key_values(row)).collect();
        let statement = Delete {
            table: layout.meta.table.into(),
            filter: Some(Expr::In(Box::new(column(key)), List::Values(keys, key.ty.clone()), false)),
            key: vec![(key.name.into(), key.ty.clone())],
            returning: vec![(key.name.into(), key.ty.clone())],
        }
        .render(self.link.shared.engine.dialect())?;
        let mut returned = Returned::new(&[], &[]);
        let result = self.link.write(&mut [Request::new(&statement, &mut returned)]).await;
        if let Err(error) = result {
            return Err(self.name_children(error, layout, rows).await);
        }
        if returned.rows.len() < rows.len() && !follows(layout, gone, &mut Vec::new()) {
            let store = self.unit.store_at(rows[0].store);
            let deleted: Vec<Option<u32>> = returned.rows.iter().map(|key| store.find_values(key)).collect();
            if let Some(&row) = rows.iter().find(|row| !deleted.contains(&Some(row.index))) {
                return Err(self.stale_delete(layout, row));
            }
        }
        Ok(())
    }

    /// Deletes the rows that a chain of foreign keys leads to, and takes the tracked ones along.
    async fn cascade(&mut self, chain: &[Chain], parents: &[EntityRef], answers: &mut Answers) -> Result<()> {
        let Some((last, before)) = chain.split_last() else { return Ok(()) };
        let mut filter = None;
        for link in before.iter().chain([last]) {
            let condition = match filter.take() {
                None => self.points_at(link, parents),
                Some((above, inner)) => points_into(link, above, inner),
            };
            filter = Some((link, condition));
        }
        let Some((_, condition)) = filter else { return Ok(()) };
        let child = last.child;
        let key: Vec<_> =
            child.key.iter().map(|&at| &child.columns[at]).map(|key| (key.name.into(), key.ty.clone())).collect();
        let statement =
            Delete { table: child.meta.table.into(), filter: Some(condition), key: key.clone(), returning: key }
                .render(self.link.shared.engine.dialect())?;
        let mut returned = Returned::new(&[], &[]);
        let result = self.link.write(&mut [Request::new(&statement, &mut returned)]).await;
        result.map_err(|error| super::blame::still_referenced(error, child))?;
        answers.cascaded.push((child, returned.rows));
        Ok(())
    }

    /// The foreign key of `link` is one of the keys of `parents`.
    fn points_at(&self, link: &Chain, parents: &[EntityRef]) -> Expr {
        let columns: Vec<_> = link.child.fields[link.field].clone().map(|at| &link.child.columns[at]).collect();
        if let [single] = columns[..] {
            let keys = parents.iter().flat_map(|&parent| self.unit.key_values(parent)).collect();
            return Expr::In(Box::new(column(single)), List::Values(keys, single.ty.clone()), false);
        }
        let one = |parent: &EntityRef| {
            let key = self.unit.key_values(*parent);
            all(columns.iter().zip(key).map(|(this, value)| {
                let value = Expr::Value(value, this.ty.clone());
                Expr::Binary(Box::new(column(this)), crate::sql::Binary::Eq, Box::new(value))
            }))
        };
        parents
            .iter()
            .map(one)
            .reduce(|one, other| Expr::Binary(Box::new(one), crate::sql::Binary::Or, Box::new(other)))
            .unwrap_or(Expr::Value(Value::Bool(false), crate::Type::Bool))
    }

    /// Memory and the rows behind it are looked at once more: gone or different is stale.
    async fn recheck(
        &mut self,
        layout: &'static Layout,
        row: EntityRef,
        compared: &[usize],
        answers: &Answers,
    ) -> Result<()> {
        let mut key = Vec::new();
        answers.push_key(&self.unit, row, &mut key);
        let statement = self.link.shared.texts(layout).by_key(key)?;
        let mut returned = Returned::new(&[], &[]);
        self.link.run(&mut [Request::new(&statement, &mut returned)]).await?;
        let Some(theirs) = returned.rows.into_iter().next() else { return Err(self.stale(layout, row, None)) };
        let theirs = self.unit.store_at(row.store).normalised(&theirs)?;
        let kept = self.unit.track(row).kept.clone();
        let differs = |at: &usize| kept.as_ref().is_some_and(|kept| kept[*at] != theirs[*at]);
        match compared.iter().find(|at| differs(at)) {
            Some(&at) => {
                Err(self.stale(layout, row, Some((at, kept.map(|kept| kept[at].clone()), theirs[at].clone()))))
            }
            None => Ok(()),
        }
    }
}

fn columns_of(layout: &Layout, fields: &[usize]) -> Vec<usize> {
    fields.iter().flat_map(|&field| layout.fields[field].clone()).collect()
}

/// The columns that an INSERT of `fields` leaves to the database and has to be told.
fn missing(layout: &Layout, fields: &[usize]) -> Vec<usize> {
    let given = |at: &usize| fields.binary_search(&layout.columns[*at].field).is_ok();
    let told =
        |at: &usize| matches!(layout.columns[*at].supply, Supply::Identity | Supply::Database | Supply::Generated);
    (0..layout.columns.len()).filter(|at| told(at) && !given(at)).collect()
}

/// How many of `left` rows go into the next statement.
fn chunk(left: usize, most: usize) -> usize {
    CHUNKS.into_iter().find(|&size| size <= left && size <= most).unwrap_or(1)
}

/// Whether rows of the model may go by a cascade while rows of the models `gone` are deleted.
fn follows(layout: &'static Layout, gone: &[&'static Layout], seen: &mut Vec<&'static Layout>) -> bool {
    if seen.iter().any(|known| known.is(layout)) {
        return false;
    }
    seen.push(layout);
    layout.columns.iter().any(|column| {
        let field = &layout.meta.fields[column.field];
        let Some((target, _)) = column.references else { return false };
        let target = (target().layout)();
        (field.cascade || field.on_delete == Some(Action::Cascade))
            && (gone.iter().any(|gone| gone.is(target)) || follows(target, gone, seen))
    })
}

fn no_more_keys(layout: &Layout) -> crate::Error {
    let meta = layout.meta;
    crate::Error::usage(format!(
        "the keys of `{}` ({}) are used up: its highest is the last there is",
        meta.table, meta.model
    ))
}

/// The foreign key of `link` is the key of a row of `above` that meets `inner`.
fn points_into(link: &Chain, above: &Chain, inner: Expr) -> Expr {
    let mut select = Select::from(above.child.meta.table);
    let keys: Vec<_> = above.child.key.iter().map(|&at| &above.child.columns[at]).collect();
    let own: Vec<_> = link.child.fields[link.field].clone().map(|at| &link.child.columns[at]).collect();
    if let ([key], [own]) = (&keys[..], &own[..]) {
        select.columns = vec![column(key)];
        select.and(inner);
        return Expr::In(Box::new(column(own)), List::Select(Box::new(select)), false);
    }
    select.columns = vec![Expr::Value(Value::Int(1), crate::Type::Integer)];
    select.and(all(keys.iter().zip(&own).map(|(key, own)| {
        let outer = Expr::Outer(Box::new(column(own)));
        Expr::Binary(Box::new(column(key)), crate::sql::Binary::Eq, Box::new(outer))
    })));
    select.and(inner);
    Expr::Exists(Box::new(select), false)
}

/// The time of writing, in microseconds.
pub(super) fn now() -> Value {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Value::Timestamp(Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
}

impl Guts {
    /// A statement whose rows nobody reads.
    pub(crate) async fn send(&mut self, statement: &Statement) -> Result<u64> {
        let mut discard = Discard;
        let mut batch = [Request::new(statement, &mut discard)];
        let result = self.link.write(&mut batch).await;
        let affected = batch[0].affected;
        if let Err(error) = result {
            self.link.fail(&error);
            return Err(error);
        }
        Ok(affected)
    }
}

//! The unit of work: what a session holds in memory, what of it has to be written, and in which order.
//!
//! Everything here is a function of memory: the session's loop runs the plan and hands the answers back.

mod changes;
mod graph;
mod order;
mod plan;
mod store;
mod track;

pub(crate) use changes::{Changes, Keys, NewRow};
pub(crate) use graph::{Graph, Inbound};
pub(crate) use order::by_key;
pub(crate) use plan::{Chain, Step, plan};
pub(crate) use store::{AnyStore, Store};
pub(crate) use track::{EntityRef, State, Track};

use std::any::Any;
use std::sync::Arc;

use crate::model::{Draft, Given, Layout, Pending, Supply};
use crate::{Handle, Model, Type, Value};

/// The entities of one session and the log that undoes what happened to them.
pub(crate) struct Unit {
    /// The number that its handles carry.
    session: u32,
    stores: Vec<Box<dyn AnyStore>>,
    /// Candidates for INSERT, UPDATE and DELETE; what is not in the fitting state any more is passed over.
    fresh: Vec<EntityRef>,
    touched: Vec<EntityRef>,
    doomed: Vec<EntityRef>,
    log: Vec<Undo>,
    /// Room for one row.
    scratch: Vec<Value>,
    /// Of each open savepoint, where its log begins and which epoch it has.
    marks: Vec<(usize, u32)>,
    epochs: u32,
    /// Counts what makes rows read so far outdated: ends of transactions, undone savepoints, writing past the entities.
    clock: u32,
    /// Rows read before are not trusted: of any model, and of each store.
    trusted: u32,
    floors: Vec<u32>,
}

/// What an entity was before something happened to it.
struct Undo {
    entity: EntityRef,
    track: Track,
    values: Option<Arc<[Value]>>,
    /// Fields that pointed at entities without a key, which values cannot say.
    pending: Vec<(usize, Pending)>,
}

impl Unit {
    pub(crate) fn new(session: u32) -> Self {
        Unit {
            session,
            stores: Vec::new(),
            fresh: Vec::new(),
            touched: Vec::new(),
            doomed: Vec::new(),
            log: Vec::new(),
            scratch: Vec::new(),
            marks: Vec::new(),
            epochs: 1,
            clock: 1,
            trusted: 1,
            floors: Vec::new(),
        }
    }

    pub(crate) fn session(&self) -> u32 {
        self.session
    }

    /// Whether a flush would look at anything.
    pub(crate) fn is_idle(&self) -> bool {
        self.fresh.is_empty() && self.touched.is_empty() && self.doomed.is_empty()
    }

    pub(crate) fn store_at(&self, store: u32) -> &dyn AnyStore {
        &*self.stores[store as usize]
    }

    pub(crate) fn store_at_mut(&mut self, store: u32) -> &mut dyn AnyStore {
        &mut *self.stores[store as usize]
    }

    /// The place of the store for `layout`, where the session has met that model.
    pub(crate) fn place(&self, layout: &Layout) -> Option<u32> {
        self.stores.iter().position(|store| store.layout().is(layout)).and_then(|at| u32::try_from(at).ok())
    }

    pub(crate) fn store<M: Model>(&self) -> Option<&Store<M>> {
        let place = self.place(M::__layout())?;
        (&*self.stores[place as usize] as &dyn Any).downcast_ref()
    }

    /// The store of `M`, made at first use, with its place.
    pub(crate) fn store_mut<M: Model>(&mut self) -> (u32, &mut Store<M>) {
        let place = match self.place(M::__layout()) {
            Some(place) => place,
            None => {
                self.stores.push(Box::new(Store::<M>::new()));
                self.floors.push(0);
                u32::try_from(self.stores.len() - 1).expect("fewer models than 2^32")
            }
        };
        let store = (&mut *self.stores[place as usize] as &mut dyn Any).downcast_mut();
        (place, store.expect("a store is found by the layout of its model"))
    }

    /// The entity behind `handle`, unless it is of another session, deleted or undone.
    pub(crate) fn resolve<M: Model>(&self, handle: Handle<M>) -> Option<EntityRef> {
        if handle.session != self.session {
            return None;
        }
        let store = self.place(M::__layout())?;
        let entity = EntityRef { store, index: handle.index };
        let known = (handle.index as usize) < self.store_at(store).len();
        (known && self.track(entity).state.is_present()).then_some(entity)
    }

    pub(crate) fn track(&self, entity: EntityRef) -> &Track {
        self.store_at(entity.store).track(entity.index)
    }

    fn track_mut(&mut self, entity: EntityRef) -> &mut Track {
        self.store_at_mut(entity.store).track_mut(entity.index)
    }

    pub(crate) fn layout(&self, entity: EntityRef) -> &'static Layout {
        self.store_at(entity.store).layout()
    }

    /// All columns of an entity as memory has them.
    pub(crate) fn values(&self, entity: EntityRef) -> Vec<Value> {
        let mut values = Vec::with_capacity(self.layout(entity).columns.len());
        self.store_at(entity.store).write(entity.index, &mut values);
        values
    }

    /// The same, to be kept: one allocation besides what the values hold.
    fn snapshot(&mut self, entity: EntityRef) -> Arc<[Value]> {
        let mut scratch = std::mem::take(&mut self.scratch);
        self.store_at(entity.store).write(entity.index, &mut scratch);
        let kept = scratch.drain(..).collect();
        self.scratch = scratch;
        kept
    }

    /// The key's columns as memory has them.
    pub(crate) fn key_values(&self, entity: EntityRef) -> Vec<Value> {
        let mut key = Vec::new();
        self.push_key(entity, &mut key);
        key
    }

    /// Pushes the key's columns.
    pub(crate) fn push_key(&self, entity: EntityRef, out: &mut Vec<Value>) {
        let store = self.store_at(entity.store);
        for &field in &store.layout().key_fields {
            store.slot(entity.index, field).slot_write(out);
        }
    }

    /// Takes a draft as a new entity, to be inserted by the next flush.
    pub(crate) fn add<M: Model>(&mut self, draft: Draft<M>) -> Handle<M> {
        let layout = M::__layout();
        let Draft { mut model, mut given } = draft;
        for (column, supply) in layout.key.iter().map(|&at| (&layout.columns[at], layout.columns[at].supply)) {
            if supply == Supply::Uuid && !given.contains(column.field) && model.__slot_mut(column.field).slot_fresh() {
                given.insert(column.field);
            }
        }
        let epoch = self.epoch();
        let session = self.session;
        let known = layout
            .key_fields
            .iter()
            .all(|&field| given.contains(field) && model.__slot(field).slot_pending().is_none());
        let (store, entities) = self.store_mut::<M>();
        let mut track = Track::new(State::New);
        track.given = given;
        track.logged = epoch;
        let index = entities.push(model, track);
        if known {
            let _ = entities.enlist(index);
        }
        let entity = EntityRef { store, index };
        self.fresh.push(entity);
        self.log_as_undone(entity);
        Handle::new(session, index)
    }

    /// Takes a row just read: the entity that has its key, with the row's values, or a new one.
    pub(crate) fn adopt<M: Model>(&mut self, row: M) -> Option<Handle<M>> {
        let clock = self.clock;
        let session = self.session;
        let key = row.__key()?;
        let (store, entities) = self.store_mut::<M>();
        let holder = entities.find(&key);
        let Some(index) = holder.filter(|&index| entities.track(index).state.is_present()) else {
            // A rollback brings the deleted one back: then this one must not stand in its way.
            let logged = holder.map_or(0, |index| {
                entities.track_mut(index).listed = false;
                entities.track(index).logged
            });
            let mut track = Track::new(State::Clean);
            (track.read_in, track.logged) = (clock, logged);
            let index = entities.push_keyed(row, track, key);
            if logged > 0 {
                self.log_as_undone(EntityRef { store, index });
            }
            return Some(Handle::new(session, index));
        };
        let entity = EntityRef { store, index };
        // What memory changed stays: the row takes the place only of what is clean.
        if self.track(entity).state == State::Clean && !self.is_changed(entity) {
            self.log(entity);
            let (_, entities) = self.store_mut::<M>();
            entities.replace(index, row);
            let track = self.track_mut(entity);
            track.read_in = clock;
            track.kept = None;
        }
        Some(Handle::new(session, index))
    }

    /// The present entity with `key`, if `get` may answer from memory: `Some(None)` where it is deleted in memory.
    pub(crate) fn recall<M: Model>(&self, key: &M::Key) -> Option<Option<Handle<M>>> {
        let place = self.place(M::__layout())?;
        let store = self.store::<M>()?;
        let index = store.find(key)?;
        let track = store.track(index);
        let trusted = track.read_in >= self.trusted.max(self.floors[place as usize]);
        match track.state {
            // The key of a new one may have been changed since it was added.
            State::New if store.get(index)?.__key().as_ref() == Some(key) => {
                Some(Some(Handle::new(self.session, index)))
            }
            State::Clean if trusted => Some(Some(Handle::new(self.session, index))),
            State::Doomed => Some(None),
            State::Gone if trusted => Some(None),
            _ => None,
        }
    }

    /// Notes that `entity` is about to be changed: keeps the values the database has, once.
    pub(crate) fn touch(&mut self, entity: EntityRef) {
        let logged = self.log(entity);
        if self.track(entity).kept.is_some() {
            return;
        }
        let kept = match logged {
            Some(kept) => kept,
            None => self.snapshot(entity),
        };
        let track = self.track_mut(entity);
        track.kept = Some(kept);
        if track.state == State::Clean {
            self.touched.push(entity);
        }
    }

    /// Plans the deletion of `entity`; one that was never inserted is simply gone.
    pub(crate) fn doom(&mut self, entity: EntityRef) {
        self.log(entity);
        match self.track(entity).state {
            State::New => {
                self.store_at_mut(entity.store).delist(entity.index);
                self.track_mut(entity).state = State::Undone;
            }
            State::Clean => {
                self.track_mut(entity).state = State::Doomed;
                self.doomed.push(entity);
            }
            State::Doomed | State::Gone | State::Undone => {}
        }
    }

    fn epoch(&self) -> u32 {
        self.marks.last().map_or(1, |&(_, epoch)| epoch)
    }

    /// Writes down what `entity` is, once per savepoint level; answers with its values where it did so now.
    fn log(&mut self, entity: EntityRef) -> Option<Arc<[Value]>> {
        let epoch = self.epoch();
        let track = self.track(entity);
        if track.logged >= epoch {
            return None;
        }
        let before = track.clone();
        let (values, pending): (Option<Arc<[Value]>>, _) = match before.state {
            State::Undone => (None, Vec::new()),
            _ => (Some(self.snapshot(entity)), self.pending(entity)),
        };
        self.track_mut(entity).logged = epoch;
        self.log.push(Undo { entity, track: before, values: values.clone(), pending });
        values
    }

    /// Writes down that `entity` was not there before.
    fn log_as_undone(&mut self, entity: EntityRef) {
        self.log.push(Undo { entity, track: Track::new(State::Undone), values: None, pending: Vec::new() });
    }

    /// The fields that point at entities without a key.
    fn pending(&self, entity: EntityRef) -> Vec<(usize, Pending)> {
        let store = self.store_at(entity.store);
        let layout = store.layout();
        let references = |field: &usize| layout.columns[layout.fields[*field].start].references.is_some();
        let pending = |field| store.slot(entity.index, field).slot_pending().map(|pending| (field, pending));
        (0..layout.fields.len()).filter(references).filter_map(pending).collect()
    }

    /// Begins a savepoint in memory.
    pub(crate) fn mark(&mut self) {
        self.epochs += 1;
        self.marks.push((self.log.len(), self.epochs));
    }

    /// Ends the innermost savepoint; what happened in it now belongs to the level outside.
    pub(crate) fn release(&mut self) {
        self.marks.pop();
    }

    /// Undoes the innermost savepoint.
    pub(crate) fn undo(&mut self) {
        if let Some((start, _)) = self.marks.pop() {
            self.undo_from(start);
            // What was first read in it may have been written in it.
            self.outdate();
        }
    }

    /// The transaction is committed: memory is what it is.
    pub(crate) fn commit(&mut self) {
        self.marks.clear();
        for Undo { entity, .. } in std::mem::take(&mut self.log) {
            self.track_mut(entity).logged = 0;
        }
        self.outdate();
    }

    /// The transaction is rolled back: memory is what it was when it began.
    pub(crate) fn rollback(&mut self) {
        self.marks.clear();
        self.undo_from(0);
        self.outdate();
    }

    /// What was read so far is not trusted any more, so that `get` asks the database again.
    pub(crate) fn outdate(&mut self) {
        self.clock += 1;
        self.trusted = self.clock;
    }

    fn undo_from(&mut self, start: usize) {
        for Undo { entity, track, values, pending } in self.log.split_off(start).into_iter().rev() {
            let store = &mut *self.stores[entity.store as usize];
            store.delist(entity.index);
            if let Some(values) = &values {
                store.restore(entity.index, values);
            }
            for (field, pending) in pending {
                store.slot_mut(entity.index, field).slot_unresolve(pending);
            }
            let state = track.state;
            let (listed, kept) = (track.listed, track.kept.is_some());
            *store.track_mut(entity.index) = Track { listed: false, ..track };
            if listed {
                let _ = store.enlist(entity.index);
            }
            match state {
                State::New => self.fresh.push(entity),
                State::Clean if kept => self.touched.push(entity),
                State::Doomed => self.doomed.push(entity),
                State::Clean | State::Gone | State::Undone => {}
            }
        }
    }

    /// What was read of `layout` so far is not trusted any more; costs the same for one entity and for a million.
    pub(crate) fn forget_reads(&mut self, layout: &Layout) {
        if let Some(place) = self.place(layout) {
            self.clock += 1;
            self.floors[place as usize] = self.clock;
        }
    }

    /// The new keys, defaults and states after a flush: memory follows the database.
    pub(crate) fn settle(&mut self, entity: EntityRef, state: State) {
        self.log(entity);
        if state == State::Clean {
            self.resolve_handles(entity);
        }
        let clock = self.clock;
        let track = self.track_mut(entity);
        // An UPDATE says nothing of the columns it did not write: a row read in an earlier transaction stays unread.
        if track.state != State::Clean {
            track.read_in = clock;
        }
        let inserted = track.state == State::New && state == State::Clean;
        // The key it was listed by may have been changed before the INSERT.
        let relist = inserted && (!track.listed || track.kept.is_some());
        track.state = state;
        track.kept = None;
        track.given = Given::default();
        if relist {
            self.store_at_mut(entity.store).delist(entity.index);
            self.claim(entity);
        }
    }

    /// Lists an entity just inserted by its key: whoever had that key before is a row that is gone.
    fn claim(&mut self, entity: EntityRef) {
        let EntityRef { store, index } = entity;
        if let Some(former) = self.store_at_mut(store).enlist(index) {
            let former = EntityRef { store, index: former };
            self.log(former);
            self.track_mut(former).state = State::Gone;
            self.store_at_mut(store).delist(former.index);
            let _ = self.store_at_mut(store).enlist(index);
        }
    }

    /// Logs `entity` before its columns take what the database answered.
    pub(crate) fn assign(&mut self, entity: EntityRef, field: usize, values: &[Value]) -> crate::Result<()> {
        self.log(entity);
        let slot = self.store_at_mut(entity.store).slot_mut(entity.index, field);
        slot.slot_read(&mut crate::Cells::new(&values))
    }

    /// Brings a field that a flush has sent to what the database keeps of it: the counted version, the time of writing,
    /// the parent's key, microseconds, and the column's scale.
    pub(crate) fn follow(&mut self, entity: EntityRef, field: usize, now: &Value, keys: &Keys) -> crate::Result<()> {
        let layout = self.layout(entity);
        let own = Some(field) == layout.version || Some(field) == layout.updated;
        let pending = self.store_at(entity.store).slot(entity.index, field).slot_pending();
        if own || rounds(layout, field) || pending.is_some() {
            let mut values = Vec::new();
            self.push(entity, field, now, keys, &mut values);
            self.assign(entity, field, &values)?;
        }
        Ok(())
    }

    /// Whether what the database keeps of a field can be another value than memory has.
    pub(crate) fn may_follow(layout: &Layout, field: usize) -> bool {
        let own = Some(field) == layout.version || Some(field) == layout.updated;
        let mut columns = layout.columns[layout.fields[field].clone()].iter();
        own || rounds(layout, field) || columns.any(|column| column.references.is_some())
    }

    /// Gives up what memory changed in `entity`, since its row is about to take its place.
    pub(crate) fn give_up_changes(&mut self, entity: EntityRef) {
        if self.track(entity).state == State::Clean {
            self.log(entity);
            self.track_mut(entity).kept = None;
        }
    }

    /// The candidates are done with: what had changed is settled, and what was only looked at mutably is clean again.
    pub(crate) fn clear_candidates(&mut self) {
        self.fresh.clear();
        self.doomed.clear();
        for entity in std::mem::take(&mut self.touched) {
            if self.track(entity).state == State::Clean && self.track(entity).kept.is_some() {
                self.resolve_handles(entity);
                self.track_mut(entity).kept = None;
            }
        }
    }

    /// Puts keys in the place of handles to rows: what is kept of an entity is values, which handles are not.
    fn resolve_handles(&mut self, entity: EntityRef) {
        for (field, pending) in self.pending(entity) {
            let Some(store) = self.place(pending.layout) else { continue };
            let parent = EntityRef { store, index: pending.index };
            if self.track(parent).state == State::Clean {
                self.log(entity);
                let key = self.key_values(parent);
                // A key written by the parent is read back by a field that points at it.
                let _ = self.store_at_mut(entity.store).slot_mut(entity.index, field).slot_resolve(&key);
            }
        }
    }
}

/// Whether a field is kept in another precision than Rust may give it.
fn rounds(layout: &Layout, field: usize) -> bool {
    layout.columns[layout.fields[field].clone()]
        .iter()
        .any(|column| matches!(column.ty, Type::Time | Type::Timestamp | Type::TimestampTz | Type::Numeric(..)))
}

//! The entities of one model, with the identity map that makes two handles to one row one entity.

use std::any::Any;

use foldhash::HashMap;

use super::track::Track;
use crate::model::{Layout, Slot};
use crate::{Cells, Field, Model, Result, Value};

/// One entity with what is known of it.
struct Entry<M> {
    value: M,
    track: Track,
}

/// The entities of `M` in one session.
pub(crate) struct Store<M: Model> {
    entries: Vec<Entry<M>>,
    identity: HashMap<M::Key, u32>,
}

impl<M: Model> Store<M> {
    pub(crate) fn new() -> Self {
        Store { entries: Vec::new(), identity: HashMap::default() }
    }

    pub(crate) fn push(&mut self, value: M, track: Track) -> u32 {
        let index = u32::try_from(self.entries.len()).expect("fewer entities than 2^32 in one session");
        self.entries.push(Entry { value, track });
        index
    }

    /// Pushes an entity whose key nobody else has.
    pub(crate) fn push_keyed(&mut self, value: M, mut track: Track, key: M::Key) -> u32 {
        track.listed = true;
        let index = self.push(value, track);
        self.identity.insert(key, index);
        index
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
        self.identity.reserve(more);
    }

    pub(crate) fn find(&self, key: &M::Key) -> Option<u32> {
        self.identity.get(key).copied()
    }

    pub(crate) fn get(&self, index: u32) -> Option<&M> {
        self.entries.get(index as usize).map(|entry| &entry.value)
    }

    pub(crate) fn get_mut(&mut self, index: u32) -> Option<&mut M> {
        self.entries.get_mut(index as usize).map(|entry| &mut entry.value)
    }

    pub(crate) fn replace(&mut self, index: u32, value: M) {
        self.entries[index as usize].value = value;
    }
}

/// A store without its model's type, so that flush is written once.
pub(crate) trait AnyStore: Any + Send + Sync {
    fn layout(&self) -> &'static Layout;
    fn len(&self) -> usize;
    fn track(&self, index: u32) -> &Track;
    fn track_mut(&mut self, index: u32) -> &mut Track;
    fn slot(&self, index: u32, field: usize) -> &dyn Slot;
    fn slot_mut(&mut self, index: u32, field: usize) -> &mut dyn Slot;
    /// Pushes all columns.
    fn write(&self, index: u32, out: &mut Vec<Value>);
    /// Puts kept columns back.
    fn restore(&mut self, index: u32, values: &[Value]);
    /// Puts an entity whose key is known into the identity map, unless another has that key: then that one is the answer.
    fn enlist(&mut self, index: u32) -> Option<u32>;
    /// Takes an entity out of the identity map.
    fn delist(&mut self, index: u32);
    /// Columns of a whole row as fields would write them, whatever form the engine gave.
    ///
    /// # Errors
    /// A decode error where they are no row of the model.
    fn normalised(&self, row: &[Value]) -> Result<Vec<Value>>;
    /// The same for a key.
    ///
    /// # Errors
    /// A decode error where they are no key of the model.
    fn normalised_key(&self, key: &[Value]) -> Result<Vec<Value>>;
    /// The same for one field.
    ///
    /// # Errors
    /// A decode error where they are not the field's.
    fn normalised_field(&self, field: usize, values: &[Value]) -> Result<Vec<Value>>;
    /// The entity whose key these columns are.
    fn find_values(&self, key: &[Value]) -> Option<u32>;
}

impl<M: Model> AnyStore for Store<M> {
    fn layout(&self) -> &'static Layout {
        M::__layout()
    }

    fn len(&self) -> usize {
        self.entries.len()
    }

    fn track(&self, index: u32) -> &Track {
        &self.entries[index as usize].track
    }

    fn track_mut(&mut self, index: u32) -> &mut Track {
        &mut self.entries[index as usize].track
    }

    fn slot(&self, index: u32, field: usize) -> &dyn Slot {
        self.entries[index as usize].value.__slot(field)
    }

    fn slot_mut(&mut self, index: u32, field: usize) -> &mut dyn Slot {
        self.entries[index as usize].value.__slot_mut(field)
    }

    fn write(&self, index: u32, out: &mut Vec<Value>) {
        let value = &self.entries[index as usize].value;
        for field in 0..M::META.fields.len() {
            value.__slot(field).slot_write(out);
        }
    }

    fn restore(&mut self, index: u32, values: &[Value]) {
        let mut cells = Cells::new(&values);
        let value = &mut self.entries[index as usize].value;
        for field in 0..M::META.fields.len() {
            // Values written by a field are read back by it: there is nothing to report.
            let _ = value.__slot_mut(field).slot_read(&mut cells);
        }
    }

    fn enlist(&mut self, index: u32) -> Option<u32> {
        let entry = &mut self.entries[index as usize];
        let holder = *self.identity.entry(entry.value.__key()?).or_insert(index);
        entry.track.listed = holder == index;
        (holder != index).then_some(holder)
    }

    fn delist(&mut self, index: u32) {
        let entry = &mut self.entries[index as usize];
        if !std::mem::take(&mut entry.track.listed) {
            return;
        }
        match entry.value.__key().filter(|key| self.identity.get(key) == Some(&index)) {
            Some(key) => drop(self.identity.remove(&key)),
            // The key was changed in memory since: it is found the long way.
            None => self.identity.retain(|_, holder| *holder != index),
        }
    }

    fn normalised(&self, row: &[Value]) -> Result<Vec<Value>> {
        let entity = M::__read(&mut Cells::new(&row))?;
        let mut values = Vec::with_capacity(row.len());
        for field in 0..M::META.fields.len() {
            entity.__slot(field).slot_write(&mut values);
        }
        Ok(values)
    }

    fn normalised_key(&self, key: &[Value]) -> Result<Vec<Value>> {
        let mut values = Vec::with_capacity(key.len());
        M::Key::read(&mut Cells::new(&key))?.write(&mut values);
        Ok(values)
    }

    fn normalised_field(&self, field: usize, values: &[Value]) -> Result<Vec<Value>> {
        let mut blank = M::__blank();
        let slot = blank.__slot_mut(field);
        slot.slot_read(&mut Cells::new(&values))?;
        let mut normalised = Vec::with_capacity(values.len());
        slot.slot_write(&mut normalised);
        Ok(normalised)
    }

    fn find_values(&self, key: &[Value]) -> Option<u32> {
        self.find(&M::Key::read(&mut Cells::new(&key)).ok()?)
    }
}

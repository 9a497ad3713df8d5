//! Rows to be: a model value that knows which of its fields were given.

use super::{Layout, Model, Supply};

/// A model value and which of its fields were given; the others are left to the database and read back.
///
/// Made by [`new!`](crate::new) and by `#[derive(New)]`, which check the required columns at compile time.
#[derive(Clone, Debug)]
#[must_use = "a draft is not stored until it is added to a session"]
pub struct Draft<M> {
    pub(crate) model: M,
    pub(crate) given: Given,
}

impl<M: Model> Draft<M> {
    #[doc(hidden)]
    pub fn __blank() -> Self {
        Draft { model: M::__blank(), given: Given::default() }
    }

    #[doc(hidden)]
    pub fn __model(&mut self) -> &mut M {
        &mut self.model
    }

    /// Marks the field at `index` as given; a skipped field has none.
    #[doc(hidden)]
    pub fn __give(&mut self, index: Option<usize>) {
        if let Some(index) = index {
            self.given.insert(index);
        }
    }

    /// The value, with blanks where nothing was given.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// Which fields were given.
    #[doc(hidden)]
    pub fn given(&self) -> &Given {
        &self.given
    }
}

/// A set of fields of one model, by place in its `META.fields`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Given {
    /// The first 64; models with more are rare, and only they allocate.
    low: u64,
    high: Vec<u64>,
}

impl Given {
    /// Takes the field at `index` in.
    pub fn insert(&mut self, index: usize) {
        let bit = 1 << (index % 64);
        match index / 64 {
            0 => self.low |= bit,
            word => {
                if self.high.len() < word {
                    self.high.resize(word, 0);
                }
                self.high[word - 1] |= bit;
            }
        }
    }

    /// Takes the field at `index` out.
    pub fn remove(&mut self, index: usize) {
        let bit = 1 << (index % 64);
        match index / 64 {
            0 => self.low &= !bit,
            word => {
                if let Some(high) = self.high.get_mut(word - 1) {
                    *high &= !bit;
                }
            }
        }
    }

    /// Whether the field at `index` is in the set.
    pub fn contains(&self, index: usize) -> bool {
        let word = match index / 64 {
            0 => self.low,
            word => self.high.get(word - 1).copied().unwrap_or(0),
        };
        word & (1 << (index % 64)) != 0
    }

    /// The fields, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..64 * (1 + self.high.len())).filter(|index| self.contains(*index))
    }
}

/// Something a session can add as a new row: a model, a [`Draft`], or a type with `#[derive(New)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added",
    note = "add a model, what `new!(Model {{ .. }})` makes, or write `#[derive(aludel::New)] #[new(Model)]` on `{Self}`"
)]
pub trait Insert {
    /// The model of the row.
    type Model: Model;
    /// The row to be.
    fn into_draft(self) -> Draft<Self::Model>;
}

/// A whole value gives every field, except those the database makes: generated ones, and an identity or UUID key that is
/// still blank.
impl<M: Model> Insert for M {
    type Model = M;

    fn into_draft(self) -> Draft<M> {
        let layout = M::__layout();
        let mut given = Given::default();
        let blank = M::__blank();
        for index in 0..layout.fields.len() {
            if is_given(layout, index, &self, &blank) {
                given.insert(index);
            }
        }
        Draft { model: self, given }
    }
}

fn is_given<M: Model>(layout: &Layout, field: usize, model: &M, blank: &M) -> bool {
    let supply = layout.fields[field].clone().map(|column| layout.columns[column].supply).next();
    match supply {
        Some(Supply::Generated) => false,
        Some(Supply::Identity | Supply::Uuid) => {
            let mut kept = Vec::new();
            blank.__slot(field).slot_write(&mut kept);
            !model.__slot(field).slot_same(&kept)
        }
        _ => true,
    }
}

impl<M: Model> Insert for Draft<M> {
    type Model = M;

    fn into_draft(self) -> Draft<M> {
        self
    }
}

/// Changes to some fields of a model, as a client sends them; written by `#[derive(Patch)]`.
///
/// Each field is an `Option` of the column's type: absent keeps what is there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no patch",
    note = "write `#[derive(aludel::Patch)] #[patch(Model)]` on `{Self}`"
)]
pub trait Patch {
    /// The model it changes.
    type Model: Model;
    /// Writes the fields that are there into `to`.
    fn apply(self, to: &mut Self::Model);
}

#[cfg(test)]
mod tests {
    use super::Given;

    #[test]
    fn a_set_grows_past_one_word() {
        let mut given = Given::default();
        for index in [0, 63, 64, 200] {
            given.insert(index);
        }
        given.remove(63);
        given.remove(500);
        assert_eq!(given.iter().collect::<Vec<_>>(), [0, 64, 200]);
        assert!(!given.contains(63) && !given.contains(500) && given.contains(200));
    }
}

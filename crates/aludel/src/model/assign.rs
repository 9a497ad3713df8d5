//! What a column takes: the value itself, and the few conversions that cost nobody a thought.

use std::borrow::Cow;

use super::{Fk, Handle, Model};

/// A value that a column of type `T` takes: `T` itself, `&str` for a `String`, a [`Handle`] or key for an [`Fk`], and any
/// of these for an `Option`.
///
/// It is not `Into`: literals must infer their type from the column, so there are few impls, and none between numbers.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot take a `{Self}`",
    label = "not a `{T}`",
    note = "a column takes its own type; a `String` also `&str`, an `Fk` also a handle or the key of its model, an \
            `Option` also what is inside it"
)]
pub trait Assign<T> {
    /// The value as the column's type.
    fn assign(self) -> T;
}

impl<T> Assign<T> for T {
    fn assign(self) -> T {
        self
    }
}

impl<T> Assign<Option<T>> for T {
    fn assign(self) -> Option<T> {
        Some(self)
    }
}

impl<M: Model> Assign<Fk<M>> for Handle<M> {
    fn assign(self) -> Fk<M> {
        Fk::Pending(self)
    }
}

impl<M: Model> Assign<Option<Fk<M>>> for Handle<M> {
    fn assign(self) -> Option<Fk<M>> {
        Some(Fk::Pending(self))
    }
}

impl<M: Model> Assign<Option<Fk<M>>> for Option<Handle<M>> {
    fn assign(self) -> Option<Fk<M>> {
        self.map(Fk::Pending)
    }
}

/// Text in the forms it is at hand, for a column that owns it, plain and nullable, and for keys of text.
macro_rules! text {
    ($($form:ty),*) => {$(
        impl Assign<String> for $form {
            fn assign(self) -> String {
                String::from(self)
            }
        }

        impl Assign<Option<String>> for $form {
            fn assign(self) -> Option<String> {
                Some(String::from(self))
            }
        }

        impl Assign<Option<String>> for Option<$form> {
            fn assign(self) -> Option<String> {
                self.map(String::from)
            }
        }

        impl<M: Model<Key = String>> Assign<Fk<M>> for $form {
            fn assign(self) -> Fk<M> {
                Fk::Key(String::from(self))
            }
        }

        impl<M: Model<Key = String>> Assign<Option<Fk<M>>> for $form {
            fn assign(self) -> Option<Fk<M>> {
                Some(Fk::Key(String::from(self)))
            }
        }

        impl<M: Model<Key = String>> Assign<Option<Fk<M>>> for Option<$form> {
            fn assign(self) -> Option<Fk<M>> {
                self.map(|key| Fk::Key(String::from(key)))
            }
        }
    )*};
}

text!(&str, &String, Cow<'_, str>);

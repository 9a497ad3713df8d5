//! Relations of a model, as its constants.

use std::marker::PhantomData;

/// From a row to the one that its foreign key names: a constant such as `Post::AUTHOR`.
pub struct ToOne<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

/// From a row to the one that its nullable foreign key names, if any.
pub struct ToOption<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

/// From a row to all those whose foreign key names it: a constant such as `User::POSTS`.
pub struct ToMany<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

/// From a row to the one whose unique foreign key names it, if any.
pub struct HasOne<M, T> {
    pub(crate) field: usize,
    marker: PhantomData<fn() -> (M, T)>,
}

/// From a row to those that rows of `Through` connect it with: a constant such as `Post::TAGS`.
pub struct ManyToMany<M, T, Through> {
    pub(crate) near: Option<&'static str>,
    pub(crate) far: Option<&'static str>,
    marker: PhantomData<fn() -> (M, T, Through)>,
}

macro_rules! by_field {
    ($($name:ident: $doc:literal;)*) => {$(
        impl<M, T> $name<M, T> {
            #[doc = $doc]
            #[doc(hidden)]
            pub const fn new(field: usize) -> Self {
                $name { field, marker: PhantomData }
            }
        }

        impl<M, T> Clone for $name<M, T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<M, T> Copy for $name<M, T> {}
    )*};
}

by_field! {
    ToOne: "By the `Fk<T>` at `field` of `M::META.fields`.";
    ToOption: "By the `Option<Fk<T>>` at `field` of `M::META.fields`.";
    ToMany: "By the foreign key to `M` at `field` of `T::META.fields`.";
    HasOne: "By the unique foreign key to `M` at `field` of `T::META.fields`.";
}

impl<M, T, Through> ManyToMany<M, T, Through> {
    /// By the only foreign keys of `Through` to `M` and to `T`.
    #[doc(hidden)]
    pub const fn new() -> Self {
        ManyToMany { near: None, far: None, marker: PhantomData }
    }

    /// By the fields of `Through` so named: `near` points at `M`, `far` at `T`.
    #[doc(hidden)]
    pub const fn by(near: &'static str, far: &'static str) -> Self {
        ManyToMany { near: Some(near), far: Some(far), marker: PhantomData }
    }
}

impl<M, T, Through> Clone for ManyToMany<M, T, Through> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, Through> Copy for ManyToMany<M, T, Through> {}

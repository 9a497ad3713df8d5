//! What an application file uses: `use aludel::prelude::*;`

pub use crate::{
    Database, Embed, Enum, Error, Field, Fk, Handle, Model, New, Patch, Record, Result, Session, View, count, new, set,
    sql,
};

#[cfg(feature = "axum-0_8")]
pub use crate::axum::{Db, DbLayer, ReadDb, WriteDb};

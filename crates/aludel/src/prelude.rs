//! What an application file uses: `use aludel::prelude::*;`

pub use crate::{
    Database, Embed, Enum, Error, Field, Fk, Handle, Model, New, Patch, Record, Result, Session, View, new,
};

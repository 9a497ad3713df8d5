//! What an application file uses: `use aludel::prelude::*;`

pub use crate::{Embed, Enum, Error, Field, Fk, Handle, Key, Model, Record, Result, View, new};

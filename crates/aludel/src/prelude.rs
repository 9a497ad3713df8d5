//! What an application file uses: `use aludel::prelude::*;`

pub use crate::{Embed, Enum, Error, Field, Fk, Handle, Model, New, Patch, Record, Result, View, new};

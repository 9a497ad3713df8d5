//! A thousand models of ten columns with a key, a unique rule, two indexes, a check, a foreign key and five defaults.

use aludel::Timestamp;
use aludel::prelude::*;

include!(concat!(env!("OUT_DIR"), "/models.rs"));

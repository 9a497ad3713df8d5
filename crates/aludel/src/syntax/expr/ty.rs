//! Types as expressions name them.

use super::Name;
use crate::syntax::spell;

/// The type of a cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ty {
    /// Its name: one word per alias (`integer` for `int4`), or a name of the schema.
    pub(crate) name: Vec<Name>,
    /// Length, or precision and scale.
    pub(crate) arguments: Vec<String>,
    /// How many `[]` stand behind it.
    pub(crate) arrays: usize,
}

impl Ty {
    /// The built-in type it is, or `None` for one that the schema has.
    pub(crate) fn built_in(&self) -> Option<&'static str> {
        match self.name.as_slice() {
            [name] => BUILT_IN.iter().find(|(known, _)| *known == name.text).map(|(known, _)| *known),
            _ => None,
        }
    }

    pub(crate) fn print(&self) -> String {
        let spelled = match self.built_in() {
            Some(name) => name.to_uppercase(),
            None => self.name.iter().map(|name| spell(&name.text)).collect::<Vec<_>>().join("."),
        };
        let arguments =
            if self.arguments.is_empty() { String::new() } else { format!("({})", self.arguments.join(", ")) };
        format!("{spelled}{arguments}{}", "[]".repeat(self.arrays))
    }
}

/// The one name of a built-in type whose words are `words`; `None` for all other types.
pub(super) fn canonical(words: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(name, aliases)| *name == words || aliases.contains(&words)).map(|(name, _)| *name)
}

/// The built-in types by their one name, and what else they are called.
const BUILT_IN: &[(&str, &[&str])] = &[
    ("bigint", &["int8"]),
    ("bit", &[]),
    ("boolean", &["bool"]),
    ("bpchar", &[]),
    ("bytea", &[]),
    ("char", &["character", "national character", "national char", "nchar"]),
    ("date", &[]),
    ("double precision", &["float8", "float"]),
    ("inet", &[]),
    ("integer", &["int", "int4"]),
    ("interval", &[]),
    ("json", &[]),
    ("jsonb", &[]),
    ("numeric", &["decimal", "dec"]),
    ("real", &["float4"]),
    ("smallint", &["int2"]),
    ("text", &[]),
    ("time", &["time without time zone"]),
    ("timetz", &["time with time zone"]),
    ("timestamp", &["timestamp without time zone"]),
    ("timestamptz", &["timestamp with time zone"]),
    ("uuid", &[]),
    ("varbit", &["bit varying"]),
    ("varchar", &["character varying", "char varying", "national character varying", "national char varying"]),
];

/// The words that begin a type of several words.
pub(super) const SEVERAL: [&str; 8] = ["double", "character", "char", "national", "bit", "time", "timestamp", "nchar"];

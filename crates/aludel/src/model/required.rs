//! Which fields an input has to give, settled while the program is compiled.
//!
//! These are `const fn`, so they work on [`Meta`] rather than on the layout, by the same rules.

use super::{FieldMeta, Meta, Part};
use crate::Type;

/// The place of the field `name` in `meta.fields`; a skipped field has none.
pub const fn place(meta: &Meta, name: &str) -> Option<usize> {
    let mut index = 0;
    while index < meta.fields.len() {
        if same(meta.fields[index].name, name) {
            return Some(index);
        }
        index += 1;
    }
    None
}

/// Panics, which is a compile error in a constant, where `given` lacks a field that must be given.
pub const fn require(meta: &Meta, given: &[&str], who: &[&str]) {
    let mut index = 0;
    while index < meta.fields.len() {
        let field = &meta.fields[index];
        if required(meta, field) && !contains(given, field.name) {
            let message = Message::new()
                .all(who)
                .push(" lacks `")
                .push(field.name)
                .push("`, which `")
                .push(meta.table)
                .push("` requires: add the field, give the column a default, or make it an Option");
            panic!("{}", message.text());
        }
        index += 1;
    }
}

/// Whether nobody but the caller can say what the field holds.
const fn required(meta: &Meta, field: &FieldMeta) -> bool {
    if field.generated.is_some() || field.default.is_some() || field.version || field.updated {
        return false;
    }
    refuses_null(field.part) && !supplied_key(meta, field)
}

/// Whether some column of `part` refuses NULL.
const fn refuses_null(part: &Part) -> bool {
    match part {
        Part::Nullable(_) => false,
        Part::Column(_) | Part::Reference(_) => true,
        Part::Struct(parts) => {
            let mut index = 0;
            while index < parts.len() {
                if refuses_null(parts[index].1) {
                    return true;
                }
                index += 1;
            }
            false
        }
        Part::Tuple(_) => true,
    }
}

/// Whether the field is the identity or the UUID that the database or the session makes.
const fn supplied_key(meta: &Meta, field: &FieldMeta) -> bool {
    let mut keys = 0;
    let mut index = 0;
    while index < meta.fields.len() {
        if meta.fields[index].key {
            keys += 1;
        }
        index += 1;
    }
    if !field.key || keys != 1 || !same(field.name, "id") {
        return false;
    }
    match field.part {
        Part::Column(leaf) => matches!(leaf.ty, Type::SmallInt | Type::Integer | Type::BigInt | Type::Uuid),
        _ => false,
    }
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut index = 0;
    while index < names.len() {
        if same(names[index], name) {
            return true;
        }
        index += 1;
    }
    false
}

/// Equality of text, which `==` cannot tell in a constant. A raw identifier equals its plain spelling.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

const fn plain(name: &str) -> &[u8] {
    match name.as_bytes() {
        [b'r', b'#', rest @ ..] => rest,
        bytes => bytes,
    }
}

/// A text put together in a constant.
struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Message {
    const fn new() -> Self {
        Message { bytes: [b' '; 512], length: 0 }
    }

    const fn push(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut index = 0;
        while index < text.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = text[index];
            self.length += 1;
            index += 1;
        }
        self
    }

    const fn all(mut self, texts: &[&str]) -> Self {
        let mut index = 0;
        while index < texts.len() {
            self = self.push(texts[index]);
            index += 1;
        }
        self
    }

    const fn text(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "a required field is missing",
        }
    }
}

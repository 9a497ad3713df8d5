//! MariaDB's tables: expression keys and conditions stand on hidden columns.

use crate::Type;
use crate::dialect::ddl::{Refusal, Step};
use crate::dialect::mysql::ddl::{Family, SPELLING, render_for};
use crate::schema::{Index, Key, KeyOf, Spelling, Table, hashed};

pub(super) fn render(step: &Step<'_>, out: &mut Vec<String>) -> Result<(), Refusal> {
    render_for(&MARIADB, step, out)
}

const MARIADB: Family = Family {
    engine: "MariaDB",
    dialect: &crate::dialect::MARIADB,
    spelling: Spelling {
        ty: |ty, variants| match ty {
            Type::Uuid => "UUID".into(),
            ty => (SPELLING.ty)(ty, variants),
        },
        ..SPELLING
    },
    collation: "utf8mb4_nopad_bin",
    generated_not_null: false,
    unique_text: true,
    index,
};

/// Makes a hidden generated column for each key that is no plain column.
fn index(family: &Family, table: &Table, index: &Index, out: &mut Vec<String>) {
    let to = &family.spelling;
    let mut index = index.clone();
    // A condition is kept only where it matters: rows outside of it have NULL for a key, and NULLs never clash.
    let filter = index.filter.take().filter(|_| index.unique);
    for (at, key) in index.keys.iter_mut().enumerate() {
        let of = to.key_text(&Key::of(key.of.clone()));
        let expression = match (&filter, &key.of) {
            (None, KeyOf::Column(_)) => continue,
            (None, KeyOf::Expression(text)) => text.clone(),
            (Some(filter), _) => format!("CASE WHEN {filter} THEN {of} END"),
        };
        let hidden = hidden(&index.name, at);
        let ty = (to.ty)(&key_type(table, key), &[]);
        out.push(format!(
            "{}ADD COLUMN {} {ty} GENERATED ALWAYS AS ({expression}) VIRTUAL INVISIBLE",
            to.alter(&table.name),
            (to.name)(&hidden)
        ));
        key.of = KeyOf::Column(hidden);
    }
    out.push(to.create_index(table, &index, false));
}

/// The hidden column of the key at `at`.
fn hidden(index: &str, at: usize) -> String {
    let name = format!("_{index}_{}", at + 1);
    if name.len() <= 64 { name } else { hashed(&name, &name) }
}

/// The type of the column a key is made from; where none is, text of a length that an index takes.
fn key_type(table: &Table, key: &Key) -> Type {
    let column = match &key.of {
        KeyOf::Column(name) => table.column(name),
        KeyOf::Expression(text) => table.first_named(text),
    };
    match column.map(|column| &column.ty) {
        Some(Type::Text | Type::Enum(_)) | None => Type::Varchar(255),
        Some(ty) => ty.clone(),
    }
}

//! The columns of a model, flattened from its fields once.

use std::ops::Range;

use super::{Default, Leaf, Meta, Part, Renamed};
use crate::Type;

/// The columns of one model in order: what flush, decoding and rendering go by.
///
/// One exists per model for the life of the process; two are the same model exactly when they have one address.
#[derive(Debug)]
pub struct Layout {
    /// The model.
    pub meta: &'static Meta,
    /// All columns, in order of declaration.
    pub columns: Vec<LayoutColumn>,
    /// The columns of each field of `meta.fields`.
    pub fields: Vec<Range<usize>>,
    /// The key's columns.
    pub key: Vec<usize>,
    /// The key's fields.
    pub key_fields: Vec<usize>,
    /// The field counted up by each UPDATE.
    pub version: Option<usize>,
    /// The field set to the time of each UPDATE.
    pub updated: Option<usize>,
}

/// One column of a [`Layout`].
#[derive(Debug)]
pub struct LayoutColumn {
    /// The name in the database.
    pub name: &'static str,
    /// The type, with length and precision applied.
    pub ty: Type,
    /// The variants of an enum.
    pub variants: &'static [&'static str],
    /// Those of them that were called otherwise.
    pub renamed: &'static [Renamed],
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The field it belongs to, by place in `meta.fields`.
    pub field: usize,
    /// The place among that field's columns.
    pub part: usize,
    /// Whether an UPDATE may compare its old value.
    pub compared: bool,
    /// Where its value comes from when nobody gives one.
    pub supply: Supply,
    /// The table and column it points at.
    pub references: Option<(fn() -> &'static Meta, &'static str)>,
}

/// Where the value of a column comes from when nobody gives one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supply {
    /// Nowhere: it must be given.
    Required,
    /// It is NULL.
    Null,
    /// A literal, known in memory.
    Literal,
    /// An identity of the database.
    Identity,
    /// A UUIDv7 made when the entity is added.
    Uuid,
    /// The database: its clock or an expression.
    Database,
    /// The database, always: the column is generated and never written.
    Generated,
}

impl Layout {
    /// Flattens the fields of `meta`.
    pub fn new(meta: &'static Meta) -> Self {
        let mut layout = Layout {
            meta,
            columns: Vec::new(),
            fields: Vec::new(),
            key: Vec::new(),
            key_fields: Vec::new(),
            version: None,
            updated: None,
        };
        let single_key = meta.fields.iter().filter(|field| field.key).count() == 1;
        for (index, field) in meta.fields.iter().enumerate() {
            let start = layout.columns.len();
            let mut flat = Vec::new();
            flatten(field.part, String::from(field.column), false, None, &mut flat);
            for (part, column) in flat.into_iter().enumerate() {
                let ty = refined(column.leaf.ty, field.length, field.precision).unwrap_or(column.ty);
                let plain = column.references.is_none() && column.leaf.variants.is_empty();
                let supply = match field.default {
                    _ if field.generated.is_some() => Supply::Generated,
                    Some(Default::Literal(_)) => Supply::Literal,
                    Some(Default::Now | Default::Sql(_)) => Supply::Database,
                    None if column.nullable => Supply::Null,
                    None if field.version => Supply::Literal,
                    None if field.updated => Supply::Database,
                    None if field.key && single_key && field.name == "id" && plain => match ty {
                        Type::SmallInt | Type::Integer | Type::BigInt => Supply::Identity,
                        Type::Uuid => Supply::Uuid,
                        _ => Supply::Required,
                    },
                    None => Supply::Required,
                };
                layout.columns.push(LayoutColumn {
                    name: String::leak(column.name),
                    ty,
                    variants: column.leaf.variants,
                    renamed: column.leaf.renamed,
                    nullable: column.nullable,
                    field: index,
                    part,
                    compared: field.compared,
                    supply,
                    references: column.references,
                });
            }
            let range = start..layout.columns.len();
            if field.key {
                layout.key.extend(range.clone());
                layout.key_fields.push(index);
            }
            if field.version {
                layout.version = Some(index);
            }
            if field.updated {
                layout.updated = Some(index);
            }
            layout.fields.push(range);
        }
        layout
    }

    /// Whether `other` is the same model.
    pub fn is(&self, other: &Layout) -> bool {
        std::ptr::eq(self, other)
    }
}

struct Flat {
    name: String,
    leaf: Leaf,
    ty: Type,
    nullable: bool,
    references: Option<(fn() -> &'static Meta, &'static str)>,
}

/// Walks the tree of `part`, naming columns from `name`.
fn flatten(
    part: &'static Part,
    name: String,
    nullable: bool,
    references: Option<(fn() -> &'static Meta, &'static str)>,
    out: &mut Vec<Flat>,
) {
    match part {
        Part::Column(leaf) => out.push(Flat { name, leaf: *leaf, ty: leaf.ty.clone(), nullable, references }),
        Part::Nullable(inner) => flatten(inner, name, true, references, out),
        Part::Struct(parts) => {
            for (suffix, inner) in *parts {
                flatten(inner, format!("{name}_{suffix}"), nullable, references, out);
            }
        }
        Part::Tuple(parts) => {
            for (at, inner) in parts.iter().enumerate() {
                flatten(inner, format!("{name}_{at}"), nullable, references, out);
            }
        }
        Part::Reference(target) => {
            // The target's own layout may be the one being made (a self-reference), so its key is flattened here.
            let meta = target();
            let keys: Vec<_> = meta.fields.iter().filter(|field| field.key).collect();
            let mut flat = Vec::new();
            for key in &keys {
                let start = flat.len();
                flatten(key.part, String::from(key.column), false, None, &mut flat);
                for column in &mut flat[start..] {
                    if let Some(ty) = refined(column.leaf.ty, key.length, key.precision) {
                        column.ty = ty;
                    }
                }
            }
            let single = flat.len() == 1;
            let stem = name.strip_suffix("_id").unwrap_or(&name).to_owned();
            for column in flat {
                let name = if single { name.clone() } else { format!("{stem}_{}", column.name) };
                let target_column: &'static str = String::leak(column.name);
                out.push(Flat {
                    name,
                    leaf: column.leaf,
                    ty: column.ty,
                    nullable,
                    references: Some((*target, target_column)),
                });
            }
        }
    }
}

/// The type of a leaf under the attributes of its field, or `None` where they change nothing.
fn refined(ty: &Type, length: Option<u32>, precision: Option<(u8, u8)>) -> Option<Type> {
    match (ty, length, precision) {
        (Type::Text | Type::Varchar(_), Some(length), _) => Some(Type::Varchar(length)),
        (Type::Char(_), Some(length), _) => Some(Type::Char(length)),
        (Type::Numeric(..), _, Some((digits, scale))) => Some(Type::Numeric(digits, scale)),
        _ => None,
    }
}

//! What is known of the way back: what was lost comes back as a value that says nothing.

use std::collections::BTreeMap;

use super::edit::Enum;
use super::oracle::{Between, Fill, before, column_before};
use crate::schema::{Column, Schema, Table};
use crate::{Date, Decimal, Time, Timestamp, Type, Value};

/// From `to` back to `from`, where `between` led there.
pub(super) fn between(from: &Schema, to: &Schema, between: &Between) -> Between {
    let mut back = Between::default();
    for (now, known) in between.enums.iter().filter(|(_, known)| !known.name.is_empty()) {
        let values = known.values.iter().map(|(now, first)| (first.clone(), now.clone())).collect::<BTreeMap<_, _>>();
        back.enums.insert(known.name.clone(), Enum { name: now.clone(), values });
    }
    for table in from.tables.values() {
        let Some(there) = before(to, table) else { continue };
        for column in &table.columns {
            let place = (table.name.clone(), column.name.clone());
            let kept = column_before(there, column).filter(|known| {
                // A time of day is no moment, though a moment has one.
                let day_lost = known.ty == Type::Time && column.ty != Type::Time && !is_text(&column.ty);
                let known = (there.name.clone(), known.name.clone());
                !day_lost && !between.remade.contains(&known)
            });
            if kept.is_none() {
                back.fills.extend(fill(from, table, column).map(|fill| (place.clone(), fill)));
                back.remade.insert(place);
            }
        }
    }
    back
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Varchar(_) | Type::Char(_))
}

/// What rows get in a column that takes no NULL: nothing where it points at a row.
fn fill(schema: &Schema, table: &Table, column: &Column) -> Option<Fill> {
    let given = column.nullable || column.default.is_some() || column.identity.is_some();
    let lists = |columns: &[String]| columns.contains(&column.name);
    if given || column.generated.is_some() || table.foreign_keys.iter().any(|key| lists(&key.columns)) {
        return None;
    }
    let key = table.primary_key.as_ref()?;
    let unique = table.uniques.iter().any(|rule| lists(&rule.columns))
        || table.indexes.iter().any(|index| index.unique && index.columns().any(|name| name == column.name));
    if unique || lists(&key.columns) {
        let [key] = key.columns.as_slice() else { return None };
        let number = matches!(table.column(key)?.ty, Type::SmallInt | Type::Integer | Type::BigInt);
        let able = match &column.ty {
            Type::BigInt | Type::Double | Type::Text => true,
            Type::Varchar(length) => *length >= 20,
            _ => false,
        };
        return (number && able && *key != column.name).then(|| Fill::Column(key.clone()));
    }
    Some(Fill::Value(match &column.ty {
        Type::Bool => Value::Bool(false),
        Type::SmallInt | Type::Integer | Type::BigInt => Value::Int(0),
        Type::Real | Type::Double => Value::Real(0.0),
        Type::Numeric(_, scale) => Value::Decimal(Decimal::new(0, *scale)),
        Type::Char(_) | Type::Varchar(_) | Type::Text => Value::Text(String::new()),
        Type::Bytes => Value::Bytes(Vec::new()),
        Type::Date => Value::Date(Date(0)),
        Type::Time => Value::Time(Time(0)),
        Type::Timestamp | Type::TimestampTz => Value::Timestamp(Timestamp(0)),
        Type::Uuid => Value::Uuid([0; 16]),
        Type::Json => Value::Text("{}".into()),
        ty => Value::Text(schema.variants(ty).first()?.clone()),
    }))
}

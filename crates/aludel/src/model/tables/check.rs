//! The problems that can only be told from the models themselves.

use super::{field_origin, origin};
use crate::Type;
use crate::model::{FieldMeta, Meta};
use crate::schema::{Problem, nearest};

/// What can only be told from the models themselves. They come sorted by table.
pub(super) fn check(models: &[&'static Meta]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for pair in models.windows(2).filter(|pair| pair[0].table == pair[1].table) {
        problems.push(Problem::new(
            &origin(pair[1]),
            format!("table `{}` is declared by {} already", pair[1].table, origin(pair[0])),
            "give one of the two models another #[model(table = \"..\")]",
        ));
    }
    for meta in models {
        model(meta, models, &mut problems);
    }
    problems
}

fn model(meta: &Meta, models: &[&'static Meta], problems: &mut Vec<Problem>) {
    let origin = origin(meta);
    if meta.renamed_from == Some(meta.table) {
        let what = format!("`renamed_from` is the table's present name `{}`", meta.table);
        problems.push(Problem::new(&origin, what, "write the former name, or leave renamed_from out"));
    }
    let fields = || meta.fields.iter().map(|field| field.name);
    for key in meta.indexes.iter().flat_map(|index| index.keys).filter(|key| !key.expression) {
        if fields().any(|field| field == key.of) {
            continue;
        }
        let near = nearest(key.of, fields());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a field of the model, or write the key as an expression".to_owned(),
        };
        problems.push(Problem::new(
            &origin,
            format!("an index names the field `{}`, which is not there", key.of),
            help,
        ));
    }
    for index in meta.indexes.iter().filter(|index| index.keys.is_empty()) {
        let what = format!("the index `{}` has no keys", index.name.unwrap_or_default());
        problems.push(Problem::new(&origin, what, "name the fields it is over"));
    }
    let layout = (meta.layout)();
    for (field, range) in meta.fields.iter().zip(&layout.fields) {
        let columns = &layout.columns[range.clone()];
        let types: Vec<&Type> = columns.iter().map(|column| &column.ty).collect();
        self::field(meta, field, &types, problems);
        for (target, _) in columns.iter().filter_map(|column| column.references) {
            let target = target();
            if !models.iter().any(|other| other.table == target.table) {
                problems.push(Problem::new(
                    &field_origin(meta, field),
                    format!("it points at {}, which is not in this schema", self::origin(target)),
                    missing_model(meta, target),
                ));
                break;
            }
        }
    }
}

fn missing_model(meta: &Meta, target: &Meta) -> String {
    if meta.bind != target.bind {
        let (here, there) = (meta.bind, target.bind);
        return format!(
            "it is in the database `{there}`, this one in `{here}`, and keys do not cross: keep the key in a plain column"
        );
    }
    let module = target.module.split("::").next().unwrap_or_default();
    format!(
        "add `{}` to `schema![..]`; without a list, a crate that nothing names is not linked: write `use {module} as _;`",
        target.model
    )
}

fn field(meta: &Meta, field: &FieldMeta, types: &[&Type], problems: &mut Vec<Problem>) {
    let mut tell = |what: String, help: &str| problems.push(Problem::new(&field_origin(meta, field), what, help));
    if field.renamed_from == Some(field.column) {
        let what = format!("`renamed_from` is the column's present name `{}`", field.column);
        tell(what, "write the former name, or leave renamed_from out");
    }
    let text = |ty: &&&Type| matches!(ty, Type::Varchar(_) | Type::Char(_));
    let decimal = |ty: &&&Type| matches!(ty, Type::Numeric(..));
    if field.length.is_some() && !types.iter().any(|ty| text(&ty)) {
        tell("`length` is for text".into(), "leave it out");
    }
    if field.precision.is_some() && !types.iter().any(|ty| decimal(&ty)) {
        tell("`precision` is for decimals".into(), "leave it out");
    }
    if field.generated.is_some() && field.default.is_some() {
        tell("a generated column has no default".into(), "leave one of the two out");
    }
    if field.generated.is_some() && types.len() > 1 {
        tell("one expression cannot make several columns".into(), "put `generated` on a field of one column");
    }
}

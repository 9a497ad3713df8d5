//! What a model may not say, each with what to write instead.

use proc_macro2::Span;

use super::{Field, Model};
use crate::attribute::{self, Flag, Problems};
use crate::name;

/// Settles the key and reports every mistake; answers whether the model's code would compile nevertheless.
pub(super) fn check(model: &mut Model<'_>, problems: &mut Problems) -> bool {
    settle_key(model, problems);
    for field in &model.fields {
        check_skip(field, problems);
        check_key(model, field, problems);
        check_values(field, problems);
        check_reference(field, problems);
    }
    check_once(model, "version", |field| field.column.version, problems);
    check_once(model, "updated", |field| field.column.updated, problems);
    check_index_fields(model, problems);
    let distinct = check_inverses(model, problems) & check_constants(model, problems);
    distinct && model.keys().count() > 0 && model.keys().all(|key| attribute::argument(key.ty, "Option").is_none())
}

const INTEGERS: &[&str] = &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

/// Types that are surely no text; other names may be newtypes of text.
const NO_TEXT: &[&str] = &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "bool", "Uuid"];

fn settle_key(model: &mut Model<'_>, problems: &mut Problems) {
    if model.fields.is_empty() || model.fields.iter().any(|field| field.column.key.is_some()) {
        return;
    }
    let ident = model.ident;
    match model.fields.iter_mut().find(|field| field.name == "id" && !field.skip) {
        Some(id) => {
            let chosen = attribute::argument(id.ty, "Option").is_some()
                || id.target.is_some()
                || matches!(attribute::type_name(id.ty).as_deref(), Some("String" | "bool" | "f32" | "f64" | "str"));
            if chosen {
                problems.over(
                    id.ty,
                    "an `id` that is no integer and no Uuid is chosen by you: write `#[column(key)]` on it",
                );
            }
            id.column.key = Some(id.ident.span());
        }
        None => problems.at(
            ident.span(),
            format!("`{ident}` has no key: add `id: i64`, or write `#[column(key)]` on the field or fields of its key"),
        ),
    }
}

fn check_skip(field: &Field<'_>, problems: &mut Problems) {
    if field.skip && field.column.said() {
        problems.at(
            field.ident.span(),
            format!("`{}` is skipped, so it has no column: remove `#[column(..)]` or `#[model(skip)]`", field.name),
        );
    }
}

fn check_key(model: &Model<'_>, field: &Field<'_>, problems: &mut Problems) {
    if field.skip || field.column.key.is_none() {
        return;
    }
    if attribute::argument(field.ty, "Option").is_some() {
        problems.over(field.ty, "a key is never NULL: take the Option away");
    }
    let name = attribute::type_name(field.ty);
    let made = field.name == "id"
        && model.keys().count() == 1
        && name.as_deref().is_some_and(|name| INTEGERS.contains(&name) || name == "Uuid");
    if let (true, Some((_, span))) = (made, &field.column.default) {
        problems.at(
            *span,
            "`id` is made for each row already: take the default away, or give the key another name and write \
             `#[column(key)]` on it",
        );
    }
    if let (Some(_), Some(sql)) = (field.column.key, &field.column.generated) {
        problems
            .at(sql.span(), "a key cannot be generated from other columns: make a `#[column(unique, generated = ..)]`");
    }
}

fn check_values(field: &Field<'_>, problems: &mut Problems) {
    let column = &field.column;
    if let (Some(_), Some((_, span))) = (&column.generated, &column.default) {
        problems.at(*span, "a generated column has no default: keep `generated` or `default`");
    }
    if let (Some(span), None) = (column.stored, &column.generated) {
        problems.at(span, "`stored` belongs to a generated column: write `generated = \"..\", stored`");
    }
    let name = attribute::type_name(field.ty);
    let known_as = |names: &[&str]| name.as_deref().is_some_and(|name| names.contains(&name));
    if let Some(span) = column.version {
        let never = ["String", "bool", "f32", "f64", "Uuid", "Decimal"];
        if known_as(&never) || attribute::argument(field.ty, "Option").is_some() || field.target.is_some() {
            problems.at(span, "a version is an integer that counts writes: make the field an `i32` or `i64`");
        }
        if let Some((_, span)) = &column.default {
            problems.at(*span, "a version starts at 1: take the default away");
        }
    }
    let moment = column.updated.or(match &column.default {
        Some((super::column::Default::Now, span)) => Some(*span),
        _ => None,
    });
    if let (Some(span), true) = (moment, known_as(NO_TEXT) || known_as(&["String"])) {
        problems.at(span, "the time of writing needs a type that holds it: make the field a `DateTime<Utc>`");
    }
    if let (Some(length), true) = (&column.length, known_as(NO_TEXT)) {
        problems.at(length.span(), format!("`length` is for text, not for `{}`", name.as_deref().unwrap_or_default()));
    }
    if let (Some((digits, _)), true) = (&column.precision, known_as(NO_TEXT) || known_as(&["String"])) {
        problems.at(digits.span(), "`precision` is for a Decimal: change the type, or take it away");
    }
}

fn check_reference(field: &Field<'_>, problems: &mut Problems) {
    let column = &field.column;
    let Some(target) = &field.target else {
        let only = [
            ("on_delete", column.on_delete.as_ref().map(|(_, span)| *span)),
            ("on_update", column.on_update.as_ref().map(|(_, span)| *span)),
            ("cascade", column.cascade),
            ("inverse", column.inverse.as_ref().map(|(_, span)| *span)),
            ("no_constraint", column.no_constraint),
        ];
        for (word, span) in only {
            if let Some(span) = span {
                problems.at(span, format!("`{word}` belongs to a foreign key: make the field an `Fk<Model>`"));
            }
        }
        return;
    };
    if !field.skip && field.name.strip_suffix("_id").is_none_or(str::is_empty) {
        let stem = field.name.trim_end_matches("_id").trim_end_matches('_');
        let stem = if stem.is_empty() { "owner" } else { stem };
        problems.at(
            field.ident.span(),
            format!("a foreign key is a column named after its relation: call this field `{stem}_id`"),
        );
    }
    for action in [&column.on_delete, &column.on_update] {
        if let Some((action, span)) = action
            && action == "SetNull"
            && !target.nullable
        {
            problems.at(
                *span,
                format!("`set_null` needs a column that can be NULL: make `{}` an `Option<Fk<..>>`", field.name),
            );
        }
        if let Some((action, span)) = action
            && action == "SetDefault"
            && column.default.is_none()
        {
            problems.at(*span, format!("`set_default` needs a default: write `default = ..` on `{}`", field.name));
        }
    }
    if let (Some(span), Some(_)) = (column.no_constraint, column.on_delete.as_ref().or(column.on_update.as_ref())) {
        problems.at(span, "without a constraint the database does nothing: take `on_delete` and `on_update` away");
    }
}

fn check_once(model: &Model<'_>, word: &str, flag: impl Fn(&Field<'_>) -> Flag, problems: &mut Problems) {
    let mut first: Option<&str> = None;
    for field in model.stored() {
        let Some(span) = flag(field) else { continue };
        match first {
            Some(first) => {
                problems
                    .at(span, format!("`{word}` stands on `{first}` already, and a model has one: keep one of them"));
            }
            None => first = Some(&field.name),
        }
    }
}

/// Two foreign keys to one model would give it two constants of one name.
fn check_inverses(model: &Model<'_>, problems: &mut Problems) -> bool {
    let mut distinct = true;
    let mut seen: Vec<(String, String, &str)> = Vec::new();
    for field in model.stored() {
        let (Some(target), Some(inverse)) = (&field.target, field.inverse(model)) else { continue };
        let parent = attribute::type_name(&target.model).unwrap_or_default();
        let taken = seen.iter().find(|(other, name, _)| *other == parent && *name == inverse);
        if let Some((_, _, first)) = taken {
            distinct = false;
            problems.at(
                field.ident.span(),
                format!(
                    "`{first}` and `{}` both make `{parent}::{inverse}`: name one by `#[column(inverse = ..)]`, or \
                     write `inverse = none`",
                    field.name
                ),
            );
        }
        seen.push((parent, inverse, &field.name));
    }
    distinct
}

/// The constants of a model's own impl share their names.
fn check_constants(model: &Model<'_>, problems: &mut Problems) -> bool {
    let mut distinct = true;
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut take = |constant: &str, whose: String, span: Span| {
        let constant = constant.to_uppercase();
        if let Some((_, other)) = seen.iter().find(|(taken, _)| *taken == constant) {
            let ident = model.ident;
            distinct = false;
            problems.at(span, format!("{other} and {whose} both make `{ident}::{constant}`: rename one of them"));
        }
        seen.push((constant, whose));
    };
    for field in model.stored() {
        take(&field.name, format!("the field `{}`", field.name), field.ident.span());
    }
    for field in model.stored().filter(|field| field.target.is_some()) {
        if let Some(stem) = field.name.strip_suffix("_id").filter(|stem| !stem.is_empty()) {
            take(stem, format!("the relation of `{}`", field.name), field.ident.span());
        }
    }
    for link in &model.table.links {
        let name = name::plain(&link.name);
        take(&name, format!("the relation `{name}`"), link.name.span());
    }
    distinct
}

fn check_index_fields(model: &Model<'_>, problems: &mut Problems) {
    let names: Vec<&str> = model.stored().map(|field| field.name.as_str()).collect();
    for field in model.table.indexes.iter().flat_map(|index| &index.keys).filter_map(|key| key.field.as_ref()) {
        let plain = name::plain(field);
        if !names.contains(&plain.as_str()) {
            let hint = match name::nearest(&plain, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its fields are {}", names.join(", ")),
            };
            problems.at(field.span(), format!("`{}` has no field `{plain}`: {hint}", model.ident));
        }
    }
}

impl super::column::Column {
    /// Whether anything was said at all.
    fn said(&self) -> bool {
        let flags = [
            self.key,
            self.unique,
            self.index,
            self.cascade,
            self.version,
            self.updated,
            self.no_constraint,
            self.stored,
        ];
        let texts = [&self.generated, &self.check, &self.comment, &self.name, &self.renamed_from];
        let spans: [Option<Span>; 6] = [
            self.default.as_ref().map(|(_, span)| *span),
            self.length.as_ref().map(|length| length.span()),
            self.precision.as_ref().map(|(digits, _)| digits.span()),
            self.on_delete.as_ref().map(|(_, span)| *span),
            self.on_update.as_ref().map(|(_, span)| *span),
            self.inverse.as_ref().map(|(_, span)| *span),
        ];
        flags.iter().chain(&spans).any(Option::is_some) || texts.iter().any(|text| text.is_some())
    }
}

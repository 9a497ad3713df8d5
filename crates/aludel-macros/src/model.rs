//! `derive(Model)`: read, check, write.

mod check;
mod column;
mod emit;
mod table;

use proc_macro2::TokenStream;
use syn::{DeriveInput, Ident, Type, Visibility};

use crate::attribute::{self, Problems};
use crate::name;
use column::Column;
use table::Table;

/// A model as its struct says it.
pub(crate) struct Model<'i> {
    ident: &'i Ident,
    vis: &'i Visibility,
    table: Table,
    fields: Vec<Field<'i>>,
}

/// One field of a model.
pub(crate) struct Field<'i> {
    ident: &'i Ident,
    vis: &'i Visibility,
    ty: &'i Type,
    /// The Rust name, without `r#`.
    name: String,
    /// Whether the database never sees it.
    skip: bool,
    column: Column,
    /// What the field points at, if it is an `Fk`.
    target: Option<Target>,
}

/// The model that an `Fk` points at.
pub(crate) struct Target {
    model: Type,
    nullable: bool,
}

impl Model<'_> {
    /// The fields that the database sees.
    fn stored(&self) -> impl Iterator<Item = &Field<'_>> {
        self.fields.iter().filter(|field| !field.skip)
    }

    fn keys(&self) -> impl Iterator<Item = &Field<'_>> {
        self.stored().filter(|field| field.column.key.is_some())
    }
}

/// The impls and constants of a model.
pub(crate) fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut problems = Problems::default();
    let fields = attribute::named_fields(input, "derive(Model)", &mut problems);
    let table = Table::read(&input.attrs, &mut problems);
    let fields = fields.into_iter().map(|field| read_field(input, field, &mut problems)).collect();
    let mut model = Model { ident: &input.ident, vis: &input.vis, table, fields };
    let whole = check::check(&mut model, &mut problems) && input.generics.params.is_empty();
    match problems.finish(()) {
        Ok(()) => Ok(emit::emit(&model)),
        // Without the impl, each use of the model would be one error more.
        Err(problems) if whole => {
            let (problems, model) = (problems.to_compile_error(), emit::emit(&model));
            Ok(quote::quote!(#problems #model))
        }
        Err(problems) => Err(problems),
    }
}

fn read_field<'i>(input: &DeriveInput, field: &'i syn::Field, problems: &mut Problems) -> Field<'i> {
    let mut skip = None;
    attribute::each(&field.attrs, "model", &["skip"], problems, |word, _| match name::plain(word).as_str() {
        "skip" => attribute::flag(word, &mut skip),
        _ => Ok(false),
    });
    let inner = attribute::argument(&field.ty, "Option");
    let target = attribute::argument(inner.unwrap_or(&field.ty), "Fk").map(|model| Target {
        model: match attribute::type_name(model).as_deref() {
            Some("Self") => {
                let ident = &input.ident;
                syn::parse_quote!(#ident)
            }
            _ => model.clone(),
        },
        nullable: inner.is_some(),
    });
    let ident = attribute::ident(field);
    Field {
        ident,
        vis: &field.vis,
        ty: &field.ty,
        name: name::plain(ident),
        skip: skip.is_some(),
        column: Column::read(&field.attrs, problems),
        target,
    }
}

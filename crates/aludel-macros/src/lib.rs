//! Derives of Aludel: metadata and conversions, never decisions.
//!
//! Each derive is a function from syntax to tokens: `attribute` reads words and collects every problem, one module per
//! derive checks and writes. Use them through the `aludel` crate, which documents them.

#![forbid(unsafe_code)]

mod attribute;
mod embed;
mod enumeration;
mod input;
mod model;
mod name;
mod newtype;
mod revisions;
mod serde;
mod shape;
mod sql;

use proc_macro::TokenStream;
use syn::DeriveInput;

/// Runs a derive: what it writes, or all its problems as compile errors.
fn derive(input: TokenStream, write: fn(&DeriveInput) -> syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    let written = syn::parse::<DeriveInput>(input).and_then(|input| write(&input));
    written.unwrap_or_else(|problems| problems.to_compile_error()).into()
}

/// Makes a struct a model: one table, whose rows are its values.
#[proc_macro_derive(Model, attributes(model, column))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    derive(input, model::derive)
}

/// Makes an enum of plain variants a column.
#[proc_macro_derive(Enum, attributes(column, field))]
pub fn derive_enum(input: TokenStream) -> TokenStream {
    derive(input, enumeration::derive)
}

/// Makes a struct a group of columns inside a model.
#[proc_macro_derive(Embed, attributes(column))]
pub fn derive_embed(input: TokenStream) -> TokenStream {
    derive(input, embed::derive)
}

/// Makes a newtype a column of what it wraps.
#[proc_macro_derive(Field, attributes(field))]
pub fn derive_field(input: TokenStream) -> TokenStream {
    derive(input, newtype::derive)
}

/// Makes a struct an input from which rows of a model are added.
#[proc_macro_derive(New, attributes(new))]
pub fn derive_new(input: TokenStream) -> TokenStream {
    derive(input, input::new)
}

/// Makes a struct an input that changes some fields of a model, and `Deserialize`.
#[proc_macro_derive(Patch, attributes(patch, serde))]
pub fn derive_patch(input: TokenStream) -> TokenStream {
    derive(input, input::patch)
}

/// Makes a struct a shape that queries of a model are read into.
#[proc_macro_derive(View, attributes(view))]
pub fn derive_view(input: TokenStream) -> TokenStream {
    derive(input, shape::view)
}

/// Makes a struct readable from rows of raw SQL.
#[proc_macro_derive(Record)]
pub fn derive_record(input: TokenStream) -> TokenStream {
    derive(input, shape::record)
}

/// Makes SQL of text with values, columns and models in braces.
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    let written = syn::parse::<sql::Text>(input).and_then(|text| sql::expand(&text));
    written.unwrap_or_else(|problem| problem.to_compile_error()).into()
}

/// The revision files of a folder, as its path and the names and texts of its files.
#[proc_macro]
pub fn revisions(input: TokenStream) -> TokenStream {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let written = syn::parse(input).and_then(|folder| revisions::expand(&folder, manifest.as_ref()));
    written.unwrap_or_else(|problem| problem.to_compile_error()).into()
}

#[cfg(test)]
mod snapshot;

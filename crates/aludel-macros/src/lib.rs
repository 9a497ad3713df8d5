//! Derives of Aludel: metadata and conversions, never decisions.
//!
//! Each derive is a function from syntax to tokens: `attribute` reads words and collects every problem, one module per
//! derive checks and writes. Use them through the `aludel` crate, which documents them.

mod attribute;
mod embed;
mod enumeration;
mod model;
mod name;
mod newtype;

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
#[proc_macro_derive(Enum, attributes(column))]
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

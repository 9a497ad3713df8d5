//! `derive(Field)`: a newtype as a column of what it wraps.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::attribute::{self, Problems};
use crate::name;

/// The `Field` impl of a newtype; with `#[field(key)]` also what makes it a key.
pub(crate) fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut problems = Problems::default();
    attribute::no_generics(input, "derive(Field)", &mut problems);
    let key = key(input, &mut problems);
    let ident = &input.ident;
    let inner = match &input.data {
        syn::Data::Struct(data) if data.fields.len() == 1 => data.fields.iter().next(),
        _ => None,
    };
    if inner.is_none() {
        problems.at(
            ident.span(),
            format!(
                "`derive(Field)` is for a struct of one field: write `struct {ident}(String);`, derive `aludel::Embed` \
                 for several columns, or `aludel::Enum` for an enum"
            ),
        );
    }
    problems.finish(())?;
    let inner = inner.expect("its absence was reported");
    let ty = &inner.ty;
    let place = inner.ident.as_ref().map_or_else(|| quote!(0), |ident| quote!(#ident));
    Ok(attribute::block(quote! {
        #[automatically_derived]
        impl __a::Field for #ident {
            const PART: &'static __a::Part = <#ty as __a::Field>::PART;
            const COMPARED: bool = <#ty as __a::Field>::COMPARED;
            fn read(cells: &mut __a::Cells<'_>) -> __a::Result<Self> {
                __a::Ok(Self { #place: <#ty as __a::Field>::read(cells)? })
            }
            fn write(&self, out: &mut __a::Vec<__a::Value>) {
                <#ty as __a::Field>::write(&self.#place, out);
            }
            fn blank() -> Self {
                Self { #place: <#ty as __a::Field>::blank() }
            }
            fn same(&self, kept: &[__a::Value]) -> bool {
                <#ty as __a::Field>::same(&self.#place, kept)
            }
            fn fresh() -> __a::Option<Self> {
                <#ty as __a::Field>::fresh().map(|inner| Self { #place: inner })
            }
        }
        #key
    }))
}

/// What makes a type a key, if `#[field(key)]` says so.
pub(crate) fn key(input: &DeriveInput, problems: &mut Problems) -> Option<TokenStream> {
    let mut key = None;
    attribute::each(&input.attrs, "field", &["key"], problems, |word, _| match name::plain(word).as_str() {
        "key" => attribute::flag(word, &mut key),
        _ => Ok(false),
    });
    key?;
    let ident = &input.ident;
    Some(quote! {
        #[automatically_derived]
        impl __a::Key for #ident {}
        #[automatically_derived]
        impl __a::KeyField for #ident {
            type Key = Self;
            fn key(&self) -> __a::Option<Self> {
                __a::Some(::core::clone::Clone::clone(self))
            }
        }
        #[automatically_derived]
        impl<M: __a::Model<Key = #ident>> ::core::convert::From<#ident> for __a::Fk<M> {
            fn from(key: #ident) -> Self {
                Self::Key(key)
            }
        }
        #[automatically_derived]
        impl<M: __a::Model<Key = #ident>> __a::Assign<__a::Fk<M>> for #ident {
            fn assign(self) -> __a::Fk<M> {
                __a::Fk::Key(self)
            }
        }
        #[automatically_derived]
        impl<M: __a::Model<Key = #ident>> __a::Assign<__a::Option<__a::Fk<M>>> for #ident {
            fn assign(self) -> __a::Option<__a::Fk<M>> {
                __a::Some(__a::Fk::Key(self))
            }
        }
    })
}

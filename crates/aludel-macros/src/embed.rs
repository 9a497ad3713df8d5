//! `derive(Embed)`: a struct as a group of columns.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

use crate::attribute::{self, Problems};
use crate::name;

/// The `Field` and `Embed` impls of a struct.
pub(crate) fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut problems = Problems::default();
    let fields = attribute::named_fields(input, "derive(Embed)", &mut problems);
    let mut parts = Vec::new();
    for field in &fields {
        let mut renamed = None;
        attribute::each(&field.attrs, "column", &["name"], &mut problems, |word, input| {
            match name::plain(word).as_str() {
                "name" => attribute::text(word, input, &mut renamed),
                _ => Ok(false),
            }
        });
        let ident = attribute::ident(field);
        let target = attribute::argument(&field.ty, "Option").unwrap_or(&field.ty);
        if attribute::argument(target, "Fk").is_some() {
            problems.over(&field.ty, "a foreign key belongs to the model: move this field there");
        }
        let suffix = renamed.map_or_else(|| name::plain(ident), |name| name.value());
        let ty = &field.ty;
        parts.push(quote_spanned!(ty.span()=> (#suffix, <#ty as __a::Field>::PART)));
    }
    if fields.is_empty() {
        problems.at(
            input.ident.span(),
            "an embedded struct has at least one field: write `struct Address { city: String }`",
        );
    }
    problems.finish(())?;
    let ident = &input.ident;
    let idents: Vec<_> = fields.iter().map(|field| attribute::ident(field)).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    let constants = fields.iter().enumerate().map(|(at, field)| {
        let (vis, ty, own) = (&field.vis, &field.ty, attribute::ident(field));
        let at = proc_macro2::Literal::usize_unsuffixed(at);
        let constant = format_ident!("{}", name::plain(own).to_uppercase(), span = own.span());
        quote!(#vis const #constant: __a::Column<#ident, #ty> = __a::Column::new(#at);)
    });
    Ok(attribute::block(quote! {
        #[allow(dead_code, missing_docs, unreachable_pub)]
        impl #ident { #(#constants)* }
        #[automatically_derived]
        impl __a::Field for #ident {
            const PART: &'static __a::Part = &__a::Part::Struct(&[#(#parts),*]);
            const COMPARED: bool = #(<#types as __a::Field>::COMPARED)&&*;
            fn read(cells: &mut __a::Cells<'_>) -> __a::Result<Self> {
                __a::Ok(Self { #(#idents: <#types as __a::Field>::read(cells)?),* })
            }
            fn write(&self, out: &mut __a::Vec<__a::Value>) {
                #(<#types as __a::Field>::write(&self.#idents, out);)*
            }
            fn blank() -> Self {
                Self { #(#idents: <#types as __a::Field>::blank()),* }
            }
        }
        #[automatically_derived]
        impl __a::Embed for #ident {}
    }))
}

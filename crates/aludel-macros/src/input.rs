//! `derive(New)` and `derive(Patch)`: what a client may send.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Ident, Path};

use crate::attribute::{self, Problems};
use crate::name;

/// The model named by `#[word(Model)]` on the struct.
pub(crate) fn model(input: &DeriveInput, word: &str, problems: &mut Problems) -> Option<Path> {
    let mut found = None;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident(word)) {
        match attribute.parse_args_with(Path::parse_mod_style) {
            Ok(path) => found = Some(path),
            Err(_) => problems.over(attribute, format!("name the model: `#[{word}(Post)]`")),
        }
    }
    if found.is_none() {
        let ident = &input.ident;
        problems.at(ident.span(), format!("of which model? Write `#[{word}(Post)]` on `{ident}`"));
    }
    found
}

/// The `Insert` impl of an input struct.
pub(crate) fn new(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut problems = Problems::default();
    let model = model(input, "new", &mut problems);
    let fields = attribute::named_fields(input, "derive(New)", &mut problems);
    let mut given: Vec<&Ident> = Vec::new();
    for field in fields {
        let mut skip = None;
        attribute::each(&field.attrs, "new", &["skip"], &mut problems, |word, _| match name::plain(word).as_str() {
            "skip" => attribute::flag(word, &mut skip),
            _ => Ok(false),
        });
        if skip.is_none() {
            given.push(attribute::ident(field));
        }
    }
    problems.finish(())?;
    let ident = &input.ident;
    let names: Vec<String> = given.iter().map(|ident| name::plain(ident)).collect();
    let who = name::plain(ident);
    let require = quote_spanned!(ident.span()=> __a::require(MODEL, &[#(#names),*], &[#who]));
    let assign = given.iter().zip(&names).map(|(ident, name)| {
        let value = quote_spanned!(ident.span()=> __a::assign(self.#ident));
        quote! {
            draft.__model().#ident = #value;
            draft.__give(const { __a::place(MODEL, #name) });
        }
    });
    Ok(attribute::block(quote! {
        const MODEL: &__a::Meta = <#model as __a::Model>::META;
        const _: () = #require;
        #[automatically_derived]
        impl __a::Insert for #ident {
            type Model = #model;
            fn into_draft(self) -> __a::Draft<#model> {
                let mut draft = __a::Draft::<#model>::__blank();
                #(#assign)*
                draft
            }
        }
    }))
}

/// One field of a patch.
struct Change<'i> {
    ident: &'i Ident,
    /// The column's type: what the Option holds.
    ty: &'i syn::Type,
    /// The names a client may use, the first in messages.
    names: Vec<String>,
}

/// The `Patch` and `Deserialize` impls of an input struct.
pub(crate) fn patch(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut problems = Problems::default();
    let model = model(input, "patch", &mut problems);
    let fields = attribute::named_fields(input, "derive(Patch)", &mut problems);
    let container = crate::serde::Container::read(&input.attrs, &mut problems);
    let mut changes = Vec::new();
    for field in fields {
        let ident = attribute::ident(field);
        let names = crate::serde::names(field, container.rename_all, &mut problems);
        match attribute::argument(&field.ty, "Option") {
            Some(ty) => changes.push(Change { ident, ty, names }),
            None => {
                let ty = &field.ty;
                let ty = quote!(#ty).to_string();
                problems.over(&field.ty, format!("a field of a patch may be absent: write `Option<{ty}>`"));
            }
        }
    }
    problems.finish(())?;
    let ident = &input.ident;
    let apply = changes.iter().map(|change| {
        let (field, ty) = (change.ident, change.ty);
        let value = quote_spanned!(ty.span()=> value);
        quote!(if let __a::Some(value) = self.#field { to.#field = #value; })
    });
    let read = deserialize(ident, &changes, container.deny_unknown_fields);
    Ok(attribute::block(quote! {
        #[automatically_derived]
        impl __a::Patch for #ident {
            type Model = #model;
            fn apply(self, to: &mut #model) {
                #(#apply)*
            }
        }
        #read
    }))
}

/// serde's own derive cannot tell absent from null without an attribute on each field.
fn deserialize(ident: &Ident, changes: &[Change<'_>], deny: bool) -> TokenStream {
    let who = name::plain(ident);
    let keys = changes.iter().enumerate().flat_map(|(at, change)| {
        let at = proc_macro2::Literal::usize_unsuffixed(at);
        change.names.iter().map(move |name| quote!((#name, #at)))
    });
    let idents = changes.iter().map(|change| change.ident);
    let read = changes.iter().enumerate().map(|(at, change)| {
        let (field, name, at) = (change.ident, &change.names[0], proc_macro2::Literal::usize_unsuffixed(at));
        let read = match attribute::argument(change.ty, "Option") {
            Some(_) => quote!(nullable),
            None => quote!(present),
        };
        quote!(#at => __a::patch::#read(&mut self.#field, #name, map),)
    });
    quote! {
        #[automatically_derived]
        impl __a::patch::Fields for #ident {
            const NAME: &'static str = #who;
            const KEYS: &'static [(&'static str, usize)] = &[#(#keys),*];
            const DENY: bool = #deny;
            fn absent() -> Self {
                Self { #(#idents: __a::None),* }
            }
            fn read<'de, A: __a::MapAccess<'de>>(&mut self, at: usize, map: &mut A) -> __a::Result<(), A::Error> {
                match at { #(#read)* _ => __a::Ok(()) }
            }
        }
        #[automatically_derived]
        impl<'de> __a::Deserialize<'de> for #ident {
            fn deserialize<D: __a::Deserializer<'de>>(from: D) -> __a::Result<Self, D::Error> {
                __a::patch::deserialize(from)
            }
        }
    }
}

//! `derive(View)` and `derive(Record)`: structs that rows are read into.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Expr, Ident};

use crate::attribute::{self, Problems};
use crate::{input, name};

/// The `View` impl of a struct.
///
/// Each field's source stands in one function whose return type checks it, so a field that does not fit its source is
/// one error at the field's type.
pub(crate) fn view(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut problems = Problems::default();
    let model = input::model(input, "view", &mut problems);
    let fields = attribute::named_fields(input, "derive(View)", &mut problems);
    if fields.is_empty() {
        problems.at(input.ident.span(), "a view has at least one field: `id: i64`");
    }
    let mut sources = Vec::new();
    for field in &fields {
        sources.push(source(field, &mut problems));
    }
    problems.finish(())?;
    let ident = &input.ident;
    let idents: Vec<&Ident> = fields.iter().map(|field| attribute::ident(field)).collect();
    let types: Vec<&syn::Type> = fields.iter().map(|field| &field.ty).collect();
    let functions: Vec<Ident> = idents.iter().map(|ident| format_ident!("of_{}", name::plain(ident))).collect();
    let sources = fields.iter().zip(&functions).zip(sources).map(|((field, function), source)| {
        let (ty, constant) = (&field.ty, constant(attribute::ident(field)));
        let source = match source {
            Some(expr) => quote!(#expr),
            None => quote_spanned!(attribute::ident(field).span()=> <#model>::#constant),
        };
        let given = quote_spanned!(ty.span()=> impl __a::Source<#model, #ty>);
        quote!(fn #function() -> #given { #source })
    });
    Ok(attribute::block(quote! {
        #(#sources)*
        #[automatically_derived]
        impl __a::View for #ident {
            type Model = #model;
            fn __plan(plan: &mut __a::Plan) {
                #(plan.field::<#model, #types, _>(#functions);)*
            }
            fn __view(cells: &mut __a::Cells<'_>, reading: &mut __a::Reading) -> __a::Result<Self> {
                __a::Ok(Self { #(#idents: reading.read::<#model, #types, _>(#functions, cells)?),* })
            }
            fn __fill(&mut self, reading: &mut __a::Reading) -> __a::Result<()> {
                #(reading.fill::<#model, #types, _>(#functions, &mut self.#idents)?;)*
                __a::Ok(())
            }
        }
    }))
}

/// The expression of `#[view(expr)]`, if the field has one.
fn source(field: &syn::Field, problems: &mut Problems) -> Option<Expr> {
    let mut found = None;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("view")) {
        match attribute.parse_args::<Expr>() {
            Ok(_) if found.is_some() => problems.over(attribute, "a field has one source: keep one `#[view(..)]`"),
            Ok(expr) => found = Some(expr),
            Err(problem) => {
                let message = "write the source as an expression: `#[view(Post::COMMENTS.count())]`";
                problems.at(problem.span(), message);
            }
        }
    }
    found
}

/// The constant that a field of that name comes from.
fn constant(ident: &Ident) -> Ident {
    Ident::new(&name::plain(ident).to_uppercase(), ident.span())
}

/// The `Record` impl of a struct, or of a tuple struct: its fields in order.
pub(crate) fn record(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut problems = Problems::default();
    attribute::no_generics(input, "derive(Record)", &mut problems);
    let ident = &input.ident;
    let fields: Vec<&syn::Field> = match &input.data {
        syn::Data::Struct(data) => data.fields.iter().collect(),
        _ => Vec::new(),
    };
    if fields.is_empty() {
        problems.at(
            ident.span(),
            format!("`derive(Record)` is for structs, whose fields are read in order: write `struct {ident} {{ name: Type, .. }}`"),
        );
    }
    problems.finish(())?;
    let reads = fields.iter().enumerate().map(|(at, field)| {
        let place = match &field.ident {
            Some(ident) => quote!(#ident),
            None => {
                let at = proc_macro2::Literal::usize_unsuffixed(at);
                quote!(#at)
            }
        };
        let ty = &field.ty;
        quote_spanned!(ty.span()=> #place: <#ty as __a::Record>::__record(cells)?)
    });
    Ok(attribute::block(quote! {
        #[automatically_derived]
        impl __a::Record for #ident {
            fn __record(cells: &mut __a::Cells<'_>) -> __a::Result<Self> {
                __a::Ok(Self { #(#reads),* })
            }
        }
    }))
}

//! `derive(Enum)`: an enum of plain variants as a column of its texts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, LitStr};

use crate::attribute::{self, Problems};
use crate::{name, newtype};

/// The `Field` impl of an enum.
pub(crate) fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut problems = Problems::default();
    attribute::no_generics(input, "derive(Enum)", &mut problems);
    let ident = &input.ident;
    let mut declared = None;
    attribute::each(&input.attrs, "column", &["name"], &mut problems, |word, input| match name::plain(word).as_str() {
        "name" => attribute::text(word, input, &mut declared),
        _ => Ok(false),
    });
    let key = newtype::key(input, &mut problems);
    let mut variants = Vec::new();
    match &input.data {
        syn::Data::Enum(data) if !data.variants.is_empty() => {
            for variant in &data.variants {
                variants.push(variant_of(variant, &mut problems));
            }
        }
        _ => problems.at(
            ident.span(),
            format!("`derive(Enum)` is for enums with at least one variant: write `enum {ident} {{ First, Second }}`"),
        ),
    }
    for (at, one) in variants.iter().enumerate() {
        if variants[..at].iter().any(|other| other.text.value() == one.text.value()) {
            problems.at(one.text.span(), format!("two variants are written as {:?}: rename one", one.text.value()));
        }
        let Some(from) = &one.renamed_from else { continue };
        if from.value() == one.text.value() {
            problems.at(
                from.span(),
                format!(
                    "{:?} is what `{}` is written as now: write the former text, or leave renamed_from out",
                    from.value(),
                    one.ident
                ),
            );
        }
        let former =
            |other: &&Variant<'_>| other.renamed_from.as_ref().is_some_and(|other| other.value() == from.value());
        if let Some(other) = variants[..at].iter().find(former) {
            problems.at(
                from.span(),
                format!(
                    "`{}` was {:?} already: a text becomes one variant, so keep one of them",
                    other.ident,
                    from.value()
                ),
            );
        }
    }
    problems.finish(())?;
    let declared = declared.map_or_else(|| name::snake(&name::plain(ident)), |name| name.value());
    let idents: Vec<_> = variants.iter().map(|variant| variant.ident).collect();
    let texts: Vec<_> = variants.iter().map(|variant| &variant.text).collect();
    let renamed = variants.iter().filter_map(|variant| {
        let Variant { ident: own, text, renamed_from } = variant;
        let from = renamed_from.as_ref()?;
        let path = format!("{}::{}", name::plain(ident), name::plain(own));
        let line = proc_macro2::Literal::u32_unsuffixed(attribute::line(from.span()));
        Some(quote! {
            __a::Renamed { variant: #text, from: #from, path: #path, file: ::core::file!(), line: #line }
        })
    });
    let first = idents[0];
    let others = idents[1..].iter().enumerate().map(|(at, ident)| {
        let at = proc_macro2::Literal::usize_unsuffixed(at + 1);
        quote!(#at => Self::#ident,)
    });
    Ok(attribute::block(quote! {
        static TYPE: __a::Type = __a::Type::Enum(__a::Cow::Borrowed(#declared));
        static TEXTS: &[&str] = &[#(#texts),*];
        #[automatically_derived]
        impl __a::Field for #ident {
            const PART: &'static __a::Part = &__a::Part::Column(__a::Leaf { ty: &TYPE, variants: TEXTS, renamed: &[#(#renamed),*] });
            fn read(cells: &mut __a::Cells<'_>) -> __a::Result<Self> {
                __a::Ok(match __a::variant(cells, TEXTS)? { #(#others)* _ => Self::#first })
            }
            fn write(&self, out: &mut __a::Vec<__a::Value>) {
                let text = match self { #(Self::#idents => #texts),* };
                out.push(__a::Value::Text(text.into()));
            }
            fn blank() -> Self {
                Self::#first
            }
        }
        #key
    }))
}

/// A variant, and what the database keeps for it.
struct Variant<'a> {
    ident: &'a syn::Ident,
    text: LitStr,
    /// What the database kept for it before.
    renamed_from: Option<LitStr>,
}

const KNOWN: &[&str] = &["rename", "renamed_from"];

fn variant_of<'a>(variant: &'a syn::Variant, problems: &mut Problems) -> Variant<'a> {
    let ident = &variant.ident;
    if !variant.fields.is_empty() {
        problems.over(
            &variant.fields,
            format!("a variant of a column holds nothing: write `{ident}`, and keep data in fields of its own"),
        );
    }
    let (mut renamed, mut renamed_from) = (None, None);
    attribute::each(&variant.attrs, "column", KNOWN, problems, |word, input| match name::plain(word).as_str() {
        "rename" => attribute::text(word, input, &mut renamed),
        "renamed_from" => attribute::text(word, input, &mut renamed_from),
        _ => Ok(false),
    });
    let text = renamed.unwrap_or_else(|| LitStr::new(&name::snake(&name::plain(ident)), ident.span()));
    Variant { ident, text, renamed_from }
}

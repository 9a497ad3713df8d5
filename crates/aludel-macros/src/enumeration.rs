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
                variants.push((&variant.ident, text(variant, &mut problems)));
            }
        }
        _ => problems.at(
            ident.span(),
            format!("`derive(Enum)` is for enums with at least one variant: write `enum {ident} {{ First, Second }}`"),
        ),
    }
    for (at, (_, text)) in variants.iter().enumerate() {
        if variants[..at].iter().any(|(_, other)| other.value() == text.value()) {
            problems.at(text.span(), format!("two variants are written as {:?}: rename one", text.value()));
        }
    }
    problems.finish(())?;
    let declared = declared.map_or_else(|| name::snake(&name::plain(ident)), |name| name.value());
    let idents: Vec<_> = variants.iter().map(|(ident, _)| ident).collect();
    let texts: Vec<_> = variants.iter().map(|(_, text)| text).collect();
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
            const PART: &'static __a::Part = &__a::Part::Column(__a::Leaf { ty: &TYPE, variants: TEXTS });
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

/// The text that the database keeps for a variant.
fn text(variant: &syn::Variant, problems: &mut Problems) -> LitStr {
    if !variant.fields.is_empty() {
        problems.over(
            &variant.fields,
            format!(
                "a variant of a column holds nothing: write `{}`, and keep data in fields of its own",
                variant.ident
            ),
        );
    }
    let mut renamed = None;
    attribute::each(&variant.attrs, "column", &["rename"], problems, |word, input| match name::plain(word).as_str() {
        "rename" => attribute::text(word, input, &mut renamed),
        _ => Ok(false),
    });
    renamed.unwrap_or_else(|| LitStr::new(&name::snake(&name::plain(&variant.ident)), variant.ident.span()))
}

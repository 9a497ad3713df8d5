//! Reading attributes: words with values, every problem collected.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Meta, Token};

use crate::name;

/// Problems found so far: a struct with three mistakes gets three errors at once.
#[derive(Default)]
pub(crate) struct Problems(Option<syn::Error>);

impl Problems {
    /// Takes in a problem at `span`.
    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Takes in a problem of everything `tokens` covers.
    pub(crate) fn over(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, problem: syn::Error) {
        match &mut self.0 {
            Some(problems) => problems.combine(problem),
            None => self.0 = Some(problem),
        }
    }

    /// `value`, if there was no problem.
    pub(crate) fn finish<T>(self, value: T) -> syn::Result<T> {
        self.0.map_or(Ok(value), Err)
    }
}

/// Calls `item` with each word of every `#[name(word, word = value, word(..))]` and the input behind the word.
///
/// `item` answers whether it knows the word; after a problem reading goes on behind the next comma.
pub(crate) fn each(
    attributes: &[Attribute],
    name: &str,
    known: &[&str],
    problems: &mut Problems,
    mut item: impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<bool>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        let Meta::List(list) = &attribute.meta else {
            problems.over(attribute, format!("write what it says in brackets: `#[{name}({}, ..)]`", known[0]));
            continue;
        };
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(problem) = word(input, name, known, &mut item) {
                    problems.push(problem);
                    skip(input)?;
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        if let Err(problem) = list.parse_args_with(read) {
            problems.push(problem);
        }
    }
}

fn word(
    input: ParseStream<'_>,
    name: &str,
    known: &[&str],
    item: &mut impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<bool>,
) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    if !item(&word, input)? {
        return Err(unknown(&word, &format!("#[{name}(..)]"), known));
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    Err(input.error(format!("expected `,` behind `{word}`")))
}

/// The problem of a word that `place` does not know.
pub(crate) fn unknown(word: &Ident, place: &str, known: &[&str]) -> syn::Error {
    let plain = name::plain(word);
    let message = match name::nearest(&plain, known.iter().copied()) {
        Some(near) => format!("`{place}` knows no `{plain}`: did you mean `{near}`?"),
        None => format!("`{place}` knows no `{plain}`: it takes {}", known.join(", ")),
    };
    syn::Error::new(word.span(), message)
}

/// Passes over tokens up to the next comma.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

/// The value behind `word =`.
pub(crate) fn value<T: Parse>(word: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<T> {
    let read = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        input.parse::<T>()
    };
    read(input).map_err(|problem| syn::Error::new(problem.span(), format!("write `{word} = {example}`")))
}

/// Reads all of the brackets' contents; after a problem the rest is passed over, so that it is not another.
pub(crate) fn within<T>(
    inner: ParseStream<'_>,
    read: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let found = read(inner);
    let rest: TokenStream = inner.parse()?;
    match (found, rest.is_empty()) {
        (Ok(_), false) => Err(syn::Error::new_spanned(rest, "nothing more is expected here")),
        (found, _) => found,
    }
}

/// Whether a flag was said, and where.
pub(crate) type Flag = Option<Span>;

/// Notes a flag; saying it twice is a problem.
pub(crate) fn flag(word: &Ident, flag: &mut Flag) -> syn::Result<bool> {
    once(word, flag, word.span())
}

/// Notes a value; saying it twice is a problem.
pub(crate) fn once<T>(word: &Ident, place: &mut Option<T>, value: T) -> syn::Result<bool> {
    if place.is_some() {
        return Err(syn::Error::new(word.span(), format!("`{word}` is said twice: keep one")));
    }
    *place = Some(value);
    Ok(true)
}

/// Notes a text; saying it twice is a problem.
pub(crate) fn text(word: &Ident, input: ParseStream<'_>, place: &mut Option<LitStr>) -> syn::Result<bool> {
    let text = value(word, input, "\"..\"")?;
    once(word, place, text)
}

/// The fields of a struct with named fields and no type parameters; what else it is, is a problem that says what to write.
pub(crate) fn named_fields<'i>(
    input: &'i syn::DeriveInput,
    derive: &str,
    problems: &mut Problems,
) -> Vec<&'i syn::Field> {
    no_generics(input, derive, problems);
    let data = match &input.data {
        syn::Data::Struct(data) => data,
        _ => {
            problems
                .at(input.ident.span(), format!("`{derive}` is for structs: write `struct {} {{ .. }}`", input.ident));
            return Vec::new();
        }
    };
    match &data.fields {
        syn::Fields::Named(fields) => fields.named.iter().collect(),
        _ => {
            problems.at(
                input.ident.span(),
                format!("`{derive}` needs named fields: write `struct {} {{ name: Type, .. }}`", input.ident),
            );
            Vec::new()
        }
    }
}

/// Type parameters are a problem.
pub(crate) fn no_generics(input: &syn::DeriveInput, derive: &str, problems: &mut Problems) {
    if !input.generics.params.is_empty() {
        problems.over(
            &input.generics,
            format!(
                "`{derive}` takes no type parameters or lifetimes: write concrete, owned types in `{}`",
                input.ident
            ),
        );
    }
}

/// The line of `span`; 1 outside a compiler.
pub(crate) fn line(span: Span) -> u32 {
    if !proc_macro::is_available() {
        return 1;
    }
    u32::try_from(span.unwrap().line()).unwrap_or(1)
}

/// The name of `field`, which has one.
pub(crate) fn ident(field: &syn::Field) -> &Ident {
    field.ident.as_ref().expect("only fields of structs with named fields come here")
}

/// The path of the single type argument of `outer<..>`, by the last segment's name.
pub(crate) fn argument<'t>(ty: &'t syn::Type, outer: &str) -> Option<&'t syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == outer)?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(syn::GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

/// The name of a type written as a plain name or path without arguments.
pub(crate) fn type_name(ty: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.arguments.is_none())?;
    Some(name::plain(&last.ident))
}

/// `tokens` as code of a macro that derives `trait_`, in a block of its own where `__a` is the library.
pub(crate) fn block(tokens: TokenStream) -> TokenStream {
    quote::quote! {
        const _: () = {
            use ::aludel::__private as __a;
            #tokens
        };
    }
}

//! `sql!`: SQL text with values and columns inside.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, LitStr, Token};

/// The one argument, with or without a comma behind it.
pub(crate) struct Text(LitStr);

impl Parse for Text {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let example =
            "write the SQL as one text, with values in braces: `sql!(\"select * from posts where id = {id}\")`";
        let text = input.parse().map_err(|problem| syn::Error::new(problem.span(), example))?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error("values stand inside the text: `{id}`"));
        }
        Ok(Text(text))
    }
}

/// A piece of the text.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    /// Rust between braces.
    Code(String),
}

/// A value of `Sql`: text and arguments in turn.
pub(crate) fn expand(text: &Text) -> syn::Result<TokenStream> {
    let span = text.0.span();
    let pieces = split(&text.0.value()).map_err(|message| syn::Error::new(span, message))?;
    let mut parts = Vec::new();
    for piece in pieces {
        parts.push(match piece {
            Piece::Text(text) => quote_spanned!(span=> ::aludel::__private::text(#text)),
            Piece::Code(code) => argument(&LitStr::new(&code, span))?,
        });
    }
    Ok(quote_spanned!(span=> ::aludel::__private::Sql::new(::std::vec![#(#parts),*])))
}

fn argument(code: &LitStr) -> syn::Result<TokenStream> {
    let span = code.span();
    let expr: Expr = code
        .parse()
        .map_err(|problem| syn::Error::new(span, format!("`{{{}}}` is no expression: {problem}", code.value())))?;
    Ok(match model(&expr) {
        Some(model) => quote_spanned!(span=> ::aludel::__private::table::<#model>()),
        None => quote_spanned!(span=> ::aludel::__private::arg(&(#expr))),
    })
}

/// A single name in `CamelCase` is a model, which stands for its table.
fn model(expr: &Expr) -> Option<&syn::Ident> {
    let Expr::Path(path) = expr else { return None };
    let ident = path.path.get_ident()?;
    let name = ident.to_string();
    let camel = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    camel.then_some(ident)
}

/// Cuts `text` at its braces; a doubled brace is a brace.
fn split(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            plain.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err("a `}` without `{`: write `}}` for the sign itself".to_owned());
        }
        let end = closing(rest).ok_or("a `{` without `}`: write `{{` for the sign itself")?;
        let code = rest[..end].trim();
        if code.is_empty() {
            return Err("`{}` holds nothing: write the value inside, as in `{id}`".to_owned());
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Code(code.to_owned()));
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// Where the brace that was opened before `text` closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, char) in text.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match split(text) {
            Ok(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => format!("{text:?}"),
                    Piece::Code(code) => format!("<{code}>"),
                })
                .collect::<Vec<_>>()
                .join(" "),
            Err(message) => message,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn text_is_cut_at_braces() {
        check("select 1", r#""select 1""#);
        check("{a}{b.c}", "<a> <b.c>");
        check("id = { id } and x", r#""id = " <id> " and x""#);
        check("'{{{id}}}'", r#""'{" <id> "}'""#);
        check("{f(|| { 1 })}", "<f(|| { 1 })>");
        check("", "");
        check("a }", "a `}` without `{`: write `}}` for the sign itself");
        check("a { b", "a `{` without `}`: write `{{` for the sign itself");
        check("a {}", "`{}` holds nothing: write the value inside, as in `{id}`");
    }
}

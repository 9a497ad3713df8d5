//! `#[column(..)]` on a field.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Ident, LitInt, LitStr, Token, parenthesized};

use crate::attribute::{self, Flag, Problems, flag, once, text, value};
use crate::name;

/// What the attributes of one field say.
#[derive(Default)]
pub(crate) struct Column {
    pub(crate) key: Flag,
    pub(crate) unique: Flag,
    pub(crate) index: Flag,
    pub(crate) cascade: Flag,
    pub(crate) version: Flag,
    pub(crate) updated: Flag,
    pub(crate) no_constraint: Flag,
    pub(crate) stored: Flag,
    pub(crate) default: Option<(Default, Span)>,
    pub(crate) generated: Option<LitStr>,
    pub(crate) length: Option<LitInt>,
    pub(crate) precision: Option<(LitInt, LitInt)>,
    pub(crate) check: Option<LitStr>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) name: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
    pub(crate) on_delete: Option<(Ident, Span)>,
    pub(crate) on_update: Option<(Ident, Span)>,
    pub(crate) inverse: Option<(Ident, Span)>,
}

/// The value of `default = ..`.
pub(crate) enum Default {
    Literal(Expr),
    Now,
    Sql(LitStr),
}

const KNOWN: &[&str] = &[
    "key",
    "unique",
    "index",
    "default",
    "generated",
    "stored",
    "length",
    "precision",
    "check",
    "comment",
    "name",
    "on_delete",
    "on_update",
    "cascade",
    "version",
    "updated",
    "renamed_from",
    "inverse",
    "no_constraint",
];

const ACTIONS: &[&str] = &["cascade", "restrict", "set_null", "set_default", "no_action"];

impl Column {
    pub(crate) fn read(attributes: &[Attribute], problems: &mut Problems) -> Self {
        let mut column = Column::default();
        attribute::each(attributes, "column", KNOWN, problems, |word, input| column.word(word, input));
        column
    }

    fn word(&mut self, word: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        match name::plain(word).as_str() {
            "key" => flag(word, &mut self.key),
            "unique" => flag(word, &mut self.unique),
            "index" => flag(word, &mut self.index),
            "cascade" => flag(word, &mut self.cascade),
            "version" => flag(word, &mut self.version),
            "updated" => flag(word, &mut self.updated),
            "no_constraint" => flag(word, &mut self.no_constraint),
            "stored" => flag(word, &mut self.stored),
            "generated" => text(word, input, &mut self.generated),
            "check" => text(word, input, &mut self.check),
            "comment" => text(word, input, &mut self.comment),
            "name" => text(word, input, &mut self.name),
            "renamed_from" => text(word, input, &mut self.renamed_from),
            "default" => {
                let expr: Expr = value(word, input, "0")?;
                once(word, &mut self.default, (default(expr)?, word.span()))
            }
            "length" => {
                let length: LitInt = value(word, input, "255")?;
                match length.base10_parse::<u32>() {
                    Ok(1..) => once(word, &mut self.length, length),
                    _ => {
                        Err(syn::Error::new(length.span(), "a length is a number of characters from 1: `length = 255`"))
                    }
                }
            }
            "precision" => {
                let digits = precision(input).map_err(|problem| {
                    syn::Error::new(
                        problem.span(),
                        "write `precision = (10, 2)`: digits in all (1 to 38), and behind the point",
                    )
                })?;
                once(word, &mut self.precision, digits)
            }
            "on_delete" => action(word, input, &mut self.on_delete),
            "on_update" => action(word, input, &mut self.on_update),
            "inverse" => {
                let inverse: Ident = value(word, input, "written_posts` or `inverse = none")?;
                once(word, &mut self.inverse, (inverse, word.span()))
            }
            _ => Ok(false),
        }
    }

    /// The calls that put this on a `FieldMeta`.
    pub(crate) fn setters(&self, field: &Ident) -> TokenStream {
        let mut out = TokenStream::new();
        let mut set = |method: &str, argument: TokenStream| {
            let method = Ident::new(method, Span::call_site());
            out.extend(quote!(.#method(#argument)));
        };
        let flags = [
            ("key", &self.key),
            ("unique", &self.unique),
            ("index", &self.index),
            ("cascade", &self.cascade),
            ("version", &self.version),
            ("updated", &self.updated),
            ("no_constraint", &self.no_constraint),
        ];
        for (method, _) in flags.iter().filter(|(_, flag)| flag.is_some()) {
            set(method, quote!(true));
        }
        let texts = [
            ("column", &self.name),
            ("check", &self.check),
            ("comment", &self.comment),
            ("renamed_from", &self.renamed_from),
        ];
        for (method, text) in texts {
            if let Some(text) = text {
                set(method, quote!(#text));
            }
        }
        match &self.default {
            Some((Default::Literal(_), _)) => {
                let literal = quote!(__a::literal(&<Self as __a::Model>::__blank().#field));
                set("default", quote!(__a::Default::Literal(|| #literal)));
            }
            Some((Default::Now, _)) => set("default", quote!(__a::Default::Now)),
            Some((Default::Sql(sql), _)) => set("default", quote!(__a::Default::Sql(#sql))),
            None => {}
        }
        if let Some(sql) = &self.generated {
            let stored = self.stored.is_some();
            set("generated", quote!(__a::Generated { sql: #sql, stored: #stored }));
        }
        if let Some(length) = &self.length {
            set("length", quote!(#length));
        }
        if let Some((digits, scale)) = &self.precision {
            set("precision", quote!((#digits, #scale)));
        }
        for (method, action) in [("on_delete", &self.on_delete), ("on_update", &self.on_update)] {
            if let Some((action, _)) = action {
                set(method, quote!(__a::Action::#action));
            }
        }
        out
    }
}

/// `now`, `expr("sql")`, or any Rust expression.
fn default(expr: Expr) -> syn::Result<Default> {
    match &expr {
        Expr::Path(path) if path.path.is_ident("now") => Ok(Default::Now),
        Expr::Call(call) if matches!(&*call.func, Expr::Path(path) if path.path.is_ident("expr")) => {
            match (call.args.first(), call.args.len()) {
                (Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(sql), .. })), 1) => Ok(Default::Sql(sql.clone())),
                _ => Err(syn::Error::new_spanned(call, "write the SQL as text: `default = expr(\"lower('X')\")`")),
            }
        }
        _ => Ok(Default::Literal(expr)),
    }
}

fn precision(input: ParseStream<'_>) -> syn::Result<(LitInt, LitInt)> {
    input.parse::<Token![=]>()?;
    let inner;
    parenthesized!(inner in input);
    let digits: LitInt = inner.parse()?;
    inner.parse::<Token![,]>()?;
    let scale: LitInt = inner.parse()?;
    let (all, behind): (u8, u8) = (digits.base10_parse()?, scale.base10_parse()?);
    if !(1..=38).contains(&all) || behind > all {
        return Err(syn::Error::new(digits.span(), "out of range"));
    }
    Ok((digits, scale))
}

/// Reads an action and notes it as the variant of `Action`.
fn action(word: &Ident, input: ParseStream<'_>, place: &mut Option<(Ident, Span)>) -> syn::Result<bool> {
    let action: Ident = value(word, input, "cascade")?;
    let variant = match name::plain(&action).as_str() {
        "cascade" => "Cascade",
        "restrict" => "Restrict",
        "set_null" => "SetNull",
        "set_default" => "SetDefault",
        "no_action" => "NoAction",
        _ => return Err(attribute::unknown(&action, &format!("{word} = .."), ACTIONS)),
    };
    once(word, place, (Ident::new(variant, Span::call_site()), action.span()))
}

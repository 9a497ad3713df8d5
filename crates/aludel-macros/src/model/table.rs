//! `#[model(..)]` on the struct.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, LitStr, Path, Token, parenthesized};

use crate::attribute::{self, Problems, once, text, value};
use crate::name;

/// What the attributes of a model say.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) table: Option<LitStr>,
    pub(crate) bind: Option<Path>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) checks: Vec<(LitStr, Option<LitStr>)>,
    pub(crate) links: Vec<Link>,
}

/// `index(a, b desc, name = "..", filter = "..", unique)`, or `unique(a, b)`.
pub(crate) struct Index {
    pub(crate) keys: Vec<Key>,
    unique: bool,
    name: Option<LitStr>,
    filter: Option<LitStr>,
}

/// One key of an index.
pub(crate) struct Key {
    /// A field, unless the key is an expression.
    pub(crate) field: Option<Ident>,
    of: String,
    descending: bool,
}

/// `tags: Tag through PostTag`
pub(crate) struct Link {
    pub(crate) name: Ident,
    pub(crate) target: Path,
    pub(crate) through: Path,
    /// The fields of the table between, where it has several to one model: here, there.
    pub(crate) by: Option<(Ident, Ident)>,
}

const KNOWN: &[&str] = &["table", "bind", "comment", "renamed_from", "index", "unique", "check", "many_to_many"];

impl Table {
    pub(crate) fn read(attributes: &[Attribute], problems: &mut Problems) -> Self {
        let mut table = Table::default();
        attribute::each(attributes, "model", KNOWN, problems, |word, input| table.word(word, input));
        table
    }

    fn word(&mut self, word: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        match name::plain(word).as_str() {
            "table" => text(word, input, &mut self.table),
            "comment" => text(word, input, &mut self.comment),
            "renamed_from" => text(word, input, &mut self.renamed_from),
            "bind" => {
                let bind = value(word, input, "Reporting")?;
                once(word, &mut self.bind, bind)
            }
            "index" => {
                self.indexes.push(index(word, input, false)?);
                Ok(true)
            }
            "unique" => {
                self.indexes.push(index(word, input, true)?);
                Ok(true)
            }
            "check" => {
                let inner = brackets(word, input, "\"likes >= 0\", name = \"..\"")?;
                self.checks.push(attribute::within(&inner, check)?);
                Ok(true)
            }
            "many_to_many" => {
                let inner = brackets(word, input, "tags: Tag through PostTag")?;
                self.links.extend(attribute::within(&inner, |inner| inner.parse_terminated(link, Token![,]))?);
                Ok(true)
            }
            "skip" => Err(syn::Error::new(word.span(), "`#[model(skip)]` stands on a field, not on the struct")),
            _ => Ok(false),
        }
    }

    /// The calls that put this on a `Meta`.
    pub(crate) fn setters(&self) -> TokenStream {
        let mut out = TokenStream::new();
        if let Some(bind) = &self.bind {
            out.extend(quote!(.bind(<#bind as __a::Bind>::NAME)));
        }
        if let Some(text) = &self.comment {
            out.extend(quote!(.comment(#text)));
        }
        if let Some(text) = &self.renamed_from {
            out.extend(quote!(.renamed_from(#text)));
        }
        if !self.indexes.is_empty() {
            let indexes = self.indexes.iter().map(Index::tokens);
            out.extend(quote!(.indexes(&[#(#indexes),*])));
        }
        if !self.checks.is_empty() {
            let checks = self.checks.iter().map(|(sql, name)| {
                let name = name.as_ref().map_or_else(|| quote!(__a::None), |name| quote!(__a::Some(#name)));
                quote!(__a::CheckMeta { name: #name, sql: #sql })
            });
            out.extend(quote!(.checks(&[#(#checks),*])));
        }
        out
    }
}

impl Index {
    fn tokens(&self) -> TokenStream {
        let unique = self.unique;
        let keys = self.keys.iter().map(|key| {
            let (of, expression, descending) = (&key.of, key.field.is_none(), key.descending);
            quote!(__a::IndexKey { of: #of, expression: #expression, descending: #descending })
        });
        let mut out = quote!(__a::IndexMeta::new(&[#(#keys),*], #unique));
        if let Some(name) = &self.name {
            out.extend(quote!(.name(#name)));
        }
        if let Some(filter) = &self.filter {
            out.extend(quote!(.filter(#filter)));
        }
        out
    }
}

/// The contents of `word(..)`.
fn brackets<'i>(word: &Ident, input: ParseStream<'i>, example: &str) -> syn::Result<syn::parse::ParseBuffer<'i>> {
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(word.span(), format!("write `{word}({example})`")));
    }
    let inner;
    parenthesized!(inner in input);
    if inner.is_empty() {
        return Err(syn::Error::new(word.span(), format!("write `{word}({example})`")));
    }
    Ok(inner)
}

/// `"sql"`, or `"sql", name = ".."`.
fn check(input: ParseStream<'_>) -> syn::Result<(LitStr, Option<LitStr>)> {
    let sql = input
        .parse()
        .map_err(|problem| syn::Error::new(problem.span(), "write the SQL as text: `check(\"likes >= 0\")`"))?;
    let mut constraint = None;
    while !input.is_empty() {
        input.parse::<Token![,]>()?;
        if input.is_empty() {
            break;
        }
        let word: Ident = input.parse()?;
        match name::plain(&word).as_str() {
            "name" => text(&word, input, &mut constraint)?,
            _ => return Err(attribute::unknown(&word, "check(..)", &["name"])),
        };
    }
    Ok((sql, constraint))
}

fn index(word: &Ident, input: ParseStream<'_>, unique: bool) -> syn::Result<Index> {
    let inner = brackets(word, input, "author_id, created_at desc")?;
    let mut index = Index { keys: Vec::new(), unique, name: None, filter: None };
    attribute::within(&inner, |inner| {
        while !inner.is_empty() {
            index_item(inner, &mut index)?;
            if !inner.is_empty() {
                inner.parse::<Token![,]>()?;
            }
        }
        Ok(())
    })?;
    if index.keys.is_empty() {
        return Err(syn::Error::new(word.span(), format!("name the fields: `{word}(author_id, created_at desc)`")));
    }
    Ok(index)
}

/// A field, an expression, or a word about the whole index.
fn index_item(input: ParseStream<'_>, index: &mut Index) -> syn::Result<()> {
    let word: Ident = input.call(syn::ext::IdentExt::parse_any)?;
    let plain = name::plain(&word);
    if input.peek(Token![=]) {
        let known = match plain.as_str() {
            "name" => text(&word, input, &mut index.name)?,
            "filter" => text(&word, input, &mut index.filter)?,
            _ => false,
        };
        return if known { Ok(()) } else { Err(attribute::unknown(&word, "index(..)", &["name", "filter", "unique"])) };
    }
    if plain == "unique" && (input.is_empty() || input.peek(Token![,])) {
        index.unique = true;
        return Ok(());
    }
    let (field, of) = if plain == "expr" && input.peek(syn::token::Paren) {
        let inner;
        parenthesized!(inner in input);
        let sql: LitStr = inner
            .parse()
            .map_err(|problem| syn::Error::new(problem.span(), "write the SQL as text: `expr(\"lower(email)\")`"))?;
        (None, sql.value())
    } else {
        (Some(word), plain)
    };
    let mut descending = false;
    if input.peek(Ident) {
        let order: Ident = input.parse()?;
        match name::plain(&order).as_str() {
            "desc" => descending = true,
            "asc" => {}
            _ => return Err(attribute::unknown(&order, "index(..)", &["asc", "desc"])),
        }
    }
    index.keys.push(Key { field, of, descending });
    Ok(())
}

/// `tags: Tag through PostTag`, or `friends: User through Friendship(from_id, to_id)`.
fn link(input: ParseStream<'_>) -> syn::Result<Link> {
    let read = |input: ParseStream<'_>| {
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let target = input.call(Path::parse_mod_style)?;
        let through: Ident = input.parse()?;
        if through != "through" {
            return Err(syn::Error::new(through.span(), ""));
        }
        let through = input.call(Path::parse_mod_style)?;
        let mut by = None;
        if input.peek(syn::token::Paren) {
            let inner;
            parenthesized!(inner in input);
            let near = inner.parse()?;
            inner.parse::<Token![,]>()?;
            by = Some((near, inner.parse()?));
        }
        Ok(Link { name, target, through, by })
    };
    let start: Span = input.span();
    read(input).map_err(|problem| {
        let span = if problem.to_string().is_empty() { problem.span() } else { start };
        syn::Error::new(
            span,
            "write `many_to_many(tags: Tag through PostTag)`, or `.. through PostTag(post_id, tag_id)` where two \
             foreign keys of `PostTag` point at one model",
        )
    })
}

//! `revisions!`: the files of a folder, carried in the program.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

/// The folder beside the manifest, where none is named.
const FOLDER: &str = "migrations";

/// The folder, as it is named from the manifest's.
pub(crate) struct Folder(Option<LitStr>);

impl Parse for Folder {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(Folder(None));
        }
        let example = "name the folder as one text, seen from Cargo.toml: `revisions!(\"db/migrations\")`";
        let folder = input.parse().map_err(|problem| syn::Error::new(problem.span(), example))?;
        input.parse::<Option<Token![,]>>()?;
        if input.is_empty() { Ok(Folder(Some(folder))) } else { Err(input.error(example)) }
    }
}

/// The folder's full path, and the names of its files with their texts. `include_str!` makes cargo watch each file.
///
/// # Errors
/// A folder that cannot be read, and names that are no UTF-8. No folder at all has no files.
pub(crate) fn expand(folder: &Folder, manifest: &Path) -> syn::Result<TokenStream> {
    let span = folder.0.as_ref().map_or_else(proc_macro2::Span::call_site, LitStr::span);
    let place = manifest.join(folder.0.as_ref().map_or_else(|| FOLDER.to_owned(), LitStr::value));
    let files = files(&place).map_err(|problem| syn::Error::new(span, problem))?;
    let text = |path: &Path| {
        let plain = path.to_str().map(str::to_owned);
        plain.ok_or_else(|| syn::Error::new(span, format!("the path {} is not UTF-8", path.display())))
    };
    let paths = files.iter().map(|name| text(&place.join(name))).collect::<syn::Result<Vec<_>>>()?;
    let place = text(&place)?;
    Ok(quote! { (#place, &[#((#files, ::core::include_str!(#paths))),*]) })
}

/// The names of the files `*.sql` in `folder`, sorted.
fn files(folder: &Path) -> Result<Vec<String>, String> {
    let unread = |error: std::io::Error| format!("the folder {} cannot be read: {error}", folder.display());
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unread)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unread)?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| format!("the name {} is not UTF-8", entry.path().display()))?;
        if name.ends_with(".sql") && !name.starts_with('.') && entry.path().is_file() {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(folder: TokenStream, manifest: &Path) -> String {
        match syn::parse2::<Folder>(folder).and_then(|folder| expand(&folder, manifest)) {
            Ok(written) => written.to_string().replace(&manifest.display().to_string(), ".").replace(' ', ""),
            Err(problem) => problem.to_string().replace(&manifest.display().to_string(), "."),
        }
    }

    #[test]
    fn the_files_of_a_folder_are_taken_in_order() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert_eq!(check(quote!(), &manifest), "(\"./migrations\",&[])", "there is no such folder");
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tmp/revisions");
        let _ = std::fs::remove_dir_all(&made);
        std::fs::create_dir_all(made.join("migrations/c.sql")).unwrap();
        for name in ["b_two.sql", "a_one.sql", "README.md", ".hidden.sql", "a.sql~"] {
            std::fs::write(made.join("migrations").join(name), "").unwrap();
        }
        let file = |name: &str| format!("(\"{name}\",::core::include_str!(\"./migrations/{name}\"))");
        let both = format!("(\"./migrations\",&[{},{}])", file("a_one.sql"), file("b_two.sql"));
        assert_eq!(check(quote!(), &made), both);
        assert_eq!(check(quote!("migrations",), &made), both);
        assert!(check(quote!("migrations/a_one.sql"), &made).contains("cannot be read"));
        assert!(check(quote!(migrations), &made).starts_with("name the folder as one text"));
        assert!(check(quote!("a", "b"), &made).starts_with("name the folder as one text"));
    }
}

//! Names made from names.

use syn::Ident;
use syn::ext::IdentExt;

/// The name without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// `PostTag` as `post_tag`, `HTTPServer` as `http_server`.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, &char) in chars.iter().enumerate() {
        let after_small = at > 0 && (chars[at - 1].is_lowercase() || chars[at - 1].is_numeric());
        let before_small = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if char.is_uppercase() && at > 0 && chars[at - 1] != '_' && (after_small || before_small) {
            out.push('_');
        }
        out.extend(char.to_lowercase());
    }
    out
}

/// The English plural of the last word: `category` is `categories`, `box` is `boxes`, all else takes an `s`.
pub(crate) fn plural(name: &str) -> String {
    let vowel_before = |stem: &str| stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    if let Some(stem) = name.strip_suffix('y').filter(|stem| !vowel_before(stem)) {
        return format!("{stem}ies");
    }
    let whole_word = |stem: &&str| stem.is_empty() || stem.ends_with('_');
    if let Some(stem) = name.strip_suffix("person").filter(whole_word) {
        return format!("{stem}people");
    }
    if name.strip_suffix("child").is_some_and(|stem| whole_word(&stem)) {
        return format!("{name}ren");
    }
    if ["s", "x", "z", "ch", "sh"].iter().any(|end| name.ends_with(end)) {
        return format!("{name}es");
    }
    format!("{name}s")
}

/// The word of `known` that `word` was meant to be, if one is near.
pub(crate) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many insertions, deletions and replacements lead from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, char) in from.chars().enumerate() {
        let mut corner = row[0];
        row[0] = above + 1;
        for at in 0..to.len() {
            let replaced = corner + usize::from(to[at] != char);
            corner = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(corner + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_plural_snake_case() {
        let cases = [
            ("User", "users"),
            ("PostTag", "post_tags"),
            ("Category", "categories"),
            ("Day", "days"),
            ("Box", "boxes"),
            ("Branch", "branches"),
            ("Address", "addresses"),
            ("HTTPServer", "http_servers"),
            ("Person", "people"),
            ("GrandChild", "grand_children"),
            ("Sha256Sum", "sha256_sums"),
        ];
        for (model, table) in cases {
            assert_eq!(plural(&snake(model)), table);
        }
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let known = ["unique", "index", "length", "on_delete"];
        assert_eq!(nearest("uniqe", known), Some("unique"));
        assert_eq!(nearest("ondelete", known), Some("on_delete"));
        assert_eq!(nearest("primary", known), None);
    }
}

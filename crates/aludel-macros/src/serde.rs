//! The words of `#[serde(..)]` that `derive(Patch)` honours, since it writes `Deserialize` itself.

use syn::{Attribute, LitStr};

use crate::attribute::{self, Problems, flag, value};
use crate::name;

/// `#[serde(..)]` on the struct.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) rename_all: Option<Rule>,
    pub(crate) deny_unknown_fields: bool,
}

/// How names of fields are spelled outside.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

const RULES: &[(&str, Rule)] = &[
    ("lowercase", Rule::Lower),
    ("UPPERCASE", Rule::Upper),
    ("PascalCase", Rule::Pascal),
    ("camelCase", Rule::Camel),
    ("snake_case", Rule::Snake),
    ("SCREAMING_SNAKE_CASE", Rule::ScreamingSnake),
    ("kebab-case", Rule::Kebab),
    ("SCREAMING-KEBAB-CASE", Rule::ScreamingKebab),
];

impl Container {
    pub(crate) fn read(attributes: &[Attribute], problems: &mut Problems) -> Self {
        let (mut rule, mut deny) = (None, None);
        let known = ["rename_all", "deny_unknown_fields"];
        attribute::each(attributes, "serde", &known, problems, |word, input| match name::plain(word).as_str() {
            "rename_all" => {
                let spelling: LitStr = value(word, input, "\"camelCase\"")?;
                let found = RULES.iter().find(|(name, _)| *name == spelling.value());
                let Some((_, found)) = found else {
                    let names: Vec<&str> = RULES.iter().map(|(name, _)| *name).collect();
                    return Err(syn::Error::new(spelling.span(), format!("write one of {}", names.join(", "))));
                };
                attribute::once(word, &mut rule, *found)
            }
            "deny_unknown_fields" => flag(word, &mut deny),
            _ => Ok(false),
        });
        Container { rename_all: rule, deny_unknown_fields: deny.is_some() }
    }
}

/// The names of `field` outside: its own and its aliases.
pub(crate) fn names(field: &syn::Field, rule: Option<Rule>, problems: &mut Problems) -> Vec<String> {
    let mut renamed: Option<LitStr> = None;
    let mut aliases = Vec::new();
    let known = ["rename", "alias", "default"];
    attribute::each(&field.attrs, "serde", &known, problems, |word, input| match name::plain(word).as_str() {
        "rename" => attribute::text(word, input, &mut renamed),
        "alias" => {
            let alias: LitStr = value(word, input, "\"..\"")?;
            aliases.push(alias.value());
            Ok(true)
        }
        // An absent field of a patch is kept, whatever this says.
        "default" => Ok(true),
        _ => Ok(false),
    });
    let plain = name::plain(attribute::ident(field));
    let own = match (renamed, rule) {
        (Some(name), _) => name.value(),
        (None, Some(rule)) => rule.spell(&plain),
        (None, None) => plain,
    };
    aliases.insert(0, own);
    aliases
}

impl Rule {
    fn spell(self, field: &str) -> String {
        let pascal = || field.split('_').map(capital).collect::<String>();
        match self {
            Rule::Lower | Rule::Snake => field.to_owned(),
            Rule::Upper | Rule::ScreamingSnake => field.to_uppercase(),
            Rule::Pascal => pascal(),
            Rule::Camel => {
                let pascal = pascal();
                let mut chars = pascal.chars();
                chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
            }
            Rule::Kebab => field.replace('_', "-"),
            Rule::ScreamingKebab => field.to_uppercase().replace('_', "-"),
        }
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_those_of_serde() {
        let spelled: Vec<String> = RULES.iter().map(|(_, rule)| rule.spell("full_name")).collect();
        let expected =
            ["full_name", "FULL_NAME", "FullName", "fullName", "full_name", "FULL_NAME", "full-name", "FULL-NAME"];
        assert_eq!(spelled, expected);
    }
}

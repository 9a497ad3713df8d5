//! What was typed, before anybody asks what it means.

use std::ffi::OsString;

use lexopt::Arg;

/// How a command answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// A command line, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) verb: Option<String>,
    pub(super) free: Option<String>,
    pub(super) url: Option<String>,
    pub(super) format: Format,
    pub(super) help: bool,
    pub(super) flags: Vec<String>,
}

impl Line {
    pub(super) fn flag(&self, name: &str) -> bool {
        self.flags.iter().any(|flag| flag == name)
    }
}

/// Takes `arguments` apart; the error is a sentence.
pub(super) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Line, String> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut line = Line::default();
    let said = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(said)? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => line.help = true,
            Arg::Long("url") => line.url = Some(text(parser.value().map_err(said)?)?),
            Arg::Long("format") => {
                line.format = match text(parser.value().map_err(said)?)?.as_str() {
                    "text" => Format::Text,
                    "json" => Format::Json,
                    other => return Err(format!("`--format` is `text` or `json`, not `{other}`")),
                }
            }
            Arg::Long(flag) => line.flags.push(flag.to_owned()),
            Arg::Short(letter) => return Err(format!("there is no option `-{letter}`")),
            Arg::Value(word) if line.verb.is_none() => line.verb = Some(text(word)?),
            Arg::Value(word) if line.free.is_none() => line.free = Some(text(word)?),
            Arg::Value(word) => return Err(format!("`{}` is one argument too many", word.to_string_lossy())),
        }
    }
    Ok(line)
}

fn text(word: OsString) -> Result<String, String> {
    word.into_string().map_err(|word| format!("`{}` is not UTF-8", word.to_string_lossy()))
}

/// A string of JSON.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Result<Line, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn lines() {
        let line = check("seed demo --url sqlite:x.db --format=json --schema").unwrap();
        assert_eq!((line.verb.as_deref(), line.free.as_deref()), (Some("seed"), Some("demo")));
        assert_eq!((line.url.as_deref(), line.format), (Some("sqlite:x.db"), Format::Json));
        assert!(line.flag("schema"));
        assert_eq!(check("seed --format xml").unwrap_err(), "`--format` is `text` or `json`, not `xml`");
        assert_eq!(check("seed a b").unwrap_err(), "`b` is one argument too many");
        assert_eq!(check("seed -x").unwrap_err(), "there is no option `-x`");
        assert!(check("seed --url").is_err());
    }

    #[test]
    fn json_strings() {
        assert_eq!(quoted("a\"b\\c\nd\u{1}"), r#""a\"b\\c\nd\u0001""#);
    }
}

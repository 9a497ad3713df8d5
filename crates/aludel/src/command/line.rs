//! What was typed, taken apart by the table of options, before anybody asks what it means.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use lexopt::Arg;

use super::option::{self, Flag};

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
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) verb: Option<String>,
    /// The words behind the verb.
    pub(super) words: Vec<String>,
    pub(super) format: Format,
    pub(super) lock_wait: Option<Duration>,
    /// Options with their values; an empty one for those that take none.
    pub(super) given: Vec<(&'static Flag, String)>,
    /// The first option that no command knows, as it was typed.
    pub(super) unknown: Option<String>,
}

impl Line {
    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The last value of an option.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).last()
    }

    /// All values of an option that may be repeated.
    pub(super) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.given.iter().filter(move |(flag, _)| flag.name == name).map(|(_, value)| value.as_str())
    }

    /// The first word behind the verb.
    pub(super) fn word(&self) -> Option<&str> {
        self.words.first().map(String::as_str)
    }
}

/// Takes `arguments` apart into `line`, which is filled as far as they were understood; the error is a sentence about the
/// first that was not. What stands behind it is read as well: it may say how to answer.
pub(super) fn parse(arguments: impl Iterator<Item = OsString>, line: &mut Line) -> Result<(), String> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut first = Ok(());
    loop {
        match next(&mut parser, line) {
            Ok(true) => {}
            Ok(false) => return first,
            Err(problem) => first = first.and(Err(problem)),
        }
    }
}

/// Takes the next option or word; false where there is none.
fn next(parser: &mut lexopt::Parser, line: &mut Line) -> Result<bool, String> {
    if let Some(word) = steps_back(parser) {
        line.words.push(word);
        return Ok(true);
    }
    let (flag, typed) = match parser.next().map_err(said)? {
        None => return Ok(false),
        Some(Arg::Long(name)) => (option::long(name), format!("--{name}")),
        Some(Arg::Short(letter)) => (option::short_of(letter), format!("-{letter}")),
        Some(Arg::Value(word)) => {
            let word = text(word)?;
            match line.verb {
                None => line.verb = Some(word),
                Some(_) => line.words.push(word),
            }
            return Ok(true);
        }
    };
    let Some(flag) = flag else {
        line.unknown.get_or_insert(typed);
        drop(parser.optional_value());
        return Ok(true);
    };
    let value = match flag.value {
        None => String::new(),
        Some(what) => {
            let wanted = || format!("`{typed}` wants a value: {typed} {what}");
            let value = text(parser.value().map_err(|_| wanted())?)?;
            if value.is_empty() { return Err(wanted()) } else { value }
        }
    };
    match flag.name {
        "format" => line.format = format(&value)?,
        "lock-wait" => line.lock_wait = Some(seconds(&value)?),
        _ => {}
    }
    line.given.push((flag, value));
    Ok(true)
}

/// What the parser says, in our words.
fn said(error: lexopt::Error) -> String {
    match error {
        lexopt::Error::UnexpectedValue { option, value } => {
            format!("`{option}` takes no value, and `{}` stands behind it", value.to_string_lossy())
        }
        lexopt::Error::NonUnicodeValue(word) => not_unicode(&word),
        other => other.to_string(),
    }
}

fn format(value: &str) -> Result<Format, String> {
    match value {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        other => Err(format!("`--format` is `text` or `json`, not `{other}`")),
    }
}

fn seconds(value: &str) -> Result<Duration, String> {
    let number = value.strip_suffix('s').unwrap_or(value).trim().parse();
    number.map(Duration::from_secs).map_err(|_| format!("`--lock-wait` is a number of seconds, not `{value}`"))
}

/// `-1` is no option: it is a revision, one step back.
fn steps_back(parser: &mut lexopt::Parser) -> Option<String> {
    let mut raw = parser.try_raw_args()?;
    let word = raw.peek()?.to_str()?;
    let digits = word.strip_prefix('-')?;
    let is_step = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let word = is_step.then(|| word.to_owned())?;
    raw.next();
    Some(word)
}

fn text(word: OsString) -> Result<String, String> {
    word.into_string().map_err(|word| not_unicode(&word))
}

fn not_unicode(word: &OsStr) -> String {
    format!("`{}` is not UTF-8, as all words of a command have to be", word.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Result<Line, String> {
        let mut taken = Line::default();
        parse(line.split_whitespace().map(OsString::from), &mut taken).map(|()| taken)
    }

    #[test]
    fn lines() {
        let line = check("seed demo --url sqlite:x.db --format=json --schema").unwrap();
        assert_eq!((line.verb.as_deref(), line.word()), (Some("seed"), Some("demo")));
        assert_eq!((line.value("url"), line.format), (Some("sqlite:x.db"), Format::Json));
        assert!(line.has("schema") && !line.has("sql"));
        let line = check("revision -m one --message=two -r a.b=c --rename a=b --rename c=d").unwrap();
        assert_eq!(line.value("message"), Some("two"), "the last one counts");
        assert_eq!(line.values("rename").collect::<Vec<_>>(), ["a=b", "c=d"]);
        assert_eq!(line.value("range"), Some("a.b=c"));
        assert_eq!(check("upgrade --lock-wait 2s").unwrap().lock_wait, Some(Duration::from_secs(2)));
    }

    #[test]
    fn steps_are_words_and_no_options() {
        let line = check("downgrade -1 --sql").unwrap();
        assert_eq!((line.words.join(" ").as_str(), line.has("sql")), ("-1", true));
        assert_eq!(check("upgrade +2 head-1 -12").unwrap().words, ["+2", "head-1", "-12"]);
        assert_eq!(check("downgrade -1x").unwrap().unknown.as_deref(), Some("-1"));
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        assert_eq!(check("seed --format xml").unwrap_err(), "`--format` is `text` or `json`, not `xml`");
        assert_eq!(check("upgrade --lock-wait soon").unwrap_err(), "`--lock-wait` is a number of seconds, not `soon`");
        assert_eq!(check("seed --url").unwrap_err(), "`--url` wants a value: --url URL");
        assert_eq!(check("revision -m").unwrap_err(), "`-m` wants a value: -m TEXT");
        assert_eq!(check("check --dir=").unwrap_err(), "`--dir` wants a value: --dir FOLDER");
        assert_eq!(check("seed -x --frob=nicate").unwrap().unknown.as_deref(), Some("-x"));
        assert_eq!(check("check --schema=yes").unwrap_err(), "`--schema` takes no value, and `yes` stands behind it");
        assert_eq!(check("check --schema=yes -v=1 --format xml --format json --url").unwrap_err()[..10], *"`--schema`");
        assert_eq!(check("check -vh=1").unwrap_err(), "`-h` takes no value, and `1` stands behind it");
    }
}

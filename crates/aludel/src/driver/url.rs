//! What a database is called: URLs and paths. Passwords never leave here readable.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::settings::{Place, Settings, Synchronous};
use crate::{Error, Result};

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nowhere: it lives as long as its one connection.
    Memory,
    /// In a file, by its absolute path.
    File(PathBuf),
}

/// Schemes of engines that have no driver.
const ELSEWHERE: &[&str] = &["postgres", "postgresql", "mysql", "mariadb"];

/// Reads `target` as a URL or a bare path; what its query string says goes into `settings`.
pub(crate) fn parse(target: &str, settings: &mut Settings) -> Result<Target> {
    let target = target.trim();
    if target == ":memory:" {
        return Ok(Target::Memory);
    }
    let Some((scheme, rest)) = scheme(target) else { return file(Path::new(target)) };
    if ELSEWHERE.iter().any(|name| scheme.eq_ignore_ascii_case(name)) {
        return Err(Error::config(format!(
            "`{}`: this release of `aludel` has no driver for `{scheme}:` yet; take a file: `sqlite:path/to/file.db`",
            redact(target)
        )));
    }
    if !["sqlite", "sqlite3", "file"].iter().any(|name| scheme.eq_ignore_ascii_case(name)) {
        return Err(Error::config(format!(
            "`{}`: the scheme `{scheme}:` is unknown; write `sqlite:path/to/file.db`, `sqlite::memory:`, or \
             `./{}` for a file of that name",
            redact(target),
            redact(target)
        )));
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let memory = options(query, settings)?;
    let (host, path) = path.strip_prefix("//").map_or((false, path), |path| (true, path));
    if memory || path.trim_start_matches('/') == ":memory:" {
        return Ok(Target::Memory);
    }
    if host && path.split('/').next().is_some_and(|first| first.contains('@')) {
        return Err(Error::config(format!(
            "`{}`: a file has neither user nor host; write `sqlite:path/to/file.db`",
            redact(target)
        )));
    }
    let path = decode(path)?;
    // `///./rel` is a relative path behind an empty host.
    file(Path::new(path.strip_prefix("/./").unwrap_or(&path)))
}

/// `scheme:rest`; a single letter is a drive, and a slash before the colon makes it a path.
fn scheme(target: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = target.split_once(':')?;
    let letters = scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    let begins = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic());
    (letters && begins && scheme.len() > 1).then_some((scheme, rest))
}

fn file(path: &Path) -> Result<Target> {
    if path.as_os_str().is_empty() {
        return Err(Error::config(
            "no database was named; write a path such as `data.db`, a URL such as `sqlite:data.db`, or `sqlite::memory:`",
        ));
    }
    if path.as_os_str().as_encoded_bytes().contains(&0) {
        return Err(Error::config("the path of the database contains a NUL character"));
    }
    std::path::absolute(path).map(Target::File).map_err(|error| {
        Error::config(format!("`{}` cannot be made an absolute path: {error}", path.display())).with_source(error)
    })
}

fn decode(path: &str) -> Result<String> {
    let wrong = || {
        Error::config(format!("`{path}`: a `%` in a URL is followed by two hexadecimal digits; write `%25` for `%`"))
    };
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes().iter();
    while let Some(byte) = rest.next() {
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let pair: Vec<u8> = rest.by_ref().take(2).copied().collect();
        let digits = std::str::from_utf8(&pair).map_err(|_| wrong())?;
        if digits.len() < 2 || digits.starts_with('+') {
            return Err(wrong());
        }
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// The names a query string may hold.
const OPTIONS: &str = "`mode` (ro, rw, rwc, memory), `busy_timeout`, `acquire_timeout`, `statement_timeout`, \
                       `idle_write_timeout` (500ms, 5s, 2m), `synchronous` (off, normal, full), `readers`, `statement_cache` \
                       (a number), `place` (in_place, own_thread)";

/// Reads the query string into `settings`; tells whether it asks for a database in memory.
fn options(query: &str, settings: &mut Settings) -> Result<bool> {
    let mut memory = false;
    for option in query.split('&').filter(|option| !option.is_empty()) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match name {
            "mode" => match value {
                "ro" => settings.read_only = true,
                "rw" => settings.create = false,
                "rwc" => settings.create = true,
                "memory" => memory = true,
                _ => return Err(refuse(name, value, "`ro`, `rw`, `rwc` or `memory`")),
            },
            "busy_timeout" => settings.busy_timeout = duration(name, value)?,
            "acquire_timeout" => settings.acquire_timeout = duration(name, value)?,
            "statement_timeout" => settings.statement_timeout = Some(duration(name, value)?),
            "idle_write_timeout" => settings.idle_write_timeout = duration(name, value)?,
            "synchronous" => {
                settings.synchronous = match value {
                    "off" => Synchronous::Off,
                    "normal" => Synchronous::Normal,
                    "full" => Synchronous::Full,
                    _ => return Err(refuse(name, value, "`off`, `normal` or `full`")),
                }
            }
            "readers" => settings.readers = number(name, value)?,
            "statement_cache" => settings.statement_cache = number(name, value)?,
            "place" => {
                settings.place = match value {
                    "in_place" => Place::InPlace,
                    "own_thread" => Place::OwnThread,
                    _ => return Err(refuse(name, value, "`in_place` or `own_thread`")),
                }
            }
            _ => return Err(Error::config(format!("the URL's option `{name}` is unknown; there are {OPTIONS}"))),
        }
    }
    Ok(memory)
}

fn refuse(name: &str, value: &str, wanted: &str) -> Error {
    Error::config(format!("the URL's option `{name}` is `{value}`; it takes {wanted}"))
}

fn number(name: &str, value: &str) -> Result<usize> {
    match value.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(refuse(name, value, "a number from 1")),
    }
}

/// `500ms`, `5s`, `2m`, or a bare number of milliseconds.
fn duration(name: &str, value: &str) -> Result<Duration> {
    let digits = value.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = match &value[digits.len()..] {
        "" | "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return Err(refuse(name, value, "a time such as `500ms`, `5s` or `2m`")),
    };
    let number: u32 = digits.parse().map_err(|_| refuse(name, value, "a time such as `500ms`, `5s` or `2m`"))?;
    Ok(Duration::from_millis(u64::from(number) * unit))
}

/// `url` with `***` for its password, to be shown or logged.
///
/// ```
/// let shown = aludel::driver::redact("postgres://ann:secret@db.local/blog?sslpassword=more");
/// assert_eq!(shown, "postgres://ann:***@db.local/blog?sslpassword=***");
/// ```
pub fn redact(url: &str) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let mut shown = String::with_capacity(url.len());
    // The last @ before the path ends the password, which may hold an @ itself.
    let authority = base.find("://").map(|at| at + 3);
    let end = authority.map(|from| from + base[from..].find('/').unwrap_or(base.len() - from));
    match (authority, end.and_then(|end| base[..end].rfind('@'))) {
        (Some(from), Some(at)) if at >= from => {
            let user = base[from..at].split(':').next().unwrap_or_default();
            let secret = if user.len() < at - from { ":***" } else { "" };
            shown.extend([&base[..from], user, secret, &base[at..]]);
        }
        // A slash inside a password hides where it ends: then nothing behind the scheme is shown.
        (Some(from), None) if base[from..].contains('@') => shown.extend([&base[..from], "***"]),
        _ => shown.push_str(base),
    }
    for (index, option) in query.split('&').filter(|option| !option.is_empty()).enumerate() {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let lower = name.to_ascii_lowercase();
        let secret = ["pass", "secret", "token", "key", "pwd"].iter().any(|word| lower.contains(word));
        shown.extend([if index == 0 { "?" } else { "&" }, name]);
        if option.contains('=') {
            shown.extend(["=", if secret { "***" } else { value }]);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, expected: &str) {
        let mut settings = Settings::default();
        let here = std::env::current_dir().unwrap();
        let parsed = match parse(target, &mut settings) {
            Ok(Target::Memory) => "memory".to_owned(),
            Ok(Target::File(path)) => match path.strip_prefix(&here) {
                Ok(relative) => format!("here/{}", relative.display()),
                Err(_) => path.display().to_string(),
            },
            Err(error) => error.to_string(),
        };
        assert_eq!(parsed, expected, "{target}");
    }

    #[test]
    fn every_form_of_a_file_is_understood() {
        let relative =
            ["blog.db", "./blog.db", "sqlite:blog.db", "sqlite://blog.db", "sqlite:///./blog.db", "SQLITE:blog.db"];
        relative.iter().for_each(|target| check(target, "here/blog.db"));
        let absolute = [
            "/srv/blog.db",
            "sqlite:/srv/blog.db",
            "sqlite:///srv/blog.db",
            "file:///srv/blog.db",
            "sqlite3:/srv/blog.db",
        ];
        absolute.iter().for_each(|target| check(target, "/srv/blog.db"));
        let memory = [":memory:", "sqlite::memory:", "sqlite://:memory:", "sqlite:///:memory:", "file:x?mode=memory"];
        memory.iter().for_each(|target| check(target, "memory"));
        check("sqlite:my%20blog.db?mode=ro", "here/my blog.db");
        check("a/b:c.db", "here/a/b:c.db");
        check("sqlite:a@b.db", "here/a@b.db");
        check("what?.db", "here/what?.db");
    }

    #[test]
    fn what_is_no_database_is_told_apart() {
        let none = "no database was named; write a path such as `data.db`, a URL such as `sqlite:data.db`, or `sqlite::memory:`";
        ["", "  ", "sqlite:", "sqlite://"].iter().for_each(|target| check(target, none));
        check(
            "postgres://ann:s3cret@db/blog",
            "`postgres://ann:***@db/blog`: this release of `aludel` has no driver for `postgres:` yet; take a file: \
             `sqlite:path/to/file.db`",
        );
        check(
            "oracle://ann:s3cret@db",
            "`oracle://ann:***@db`: the scheme `oracle:` is unknown; write `sqlite:path/to/file.db`, `sqlite::memory:`, or `./oracle://ann:***@db` for a file of that name",
        );
        check(
            "sqlite://ann:s3cret@db/blog",
            "`sqlite://ann:***@db/blog`: a file has neither user nor host; write `sqlite:path/to/file.db`",
        );
        check("sqlite:a%2", "`a%2`: a `%` in a URL is followed by two hexadecimal digits; write `%25` for `%`");
        check("sqlite:a?mode=wr", "the URL's option `mode` is `wr`; it takes `ro`, `rw`, `rwc` or `memory`");
        check(
            "sqlite:a?busy_timeout=5h",
            "the URL's option `busy_timeout` is `5h`; it takes a time such as `500ms`, `5s` or `2m`",
        );
        check("sqlite:a?readers=0", "the URL's option `readers` is `0`; it takes a number from 1");
        check("sqlite:a?cache=shared", &format!("the URL's option `cache` is unknown; there are {OPTIONS}"));
    }

    #[test]
    fn a_query_string_settles_how_the_database_is_opened() {
        let mut settings = Settings::default();
        let url = "sqlite:a?mode=rw&busy_timeout=250&statement_timeout=2m&synchronous=full&readers=3&place=own_thread";
        parse(url, &mut settings).unwrap();
        assert!(!settings.create && settings.synchronous == Synchronous::Full && settings.place == Place::OwnThread);
        assert_eq!((settings.busy_timeout, settings.readers), (Duration::from_millis(250), 3));
        assert_eq!(settings.statement_timeout, Some(Duration::from_secs(120)));
    }

    #[test]
    fn passwords_are_hidden_wherever_they_stand() {
        let cases = [
            ("mysql://a:b@c@h/d", "mysql://a:***@h/d"),
            ("mysql://a@h/d", "mysql://a@h/d"),
            ("mysql://a:p/w@h/d", "mysql://***"),
            ("mysql://h/d?password=x&a=b&flag", "mysql://h/d?password=***&a=b&flag"),
            ("sqlite:a@b.db", "sqlite:a@b.db"),
        ];
        for (url, expected) in cases {
            assert_eq!(redact(url), expected);
        }
    }
}

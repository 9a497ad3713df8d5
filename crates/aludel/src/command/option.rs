//! The options of all commands as data: an option means the same wherever it stands.

/// One option.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flag {
    pub(super) name: &'static str,
    pub(super) short: Option<char>,
    /// What its value is called in help; `None` where it takes none.
    pub(super) value: Option<&'static str>,
    pub(super) about: &'static str,
}

const fn flag(name: &'static str, about: &'static str) -> Flag {
    Flag { name, short: None, value: None, about }
}

const fn valued(name: &'static str, value: &'static str, about: &'static str) -> Flag {
    Flag { name, short: None, value: Some(value), about }
}

const fn short(letter: char, flag: Flag) -> Flag {
    Flag { short: Some(letter), ..flag }
}

/// Options that every command takes.
pub(super) const EVERYWHERE: &[&str] = &["url", "dir", "format", "help"];

/// All options there are.
pub(super) const FLAGS: &[Flag] = &[
    valued("url", "URL", "the database, a URL or a path, instead of DATABASE_URL"),
    valued("dir", "FOLDER", "the folder of revisions, instead of migrations"),
    valued("format", "text|json", "how to answer: for people, or for programs"),
    short('h', flag("help", "more about a command")),
    short('m', valued("message", "TEXT", "what the revision does, in a few words; its file is called so")),
    short('v', flag("verbose", "more about each revision")),
    short('y', flag("yes", "consent to what would be asked")),
    short('r', valued("range", "FROM:TO", "only those between two revisions, both included")),
    flag("sql", "print the SQL, and run nothing"),
    flag("empty", "a revision without steps, to be written by hand"),
    flag("autogenerate", "from the models, which is what happens anyway"),
    valued("head", "REV", "the revision to follow, where there are several heads"),
    valued("label", "NAME", "a name for the branch that begins here"),
    valued("depends", "REV", "a revision of another branch that has to be applied before; repeatable"),
    valued(
        "rename",
        "OLD=NEW",
        "a table, column, enum or variant has a new name: posts=articles, posts.body=text; repeatable",
    ),
    valued("drop", "NAME", "this table, column, enum or variant goes: posts, posts.body; repeatable"),
    valued("default", "COLUMN=VALUE", "what rows that are there hold in a new column: posts.likes=0; repeatable"),
    valued(
        "using",
        "COLUMN=SQL",
        "what makes the values of a column of another type: posts.likes=(likes * 2); repeatable",
    ),
    valued("lock-wait", "SECONDS", "how long to wait for another program that changes the tables (30)"),
    flag("accept", "take their files for what was run, although they were edited since"),
    flag("applied", "the text that was run, as the database remembers it"),
    flag("check-heads", "exit with 1 unless every revision is applied"),
    flag("live", "compare the database, too: what is stored in it, and whether all is applied"),
    flag("schema", "bring its tables along, too"),
    flag("database", "the database itself, not only our tables"),
    flag("purge", "forget every revision the database is said to have, first"),
];

/// The option of this name.
pub(super) fn long(name: &str) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.name == name)
}

/// The option of this letter.
pub(super) fn short_of(letter: char) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.short == Some(letter))
}

impl Flag {
    /// `-m, --message TEXT`
    pub(super) fn usage(&self) -> String {
        let short = self.short.map(|letter| format!("-{letter}, ")).unwrap_or_default();
        let value = self.value.map(|value| format!(" {value}")).unwrap_or_default();
        format!("{short}--{}{value}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_letters_are_there_once() {
        for flag in FLAGS {
            assert_eq!(long(flag.name), Some(flag));
            assert!(flag.short.and_then(short_of).is_none_or(|found| found == flag), "{}", flag.name);
        }
    }
}

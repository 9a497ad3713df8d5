//! The commands as data: what each is called, takes, does and answers.

use crate::schema::nearest;

/// One command.
pub(super) struct Verb {
    pub(super) name: &'static str,
    /// What may follow the name, as help shows it.
    pub(super) arguments: &'static str,
    /// How many words have to follow, and how many may.
    pub(super) words: (usize, usize),
    /// Which options it takes besides those that all take.
    pub(super) flags: &'static [&'static str],
    pub(super) about: &'static str,
    pub(super) help: &'static str,
    /// What is typed behind `db`, and what for.
    pub(super) examples: &'static [(&'static str, &'static str)],
    pub(super) codes: &'static str,
}

const MANY: usize = usize::MAX;
const DONE: &str = "0 done or nothing to do, 1 failed, 2 not understood";
const MAY_WAIT: &str = "0 done or nothing to do, 1 failed, 2 not understood, 4 another process is at it";
const MAY_ASK: &str =
    "0 done or nothing to do, 1 failed, 2 not understood, 3 consent is missing, 4 another process is at it";

/// How revisions are named, for those commands that take one.
const NAMES: &str = "A revision is named by its id or the beginning of it, by a label, or by where it stands: `head` is the last one,\n\
     `heads` are the last ones of all branches, `base` is before the first, `+1` the next one to be applied, `-1` one back\n\
     from what is applied, `4f1c+2` and `head-1` so many steps from there, `shop@head` the last one of the branch `shop`.";

/// What others call it, for whoever comes from there.
const ELSEWHERE: &[(&str, &str)] = &[
    ("apply", "upgrade"),
    ("create", "ensure"),
    ("diff", "check"),
    ("down", "downgrade"),
    ("generate", "revision"),
    ("log", "history"),
    ("makemigrations", "revision"),
    ("migrate", "upgrade"),
    ("migration", "revision"),
    ("new", "revision"),
    ("reset", "drop"),
    ("revert", "downgrade"),
    ("rollback", "downgrade"),
    ("setup", "ensure"),
    ("undo", "downgrade"),
    ("up", "upgrade"),
    ("verify", "check"),
];

/// `db` alone: where things stand.
pub(super) const NOTHING: Verb = Verb {
    name: "",
    arguments: "",
    words: (0, 0),
    flags: &[],
    about: "where things stand, and what to type next",
    help: "",
    examples: &[],
    codes: DONE,
};

/// All commands, in the order in which help lists them.
pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "init",
        arguments: "[-m TEXT]",
        words: (0, 0),
        flags: &["message"],
        about: "make the folder of revisions, and the first of them from the models",
        help: "Run again, it finds nothing to do. Where there are no models yet the folder stays empty, and `revision`\n\
               writes the first revision later.",
        examples: &[
            ("init", "migrations/ with the tables of all models"),
            ("init -m \"users and posts\"", "in your words"),
        ],
        codes: DONE,
    },
    Verb {
        name: "revision",
        arguments: "[-m TEXT]",
        words: (0, 0),
        flags: &[
            "message",
            "empty",
            "autogenerate",
            "head",
            "label",
            "depends",
            "rename",
            "drop",
            "default",
            "using",
            "yes",
            "sql",
        ],
        about: "write a revision of what the models have and the history has not",
        help: "The models are compared with what the files in the folder add up to; no database is needed. Where\n\
               the models already are what the files say, nothing is written.\n\n\
               Whether something was renamed, or may go with its rows, is asked and never guessed: in a terminal at once, else\n\
               by exit code 3 and a question in JSON, which --rename, --drop, --default and --using answer. --yes lets go whatever the\n\
               models no longer have.",
        examples: &[
            ("revision -m \"add shields\"", "from the models"),
            ("revision --rename posts.body=text", "the column has a new name and keeps its values"),
            ("revision --empty -m \"fill slugs\"", "to be written by hand: open it with `edit head`"),
            ("revision --sql", "what would be written, without writing it"),
        ],
        codes: "0 written or nothing to do, 1 failed, 2 not understood, 3 an answer is missing",
    },
    Verb {
        name: "upgrade",
        arguments: "[REV]",
        words: (0, 1),
        flags: &["sql", "lock-wait"],
        about: "apply revisions up to REV; without it, all",
        help: "One transaction for each revision: stopped anywhere, a revision is applied or it is not, and running it again\n\
               goes on. With --sql the statements are printed, for the database as it is; of FROM:TO, without a look at it.",
        examples: &[
            ("upgrade", "everything there is"),
            ("upgrade +1", "the next one"),
            ("upgrade --sql 4f1c:head", "a script for a database that is at 4f1c"),
        ],
        codes: MAY_WAIT,
    },
    Verb {
        name: "downgrade",
        arguments: "REV",
        words: (1, 1),
        flags: &["yes", "sql", "lock-wait"],
        about: "take back all revisions after REV",
        help: "REV stays applied; `base` takes back everything. Where tables or columns go with what is in them, consent is\n\
               asked first, or given by --yes. With --sql the statements are printed, for the database as it is; of FROM:TO,\n\
               without a look at it.",
        examples: &[
            ("downgrade -1", "the last one"),
            ("downgrade 4f1c --yes", "everything after 4f1c, with what is lost by that"),
            ("downgrade --sql head:-1", "the script for it"),
        ],
        codes: MAY_ASK,
    },
    Verb {
        name: "current",
        arguments: "",
        words: (0, 0),
        flags: &["verbose", "check-heads"],
        about: "the last revision of each branch that the database has",
        help: "With -v also when each was applied, by whom and how long it took.",
        examples: &[
            ("current", "where the database is"),
            ("current --check-heads", "1 where a revision is not applied: for a deployment"),
        ],
        codes: "0 told, 1 failed, or with --check-heads a revision is not applied, 2 not understood",
    },
    Verb {
        name: "history",
        arguments: "[-r FROM:TO]",
        words: (0, 0),
        flags: &["range", "verbose"],
        about: "all revisions, newest first",
        help: "Marks the heads, the labels, where branches begin and meet, and, where there is a database, what is applied.\n\
               Either side of the range may be left out.",
        examples: &[("history", "all of them"), ("history -r 4f1c:head -v", "from 4f1c on, with files and parents")],
        codes: DONE,
    },
    Verb {
        name: "heads",
        arguments: "",
        words: (0, 0),
        flags: &["verbose"],
        about: "the revisions that none follows",
        help: "More than one: branches are open, and `merge` joins them.",
        examples: &[("heads", "one, or several where branches are open"), ("heads -v", "with files and parents")],
        codes: DONE,
    },
    Verb {
        name: "branches",
        arguments: "",
        words: (0, 0),
        flags: &["verbose"],
        about: "where the history parts: revisions that several others follow",
        help: "Below each stand those that follow it. `merge` joins branches that are still open.",
        examples: &[("branches", "each with those that follow it"), ("branches -v", "with files and parents")],
        codes: DONE,
    },
    Verb {
        name: "merge",
        arguments: "[REV ..]",
        words: (0, MANY),
        flags: &["message", "label", "yes"],
        about: "write a revision that joins heads; without REV, all of them",
        help: "Where both sides change the same table, column or rule, the objects are named and consent is asked: read both\n\
               files first, or give it by --yes.",
        examples: &[("merge", "all heads"), ("merge 4f1c 9a0b -m \"shop meets blog\"", "these two")],
        codes: "0 written or nothing to do, 1 failed, 2 not understood, 3 consent is missing",
    },
    Verb {
        name: "show",
        arguments: "REV",
        words: (1, 1),
        flags: &["sql", "applied"],
        about: "one revision: its file",
        help: "With --sql what the database of this application runs for it; with --applied the text that the database\n\
               remembers, where the file was edited since or is gone.",
        examples: &[("show head", "the last file"), ("show 4f1c --sql", "its statements")],
        codes: DONE,
    },
    Verb {
        name: "edit",
        arguments: "REV",
        words: (1, 1),
        flags: &[],
        about: "open a revision in your editor, and check it afterwards",
        help: "The editor is the one that VISUAL or EDITOR names. A revision that a database has should not be edited: its\n\
               checksum would no longer fit.",
        examples: &[("edit head", "the last one"), ("edit 4f1c", "the one whose id begins so")],
        codes: "0 the file can be read, 1 it has faults, 2 not understood",
    },
    Verb {
        name: "stamp",
        arguments: "REV ..",
        words: (1, MANY),
        flags: &["purge", "accept", "yes", "lock-wait"],
        about: "say that the database is at REV, and run nothing",
        help: "For a database whose tables were made otherwise. Several revisions are taken one after the other, in one\n\
               transaction: all of them or none. `base` says that it has no revision. --purge forgets first what it is said to\n\
               have, also what no file knows. --accept says that an edited file means what was run.",
        examples: &[
            ("stamp head", "the tables are there already"),
            ("stamp 4f1c 9a0b", "so far on each of two branches"),
            ("stamp --purge 4f1c", "whatever was written there"),
            ("stamp --accept 4f1c", "its file was edited and means the same"),
        ],
        codes: MAY_ASK,
    },
    Verb {
        name: "check",
        arguments: "[--live]",
        words: (0, 0),
        flags: &["live"],
        about: "whether models and revisions say the same",
        help: "Reads all files, adds them up for each engine of the project, and names every difference with the line of the\n\
               model. No database is needed.\n\n\
               With --live the database has to be as they say, too: each revision that is not applied yet is a difference, and\n\
               so is whatever in our tables no revision has made. Nothing is written.",
        examples: &[
            ("check", "before every commit"),
            ("check --live", "is all applied, and has nobody changed tables by hand?"),
        ],
        codes: "0 the same, 1 they differ, a file has a fault, or with --live there is no database, 2 not understood",
    },
    Verb {
        name: "ensure",
        arguments: "[--schema]",
        words: (0, 0),
        flags: &["schema", "lock-wait"],
        about: "make the database where there is none; with --schema its tables too",
        help: "Opens the database, which makes the file and the folders above it. With --schema it applies all revisions; where\n\
               the project has none, it makes the tables of the models. Run again, it finds nothing to do.",
        examples: &[("ensure", "the file, still empty"), ("ensure --schema", "ready to serve")],
        codes: MAY_WAIT,
    },
    Verb {
        name: "drop",
        arguments: "[--database]",
        words: (0, 0),
        flags: &["yes", "database", "lock-wait"],
        about: "drop our tables with all rows, or the database",
        help: "Our tables are those of the models, those that the applied revisions made, and those in which revisions are\n\
               remembered. Others stay, unless --database removes the whole; where their rows point at ours, or a view of\n\
               theirs reads ours, nothing is dropped. It asks for the name of the database; --yes answers.",
        examples: &[
            ("drop", "our tables, once you have typed the name of the database"),
            ("drop --database --yes", "the file goes, without a question"),
        ],
        codes: MAY_ASK,
    },
    Verb {
        name: "seed",
        arguments: "[NAME]",
        words: (0, 1),
        flags: &[],
        about: "run the registered seed functions, or the one called NAME",
        help: "Seeds are functions of the application: `project!().seed(\"demo\", ..)`. Each runs in a transaction of its own: all\n\
               of its rows, or none.",
        examples: &[("seed", "all, in order"), ("seed demo", "one")],
        codes: MAY_WAIT,
    },
    Verb {
        name: "health",
        arguments: "",
        words: (0, 0),
        flags: &[],
        about: "ask the database for its version, and tell how long it took",
        help: "Exits with 1 where there is no database, or it cannot be opened or does not answer. Nothing is written.",
        examples: &[("health", "does it answer?"), ("health --format json", "for a monitor")],
        codes: "0 it answers, 1 it does not, 2 not understood",
    },
];

/// The command that somebody may have meant by `word`.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == word).map(|(_, name)| *name);
    elsewhere.or_else(|| nearest(word, VERBS.iter().map(|verb| verb.name).chain(["help"])))
}

/// The command of this name.
pub(super) fn named(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

impl Verb {
    /// What the command does, with how revisions are named where it takes one.
    pub(super) fn explained(&self) -> String {
        let takes_revision =
            self.arguments.contains("REV") || ["head", "range"].iter().any(|it| self.flags.contains(it));
        if takes_revision { format!("{}\n\n{NAMES}", self.help) } else { self.help.to_owned() }
    }
}

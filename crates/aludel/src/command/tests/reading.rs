//! Commands that only look: what they answer to programs, and that they leave nothing behind.

#![allow(unsafe_code, reason = "each model is an element of a linker slice")]

use expect_test::expect;

use super::Desk;
use crate::Meta;

mod models {
    use crate::Model;
    #[derive(Model)]
    #[allow(dead_code, reason = "only its table is used")]
    pub(super) struct Note {
        id: i64,
        text: String,
    }
}

fn notes() -> Vec<&'static Meta> {
    crate::schema![models::Note]
}

/// Every command that writes nothing.
const LOOKING: &[&str] = &[
    "",
    "current",
    "current -v --check-heads",
    "history",
    "history -v -r :head",
    "heads -v",
    "branches",
    "show head",
    "show head --sql",
    "check",
    "check --live",
    "upgrade --sql",
    "upgrade --sql base:head",
    "downgrade --sql head:base",
    "revision --sql --empty",
    "merge",
    "drop",
    "drop --database",
    "health",
    "help",
];

#[test]
fn looking_makes_no_database() {
    let desk = Desk::new();
    for line in LOOKING {
        desk.types(&notes(), line);
        assert!(desk.files().is_empty(), "{line} without anything: {:?}", desk.files());
    }
    desk.types(&notes(), "init");
    for line in LOOKING {
        let (code, out, error) = desk.types(&notes(), line);
        assert!(code < 2, "{line}: {out}{error}");
        assert_eq!(desk.files(), ["migrations"], "{line} without a database");
    }
}

#[test]
fn looking_leaves_a_database_as_it_is() {
    let desk = Desk::new();
    desk.types(&notes(), "init");
    desk.types(&notes(), "upgrade");
    let bytes = || std::fs::read(desk.path("shop.db")).unwrap();
    let before = bytes();
    for line in LOOKING {
        desk.types(&notes(), line);
        assert_eq!(desk.files(), ["migrations", "shop.db"], "{line}");
        assert!(bytes() == before, "{line} has written");
    }
}

#[test]
fn answers_for_programs() {
    let desk = Desk::new();
    let lines = [
        "init",
        "",
        "check",
        "upgrade",
        "current",
        "history",
        "heads",
        "branches",
        "show head",
        "revision",
        "merge",
        "stamp base --yes",
        "drop --yes",
        "ensure",
        "ensure --schema",
        "seed",
        "upgrade nowhere",
    ];
    let mut text = String::new();
    for line in lines {
        let (code, out, error) = desk.types(&notes(), &format!("{line} --format json"));
        let said = if out.is_empty() { &error } else { &out };
        let json: serde_json::Value =
            serde_json::from_str(said).unwrap_or_else(|error| panic!("{line}: {error}\n{said}"));
        text.push_str(&format!("$ {line}\n= {code} {}\n", shown(json)));
    }
    expect![[r#"
        $ init
        = 0 {"file":"migrations/7b41f6ff17bd_first_tables.sql","notes":[],"revision":"7b41f6ff17bd","text":"..","written":true}
        $ 
        = 0 {"database":{"applied":[],"current":[],"database":"shop.db","edited":[],"exists":false,"pending":[{"applied":false,"children":[],"current":false,"depends":[],"file":"migrations/7b41f6ff17bd_first_tables.sql","head":true,"id":"7b41f6ff17bd","labels":[],"message":"first tables","parents":[],"reversible":true}],"unknown":[]},"differences":[],"folder":"migrations","heads":[{"applied":false,"children":[],"current":false,"depends":[],"file":"migrations/7b41f6ff17bd_first_tables.sql","head":true,"id":"7b41f6ff17bd","labels":[],"message":"first tables","parents":[],"reversible":true}],"next":"upgrade","note":null,"revisions":1}
        $ check
        = 0 {"clean":true,"differences":[],"engines":["sqlite"],"live":null,"revisions":1}
        $ upgrade
        = 0 {"database":"shop.db","revisions":[{"applied":true,"children":[],"current":true,"depends":[],"file":"migrations/7b41f6ff17bd_first_tables.sql","head":true,"id":"7b41f6ff17bd","labels":[],"message":"first tables","parents":[],"reversible":true}]}
        $ current
        = 0 {"applied":[{"checksum":"..","file":"migrations/7b41f6ff17bd_first_tables.sql","finished":"..","id":"7b41f6ff17bd","message":"first tables","parents":[],"place":1,"started":"..","state":"applied","text":"..","tool":"..","who":".."}],"current":[{"applied":true,"children":[],"current":true,"depends":[],"file":"migrations/7b41f6ff17bd_first_tables.sql","head":true,"id":"7b41f6ff17bd","labels":[],"message":"first tables","parents":[],"reversible":true}],"database":"shop.db","edited":[],"exists":true,"pending":[],"unknown":[]}
        $ history
        = 0 {"revisions":[{"applied":true,"children":[],"current":true,"depends":[],"file":"migrations/7b41f6ff17bd_first_tables.sql","head":true,"id":"7b41f6ff17bd","labels":[],"message":"first tables","parents":[],"reversible":true}]}
        $ heads
        = 0 {"revisions":[{"applied":true,"children":[],"current":true,"depends":[],"file":"migrations/7b41f6ff17bd_first_tables.sql","head":true,"id":"7b41f6ff17bd","labels":[],"message":"first tables","parents":[],"reversible":true}]}
        $ branches
        = 0 {"revisions":[]}
        $ show head
        = 0 {"revisions":[{"file":"migrations/7b41f6ff17bd_first_tables.sql","id":"7b41f6ff17bd","text":".."}]}
        $ revision
        = 0 {"file":null,"notes":[],"revision":null,"text":"..","written":false}
        $ merge
        = 0 {"file":null,"notes":[],"revision":null,"text":"..","written":false}
        $ stamp base --yes
        = 0 {"database":"shop.db","revisions":[]}
        $ drop --yes
        = 0 {"database":"shop.db","removed":false,"tables":["aludel_events","aludel_revisions","aludel_steps","notes"]}
        $ ensure
        = 0 {"applied":[],"database":"shop.db","tables_made":false}
        $ ensure --schema
        = 0 {"applied":["7b41f6ff17bd"],"database":"shop.db","tables_made":false}
        $ seed
        = 0 {"seeded":[]}
        $ upgrade nowhere
        = 2 {"code":"usage","error":"there is no revision or label `nowhere`: the command `history` lists them"}
    "#]].assert_eq(&text);
}

/// Without what differs from run to run.
fn shown(mut json: serde_json::Value) -> String {
    fn walk(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(fields) => {
                for (name, value) in fields {
                    match name.as_str() {
                        "who" | "started" | "finished" | "tool" | "text" | "checksum" => *value = "..".into(),
                        _ => walk(value),
                    }
                }
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut json);
    json.to_string()
}

#[test]
fn faults_of_files_are_shown_where_they_are() {
    let desk = Desk::new();
    desk.types(&notes(), "init");
    let file = |name: &str, text: &str| std::fs::write(desk.path("migrations").join(name), text).unwrap();
    let head = std::fs::read_dir(desk.path("migrations")).unwrap().next().unwrap().unwrap().file_name();
    let parent = head.to_str().unwrap()[..12].to_owned();
    file(
        "2_wrong.sql",
        &format!("-- edition: 1\n-- revision: b2\n-- parents: {parent}\n\nALTER TABLE notes ADD COLUMN n SERIAL;\n"),
    );
    file(
        "3_wrong.sql",
        &format!("-- edition: 1\n-- revision: c3\n-- parents: {parent}\n\nALTER TABLE note ADD COLUMN n BIGINT;\n"),
    );
    let parsing = desk.session(&notes(), &["check"]);
    std::fs::remove_file(desk.path("migrations/2_wrong.sql")).unwrap();
    let folding = desk.session(&notes(), &["check"]);
    file("4_wrong.sql", "-- edition: 1\n-- revision: d4\n-- parents: zz\n");
    let graph = desk.session(&notes(), &["history", "upgrade", ""]);
    let text = [parsing, folding, graph].concat().replace(&parent, "PARENT");
    expect![[r#"
        $ check
        ! error: there is no portable type `SERIAL`
        !  --> migrations/2_wrong.sql:5:32
        !   |
        ! 5 | ALTER TABLE notes ADD COLUMN n SERIAL;
        !   |                                ^^^^^^
        !   = help: write BIGINT GENERATED BY DEFAULT AS IDENTITY
        = 1
        $ check
        ! error: there is no table `note` at this point
        !  --> migrations/3_wrong.sql:5:13
        !   |
        ! 5 | ALTER TABLE note ADD COLUMN n BIGINT;
        !   |             ^^^^
        !   = help: did you mean `notes`?
        = 1
        $ history
        ! error: revision `d4` follows `zz`, which is not there
        !  --> migrations/4_wrong.sql:3:13
        !   |
        ! 3 | -- parents: zz
        !   |             ^^
        !   = help: bring its file back, or write the revision it follows now
        = 1
        $ upgrade
        ! error: revision `d4` follows `zz`, which is not there
        !  --> migrations/4_wrong.sql:3:13
        !   |
        ! 3 | -- parents: zz
        !   |             ^^
        !   = help: bring its file back, or write the revision it follows now
        = 1
        $ 
        ! error: revision `d4` follows `zz`, which is not there
        !  --> migrations/4_wrong.sql:3:13
        !   |
        ! 3 | -- parents: zz
        !   |             ^^
        !   = help: bring its file back, or write the revision it follows now
        = 1
    "#]]
    .assert_eq(&text);
    assert_eq!(desk.files(), ["migrations"]);
}

#[test]
fn health_of_what_is_not_there_is_none() {
    let desk = Desk::new();
    let url = |name: &str| format!("health --url \"sqlite:{}\"", desk.path(name).display());
    for line in ["health".to_owned(), url("tpyo.db"), url("nowhere/shop.db"), url("")] {
        let (code, out, error) = desk.types(&notes(), &line);
        assert!(code == 1 && out.is_empty() && error.starts_with("error: "), "{line}: {code} {out}{error}");
        assert!(desk.files().is_empty(), "{line}: {:?}", desk.files());
    }
    desk.types(&notes(), "ensure");
    assert_eq!(desk.types(&notes(), "health").0, 0);
}

#[test]
fn a_table_of_others_keeps_ours_from_going() {
    let desk = Desk::new();
    desk.types(&notes(), "init");
    desk.types(&notes(), "upgrade");
    desk.runs(&[
        "INSERT INTO notes (id, text) VALUES (1, 'x')",
        "CREATE TABLE theirs (id INTEGER, note BIGINT REFERENCES notes (id))",
        "INSERT INTO theirs VALUES (7, 1)",
    ]);
    let refused = desk.session(&notes(), &["drop --yes", "check --live"]);
    desk.runs(&["DROP TABLE theirs", "CREATE VIEW texts AS SELECT text FROM notes"]);
    let viewed = desk.session(&notes(), &["drop --yes", "check --live"]);
    desk.runs(&["DROP VIEW texts"]);
    expect![[r#"
        $ drop --yes
        ! error: 1 row would point at rows that are not there (theirs -> notes); nothing was dropped; drop or empty the tables that point at ours first
        = 1
        $ check --live
        models and 1 revision say the same for sqlite, and so does the database
        $ drop --yes
        ! error: view `texts` would no longer work: the database answered: no such table: main.notes; `db ensure --schema` makes the tables of the models (code 1); nothing was dropped; drop it first
        = 1
        $ check --live
        models and 1 revision say the same for sqlite, and so does the database
        $ drop --yes
        dropped 4 tables of shop.db: aludel_events, aludel_revisions, aludel_steps, notes
    "#]].assert_eq(&[refused, viewed, desk.session(&notes(), &["drop --yes"])].concat());
}

#[test]
fn a_database_goes_whatever_its_files_say() {
    let desk = Desk::new();
    desk.types(&notes(), "init");
    desk.types(&notes(), "upgrade");
    std::fs::write(desk.path("migrations/2_wrong.sql"), "-- edition: 1\n-- revision: b2\n-- parents: zz\n").unwrap();
    assert_eq!(desk.types(&notes(), "drop --yes").0, 1);
    assert_eq!(desk.types(&notes(), "drop --database").0, 3);
    let (code, out, error) = desk.types(&notes(), "drop --database --yes");
    assert_eq!((code, out.as_str()), (0, "removed shop.db\n"), "{error}");
    assert_eq!(desk.files(), ["migrations"]);
}

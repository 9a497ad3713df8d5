//! Arrows between the modules of the core crate point downward only, and below the line nothing has an effect.

use super::source::{close, line, words};
use super::{CORE, File, Finding};

/// What each module may name, lowest first: whole modules, or one item of a module. Nothing here does I/O, reads a clock,
/// draws randomness or awaits.
///
/// The trait that makes a Rust type a column stands in `model` beside the derive's other traits; what implements it for a
/// type stands in `value` beside the type's conversions. A view's fields say by their types in which branches of a loading
/// their rows are gathered. Loading hands out the driver's requests, which are data; running them is for others.
const BELOW: &[(&str, &str)] = &[
    ("error", ""),
    ("syntax", "error"),
    ("value", "error model::Field model::Leaf model::Part model::Pending model::keys"),
    ("schema", "syntax value error"),
    ("model", "schema value error"),
    ("dialect", "sql schema syntax value error"),
    ("sql", "dialect schema syntax value error"),
    ("query", "sql dialect model schema value error load::Branch load::Children"),
    ("load", "query sql dialect model schema value error driver::Request driver::Sink"),
    ("unit", "load query sql dialect model schema value error"),
    ("migrate", "sql dialect model schema syntax value error"),
];

/// Modules with effects. Beside what is listed, all but the driver may name everything below the line. A project runs
/// commands, and a command is run for a project.
const ABOVE: &[(&str, &str)] = &[
    ("block", "error"),
    ("driver", "block sql dialect value error"),
    ("session", "driver database"),
    ("database", "driver session"),
    ("migrate/run", "driver database session"),
    ("testing", "driver database session"),
    ("command", "driver database session migrate/run project"),
    ("project", "driver database session migrate/run command"),
    ("axum", "driver database session"),
];

/// The crate's front: it gathers names from everywhere and holds no logic.
const FRONT: &[&str] = &["lib", "derive", "prelude", "__private"];

/// What has an effect, or differs from run to run.
const EFFECTS: &[&str] = &[
    ".await",
    "async fn",
    "async move",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "tokio::",
    "rusqlite::",
    "Instant::now",
    "SystemTime::now",
    "Utc::now",
    "Local::now",
    "Zoned::now",
    "RandomState",
];

/// Reads the paths that begin at the crate's root or at a parent module.
pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let front = files.iter().find(|file| file.path == format!("{CORE}lib.rs"));
    let exports = front.and_then(|file| file.rust.as_ref()).map(|source| exports(&source.bare)).unwrap_or_default();
    let mut findings = Vec::new();
    for file in files {
        let Some((inner, source)) = file.core() else { continue };
        let modules: Vec<&str> = inner.trim_end_matches(".rs").split('/').collect();
        if FRONT.contains(&modules[0]) {
            continue;
        }
        let Some((name, uses, pure)) = layer(&modules) else {
            let what = format!("module `{}` has no layer", modules[0]);
            findings.push(Finding::new(
                &file.path,
                1,
                what,
                "give it one in xtask/src/tidy/layers.rs and in ARCHITECTURE.md",
            ));
            continue;
        };
        for Target { at, module, item } in targets(&source.bare, &modules, &exports) {
            let Some((target, ..)) = layer(&module.split('/').collect::<Vec<_>>()) else { continue };
            let allowed = target == name
                || uses.split(' ').any(|used| used == target || used == item)
                || (!pure && name != "driver" && BELOW.iter().any(|(below, _)| *below == target));
            if !allowed {
                let what = format!("`{name}` names `{target}`, which is not below it");
                let cure = format!("it may name: {uses}. Move the item down, or pass what it needs as an argument");
                findings.push(Finding::new(&file.path, line(&source.bare, at), what, cure));
            }
        }
        for (at, effect) in
            EFFECTS.iter().filter(|_| pure).flat_map(|effect| words(&source.bare, effect).map(move |at| (at, effect)))
        {
            let what = format!("`{effect}` in `{name}`, which is below the line");
            findings.push(Finding::new(
                &file.path,
                line(&source.bare, at),
                what,
                "return the work as a value and perform it above, or take the result as an argument",
            ));
        }
    }
    findings
}

/// A path that a file names.
struct Target {
    /// Where it begins.
    at: usize,
    /// Its parts with slashes, to find its layer by.
    module: String,
    /// Its parts as Rust spells them.
    item: String,
}

/// The layer of a module path: its most specific entry, what it may name, and whether it is pure.
fn layer(modules: &[&str]) -> Option<(&'static str, &'static str, bool)> {
    let path = modules.join("/");
    let fits = |name: &str| path == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
    let below = BELOW.iter().map(|(name, uses)| (*name, *uses, true));
    let above = ABOVE.iter().map(|(name, uses)| (*name, *uses, false));
    below.chain(above).filter(|(name, ..)| fits(name)).max_by_key(|(name, ..)| name.len())
}

/// Names that `lib.rs` lifts to the root, with the module each comes from.
fn exports(bare: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for at in words(bare, "use") {
        let tree = bare[at + 3..].split(';').next().unwrap_or_default().trim();
        let tree = tree.strip_prefix("crate::").unwrap_or(tree);
        let Some((module, rest)) = tree.split_once("::") else { continue };
        let names = rest.trim_matches(|c| matches!(c, '{' | '}' | ' ' | '\n'));
        for name in names.split(',') {
            let name = name.rsplit(" as ").next().unwrap_or(name).rsplit("::").next().unwrap_or(name).trim();
            found.push((name.trim_matches(['{', '}']).to_owned(), module.to_owned()));
        }
    }
    found
}

/// Every path inside the crate that `bare` names, as its module and its spelling, seen from the file of `modules`.
fn targets(bare: &str, modules: &[&str], exports: &[(String, String)]) -> Vec<Target> {
    let mut found = Vec::new();
    let mut name = |at: usize, base: &[&str], path: &str| {
        let parts = path.split("::").map(str::trim).filter(|part| !part.is_empty());
        let mut path: Vec<&str> = base.iter().copied().chain(parts).collect();
        let lifted = exports.iter().find(|(name, _)| base.is_empty() && path.first() == Some(&name.as_str()));
        if let Some((_, module)) = lifted {
            path.insert(0, module);
        }
        found.push(Target { at, module: path.join("/"), item: path.join("::") });
    };
    for root in ["crate::", "aludel::"] {
        for at in words(bare, root).filter(|at| !bare[..*at].ends_with('$') && !bare[..*at].ends_with("::")) {
            for path in branches(&bare[at + root.len()..]) {
                name(at, &[], &path);
            }
        }
    }
    for at in words(bare, "super::").filter(|at| !bare[..*at].ends_with("super::")) {
        let (mut rest, mut up) = (&bare[at..], 0);
        while let Some(next) = rest.strip_prefix("super::") {
            (rest, up) = (next, up + 1);
        }
        let Some(base) = modules.len().checked_sub(up) else { continue };
        for path in branches(rest) {
            name(at, &modules[..base], &path);
        }
    }
    found
}

/// The paths that begin here: one, or one per branch of `a::{b, c::{d, e}}`.
fn branches(rest: &str) -> Vec<String> {
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(rest.len());
    let (stem, rest) = rest.split_at(end);
    if !rest.starts_with('{') || !(stem.is_empty() || stem.ends_with("::")) {
        return vec![stem.to_owned()];
    }
    let inner = &rest[1..close(rest, 0).max(2) - 1];
    let mut depth = 0;
    let tops = inner.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    let tops = tops.filter(|branch| !branch.trim().is_empty());
    tops.flat_map(branches).map(|branch| format!("{stem}{branch}")).collect()
}

#[cfg(test)]
mod tests {
    use crate::tidy::tests::found;

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let front = "pub use error::{Error, Result};\npub use model::{Fk, Meta as Facts};\n";
        let path = format!("crates/aludel/src/{path}");
        let found = found(&[("crates/aludel/src/lib.rs", front), (&path, text)]);
        let found: Vec<&str> = found.iter().map(|line| line.strip_prefix(&path).unwrap()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn arrows_point_downward() {
        check(
            "model/fk.rs",
            "use super::Key;\nuse crate::{Error, schema::{Table, Column}};\nfn f(v: crate::value::Cell) {}",
            &[],
        );
        check(
            "schema.rs",
            "use crate::{Error,\n Fk};\nuse super::model::Key;",
            &[":1 `schema` names `model`, which is not below it", ":3 `schema` names `model`, which is not below it"],
        );
        check(
            "value/row.rs",
            "fn f() -> crate::Facts { super::super::sql::g() }",
            &[":1 `value` names `model`, which is not below it", ":1 `value` names `sql`, which is not below it"],
        );
    }

    #[test]
    fn the_runner_of_migrations_is_above_the_line_and_the_rest_is_not() {
        check("migrate/run.rs", "use crate::driver::Engine;\nasync fn f() { g().await }", &[]);
        check(
            "migrate/diff.rs",
            "use super::run::Run;\nuse crate::driver::Engine;",
            &[
                ":1 `migrate` names `migrate/run`, which is not below it",
                ":2 `migrate` names `driver`, which is not below it",
            ],
        );
        check(
            "driver/pool.rs",
            "use crate::session::Session;\nuse crate::sql::Statement;\nuse crate::model::Model;",
            &[":1 `driver` names `session`, which is not below it", ":3 `driver` names `model`, which is not below it"],
        );
    }

    #[test]
    fn below_the_line_nothing_has_an_effect() {
        check(
            "unit/plan.rs",
            "// .await\nfn f() { g().await; std::fs::read(h) }",
            &[":2 `.await` in `unit`, which is below the line", ":2 `std::fs` in `unit`, which is below the line"],
        );
    }

    #[test]
    fn comments_tests_and_strings_name_nothing() {
        check(
            "error.rs",
            "//! See crate::session.\nconst A: &str = \"crate::sql\";\n#[cfg(test)]\nmod tests { use crate::sql::Select; }",
            &[],
        );
    }

    #[test]
    fn a_module_without_a_layer_is_pointed_out() {
        check("stuff.rs", "", &[":1 module `stuff` has no layer"]);
    }
}

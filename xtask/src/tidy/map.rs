//! The code map of ARCHITECTURE.md names every module of the core crate, and none that is gone.

use std::collections::BTreeMap;

use super::{File, Finding};

const PAPER: &str = "ARCHITECTURE.md";

/// Compares the rows `| `name` | .. |` under the core crate's heading with the files there are.
pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let Some(paper) = files.iter().find(|file| file.path == PAPER) else { return Vec::new() };
    let section = (1..).zip(paper.text.lines()).skip_while(|(_, line)| *line != "### `crates/aludel`").skip(1);
    let rows = section.take_while(|(_, line)| !line.starts_with('#'));
    let mapped: BTreeMap<&str, usize> =
        rows.filter_map(|(number, line)| Some((line.strip_prefix("| `")?.split('`').next()?, number))).collect();
    let modules: BTreeMap<&str, &File> = files
        .iter()
        .filter_map(|file| Some((file.core()?.0.strip_suffix(".rs")?, file)))
        .filter(|(name, _)| *name != "lib" && !name.contains('/'))
        .collect();
    let missing = modules.iter().filter(|(name, _)| !mapped.contains_key(*name)).map(|(name, file)| {
        Finding::new(&file.path, 1, format!("`{name}` is not in the code map"), format!("add a line for it to {PAPER}"))
    });
    let gone = mapped.iter().filter(|(name, _)| !modules.contains_key(*name)).map(|(name, line)| {
        Finding::new(
            PAPER,
            *line,
            format!("there is no module `{name}`"),
            "delete the line, or name the module as it is now",
        )
    });
    missing.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use crate::tidy::tests::found;

    #[test]
    fn the_map_has_what_is_there() {
        let paper = "# A\n\n### `crates/aludel`\n\n| module | what |\n|---|---|\n| `error` | e |\n| `sql` | s |\n\n### b\n| `c` | d |\n";
        let file = |name: &'static str| (name, "");
        let error = "crates/aludel/src/error.rs";
        let sql = "crates/aludel/src/sql.rs";
        let deep = "crates/aludel/src/sql/expr.rs";
        assert_eq!(found(&[("ARCHITECTURE.md", paper), file(error), file(sql), file(deep)]), [""; 0]);
        assert_eq!(found(&[("ARCHITECTURE.md", paper), file(error)]), ["ARCHITECTURE.md:8 there is no module `sql`"]);
        let value = "crates/aludel/src/value.rs";
        assert_eq!(
            found(&[("ARCHITECTURE.md", paper), file(error), file(sql), file(value)]),
            ["crates/aludel/src/value.rs:1 `value` is not in the code map"]
        );
    }
}

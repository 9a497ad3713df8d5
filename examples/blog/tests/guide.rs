//! The chapter about migrations: its commands are typed one after the other, and print what stands there.
//!
//! `UPDATE_EXPECT=1` writes what they print into the chapter.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const CHAPTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/migrations.md");

/// The revision that the chapter writes anew.
const LAST: &str = "97fc18b3ae60_points_and_biographies.sql";

#[test]
fn the_chapter_prints_what_the_commands_print() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("migrations")).unwrap();
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().map(Result::unwrap) {
        if file.file_name() != LAST {
            fs::copy(file.path(), folder.path().join("migrations").join(file.file_name())).unwrap();
        }
    }
    let chapter = fs::read_to_string(CHAPTER).unwrap();
    let typed = retyped(&chapter, folder.path());
    if typed != chapter && std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(CHAPTER, &typed).unwrap();
        return;
    }
    for (number, (there, here)) in (1..).zip(chapter.lines().zip(typed.lines())) {
        assert_eq!(there, here, "line {number} of docs/migrations.md; UPDATE_EXPECT=1 writes what is printed now");
    }
    assert_eq!(chapter.lines().count(), typed.lines().count());
}

/// The chapter with every command typed again in `folder`. An id that is another now is so in all that follows.
fn retyped(chapter: &str, folder: &Path) -> String {
    let (mut text, mut ids) = (String::new(), BTreeMap::new());
    let (mut file, mut fence) = (None, None::<(String, Vec<String>)>);
    for line in chapter.lines() {
        let line = &renamed(line, &ids);
        if let Some(name) = line.strip_prefix("<!-- remove: ").and_then(|rest| rest.strip_suffix(" -->")) {
            fs::remove_file(folder.join(name)).unwrap();
        }
        if let Some(name) = line.strip_prefix("<!-- file: ").and_then(|rest| rest.strip_suffix(" -->")) {
            file = Some(folder.join(name));
        }
        match (&mut fence, line.strip_prefix("```")) {
            (None, Some(kind)) => fence = Some((kind.to_owned(), Vec::new())),
            (Some((kind, lines)), Some("")) => {
                if kind == "console" {
                    let typed = console(lines, folder);
                    note(lines, &typed, &mut ids);
                    text.extend(typed.iter().map(|line| format!("{line}\n")));
                } else {
                    text.extend(lines.iter().map(|line| format!("{line}\n")));
                    if let Some(path) = file.take() {
                        fs::write(path, lines.join("\n") + "\n").unwrap();
                    }
                }
                fence = None;
            }
            (Some((_, lines)), _) => {
                lines.push(line.clone());
                continue;
            }
            (None, None) => {}
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// The commands among `lines`, each with what it prints.
fn console(lines: &[String], folder: &Path) -> Vec<String> {
    let mut typed = Vec::new();
    for line in lines {
        let Some(words) = line.strip_prefix("$ cargo db") else { continue };
        let mut blog = Command::new(env!("CARGO_BIN_EXE_blog"));
        blog.args(["db", "--dir", "migrations"]).current_dir(folder).env_remove("DATABASE_URL");
        for (at, part) in words.split('"').enumerate() {
            match at % 2 {
                0 => blog.args(part.split_whitespace()),
                _ => blog.arg(part),
            };
        }
        let output = blog.output().unwrap();
        typed.push(line.clone());
        for said in [output.stderr, output.stdout] {
            typed.extend(String::from_utf8(said).unwrap().lines().map(|line| line.trim_end().to_owned()));
        }
    }
    typed
}

/// Remembers which id stands where another stood before, in the order in which they first appear.
fn note(before: &[String], now: &[String], ids: &mut BTreeMap<String, String>) {
    let seen = |lines: &[String]| {
        let mut seen: Vec<String> = Vec::new();
        let words = lines
            .iter()
            .filter(|line| line.starts_with("wrote "))
            .map(|line| line["wrote migrations/".len()..].to_owned());
        seen.extend(words.filter_map(|word| word.get(..12).map(str::to_owned)));
        seen
    };
    for (old, new) in seen(before).into_iter().zip(seen(now)) {
        if old != new {
            ids.insert(old, new);
        }
    }
}

fn renamed(line: &str, ids: &BTreeMap<String, String>) -> String {
    ids.iter().fold(line.to_owned(), |line, (old, new)| line.replace(old, new))
}

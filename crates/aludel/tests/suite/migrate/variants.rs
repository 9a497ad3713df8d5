//! Variants of enums that say what they were called.

use aludel::migrate::{Answers, Runner, diff, differences};
use aludel::model::Meta;
use aludel::prelude::*;
use aludel::schema::Schema;
use expect_test::expect;

use super::edits::file;
use super::kit::*;

mod before {
    use super::*;

    #[derive(Enum, Clone, Copy)]
    pub(super) enum Mood {
        Fine,
        Sad,
    }

    #[derive(Model)]
    pub(super) struct Person {
        pub(super) id: i64,
        #[column(default = Mood::Fine)]
        pub(super) mood: Mood,
        pub(super) earlier: Option<Mood>,
    }
}

/// A variant has another name, another is new, and both columns are of the same enum.
mod after {
    use super::*;

    #[derive(Enum, Clone, Copy)]
    pub(super) enum Mood {
        #[column(renamed_from = "fine")]
        Happy,
        Sad,
        Odd,
    }

    #[derive(Model)]
    pub(super) struct Person {
        pub(super) id: i64,
        #[column(default = Mood::Happy)]
        pub(super) mood: Mood,
        pub(super) earlier: Option<Mood>,
    }
}

/// The enum has another name at the same time, and the first name goes to another variant.
mod later {
    use super::*;

    #[derive(Enum, Clone, Copy)]
    #[column(name = "temper")]
    pub(super) enum Mood {
        #[column(rename = "so so", renamed_from = "fine")]
        Middling,
        #[column(renamed_from = "sad")]
        Blue,
    }

    #[derive(Model)]
    pub(super) struct Person {
        pub(super) id: i64,
        #[column(default = Mood::Middling)]
        pub(super) mood: Mood,
        pub(super) earlier: Option<Mood>,
    }
}

fn schemas(to: &'static Meta) -> (Schema, Schema, Answers) {
    let mut answers = Answers::new();
    answers.hints(&[to]);
    (Schema::from_models(&[before::Person::META]).unwrap(), Schema::from_models(&[to]).unwrap(), answers)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_keeps_its_rows_under_its_new_name() {
    let (from, to, answers) = schemas(after::Person::META);
    let first = file("a1", &[], diff(&Schema::default(), &from, &Answers::new()).unwrap());
    assert!(!diff(&from, &to, &Answers::new()).unwrap_err().questions.is_empty(), "without a word it is asked");
    let changes = diff(&from, &to, &answers).unwrap();
    assert_eq!(changes.notes, [""; 0]);
    let second = file("b2", &["a1"], changes);
    expect![[r#"
        -- edition:  1
        -- revision: b2
        -- parents:  a1
        -- message:  an edit

        ALTER TYPE mood RENAME VALUE 'fine' TO 'happy';
        ALTER TYPE mood ADD VALUE 'odd';

        -- downgrade

        ALTER TYPE mood RENAME VALUE 'happy' TO 'fine';

        -- rows that hold 'odd' stand in the way
        ALTER TYPE mood RENAME TO mood_old;

        CREATE TYPE mood AS ENUM ('fine', 'sad');

        ALTER TABLE people ALTER COLUMN mood DROP DEFAULT;
        ALTER TABLE people ALTER COLUMN mood TYPE mood USING CAST(CAST(mood AS TEXT) AS mood);
        ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'fine';
        ALTER TABLE people ALTER COLUMN earlier TYPE mood USING CAST(CAST(earlier AS TEXT) AS mood);

        DROP TYPE mood_old;
    "#]]
    .assert_eq(&second);
    let engine = open(&scratch("variants"));
    let history = history(&[&first, &second]);
    let runner = Runner::over(&engine, &history);
    runner.upgrade("a1").await.unwrap();
    let rows = "INSERT INTO people (mood, earlier) VALUES ('fine', 'sad'), ('sad', NULL), ('fine', 'fine')";
    write(&engine, &[rows]).await.unwrap();
    let read_all = "SELECT mood, coalesce(earlier, '-') FROM people ORDER BY id";
    for _ in 0..2 {
        runner.upgrade("head").await.unwrap();
        assert_eq!(read(&engine, &[read_all]).await.unwrap(), ["happy|sad", "sad|-", "happy|happy"]);
        runner.downgrade("a1").await.unwrap();
        assert_eq!(read(&engine, &[read_all]).await.unwrap(), ["fine|sad", "sad|-", "fine|fine"]);
    }
    assert_eq!(differences(&history.schema_at_heads(&aludel::dialect::SQLITE).unwrap(), &to), []);
}

#[test]
fn an_enum_and_its_variants_are_renamed_at_once() {
    let (from, to, answers) = schemas(later::Person::META);
    let printed = |answers: &Answers| file("b2", &["a1"], diff(&from, &to, answers).unwrap());
    expect![[r#"
        -- edition:  1
        -- revision: b2
        -- parents:  a1
        -- message:  an edit

        ALTER TYPE mood RENAME TO temper;

        ALTER TYPE temper RENAME VALUE 'fine' TO 'so so';
        ALTER TYPE temper RENAME VALUE 'sad' TO 'blue';

        -- downgrade

        ALTER TYPE temper RENAME TO mood;

        ALTER TYPE mood RENAME VALUE 'so so' TO 'fine';
        ALTER TYPE mood RENAME VALUE 'blue' TO 'sad';
    "#]]
    .assert_eq(&printed(&answers));
    let mut said = Answers::new();
    for rename in ["mood.fine=so so", "mood.sad=blue"] {
        said.rename(rename).unwrap();
    }
    assert_eq!(printed(&said), printed(&answers), "as the options say it");
    let mut both = Answers::new();
    both.rename("mood.fine=blue").unwrap();
    both.rename("mood.sad=so so").unwrap();
    both.hints(&[later::Person::META]);
    let told: Vec<String> =
        diff(&from, &to, &both).unwrap().up.iter().filter_map(|step| Some(step.op()?.print())).collect();
    assert!(told.contains(&"ALTER TYPE temper RENAME VALUE 'fine' TO 'blue'".to_owned()), "options go first: {told:?}");
}

#[test]
fn a_name_that_is_of_no_use_any_more_is_noted_with_its_place() {
    let (_, to, answers) = schemas(after::Person::META);
    let line = |text: &str| include_str!("variants.rs").lines().position(|line| line.contains(text)).unwrap() + 1;
    let at = line(r#"#[column(renamed_from = "fine")]"#);
    let file = file!().replace('\\', "/");
    let note = |why: &str| format!("Mood::Happy ({file}:{at}): `renamed_from = \"fine\"` can be taken away: {why}");
    let notes = |from: &Schema| diff(from, &to, &answers).unwrap().notes;
    assert_eq!(notes(&to), [note("the history has the value `happy` already")]);
    let mut other = to.clone();
    other.enums.insert("mood".to_owned(), vec!["sad".to_owned(), "odd".to_owned()]);
    other.tables.values_mut().flat_map(|table| &mut table.columns).for_each(|column| column.default = None);
    assert_eq!(notes(&other), [note("the history has no value `fine`")]);
    assert_eq!(notes(&Schema::default()), [""; 0], "where the enum is new there is nothing to say");
}

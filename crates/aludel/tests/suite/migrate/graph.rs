//! Revisions that stand for others, wait for others, and go through a merge, on tables with rows.

use aludel::migrate::Runner;

use super::kit::*;

/// A revision of these header lines and statements, and the way back.
fn file(header: &str, up: &str, down: &str) -> String {
    let parents = if header.contains("parents:") { "" } else { "-- parents:\n" };
    format!("-- edition: 1\n{header}\n{parents}-- message: m\n\n{up}\n\n-- downgrade\n\n{down}\n")
}

/// `ALTER TABLE shops ADD COLUMN ..`, and back.
fn column(header: &str, name: &str) -> String {
    let [up, down] = [format!("ADD COLUMN {name} INTEGER DEFAULT 1"), format!("DROP COLUMN {name}")];
    file(header, &format!("ALTER TABLE shops {up};"), &format!("ALTER TABLE shops {down};"))
}

#[tokio::test]
async fn one_revision_stands_for_those_that_the_database_has() {
    let path = scratch("replaced");
    let engine = filled(&path).await;
    Runner::over(&engine, &history(&[ONE, TWO])).upgrade("head").await.unwrap();
    let after = column("-- revision: d4\n-- parents: b2", "stars");
    let history = history(&[&squashed(), &after]);
    let runner = Runner::over(&engine, &history);
    assert_eq!(runner.upgrade("head").await.unwrap(), ["d4"]);
    assert_eq!(goods(&engine).await, GOODS);
    let last = stored(&engine).await;
    assert_eq!(runner.downgrade("s1").await.unwrap(), ["d4"]);
    assert_eq!(runner.downgrade("base").await.unwrap(), ["s1"]);
    assert_eq!((stored(&engine).await, ids(&engine).await), (vec![], vec![]));
    assert_eq!(runner.upgrade("head").await.unwrap(), ["s1", "d4"]);
    let words = |texts: &[String]| texts.join(" ").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&stored(&engine).await), words(&last));
}

#[tokio::test]
async fn a_branch_waits_for_another_by_its_label() {
    let path = scratch("waits");
    let engine = filled(&path).await;
    let red = column("-- revision: r1\n-- parents: a1\n-- label: red", "red");
    let lone = file("-- revision: x1\n-- depends: red", "CREATE TABLE lone (a INTEGER);", "DROP TABLE lone;");
    let history = history(&[ONE, &red, &lone]);
    let runner = Runner::over(&engine, &history);
    assert_eq!(runner.upgrade("x1").await.unwrap(), ["r1", "x1"]);
    assert_eq!(runner.downgrade("red@base").await.unwrap(), ["x1", "r1", "a1"]);
}

#[tokio::test]
async fn a_way_back_goes_through_a_merge() {
    let path = scratch("merged");
    let engine = filled(&path).await;
    let first = stored(&engine).await;
    let red = column("-- revision: r1\n-- parents: a1", "red");
    let blue = column("-- revision: b1\n-- parents: a1", "blue");
    let both = file("-- revision: m1\n-- parents: r1, b1", "", "");
    let history = history(&[ONE, &red, &blue, &both]);
    let runner = Runner::over(&engine, &history);
    assert_eq!(runner.upgrade("r1").await.unwrap(), ["r1"]);
    assert_eq!(runner.upgrade("head").await.unwrap(), ["b1", "m1"]);
    assert_eq!(runner.downgrade("b1").await.unwrap(), ["m1"]);
    let said = runner.downgrade("-1").await.unwrap_err().to_string();
    assert!(said.contains("`r1`") && said.contains("`b1`") && said.contains("not one way"), "{said}");
    assert_eq!(runner.upgrade("head").await.unwrap(), ["m1"]);
    let mut gone = runner.downgrade("a1").await.unwrap();
    assert_eq!(gone.remove(0), "m1");
    gone.sort();
    assert_eq!((gone, stored(&engine).await), (vec!["b1".to_owned(), "r1".to_owned()], first));
    assert_eq!(goods(&engine).await, GOODS);
}

//! What holds on every engine: each case is written once, as a function of a database, and run on all engines at hand.
//!
//! A case asks what an engine can do, never for its name. An engine more is one entry more in [`SETUPS`].

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use aludel::prelude::*;
use aludel::{Opening, Place, Settings};
use tokio::runtime::{Builder, Runtime};

pub(crate) mod models;

/// One way to have a database.
struct Setup {
    name: &'static str,
    runtime: fn() -> std::io::Result<Runtime>,
    open: fn(&Path) -> Opening,
    /// Whether sessions can work beside each other.
    concurrent: bool,
}

const SETUPS: &[Setup] = &[
    Setup { name: "sqlite file", runtime: many, open: |folder| Database::open(folder.join("c.db")), concurrent: true },
    Setup { name: "sqlite memory", runtime: many, open: |_| Database::open(":memory:"), concurrent: false },
    Setup { name: "sqlite on its own thread", runtime: many, open: apart, concurrent: true },
    Setup {
        name: "sqlite on one thread",
        runtime: one,
        open: |folder| Database::open(folder.join("c.db")),
        concurrent: true,
    },
];

fn many() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

fn one() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

fn apart(folder: &Path) -> Opening {
    let mut settings = Settings::default();
    settings.place = Place::OwnThread;
    Database::open(folder.join("c.db")).settings(settings)
}

/// Runs `case` with a fresh database of every setup, as a task, so that it has to be `Send`.
fn everywhere<R: Future<Output = ()> + Send + 'static>(concurrent: bool, case: fn(Database) -> R) {
    for setup in SETUPS.iter().filter(|setup| setup.concurrent || !concurrent) {
        let folder = tempfile::tempdir().unwrap();
        let runtime = (setup.runtime)().unwrap();
        let finished = runtime.block_on(async {
            let db = (setup.open)(folder.path()).schema(models::all()).await.unwrap();
            db.create_tables().await.unwrap();
            let task = tokio::spawn(case(db.clone()));
            let finished = tokio::time::timeout(Duration::from_secs(30), task).await;
            if matches!(finished, Ok(Ok(()))) {
                db.close().await;
            }
            finished
        });
        match finished {
            Ok(Ok(())) => {}
            Ok(Err(_)) => panic!("the case failed with {}", setup.name),
            Err(_) => panic!("the case does not end with {}", setup.name),
        }
    }
}

macro_rules! cases {
    ($($concurrent:literal $module:ident { $($case:ident),* $(,)? })*) => {
        $(mod $module;)*

        mod run {
            $(mod $module {
                $(
                    #[test]
                    fn $case() {
                        super::super::everywhere($concurrent, super::super::$module::$case);
                    }
                )*
            })*
        }
    };
}

cases! {
    false types {
        whole_numbers,
        numbers_out_of_range,
        floats,
        text,
        text_that_no_engine_keeps,
        bytes,
        times,
        enums_newtypes_and_embedded_structs,
        what_does_not_fit_is_told_by_column,
    }
    false keys {
        identities,
        identities_beside_given_keys,
        natural_keys,
        composite_keys,
        keys_of_many_rows_belong_to_their_rows,
        a_stored_key_cannot_change,
        an_identity_is_not_given_twice,
    }
    false rules {
        defaults,
        violations,
        the_database_follows_foreign_keys,
        cascades_of_the_session,
        circles_and_chains,
        links,
    }
    false sessions {
        versions_and_times_of_change,
        stale_rows,
        stale_versions,
        savepoints,
        what_a_savepoint_read_is_undone_with_it,
        a_failed_statement_ends_the_transaction,
        a_savepoint_takes_a_failure,
        rollback_undoes_memory,
        a_failed_commit_puts_pending_keys_back,
        identity,
        a_key_that_comes_back_is_another_entity,
        flushing,
        a_session_that_reads,
        transactions_as_closures,
    }
    false reading {
        views,
        to_many_conditions,
        aggregates_and_joins,
        literal_search,
        lists,
        nulls_orders_and_pages,
        streams_in_a_transaction,
        raw_sql,
    }
    false writing {
        updates,
        deletes,
        upserts,
        entities_and_statements_agree,
    }
    true faults {
        work_dropped_at_any_await,
        a_session_outlives_a_dropped_statement,
        an_aborted_task,
        sessions_beside_each_other,
        a_snapshot_holds_still,
    }
}

/// Not a case: what a closure borrows keeps its future from being `Send` here.
#[tokio::test]
async fn retry_tries_again_what_was_stale() {
    let db: Database = Database::open(":memory:").schema(models::all()).await.unwrap();
    db.create_tables().await.unwrap();
    db.transaction(async |db| Ok::<_, Error>(db.add(models::author("a")))).await.unwrap();
    let mut tries = 0;
    let last = db
        .retry(3, async |db| {
            tries += 1;
            let one = db.get::<models::Author>(1).await?;
            db.execute(aludel::sql!("update authors set points = points + 10")).await?;
            db[one].points += 1;
            Ok(())
        })
        .await;
    assert!(last.unwrap_err().is_stale());
    assert_eq!(tries, 3);
    let mut tries = 0;
    let refused = db
        .retry(3, async |_| -> Result<()> {
            tries += 1;
            Err(Error::refuse(409, "not again"))
        })
        .await;
    assert!(refused.is_err() && tries == 1, "what trying again cannot mend");
    let mut tries = 0;
    let third = db
        .retry(3, async |db| {
            tries += 1;
            let one = db.get::<models::Author>(1).await?;
            if tries < 3 {
                db.execute(aludel::sql!("update authors set points = points + 10")).await?;
            }
            db[one].points += 1;
            Ok(tries)
        })
        .await;
    assert_eq!(third.unwrap(), 3);
    assert_eq!(db.read().fetch_one(models::Author::at(1)).await.unwrap().points, 101);
}

//! Sessions against a naive oracle: random sequences of what an application does, each step compared in memory and in the
//! database.
//!
//! The oracle knows two tables as maps and an entity as a pair of values, and copies everything at each savepoint. It
//! does not know how a flush works: it only says what has to be there afterwards, and whether a flush must fail.

mod naive;
mod steps;

use aludel::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use naive::Naive;
use steps::{Run, Step, sequence};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "oracle_owners")]
pub struct Owner {
    pub id: i64,
    #[column(unique)]
    pub name: String,
    #[column(default = 100, check = "points >= 0")]
    pub points: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "oracle_pets")]
pub struct Pet {
    pub id: i64,
    pub owner_id: Option<Fk<Owner>>,
    #[column(inverse = pups)]
    pub mother_id: Option<Fk<Pet>>,
    pub age: i32,
    #[column(version)]
    pub version: i32,
}

#[test]
fn sessions_do_what_a_naive_oracle_says() {
    let times: u32 = std::env::var("ALUDEL_CASES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let db: Database = runtime.block_on(async {
        let db = Database::open(folder.path().join("oracle.db")).schema(aludel::schema![Owner, Pet]).await.unwrap();
        db.create_tables().await.unwrap();
        db
    });
    let config = Config { cases: 2000 * times, max_shrink_iters: 4000, failure_persistence: None, ..Config::default() };
    // The same sequences in every run, so that a red test is a change's own; `ALUDEL_CASES` looks further.
    let mut runner = match times {
        1 => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
        _ => TestRunner::new(config),
    };
    let outcome = runner.run(&sequence(), |steps| runtime.block_on(run(&db, &steps)).map_err(TestCaseError::fail));
    if let Err(TestError::Fail(reason, steps)) = outcome {
        let steps: Vec<String> =
            steps.iter().filter(|step| !matches!(step, Step::Nothing)).map(|step| format!("{step:?}")).collect();
        panic!("{reason}\nafter {}", steps.join(", "));
    }
}

async fn run(db: &Database, steps: &[Step]) -> Result<(), String> {
    db.transaction(async |db| {
        db.update(Pet::all(), aludel::set_null(Pet::MOTHER_ID)).await?;
        db.delete(Pet::all()).await?;
        db.delete(Owner::all()).await
    })
    .await
    .map_err(|error: Error| error.to_string())?;
    let mut session = db.session();
    let mut run = Run { db, naive: Naive::default(), owners: Vec::new(), pets: Vec::new() };
    run.perform(&mut session, steps, 0).await?;
    run.perform(&mut session, &[Step::Commit], 0).await?;
    run.compare_stored().await
}

//! The commands of migrations beside Alembic's, each as its users run it: one process per command.
//!
//! With `db` for a first word this program is an application of a thousand models; else it measures itself as one.

mod alembic;
mod models;
mod ours;
mod scratch;

use std::process::ExitCode;
use std::rc::Rc;

use alembic::Alembic;
use aludel::{Database, Error};
use ours::Ours;
use rounds::Work;
use scratch::Scratch;

/// What is measured.
#[derive(Clone, Copy)]
enum Job {
    /// Models against a history that they agree with.
    Check,
    /// A revision is written for one new column.
    Revision,
    /// A thousand revisions are applied to an empty database.
    Upgrade,
    /// Where a database with all of them stands.
    Current,
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("db") {
        return application();
    }
    let scratch = Scratch::new();
    let ours = Rc::new(Ours::new(&scratch));
    let alembic = match Alembic::install(&scratch) {
        Ok(alembic) => Some(Rc::new(alembic)),
        Err(problem) => {
            eprintln!("Alembic is left out: {problem}");
            None
        }
    };
    let jobs = [
        ("check of 1,000 tables", "< 100 ms", Job::Check),
        ("revision, a new column among 1,000 tables", "< 200 ms", Job::Revision),
        ("upgrade by 1,000 revisions", "< 2 s", Job::Upgrade),
        ("current among 1,000 revisions", "< 50 ms", Job::Current),
    ];
    let works = jobs.map(|(name, target, job)| {
        let mut work = Work::new(name, 1, target).rounds(3);
        if let Some(alembic) = &alembic {
            let (before, run) = (Rc::clone(alembic), Rc::clone(alembic));
            work = work.prepared("Alembic", move || before.prepare(job), move || run.run(job));
        }
        let (before, run) = (Rc::clone(&ours), Rc::clone(&ours));
        work.prepared("aludel", move || before.prepare(job), move || run.run(job))
    });
    rounds::run(works.into());
    ExitCode::SUCCESS
}

#[tokio::main]
async fn application() -> ExitCode {
    aludel::project!().main(async |_: Database| Ok::<(), Error>(())).await
}

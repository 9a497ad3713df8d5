//! What is told the database of a revision that was gone over: by a run and by a script, in the same statements.

use super::perform::Way;
use super::progress::Direction;
use super::who;
use crate::Result;
use crate::dialect::Dialect;
use crate::migrate::Revision;
use crate::migrate::book::{self, Applied, Clock, Done, Event, State};
use crate::sql::Statement;

/// What is remembered of a revision.
pub(super) fn entry(revision: &Revision, place: i64, state: State, who: &str) -> Applied {
    let now = who::now();
    Applied {
        place,
        id: revision.id.clone(),
        parents: revision.parents.clone(),
        message: revision.message.clone(),
        checksum: revision.checksum(),
        file: revision.file.to_string(),
        text: revision.text.to_string(),
        state,
        tool: who::TOOL.into(),
        who: who.into(),
        started: now,
        finished: now,
    }
}

/// The statements that remember or forget the revision of `way`, with its steps, and tell of it. `entry` is what is
/// remembered of it; one that is forgotten takes along those for which it stands.
pub(super) fn record(
    engine: &Dialect,
    way: Way<'_>,
    entry: &Applied,
    done: &[Done],
    clock: Clock,
) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    match way.direction {
        Direction::Up => {
            statements.push(book::remember(entry, clock).render(engine)?);
            for (place, done) in done.iter().enumerate() {
                let step = book::remember_step(&entry.id, place + 1, done, entry.finished, clock);
                statements.push(step.render(engine)?);
            }
        }
        Direction::Down => {
            for id in way.revision.covers() {
                statements.extend(forget(engine, id)?);
            }
        }
    }
    let what = if way.direction == Direction::Up { "applied" } else { "undone" };
    let details = match clock {
        Clock::Given => format!("{} of {}", way.at, way.of),
        Clock::Database => "script".to_owned(),
    };
    let events = [(what, Some(entry.id.as_str())), ("done", None)];
    for (what, revision) in events.into_iter().take(if way.at == way.of { 2 } else { 1 }) {
        let event = Event { what, revision, who: &entry.who, at: entry.finished, details: &details };
        statements.push(book::tell(&event, clock).render(engine)?);
    }
    Ok(statements)
}

/// The statements that forget a revision and its steps.
pub(super) fn forget(engine: &Dialect, id: &str) -> Result<Vec<Statement>> {
    book::forget(id).iter().map(|delete| delete.render(engine)).collect()
}

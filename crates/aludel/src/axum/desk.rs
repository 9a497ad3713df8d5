//! Where the session of a request lies while nobody uses it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::commit::Rule;
use crate::driver::Access;
use crate::model::Bind;
use crate::session::Home;
use crate::session::guts::Guts;
use crate::{Database, Error, Result, Session};

/// The place of one request's session; in the request's extensions, one per bind.
pub(super) struct Desk<B: Bind> {
    pub(super) db: Database<B>,
    /// Whether the method promises to change nothing.
    safe: bool,
    place: Arc<Place>,
}

impl<B: Bind> Clone for Desk<B> {
    fn clone(&self) -> Self {
        Desk { db: self.db.clone(), safe: self.safe, place: self.place.clone() }
    }
}

/// What an extractor asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// What fits the method.
    ByMethod,
    Read,
    Write,
}

struct Place {
    state: Mutex<State>,
    /// What decides at the end: the rule of the innermost layer.
    rule: Mutex<Arc<Rule>>,
}

enum State {
    /// Nobody has asked for the session.
    Untouched,
    Parked(Box<Guts>),
    Lent,
    /// The request has been answered, or given up.
    Over,
}

/// How a request left its session.
pub(super) enum End {
    Untouched,
    Parked(Box<Guts>),
    /// Somebody still has it.
    Lent,
}

impl<B: Bind> Desk<B> {
    pub(super) fn new(db: Database<B>, safe: bool, rule: Arc<Rule>) -> Self {
        Desk { db, safe, place: Arc::new(Place { state: Mutex::new(State::Untouched), rule: Mutex::new(rule) }) }
    }

    /// Lends the session, made by whoever asks first.
    ///
    /// # Errors
    /// A usage error where somebody holds it, or where the request is over.
    pub(super) fn lend(&self, wish: Wish) -> Result<Session<B>> {
        let access = match wish {
            Wish::ByMethod if self.safe => Access::Read,
            Wish::Read => Access::Read,
            Wish::ByMethod | Wish::Write => Access::Write,
        };
        let mut state = self.place.state();
        let guts = match std::mem::replace(&mut *state, State::Lent) {
            State::Untouched => Box::new(Guts::new(self.db.shared.clone(), access)),
            State::Parked(mut guts) => {
                if wish == Wish::Write {
                    guts.promote();
                }
                guts
            }
            State::Lent => {
                return Err(Error::usage(
                    "the session of this request is in use: another argument of the handler took it, or middleware holds it \
                     while the handler runs. Take it once and pass `&mut Session` on, and `drop(db)` before `next.run(request)`",
                ));
            }
            State::Over => {
                *state = State::Over;
                return Err(Error::usage(
                    "this request has been answered and its session is over: take a session of the `Database` for what comes \
                     later",
                ));
            }
        };
        Ok(Session::lent(guts, self.place.clone()))
    }

    /// Has `rule` decide at the end of the request.
    pub(super) fn set_rule(&self, rule: Arc<Rule>) {
        *self.place.rule.lock().unwrap_or_else(PoisonError::into_inner) = rule;
    }

    pub(super) fn rule(&self) -> Arc<Rule> {
        self.place.rule.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the session's stay: what comes back from now on is rolled back.
    pub(super) fn close(&self) -> End {
        let mut state = self.place.state();
        match std::mem::replace(&mut *state, State::Over) {
            State::Untouched | State::Over => End::Untouched,
            State::Parked(guts) => End::Parked(guts),
            State::Lent => End::Lent,
        }
    }
}

impl Place {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Home for Place {
    fn park(&self, mut guts: Box<Guts>) {
        let mut state = self.state();
        if matches!(*state, State::Over) {
            drop(state);
            if guts.link.wrote() || guts.has_unwritten() {
                tracing::warn!(
                    target: "aludel",
                    "a session came back after its request had been answered: what it had not committed is rolled back"
                );
            }
            return;
        }
        guts.rest();
        *state = State::Parked(guts);
    }
}

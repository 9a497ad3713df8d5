//! Waiting for others who change the tables: how long, who is told of it, and rests between two attempts.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::Runner;
use super::progress::Progress;

/// Two attempts are at least so far apart. Engines that wait by themselves take longer than that for one.
const APART: Duration = Duration::from_millis(20);

/// How long a run has waited for something.
pub(super) struct Patience<'r> {
    runner: &'r Runner<'r>,
    since: Instant,
    /// When the attempt at hand began.
    attempt: Instant,
}

impl<'r> Patience<'r> {
    /// The first attempt begins.
    pub(super) fn new(runner: &'r Runner<'r>) -> Self {
        let now = Instant::now();
        Patience { runner, since: now, attempt: now }
    }

    /// How long it has waited.
    pub(super) fn waited(&self) -> Duration {
        self.since.elapsed()
    }

    /// Whether there is to be no other attempt.
    pub(super) fn is_over(&self) -> bool {
        self.waited() >= self.runner.wait
    }

    /// Tells that it waits, and rests up to the next attempt.
    pub(super) async fn rest(&mut self) {
        let (waited, limit) = (self.waited(), self.runner.wait);
        self.runner.tell(&Progress::Waiting { since: waited, limit });
        let rest = APART.saturating_sub(self.attempt.elapsed()).min(limit.saturating_sub(waited));
        if !rest.is_zero() {
            sleep(rest).await;
        }
        self.attempt = Instant::now();
    }
}

/// Sleeps without a runtime, and without holding up what else the thread does.
async fn sleep(time: Duration) {
    let over = Arc::new(Mutex::new((false, Waker::noop().clone())));
    let bell = over.clone();
    let ring = move || {
        thread::sleep(time);
        let mut bell = bell.lock().unwrap_or_else(PoisonError::into_inner);
        bell.0 = true;
        bell.1.wake_by_ref();
    };
    if thread::Builder::new().name("aludel-rest".to_owned()).spawn(ring).is_err() {
        // The system gives no thread: the others of this one wait too.
        return thread::sleep(time);
    }
    poll_fn(|context| {
        let mut over = over.lock().unwrap_or_else(PoisonError::into_inner);
        over.1.clone_from(context.waker());
        if over.0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeping_takes_its_time_and_needs_no_runtime() {
        let started = Instant::now();
        crate::block(sleep(Duration::from_millis(30)));
        assert!(started.elapsed() >= Duration::from_millis(30));
    }
}

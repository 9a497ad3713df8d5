//! Hooks that run inside the engine: a slow statement hands the worker's queue to another thread and runs on, a waiting
//! one does the same before it sleeps, and both stop when asked to.

use std::cell::Cell;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};

use super::classify::classify;
use super::pulse::Pulse;
use crate::Result;

/// Steps of the engine's virtual machine between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 2_000;
/// A statement that runs for so long no longer holds up the worker's other tasks.
const SLOW: Duration = Duration::from_micros(500);
/// How long to wait for the proof that another thread has taken the queue. It comes within some tens of microseconds, but
/// a machine with more to do than cores may let the other thread wait; without the proof the next tick tries again.
const PROOF: Duration = Duration::from_millis(20);

thread_local! {
    /// The number of the connection that runs a statement on this thread: the busy hook of the oldest supported binding
    /// is a plain function. A number costs nothing to set; only a statement that has to wait looks it up.
    static RUNNING: Cell<u64> = const { Cell::new(0) };
    static BUSY_SINCE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// While it lives, the busy hook on this thread speaks for one connection.
pub(super) struct Entered(u64);

/// Makes the busy hook on this thread speak for `pulse`.
#[inline]
pub(super) fn enter(pulse: &Pulse) -> Entered {
    Entered(RUNNING.replace(pulse.number))
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        RUNNING.set(self.0);
    }
}

/// Hangs the hooks into a connection.
pub(super) fn install(sqlite: &mut rusqlite::Connection, pulse: &Arc<Pulse>) -> Result<()> {
    sqlite.progress_handler(STEPS, Some(progress(Arc::clone(pulse)))).map_err(classify)?;
    sqlite.busy_handler(Some(busy)).map_err(classify)?;
    Ok(())
}

/// Called by the engine in the middle of a statement; `true` interrupts it.
///
/// The clock is read here only, so that fast statements never pay for it: the first call of an execution begins the
/// count.
fn progress(pulse: Arc<Pulse>) -> impl FnMut() -> bool + Send + 'static {
    let (mut seen, mut since, mut handed) = (0, Instant::now(), false);
    move || {
        pulse.tick();
        if pulse.must_stop() {
            return true;
        }
        if pulse.runs() != seen {
            (seen, since, handed) = (pulse.runs(), Instant::now(), false);
            return false;
        }
        let elapsed = since.elapsed();
        if pulse.longest().is_some_and(|limit| elapsed > limit) {
            pulse.timed_out();
            return true;
        }
        if !handed && elapsed > SLOW {
            handed = hand_over();
        }
        false
    }
}

/// Called by the engine when another process holds a lock; `true` tries again.
fn busy(count: i32) -> bool {
    let Some(pulse) = Pulse::numbered(RUNNING.get()) else { return false };
    let since = match BUSY_SINCE.get() {
        Some(since) if count > 0 => since,
        _ => {
            let now = Instant::now();
            BUSY_SINCE.set(Some(now));
            hand_over();
            now
        }
    };
    let waited = since.elapsed();
    if pulse.must_stop() || waited >= pulse.busy_timeout {
        return false;
    }
    if pulse.longest().is_some_and(|limit| waited > limit) {
        pulse.timed_out();
        return false;
    }
    let pause = Duration::from_millis(1 << count.clamp(0, 4));
    thread::sleep(pause.min(pulse.busy_timeout.saturating_sub(waited)));
    true
}

/// Lets another thread run the other tasks of this worker, where this thread is a worker.
///
/// `block_in_place` takes the queue back as soon as its closure ends, so the closure waits until a task that it spawned has
/// run: then another thread owns the queue. Threads that only drive one future have no queue to hand over.
///
/// `false` where it cannot be known that another thread has taken the queue.
pub(super) fn hand_over() -> bool {
    let Ok(handle) = Handle::try_current() else { return true };
    if handle.runtime_flavor() != RuntimeFlavor::MultiThread || tokio::runtime::worker_index().is_none() {
        return true;
    }
    tokio::task::block_in_place(|| {
        let (gone, seen) = mpsc::sync_channel::<()>(1);
        handle.spawn(async move { drop(gone) });
        seen.recv_timeout(PROOF) == Err(mpsc::RecvTimeoutError::Disconnected)
    })
}

/// Whether statements of the calling task may run where they are asked for.
///
/// On a runtime with one thread, and in a `LocalSet`, the queue cannot be handed over. A task outside any worker thread can
/// only be one of those two; the future of `block_on` itself is no task, and holds up nothing but itself.
pub(super) fn may_run_in_place() -> bool {
    match Handle::try_current() {
        Err(_) => true,
        Ok(handle) => {
            handle.runtime_flavor() == RuntimeFlavor::MultiThread
                && (tokio::runtime::worker_index().is_some() || tokio::task::try_id().is_none())
        }
    }
}

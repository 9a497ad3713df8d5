//! What must not take long: tests that measure. They take turns, each against a baseline without load taken in the same
//! process, and the best of three attempts counts.
#![forbid(unsafe_code)]

#[path = "suite/sqlite/kit.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod kit;

mod timing {
    mod beat;
    mod crowd;
    mod history;
}

/// Timing tests take turns: what runs beside them would be measured too.
fn turn() -> std::sync::MutexGuard<'static, ()> {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

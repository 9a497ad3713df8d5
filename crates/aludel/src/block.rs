//! Runs a future to its end on this thread, without a runtime.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Runs `future` on this thread until it is done, parking the thread while it waits.
///
/// For programs and tools without an async runtime. An embedded database answers in place: nothing is parked and nothing
/// else runs. Inside a runtime await the future instead, since this call keeps the thread.
///
/// ```
/// assert_eq!(aludel::block(async { 1 + 1 }), 2);
/// ```
pub fn block<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // What answers in place needs nobody to wake it.
    if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return output;
    }
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::park();
    }
}

/// Wakes by unparking: a wake-up before the park is not lost.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

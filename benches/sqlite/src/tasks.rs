//! The runtime of all asynchronous contenders.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// The runtime: two workers.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("it starts"))
}

/// Runs `future` as a task of the runtime, as a server would.
pub fn in_task(future: impl Future<Output = ()> + Send + 'static) {
    runtime().block_on(async { tokio::spawn(future).await }).expect("no contender panics");
}

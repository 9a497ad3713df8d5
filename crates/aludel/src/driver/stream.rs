//! Rows of a long read, decoded where they are read and handed over in chunks.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc;

use super::{SharedEngine, Sink};
use crate::sql::Statement;
use crate::{Error, Result, Row};

/// Told once how a streamed statement ended; it must not block.
pub type Done = Box<dyn FnOnce(Result<()>) + Send>;

/// A statement under way; dropped, it is stopped.
pub struct Running(Option<Box<dyn FnOnce() + Send + Sync>>);

impl Running {
    /// Calls `stop` when dropped.
    pub fn new(stop: impl FnOnce() + Send + Sync + 'static) -> Self {
        Running(Some(Box::new(stop)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.0.take() {
            stop();
        }
    }
}

/// Rows in one chunk.
const CHUNK: usize = 256;

/// The rows of a streamed statement, in order. Dropped early, the statement is interrupted.
pub struct Rows<T> {
    ready: VecDeque<T>,
    chunks: mpsc::Receiver<Vec<T>>,
    /// How the statement ended, to be looked at when no more chunks come; empty where nobody lived to tell.
    end: Arc<Mutex<Option<Result<()>>>>,
    running: Option<Running>,
}

/// Begins to read the rows of `statement` on a connection of its own, each decoded by `decode`.
///
/// What was committed before the first row is seen, nothing later. At most a few chunks of 256 rows are read ahead, except
/// from a database in memory, which is read to its end at once.
///
/// # Errors
/// Unavailable where no connection was free in time. What goes wrong later comes as the stream's last item.
pub async fn rows<T, F>(engine: &SharedEngine, statement: Statement, decode: F) -> Result<Rows<T>>
where
    T: Send + 'static,
    F: FnMut(&dyn Row) -> Result<T> + Send + 'static,
{
    let (sender, chunks) = mpsc::channel(engine.stream_depth());
    let open = sender.clone();
    let sink = Decode { decode, chunk: Vec::new(), sender };
    let end = Arc::new(Mutex::new(None));
    let told = Arc::clone(&end);
    // The end follows the last chunk: the sink is dropped, and sends what it still has, before `done` is called. It waits
    // for nobody, since the connection is another's by then.
    let done = Box::new(move |result| {
        *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        drop(open);
    });
    let running = engine.stream(statement, Box::new(sink), done).await?;
    Ok(Rows { ready: VecDeque::new(), chunks, end, running: Some(running) })
}

struct Decode<T, F> {
    decode: F,
    chunk: Vec<T>,
    sender: mpsc::Sender<Vec<T>>,
}

impl<T, F> Decode<T, F> {
    fn send(&mut self) -> ControlFlow<()> {
        let chunk = std::mem::take(&mut self.chunk);
        match self.sender.blocking_send(chunk) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

impl<T: Send, F: FnMut(&dyn Row) -> Result<T> + Send> Sink for Decode<T, F> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.chunk.push((self.decode)(row)?);
        Ok(if self.chunk.len() >= CHUNK { self.send() } else { ControlFlow::Continue(()) })
    }
}

impl<T, F> Drop for Decode<T, F> {
    fn drop(&mut self) {
        if !self.chunk.is_empty() && !std::thread::panicking() {
            let _ = self.send();
        }
    }
}

/// Rows are moved, never pinned.
impl<T> Unpin for Rows<T> {}

impl<T> Stream for Rows<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let rows = self.get_mut();
        loop {
            if let Some(row) = rows.ready.pop_front() {
                return Poll::Ready(Some(Ok(row)));
            }
            if rows.running.is_none() {
                return Poll::Ready(None);
            }
            if let Some(chunk) = std::task::ready!(rows.chunks.poll_recv(context)) {
                rows.ready = chunk.into();
                continue;
            }
            rows.running = None;
            let end = rows.end.lock().unwrap_or_else(PoisonError::into_inner).take();
            let lost = || Err(Error::unavailable("the rows ended in the middle: what decodes them panicked"));
            if let Err(error) = end.unwrap_or_else(lost) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

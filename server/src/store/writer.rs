//! The writer of all changes of rooms. Changes wait here for their turn, and changes that wait at the same time share a
//! transaction, because a commit costs the same for one as for hundreds.
//!
//! No change waits for a batch to fill. A change that arrives while nothing is being written is written at once, and
//! the changes that arrive in the meantime form the next batch. A batch writes its entries to the log in the same
//! transaction, so that a change and its events become durable together. Then the followers of the log hear of the
//! entries, and then the changes are answered.

use std::{
    collections::VecDeque,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    io, mem,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use accord_runtime::{Logged, Reply, Then, causes::Busy, panics::caught};
use futures_util::future::BoxFuture;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

use super::{
    Dialect, Store, StoreError,
    batch::{Batch, Needs, Numbers},
    change::Change,
    submission::{Submission, Waiting},
};

/// The maximum number of changes in a batch.
const MOST: usize = 256;

/// The maximum size of a batch's texts, in bytes. A single change may be of any size.
const MOST_BYTES: usize = 1 << 20;

/// The maximum number of changes that wait in a lane. Further ones are refused.
const MOST_WAITING: usize = 8192;

/// The maximum size of the texts that wait in a lane, in bytes.
const MOST_WAITING_BYTES: usize = 64 << 20;

/// The number of batches that are written to PostgreSQL at the same time.
const POSTGRES_LANES: usize = 8;

/// The changes that wait, in lanes: a room is always in the same one, and lanes do not wait for each other.
pub(super) struct Writer {
    lanes: Vec<Mutex<Queue>>,
    /// The thread that writes to a file.
    thread: Option<Thread>,
}

/// A thread that completes one future after the other, and ends with the last sender.
type Thread = mpsc::UnboundedSender<(Handle, BoxFuture<'static, ()>)>;

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn Waiting>>,
    /// The size of their texts.
    bytes: usize,
    /// Whether a task writes them.
    busy: bool,
}

impl Writer {
    /// One lane for SQLite, which has one writer, on a thread of its own: its statements wait for the disk. In PostgreSQL, a room that
    /// another node keeps locked holds up its lane alone.
    pub(super) fn new(dialect: Dialect) -> io::Result<Self> {
        let (lanes, thread) = match dialect {
            Dialect::Sqlite => (1, Some(thread()?)),
            Dialect::Postgres => (POSTGRES_LANES, None),
        };
        Ok(Writer { lanes: (0..lanes).map(|_| Mutex::default()).collect(), thread })
    }

    /// A writer of the same database, in lanes of its own.
    pub(super) fn beside(&self) -> Self {
        Writer { lanes: self.lanes.iter().map(|_| Mutex::default()).collect(), thread: self.thread.clone() }
    }

    /// Puts a change behind those that wait in its lane; returns the lane if no task writes it yet.
    fn put(&self, change: Box<dyn Waiting>) -> Result<Option<usize>, StoreError> {
        let mut hasher = DefaultHasher::new();
        change.room().hash(&mut hasher);
        let lane = usize::try_from(hasher.finish() % self.lanes.len() as u64).unwrap_or(0);
        let mut queue = self.queue(lane);
        if queue.waiting.len() >= MOST_WAITING || queue.bytes >= MOST_WAITING_BYTES {
            return Err(StoreError::Busy(Busy));
        }
        queue.bytes += change.bytes();
        queue.waiting.push_back(change);
        Ok((!mem::replace(&mut queue.busy, true)).then_some(lane))
    }

    /// Takes the next batch of a lane. It is empty if nothing waits; the task that writes the lane then ends.
    fn take(&self, lane: usize) -> Vec<Box<dyn Waiting>> {
        let mut queue = self.queue(lane);
        let mut bytes = 0;
        let fitting = queue.waiting.iter().take(MOST).take_while(|change| {
            bytes += change.bytes();
            bytes <= MOST_BYTES
        });
        let number = fitting.count().max(1).min(queue.waiting.len());
        let batch: Vec<_> = queue.waiting.drain(..number).collect();
        queue.bytes -= batch.iter().map(|change| change.bytes()).sum::<usize>();
        if batch.is_empty() {
            *queue = Queue::default();
        }
        batch
    }

    fn queue(&self, lane: usize) -> MutexGuard<'_, Queue> {
        self.lanes[lane].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Store {
    /// Writes a change in its turn; returns the reply once it is written. If the caller stops waiting, the change is
    /// written all the same.
    pub(super) async fn submit<C: Change, R: Reply>(
        &self,
        change: C,
        then: Then<C::Done, R>,
    ) -> Result<Logged<R>, C::Error> {
        let (answer, answered) = oneshot::channel();
        let ticket = then.ticket();
        let submission = Submission::new(change, then, answer);
        if let Some(lane) = self.changes.put(Box::new(submission))? {
            let writing = write_all(self.clone(), lane);
            match &self.changes.thread {
                // The thread lives as long as the last store.
                Some(thread) => drop(thread.send((Handle::current(), Box::pin(writing)))),
                None => drop(tokio::spawn(writing)),
            }
        }
        ticket.submit();
        // The writing task answers every change in any case.
        answered.await.unwrap_or_else(|_| Err(StoreError::Fault("a change was not written".into()).into()))
    }
}

/// Starts a thread.
fn thread() -> io::Result<Thread> {
    let (sender, mut futures) = mpsc::unbounded_channel::<(Handle, BoxFuture<'static, ()>)>();
    let complete = move || {
        while let Some((runtime, future)) = futures.blocking_recv() {
            // The lane then has no writer; others still have this thread.
            let _ = runtime.block_on(caught(future));
        }
    };
    thread::Builder::new().name("database".to_owned()).spawn(complete)?;
    Ok(sender)
}

/// A lane that is being written. If its writer panics, nobody waits for an answer in vain.
struct Writing<'w>(&'w Writer, usize);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            *self.0.queue(self.1) = Queue::default();
        }
    }
}

/// Writes the batches of a lane until nothing waits.
async fn write_all(store: Store, lane: usize) {
    let _writing = Writing(&store.changes, lane);
    loop {
        let batch = store.changes.take(lane);
        if batch.is_empty() {
            return;
        }
        let committed = match write(&store, &batch).await {
            // One of them may have caused the failure, so each gets its own transaction.
            Err(error) if batch.len() > 1 && !error.is_outage(store.dialect) => {
                for change in batch {
                    let committed = write(&store, std::slice::from_ref(&change)).await.flatten();
                    change.answer(committed.as_ref().map_err(Clone::clone));
                }
                continue;
            }
            written => written.flatten(),
        };
        batch.into_iter().for_each(|change| change.answer(committed.as_ref().map_err(Clone::clone)));
    }
}

/// Writes changes in one transaction, and tells the followers of the log. After the outer error, nothing has changed. After the
/// inner one, it is not known whether anything has, so the changes must not be written again.
async fn write(store: &Store, changes: &[Box<dyn Waiting>]) -> Result<Result<Numbers, StoreError>, StoreError> {
    let writing = async {
        let needs: Vec<Needs<'_>> = changes.iter().map(|change| change.needs()).collect();
        let rooms = changes.iter().map(|change| change.room()).collect();
        let keys = changes.iter().filter_map(|change| Some((change.room(), change.once()?))).collect();
        let mut batch = Batch::begin(store, rooms, &needs, keys).await?;
        for change in changes {
            change.decide(&mut batch).await?;
        }
        Ok(if changes.iter().any(|change| change.is_accepted()) { Some(batch.write_rest().await?) } else { None })
    };
    let Some(written) = unless_it_panics(writing).await? else { return Ok(Ok(Numbers::default())) };
    let committed = unless_it_panics(written.commit()).await;
    if committed.is_err() {
        changes.iter().for_each(|change| store.look(change.room()));
    }
    Ok(committed)
}

async fn unless_it_panics<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    caught(work).await.unwrap_or_else(|fault| Err(StoreError::Fault(format!("{fault:#}").into())))
}

#[cfg(test)]
mod tests {
    use accord_runtime::{Quiet, Room};

    use super::{
        super::change::{Deciding, Decision},
        *,
    };

    /// A change with only a text of this length.
    struct Text(Room, usize);

    impl Change for Text {
        type Done = ();
        type Error = StoreError;

        fn room(&self) -> &Room {
            &self.0
        }

        fn needs(&self) -> Needs<'_> {
            Needs::default()
        }

        fn bytes(&self) -> usize {
            self.1
        }

        async fn decide<'b>(&'b self, _: &mut Batch<'b>) -> Deciding<Self> {
            Ok(Ok(Decision::of(())))
        }
    }

    fn text(length: usize) -> Box<dyn Waiting> {
        let change = Text(Room { scope: "channel", id: "general".to_owned() }, length);
        let then: Then<(), Quiet<()>> = Then::quiet();
        Box::new(Submission::new(change, then, oneshot::channel().0))
    }

    /// The sizes of the batches in which changes with texts of these lengths are written.
    fn batches(lengths: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let writer = Writer::new(Dialect::Sqlite).unwrap();
        for length in lengths {
            writer.put(text(length)).unwrap();
        }
        std::iter::repeat_with(|| writer.take(0).len()).take_while(|size| *size > 0).collect()
    }

    #[test]
    fn a_batch_is_bounded_in_changes_and_bytes_and_never_empty() {
        assert!(batches([]).is_empty());
        assert_eq!(batches([1; 600]), [256, 256, 88]);
        assert_eq!(batches([MOST_BYTES / 2; 5]), [2, 2, 1]);
        assert_eq!(batches([1, MOST_BYTES + 1, 1, 1]), [1, 1, 2]);
    }

    #[test]
    fn one_task_at_a_time_writes_a_lane() {
        let writer = Writer::new(Dialect::Sqlite).unwrap();
        let put = || writer.put(text(1)).unwrap();
        assert_eq!((put(), put()), (Some(0), None));
        assert_eq!((writer.take(0).len(), put()), (2, None));
        assert_eq!((writer.take(0).len(), writer.take(0).len(), put()), (1, 0, Some(0)));
    }

    #[test]
    fn a_full_queue_refuses_more_until_there_is_room() {
        let writer = Writer::new(Dialect::Sqlite).unwrap();
        let is_busy = |length| matches!(writer.put(text(length)), Err(StoreError::Busy(_)));
        assert!((0..MOST_WAITING).all(|_| !is_busy(1)));
        assert!(is_busy(1));
        writer.take(0);
        assert!(!is_busy(MOST_WAITING_BYTES));
        assert!(is_busy(1));
    }
}

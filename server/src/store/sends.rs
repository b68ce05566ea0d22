//! Messages on their way into history: those that are sent at the same time share a transaction, because a commit costs the
//! same for one as for hundreds.
//!
//! Nobody waits for a batch to fill. A message that comes while nothing is being written is written at once, and those that
//! come meanwhile are the next batch. A batch reads what all of its messages need by one query for each table, decides about
//! one after the other in memory, and writes one statement for each table.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use accord_runtime::{Membership, panics::caught};
use tokio::sync::oneshot;

use super::{
    Dialect, MessageInsertError, MessageRecord, NewMessage, Store, StoreError, UserRecord, history,
    messages::{self, NewRow},
    places::Places,
    rooms::{self, Member},
    session::Session,
    sql::storable,
    uploads::Attachables,
};

/// The maximum number of messages in a batch.
const MOST: usize = 256;

/// The maximum size of a batch's texts, in bytes. A single message may be of any size.
const MOST_BYTES: usize = 1 << 20;

/// The number of batches that are written to PostgreSQL at the same time.
const POSTGRES_LANES: usize = 8;

/// The messages that wait to be written, in lanes: a room is always in the same one, and lanes do not wait for each other.
#[derive(Debug)]
pub(super) struct Sends(Vec<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Send>,
    /// Whether a task writes them.
    busy: bool,
}

/// A message to insert, and the way to its sender.
#[derive(Debug)]
struct Send {
    message: Message,
    answer: oneshot::Sender<Answer>,
}

/// The record of a message that was inserted, or the reason why it was not.
type Answer = Result<MessageRecord, MessageInsertError>;

#[derive(Debug)]
struct Message {
    membership: Membership,
    content: String,
    reply_to_id: Option<String>,
    attachment_ids: Vec<String>,
}

impl Send {
    fn new(membership: &Membership, new: NewMessage<'_>, answer: oneshot::Sender<Answer>) -> Self {
        let message = Message {
            membership: membership.clone(),
            content: new.content.to_owned(),
            reply_to_id: new.reply_to_id.map(str::to_owned),
            attachment_ids: new.attachment_ids.to_vec(),
        };
        Send { message, answer }
    }
}

impl Sends {
    /// SQLite has one writer. In PostgreSQL a room that another node keeps locked holds up no other lane.
    pub(super) fn new(dialect: Dialect) -> Arc<Self> {
        let lanes = match dialect {
            Dialect::Sqlite => 1,
            Dialect::Postgres => POSTGRES_LANES,
        };
        Arc::new(Sends((0..lanes).map(|_| Mutex::default()).collect()))
    }

    /// Puts a message behind those that wait in its lane; returns the lane if somebody has to begin to write.
    fn put(&self, send: Send) -> Option<usize> {
        let mut hasher = DefaultHasher::new();
        send.message.membership.room().hash(&mut hasher);
        let lane = usize::try_from(hasher.finish() % self.0.len() as u64).unwrap_or(0);
        let mut queue = self.queue(lane);
        queue.waiting.push_back(send);
        (!mem::replace(&mut queue.busy, true)).then_some(lane)
    }

    /// Takes the next batch of a lane. It is empty when nothing waits, and nobody writes any more.
    fn take(&self, lane: usize) -> Vec<Send> {
        let mut queue = self.queue(lane);
        let mut bytes = 0;
        let fitting = queue.waiting.iter().take(MOST).take_while(|send| {
            bytes += send.message.content.len();
            bytes <= MOST_BYTES
        });
        let number = fitting.count().max(1).min(queue.waiting.len());
        let batch: Vec<Send> = queue.waiting.drain(..number).collect();
        if batch.is_empty() {
            *queue = Queue::default();
        }
        batch
    }

    fn queue(&self, lane: usize) -> MutexGuard<'_, Queue> {
        self.0[lane].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Adds a message by the member to the history of its room.
    pub async fn message_insert(
        &self,
        membership: &Membership,
        new: NewMessage<'_>,
    ) -> Result<MessageRecord, MessageInsertError> {
        if !storable(new.content) {
            return Err(StoreError::Nul { what: "a message's content" }.into());
        }
        let (answer, answered) = oneshot::channel();
        if let Some(lane) = self.sends.put(Send::new(membership, new, answer)) {
            tokio::spawn(write_all(self.clone(), lane));
        }
        // Whoever writes answers everybody, whatever happens.
        answered.await.unwrap_or_else(|_| Err(StoreError::Fault("a message was not written".into()).into()))
    }
}

/// Writes the batches of a lane until nothing waits. A message is written even if its sender does not wait for it any more.
async fn write_all(store: Store, lane: usize) {
    loop {
        let batch = store.sends.take(lane);
        if batch.is_empty() {
            return;
        }
        let (messages, answers): (Vec<Message>, Vec<_>) =
            batch.into_iter().map(|Send { message, answer }| (message, answer)).unzip();
        for (outcome, answer) in write(&store, &messages).await.into_iter().zip(answers) {
            answer.send(outcome).ok();
        }
    }
}

/// Writes messages together, or one by one after a failure that may be the fault of one of them.
async fn write(store: &Store, messages: &[Message]) -> Vec<Answer> {
    let error = match insert(store, messages).await {
        Ok(answers) => return answers,
        Err(error) => error,
    };
    if messages.len() == 1 || error.is_outage() {
        return messages.iter().map(|_| Err(error.clone().into())).collect();
    }
    let mut answers = Vec::with_capacity(messages.len());
    for message in messages.chunks(1) {
        match insert(store, message).await {
            Ok(mut answer) => answers.append(&mut answer),
            Err(error) => answers.push(Err(error.into())),
        }
    }
    answers
}

/// Inserts messages in one transaction. An error among the answers concerns its message alone; any other one means that
/// nothing has been inserted.
async fn insert(store: &Store, messages: &[Message]) -> Result<Vec<Answer>, StoreError> {
    let inserting = async {
        let mut write = store.begin().await?;
        let mut batch = Batch::read(store, &mut write, messages).await?;
        let mut answers = Vec::with_capacity(messages.len());
        for message in messages {
            answers.push(batch.decide(&mut write, message).await?);
        }
        let inserted: Vec<_> = answers.iter().flatten().map(|message| NewRow::of(message, None)).collect();
        if !inserted.is_empty() {
            batch.write(&mut write, &inserted).await?;
            drop(inserted);
            write.commit().await?;
        }
        Ok(answers)
    };
    caught(inserting).await.unwrap_or_else(|fault| Err(StoreError::Fault(format!("{fault:#}").into())))
}

/// The facts that the messages of a batch depend on, as those before have left them.
struct Batch<'b> {
    store: &'b Store,
    places: Places<'b>,
    authors: HashMap<Member<'b>, UserRecord>,
    uploads: Attachables<'b>,
}

impl<'b> Batch<'b> {
    /// Locks and reads the rooms, then the memberships, then the uploads.
    async fn read(store: &'b Store, write: &mut Session, messages: &'b [Message]) -> Result<Self, StoreError> {
        let memberships = || messages.iter().map(|message| &message.membership);
        let places = Places::lock(store, write, memberships().map(Membership::room).collect()).await?;
        let authors = store.members_hold(write, memberships().map(Member::of).collect()).await?;
        let attachment_ids = messages.iter().flat_map(|message| &message.attachment_ids);
        let uploads = Attachables::lock(store, write, attachment_ids).await?;
        Ok(Batch { store, places, authors, uploads })
    }

    /// Decides about one message.
    async fn decide(&mut self, write: &mut Session, message: &'b Message) -> Result<Answer, StoreError> {
        let Message { membership, content, reply_to_id, attachment_ids } = message;
        let room = membership.room();
        let Some(user) = self.authors.get(&Member::of(membership)) else {
            return Ok(Err(rooms::ended(membership).into()));
        };
        let parent = match reply_to_id {
            Some(id) => match history::find(write, room, id).await? {
                Some(parent) => Some(parent),
                None => return Ok(Err(MessageInsertError::ReplyNotFound)),
            },
            None => None,
        };
        let Some(attachments) = self.uploads.attach(attachment_ids, Some(&user.id)) else {
            return Ok(Err(MessageInsertError::InvalidAttachment));
        };
        let place = self.places.take(self.store, room)?;
        Ok(Ok(MessageRecord {
            reply_to_id: parent.as_ref().map(|parent| parent.id.clone()),
            reply_to: parent.map(|parent| Box::new(MessageRecord { reply_to: None, ..parent })),
            ..messages::fresh(room, place, user.clone(), content, attachments)
        }))
    }

    /// Writes the messages that were decided to be inserted.
    async fn write(&self, write: &mut Session, messages: &[NewRow<'_>]) -> Result<(), StoreError> {
        self.uploads.write(self.store, write).await?;
        self.places.write(self.store, write).await?;
        messages::insert(self.store, write, messages).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use accord_runtime::{Identity, Room};

    use super::*;

    fn membership() -> Membership {
        let (id, name) = ("alice".to_owned(), "Alice".to_owned());
        let identity = Identity { id, name, email: None, image: None, admin: false };
        Membership::assumed(Arc::new(identity), Room { scope: "channel", id: "general".to_owned() })
    }

    /// The sizes of the batches that messages with texts of these lengths are written in.
    fn batches(lengths: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let sends = Sends::new(Dialect::Sqlite);
        let membership = membership();
        for length in lengths {
            let content = "x".repeat(length);
            let new = NewMessage { content: &content, ..NewMessage::default() };
            sends.put(Send::new(&membership, new, oneshot::channel().0));
        }
        std::iter::repeat_with(|| sends.take(0).len()).take_while(|size| *size > 0).collect()
    }

    #[test]
    fn a_batch_is_bounded_in_messages_and_bytes_and_never_empty() {
        assert!(batches([]).is_empty());
        assert_eq!(batches([1; 600]), [256, 256, 88]);
        assert_eq!(batches([MOST_BYTES / 2; 5]), [2, 2, 1]);
        assert_eq!(batches([1, MOST_BYTES + 1, 1, 1]), [1, 1, 2]);
    }

    #[test]
    fn one_writer_at_a_time_writes_a_lane() {
        let sends = Sends::new(Dialect::Sqlite);
        let membership = membership();
        let put = || sends.put(Send::new(&membership, NewMessage::default(), oneshot::channel().0));
        assert_eq!((put(), put()), (Some(0), None));
        assert_eq!((sends.take(0).len(), put()), (2, None));
        assert_eq!((sends.take(0).len(), sends.take(0).len(), put()), (1, 0, Some(0)));
    }
}

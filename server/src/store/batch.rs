//! A transaction that carries out the changes of a batch. It reads what all of them depend on with one query for each table,
//! decides about one after the other, and writes with one statement for each table.

use std::{
    collections::{BTreeSet, HashMap},
    mem,
};

use accord_log::{Answers, Appended, Embedding, Heads, Key, NewEntry, Sent, Sql, Tables};
use accord_runtime::{Membership, Room, log, pipeline::Once};

use super::{
    MessageRecord, Store, StoreError, UserRecord,
    memberships::{Member, Members, ended},
    message_rows,
    places::{Place, Places},
    session::Session,
    uploads::Attachables,
};

/// The facts that a change depends on: they are read and locked for all changes of a batch at once.
#[derive(Default)]
pub(super) struct Needs<'c> {
    /// The memberships that must hold.
    pub(super) memberships: Vec<&'c Membership>,
    /// The uploads that it attaches, by id.
    pub(super) uploads: &'c [String],
}

/// The changes of a batch that have been decided so far.
pub(super) struct Batch<'b> {
    pub(super) store: &'b Store,
    pub(super) write: Session,
    pub(super) uploads: Attachables<'b>,
    places: Places<'b>,
    members: Members<'b>,
    /// The requests that were carried out under clients' ids, before this batch or in it.
    known: HashMap<(&'b Room, Identity<'b>), Known>,
    heads: Heads<'b>,
    /// The inserted messages that have not been written yet, each with the id of the message that it forwards.
    inserted: Vec<(MessageRecord, Option<String>)>,
    entries: Vec<Pending>,
    remembered: Vec<(&'b Room, &'b Once, Known)>,
    deleted: Vec<Deleted<'b>>,
    /// The rooms of changes that leave no entry in the log.
    silent: Vec<&'b Room>,
}

/// A batch whose statements have all run. Until it is committed, nothing has changed.
pub(super) struct Written<'b> {
    store: &'b Store,
    write: Session,
    /// Its entries, each with its number.
    entries: Vec<(log::NewEntry, u64)>,
    numbers: Numbers,
}

/// The identity of a change that is carried out once in a room: its author, event and client id.
type Identity<'b> = (&'b str, &'b str, &'b str);

/// An entry to write to the log.
struct Pending {
    entry: log::NewEntry,
    /// The id of the message that it is about.
    about: Option<String>,
    /// The id of another message that it embeds.
    embeds: Option<String>,
}

/// A message that is deleted, and the function that takes it out of events that embed it.
struct Deleted<'b> {
    id: &'b str,
    redact: Redact,
}

/// Takes the deleted message with an id out of an event's payload.
pub(super) type Redact = fn(&mut serde_json::Value, &str);

/// A change that was carried out under a client's id.
#[derive(Clone)]
pub(super) struct Known {
    /// The fingerprint of its payload.
    pub(super) fingerprint: String,
    /// The id of what it made.
    pub(super) id: String,
    /// Its number in the log.
    pub(super) seq: Seq,
}

/// A number in the log of a room.
#[derive(Clone, Copy)]
pub(super) enum Seq {
    /// A number that is known.
    Known(u64),
    /// The number of the entry at this index of the batch.
    Entry(usize),
    /// The number of the newest entry of the silent room at this index.
    Newest(usize),
}

/// The numbers of the entries of a batch that has been written.
#[derive(Default)]
pub(super) struct Numbers {
    entries: Vec<u64>,
    newest: Vec<u64>,
}

impl Numbers {
    pub(super) fn of(&self, seq: Seq) -> u64 {
        match seq {
            Seq::Known(seq) => seq,
            Seq::Entry(index) => self.entries[index],
            Seq::Newest(index) => self.newest[index],
        }
    }
}

impl<'b> Batch<'b> {
    /// Begins a transaction, and locks and reads the rooms, then the memberships, then the uploads.
    pub(super) async fn begin(
        store: &'b Store,
        rooms: BTreeSet<&'b Room>,
        needs: &[Needs<'b>],
        keys: Vec<(&'b Room, &'b Once)>,
    ) -> Result<Self, StoreError> {
        let memberships = needs.iter().flat_map(|needs| &needs.memberships);
        let members = memberships.map(|membership| Member::of(membership)).collect();
        let mut facts = vec![Members::question(store, &members), Heads::question(&store.tables, &rooms)];
        let attaches = needs.iter().any(|needs| !needs.uploads.is_empty());
        if attaches {
            facts.push(Attachables::question(store, needs.iter().flat_map(|needs| needs.uploads)));
        }
        if !keys.is_empty() {
            let keys: Vec<_> = keys.iter().map(|(room, once)| key(room, once)).collect();
            facts.push(store.tables.keys_question(&keys));
        }
        let (write, answers) = store.begin_asking(vec![vec![Places::question(store, &rooms)], facts]).await?;
        let places = Places::found(&rooms, &answers, 0)?;
        let members = Members::found(&members, &answers, 1)?;
        let heads = Heads::found(&rooms, &answers, 2)?;
        let uploads = if attaches { Attachables::found(store, &answers, 3)? } else { Attachables::none(store) };
        let known = if keys.is_empty() { HashMap::new() } else { known(&keys, &answers, 3 + usize::from(attaches))? };
        Ok(Batch {
            store,
            write,
            uploads,
            places,
            members,
            known,
            heads,
            inserted: Vec::new(),
            entries: Vec::new(),
            remembered: Vec::new(),
            deleted: Vec::new(),
            silent: Vec::new(),
        })
    }

    /// The request that was carried out under a request's client id.
    pub(super) fn known(&self, room: &Room, once: &Once) -> Option<Known> {
        self.known.get(&(room, identity(once))).cloned()
    }

    /// Records the request that is carried out under a client id.
    pub(super) fn remember(&mut self, room: &'b Room, once: &'b Once, id: String, seq: Seq) {
        let known = Known { fingerprint: once.fingerprint.to_string(), id, seq };
        self.known.insert((room, identity(once)), known.clone());
        self.remembered.push((room, once, known));
    }

    /// Adds entries to write to the log; returns the number for the answer.
    pub(super) fn log(
        &mut self,
        room: &'b Room,
        entries: Vec<log::NewEntry>,
        about: Option<&str>,
        embeds: Option<&str>,
    ) -> Seq {
        if entries.is_empty() {
            self.silent.push(room);
            return Seq::Newest(self.silent.len() - 1);
        }
        let first = self.entries.len();
        let pending = |entry| Pending { entry, about: about.map(str::to_owned), embeds: embeds.map(str::to_owned) };
        self.entries.extend(entries.into_iter().map(pending));
        Seq::Entry(first)
    }

    /// Refuses a change if a membership that it needs has ended.
    pub(super) fn prove(&self, needs: &Needs<'_>) -> Result<(), StoreError> {
        needs.memberships.iter().try_for_each(|membership| self.member(membership).map(drop)).inspect_err(|_| {
            for membership in &needs.memberships {
                self.store.recent_members.forget(membership.room(), &membership.identity().id);
            }
        })
    }

    /// The user of a membership that holds until the end of the transaction: a removal waits until then.
    pub(super) fn member(&self, membership: &Membership) -> Result<UserRecord, StoreError> {
        self.members.user(membership).ok_or_else(|| ended(membership))
    }

    /// Ends memberships of a room for the changes that follow in this batch.
    pub(super) fn remove_members(&mut self, room: &Room, user_ids: &[String]) {
        self.members.end(room, user_ids);
        user_ids.iter().for_each(|id| self.store.recent_members.forget(room, id));
    }

    /// Takes the next place in the history of a room.
    pub(super) fn take_place(&mut self, room: &Room) -> Result<Place, StoreError> {
        Ok(self.places.take(self.store, room)?)
    }

    /// Inserts a message, by one statement with others.
    pub(super) fn insert(&mut self, message: MessageRecord, forwarded_from_id: Option<String>) {
        self.inserted.push((message, forwarded_from_id));
    }

    /// Removes a message that is deleted from the log.
    pub(super) fn forget(&mut self, id: &'b str, redact: Redact) {
        self.deleted.push(Deleted { id, redact });
    }

    /// Writes the inserted messages, so that statements find them.
    pub(super) async fn flush(&mut self) -> Result<(), StoreError> {
        let inserts = self.inserts();
        Ok(self.write.write(inserts).await?)
    }

    /// The statements that write the inserted messages.
    fn inserts(&mut self) -> Vec<Sql> {
        let inserted = mem::take(&mut self.inserted);
        if inserted.is_empty() {
            return Vec::new();
        }
        let mut statements = message_rows::insert(self.store, &inserted);
        statements.extend(self.uploads.write(self.store));
        statements
    }

    /// Writes the rest, so that only the commit is left.
    pub(super) async fn write_rest(mut self) -> Result<Written<'b>, StoreError> {
        let tables = &self.store.tables;
        let pending = mem::take(&mut self.entries);
        let rooms = pending.iter().map(|pending| &pending.entry.room).collect();
        let mut heads = mem::take(&mut self.heads);
        heads.lock(tables, &mut self.write, rooms).await?;
        let (mut appended, mut numbers) = (Appended::default(), Numbers::default());
        for Pending { entry: log::NewEntry { room, event, data }, about, embeds } in &pending {
            let (about, embeds) = (about.as_deref(), embeds.as_deref());
            numbers.entries.push(appended.add(&mut heads, &NewEntry { room, event, data, about, embeds })?);
        }
        numbers.newest = self.silent.iter().map(|room| heads.newest(room)).collect();
        let mut statements = self.inserts();
        statements.extend(self.places.write(self.store));
        statements.extend(appended.write(tables, &heads));
        statements.extend(self.keys(&numbers));
        self.write.write(statements).await?;
        if !self.deleted.is_empty() {
            self.forget_deleted().await?;
        }
        let entries = pending.into_iter().map(|pending| pending.entry).zip(numbers.entries.iter().copied()).collect();
        Ok(Written { store: self.store, write: self.write, entries, numbers })
    }

    /// The statement that keeps what has been carried out under clients' ids, if anything has.
    fn keys(&self, numbers: &Numbers) -> Option<Sql> {
        if self.remembered.is_empty() {
            return None;
        }
        let sent = self.remembered.iter().map(|(room, once, known)| {
            let Known { fingerprint, id, seq } = known.clone();
            (key(room, once), Sent { fingerprint, seq: numbers.of(seq), result: id })
        });
        Some(self.store.tables.keys_insert(&sent.collect::<Vec<_>>()))
    }

    /// Removes deleted messages from the log.
    async fn forget_deleted(&mut self) -> Result<(), StoreError> {
        let tables = &self.store.tables;
        let ids: Vec<&str> = self.deleted.iter().map(|deleted| deleted.id).collect();
        let mut embedding = tables.forget(&mut self.write, &ids).await?;
        if embedding.is_empty() {
            return Ok(());
        }
        for entry in &mut embedding {
            if let Some(deleted) = self.deleted.iter().find(|deleted| deleted.id == entry.embeds) {
                redact(entry, deleted)?;
            }
        }
        Ok(tables.rewrite(&mut self.write, &embedding).await?)
    }
}

impl Written<'_> {
    /// Commits, and tells the followers of the log. After an error, it is not known whether anything has changed.
    pub(super) async fn commit(self) -> Result<Numbers, StoreError> {
        self.write.commit().await?;
        self.store.committed(self.entries);
        Ok(self.numbers)
    }
}

/// The requests that were carried out earlier under clients' ids.
fn known<'b>(
    keys: &[(&'b Room, &'b Once)],
    answers: &Answers,
    question: usize,
) -> Result<HashMap<(&'b Room, Identity<'b>), Known>, sqlx::Error> {
    let known = Tables::keys_found(answers, question)?.into_iter().filter_map(|(number, sent)| {
        let Sent { fingerprint, seq, result } = sent;
        let (room, once) = *keys.get(number)?;
        Some(((room, identity(once)), Known { fingerprint, id: result, seq: Seq::Known(seq) }))
    });
    Ok(known.collect())
}

fn identity(once: &Once) -> Identity<'_> {
    (&once.user, once.event, &once.client_id)
}

fn key<'k>(room: &'k Room, once: &'k Once) -> Key<'k> {
    Key { author: &once.user, event: once.event, room, client_id: &once.client_id }
}

fn redact(entry: &mut Embedding, deleted: &Deleted<'_>) -> Result<(), StoreError> {
    let unreadable =
        |error: serde_json::Error| StoreError::Fault(format!("an entry of the log is not JSON: {error}").into());
    let mut data = serde_json::from_str(entry.data.get()).map_err(unreadable)?;
    (deleted.redact)(&mut data, deleted.id);
    entry.data = serde_json::value::to_raw_value(&data).map_err(unreadable)?;
    Ok(())
}

//! Idempotency keys: the requests that were carried out, and their results.

use accord_runtime::Room;
use serde::Deserialize;

use crate::{
    sql::{
        Answers,
        ColumnType::{self, Integer, Text},
        Question, Sql, Value,
    },
    tables::Tables,
};

/// The key of a request, which lets a client repeat the request without a second effect.
#[derive(Clone, Copy, Debug)]
pub struct Key<'k> {
    /// The id of the user who sends it.
    pub author: &'k str,
    /// The client event's name.
    pub event: &'k str,
    /// The room whose log gets the entry.
    pub room: &'k Room,
    /// The id that the client gave.
    pub client_id: &'k str,
}

/// The result of a request that was carried out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    /// A text that is the same for the same payload, and for no other.
    pub fingerprint: String,
    /// The number of the entry.
    pub seq: u64,
    /// The id by which the business logic finds the result.
    pub result: String,
}

const COLUMNS: [(&str, ColumnType); 5] =
    [("author", Text), ("event", Text), ("scope", Text), ("room", Text), ("client_id", Text)];

impl Tables {
    /// The question which requests have been carried out under these keys. [`Tables::keys_found`] reads the answer. In
    /// PostgreSQL, it sees requests of a concurrent transaction only if the rooms have been locked before.
    pub fn keys_question(&self, keys: &[Key<'_>]) -> Question {
        let numbered = |(number, key): (usize, &Key<'_>)| key.row().into_iter().chain([number.into()]).collect();
        let select = "SELECT given.number, k.fingerprint, k.seq, k.result
                      FROM given, log_keys k
                      WHERE k.author = given.author AND k.event = given.event
                          AND k.scope = given.scope AND k.room = given.room AND k.client_id = given.client_id";
        let columns: Vec<_> = COLUMNS.into_iter().chain([("number", Integer)]).collect();
        let select = self.dialect.about_given(&columns, keys.iter().enumerate().map(numbered).collect(), select);
        Question::new(&["number", "fingerprint", "seq", "result"], select)
    }

    /// Reads the answer to [`Tables::keys_question`]: each repeated request, with the index of its key.
    ///
    /// # Errors
    /// If the question has no answer, or one of another form.
    pub fn keys_found(answers: &Answers, question: usize) -> Result<Vec<(usize, Sent)>, sqlx::Error> {
        #[derive(Deserialize)]
        struct Found {
            number: usize,
            fingerprint: String,
            seq: u64,
            result: String,
        }
        let found: Vec<Found> = answers.to(question)?;
        let sent = |Found { number, fingerprint, seq, result }| (number, Sent { fingerprint, seq, result });
        Ok(found.into_iter().map(sent).collect())
    }

    /// The statement that keeps what has been sent under keys, for good, within the open transaction that appends the entries. It
    /// fails if something has been sent under one of the keys already.
    pub fn keys_insert(&self, sent: &[(Key<'_>, Sent)]) -> Sql {
        let row = |(key, Sent { fingerprint, seq, result }): &(Key<'_>, Sent)| {
            let sent = [fingerprint.into(), seq.cast_signed().into(), result.into()];
            key.row().into_iter().chain(sent).collect()
        };
        let insert = "INSERT INTO log_keys (author, event, scope, room, client_id, fingerprint, seq, result)
                      SELECT given.author, given.event, given.scope, given.room, given.client_id, given.fingerprint, given.seq,
                             given.result FROM given";
        let columns: Vec<_> =
            COLUMNS.into_iter().chain([("fingerprint", Text), ("seq", Integer), ("result", Text)]).collect();
        self.dialect.about_given(&columns, sent.iter().map(row).collect(), insert)
    }
}

impl Key<'_> {
    /// The values of [`COLUMNS`].
    fn row(&self) -> Vec<Value> {
        let Key { author, event, room, client_id } = *self;
        vec![author.into(), event.into(), room.scope.into(), room.id.as_str().into(), client_id.into()]
    }
}

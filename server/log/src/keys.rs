//! Idempotency keys: the requests that were carried out, and their results.

use accord_runtime::Room;
use serde::{Deserialize, Serialize};

use crate::{
    sql::{
        Answers,
        ColumnType::{self, Integer, Text},
        Sql,
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
    ///
    /// # Errors
    /// If the keys cannot be written as JSON.
    pub fn keys_question(&self, keys: &[Key<'_>]) -> Result<Sql, sqlx::Error> {
        #[derive(Serialize)]
        struct Numbered<'k> {
            number: usize,
            #[serde(flatten)]
            key: KeyRow<'k>,
        }
        let given: Vec<_> =
            keys.iter().enumerate().map(|(number, key)| Numbered { number, key: KeyRow::of(key) }).collect();
        let select = "SELECT given.number, k.fingerprint, k.seq, k.result
                      FROM given CROSS JOIN log_keys k
                      WHERE k.author = given.author AND k.event = given.event
                          AND k.scope = given.scope AND k.room = given.room AND k.client_id = given.client_id";
        let columns: Vec<_> = COLUMNS.into_iter().chain([("number", Integer)]).collect();
        let select = self.dialect.about_given(&columns, &given, select)?;
        Ok(self.dialect.question(&["number", "fingerprint", "seq", "result"], select))
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

    /// The statement that stores requests under their keys, within the open transaction that appends the entries. It
    /// fails if one of the keys has already been used.
    ///
    /// # Errors
    /// If the keys cannot be written as JSON.
    pub fn keys_insert(&self, sent: &[(Key<'_>, Sent)]) -> Result<Sql, sqlx::Error> {
        #[derive(Serialize)]
        struct NewRow<'k> {
            #[serde(flatten)]
            key: KeyRow<'k>,
            fingerprint: &'k str,
            seq: u64,
            result: &'k str,
        }
        let given: Vec<_> = sent
            .iter()
            .map(|(key, Sent { fingerprint, seq, result })| NewRow {
                key: KeyRow::of(key),
                fingerprint,
                seq: *seq,
                result,
            })
            .collect();
        let insert = "INSERT INTO log_keys (author, event, scope, room, client_id, fingerprint, seq, result)
                      SELECT author, event, scope, room, client_id, fingerprint, seq, result FROM given";
        let columns: Vec<_> =
            COLUMNS.into_iter().chain([("fingerprint", Text), ("seq", Integer), ("result", Text)]).collect();
        self.dialect.about_given(&columns, &given, insert)
    }
}

#[derive(Serialize)]
struct KeyRow<'k> {
    author: &'k str,
    event: &'k str,
    scope: &'static str,
    room: &'k str,
    client_id: &'k str,
}

impl<'k> KeyRow<'k> {
    fn of(key: &Key<'k>) -> Self {
        let Key { author, event, room, client_id } = *key;
        KeyRow { author, event, scope: room.scope, room: &room.id, client_id }
    }
}

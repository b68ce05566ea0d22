//! Cursors: places in a list, signed so that a list accepts only its own.

use accord_runtime::Room;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::AnyConnection;
use uuid::Uuid;

/// Bytes of the signature in a cursor: 128 bits, which cannot be guessed.
const SIGNATURE: usize = 16;

/// The cursor is not one of this server's for this list.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the cursor was not given by this server for this list")]
pub struct InvalidCursor;

/// The key that signs cursors: the same on all nodes of a database.
pub(super) struct Key(Hmac<Sha256>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// The key in the database, created by the first server that opens it.
    pub(super) async fn load(connection: &mut AnyConnection) -> Result<Self, sqlx::Error> {
        let fresh = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let select = "SELECT value FROM settings WHERE name = 'cursor_key'";
        let stored: Option<(String,)> =
            sqlx::query_as(select).persistent(false).fetch_optional(&mut *connection).await?;
        let (secret,) = match stored {
            Some(secret) => secret,
            None => {
                sqlx::query(
                    "INSERT INTO settings (name, value) VALUES ('cursor_key', $1) ON CONFLICT (name) DO NOTHING",
                )
                .persistent(false)
                .bind(fresh)
                .execute(&mut *connection)
                .await?;
                sqlx::query_as(select).persistent(false).fetch_one(connection).await?
            }
        };
        Ok(Key::new(secret.as_bytes()))
    }

    fn new(secret: &[u8]) -> Self {
        Key(Hmac::new_from_slice(secret).expect("HMAC takes a key of any length"))
    }

    /// The cursor for a place in a list.
    pub(super) fn sign(&self, list: List<'_>, place: &[u8]) -> String {
        let signature = self.mac(list, place).finalize().into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode([place, &signature[..SIGNATURE]].concat())
    }

    /// The place that a cursor was made for.
    pub(super) fn verify(&self, list: List<'_>, cursor: &str) -> Result<Vec<u8>, InvalidCursor> {
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| InvalidCursor)?;
        let (place, signature) = bytes.split_last_chunk::<SIGNATURE>().ok_or(InvalidCursor)?;
        self.mac(list, place).verify_truncated_left(signature).map_err(|_| InvalidCursor)?;
        bytes.truncate(bytes.len() - SIGNATURE);
        Ok(bytes)
    }

    fn mac(&self, list: List<'_>, place: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        let texts = match list {
            List::History(room) => vec![room.scope, &room.id],
            List::Rooms { scope, user_id } => vec!["rooms", scope, user_id],
        };
        for text in texts {
            mac.update(&(text.len() as u64).to_be_bytes());
            mac.update(text.as_bytes());
        }
        mac.update(place);
        mac
    }
}

/// A list that is read by pages.
#[derive(Clone, Copy)]
pub(super) enum List<'l> {
    /// The history of a room. A place is a message's position.
    History(&'l Room),
    /// The rooms of a scope that a user belongs to. A place is a room's id.
    Rooms { scope: &'l str, user_id: &'l str },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(scope: &'static str, id: &str) -> Room {
        Room { scope, id: id.to_owned() }
    }

    #[test]
    fn a_cursor_is_good_for_its_room_alone() {
        let key = Key::new(b"secret");
        let general = room("channel", "general");
        let cursor = key.sign(List::History(&general), &[4, 2]);
        assert_eq!(key.verify(List::History(&general), &cursor), Ok(vec![4, 2]));
        for other in [room("channel", "random"), room("conversation", "general")] {
            assert_eq!(key.verify(List::History(&other), &cursor), Err(InvalidCursor));
        }
        assert_eq!(Key::new(b"another").verify(List::History(&general), &cursor), Err(InvalidCursor));
    }

    #[test]
    fn a_cursor_of_a_list_of_rooms_is_good_for_its_user_and_scope_alone() {
        let key = Key::new(b"secret");
        let list = |scope, user_id| List::Rooms { scope, user_id };
        let cursor = key.sign(list("channel", "alice"), b"general");
        assert_eq!(key.verify(list("channel", "alice"), &cursor), Ok(b"general".to_vec()));
        for other in [list("conversation", "alice"), list("channel", "bob"), List::History(&room("channel", "alice"))] {
            assert_eq!(key.verify(other, &cursor), Err(InvalidCursor));
        }
    }

    #[test]
    fn scope_and_id_do_not_run_into_each_other() {
        let key = Key::new(b"secret");
        let cursor = key.sign(List::History(&room("a", "bc")), &[1]);
        assert_eq!(key.verify(List::History(&room("ab", "c")), &cursor), Err(InvalidCursor));
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let key = Key::new(b"secret");
        let room = room("channel", "general");
        let list = List::History(&room);
        let cursor = key.sign(list, &7_i64.to_be_bytes());
        for at in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(key.verify(list, std::str::from_utf8(&changed).unwrap()), Err(InvalidCursor), "at {at}");
        }
        for wrong in ["", "AAAAAAAACo", "not base64!", &cursor[1..], &format!("{cursor}A"), &format!("{cursor}AAAA")] {
            assert_eq!(key.verify(list, wrong), Err(InvalidCursor), "{wrong:?}");
        }
    }
}

//! Cursors: positions in a room's history, signed so that a room accepts only its own.

use accord_runtime::Room;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::AnyConnection;
use uuid::Uuid;

/// Bytes of a position in a cursor.
const POSITION: usize = 8;
/// Bytes of the signature in a cursor: 128 bits, which cannot be guessed.
const SIGNATURE: usize = 16;

/// The cursor was not given by this server for this room.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the cursor was not given by this server for this room")]
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

    /// The cursor for the messages before a position.
    pub(super) fn sign(&self, room: &Room, position: i64) -> String {
        let mut bytes = [0; POSITION + SIGNATURE];
        bytes[..POSITION].copy_from_slice(&position.to_be_bytes());
        bytes[POSITION..].copy_from_slice(&self.mac(room, position).finalize().into_bytes()[..SIGNATURE]);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position that a cursor was made for.
    pub(super) fn verify(&self, room: &Room, cursor: &str) -> Result<i64, InvalidCursor> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| InvalidCursor)?;
        let (position, signature) = bytes.split_first_chunk::<POSITION>().ok_or(InvalidCursor)?;
        let position = i64::from_be_bytes(*position);
        if signature.len() != SIGNATURE {
            return Err(InvalidCursor);
        }
        self.mac(room, position).verify_truncated_left(signature).map_err(|_| InvalidCursor)?;
        Ok(position)
    }

    fn mac(&self, room: &Room, position: i64) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for text in [room.scope, &room.id] {
            mac.update(&(text.len() as u64).to_be_bytes());
            mac.update(text.as_bytes());
        }
        mac.update(&position.to_be_bytes());
        mac
    }
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
        let cursor = key.sign(&room("channel", "general"), 42);
        assert_eq!(key.verify(&room("channel", "general"), &cursor), Ok(42));
        assert_eq!(key.verify(&room("channel", "random"), &cursor), Err(InvalidCursor));
        assert_eq!(key.verify(&room("conversation", "general"), &cursor), Err(InvalidCursor));
        assert_eq!(Key::new(b"another").verify(&room("channel", "general"), &cursor), Err(InvalidCursor));
    }

    #[test]
    fn scope_and_id_do_not_run_into_each_other() {
        let key = Key::new(b"secret");
        assert_eq!(key.verify(&room("ab", "c"), &key.sign(&room("a", "bc"), 1)), Err(InvalidCursor));
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let key = Key::new(b"secret");
        let room = room("channel", "general");
        let cursor = key.sign(&room, 7);
        for at in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(key.verify(&room, std::str::from_utf8(&changed).unwrap()), Err(InvalidCursor), "at {at}");
        }
        for wrong in ["", "AAAAAAAACo", "not base64!", &cursor[1..], &format!("{cursor}A"), &format!("{cursor}AAAA")] {
            assert_eq!(key.verify(&room, wrong), Err(InvalidCursor), "{wrong:?}");
        }
    }
}

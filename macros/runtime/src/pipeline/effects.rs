//! The effects that some events have on the caller's session: it joins or leaves a room, or is renewed with a new
//! token.

use serde_json::{Value, json};

use super::{Declared, Effect, Endpoint, Pipeline};
use crate::{auth::Verified, date_time, event::RoomAction, log::Position, rejection::Rejection, scope::Room};

/// A change of the caller's session.
pub enum Change<'c> {
    /// It joins the room that the input names in the field `key`.
    Join {
        /// The room.
        room: &'c Room,
        /// The field that names it.
        key: &'static str,
        /// The position of its log, if it has one, when the caller was found to belong to it.
        position: Option<Position>,
    },
    /// It leaves the room.
    Leave(&'c Room),
    /// It is renewed with this token.
    Renew(Verified),
}

impl Endpoint {
    /// The change that a call of this endpoint brings about, if any.
    pub(super) fn change<'c>(
        &self,
        rooms: &'c [Room],
        position: Option<Position>,
        renewed: Option<Verified>,
    ) -> Option<Change<'c>> {
        let Declared::Event(spec) = self.declared() else { return None };
        match (self.effect()?, rooms, renewed) {
            (Effect::Room(RoomAction::Join), [room, ..], _) => {
                Some(Change::Join { room, key: spec.scopes[0].key, position })
            }
            (Effect::Room(RoomAction::Leave), [room, ..], _) => Some(Change::Leave(room)),
            (Effect::Renew(_), _, Some(renewed)) => Some(Change::Renew(renewed)),
            _ => None,
        }
    }
}

impl Pipeline {
    /// Verifies the new token of an event that renews its session, which has to be one of the same user; returns what the
    /// handler gets in place of the payload, and what the token says.
    pub(super) async fn renew(
        &self,
        endpoint: &Endpoint,
        caller: Option<&Verified>,
        input: Value,
    ) -> Result<(Value, Option<Verified>), Rejection> {
        let Some(Effect::Renew(field)) = endpoint.effect() else { return Ok((input, None)) };
        let refused = || Rejection::from(self.protocol.answers.token_refused);
        let token = input[field].as_str().unwrap_or_default();
        let renewed = self.authenticate(Some(token)).await.map_err(|_| refused())?;
        if caller.is_none_or(|caller| caller.identity.id != renewed.identity.id) {
            tracing::debug!("refused a new token: it is another user's");
            return Err(refused());
        }
        self.confirm(&renewed, self.failure(endpoint)).await?;
        let said = json!({ "userId": renewed.identity.id, "expiresAt": date_time::shown(renewed.expires) });
        Ok((said, Some(renewed)))
    }
}

//! Emitting events, and their answers.

use accord_flows::pattern::shown;
use accord_language::model::NamedRoom;
use serde_json::Value;

use super::{Actor, Deviation, Session};
use crate::{
    client::Seen,
    coverage::{INSIDE, OUTSIDE},
};

/// The most characters of a room's id that an error names.
const LONGEST_ID: usize = 128;

/// An event that was emitted.
#[derive(Clone, Debug)]
pub struct Emission {
    /// Its name.
    pub event: String,
    /// Its payload.
    pub payload: Option<Value>,
    /// The id of its acknowledgement, where one was asked for.
    pub ack: Option<u64>,
}

/// The answer to an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Done, with this data.
    Ok(Value),
    /// Not done, for this reason.
    Failed(Value),
}

impl Session {
    /// Emits an event, and asks for an acknowledgement or not.
    pub fn emit(&self, actor: &Actor, event: &str, payload: Option<Value>, acknowledged: bool) -> Emission {
        self.audit.emitted(actor.connection, event, payload.as_ref());
        let args: Vec<Value> = payload.clone().into_iter().collect();
        let ack = if acknowledged {
            Some(actor.socket.emit_with_ack(event, &args))
        } else {
            actor.socket.emit(event, &args);
            None
        };
        self.server.coverage.hit(event, &format!("over {}", actor.transport().name()));
        Emission { event: event.to_owned(), payload, ack }
    }

    /// Waits for the acknowledgement of `emission`, and checks its form.
    pub async fn reply(&self, actor: &Actor, emission: &Emission, step: &str) -> Result<Reply, Deviation> {
        let expected = format!("the acknowledgement of `{}`", emission.event);
        let Some(id) = emission.ack else {
            return Err(Deviation::new(step, expected, "no request for an acknowledgement: the case has a mistake"));
        };
        let Some(args) = actor.socket.answer(id, self.server.patience).await else {
            let came = match actor.socket.closed() {
                Some(closed) => format!("the end of the connection: {}", closed.why),
                None => match actor.socket.pending().first() {
                    Some(arrival) => format!("none within {:?}, but {}", self.server.patience, arrival.what),
                    None => format!("nothing within {:?}", self.server.patience),
                },
            };
            return Err(Deviation::new(step, expected, came));
        };
        let came = || Value::Array(args.clone()).to_string();
        let form =
            || Deviation::new(step, format!("{expected}: `{{ok: true, data}}` or `{{ok: false, error}}`"), came());
        let [Value::Object(answer)] = args.as_slice() else { return Err(form()) };
        // `null` counts as absent.
        let part = |name: &str| answer.get(name).filter(|part| !part.is_null());
        let reply = match (answer.get("ok"), answer.get("data"), part("error")) {
            (Some(Value::Bool(true)), Some(data), None) => Reply::Ok(data.clone()),
            (Some(Value::Bool(false)), None | Some(Value::Null), Some(error)) => Reply::Failed(error.clone()),
            _ => return Err(form()),
        };
        match &reply {
            Reply::Ok(data) => {
                self.check(step, self.protocol().check_ack(&emission.event, data), data)?;
                let fits =
                    self.audit.answered(actor.connection, &emission.event, emission.payload.as_ref(), Some(data));
                fits.map_err(|why| Deviation::new(step, "what fits the log of the room", format!("{why}: {data}")))?;
                self.server.coverage.hit(&emission.event, "acknowledged");
                if let Some(inside) = self.audit.inside(actor.connection, &emission.event, emission.payload.as_ref()) {
                    self.server.coverage.hit(&emission.event, if inside { INSIDE } else { OUTSIDE });
                }
            }
            Reply::Failed(error) => {
                self.audit.answered(actor.connection, &emission.event, emission.payload.as_ref(), None).ok();
                self.check(step, self.protocol().check_error(error), error)?;
                self.names_event(&emission.event, error, false, step)?;
                self.names_rooms(emission, error, step)?;
                self.cover_error(&emission.event, error);
            }
        }
        Ok(reply)
    }

    /// Waits for the error event that an event without an acknowledgement fails with.
    pub async fn error_event(&self, actor: &Actor, event: &str, step: &str) -> Result<Value, Deviation> {
        let error_event = self.protocol().model.gateway.error_event.clone();
        let expected = format!("`{error_event}`, for `{event}`");
        let arrival = actor.socket.next(self.server.patience).await;
        let came = match arrival.map(|arrival| arrival.what) {
            Some(Seen::Event { name, args }) if name == error_event => {
                let error = args.into_iter().next().unwrap_or(Value::Null);
                self.names_event(event, &error, true, step)?;
                self.cover_error(event, &error);
                return Ok(error);
            }
            Some(other) => other.to_string(),
            None => match actor.socket.closed() {
                Some(closed) => format!("the end of the connection: {}", closed.why),
                None => format!("nothing within {:?}", self.server.patience),
            },
        };
        Err(Deviation::new(format!("{step}, at {}", actor.name), expected, came))
    }

    /// Waits for the error event that `emission`, without an acknowledgement, fails with.
    pub async fn error_of(&self, actor: &Actor, emission: &Emission, step: &str) -> Result<Value, Deviation> {
        let error = self.error_event(actor, &emission.event, step).await?;
        self.names_rooms(emission, &error, step)?;
        Ok(error)
    }

    fn check(&self, step: &str, outcome: Result<(), String>, value: &Value) -> Result<(), Deviation> {
        outcome.map_err(|why| Deviation::new(step, "what the schema says", format!("{}\n  {why}", shown(value))))
    }

    /// Checks that the `event` of an error is the event that failed. An error event must name it, because nothing else
    /// identifies it; an acknowledgement may leave it out.
    fn names_event(&self, event: &str, error: &Value, required: bool, step: &str) -> Result<(), Deviation> {
        match error.get("event").and_then(Value::as_str) {
            None if !required => Ok(()),
            Some(named) if named == event => Ok(()),
            _ => Err(Deviation::new(step, format!("an error with the event `{event}`"), shown(error))),
        }
    }

    /// Checks that an error names the rooms of the payload whose ids are strings of a valid length.
    fn names_rooms(&self, emission: &Emission, error: &Value, step: &str) -> Result<(), Deviation> {
        let protocol = self.protocol();
        let Some(event) = protocol.model.client_event(&emission.event) else { return Ok(()) };
        for NamedRoom { field, named_as } in protocol.model.named_rooms(event) {
            let named = emission.payload.as_ref().and_then(|payload| payload.get(field)).and_then(Value::as_str);
            let named = named.filter(|id| id.chars().count() <= LONGEST_ID);
            if error.get(named_as).filter(|value| !value.is_null()) != named.map(Value::from).as_ref() {
                let expected = match named {
                    Some(id) => format!("an error whose `{named_as}` is {id:?}"),
                    None => format!("an error without `{named_as}`"),
                };
                return Err(Deviation::new(step, expected, shown(error)));
            }
        }
        Ok(())
    }

    /// Notes that `event` has failed with this error.
    fn cover_error(&self, event: &str, error: &Value) {
        let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
        if let Some(known) = self.protocol().error_like(text("code"), text("message")) {
            self.server.coverage.hit(event, &format!("error {}", known.name));
        }
    }
}

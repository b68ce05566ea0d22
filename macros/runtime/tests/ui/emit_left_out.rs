use accord_runtime::{Call, DeclaredError, EventError, EventSpec, Fault, Reply, handlers};

static SEND: EventSpec = EventSpec { name: "send", limit: None, scopes: &[], named: &[], log: None, idempotent: None, failure: "Failed to send" };

#[derive(DeclaredError)]
#[error(name = "not_found", code = "not_found", message = "Not found", status = 404)]
pub struct NotFound;

#[derive(DeclaredError)]
#[error(name = "forbidden", code = "forbidden", message = "Forbidden", status = 403)]
pub struct Forbidden;

#[derive(Debug, EventError)]
pub enum SendError {
    #[error(NotFound)]
    NotFound,
    #[fault]
    Fault(Fault),
}

#[derive(Reply)]
pub struct SendReply {
    #[reply(ack)]
    pub ack: String,
    #[reply(emit = "sent", to = caller)]
    pub sent: String,
}

#[handlers]
pub trait Messages {
    #[event(SEND)]
    async fn send(&self, call: Call) -> Result<SendReply, SendError>;
}

struct Server;

impl Messages for Server {
    async fn send(&self, _: Call) -> Result<SendReply, SendError> {
        Ok(SendReply { ack: String::new() })
    }
}

fn main() {}

//! The events, as `socket.io-client` wants them.

use accord_language::model::{Ack, ClientEvent, Model, ServerEvent, Target, TypeId};

use super::{docs::Docs, literal, types};

/// `Answer`, `ServerToClientEvents`, `ClientToServerEvents` and `ClientSocket`, which says what socket.io-client
/// cannot: that an acknowledgement may be left out, and what it is where there is a timeout.
pub fn declarations(model: &Model) -> String {
    let server = model.server_events().map(|event| of_server(model, event));
    let client = model.client_events().map(|event| of_client(model, event));
    let (server, client) = (server.collect::<String>(), client.collect::<String>());
    format!("{ANSWER}\n{SERVER} {{\n{server}}}\n\n{CLIENT} {{\n{client}}}\n\n{SOCKET}")
}

const ANSWER: &str = "/** The acknowledgement of an event. */
export type Answer<Data, Code extends string = ErrorCode> =
  | { ok: true; data: Data }
  | { ok: false; error: ProtocolError<Code> };
";

const SERVER: &str = "\
/** The events that the server sends. */
export interface ServerToClientEvents";

const CLIENT: &str = "\
/**
 * The events that clients send. The last argument is the acknowledgement: required here, because `emitWithAck` of
 * socket.io-client derives its types from it. A `ClientSocket` also emits without one.
 */
export interface ClientToServerEvents";

const SOCKET: &str = "/** The arguments of a client event, without its acknowledgement. */
export type EventArguments<Event extends keyof ClientToServerEvents> =
  Parameters<ClientToServerEvents[Event]> extends [...infer Given, unknown] ? Given : never;

/** The acknowledgement of a client event. */
export type EventAnswer<Event extends keyof ClientToServerEvents> =
  Parameters<ClientToServerEvents[Event]> extends [...unknown[], (answer: infer Given) => void] ? Given : never;

/**
 * A socket of the protocol. Without an acknowledgement, a failure is the event that `ServerToClientEvents` has for it.
 *
 * @example
 * const socket: ClientSocket = io(url, {
 *   // Called at each attempt to connect: a token expires.
 *   auth: (give) => fetchToken().then((token) => give({ token, protocol: PROTOCOL.version })),
 * });
 */
export interface ClientSocket extends Socket<ServerToClientEvents, ClientToServerEvents> {
  emit<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: Parameters<ClientToServerEvents[Event]> | EventArguments<Event>
  ): this;

  /** Rejects if there is no acknowledgement within this many milliseconds. */
  timeout(milliseconds: number): TimedSocket;
}

/** A `ClientSocket` that waits this long for acknowledgements. */
export type TimedSocket = {
  emitWithAck<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: EventArguments<Event>
  ): Promise<EventAnswer<Event>>;
} & ReturnType<Socket<ServerToClientEvents, ClientToServerEvents>['timeout']>;
";

fn of_server(model: &Model, event: &ServerEvent) -> String {
    let docs = Docs::of(&event.doc, &format!("`{}`.", event.name));
    let payload = match event.payload {
        None => String::new(),
        Some(_) if event.name == model.gateway.error_event => "error: ProtocolError".to_owned(),
        Some(TypeId(index)) => format!("payload: {}", model.types[index].name),
    };
    format!("{}  {}: ({payload}) => void;\n", docs.comment("  "), literal::key(&event.name))
}

fn of_client(model: &Model, event: &ClientEvent) -> String {
    let mut docs = Docs::of(&event.doc, &format!("`{}`.", event.name));
    for emit in &event.emits {
        docs.add(&format!("Leads to `{}`, {}.", emit.event, recipients(model, event, &emit.to)));
    }
    let payload = event.payload.map(|id| format!("payload: {}, ", model.types[id.0].name)).unwrap_or_default();
    let data = match &event.ack {
        Ack::None => "null".to_owned(),
        Ack::Emitted(index) => {
            event.emits[*index].payload.map_or("null".to_owned(), |id| model.types[id.0].name.clone())
        }
        Ack::Type(ty) => types::use_of(model, ty, ""),
    };
    let name = literal::key(&event.name);
    let codes = format!("EventErrors[{}]", literal::string(&event.name));
    format!("{}  {name}: ({payload}ack: (answer: Answer<{data}, {codes}>) => void) => void;\n", docs.comment("  "))
}

fn recipients(model: &Model, event: &ClientEvent, to: &Target) -> String {
    let scope = |index: usize| model.scopes[index].name.as_str();
    let own = event.scope.map_or("", |id| scope(id.0));
    match to {
        Target::Caller => "to this socket".to_owned(),
        Target::Scope => format!("to all who have joined the {own}"),
        Target::Others => format!("to all others who have joined the {own}"),
        Target::User => "to every socket of this user".to_owned(),
        Target::Also(index) => {
            let also = &event.also[*index];
            format!("to all who have joined the {} of `{}`", scope(also.scope.0), also.key)
        }
        Target::Own(id) => format!("to all who have joined this user's own {}", scope(id.0)),
    }
}

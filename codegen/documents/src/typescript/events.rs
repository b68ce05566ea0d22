//! The events, as `socket.io-client` wants them.

use accord_language::model::{ClientEvent, Model, ServerEvent, Target};

use super::{docs::Docs, literal, types};
use crate::sentences;

/// `Answer`, `ServerToClientEvents`, `ClientToServerEvents` and `ClientSocket`, which says what socket.io-client
/// cannot: that an acknowledgement may be left out, and what it is where there is a timeout.
///
/// A `ClientSocket` imports nothing: npm links a package that is installed by its path, and TypeScript resolves the imports of
/// a linked file from the file's own folder, where the project's socket.io-client is not found. Socket.io-client's own socket
/// can be assigned to it, as long as the events of the connection have signatures separate from the server's events.
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

/** The events of a socket's own connection. */
export interface ConnectionEvents {
  connect: () => void;
  /** The socket could not connect. If it is not `active` now, the server has refused it. */
  connect_error: (error: globalThis.Error & { data?: any }) => void;
  disconnect: (
    reason:
      | 'io server disconnect' | 'io client disconnect' | 'forced close'
      | 'ping timeout' | 'transport close' | 'transport error' | 'parse error',
  ) => void;
}

/**
 * A socket of the protocol: the part that `io` of socket.io-client and of this package's `client` have in common. Without an
 * acknowledgement, a failure is the event that `ServerToClientEvents` has for it.
 *
 * @example
 * const socket: ClientSocket = io(url, {
 *   // Called at each attempt to connect: a token expires.
 *   auth: (give) => fetchToken().then((token) => give({ token, protocol: PROTOCOL.version })),
 * });
 */
export interface ClientSocket {
  /** The id of the connection: a new one each time. */
  readonly id: string | undefined;
  readonly connected: boolean;
  readonly disconnected: boolean;
  /** Whether the socket is connected, or will reconnect by itself. */
  readonly active: boolean;
  auth: Record<string, any> | ((give: (auth: object) => void) => void);
  /** The underlying connection, with its attempts to reconnect. */
  readonly io: ClientConnection;

  connect(): this;
  open(): this;
  disconnect(): this;
  close(): this;

  on(event: 'connect', listener: ConnectionEvents['connect']): this;
  on(event: 'connect_error', listener: ConnectionEvents['connect_error']): this;
  on(event: 'disconnect', listener: ConnectionEvents['disconnect']): this;
  on<Event extends keyof ServerToClientEvents>(event: Event, listener: ServerToClientEvents[Event]): this;
  once(event: 'connect', listener: ConnectionEvents['connect']): this;
  once(event: 'connect_error', listener: ConnectionEvents['connect_error']): this;
  once(event: 'disconnect', listener: ConnectionEvents['disconnect']): this;
  once<Event extends keyof ServerToClientEvents>(event: Event, listener: ServerToClientEvents[Event]): this;
  off(event?: keyof (ServerToClientEvents & ConnectionEvents), listener?: (...args: any[]) => void): this;
  listeners(event: keyof (ServerToClientEvents & ConnectionEvents)): ((...args: any[]) => void)[];
  hasListeners(event: keyof (ServerToClientEvents & ConnectionEvents)): boolean;

  onAny(listener: (...args: any[]) => void): this;
  offAny(listener?: (...args: any[]) => void): this;
  onAnyOutgoing(listener: (...args: any[]) => void): this;
  offAnyOutgoing(listener?: (...args: any[]) => void): this;

  emit<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: Parameters<ClientToServerEvents[Event]> | EventArguments<Event>
  ): this;
  emitWithAck<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: EventArguments<Event>
  ): Promise<EventAnswer<Event>>;

  /** Events emitted on this are dropped while there is no connection. */
  readonly volatile: this;
  /** Events emitted on this fail if they are not acknowledged within this many milliseconds. */
  timeout(milliseconds: number): TimedSocket;
}

/** A `ClientSocket` that waits this long for acknowledgements. */
export interface TimedSocket {
  emit<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: [...EventArguments<Event>, (error: globalThis.Error | null, answer: EventAnswer<Event>) => void]
  ): unknown;
  emitWithAck<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: EventArguments<Event>
  ): Promise<EventAnswer<Event>>;
}

/** A connection to a server, which reopens when it is lost. */
export interface ClientConnection {
  /** The current connection. Closing it makes the client reconnect. */
  readonly engine: { close(): unknown };

  on(event: 'open' | 'ping' | 'reconnect_failed', listener: () => void): this;
  on(event: 'error' | 'reconnect_error', listener: (error: globalThis.Error) => void): this;
  on(event: 'close', listener: (reason: string) => void): this;
  on(event: 'reconnect_attempt' | 'reconnect', listener: (attempt: number) => void): this;
  off(
    event?: 'open' | 'ping' | 'error' | 'close' | 'reconnect' | 'reconnect_attempt' | 'reconnect_error' | 'reconnect_failed',
    listener?: (...args: any[]) => void,
  ): this;
}
";

fn of_server(model: &Model, event: &ServerEvent) -> String {
    let mut docs = Docs::of(&event.doc, &format!("`{}`.", event.name));
    for sentence in sentences::of_server_event(model, event) {
        docs.add(&sentence);
    }
    let payload = match model.shown_payload(event) {
        None => String::new(),
        Some(_) if event.name == model.gateway.error_event => "error: ProtocolError".to_owned(),
        Some(shown) => format!("payload: {}", types::shown(model, &shown, "")),
    };
    format!("{}  {}: ({payload}) => void;\n", docs.comment("  "), literal::key(&event.name))
}

fn of_client(model: &Model, event: &ClientEvent) -> String {
    let mut docs = Docs::of(&event.doc, &format!("`{}`.", event.name));
    for emit in &event.emits {
        let recipients: Vec<String> = emit.to.iter().map(|to| recipients(model, event, to)).collect();
        docs.add(&format!("Leads to `{}`, {}.", emit.event, recipients.join(" and ")));
    }
    for sentence in sentences::of_client_event(model, event) {
        docs.add(&sentence);
    }
    let payload = event.payload.map(|id| format!("payload: {}, ", model.types[id.0].name)).unwrap_or_default();
    let data = model.shown_ack(event).map_or("null".to_owned(), |shown| types::shown(model, &shown, ""));
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
        Target::UserOf(key) => format!("to every socket of the user whom `{key}` names"),
        // An event names its rooms under `also`.
        Target::Room(_) => "to another room".to_owned(),
    }
}

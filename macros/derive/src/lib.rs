//! The derives and attributes that generated code uses.
//!
//! Each expands to as little code as possible: behaviour is in `accord-runtime`, which re-exports all of them. No macro
//! here reads a schema or looks at a type beyond its tokens. Every error says what to write instead. The first page of
//! `accord-runtime` has an example that compiles.
//!
//! Start reading at the macros below: each documents its whole grammar. `validate` is the largest part.

mod also;
mod attribute;
mod declared_error;
mod event_error;
mod handlers;
mod reply;
mod scope;
mod text;
mod validate;

use proc_macro::TokenStream;
use syn::{DeriveInput, ItemTrait, parse_macro_input};

fn expand(input: TokenStream, derive: fn(&DeriveInput) -> syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Writes the check of a JSON value against the type.
///
/// On a struct with named fields, each field is checked by its own type and by its constraints; its name on the wire is
/// that of `#[serde(rename = "…")]`, and `#[serde(default)]` marks a field that may be left out (or be `null`). On a
/// struct with one unnamed field and `#[serde(transparent)]`, constraints are given on the struct. On an enum without
/// data, the value has to be one of the variants' names.
///
/// Constraints, on a field or on a transparent struct:
/// ```text
/// #[validate(min_length = 1, max_length = 128)]        code points of a string
/// #[validate(pattern = r"^\P{Cc}*$")]                  found anywhere in a string, in the syntax of `regex`
/// #[validate(pattern = "…", violation = "must …")]     what is said when it is not found
/// #[validate(date_time)]                               a string as in RFC 3339
/// #[validate(constant = "ok")]                         this string and no other
/// #[validate(minimum = 0, maximum = 100)]              also `exclusive_minimum`, `exclusive_maximum`
/// #[validate(min_items = 1, max_items = 10)]           items of an array
/// ```
/// Rules across fields, on a struct, as many as needed; `path` is a JSON Pointer from the struct's object:
/// ```text
/// #[validate(rule(name = "something_to_say", path = "/content", message = "must not be empty", test = TEST))]
///
/// TEST := all(TEST, …) | any(TEST, …) | not(TEST)
///       | present("field")              it is there, and not null
///       | field("field", CONSTRAINT)    it is absent, or of another type, or passes
/// CONSTRAINT := pattern = "…" | min_length = 1 | max_length = 1 | min_items = 1 | max_items = 1
///             | minimum = 1 | maximum = 1 | one_of("text", 1, true, null)
/// ```
/// Fields are named as on the wire.
#[proc_macro_derive(Validate, attributes(validate, serde))]
pub fn validate(input: TokenStream) -> TokenStream {
    expand(input, validate::derive)
}

/// Implements the usual conversions for a transparent struct around a `String`: `as_str`, `AsRef<str>`, `Display`,
/// `From<String>`, `From<&str>`.
#[proc_macro_derive(Text)]
pub fn text(input: TokenStream) -> TokenStream {
    expand(input, text::derive)
}

/// Writes how a handler's answer is acknowledged and emitted. Each field has an attribute for its use:
/// ```text
/// #[reply(ack)]                               it is the acknowledgement's data
/// #[reply(answer)]                            the same, of an operation: it is its answer
/// #[reply(emit = "new_message", to = scope)]  it is emitted, to: caller, scope, others, user, room(0), user_of("userId")
/// #[reply(emit = "left", to = [scope, user])] it is emitted to several
/// #[reply(emit = "sent", to = scope, durable)]  it is emitted, and an entry of the room's log
/// #[reply(ack, emit = "pong", to = caller)]   both, encoded once
/// ```
/// A field of type `Option` that is only emitted is emitted if it is `Some`.
#[proc_macro_derive(Reply, attributes(reply))]
pub fn reply(input: TokenStream) -> TokenStream {
    expand(input, reply::derive)
}

/// Lists the errors of an event, and converts each of them into the enum. Each variant says which error it is:
/// ```text
/// #[error(errors::ReplyNotFound)] ReplyNotFound,         an error that the schema declares
/// #[error(errors::TooLarge)] TooLarge(accord_runtime::Violation),  the same, with what is wrong with an upload
/// #[invalid] InvalidPayload(accord_runtime::Violation),  the answer to invalid payloads, with what breaks which rule
/// #[fault] Fault(accord_runtime::Fault),                 the server's own failure; exactly one
/// ```
#[proc_macro_derive(EventError, attributes(error, invalid, fault))]
pub fn event_error(input: TokenStream) -> TokenStream {
    expand(input, event_error::derive)
}

/// Makes a unit struct an error that the schema declares:
/// ```text
/// #[error(name = "reply_not_found", code = "reply_not_found", message = "Original message not found", status = 404)]
/// ```
#[proc_macro_derive(DeclaredError, attributes(error))]
pub fn declared_error(input: TokenStream) -> TokenStream {
    expand(input, declared_error::derive)
}

/// Makes a unit struct a kind of room:
/// ```text
/// #[scope(name = "channel", denied = super::errors::ChannelDenied)]
/// #[scope(…, log(caught_up = "caught_up", key = "channelId", keep = 604800, entries = 100000, floor = 600))]
/// ```
#[proc_macro_derive(Scope, attributes(scope))]
pub fn scope(input: TokenStream) -> TokenStream {
    expand(input, scope::derive)
}

/// Makes a struct of `Member<…>` fields the memberships that an event requires in addition to that of its scope, in the
/// order of the fields.
#[proc_macro_derive(Also)]
pub fn also(input: TokenStream) -> TokenStream {
    expand(input, also::derive)
}

/// Makes a trait of `async fn`s one that business logic implements. Implementors write plain `async fn`s; the futures
/// are `Send`, implementors are `Send + Sync + 'static`, and no method has a default, so that a new event does not
/// compile until it is handled. Each method names the endpoint that it is bound to, and takes arguments with these
/// names:
/// ```text
/// #[event(specs::SEND_MESSAGE)]              (&self, call: Call<…>, payload: P) -> Result<Reply, EventError>
/// #[connect(specs::CONNECT)]                 (&self, call: Call) -> Result<Reply, EventError>
/// #[disconnect(specs::DISCONNECT)]           (&self, call: Call) -> Result<Reply, EventError>
/// #[operation(specs::LIST_MESSAGES)]         (&self, call: Call<…>, input: P, upload: Upload) -> Result<JSON, EventError>
/// #[operation(specs::DOWNLOAD_FILE, raw)]    the same -> Result<Download, EventError>
/// #[operation(specs::DELETE_FILE, empty)]    the same -> Result<(), EventError>
/// #[operation(specs::ADD_MEMBER, emitting)]  the same -> Result<Reply, EventError>
/// ```
/// `payload`, `input` and `upload` are omitted if there is none, and `call` if an operation is public. A trait holds
/// either events, or operations, or one `connect` and optionally one `disconnect`. Beside it, the macro generates a
/// hidden function, named after it (`bind_messages` for `Messages`), that binds an implementor: to a `Vec<Endpoint>` or
/// a `Lifecycle`.
#[proc_macro_attribute]
pub fn handlers(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = proc_macro2::TokenStream::from(arguments);
    let item = parse_macro_input!(item as ItemTrait);
    handlers::expand(&arguments, item).unwrap_or_else(syn::Error::into_compile_error).into()
}

//! The tables of a protocol, as generated code holds them in statics: here they are made when the mock starts, and kept
//! for as long as the process runs.

use std::time::Duration;

use accord_language::model::{
    self, ClientEvent, Disconnect, Emit, ErrorId, Kind, LimitId, Model, Part, ScopeId, ServerEvent, Shape, SuccessBody,
    own_scopes,
};
use accord_runtime::{
    Answers, Auth, Body, Deprecated, ErrorSpec, EventSpec, Evicts, Leaving, LimitSpec, LogSpec, NamedRoom,
    OperationSpec, Parameter, ParameterKind, Per, Protocol, ScopeSpec, ScopeUse, ServerEventSpec, operation::Method,
};

/// The tables of a protocol.
pub struct Tables {
    model: &'static Model,
    errors: &'static [ErrorSpec],
    scopes: &'static [ScopeSpec],
    /// The schema's declarations for all events.
    pub protocol: &'static Protocol,
}

/// Keeps a value for as long as the process runs.
pub fn keep<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

impl Tables {
    /// The tables of a model's protocol.
    pub fn new(model: &'static Model) -> Self {
        let errors = model.errors.iter().map(|error| ErrorSpec {
            name: &error.name,
            code: &error.code,
            message: &error.message,
            status: error.status,
        });
        let errors: &'static [ErrorSpec] = errors.collect::<Vec<_>>().leak();
        let scopes = model.scopes.iter().map(|scope| ScopeSpec {
            name: &scope.name,
            denied: &errors[scope.denied.0],
            log: scope.log.as_ref().map(|log| {
                keep(LogSpec {
                    caught_up: &log.caught_up,
                    key: &scope.key,
                    keep: log.keep,
                    entries: log.entries,
                    floor: log.floor,
                })
            }),
        });
        let scopes = scopes.collect::<Vec<_>>().leak();
        let gateway = &model.gateway;
        let error = |id: ErrorId| &errors[id.0];
        let protocol = keep(Protocol {
            name: &model.protocol.name,
            version: &model.protocol.version,
            limits: model.limits.iter().map(limit).collect::<Vec<_>>().leak(),
            unknown_limit: gateway.unknown_limit.map(|LimitId(index)| index),
            error_event: &gateway.error_event,
            answers: Answers {
                version_refused: gateway.version_refused.map(error),
                token_missing: error(gateway.token_missing),
                token_refused: error(gateway.token_refused),
                token_expired: error(gateway.token_expired),
                unknown_event: error(gateway.unknown_event),
                invalid_payload: error(gateway.invalid_payload),
                rate_limited: error(gateway.rate_limited),
                internal: error(gateway.internal),
                admin_only: error(gateway.admin_only),
                position_lost: gateway.position_lost.map(error),
                idempotency_conflict: gateway.idempotency_conflict.map(error),
            },
            events: model.server_events().map(server_event).collect::<Vec<_>>().leak(),
            deprecated: deprecated(model),
        });
        Tables { model, errors, scopes, protocol }
    }

    /// An entry of the error table.
    pub fn error(&self, id: ErrorId) -> &'static ErrorSpec {
        &self.errors[id.0]
    }

    /// The handshake, and the events that follow it.
    pub fn connect(&self) -> &'static EventSpec {
        let connect = &self.model.connect;
        let scopes = self.own_scopes(&connect.emits);
        unasked("connect", scopes, &connect.failure)
    }

    /// The end of a socket, and the events that follow it.
    pub fn disconnect(&self, disconnect: &'static Disconnect) -> &'static EventSpec {
        let scopes = self.own_scopes(&disconnect.emits);
        unasked("disconnect", scopes, &disconnect.failure)
    }

    fn own_scopes(&self, emits: &[Emit]) -> &'static [ScopeUse] {
        let scopes = own_scopes(emits).into_iter();
        scopes.map(|id| self.scope_use(id, &self.model.scopes[id.0].key)).collect::<Vec<_>>().leak()
    }

    /// The schema's declaration of a client event.
    pub fn event(&self, event: &'static ClientEvent) -> &'static EventSpec {
        let scope = event.scope.map(|id| self.scope_use(id, &self.model.scopes[id.0].key));
        let also = event.also.iter().map(|also| self.scope_use(also.scope, &also.key));
        let named = self.model.named_rooms(event).into_iter();
        let named = named.map(|model::NamedRoom { field, named_as }| NamedRoom { field, named_as });
        keep(EventSpec {
            name: &event.name,
            limit: event.limit.map(|LimitId(index)| index),
            scopes: scope.into_iter().chain(also).collect::<Vec<_>>().leak(),
            named: named.collect::<Vec<_>>().leak(),
            log: self.model.log_room(event),
            idempotent: event.idempotent.as_deref(),
            failure: &event.failure,
        })
    }

    /// The schema's declaration of an operation.
    pub fn operation(&self, operation: &'static model::Operation) -> &'static OperationSpec {
        let scope = operation.scope.map(|id| self.scope_use(id, &self.model.scopes[id.0].key));
        let rooms = operation.rooms.iter().map(|room| self.scope_use(room.scope, &room.key));
        let parameters = operation.parts.iter().filter(|(_, place)| *place != Part::Body).map(|(name, place)| {
            Parameter { name, in_path: *place == Part::Path, kind: self.parameter_kind(operation, name) }
        });
        keep(OperationSpec {
            name: &operation.name,
            method: match operation.method {
                model::Method::Get => Method::GET,
                model::Method::Post => Method::POST,
                model::Method::Put => Method::PUT,
                model::Method::Patch => Method::PATCH,
                model::Method::Delete => Method::DELETE,
            },
            path: &operation.path,
            auth: match operation.auth {
                model::Auth::Public => Auth::Public,
                model::Auth::User => Auth::User,
                model::Auth::Admin => Auth::Admin,
            },
            limit: operation.limit.map(|LimitId(index)| index),
            scopes: scope.into_iter().collect::<Vec<_>>().leak(),
            rooms: rooms.collect::<Vec<_>>().leak(),
            durable: operation.durable,
            parameters: parameters.collect::<Vec<_>>().leak(),
            body: match &operation.upload {
                Some(upload) => Body::Multipart { field: &upload.field },
                None if operation.parts.iter().any(|(_, place)| *place == Part::Body) => Body::Json,
                None => Body::None,
            },
            envelope: match &operation.success.body {
                SuccessBody::Json { envelope, .. } => envelope.as_deref(),
                SuccessBody::Raw(_) | SuccessBody::Empty => None,
            },
            status: operation.success.status,
            failure: &operation.failure,
        })
    }

    fn scope_use(&self, ScopeId(index): ScopeId, key: &'static str) -> ScopeUse {
        ScopeUse { scope: &self.scopes[index], key }
    }

    /// The kind that a parameter's text is parsed as: its type, with all names resolved.
    fn parameter_kind(&self, operation: &model::Operation, name: &str) -> ParameterKind {
        let shape = |id: model::TypeId| &self.model.types[id.0].shape;
        let Some(Shape::Object(object)) = operation.input.map(shape) else { return ParameterKind::Text };
        let field = object.fields.iter().find(|field| field.name == name);
        let mut kind = field.map(|field| &field.ty.kind);
        while let Some(Kind::Ref(id)) = kind {
            kind = match shape(*id) {
                Shape::Alias(kind) => Some(kind),
                Shape::Object(_) | Shape::Enum(_) => None,
            };
        }
        match kind {
            Some(Kind::Integer(_) | Kind::Number(_)) => ParameterKind::Number,
            Some(Kind::Boolean) => ParameterKind::Boolean,
            _ => ParameterKind::Text,
        }
    }
}

fn limit(limit: &'static model::Limit) -> LimitSpec {
    LimitSpec {
        name: &limit.name,
        per: match limit.per {
            model::Per::User => Per::User,
            model::Per::Socket => Per::Socket,
        },
        replenish: Duration::from_millis(limit.period_ms.into()) / limit.rate.max(1),
        burst: limit.burst,
    }
}

fn deprecated(model: &Model) -> &'static [Deprecated] {
    let uses = model.deprecated().into_iter().map(|used| Deprecated {
        what: match used.what {
            model::Leaving::Event => Leaving::Event,
            model::Leaving::EventField => Leaving::EventField,
            model::Leaving::Operation => Leaving::Operation,
            model::Leaving::OperationField => Leaving::OperationField,
            model::Leaving::Error => Leaving::Error,
        },
        about: used.deprecated.to_string().leak(),
        name: used.name.leak(),
    });
    uses.collect::<Vec<_>>().leak()
}

/// The declaration of the events that follow a connect or disconnect.
fn unasked(name: &'static str, scopes: &'static [ScopeUse], failure: &'static str) -> &'static EventSpec {
    keep(EventSpec { name, limit: None, scopes, named: &[], log: None, idempotent: None, failure })
}

fn server_event(event: &'static ServerEvent) -> ServerEventSpec {
    ServerEventSpec {
        name: &event.name,
        durable: event.durable,
        evicts: event.evicts.as_ref().map(|evicts| match evicts {
            model::Evicts::User(field) => Evicts::User(field),
            model::Evicts::FormerMembers => Evicts::FormerMembers,
        }),
        since: event.doc.since.as_deref(),
    }
}

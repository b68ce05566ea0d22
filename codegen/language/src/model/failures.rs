//! The errors of calls: those that they declare, and the gateway's.

use super::{Auth, ClientEvent, ErrorId, Model, Operation, ScopeId};

impl Model {
    /// The errors of a handshake, in the order of the checks.
    pub fn connect_errors(&self) -> Vec<ErrorId> {
        let gateway = &self.gateway;
        let mut errors = Vec::new();
        errors.extend(gateway.version_refused);
        errors.extend([gateway.token_missing, gateway.token_refused]);
        errors.extend(&self.connect.errors);
        errors.push(gateway.internal);
        each_once(errors)
    }

    /// The errors of a client event, in the order of the checks.
    pub fn event_errors(&self, event: &ClientEvent) -> Vec<ErrorId> {
        let gateway = &self.gateway;
        let mut errors = Vec::new();
        errors.extend(event.limit.map(|_| gateway.rate_limited));
        errors.push(gateway.invalid_payload);
        errors.extend(event.scope.map(|scope| self.denied(scope)));
        errors.extend(event.also.iter().map(|also| self.denied(also.scope)));
        errors.extend(self.joined_log(event).and(gateway.position_lost));
        errors.extend(event.idempotent.as_ref().and(gateway.idempotency_conflict));
        errors.extend(event.renews.as_ref().map(|_| gateway.token_refused));
        errors.extend(&event.errors);
        errors.push(gateway.internal);
        each_once(errors)
    }

    /// The errors of a REST operation, in the order of the checks.
    pub fn operation_errors(&self, operation: &Operation) -> Vec<ErrorId> {
        let gateway = &self.gateway;
        let mut errors = Vec::new();
        errors.extend(gateway.version_refused);
        if operation.auth != Auth::Public {
            errors.extend([gateway.token_missing, gateway.token_refused]);
        }
        errors.extend(operation.limit.map(|_| gateway.rate_limited));
        if operation.auth == Auth::Admin {
            errors.push(gateway.admin_only);
        }
        if operation.input.is_some() || operation.upload.is_some() {
            errors.push(gateway.invalid_payload);
        }
        errors.extend(operation.scope.map(|scope| self.denied(scope)));
        errors.extend(&operation.errors);
        errors.push(gateway.internal);
        each_once(errors)
    }

    fn denied(&self, scope: ScopeId) -> ErrorId {
        self.scopes[scope.0].denied
    }
}

fn each_once(errors: Vec<ErrorId>) -> Vec<ErrorId> {
    let mut once = Vec::with_capacity(errors.len());
    for error in errors {
        if !once.contains(&error) {
            once.push(error);
        }
    }
    once
}

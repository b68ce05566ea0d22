//! Errors: what failures say, and what may be answered with which.

use std::collections::BTreeSet;

use super::{Breaks, Comparing, Path, Rule, Site, rules};
use crate::model::{ErrorDef, ErrorId, Model, Retry};

impl Comparing<'_> {
    pub fn errors(&mut self) {
        let (old, new) = (&self.old.errors, &self.new.errors);
        let site = |name: &str| Site::new(name, Path::of(&["errors", name]));
        for error in old {
            if !new.iter().any(|other| other.name == error.name) {
                let message = "this error is no longer there";
                self.found(&rules::ERROR_REMOVED, Breaks::SOURCES, &site(&error.name), message);
            }
        }
        for error in new {
            match old.iter().position(|other| other.name == error.name) {
                None => self.found(&rules::ERROR_ADDED, Breaks::NOBODY, &site(&error.name), "this error is new"),
                Some(index) => self.error(ErrorId(index), error, &site(&error.name)),
            }
        }
        let codes = |errors: &[ErrorDef]| errors.iter().map(|error| error.code.clone()).collect::<BTreeSet<_>>();
        let (before, after) = (codes(old), codes(new));
        let declared = |errors: &[ErrorDef], code: &str| {
            let error = errors.iter().find(|error| error.code == code);
            error.map_or(Path::default(), |error| Path::of(&["errors", &error.name, "code"]))
        };
        for code in before.difference(&after) {
            let site = Site { subject: code.clone(), old: declared(old, code), new: Path::of(&["errors", code]) };
            self.found(&rules::CODE_REMOVED, Breaks::TYPESCRIPT, &site, "no error has this code any more");
        }
        for code in after.difference(&before) {
            let site = Site { subject: code.clone(), old: Path::of(&["errors", code]), new: declared(new, code) };
            self.found(&rules::CODE_ADDED, Breaks::TYPESCRIPT, &site, "this code is new");
        }
    }

    /// Compares what an error says. Only what a client can get breaks it.
    fn error(&mut self, id: ErrorId, after: &ErrorDef, site: &Site) {
        let before = &self.old.errors[id.0];
        let by_socket = answers_sockets(self.old, id);
        let by_rest = self.old.http.operations.iter().any(|one| self.old.operation_errors(one).contains(&id));
        let reaches = by_socket || by_rest;
        if before.code != after.code {
            let message = format!("its code is `{}`, was `{}`", after.code, before.code);
            let breaks = Breaks { wire: reaches, typescript: true, rust: false };
            self.found(&rules::ERROR_CODE, breaks, &site.then("code"), message);
        }
        if before.message != after.message {
            let message = format!("its message is “{}”, was “{}”", after.message, before.message);
            self.found(&rules::ERROR_MESSAGE, Breaks::wire_if(reaches), &site.then("message"), message);
        }
        if before.status != after.status {
            let message = format!("its status is {}, was {}", after.status, before.status);
            self.found(&rules::ERROR_STATUS, Breaks::wire_if(by_rest), &site.then("status"), message);
        }
        if before.retry != after.retry {
            let message = format!("a retry helps {}, did {}", retry(after.retry), retry(before.retry));
            let breaks = Breaks::wire_if(reaches && !still_helps(before.retry, after.retry));
            self.found(&rules::ERROR_RETRY, breaks, &site.then("retry"), message);
        }
        self.doc(&before.doc, &after.doc, site);
    }

    /// Compares what something is answered with where another error is named. It breaks where it says something else.
    pub fn answer(&mut self, rule: &'static Rule, old: ErrorId, new: ErrorId, reaches: bool, site: &Site) {
        let (before, after) = (&self.old.errors[old.0], &self.new.errors[new.0]);
        if before.name != after.name {
            let message = format!("the answer is `{}`, was `{}`", after.name, before.name);
            self.found(rule, Breaks::wire_if(reaches && !self.answers_alike(old, new)), site, message);
        }
    }

    /// Whether a client cannot tell these errors apart.
    pub fn answers_alike(&self, old: ErrorId, new: ErrorId) -> bool {
        let said = |error: &ErrorDef| (error.code.clone(), error.message.clone(), error.status, error.retry);
        said(&self.old.errors[old.0]) == said(&self.new.errors[new.0])
    }

    /// Compares the errors that something declares.
    pub fn answers(&mut self, old: &[ErrorId], new: &[ErrorId], site: &Site) {
        let site = site.then("errors");
        let before: Vec<&str> = old.iter().map(|id| self.old.errors[id.0].name.as_str()).collect();
        let after: Vec<&str> = new.iter().map(|id| self.new.errors[id.0].name.as_str()).collect();
        for name in before.iter().filter(|name| !after.contains(name)) {
            let message = format!("it is no longer answered with `{name}`");
            self.found(&rules::ANSWER_REMOVED, Breaks::RUST, &site.then(name), message);
        }
        for name in after.iter().filter(|name| !before.contains(name)) {
            let message = format!("it may be answered with `{name}`");
            self.found(&rules::ANSWER_ADDED, Breaks::NOBODY, &site.then(name), message);
        }
    }

    /// Compares the codes that an event may be refused with, for whatever reason.
    pub fn refusals(&mut self, old: &[ErrorId], new: &[ErrorId], site: &Site) {
        let codes = |model: &Model, ids: &[ErrorId]| {
            ids.iter().map(|id| model.errors[id.0].code.clone()).collect::<BTreeSet<String>>()
        };
        let (before, after) = (codes(self.old, old), codes(self.new, new));
        for code in before.difference(&after) {
            let message = format!("it is no longer refused with the code `{code}`");
            self.found(&rules::REFUSAL_REMOVED, Breaks::TYPESCRIPT, site, message);
        }
        for code in after.difference(&before) {
            let message = format!("it may be refused with the code `{code}`");
            self.found(&rules::REFUSAL_ADDED, Breaks::TYPESCRIPT, site, message);
        }
    }

    /// Compares what a fault of the server's own is called.
    pub fn failure(&mut self, old: &str, new: &str, site: &Site) {
        if old != new {
            let message = format!("its failure is called “{new}”, was “{old}”");
            self.found(&rules::FAILURE, Breaks::WIRE, &site.then("failure"), message);
        }
    }
}

/// Whether a socket can get this error.
fn answers_sockets(model: &Model, id: ErrorId) -> bool {
    let mut events = model.domains.iter().flat_map(|domain| &domain.client);
    [model.gateway.unknown_event, model.gateway.token_expired].contains(&id)
        || model.connect_errors().contains(&id)
        || events.any(|event| model.event_errors(event).contains(&id))
}

/// Whether what a client does to try again, as it was told, still helps. A client that does not try again is fine.
fn still_helps(old: Retry, new: Retry) -> bool {
    match (old, new) {
        (Retry::No, _) => true,
        // A new token does no harm where none is needed.
        (Retry::NewToken, Retry::Yes) => true,
        (old, new) => old == new,
    }
}

fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::No => "never",
        Retry::Yes => "at any time",
        Retry::After => "after `retryAfterMs`",
        Retry::NewToken => "with a new token",
    }
}

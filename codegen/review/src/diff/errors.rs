//! Errors: the content of failures, and the errors that a call can return.

use std::collections::{BTreeSet, HashMap, HashSet};

use accord_language::model::{ErrorDef, ErrorId, Model, Place, Retry};

use super::{Breaks, Comparing, DiffRule, Site, rules};

impl Comparing<'_> {
    pub fn errors(&mut self) {
        let (old, new) = (&self.old.errors, &self.new.errors);
        let answers = Answers::of(self.old);
        let [was, is] = [old, new].map(|errors| {
            errors.iter().enumerate().map(|(index, error)| (error.name.as_str(), index)).collect::<HashMap<_, _>>()
        });
        for error in old {
            if !is.contains_key(error.name.as_str()) {
                let message = "this error is no longer there";
                let site = self.section(&error.name, "errors").gone(&error.place);
                self.found(&rules::ERROR_REMOVED, Breaks::SOURCES, &site, message);
            }
        }
        for error in new {
            match was.get(error.name.as_str()) {
                None => {
                    let site = self.section(&error.name, "errors").came(&error.place);
                    self.found(&rules::ERROR_ADDED, Breaks::NOBODY, &site, "this error is new");
                }
                Some(index) => self.error(ErrorId(*index), error, &answers),
            }
        }
        let codes = |errors: &[ErrorDef]| errors.iter().map(|error| error.code.clone()).collect::<BTreeSet<_>>();
        let (before, after) = (codes(old), codes(new));
        let declared = |errors: &[ErrorDef], code: &str| {
            let error = errors.iter().find(|error| error.code == code);
            error.map_or_else(Place::default, |error| error.place.key("code"))
        };
        for code in before.difference(&after) {
            let site = self.section(code, "errors").gone(&declared(old, code));
            self.found(&rules::CODE_REMOVED, Breaks::TYPESCRIPT, &site, "no error has this code any longer");
        }
        for code in after.difference(&before) {
            let site = self.section(code, "errors").came(&declared(new, code));
            self.found(&rules::CODE_ADDED, Breaks::TYPESCRIPT, &site, "this code is new");
        }
    }

    /// Compares what an error says. Only what a client can get breaks it.
    fn error(&mut self, id: ErrorId, after: &ErrorDef, answers: &Answers) {
        let before = &self.old.errors[id.0];
        let site = Site::new(&after.name, &before.place, &after.place);
        let by_rest = answers.rest.contains(&id);
        let reaches = answers.sockets.contains(&id) || by_rest;
        if before.code != after.code {
            let message = format!("its code is `{}`, was `{}`", after.code, before.code);
            let breaks = Breaks { wire: reaches, typescript: true, rust: false };
            self.found(&rules::ERROR_CODE, breaks, &site.key("code"), message);
        }
        if before.message != after.message {
            let message = format!("its message is “{}”, was “{}”", after.message, before.message);
            self.found(&rules::ERROR_MESSAGE, Breaks::wire_if(reaches), &site.key("message"), message);
        }
        if before.status != after.status {
            let message = format!("its status is {}, was {}", after.status, before.status);
            self.found(&rules::ERROR_STATUS, Breaks::wire_if(by_rest), &site.key("status"), message);
        }
        if before.retry != after.retry {
            let message = format!("a retry helps {}, helped {}", retry(after.retry), retry(before.retry));
            let breaks = Breaks::wire_if(reaches && !still_helps(before.retry, after.retry));
            self.found(&rules::ERROR_RETRY, breaks, &site.key("retry"), message);
        }
        self.doc(&before.doc, &after.doc, &site);
    }

    /// Compares the errors that answer something. It breaks clients only if they can tell the two errors apart.
    pub fn answer(&mut self, rule: &'static DiffRule, old: ErrorId, new: ErrorId, reaches: bool, site: &Site) {
        let (before, after) = (&self.old.errors[old.0], &self.new.errors[new.0]);
        if before.name != after.name {
            let message = format!("the answer is `{}`, was `{}`", after.name, before.name);
            self.found(rule, Breaks::wire_if(reaches && !self.answers_alike(old, new)), site, message);
        }
    }

    /// Returns whether a client cannot tell these errors apart.
    pub fn answers_alike(&self, old: ErrorId, new: ErrorId) -> bool {
        let said = |error: &ErrorDef| (error.code.clone(), error.message.clone(), error.status, error.retry);
        said(&self.old.errors[old.0]) == said(&self.new.errors[new.0])
    }

    /// Compares the errors that something declares.
    pub fn answers(&mut self, old: &[ErrorId], new: &[ErrorId], site: &Site) {
        let site = site.key("errors");
        let before: Vec<&str> = old.iter().map(|id| self.old.errors[id.0].name.as_str()).collect();
        let after: Vec<&str> = new.iter().map(|id| self.new.errors[id.0].name.as_str()).collect();
        for name in before.iter().filter(|name| !after.contains(name)) {
            let message = format!("it is no longer answered with `{name}`");
            self.found(&rules::ANSWER_REMOVED, Breaks::RUST, &site.key(name), message);
        }
        for name in after.iter().filter(|name| !before.contains(name)) {
            let message = format!("it may be answered with `{name}`");
            self.found(&rules::ANSWER_ADDED, Breaks::NOBODY, &site.key(name), message);
        }
    }

    /// Compares all codes that an event may be refused with.
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

    /// Compares the messages of internal errors.
    pub fn failure(&mut self, old: &str, new: &str, site: &Site) {
        if old != new {
            let message = format!("its failure message is “{new}”, was “{old}”");
            self.found(&rules::FAILURE, Breaks::WIRE, &site.key("failure"), message);
        }
    }
}

/// The errors that clients can get.
struct Answers {
    /// Those that a socket can get.
    sockets: HashSet<ErrorId>,
    /// Those that an operation can answer with.
    rest: HashSet<ErrorId>,
}

impl Answers {
    fn of(model: &Model) -> Self {
        let mut sockets = HashSet::from([model.gateway.unknown_event, model.gateway.token_expired]);
        sockets.extend(model.connect_errors());
        sockets.extend(model.client_events().flat_map(|event| model.event_errors(event)));
        let rest = model.http.operations.iter().flat_map(|operation| model.operation_errors(operation)).collect();
        Answers { sockets, rest }
    }
}

/// Returns whether the old way of trying again still helps. A client that does not try again is fine.
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

//! The handshake, and what the gateway itself answers with.

use accord_language::model::{Auth, Disconnect};

use super::{Breaks, Comparing, Site, rules};

impl Comparing<'_> {
    pub fn connect(&mut self) {
        let (old, new) = (&self.old.connect, &self.new.connect);
        let site = Site::new("connect", &old.place, &new.place);
        self.emits((&old.emits, &[]), (&new.emits, &[]), &site);
        self.answers(&old.errors, &new.errors, &site);
        self.failure(&old.failure, &new.failure, &site);
        self.doc(&old.doc, &new.doc, &site);
    }

    pub fn disconnect(&mut self) {
        let site = self.section("disconnect", "disconnect");
        let emits = |end: &Option<Disconnect>| end.as_ref().map(|end| end.emits.clone()).unwrap_or_default();
        let (old, new) = (&self.old.disconnect, &self.new.disconnect);
        if old.is_some() != new.is_some() {
            let what = if new.is_some() { "something" } else { "nothing" };
            self.found(&rules::DISCONNECT, Breaks::RUST, &site, format!("{what} follows the end of a socket"));
        }
        self.emits((&emits(old), &[]), (&emits(new), &[]), &site);
        if let (Some(old), Some(new)) = (old, new) {
            if old.failure != new.failure {
                let message = "a fault has another message in the log";
                self.found(&rules::DISCONNECT_FAILURE, Breaks::NOBODY, &site.key("failure"), message);
            }
            self.doc(&old.doc, &new.doc, &site);
        }
    }

    pub fn gateway(&mut self) {
        let (old, new) = (&self.old.gateway, &self.new.gateway);
        let site = Site::new("gateway", &old.place, &new.place);
        if old.error_event != new.error_event {
            let message = format!("failures are the event `{}`, were `{}`", new.error_event, old.error_event);
            let breaks = Breaks { wire: true, typescript: true, rust: false };
            self.found(&rules::ERROR_EVENT, breaks, &site.key("error_event"), message);
        }
        let unknown = Site { subject: "unknown events".to_owned(), ..site.key("unknown_events") };
        self.limit(&rules::UNKNOWN_EVENTS_LIMIT, old.unknown_limit, new.unknown_limit, &unknown.key("limit"));
        self.answer(&rules::UNKNOWN_EVENTS_ANSWER, old.unknown_event, new.unknown_event, true, &unknown.key("answer"));
        let version = site.key("version_refused");
        match (old.version_refused, new.version_refused) {
            (Some(before), Some(after)) => self.answer(&rules::VERSION_REFUSED, before, after, true, &version),
            // Clients that were refused until now are accepted, and meet a version that they do not speak.
            (Some(_), None) => {
                let message = "the version that clients speak is no longer checked";
                self.found(&rules::VERSION_REFUSED, Breaks::WIRE, &version, message);
            }
            (None, Some(_)) => {
                let message = "clients of a version that is not served are refused";
                self.found(&rules::VERSION_REFUSED, Breaks::NOBODY, &version, message);
            }
            (None, None) => {}
        }
        self.of_logs(&site);
        let for_administrators = self.old.http.operations.iter().any(|operation| operation.auth == Auth::Admin);
        for (rule, key, before, after, reaches) in [
            (&rules::TOKEN_MISSING, "token_missing", old.token_missing, new.token_missing, true),
            (&rules::TOKEN_REFUSED, "token_refused", old.token_refused, new.token_refused, true),
            (&rules::TOKEN_EXPIRED, "token_expired", old.token_expired, new.token_expired, true),
            (&rules::INVALID_PAYLOAD, "invalid_payload", old.invalid_payload, new.invalid_payload, true),
            (&rules::RATE_LIMITED, "rate_limited", old.rate_limited, new.rate_limited, true),
            (&rules::INTERNAL, "internal", old.internal, new.internal, true),
            (&rules::ADMIN_ONLY, "admin_only", old.admin_only, new.admin_only, for_administrators),
        ] {
            self.answer(rule, before, after, reaches, &site.key(key));
        }
    }

    /// Compares the errors that only protocols with logs have. Each comes and goes with its feature, which has its own
    /// finding.
    fn of_logs(&mut self, site: &Site) {
        let (old, new) = (&self.old.gateway, &self.new.gateway);
        let joins = self.old.client_events().any(|event| self.old.joined_log(event).is_some());
        let repeats = self.old.client_events().any(|event| event.idempotent.is_some());
        for (rule, key, before, after, reaches) in [
            (&rules::POSITION_LOST, "position_lost", old.position_lost, new.position_lost, joins),
            (
                &rules::IDEMPOTENCY_CONFLICT,
                "idempotency_conflict",
                old.idempotency_conflict,
                new.idempotency_conflict,
                repeats,
            ),
        ] {
            let site = site.key(key);
            match (before, after) {
                (Some(before), Some(after)) => self.answer(rule, before, after, reaches, &site),
                (None, Some(_)) => self.found(rule, Breaks::NOBODY, &site, "the gateway has an answer for it"),
                (Some(_), None) => self.found(rule, Breaks::NOBODY, &site, "the gateway has no answer for it"),
                (None, None) => {}
            }
        }
    }
}

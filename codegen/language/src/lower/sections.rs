//! The sections of a schema that hold neither types nor events.

use super::{Lowering, docs::doc_of};
use crate::{
    case,
    diagnostic::Diagnostic,
    model::{ErrorDef, ErrorId, Limit, Per, ProtocolInfo, Retry, Scope},
    source::{
        Text,
        document::{PerSchema, RetrySchema},
    },
};

impl Lowering<'_, '_> {
    /// The section `protocol`.
    pub fn protocol(&mut self) -> Option<ProtocolInfo> {
        let schema = self.tables.protocol?;
        if let Some(name) = schema.name.get() {
            self.snake_name(name, "protocol");
        }
        if let Some(version) = schema.version.get() {
            self.version = self.version(version);
        }
        let doc = self.plain_doc(&schema.summary, &schema.description);
        let license = schema.license.get().map(|license| license.value.clone());
        let (name, version) = (schema.name.get()?.value.clone(), schema.version.get()?.value.clone());
        Some(ProtocolInfo { name, version, doc, license, place: schema.place.clone() })
    }

    /// The section `errors`.
    pub fn errors(&mut self) -> Option<Vec<ErrorDef>> {
        let mut errors = Vec::new();
        for (name, schema) in self.tables.errors.entries.clone() {
            if self.snake_name(name, "error") {
                let name_in_code = case::pascal(name.as_str());
                self.items.claim("errors", &name_in_code, name.span, format!("the error `{}`", name.value), self.cx);
            }
            let Some(schema) = schema else { continue };
            let doc = doc_of!(self, schema);
            for text in [&schema.code, &schema.message] {
                if let Some(text) = text.get()
                    && text.value.is_empty()
                {
                    self.cx.report(
                        Diagnostic::new("empty-text", "an empty text tells a client nothing").at(text.span, "empty"),
                    );
                }
            }
            if let Some(code) = schema.code.get() {
                self.snake_name(code, "code");
            }
            let status = schema.status.get().and_then(|status| {
                let valid = u16::try_from(status.value).ok().filter(|status| (400..600).contains(status));
                if valid.is_none() {
                    let message = format!("{} is not the HTTP status of an error", status.value);
                    let diagnostic = Diagnostic::new("out-of-range", message).at(status.span, "expected 400 to 599");
                    self.cx.report(diagnostic);
                }
                valid
            });
            let retry = match schema.retry.get() {
                None | Some(RetrySchema::No) => Retry::No,
                Some(RetrySchema::Yes) => Retry::Yes,
                Some(RetrySchema::After) => Retry::After,
                Some(RetrySchema::NewToken) => Retry::NewToken,
            };
            let (Some(code), Some(message), Some(status)) = (schema.code.get(), schema.message.get(), status) else {
                continue;
            };
            errors.push(ErrorDef {
                name: name.value.clone(),
                code: code.value.clone(),
                message: message.value.clone(),
                status,
                retry,
                doc,
                place: schema.place.clone(),
            });
        }
        Some(errors)
    }

    /// The section `scopes`.
    pub fn scopes(&mut self) -> Option<Vec<Scope>> {
        let mut scopes = Vec::new();
        for (name, schema) in self.tables.scopes.entries.clone() {
            if self.snake_name(name, "scope") {
                let name_in_code = case::pascal(name.as_str());
                self.items.claim("scopes", &name_in_code, name.span, format!("the scope `{}`", name.value), self.cx);
            }
            let Some(schema) = schema else { continue };
            let doc = self.plain_doc(&schema.summary, &schema.description);
            let denied = schema.denied.get().and_then(|denied| self.tables.errors.resolve(denied, self.cx));
            let log = schema.log.get().and_then(|log| self.scope_log(log));
            if let (Some(key), Some(denied)) = (schema.key.get(), denied) {
                scopes.push(Scope {
                    name: name.value.clone(),
                    key: key.value.clone(),
                    denied: ErrorId(denied),
                    log,
                    doc,
                    place: schema.place.clone(),
                });
            }
        }
        Some(scopes)
    }

    /// The section `limits`.
    pub fn limits(&mut self) -> Option<Vec<Limit>> {
        let mut limits = Vec::new();
        for (name, schema) in self.tables.limits.entries.clone() {
            self.snake_name(name, "limit");
            if name.as_str() == "unlimited" {
                let diagnostic = Diagnostic::new("reserved-name", "a limit cannot be named `unlimited`")
                    .at(name.span, "`limit: unlimited` means that there is none");
                self.cx.report(diagnostic);
            }
            let Some(schema) = schema else { continue };
            let doc = self.plain_doc(&schema.summary, &schema.description);
            let per = match schema.per.get() {
                Some(PerSchema::User) => Some(Per::User),
                Some(PerSchema::Socket) => Some(Per::Socket),
                None => None,
            };
            let rate = schema.rate.get().and_then(|rate| self.rate(rate));
            if let Some(burst) = schema.burst.get()
                && burst.value == 0
            {
                let diagnostic = Diagnostic::new("out-of-range", "an empty bucket lets nothing through");
                self.cx.report(diagnostic.at(burst.span, "expected 1 or more"));
            }
            let (Some(per), Some((rate, period_ms)), Some(burst)) = (per, rate, schema.burst.get()) else { continue };
            limits.push(Limit {
                name: name.value.clone(),
                per,
                rate,
                period_ms,
                burst: burst.value,
                doc,
                place: schema.place.clone(),
            });
        }
        Some(limits)
    }

    /// `20/s` and `300/m`, as tokens and milliseconds.
    pub fn rate(&mut self, text: &Text) -> Option<(u32, u32)> {
        let parsed = text.as_str().split_once('/').and_then(|(tokens, period)| {
            let period = match period {
                "s" => 1_000,
                "m" => 60_000,
                _ => return None,
            };
            let digits = tokens.bytes().all(|byte| byte.is_ascii_digit());
            let tokens = tokens.parse().ok().filter(|tokens| digits && *tokens > 0)?;
            Some((tokens, period))
        });
        if parsed.is_none() {
            // Less than one a second may be a whole number a minute.
            let a_minute =
                text.as_str().strip_suffix("/s").and_then(|rate| rate.parse::<f64>().ok()).map(|rate| rate * 60.0);
            let help = match a_minute.filter(|rate| rate.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(rate)) {
                Some(rate) => format!("write `{rate}/m`: {rate} a minute"),
                None => "`20/s` is 20 a second, `300/m` is 300 a minute".to_owned(),
            };
            let diagnostic = Diagnostic::new("invalid-rate", format!("`{}` is not a rate", text.value))
                .at(text.span, format!("expected a whole number from 1 to {}, `/`, and `s` or `m`", u32::MAX))
                .help(help);
            self.cx.report(diagnostic);
        }
        parsed
    }
}

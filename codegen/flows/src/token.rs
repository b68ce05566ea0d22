//! Tokens in flows.

use std::borrow::Cow;

use accord_language::{
    diagnostic::{Diagnostic, instead},
    record,
    source::{Context, Decode, Node, NodeKind, Text},
    words,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;

use crate::pattern::Template;

record! {
    /// A token that is not simply a good one.
    pub struct TokenParts {
        /// The signature.
        optional signature: Signature,
        /// Claims instead of the usual ones; `null` leaves one out.
        optional claims: Template,
        /// `true` if it is an administrator's.
        optional admin: bool,
        /// When it expires, in seconds from now; negative where it has already.
        optional expires_in: i64,
        /// When it begins to be valid, in seconds from now.
        optional valid_in: i64,
        /// When it was issued, in seconds from now. Without this, the token has no `iat`.
        optional issued_in: i64,
        /// A text instead of a token.
        optional raw: Text,
    }
}

impl TokenParts {
    /// The token's peculiarities, in a few words.
    pub fn describe(&self) -> String {
        if let Some(raw) = self.raw.get() {
            return format!("with the token “{}”", raw.value);
        }
        let signed = match self.signature.get() {
            Some(Signature::WrongSecret) => Some("signed with another secret"),
            Some(Signature::Tampered) => Some("changed after it was signed"),
            Some(Signature::None) => Some("not signed"),
            Some(Signature::Hs512) => Some("signed with HS512"),
            Some(Signature::Good) | None => None,
        };
        let expires = self.expires_in.get().map(|&seconds| match seconds {
            0.. => format!("that expires in {seconds} s"),
            past => format!("that expired {} s ago", -past),
        });
        let begins = self.valid_in.get().map(|seconds| format!("that is valid in {seconds} s"));
        let issued = self.issued_in.get().map(|&seconds| match seconds {
            0.. => "that has just been issued".to_owned(),
            past => format!("that was issued {} s ago", -past),
        });
        let claims = self.claims.get().map(|_| "with claims of its own".to_owned());
        let parts: Vec<String> =
            signed.map(str::to_owned).into_iter().chain(expires).chain(begins).chain(issued).chain(claims).collect();
        format!("with a token {}", parts.join(", "))
    }
}

words! {
    /// The signature of a token.
    pub enum Signature {
        /// As it should be.
        Good = "good",
        /// With another secret.
        WrongSecret = "wrong_secret",
        /// Over other claims than those that are sent.
        Tampered = "tampered",
        /// With the algorithm `none`.
        None = "none",
        /// With HS512.
        Hs512 = "hs512",
    }
}

/// `good`, `missing`, or what is special about the token.
#[derive(Clone, Debug)]
pub enum TokenUse {
    /// A good one.
    Good,
    /// None.
    Missing,
    /// A special one.
    Parts(Box<TokenParts>),
}

impl Decode for TokenUse {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            NodeKind::String(word) if word == "good" => Some(TokenUse::Good),
            NodeKind::String(word) if word == "missing" => Some(TokenUse::Missing),
            NodeKind::String(word) => {
                let diagnostic = Diagnostic::new("unknown-word", format!("`{word}` is not one of the choices"));
                cx.report(diagnostic.at(node.span, "unknown").help(instead(word, ["good", "missing"])));
                None
            }
            _ => TokenParts::decode(node, cx).map(|parts| TokenUse::Parts(Box::new(parts))),
        }
    }
}

impl JsonSchema for TokenUse {
    fn schema_name() -> Cow<'static, str> {
        "TokenUse".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let words = json!({ "enum": ["good", "missing"] });
        json_schema!({ "anyOf": [words, generator.subschema_for::<TokenParts>()] })
    }
}

//! For programs.

use accord_language::{Schema, diagnostic::Span};
use serde_json::{Value, json};

use super::Report;
use crate::diff::Level;

impl Report<'_> {
    /// Everything, as one JSON document.
    pub fn json(&self) -> String {
        let findings = self.findings.iter().map(|finding| {
            json!({
                "rule": finding.rule.id,
                "breaks": {
                    "wire": finding.breaks.wire,
                    "typescript": finding.breaks.typescript,
                    "rust": finding.breaks.rust,
                },
                "fails": self.weight(finding) == super::Weight::Failure,
                "allowed": self.allowed.iter().any(|rule| rule.id == finding.rule.id),
                "subject": finding.subject,
                "message": finding.message,
                "acceptedBy": finding.accepted_by,
                "sentBy": finding.sent_by,
                "old": place(self.old, finding.old),
                "new": place(self.new, finding.new),
                "why": finding.rule.why,
                "instead": finding.rule.instead,
            })
        });
        let side = |name: &str, side: &Schema| {
            let protocol = &side.model.protocol;
            json!({ "schema": name, "protocol": protocol.name, "version": protocol.version })
        };
        let breaking = |level: Level| self.findings.iter().filter(|finding| finding.breaks.at(level)).count();
        let report = json!({
            "old": side(self.names[0], self.old),
            "new": side(self.names[1], self.new),
            "levels": self.levels.iter().map(|level| level.name()).collect::<Vec<_>>(),
            "fails": self.fails(),
            "breaking": {
                "wire": breaking(Level::Wire),
                "typescript": breaking(Level::TypeScript),
                "rust": breaking(Level::Rust),
            },
            "findings": findings.collect::<Vec<_>>(),
        });
        format!("{report:#}\n")
    }
}

fn place(side: &Schema, span: Option<Span>) -> Value {
    let Some(span) = span else { return Value::Null };
    let (line, column) = side.sources.position(span);
    let text = side.sources.text(span.file).lines().nth(line - 1).unwrap_or_default();
    json!({ "file": side.sources.path(span.file), "line": line, "column": column, "text": text })
}

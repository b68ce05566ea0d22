//! The traffic of a mock, printed as it happens.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    time::Duration,
};

use accord_gateway::Traffic;
use accord_runtime::{Emission, Identity, Told, reply::Target};
use jiff::Timestamp;
use serde_json::{Value, json, value::RawValue};

/// The format of printed traffic.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// One line per event, for people, with or without colour.
    Lines {
        /// Whether colours are used.
        colour: bool,
    },
    /// One JSON object per line, with whole payloads.
    Json,
}

/// The most characters of a payload that are shown to people.
const LONGEST: usize = 96;

/// The minimum widths of the columns of users and events.
const USER: usize = 8;
const EVENT: usize = 20;

/// Prints the traffic of the mock.
pub fn print(format: Format, traffic: &Traffic<'_>) {
    let text = match format {
        Format::Lines { colour } => Lines::of(colour, traffic),
        Format::Json => format!("{}\n", object(traffic)),
    };
    // A mock whose standard output is closed serves all the same.
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).ok();
}

/// The colours of a terminal.
mod style {
    pub const DIM: &str = "\u{1b}[2m";
    pub const GOOD: &str = "\u{1b}[32m";
    pub const BAD: &str = "\u{1b}[31m";
    pub const WARNING: &str = "\u{1b}[33m";
    pub const BOLD: &str = "\u{1b}[1m";
    pub const PLAIN: &str = "\u{1b}[0m";
}

struct Lines {
    colour: bool,
    text: String,
}

impl Lines {
    fn of(colour: bool, traffic: &Traffic<'_>) -> String {
        let mut lines = Lines { colour, text: String::new() };
        match traffic {
            Traffic::Refused { message } => lines.line("", "←", style::BAD, "connect_error", message, None),
            Traffic::Connected { user, emissions } => {
                lines.line(&user.id, "→", style::BOLD, "connect", "", None);
                lines.emissions(&user.id, emissions);
            }
            Traffic::Disconnected { user } => lines.line(user, "→", style::DIM, "disconnect", "", None),
            Traffic::Deprecated { user, deprecated } => {
                let warning = format!("{} is deprecated {}", deprecated.name, deprecated.about);
                lines.line(user, "!", style::WARNING, "warning", &warning, None);
            }
            Traffic::Event { user, event, payload, acknowledged, outcome, took } => {
                let payload = payload.filter(|payload| !payload.is_null()).map_or_else(String::new, Value::to_string);
                lines.line(user, "→", style::BOLD, event, &payload, None);
                match outcome {
                    Ok(outcome) => {
                        lines.emissions(user, &outcome.emissions);
                        if *acknowledged {
                            let ack = outcome.answer.as_deref().map_or("null", RawValue::get);
                            lines.line(user, "←", style::GOOD, "ack", ack, Some(*took));
                        }
                    }
                    Err(error) => {
                        let name = if *acknowledged { "ack: error" } else { "error" };
                        lines.line(user, "←", style::BAD, name, &failure(error), Some(*took));
                    }
                }
            }
            Traffic::Request { user, method, uri, status, error, took, .. } => {
                let style = if status.is_success() { style::GOOD } else { style::BAD };
                let mut answer = status.as_u16().to_string();
                if let Some(error) = error {
                    write!(answer, " {}", failure(error)).ok();
                }
                lines.line(
                    user.unwrap_or_default(),
                    "→",
                    style,
                    method.as_str(),
                    &format!("{uri}  {answer}"),
                    Some(*took),
                );
            }
        }
        lines.text
    }

    fn emissions(&mut self, user: &str, emissions: &[Emission]) {
        for Emission { event, to, data, .. } in emissions {
            let whom = match to {
                Target::Caller | Target::User => user,
                Target::UserOf(user) => user,
                Target::Scope | Target::Room(_) => "(room)",
                Target::Others => "(others)",
            };
            self.line(whom, "←", style::GOOD, event, data.get(), None);
        }
    }

    fn line(&mut self, user: &str, arrow: &str, style: &str, event: &str, data: &str, took: Option<Duration>) {
        let time = Timestamp::now().strftime("%H:%M:%S%.3fZ");
        let (user, event, data) = (printable(user), printable(event), shortened(&printable(data)));
        let took = took.map_or_else(String::new, |took| format!("  {}", self.paint(style::DIM, &milliseconds(took))));
        let (time, user) = (self.paint(style::DIM, &time.to_string()), format!("{user:<USER$}"));
        let event = self.paint(style, &format!("{event:<EVENT$}"));
        let line = format!("{time}  {user} {arrow} {event} {data}{took}");
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.colour { format!("{style}{text}{}", style::PLAIN) } else { text.to_owned() }
    }
}

/// Without characters that a terminal would take for something else: clients choose names and payloads.
fn printable(text: &str) -> String {
    let escape = |char: char| if char.is_control() { char.escape_default().to_string() } else { char.to_string() };
    text.chars().map(escape).collect()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn milliseconds(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1e3)
}

fn failure(error: &Told<'_>) -> String {
    let details = error.details.iter().map(|violation| format!("; {} {}", violation.path, violation.message));
    format!("{}: {}{}", error.code, error.message, details.collect::<String>())
}

/// The traffic as a JSON object.
fn object(traffic: &Traffic<'_>) -> Value {
    let at = Timestamp::now();
    let at = format!("{at:.3}");
    let milliseconds = |took: &Duration| (took.as_secs_f64() * 1e6).round() / 1e3;
    match traffic {
        Traffic::Refused { message } => json!({ "at": at, "type": "refused", "message": message }),
        Traffic::Connected { user: Identity { id, .. }, emissions } => {
            json!({ "at": at, "type": "connected", "user": id, "emits": emits(emissions) })
        }
        Traffic::Disconnected { user } => json!({ "at": at, "type": "disconnected", "user": user }),
        Traffic::Deprecated { user, deprecated } => json!({
            "at": at, "type": "deprecated", "user": user, "name": deprecated.name, "about": deprecated.about,
        }),
        Traffic::Event { user, event, payload, acknowledged, outcome, took } => {
            let mut object = json!({
                "at": at, "type": "event", "user": user, "event": event, "payload": payload,
                "acknowledged": acknowledged, "ms": milliseconds(took),
            });
            match outcome {
                Ok(outcome) => {
                    object["ack"] = outcome.answer.as_deref().map_or(Value::Null, parsed);
                    object["emits"] = emits(&outcome.emissions);
                }
                Err(error) => object["error"] = json!(error),
            }
            object
        }
        Traffic::Request { user, method, uri, operation, status, error, took } => json!({
            "at": at, "type": "request", "user": user, "method": method.as_str(), "uri": uri.to_string(),
            "operation": operation, "status": status.as_u16(), "error": error, "ms": milliseconds(took),
        }),
    }
}

fn emits(emissions: &[Emission]) -> Value {
    let emit = |Emission { event, to, data, .. }: &Emission| {
        let to = match to {
            Target::Caller => "caller",
            Target::Scope => "scope",
            Target::Others => "others",
            Target::User => "user",
            Target::UserOf(_) => "userOf",
            Target::Room(_) => "room",
        };
        json!({ "event": event, "to": to, "data": parsed(data) })
    };
    emissions.iter().map(emit).collect()
}

fn parsed(data: &RawValue) -> Value {
    serde_json::from_str(data.get()).unwrap_or_default()
}

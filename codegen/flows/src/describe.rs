//! Steps in words, for reports.

use accord_language::source::Text;

use super::{
    step::{Names, Step, StepKind},
    token::TokenUse,
};
use crate::pattern::Template;

impl Step {
    /// The remark for the reader.
    pub fn note(&self) -> Option<&str> {
        let note = match &self.kind {
            StepKind::Connect(step) => &step.note,
            StepKind::Emit(step) => &step.note,
            StepKind::Expect(step) => &step.note,
            StepKind::Nothing(step) => &step.note,
            StepKind::Call(step) => &step.note,
            StepKind::Fetch(step) => &step.note,
            StepKind::Together(step) => &step.note,
            StepKind::Disconnect(step) => &step.note,
            StepKind::Cut(step) => &step.note,
            StepKind::Closed(step) => &step.note,
            StepKind::Expired(step) => &step.note,
            StepKind::SendRaw(step) => &step.note,
            StepKind::Set(step) => &step.note,
        };
        note.get().map(Text::as_str)
    }

    /// The step in a line, for reports.
    pub fn describe(&self) -> String {
        let names = |names: &accord_language::source::Slot<Names>| {
            names.get().map(|names| names.0.iter().map(Text::as_str).collect::<Vec<_>>().join(", ")).unwrap_or_default()
        };
        let text = |text: &accord_language::source::Slot<Text>| text.get().map_or("", Text::as_str).to_owned();
        let value = |template: &accord_language::source::Slot<Template>| {
            template.get().map(|template| format!(" {}", crate::pattern::shown(&template.0))).unwrap_or_default()
        };
        match &self.kind {
            StepKind::Connect(step) => match step.refused.get() {
                Some(message) => format!("{} is refused: {}", names(&step.connect), message.value),
                None => format!("{} connects", names(&step.connect)),
            },
            StepKind::Emit(step) => {
                let times = match (step.until_limited.get(), step.times.get()) {
                    (Some(true), _) => " until it is limited".to_owned(),
                    (_, Some(times)) => format!(" {times} times"),
                    _ => String::new(),
                };
                let fails =
                    step.fails.get().map(|fails| format!(", which fails: {}", fails.describe())).unwrap_or_default();
                let token = match step.token.get() {
                    Some(TokenUse::Parts(parts)) => format!(" {}", parts.describe()),
                    _ => String::new(),
                };
                format!("{} emits {}{}{token}{times}{fails}", text(&step.by), text(&step.emit), value(&step.data))
            }
            StepKind::Expect(step) => format!("{} sees {}", names(&step.at), text(&step.expect)),
            StepKind::Nothing(step) => format!("{} sees nothing more", names(&step.nothing)),
            StepKind::Call(step) => {
                let fails =
                    step.fails.get().map(|fails| format!(", which fails: {}", fails.describe())).unwrap_or_default();
                let caller = if step.by.is_absent() { "nobody".to_owned() } else { text(&step.by) };
                format!("{caller} calls {}{}{fails}", text(&step.call), value(&step.input))
            }
            StepKind::Fetch(step) => format!("fetch{}", value(&step.fetch)),
            StepKind::Together(step) => {
                let steps = step.together.get().into_iter().flatten().map(Step::describe).collect::<Vec<_>>();
                format!("at once: {}", steps.join("; "))
            }
            StepKind::Disconnect(step) => format!("{} disconnects", names(&step.disconnect)),
            StepKind::Cut(step) => format!("{} is cut off", names(&step.cut)),
            StepKind::Closed(step) => format!("{} is disconnected by the server", names(&step.closed)),
            StepKind::Expired(step) => format!("the token of {} expires", names(&step.expired)),
            StepKind::SendRaw(step) => format!("{} sends{} as it is", text(&step.by), value(&step.send_raw)),
            StepKind::Set(step) => {
                let entries = step.set.get().into_iter().flat_map(|set| &set.entries);
                format!("set {}", entries.map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

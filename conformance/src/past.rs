//! An earlier release of the protocol, tested with a server of a later release of the same major version.
//!
//! Everything that a release documents has to hold. Its clients ignore later additions, both events and fields. The
//! server may accept payloads that are valid only in a later release, and its limits may be looser, as with any server
//! that states a later minor version.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use accord_documents::json_schema;
use accord_language::model::{ClientEvent, Model, Shape, TypeId};
use jsonschema::Validator;
use serde_json::Value;

use crate::validator::validator;

/// The differences between a release and the current version.
#[derive(Debug)]
pub struct Past {
    /// The release.
    pub version: String,
    /// The server events that its clients know.
    pub events: Arc<HashSet<String>>,
    /// The current validator of each event, and the fields that have gained a meaning.
    inputs: HashMap<String, (Validator, HashSet<String>)>,
}

impl Past {
    pub(crate) fn new(version: &str, then: &Model, today: &Model) -> Self {
        let events = then.server_events().map(|event| event.name.clone());
        let inputs = client_events(then).filter_map(|event| {
            let now = client_events(today).find(|other| other.name == event.name)?.payload?;
            let fields = |model: &Model, payload: TypeId| match &model.types[payload.0].shape {
                Shape::Object(object) => object.fields.iter().map(|field| field.name.clone()).collect(),
                _ => HashSet::new(),
            };
            let before = event.payload.map(|id| fields(then, id)).unwrap_or_default();
            let new = fields(today, now).difference(&before).cloned().collect();
            Some((event.name.clone(), (validator(json_schema::of(today, now)), new)))
        });
        Past { version: version.to_owned(), events: Arc::new(events.collect()), inputs: inputs.collect() }
    }

    /// Whether a payload that the release refused is valid now.
    pub fn accepts(&self, event: &str, payload: &Value) -> bool {
        self.inputs.get(event).is_some_and(|(validator, _)| validator.is_valid(payload))
    }

    /// Whether a payload has fields that have gained a meaning.
    pub fn understands(&self, event: &str, payload: &Value) -> bool {
        let Some((_, new)) = self.inputs.get(event) else { return false };
        payload.as_object().is_some_and(|members| members.keys().any(|name| new.contains(name)))
    }
}

fn client_events(model: &Model) -> impl Iterator<Item = &ClientEvent> {
    model.client_events()
}

#[cfg(test)]
mod tests {
    use std::{io, path::Path};

    use accord_language::{Schema, source::Origin};
    use serde_json::json;

    use super::*;
    use crate::chat::embedded::RELEASES;

    /// The first release, with some texts replaced by others.
    struct Edited(&'static [(&'static str, &'static str)]);

    impl Origin for Edited {
        fn read(&self, path: &Path) -> io::Result<String> {
            let (_, embedded) = &RELEASES[0];
            let (_, text) = embedded.schema.iter().find(|(known, _)| Path::new(known) == path).unwrap();
            Ok(self.0.iter().fold((*text).to_owned(), |text, (from, to)| text.replace(from, to)))
        }

        fn has_folder(&self, _: &Path) -> bool {
            true
        }

        fn name(&self, path: &Path) -> String {
            path.display().to_string()
        }
    }

    fn past(edits: &'static [(&'static str, &'static str)]) -> Past {
        let model =
            |edits| Schema::load_from(&Edited(edits), "chat.yaml").unwrap_or_else(|wrong| panic!("{wrong}")).model;
        Past::new("1.0.0", &model(&[]), &model(edits))
    }

    fn message(content: &str) -> Value {
        json!({ "channelId": "general", "content": content })
    }

    #[test]
    fn a_value_that_was_too_long_is_accepted_if_the_bound_has_grown() {
        let long = message(&"a".repeat(4001));
        assert!(!past(&[]).accepts("send_message", &long));
        let past = past(&[("maxLength: 4000", "maxLength: 5000")]);
        assert!(past.accepts("send_message", &long));
        assert!(!past.accepts("send_message", &message(&"a".repeat(5001))));
        assert!(!past.accepts("send_message", &json!({ "channelId": "general" })));
    }

    #[test]
    fn later_fields_are_distinguished_from_unknown_ones() {
        let mut payload = message("Hi");
        payload["mood"] = "glad".into();
        assert!(!past(&[]).understands("send_message", &payload));
        let past = past(&[(
            "        attachments: { type: array",
            "        mood: { type: string, maxLength: 8, summary: How one feels. }\n        attachments: { type: array",
        )]);
        assert!(past.understands("send_message", &payload));
        assert!(!past.understands("send_message", &message("Hi")));
    }
}

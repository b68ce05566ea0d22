//! The kinds that an operator allows.

use std::str::FromStr;

use super::{MediaType, OF_PROTOCOL, all, named};

/// The types of files that may be uploaded: those of the protocol, unless an operator says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowed(Vec<&'static MediaType>);

impl Default for Allowed {
    fn default() -> Self {
        Allowed(OF_PROTOCOL.iter().collect())
    }
}

impl Allowed {
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static MediaType> {
        self.0.iter().copied()
    }

    pub(super) fn contains(&self, media: &MediaType) -> bool {
        self.0.contains(&media)
    }
}

/// `image/*,application/pdf` allows only these types; `+video/quicktime,-application/zip` changes the protocol's list.
impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_change = text.starts_with(['+', '-']);
        let Allowed(mut allowed) = if is_change { Allowed::default() } else { Allowed(Vec::new()) };
        for item in text.split(',').map(str::trim) {
            let name = if is_change { item.trim_start_matches(['+', '-']) } else { item };
            if is_change && name.len() + 1 != item.len() {
                return Err(format!("write `+{name}` or `-{name}`: once one type has a sign, all need one"));
            }
            let meant: Vec<_> = match name.strip_suffix("/*") {
                Some(kind) => all().filter(|media| media.name.split('/').next() == Some(kind)).collect(),
                None => named(name).into_iter().collect(),
            };
            if meant.is_empty() {
                let known: Vec<_> = all().map(|media| media.name).collect();
                return Err(format!("the content of `{name}` cannot be checked; choose from {}", known.join(", ")));
            }
            allowed.retain(|media| !meant.contains(media));
            if !item.starts_with('-') {
                allowed.extend(meant);
            }
        }
        if allowed.is_empty() { Err("this leaves no type allowed".to_owned()) } else { Ok(Allowed(allowed)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(allowed: &Allowed) -> Vec<&'static str> {
        allowed.iter().map(|media| media.name).collect()
    }

    #[test]
    fn a_list_takes_the_place_of_the_protocols_or_changes_it() {
        let read = |text: &str| text.parse::<Allowed>().map(|allowed| names(&allowed));
        assert_eq!(read("application/pdf, image/jpg").unwrap(), ["application/pdf", "image/jpeg"]);
        let audio = read("audio/*").unwrap();
        assert!(audio.contains(&"audio/ogg") && audio.contains(&"audio/flac"), "{audio:?}");
        assert!(audio.iter().all(|name| name.starts_with("audio/")), "{audio:?}");

        let protocol = names(&Allowed::default());
        let changed = read("+video/quicktime,-application/zip").unwrap();
        assert_eq!(changed.len(), protocol.len());
        assert!(changed.contains(&"video/quicktime") && !changed.contains(&"application/zip"));

        for (text, message) in [
            ("", "the content of `` cannot be checked"),
            ("image/svg+xml", "the content of `image/svg+xml` cannot be checked; choose from image/jpeg, "),
            ("+text/html,text/xml", "write `+text/xml` or `-text/xml`"),
            ("-image/*,-video/*,-audio/*,-text/*,-application/*", "this leaves no type allowed"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn the_default_is_the_protocols_list() {
        let documented: serde_json::Value =
            serde_json::from_str(include_str!("../../../../schema/generated/openapi.json")).unwrap();
        let media = &documented["paths"]["/api/upload"]["post"]["requestBody"]["content"]["multipart/form-data"]["encoding"]
            ["file"]["contentType"];
        let mut media: Vec<_> = media.as_str().expect("types").split(", ").collect();
        let mut allowed = names(&Allowed::default());
        media.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(allowed, media);
    }
}

//! The check of a file's bytes as they arrive.

use super::{
    Allowed, CSV, Content, EXCEL, MediaType, PLAIN, Refused, ZIP, is_compound, named,
    package::{Directory, Streams},
    stored,
    text::TextCheck,
};

/// The number of leading bytes that identify a file's type.
pub(super) const SIGNATURE_BYTES: usize = 8 * 1024;

/// Checks the bytes of a file against its declared type, or finds out its type if it has none.
#[derive(Debug)]
pub struct ContentCheck<'a> {
    allowed: &'a Allowed,
    declared: Option<&'static MediaType>,
    /// The file's first bytes, until there are enough of them to judge.
    head: Vec<u8>,
    /// `None` until then.
    going_on: Option<GoingOn>,
}

/// The result of checking the first bytes.
#[derive(Debug)]
enum GoingOn {
    /// The type is certain.
    Known(&'static MediaType),
    /// The file has this type if all of it is text.
    Text(&'static MediaType, TextCheck),
    /// The file is an archive, whose directory comes at its end.
    Package(Directory),
    /// The file is a compound file, whose directory may be anywhere.
    Compound(Streams),
}

impl<'a> ContentCheck<'a> {
    /// A check for a file with this `Content-Type`. Case and parameters are ignored, and `application/octet-stream` counts as
    /// no type.
    ///
    /// # Errors
    /// If the declared type is not allowed.
    pub fn new(content_type: Option<&str>, allowed: &'a Allowed) -> Result<Self, Refused> {
        let essence =
            content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let declared = match essence.as_str() {
            "" | "application/octet-stream" => None,
            name => {
                // CSV may be allowed where Excel is not.
                let is_allowed =
                    |media: &&MediaType| allowed.contains(media) || (media.name == EXCEL && has_csv(allowed));
                Some(named(name).filter(is_allowed).ok_or(Refused::NotAllowed)?)
            }
        };
        Ok(ContentCheck { allowed, declared, head: Vec::new(), going_on: None })
    }

    /// The declared type, if there is one.
    pub fn declared(&self) -> Option<&'static MediaType> {
        self.declared
    }

    /// Looks at the next bytes.
    ///
    /// # Errors
    /// As soon as it is certain that the file is refused.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let mut bytes = bytes;
        if self.going_on.is_none() {
            let (of_head, rest) = bytes.split_at(bytes.len().min(SIGNATURE_BYTES - self.head.len()));
            self.head.extend_from_slice(of_head);
            if self.head.len() < SIGNATURE_BYTES {
                return Ok(());
            }
            self.judge_head()?;
            bytes = rest;
        }
        self.look(bytes)
    }

    /// Judges the file once all of its bytes have been looked at, and returns its type. An empty file is a text.
    ///
    /// # Errors
    /// If the file is refused: a text that ends within a character, a document without its main part, or a file that is too
    /// short for any type.
    pub fn finish(mut self) -> Result<&'static MediaType, Refused> {
        if self.going_on.is_none() {
            self.judge_head()?;
        }
        let declared = self.declared;
        let found = match self.going_on.as_ref() {
            Some(GoingOn::Known(media)) => Some(*media),
            Some(GoingOn::Text(media, check)) => {
                check.finish().map_err(|refused| self.of_text(refused))?;
                Some(*media)
            }
            Some(GoingOn::Package(directory)) => match declared {
                Some(media) => {
                    let Content::Package(folder) = media.content else { return Err(Refused::NotOfType(media.name)) };
                    directory.may_have(folder).then_some(media)
                }
                None => {
                    let is_it =
                        |media: &&MediaType| matches!(media.content, Content::Package(folder) if directory.has(folder));
                    super::all().find(is_it).or_else(|| stored(ZIP))
                }
            },
            Some(GoingOn::Compound(streams)) => streams.document().and_then(stored),
            None => None,
        };
        match (found, declared) {
            (Some(media), _) if self.allowed.contains(media) => Ok(media),
            (Some(_), _) => Err(Refused::NotAllowed),
            (None, Some(declared)) => Err(Refused::NotOfType(declared.name)),
            (None, None) => Err(Refused::Unknown),
        }
    }

    fn judge_head(&mut self) -> Result<(), Refused> {
        let head = std::mem::take(&mut self.head);
        let going_on = match self.declared {
            Some(media) => self.expected(media, &head)?,
            None => self.recognized(&head)?,
        };
        self.going_on = Some(going_on);
        self.look(&head)
    }

    /// The remaining check of a file of a declared type that begins with `head`.
    fn expected(&self, media: &'static MediaType, head: &[u8]) -> Result<GoingOn, Refused> {
        let csv = stored(CSV).filter(|_| media.name == EXCEL && has_csv(self.allowed) && !head.contains(&0));
        match media.content {
            Content::Begins(matches) if matches(head) => Ok(GoingOn::Known(media)),
            // An archive that begins with its end has no parts, but a document needs some.
            Content::Package(_) if head.starts_with(b"PK\x03\x04") => Ok(GoingOn::Package(Directory::default())),
            Content::Text => Ok(GoingOn::Text(media, TextCheck::default())),
            Content::Begins(_) | Content::Package(_) => {
                csv.map(|csv| GoingOn::Text(csv, TextCheck::default())).ok_or(Refused::NotOfType(media.name))
            }
        }
    }

    /// The remaining check of a file without a type that begins with `head`.
    fn recognized(&self, head: &[u8]) -> Result<GoingOn, Refused> {
        let begins = |media: &&MediaType| matches!(media.content, Content::Begins(matches) if matches(head));
        let of_allowed = self.allowed.iter().find(begins);
        match of_allowed.or_else(|| super::all().find(begins)) {
            Some(media) if media.name == ZIP => Ok(GoingOn::Package(Directory::default())),
            Some(_) if is_compound(head) => Ok(GoingOn::Compound(Streams::default())),
            Some(media) if of_allowed.is_some() => Ok(GoingOn::Known(media)),
            Some(_) => Err(Refused::NotAllowed),
            None => stored(PLAIN).map(|plain| GoingOn::Text(plain, TextCheck::default())).ok_or(Refused::Unknown),
        }
    }

    fn look(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        match self.going_on.as_mut() {
            Some(GoingOn::Text(_, check)) => {
                let checked = check.update(bytes);
                return checked.map_err(|refused| self.of_text(refused));
            }
            Some(GoingOn::Package(directory)) => directory.update(bytes),
            Some(GoingOn::Compound(streams)) => streams.update(bytes),
            Some(GoingOn::Known(_)) | None => {}
        }
        Ok(())
    }

    /// A file that was not declared as text gets no error about being no text.
    fn of_text(&self, refused: Refused) -> Refused {
        if self.declared.is_some() { refused } else { Refused::Unknown }
    }
}

fn has_csv(allowed: &Allowed) -> bool {
    stored(CSV).is_some_and(|csv| allowed.contains(csv))
}

#[cfg(test)]
mod tests;

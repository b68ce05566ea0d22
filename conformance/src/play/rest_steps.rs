//! The steps of flows that go over REST.

use accord_flows::{CallStep, FetchStep, FileParts, TokenUse};
use accord_language::source::Text;

use super::{
    Deviation,
    call::status_and_body,
    player::{Outcome, Player, text},
};
use crate::client::{Body, Request};

impl Player<'_> {
    pub(super) async fn call(&self, step: &CallStep, name: &str) -> Outcome {
        let session = self.session;
        let operation = session.protocol().model.operation(text(&step.call));
        let operation =
            operation.ok_or_else(|| Deviation::new(name, "an operation of the schema", text(&step.call)))?;
        let token = match (step.by.get(), step.token.get()) {
            (None, _) => None,
            (Some(actor), wanted) => session.token(actor.as_str(), wanted.unwrap_or(&TokenUse::Good))?,
        };
        let input = self.filled(step.input.get(), name)?;
        let mut request = session.request(operation, &input, token.map(|token| token.text));
        if let Some(body) = step.body.get() {
            request.body = Body::Text(body.value.clone());
        }
        if let Some(file) = step.file.get() {
            let declared = operation.upload.as_ref().map(|upload| upload.field.clone());
            let named = file.field.get().map(|field| field.value.clone()).or(declared);
            let field = named.unwrap_or_else(|| "file".to_owned());
            let media = file.media.get().map_or("application/octet-stream", Text::as_str).to_owned();
            let file_name = self.filled(file.name.get(), name)?;
            let file_name = file_name.as_str().unwrap_or("file").to_owned();
            request.body = Body::File { field, name: file_name, media, bytes: self.bytes(file, name)? };
        }
        let caller = step.by.get().map_or("nobody", Text::as_str);
        let known = session.audit.newest(operation, &input);
        let answer = session.send(caller, &request, name).await?;
        match step.fails.get() {
            None if step.loosely.get() == Some(&true) => {
                session.succeeded_somehow(operation, &answer, name)?;
                if let Some(pattern) = step.data.get() {
                    let wrong = |why: String| Deviation::new(name, "the data of the answer", why);
                    let body = answer.json().map_err(wrong)?;
                    self.fits(&pattern.0, session.protocol().content(operation, &body).map_err(wrong)?, name)?;
                }
            }
            None => {
                let data = session.succeeded(operation, &answer, name)?;
                let fits = session.audit.listed(operation, &input, &data, known.as_ref());
                fits.map_err(|why| Deviation::new(name, "what fits the log of the room", why))?;
                if let Some(pattern) = step.data.get() {
                    self.fits(&pattern.0, &data, name)?;
                }
                if let Some(pattern) = step.beside.get() {
                    self.fits(&pattern.0, &answer.json().unwrap_or_default(), name)?;
                }
                self.save(&step.save, session.protocol().documented_body(operation, data));
            }
            Some(failure) => {
                let error = match failure.status.get() {
                    Some(status) => session.refused(operation, *status, &answer, name)?,
                    None => session.failed(operation, &failure.errors().collect::<Vec<_>>(), &answer, name)?,
                };
                self.failure(failure, &error, name)?;
            }
        }
        match step.headers.get() {
            Some(pattern) => session.headers(&answer, pattern, name),
            None => Ok(()),
        }
    }

    fn bytes(&self, file: &FileParts, step: &str) -> Result<Vec<u8>, Deviation> {
        let text = self.filled(file.text.get(), step)?;
        file.bytes(text.as_str().unwrap_or_default()).map_err(|why| Deviation::new(step, "a file", why))
    }

    pub(super) async fn fetch(&self, step: &FetchStep, name: &str) -> Outcome {
        let path = self.filled(step.fetch.get(), name)?;
        let path = path.as_str().unwrap_or_default().to_owned();
        let request = Request { method: "GET".to_owned(), path, query: Vec::new(), token: None, body: Body::None };
        let answer = self.session.send("nobody", &request, name).await?;
        let (right, expected) = match step.refused.get() {
            Some(true) => ((400..500).contains(&answer.status), "a status from 400 to 499"),
            _ => (answer.status == 200, "status 200"),
        };
        if !right {
            return Err(Deviation::new(name, expected, status_and_body(&answer)));
        }
        if let Some(pattern) = step.headers.get() {
            self.session.headers(&answer, pattern, name)?;
        }
        if let Some(pattern) = step.text.get() {
            self.fits(&pattern.0, &String::from_utf8_lossy(&answer.bytes).into_owned().into(), name)?;
        }
        if let Some(file) = step.file.get() {
            let bytes = self.bytes(file, name)?;
            if bytes != answer.bytes {
                let came = format!("{} other bytes", answer.bytes.len());
                return Err(Deviation::new(name, format!("the {} bytes of the file", bytes.len()), came));
            }
        }
        Ok(())
    }
}

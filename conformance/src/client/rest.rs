//! REST requests.

use serde_json::Value;

use super::{Endpoint, Speaker, causes};

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, or a whole URL.
    pub path: String,
    /// Parameters of the query.
    pub query: Vec<(String, String)>,
    /// The bearer token.
    pub token: Option<String>,
    /// Its payload.
    pub body: Body,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(Value),
    /// A text, called JSON.
    Text(String),
    /// A file in a field of a form.
    File {
        /// The field.
        field: String,
        /// The file's name.
        name: String,
        /// The media type, with its parameters.
        media: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, by their names in lower case; several of one name as one, separated by commas.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// A description of the error, with the body.
    pub fn json(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.bytes)
            .map_err(|error| format!("the body is not JSON ({error}): `{}`", String::from_utf8_lossy(&self.bytes)))
    }
}

impl Endpoint {
    /// Sends `request` and waits for its answer.
    ///
    /// # Errors
    /// A description of the broken connection.
    pub async fn call(&self, request: &Request, speaker: &Speaker) -> Result<Answer, String> {
        let url = self.at(&request.path, &request.query)?;
        let method = request.method.parse().map_err(|_| format!("`{}` is not a method", request.method))?;
        let shown = format!(
            "{} {}{}",
            request.method,
            url.path(),
            url.query().map(|query| format!("?{query}")).unwrap_or_default()
        );
        let mut builder = self.http.request(method, url);
        if let Some(token) = &request.token {
            builder = builder.bearer_auth(token);
        }
        if let Some(version) = &self.version {
            builder = builder.header("protocol-version", version);
        }
        let carried = match &request.body {
            Body::None => String::new(),
            Body::Json(value) => {
                builder = builder.header("content-type", "application/json").body(value.to_string());
                format!(" {value}")
            }
            Body::Text(text) => {
                builder = builder.header("content-type", "application/json").body(text.clone());
                format!(" {text}")
            }
            Body::File { field, name, media, bytes } => {
                let part = reqwest::multipart::Part::bytes(bytes.clone()).file_name(name.clone());
                let part = part.mime_str(media).map_err(|error| format!("`{media}` is not a media type: {error}"))?;
                builder = builder.multipart(reqwest::multipart::Form::new().part(field.clone(), part));
                format!(" {field}: {name} ({media}, {} bytes)", bytes.len())
            }
        };
        speaker.sent("http", &format!("{shown}{carried}"));
        let answer = builder.send().await.map_err(|error| format!("`{shown}` broke off: {}", causes(&error)))?;
        let status = answer.status().as_u16();
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in answer.headers() {
            let value = String::from_utf8_lossy(value.as_bytes());
            match headers.iter_mut().find(|(known, _)| known == name.as_str()) {
                Some((_, values)) => values.push_str(&format!(", {value}")),
                None => headers.push((name.as_str().to_owned(), value.into_owned())),
            }
        }
        let bytes = answer
            .bytes()
            .await
            .map_err(|error| format!("the answer to `{shown}` broke off: {}", causes(&error)))?
            .to_vec();
        let body = std::str::from_utf8(&bytes).map_or_else(|_| format!("({} bytes)", bytes.len()), ToOwned::to_owned);
        speaker.received("http", &format!("{status} {body}"));
        Ok(Answer { status, headers, bytes })
    }
}

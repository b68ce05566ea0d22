//! The keys that verify tokens: their sources, and the watch that keeps them up to date.

use std::{io, path::PathBuf, time::Duration};

use accord_runtime::auth::{KeyError, Keys, Verifier};
use reqwest::Url;
use tokio::time::timeout;

use crate::hangup::Hangups;

/// The interval at which a key file is checked.
const FILE_INTERVAL: Duration = Duration::from_secs(2);

/// The interval at which a key set is fetched.
const URL_INTERVAL: Duration = Duration::from_secs(30);

/// The minimum pause between two reads of a key file that tokens with an unknown key trigger.
const FILE_PAUSE: Duration = Duration::from_millis(200);

/// The same for a key set that is fetched, so that clients cannot make the server flood the issuer of tokens.
const URL_PAUSE: Duration = Duration::from_secs(5);

/// The timeout for reading a key file.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The timeout for fetching a key set.
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum size of a key set in bytes.
const MAX_SET_BYTES: usize = 1024 * 1024;

/// The source of keys.
#[derive(Clone)]
pub enum KeySource {
    /// A secret shared with the issuer of tokens.
    Secret(String),
    /// A file with a public key, as PEM.
    Pem(PathBuf),
    /// A file with a key set.
    SetFile(PathBuf),
    /// The address of a key set.
    SetUrl(Url),
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeySourceError {
    /// A file cannot be read.
    #[error("the key file {} cannot be read: {error}; name a file that this user may read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        #[source]
        error: std::io::Error,
    },
    /// An address cannot be fetched.
    #[error("the key set at {url} cannot be fetched: {error}")]
    Fetch {
        /// The address.
        url: Url,
        /// The cause.
        #[source]
        error: FetchError,
    },
    /// The content is not a key.
    #[error("{place}: {error}")]
    Key {
        /// The file or address.
        place: String,
        /// The cause.
        #[source]
        error: KeyError,
    },
}

/// Why an address was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The request failed.
    #[error("{}", causes(.0))]
    Request(#[from] reqwest::Error),
    /// The answer is too long.
    #[error("the answer has more than {MAX_SET_BYTES} bytes")]
    TooLong,
}

/// An error with its causes, on one line: reqwest names the reason only there.
fn causes(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl KeySource {
    /// The source that `--jwks` names.
    ///
    /// # Errors
    /// If the text is malformed.
    pub fn set(text: &str) -> Result<Self, String> {
        if !text.contains("://") {
            return Ok(KeySource::SetFile(PathBuf::from(text)));
        }
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(KeySource::SetUrl(url)),
            Ok(url) => Err(format!("a key set must be a file or an http(s) URL, not {}", url.scheme())),
            Err(error) => Err(format!("{text} is not a URL: {error}")),
        }
    }

    /// The current keys, and the watch that keeps them up to date.
    ///
    /// # Errors
    /// If no keys can be loaded.
    pub async fn load(&self) -> Result<(Keys, KeyWatch), KeySourceError> {
        let text = self.read().await?;
        Ok((self.parse(&text)?, KeyWatch { source: self.clone(), known: text }))
    }

    async fn read(&self) -> Result<String, KeySourceError> {
        match self {
            KeySource::Secret(secret) => Ok(secret.clone()),
            KeySource::Pem(path) | KeySource::SetFile(path) => {
                let read = timeout(READ_TIMEOUT, tokio::fs::read_to_string(path)).await;
                let read = read.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
                read.map_err(|error| KeySourceError::File { path: path.clone(), error })
            }
            KeySource::SetUrl(url) => {
                fetch(url).await.map_err(|error| KeySourceError::Fetch { url: url.clone(), error })
            }
        }
    }

    /// Makes sure that a file can be read again: a pipe gives its keys only once, and a second read waits forever.
    async fn check_file(&self) -> Result<(), KeySourceError> {
        let (KeySource::Pem(path) | KeySource::SetFile(path)) = self else { return Ok(()) };
        let error = match tokio::fs::metadata(path).await {
            Ok(metadata) if metadata.is_file() => return Ok(()),
            Ok(_) => io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"),
            Err(error) => error,
        };
        Err(KeySourceError::File { path: path.clone(), error })
    }

    fn parse(&self, text: &str) -> Result<Keys, KeySourceError> {
        match self {
            KeySource::Secret(secret) => Ok(Keys::secret(secret.as_bytes())),
            KeySource::Pem(path) => {
                Keys::pem(text).map_err(|error| KeySourceError::Key { place: path.display().to_string(), error })
            }
            KeySource::SetFile(path) => {
                Keys::jwks(text).map_err(|error| KeySourceError::Key { place: path.display().to_string(), error })
            }
            KeySource::SetUrl(url) => {
                Keys::jwks(text).map_err(|error| KeySourceError::Key { place: url.to_string(), error })
            }
        }
    }
}

/// Keeps keys up to date.
#[derive(Clone)]
pub struct KeyWatch {
    source: KeySource,
    /// The text that the keys in use were parsed from.
    known: String,
}

impl KeyWatch {
    /// Keeps a verifier's keys up to date until dropped. It reads a file again when it changes, and an address at
    /// intervals; both also at SIGHUP, and when a token names an unknown key. If the new keys cannot be read, it only
    /// logs that.
    pub async fn run(self, verifier: Verifier) {
        match self.source {
            KeySource::Secret(_) => {
                let mut hangups = Hangups::new();
                loop {
                    hangups.next().await;
                    tracing::info!("SIGHUP: there are no keys to read again; all settings stay as they were at start");
                }
            }
            KeySource::Pem(_) | KeySource::SetFile(_) => self.run_every(FILE_INTERVAL, FILE_PAUSE, verifier).await,
            KeySource::SetUrl(_) => self.run_every(URL_INTERVAL, URL_PAUSE, verifier).await,
        }
    }

    async fn run_every(mut self, interval: Duration, pause: Duration, verifier: Verifier) {
        let requests = verifier.key_requests(pause);
        let mut hangups = Hangups::new();
        let mut complaint = None;
        loop {
            let told = tokio::select! {
                () = tokio::time::sleep(interval) => false,
                () = requests.next() => false,
                () = hangups.next() => true,
            };
            if told {
                tracing::info!("SIGHUP: reading the keys again; all other settings stay as they were at start");
                complaint = None;
            }
            requests.begin();
            let looked = self.look(&verifier).await.map_err(|error| error.to_string());
            requests.end();
            match &looked {
                Ok(true) => tracing::info!("the keys that verify tokens were replaced"),
                Ok(false) if told => tracing::info!("the keys that verify tokens have not changed"),
                Err(error) if complaint.as_ref() != Some(error) => {
                    tracing::warn!(%error, "the keys that verify tokens could not be read again; the current ones \
                                            stay in use");
                }
                Ok(false) | Err(_) => {}
            }
            complaint = looked.err();
        }
    }

    /// Replaces the keys if they have changed; returns whether they have.
    async fn look(&mut self, verifier: &Verifier) -> Result<bool, KeySourceError> {
        self.source.check_file().await?;
        let text = self.source.read().await?;
        let others = text != self.known;
        if others {
            verifier.replace(self.source.parse(&text)?);
            self.known = text;
        }
        Ok(others)
    }
}

async fn fetch(url: &Url) -> Result<String, FetchError> {
    // The TLS backend is set once per process; an earlier call has set the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(FETCH_TIMEOUT).build()?;
    let mut answer = client.get(url.clone()).send().await?.error_for_status()?;
    let mut text = Vec::new();
    while let Some(bytes) = answer.chunk().await? {
        if text.len() + bytes.len() > MAX_SET_BYTES {
            return Err(FetchError::TooLong);
        }
        text.extend_from_slice(&bytes);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{Router, routing::get};
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    use serde_json::json;

    use super::*;

    const SOON: Duration = Duration::from_millis(5);

    /// An Ed25519 key pair: the signing key, and the public key as PEM and as a JSON Web Key.
    struct Pair {
        id: &'static str,
        private: EncodingKey,
        public: [u8; 32],
    }

    impl Pair {
        /// Reads a key pair: PKCS#8 (RFC 8410) as DER, version 2, in hexadecimal.
        fn new(id: &'static str, private_key: [u8; 32], public: [u8; 32]) -> Self {
            let mut der =
                vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
            der.extend_from_slice(&private_key);
            Pair { id, private: EncodingKey::from_ed_der(&der), public }
        }

        /// The first test vector of RFC 8032, section 7.1.
        fn first() -> Self {
            Pair::new(
                "first",
                hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
                hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
            )
        }

        /// The second test vector of RFC 8032, section 7.1.
        fn second() -> Self {
            Pair::new(
                "second",
                hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
                hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
            )
        }

        fn set(&self) -> String {
            let key = json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.id,
                "x": BASE64_URL_SAFE_NO_PAD.encode(self.public)});
            json!({"keys": [key]}).to_string()
        }

        fn pem(&self) -> String {
            let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
            der.extend_from_slice(&self.public);
            let text = base64::prelude::BASE64_STANDARD.encode(der);
            format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n")
        }

        fn token(&self) -> String {
            let header = Header { kid: Some(self.id.to_owned()), ..Header::new(Algorithm::EdDSA) };
            let claims = json!({"id": "alice", "exp": 4_000_000_000_u32});
            jsonwebtoken::encode(&header, &claims, &self.private).expect("a token")
        }
    }

    fn hex(text: &str) -> [u8; 32] {
        std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("hexadecimal"))
    }

    /// Waits until the verifier accepts the tokens of one pair and refuses those of the other.
    async fn switched(verifier: &Verifier, accepted: &Pair, refused: &Pair) {
        let switched = async {
            while verifier.verify(&accepted.token()).is_err() || verifier.verify(&refused.token()).is_ok() {
                tokio::time::sleep(SOON).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), switched).await.expect("the keys are replaced");
    }

    /// Publishes one key after the other, with invalid keys in between, and checks the verifier.
    async fn rotate(source: KeySource, publish: impl Fn(&str), text: fn(&Pair) -> String) {
        let (first, second) = (Pair::first(), Pair::second());
        publish(&text(&first));
        let (keys, watch) = source.load().await.expect("keys");
        let verifier = Verifier::new(keys);
        switched(&verifier, &first, &second).await;
        let watching = tokio::spawn(watch.run_every(SOON, SOON, verifier.clone()));
        publish("nonsense");
        assert!(matches!(source.load().await, Err(KeySourceError::Key { .. })));
        switched(&verifier, &first, &second).await;
        publish(&text(&second));
        switched(&verifier, &second, &first).await;
        watching.abort();
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_pipe_in_place_of_a_key_file_is_not_waited_for() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("keys");
        let (first, second) = (Pair::first(), Pair::second());
        std::fs::write(&path, first.set()).expect("a file");
        let (keys, mut watch) = KeySource::SetFile(path.clone()).load().await.expect("keys");
        let verifier = Verifier::new(keys);
        std::fs::remove_file(&path).expect("the file is removed");
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
        assert!(made.success());
        let refused = watch.look(&verifier).await.expect_err("there are no keys").to_string();
        assert!(refused.contains("cannot be read: not a regular file"), "{refused}");
        std::fs::remove_file(&path).expect("the pipe is removed");
        std::fs::write(&path, second.set()).expect("a file");
        assert!(watch.look(&verifier).await.expect("keys"));
        switched(&verifier, &second, &first).await;
    }

    #[tokio::test]
    async fn keys_in_a_file_rotate_without_a_restart() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("keys");
        let publish = |text: &str| std::fs::write(&path, text).expect("a file");
        rotate(KeySource::SetFile(path.clone()), publish, Pair::set).await;
        rotate(KeySource::Pem(path.clone()), publish, Pair::pem).await;
    }

    #[tokio::test]
    async fn keys_at_an_address_rotate_without_a_restart() {
        let text = Arc::new(Mutex::new(String::new()));
        let published = Arc::clone(&text);
        let router =
            Router::new().route("/keys", get(move || std::future::ready(published.lock().expect("no panic").clone())));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        let source = KeySource::set(&format!("http://{address}/keys")).expect("a source");
        rotate(source, |new| new.clone_into(&mut text.lock().expect("no panic")), Pair::set).await;
    }

    #[tokio::test]
    async fn a_key_that_has_been_rotated_in_works_at_first_use() {
        const NEVER: Duration = Duration::from_secs(3600);
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("keys");
        let (first, second) = (Pair::first(), Pair::second());
        std::fs::write(&path, first.set()).expect("a file");
        let (keys, watch) = KeySource::SetFile(path.clone()).load().await.expect("keys");
        let verifier = Verifier::new(keys);
        assert!(verifier.verify_with_new_keys(&second.token()).await.is_err(), "nobody looks for keys yet");
        let watching = tokio::spawn(watch.run_every(NEVER, NEVER, verifier.clone()));
        tokio::task::yield_now().await;
        std::fs::write(&path, second.set()).expect("a file");
        let token = second.token();
        let (one, other) = tokio::join!(verifier.verify_with_new_keys(&token), verifier.verify_with_new_keys(&token));
        assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
        watching.abort();
    }

    #[tokio::test]
    async fn an_invalid_key_is_reported_with_its_place() {
        let missing = KeySource::SetFile(PathBuf::from("/nowhere/keys.json")).load().await;
        let message = missing.err().expect("an error").to_string();
        assert!(message.contains("/nowhere/keys.json"), "{message}");
        let unreachable = KeySource::set("http://127.0.0.1:1/keys").expect("a source").load().await;
        let message = unreachable.err().expect("an error").to_string();
        assert!(message.contains("http://127.0.0.1:1/keys"), "{message}");
    }
}

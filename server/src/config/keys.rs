//! The keys that tokens are verified with: where they come from, and that they stay up to date.

use std::{path::PathBuf, time::Duration};

use accord_runtime::auth::{KeyError, Keys, Verifier};
use reqwest::Url;

/// How often a key file is looked at.
const FILE_INTERVAL: Duration = Duration::from_secs(2);

/// How often a key set is fetched.
const URL_INTERVAL: Duration = Duration::from_secs(30);

/// How long fetching a key set may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes of a key set.
const MAX_SET_BYTES: usize = 1024 * 1024;

/// Where keys come from.
#[derive(Clone)]
pub enum KeySource {
    /// A secret that is shared with whoever issues tokens.
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
        /// What the operating system said.
        #[source]
        error: std::io::Error,
    },
    /// An address cannot be fetched.
    #[error("the key set at {url} cannot be fetched: {error}")]
    Fetch {
        /// The address.
        url: Url,
        /// What went wrong.
        #[source]
        error: FetchError,
    },
    /// What is there is no key.
    #[error("{place}: {error}")]
    Key {
        /// The file or address.
        place: String,
        /// What is wrong with it.
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
    /// Reads what `--jwks` names.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn set(text: &str) -> Result<Self, String> {
        if !text.contains("://") {
            return Ok(KeySource::SetFile(PathBuf::from(text)));
        }
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(KeySource::SetUrl(url)),
            Ok(url) => Err(format!("a key set is read from a file, http or https, not {}", url.scheme())),
            Err(error) => Err(format!("{text} is no URL: {error}")),
        }
    }

    /// The keys as they are at this moment.
    ///
    /// # Errors
    /// If there are none to be had.
    pub async fn load(&self) -> Result<Keys, KeySourceError> {
        self.parse(&self.read().await?)
    }

    async fn read(&self) -> Result<String, KeySourceError> {
        match self {
            KeySource::Secret(secret) => Ok(secret.clone()),
            KeySource::Pem(path) | KeySource::SetFile(path) => tokio::fs::read_to_string(path)
                .await
                .map_err(|error| KeySourceError::File { path: path.clone(), error }),
            KeySource::SetUrl(url) => {
                fetch(url).await.map_err(|error| KeySourceError::Fetch { url: url.clone(), error })
            }
        }
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

    /// Keeps a verifier's keys up to date until dropped: a file is read again when it changes, an address time and
    /// again. Keys that cannot be had, or are none, change nothing but the log.
    pub async fn watch(self, verifier: Verifier) {
        let interval = match self {
            KeySource::Secret(_) => return,
            KeySource::Pem(_) | KeySource::SetFile(_) => FILE_INTERVAL,
            KeySource::SetUrl(_) => URL_INTERVAL,
        };
        let mut known = self.read().await.ok();
        let mut complaint = None;
        loop {
            tokio::time::sleep(interval).await;
            let read = match self.read().await {
                Ok(text) if known.as_ref() == Some(&text) => Ok(()),
                Ok(text) => self.parse(&text).map(|keys| {
                    verifier.replace(keys);
                    tracing::info!("the keys that tokens are verified with have been replaced");
                    known = Some(text);
                }),
                Err(error) => Err(error),
            };
            let problem = read.err().map(|error| error.to_string());
            if let Some(error) = problem.as_ref().filter(|_| problem != complaint) {
                tracing::warn!(%error, "the keys that tokens are verified with stay as they are");
            }
            complaint = problem;
        }
    }
}

async fn fetch(url: &Url) -> Result<String, FetchError> {
    // Which library does the arithmetic of TLS is set once for the process; whoever came first has set the same.
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

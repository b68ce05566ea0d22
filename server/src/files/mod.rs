//! Uploaded files: receives and checks them, and serves them so that no browser executes them.
//!
//! This module only handles a file's bytes; the store knows its owner and the messages that show it. A file exists
//! completely or not at all: its bytes go to a temporary file, which is renamed once the last byte has been checked and
//! is on disk.

pub mod cleanup;
pub mod dimensions;
pub mod media;
pub mod name;
pub mod quota;

use std::{
    io,
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use accord_runtime::Download;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use http::{HeaderMap, HeaderValue, header};
use object_store::{
    GetOptions, GetResult, MultipartUpload, ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key,
};
use tokio::time::{Instant, timeout_at};

use dimensions::HEADER_BYTES;
use media::{Allowed, ContentCheck, MediaType, Refused};
use quota::Claim;

use crate::store::Dimensions;

/// The maximum size of one file in bytes.
pub const MAX_FILE_BYTES: u64 = 10 * 1024 * 1024;

/// The number of bytes to write at once. The first write includes the headers of an image.
const PART_BYTES: usize = HEADER_BYTES;

/// The time within which a file has to arrive, even at a steady pace.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// The extension of files whose type is not known yet.
const UNKNOWN: &str = "bin";

/// The directory with the bytes of uploads.
#[derive(Debug)]
pub struct Files {
    directory: PathBuf,
    objects: LocalFileSystem,
    allowed: Allowed,
}

/// A file that has been received.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Received {
    /// The name that it is stored under.
    pub filename: String,
    /// The name that its sender gave it, cleaned.
    pub original_name: String,
    /// Its media type, without parameters.
    pub media_type: &'static str,
    /// Its size in bytes.
    pub size: u64,
    /// Its size in pixels, if it is an image whose headers give it.
    pub dimensions: Option<Dimensions>,
}

/// Why a file was refused. None of its bytes are kept.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The request ended before the file did.
    #[error("the upload broke off")]
    BrokeOff,
    /// The file has more than [`MAX_FILE_BYTES`].
    #[error("has more than {MAX_FILE_BYTES} bytes")]
    TooLarge,
    /// The file did not arrive in time.
    #[error("took longer than {} minutes", LONGEST.as_secs() / 60)]
    TooSlow,
    /// The file's type is not allowed, or its content is not of it.
    #[error(transparent)]
    UnsupportedType(#[from] Refused),
    /// The file has more bytes than its sender has left.
    #[error("does not fit into the space that is left for your uploads")]
    QuotaExceeded,
    /// The bytes could not be stored.
    #[error("the file could not be stored")]
    Storage(#[from] StorageError),
}

/// The directory of files failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Reading or writing failed.
    #[error(transparent)]
    Object(#[from] object_store::Error),
    /// The directory failed.
    #[error("{}: {error}", path.display())]
    Directory {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        #[source]
        error: io::Error,
    },
}

impl Files {
    /// The files in a directory, which is created if it is missing. The remains of uploads that a crash interrupted
    /// are removed.
    ///
    /// # Errors
    /// If the directory cannot be made, read or written.
    pub fn open(directory: &Path) -> Result<Self, StorageError> {
        let failed = |error| StorageError::Directory { path: directory.to_owned(), error };
        std::fs::create_dir_all(directory).map_err(failed)?;
        for entry in std::fs::read_dir(directory).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_name().to_str().is_some_and(is_temporary) {
                std::fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        let probe = directory.join(temporary(&name::stored("probe")));
        std::fs::write(&probe, b"").map_err(failed)?;
        std::fs::remove_file(&probe).map_err(failed)?;
        let objects = LocalFileSystem::new_with_prefix(directory)?.with_fsync(true);
        Ok(Files { directory: directory.to_owned(), objects, allowed: Allowed::default() })
    }

    /// The same, for files of these types only.
    #[must_use]
    pub fn allowing(self, allowed: Allowed) -> Self {
        Files { allowed, ..self }
    }

    /// Receives a file, with the `content_type` and `file_name` that its sender declares. Claims space for its bytes as they
    /// arrive.
    ///
    /// # Errors
    /// If the file breaks off, may not be stored, or cannot be. None of its bytes are kept then, nor if this future is
    /// dropped.
    pub async fn receive<S, E>(
        &self,
        content_type: Option<&str>,
        file_name: Option<&str>,
        claim: &mut Claim<'_>,
        body: S,
    ) -> Result<Received, ReceiveError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
    {
        let check = ContentCheck::new(content_type, &self.allowed)?;
        // An empty file takes space as well.
        if !claim.grow(0) {
            return Err(ReceiveError::QuotaExceeded);
        }
        let mut stored = name::stored(check.declared().map_or(UNKNOWN, MediaType::extension));
        let mut upload = self.objects.put_multipart(&Key::from(stored.as_str())).await.map_err(StorageError::from)?;
        let written = match write_parts(upload.as_mut(), check, claim, std::pin::pin!(body)).await {
            Ok(written) => upload.complete().await.map(|_| written).map_err(|error| StorageError::from(error).into()),
            Err(error) => Err(error),
        };
        let Written { media, size, dimensions } = match written {
            Ok(written) => written,
            Err(error) => {
                self.remove_temporary(&stored).await;
                return Err(error);
            }
        };
        let filename = name::with_extension(&stored, media.extension());
        if filename != stored {
            let (from, to) = (Key::from(stored.as_str()), Key::from(filename.as_str()));
            self.objects.rename(&from, &to).await.map_err(StorageError::from)?;
            stored = filename;
        }
        let original_name = name::original(file_name);
        Ok(Received { filename: stored, original_name, media_type: media.name, size, dimensions })
    }

    /// Removes the remains of a failed upload.
    async fn remove_temporary(&self, filename: &str) {
        let path = self.directory.join(temporary(filename));
        match tokio::fs::remove_file(&path).await {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "could not delete the bytes of a failed upload");
            }
        }
    }

    /// A file, any part of which can be read; `None` if it does not exist.
    ///
    /// # Errors
    /// If the directory fails.
    pub async fn download(
        &self,
        filename: &str,
        media_type: &str,
        original_name: &str,
    ) -> Result<Option<Download>, StorageError> {
        if !name::is_stored(filename) {
            return Ok(None);
        }
        let key = Key::from(filename);
        let size = match self.objects.head(&key).await {
            Ok(meta) => meta.size,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let objects = self.objects.clone();
        let read = move |range: Range<u64>| {
            // The library does not accept this as a range.
            if range.is_empty() {
                return Body::empty();
            }
            let read = async move {
                let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
                objects.get_opts(&key, options).await.map(GetResult::into_stream)
            };
            Body::from_stream(stream::once(read).try_flatten())
        };
        Ok(Some(Download::file(download_headers(filename, media_type, original_name), size, read)))
    }

    /// Removes a file. It is not an error if the file does not exist.
    ///
    /// # Errors
    /// If the directory fails.
    pub async fn remove(&self, filename: &str) -> Result<(), StorageError> {
        match self.objects.delete(&Key::from(filename)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of all files that were stored before `before`.
    ///
    /// # Errors
    /// If the directory fails.
    pub async fn stored_before(&self, before: std::time::SystemTime) -> Result<Vec<String>, StorageError> {
        let mut objects = self.objects.list(None);
        let mut names = Vec::new();
        while let Some(object) = objects.next().await {
            let object = object?;
            if std::time::SystemTime::from(object.last_modified) < before
                && let Some(filename) = object.location.filename()
                && name::is_stored(filename)
            {
                names.push(filename.to_owned());
            }
        }
        Ok(names)
    }
}

/// The name of the temporary file that `object_store` writes a file's bytes to.
fn temporary(filename: &str) -> String {
    format!("{filename}#1")
}

fn is_temporary(file_name: &str) -> bool {
    file_name.strip_suffix("#1").is_some_and(name::is_stored)
}

/// A file whose bytes have been written and checked.
struct Written {
    media: &'static MediaType,
    size: u64,
    dimensions: Option<Dimensions>,
}

/// Writes a file's bytes while they arrive and are checked.
async fn write_parts<S, E>(
    upload: &mut dyn MultipartUpload,
    mut check: ContentCheck<'_>,
    claim: &mut Claim<'_>,
    mut body: S,
) -> Result<Written, ReceiveError>
where
    S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
{
    let end = Instant::now() + LONGEST;
    let mut size = 0;
    let mut dimensions = None;
    let mut part = BytesMut::new();
    while let Some(bytes) = timeout_at(end, body.next()).await.map_err(|_| ReceiveError::TooSlow)? {
        let bytes = bytes.map_err(|_| ReceiveError::BrokeOff)?;
        size += bytes.len() as u64;
        if size > MAX_FILE_BYTES {
            return Err(ReceiveError::TooLarge);
        }
        if !claim.grow(size) {
            return Err(ReceiveError::QuotaExceeded);
        }
        check.update(&bytes)?;
        part.extend_from_slice(&bytes);
        if part.len() >= PART_BYTES {
            if size == part.len() as u64 {
                dimensions = dimensions::of(&part);
            }
            upload.put_part(part.split().freeze().into()).await.map_err(StorageError::from)?;
        }
    }
    let media = check.finish()?;
    if size == part.len() as u64 {
        dimensions = dimensions::of(&part);
    }
    if !part.is_empty() {
        upload.put_part(part.freeze().into()).await.map_err(StorageError::from)?;
    }
    Ok(Written { media, size, dimensions: dimensions.filter(|_| media.is_image()) })
}

/// The headers of a file: a browser shows images and saves all other files, does not guess types, and runs no content
/// (SEC-36).
fn download_headers(filename: &str, media_type: &str, original_name: &str) -> HeaderMap {
    let media = media::stored(media_type);
    let disposition = if media.is_some_and(MediaType::is_image) { "inline" } else { "attachment" };
    let content_type = match media {
        Some(media) if media.name.starts_with("text/") => format!("{}; charset=utf-8", media.name),
        Some(media) => media.name.to_owned(),
        None => "application/octet-stream".to_owned(),
    };
    let extensions: &[&str] = media.map_or(&[UNKNOWN], |media| media.extensions);
    let name = name::download(original_name, extensions);
    let text = |text: String| HeaderValue::from_str(&text).expect("a media type and a cleaned name are visible ASCII");
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, text(content_type)),
        (header::CONTENT_DISPOSITION, text(name::content_disposition(disposition, &name))),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        // The bytes under a name never change, and a name is never used again.
        (header::ETAG, text(format!("\"{filename}\""))),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ])
}

#[cfg(test)]
mod tests;

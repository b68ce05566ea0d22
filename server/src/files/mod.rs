//! Uploaded files: taken in while they are checked, and given out so that a browser runs nothing of them.
//!
//! This module only handles a file's bytes; the store knows its owner and the messages that show it. A file exists
//! completely or not at all: its bytes go to a temporary file, which is renamed once the last byte has been checked and
//! is on disk.

pub mod cleanup;
pub mod media;
pub mod name;

use std::{
    io,
    path::{Path, PathBuf},
};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, HeaderValue, header};
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key};

use media::{ContentCheck, MediaType};

/// The most bytes of one file.
pub const MAX_FILE_BYTES: u64 = 10 * 1024 * 1024;

/// The number of bytes to write at once.
const PART_BYTES: usize = 256 * 1024;

/// The directory with the bytes of uploads.
#[derive(Debug)]
pub struct Files {
    directory: PathBuf,
    objects: LocalFileSystem,
}

/// A file that has been taken in.
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
}

/// Why a file has not been taken in. Nothing of it is left.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The request ended before the file did.
    #[error("the upload broke off")]
    BrokeOff,
    /// The file has more than [`MAX_FILE_BYTES`].
    #[error("the file has more than {MAX_FILE_BYTES} bytes")]
    TooLarge,
    /// The file's type is not allowed, or its content is not of it.
    #[error("the file's type is not allowed, or its content is not of its type")]
    UnsupportedType,
    /// The file has more bytes than its sender has left.
    #[error("the file exceeds what is left of its sender's quota")]
    QuotaExceeded,
    /// The bytes could not be stored.
    #[error("the file could not be stored")]
    Storage(#[from] StorageError),
}

/// The place of the files failed.
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
        Ok(Files { directory: directory.to_owned(), objects })
    }

    /// Takes a file in: `content_type` and `file_name` as its sender declares them, and its bytes as they arrive, of
    /// which there may be `left` at most.
    ///
    /// # Errors
    /// If the file breaks off, may not be stored, or cannot be. Nothing of it is left then, nor if this future is
    /// dropped.
    pub async fn receive<S, E>(
        &self,
        content_type: Option<&str>,
        file_name: Option<&str>,
        left: u64,
        body: S,
    ) -> Result<Received, ReceiveError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
    {
        let media = media::declared(content_type).ok_or(ReceiveError::UnsupportedType)?;
        let filename = name::stored(media.extension);
        let key = Key::from(filename.as_str());
        let mut upload = self.objects.put_multipart(&key).await.map_err(StorageError::from)?;
        let written = match write_parts(upload.as_mut(), media, left, std::pin::pin!(body)).await {
            Ok(size) => upload.complete().await.map(|_| size).map_err(|error| StorageError::from(error).into()),
            Err(error) => Err(error),
        };
        match written {
            Ok(size) => {
                let original_name = name::original(file_name);
                Ok(Received { filename, original_name, media_type: media.name, size })
            }
            Err(error) => {
                self.remove_temporary(&filename).await;
                Err(error)
            }
        }
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

    /// The headers and the bytes of a file; `None` if it is not there.
    ///
    /// # Errors
    /// If its place fails.
    pub async fn download(
        &self,
        filename: &str,
        media_type: &str,
        original_name: &str,
    ) -> Result<Option<(HeaderMap, Body)>, StorageError> {
        if !name::is_stored(filename) {
            return Ok(None);
        }
        match self.objects.get(&Key::from(filename)).await {
            Ok(object) => {
                let headers = download_headers(media_type, original_name, object.meta.size);
                Ok(Some((headers, Body::from_stream(object.into_stream()))))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file. One that is not there has been removed.
    ///
    /// # Errors
    /// If its place fails.
    pub async fn remove(&self, filename: &str) -> Result<(), StorageError> {
        match self.objects.delete(&Key::from(filename)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of all files that were stored before `before`.
    ///
    /// # Errors
    /// If their place fails.
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

/// Writes a file's bytes while they arrive and are checked; their number.
async fn write_parts<S, E>(
    upload: &mut dyn MultipartUpload,
    media: &MediaType,
    left: u64,
    mut body: S,
) -> Result<u64, ReceiveError>
where
    S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
{
    let mut check = ContentCheck::new(media);
    let mut size = 0;
    let mut part = BytesMut::new();
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|_| ReceiveError::BrokeOff)?;
        size += bytes.len() as u64;
        if size > MAX_FILE_BYTES {
            return Err(ReceiveError::TooLarge);
        }
        if size > left {
            return Err(ReceiveError::QuotaExceeded);
        }
        check.update(&bytes).map_err(|_| ReceiveError::UnsupportedType)?;
        part.extend_from_slice(&bytes);
        if part.len() >= PART_BYTES {
            upload.put_part(part.split().freeze().into()).await.map_err(StorageError::from)?;
        }
    }
    check.finish().map_err(|_| ReceiveError::UnsupportedType)?;
    if !part.is_empty() {
        upload.put_part(part.freeze().into()).await.map_err(StorageError::from)?;
    }
    Ok(size)
}

/// The headers of a file: a browser shows images and saves all other files, does not guess types, and runs no content
/// (SEC-36).
fn download_headers(media_type: &str, original_name: &str, size: u64) -> HeaderMap {
    let media = media::stored(media_type);
    let disposition = if media.is_some_and(MediaType::is_image) { "inline" } else { "attachment" };
    let content_type = match media {
        Some(media) if media.name.starts_with("text/") => format!("{}; charset=utf-8", media.name),
        Some(media) => media.name.to_owned(),
        None => "application/octet-stream".to_owned(),
    };
    let text = |text: String| HeaderValue::from_str(&text).expect("a media type and a cleaned name are visible ASCII");
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, text(content_type)),
        (header::CONTENT_LENGTH, size.into()),
        (header::CONTENT_DISPOSITION, text(name::content_disposition(disposition, original_name))),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ])
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use futures_util::stream;

    use super::*;

    type Piece = Result<Bytes, &'static str>;

    fn pieces(pieces: impl IntoIterator<Item = Piece>) -> impl Stream<Item = Piece> + Send {
        stream::iter(pieces.into_iter().collect::<Vec<_>>())
    }

    fn of(bytes: &[u8]) -> impl Stream<Item = Piece> + Send {
        pieces(bytes.chunks(100_000).map(|bytes| Ok(Bytes::copy_from_slice(bytes))))
    }

    fn open() -> (tempfile::TempDir, Files) {
        let directory = tempfile::tempdir().expect("a directory");
        let files = Files::open(directory.path()).expect("files");
        (directory, files)
    }

    fn listing(directory: &tempfile::TempDir) -> Vec<String> {
        let entries = std::fs::read_dir(directory.path()).expect("the directory");
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
    }

    fn png(size: usize) -> Vec<u8> {
        let mut png = vec![b'.'; size];
        png[..8].copy_from_slice(b"\x89PNG\r\n\x1a\n");
        png
    }

    #[tokio::test]
    async fn a_file_comes_back_as_it_was() {
        let (directory, files) = open();
        let sent = png(1_000_000);
        let received =
            files.receive(Some("image/png"), Some("a/cat.png"), u64::MAX, of(&sent)).await.expect("taken in");
        assert_eq!((received.size, received.media_type), (1_000_000, "image/png"));
        assert_eq!(received.original_name, "cat.png");
        assert_eq!(listing(&directory), std::slice::from_ref(&received.filename));

        let (headers, body) = files
            .download(&received.filename, received.media_type, &received.original_name)
            .await
            .expect("storage")
            .expect("the file");
        assert_eq!(headers[header::CONTENT_LENGTH], "1000000");
        assert_eq!(headers[header::CONTENT_DISPOSITION], "inline; filename=\"cat.png\"; filename*=UTF-8''cat.png");
        assert_eq!(to_bytes(body, usize::MAX).await.expect("its bytes"), sent);

        files.remove(&received.filename).await.expect("removed");
        files.remove(&received.filename).await.expect("removed already");
        assert!(files.download(&received.filename, "image/png", "cat.png").await.expect("storage").is_none());
        assert_eq!(listing(&directory), [""; 0]);
    }

    #[tokio::test]
    async fn sec_32_a_file_is_cut_off_at_the_limit_and_leaves_nothing() {
        let (directory, files) = open();
        let limit = usize::try_from(MAX_FILE_BYTES).expect("a small number");
        let text = vec![b'a'; limit + 1];
        let refused = files.receive(Some("text/plain"), None, u64::MAX, of(&text)).await;
        assert!(matches!(refused, Err(ReceiveError::TooLarge)), "{refused:?}");
        assert_eq!(listing(&directory), [""; 0]);

        let received = files.receive(Some("text/plain"), None, u64::MAX, of(&text[1..])).await.expect("at the limit");
        assert_eq!(received.size, MAX_FILE_BYTES);
    }

    #[tokio::test]
    async fn sec_32_a_file_that_breaks_off_leaves_nothing() {
        let (directory, files) = open();
        let body = [Ok(Bytes::from(png(600_000))), Err("gone")];
        let refused = files.receive(Some("image/png"), None, u64::MAX, pieces(body)).await;
        assert!(matches!(refused, Err(ReceiveError::BrokeOff)), "{refused:?}");
        assert_eq!(listing(&directory), [""; 0]);
    }

    #[tokio::test]
    async fn sec_33_a_file_that_is_not_of_its_type_leaves_nothing() {
        let (directory, files) = open();
        for (content_type, content) in [
            (Some("image/png"), &b"GIF89a"[..]),
            (Some("image/svg+xml"), b"<svg/>"),
            (Some("text/plain"), b"nul\0"),
            (Some("application/octet-stream"), b"?"),
            (None, b"text"),
        ] {
            let refused = files.receive(content_type, Some("x.png"), u64::MAX, of(content)).await;
            assert!(matches!(refused, Err(ReceiveError::UnsupportedType)), "{content_type:?}: {refused:?}");
        }
        assert_eq!(listing(&directory), [""; 0]);
    }

    #[tokio::test]
    async fn sec_37_a_file_beyond_the_quota_leaves_nothing() {
        let (directory, files) = open();
        let refused = files.receive(Some("image/png"), None, 99, of(&png(100))).await;
        assert!(matches!(refused, Err(ReceiveError::QuotaExceeded)), "{refused:?}");
        assert_eq!(listing(&directory), [""; 0]);
        assert!(files.receive(Some("image/png"), None, 100, of(&png(100))).await.is_ok());
    }

    #[tokio::test]
    async fn sec_34_only_names_of_the_servers_own_are_looked_up() {
        let (directory, files) = open();
        std::fs::write(directory.path().join("secret.txt"), "secret").expect("a file");
        for name in ["secret.txt", "../secret.txt", "%2e%2e/secret.txt", ""] {
            assert!(files.download(name, "text/plain", "x").await.expect("storage").is_none(), "{name}");
        }
    }

    #[test]
    fn sec_36_a_browser_runs_nothing() {
        let headers = download_headers("text/csv", "a.csv", 3);
        assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
        assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"a.csv\"; filename*=UTF-8''a.csv");
        assert_eq!(download_headers("text/html", "a.html", 3)[header::CONTENT_TYPE], "application/octet-stream");
    }

    #[test]
    fn sec_32_what_a_crash_left_is_removed_at_the_next_start() {
        let (directory, _) = open();
        let left = temporary(&name::stored("png"));
        std::fs::write(directory.path().join(left), "half").expect("a file");
        std::fs::write(directory.path().join("notes#1"), "not an upload").expect("a file");
        Files::open(directory.path()).expect("files");
        assert_eq!(listing(&directory), ["notes#1"]);
    }
}

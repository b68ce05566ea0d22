//! Files that are received, refused and served.

use std::{convert::Infallible, future::ready};

use accord_runtime::operation::Content;
use axum::body::to_bytes;
use futures_util::FutureExt;

use super::{quota::Quota, *};

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

async fn receive(
    files: &Files,
    content_type: Option<&str>,
    file_name: Option<&str>,
    quota: &Quota,
    body: impl Stream<Item = Piece> + Send,
) -> Result<Received, ReceiveError> {
    let mut claim = quota.claim("alice", ready(Ok::<_, Infallible>(0))).await.expect("a claim");
    files.receive(content_type, file_name, &mut claim, body).await
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
    let received = receive(&files, Some("image/png"), Some("a/cat.png"), &Quota::new(u64::MAX), of(&sent))
        .await
        .expect("taken in");
    assert_eq!((received.size, received.media_type), (1_000_000, "image/png"));
    assert_eq!(received.original_name, "cat.png");
    assert_eq!(listing(&directory), std::slice::from_ref(&received.filename));

    let download = async || {
        let download = files.download(&received.filename, received.media_type, &received.original_name).await;
        let Download { headers, content } = download.expect("storage").expect("the file");
        let Content::File { size, read } = content else { panic!("not a file") };
        (headers, size, read)
    };
    let (headers, size, read) = download().await;
    assert_eq!(size, 1_000_000);
    assert_eq!(headers[header::CONTENT_DISPOSITION], "inline; filename=\"cat.png\"; filename*=UTF-8''cat.png");
    assert_eq!(headers[header::ETAG].to_str().expect("text"), format!("\"{}\"", received.filename));
    assert_eq!(to_bytes(Body::new(read(0..size)), usize::MAX).await.expect("its bytes"), sent);
    let (.., read) = download().await;
    assert_eq!(to_bytes(Body::new(read(1..4)), usize::MAX).await.expect("a part"), sent[1..4]);
    let (.., read) = download().await;
    assert!(to_bytes(Body::new(read(0..0)), usize::MAX).await.expect("nothing").is_empty());

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
    let refused = receive(&files, Some("text/plain"), None, &Quota::new(u64::MAX), of(&text)).await;
    assert!(matches!(refused, Err(ReceiveError::TooLarge)), "{refused:?}");
    assert_eq!(listing(&directory), [""; 0]);

    let received =
        receive(&files, Some("text/plain"), None, &Quota::new(u64::MAX), of(&text[1..])).await.expect("at the limit");
    assert_eq!(received.size, MAX_FILE_BYTES);
}

#[tokio::test]
async fn sec_32_a_file_that_breaks_off_leaves_nothing() {
    let (directory, files) = open();
    let body = [Ok(Bytes::from(png(600_000))), Err("gone")];
    let refused = receive(&files, Some("image/png"), None, &Quota::new(u64::MAX), pieces(body)).await;
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
        (Some("application/octet-stream"), b"\xff"),
        (None, b"nul\0"),
    ] {
        let refused = receive(&files, content_type, Some("x.png"), &Quota::new(u64::MAX), of(content)).await;
        assert!(matches!(refused, Err(ReceiveError::UnsupportedType(_))), "{content_type:?}: {refused:?}");
    }
    assert_eq!(listing(&directory), [""; 0]);
}

#[tokio::test]
async fn sec_37_a_file_beyond_the_quota_leaves_nothing() {
    let (directory, files) = open();
    let refused = receive(&files, Some("image/png"), None, &Quota::new(99_999), of(&png(100_000))).await;
    assert!(matches!(refused, Err(ReceiveError::QuotaExceeded)), "{refused:?}");
    assert_eq!(listing(&directory), [""; 0]);
    let refused = receive(&files, Some("text/plain"), None, &Quota::new(4095), of(b"")).await;
    assert!(matches!(refused, Err(ReceiveError::QuotaExceeded)), "an empty file takes space: {refused:?}");
    assert_eq!(listing(&directory), [""; 0]);
    assert!(receive(&files, Some("image/png"), None, &Quota::new(100_000), of(&png(100_000))).await.is_ok());
}

#[tokio::test]
async fn sec_32_unfinished_uploads_stay_within_the_quota_on_disk() {
    let (directory, files) = open();
    let quota = Quota::new(1_000_000);
    // Each goes on for as long as the others do.
    let under_way = |_| {
        let piece = Ok(Bytes::from(png(300_000)));
        let body = pieces([piece]).chain(stream::pending());
        receive(&files, Some("image/png"), None, &quota, body)
    };
    let mut uploads: Vec<_> = (0..10).map(under_way).map(Box::pin).collect();
    let mut refused = 0;
    // Writing takes several turns.
    while refused < 7 {
        let mut left = Vec::new();
        for mut upload in uploads {
            match (&mut upload).now_or_never() {
                None => left.push(upload),
                Some(outcome) => {
                    assert!(matches!(outcome, Err(ReceiveError::QuotaExceeded)), "{outcome:?}");
                    refused += 1;
                }
            }
        }
        uploads = left;
        tokio::task::yield_now().await;
    }
    let on_disk = || {
        listing(&directory)
            .iter()
            .map(|name| directory.path().join(name).metadata().expect("a file").len())
            .sum::<u64>()
    };
    assert!(uploads.len() == 3 && on_disk() <= 1_000_000, "{} with {} bytes", uploads.len(), on_disk());
}

#[tokio::test(start_paused = true)]
async fn sec_32_an_upload_has_a_deadline_even_at_a_steady_pace() {
    let (directory, files) = open();
    let body = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Some((Ok(Bytes::from_static(b"a")), ()))
    });
    let begun = Instant::now();
    let refused = receive(&files, Some("text/plain"), None, &Quota::new(u64::MAX), Box::pin(body)).await;
    assert!(matches!(refused, Err(ReceiveError::TooSlow)), "{refused:?}");
    assert_eq!(begun.elapsed().as_secs(), LONGEST.as_secs());
    assert_eq!(listing(&directory), [""; 0]);
}

#[tokio::test]
async fn a_file_without_a_type_is_stored_with_its_detected_type() {
    let (directory, files) = open();
    for (content_type, content, media_type, extension) in [
        (None, &png(10_000)[..], "image/png", "png"),
        (Some("application/octet-stream"), b"a,b", "text/plain", "txt"),
        (Some("application/vnd.ms-excel"), b"a,b", "text/csv", "csv"),
    ] {
        let received = receive(&files, content_type, None, &Quota::new(u64::MAX), of(content)).await.expect("taken in");
        assert_eq!(received.media_type, media_type);
        assert!(received.filename.ends_with(&format!(".{extension}")), "{}", received.filename);
        assert!(listing(&directory).contains(&received.filename));
    }
    assert_eq!(listing(&directory).len(), 3);
}

#[tokio::test]
async fn an_image_has_its_size_in_pixels() {
    let (_directory, files) = open();
    let mut image = png(1_000_000);
    image[8..29].copy_from_slice(b"\0\0\0\x0dIHDR\0\0\x01\x40\0\0\0\xf0\x08\0\0\0\0");
    for (content_type, content, dimensions) in [
        (Some("image/png"), &image[..], Some(Dimensions { width: 320, height: 240 })),
        (None, &image[..100], Some(Dimensions { width: 320, height: 240 })),
        (Some("image/png"), &image[..10], None),
        (Some("text/plain"), b"text", None),
    ] {
        let received = receive(&files, content_type, None, &Quota::new(u64::MAX), of(content)).await.expect("taken in");
        assert_eq!(received.dimensions, dimensions, "{content_type:?}");
    }
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
fn sec_36_a_browser_executes_no_file() {
    let headers = download_headers("x.csv", "text/csv", "a.csv");
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
    assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"a.csv\"; filename*=UTF-8''a.csv");
    assert_eq!(download_headers("x.bin", "text/unknown", "a.html")[header::CONTENT_TYPE], "application/octet-stream");
}

#[test]
fn sec_34_a_downloaded_file_has_an_extension_of_its_type() {
    for (media_type, original, saved) in [
        ("image/png", "setup.exe", "inline; filename=\"setup.exe.png\"; filename*=UTF-8''setup.exe.png"),
        ("text/plain", "page.html", "attachment; filename=\"page.html.txt\"; filename*=UTF-8''page.html.txt"),
        ("text/unknown", "page.html", "attachment; filename=\"page.html.bin\"; filename*=UTF-8''page.html.bin"),
    ] {
        assert_eq!(download_headers("x.bin", media_type, original)[header::CONTENT_DISPOSITION], saved);
    }
}

#[test]
fn sec_32_the_remains_of_a_crash_are_removed_at_the_next_start() {
    let (directory, _) = open();
    let left = temporary(&name::stored("png"));
    std::fs::write(directory.path().join(left), "half").expect("a file");
    std::fs::write(directory.path().join("notes#1"), "not an upload").expect("a file");
    Files::open(directory.path()).expect("files");
    assert_eq!(listing(&directory), ["notes#1"]);
}

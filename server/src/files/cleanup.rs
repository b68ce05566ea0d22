//! Removal of unreachable files: uploads never attached within a day, and those of deleted messages alone (SEC-38); and
//! files without a recorded upload, which a crash can leave.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::{Files, StorageError};
use crate::store::{Store, StoreError};

/// The interval between clean-ups.
const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// The number of rounds between two searches of all files for bytes without a recorded upload.
const FORGOTTEN_EVERY: u64 = 144;

/// The number of uploads to remove at once.
const BATCH: i64 = 100;

/// The age at which bytes without a record count as forgotten: older than any upload under way.
const FORGOTTEN: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a round was not finished.
#[derive(Debug, thiserror::Error)]
pub enum CleanupError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The directory of files failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Removes unused uploads periodically, until dropped.
pub async fn run(store: Store, files: Arc<Files>) {
    let mut ticks = tokio::time::interval(INTERVAL);
    for round in 0_u64.. {
        ticks.tick().await;
        report(remove_unused(&store, &files).await);
        if round % FORGOTTEN_EVERY == 0 {
            report(remove_forgotten(&store, &files).await);
        }
    }
}

fn report(removed: Result<usize, CleanupError>) {
    match removed {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "removed uploads that no message uses"),
        Err(error) => {
            tracing::warn!(%error, "could not remove all uploads that no message uses; the next round tries again");
        }
    }
}

/// Removes unused uploads, and returns the number of files.
///
/// # Errors
/// If the database or the directory of files fails. Removals up to then are kept.
pub async fn remove_unused(store: &Store, files: &Files) -> Result<usize, CleanupError> {
    let mut removed = 0;
    loop {
        let expired = store.upload_expire(BATCH).await?;
        for upload in &expired {
            files.remove(&upload.filename).await?;
            store.upload_purge(&upload.id).await?;
        }
        removed += expired.len();
        if expired.is_empty() {
            break;
        }
    }
    Ok(removed)
}

/// Removes files without a recorded upload, and returns their number.
///
/// # Errors
/// If the database or the directory of files fails. Removals up to then are kept.
pub async fn remove_forgotten(store: &Store, files: &Files) -> Result<usize, CleanupError> {
    let mut removed = 0;
    for filename in files.stored_before(SystemTime::now() - FORGOTTEN).await? {
        if !store.upload_is_recorded(&filename).await? {
            files.remove(&filename).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use accord_runtime::{Identity, Membership, Room, Then};
    use bytes::Bytes;
    use futures_util::{Stream, stream};

    use super::{
        super::{Received, quota::Quota},
        *,
    };
    use crate::store::{AttachmentRecord, NewMessage, NewUpload, UserProfile, World, WorldRoom};

    async fn received(files: &Files, body: impl Stream<Item = Result<Bytes, ()>> + Send) -> Received {
        let quota = Quota::new(u64::MAX);
        let mut claim = quota.claim("alice", ready(Ok::<_, ()>(0))).await.expect("a claim");
        files.receive(Some("text/plain"), None, &mut claim, body).await.expect("a file")
    }

    async fn upload(store: &Store, files: &Files, owner: &Identity) -> AttachmentRecord {
        let body = stream::iter([Ok::<_, ()>("text".into())]);
        let received = received(files, body).await;
        let new = NewUpload {
            filename: &received.filename,
            original_name: &received.original_name,
            mime_type: received.media_type,
            size: 4,
            dimensions: None,
        };
        store.upload_insert(owner, new, i64::MAX).await.expect("an upload")
    }

    #[tokio::test]
    async fn sec_38_a_file_goes_with_the_last_message_that_shows_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}", directory.path().join("accord.db").display());
        let store = Store::open(&url).await.expect("a database");
        let files = Files::open(&directory.path().join("uploads")).expect("files");
        let room = Room { scope: "channel", id: "general".to_owned() };
        let user = UserProfile { id: "alice".to_owned(), name: "Alice".to_owned(), email: None, image: None };
        let members = vec![user.id.clone()];
        let world = World { users: vec![user], rooms: vec![WorldRoom { room: room.clone(), name: None, members }] };
        store.world_load(&world).await.expect("a world");
        let alice =
            Identity { id: "alice".to_owned(), name: "Alice".to_owned(), email: None, image: None, admin: false };
        let member = Membership::assumed(Arc::new(alice.clone()), room);

        let waiting = upload(&store, &files, &alice).await;
        let shown = upload(&store, &files, &alice).await;
        let new =
            NewMessage { content: "look", attachment_ids: std::slice::from_ref(&shown.id), ..NewMessage::default() };
        let message = store.message_insert(&member, new, Then::quiet()).await.expect("a message").into_reply().0;
        assert_eq!(remove_unused(&store, &files).await.expect("a round"), 0);
        let is_there = async |upload: &AttachmentRecord| {
            files.download(&upload.filename, "text/plain", "file").await.expect("storage").is_some()
        };
        assert!(is_there(&waiting).await && is_there(&shown).await);

        store.message_delete(&member, &message.id, |_, _| {}, Then::quiet()).await.expect("deleted");
        assert_eq!(remove_unused(&store, &files).await.expect("a round"), 1);
        assert!(is_there(&waiting).await);
        assert!(!is_there(&shown).await);
        assert_eq!(store.upload_bytes("alice").await.expect("a number"), 4096);
        store.close().await;
    }

    #[tokio::test]
    async fn bytes_without_a_record_are_removed_once_they_are_old() {
        let directory = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}", directory.path().join("accord.db").display());
        let store = Store::open(&url).await.expect("a database");
        let files = Files::open(&directory.path().join("uploads")).expect("files");
        let body = stream::iter([Ok::<_, ()>("text".into())]);
        let received = received(&files, body).await;
        assert_eq!(remove_forgotten(&store, &files).await.expect("a round"), 0);

        let path = directory.path().join("uploads").join(&received.filename);
        let old = SystemTime::now() - FORGOTTEN - Duration::from_secs(1);
        let file = std::fs::File::options().append(true).open(&path).expect("the file");
        file.set_modified(old).expect("its time is set");
        assert_eq!(remove_forgotten(&store, &files).await.expect("a round"), 1);
        assert!(!path.exists());
        store.close().await;
    }
}

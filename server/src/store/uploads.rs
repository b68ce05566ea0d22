//! Uploads: files that wait to be attached to messages, or are.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    mem,
    time::Duration,
};

use accord_log::{Answers, Question, Sql};
use accord_runtime::Identity;
use serde::Deserialize;
use sqlx::{FromRow, Row, any::AnyRow};

use super::{
    AttachmentRecord, Dimensions, Store, StoreError, Timestamp,
    error::from_driver,
    session::Session,
    sql::{
        ColumnType::{Integer, Text},
        storable,
    },
    users,
};

/// The time that an upload is kept without a message that shows it.
const UNATTACHED: Duration = Duration::from_secs(24 * 60 * 60);

/// An upload to record.
#[derive(Clone, Copy, Debug)]
pub struct NewUpload<'a> {
    /// The name that its bytes are stored under, which no other upload has.
    pub filename: &'a str,
    /// The name that its owner gave it.
    pub original_name: &'a str,
    /// Its media type, without parameters.
    pub mime_type: &'a str,
    /// Its size in bytes.
    pub size: i64,
    /// Its size in pixels, if it is an image whose headers give it.
    pub dimensions: Option<Dimensions>,
}

/// The bytes that a file of this size counts for: even an empty file takes a block on the disk, and space for its record.
pub fn counted(size: u64) -> u64 {
    size.max(4096)
}

/// The reason why an upload was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum UploadInsertError {
    /// The upload would exceed the owner's quota.
    #[error("the owner's uploads would take up more than the quota")]
    QuotaExceeded,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(UploadInsertError);

impl Store {
    /// Records an upload whose bytes are stored. The owner is created if it is not known yet. All uploads of
    /// a user count towards the quota until they are removed, including those in progress at the same time.
    pub async fn upload_insert(
        &self,
        owner: &Identity,
        new: NewUpload<'_>,
        quota_bytes: i64,
    ) -> Result<AttachmentRecord, UploadInsertError> {
        users::check(&owner.id, &owner.name, owner.email.as_deref(), owner.image.as_deref())?;
        let names = [new.filename, new.original_name, new.mime_type];
        if !names.into_iter().all(storable) {
            return Err(StoreError::Nul { what: "an upload's name or type" }.into());
        }
        let bytes = i64::try_from(counted(new.size.unsigned_abs())).unwrap_or(i64::MAX);
        let mut write = self.begin().await?;
        users::ensure(&mut write, owner).await?;
        let counted =
            sqlx::query("UPDATE users SET upload_bytes = upload_bytes + $2 WHERE id = $1 AND upload_bytes + $2 <= $3")
                .bind(&owner.id)
                .bind(bytes)
                .bind(quota_bytes)
                .execute(&mut write)
                .await?;
        if counted.rows_affected() == 0 {
            return Err(UploadInsertError::QuotaExceeded);
        }
        let id = self.clock.id();
        let upload = AttachmentRecord {
            id: id.to_string(),
            filename: new.filename.to_owned(),
            original_name: new.original_name.to_owned(),
            mime_type: new.mime_type.to_owned(),
            size: new.size,
            dimensions: new.dimensions,
            created_at: id.time(),
        };
        sqlx::query(
            "INSERT INTO uploads (id, owner_id, filename, original_name, mime_type, size, created_at, counted, width, height)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&upload.id)
        .bind(&owner.id)
        .bind(&upload.filename)
        .bind(&upload.original_name)
        .bind(&upload.mime_type)
        .bind(upload.size)
        .bind(upload.created_at)
        .bind(bytes)
        .bind(upload.dimensions.map(|image| i64::from(image.width)))
        .bind(upload.dimensions.map(|image| i64::from(image.height)))
        .execute(&mut write)
        .await?;
        write.commit().await?;
        Ok(upload)
    }

    /// The upload that is stored under this name, if it may be served: while a message that has not been deleted shows
    /// it, or for a day before it is attached.
    pub async fn upload_by_filename(&self, filename: &str) -> Result<Option<AttachmentRecord>, StoreError> {
        if !storable(filename) {
            return Ok(None);
        }
        let upload = sqlx::query_as(
            "SELECT id, filename, original_name, mime_type, size, created_at, width, height FROM uploads WHERE filename = $1
             AND removed_at IS NULL AND (live_messages > 0 OR (attached_at IS NULL AND created_at > $2))",
        )
        .bind(filename)
        .bind(self.clock.now().before(UNATTACHED))
        .fetch_optional(&mut self.read().await?)
        .await?;
        Ok(upload)
    }

    /// Whether an upload was ever recorded under this name. Bytes without a record are left over from a failed upload.
    pub async fn upload_is_recorded(&self, filename: &str) -> Result<bool, StoreError> {
        let recorded: Option<(String,)> = sqlx::query_as("SELECT id FROM uploads WHERE filename = $1")
            .bind(filename)
            .fetch_optional(&mut self.read().await?)
            .await?;
        Ok(recorded.is_some())
    }

    /// The total size of the user's uploads, in bytes.
    pub async fn upload_bytes(&self, user_id: &str) -> Result<i64, StoreError> {
        if !storable(user_id) {
            return Ok(0);
        }
        let used: Option<(i64,)> = sqlx::query_as("SELECT upload_bytes FROM users WHERE id = $1")
            .bind(user_id)
            .fetch_optional(&mut self.read().await?)
            .await?;
        Ok(used.map_or(0, |(bytes,)| bytes))
    }

    /// Removes unused uploads: those not attached within a day, and those whose messages have all been deleted. From
    /// then on they are neither served nor attached, and count towards no quota. Returns at most `limit` uploads whose
    /// bytes the caller must delete. The next call returns them again unless the caller reports the deletion with
    /// [`Store::upload_purge`].
    pub async fn upload_expire(&self, limit: i64) -> Result<Vec<AttachmentRecord>, StoreError> {
        let now = self.clock.now();
        let unused: Vec<(String,)> = sqlx::query_as(
            "SELECT id FROM uploads WHERE live_messages = 0 AND purged_at IS NULL AND removed_at IS NULL
             AND (attached_at IS NOT NULL OR created_at <= $1) ORDER BY created_at LIMIT $2",
        )
        .bind(now.before(UNATTACHED))
        .bind(limit)
        .fetch_all(&mut self.read().await?)
        .await?;
        // Each has its own transaction, so none locks more than one upload.
        for (id,) in unused {
            let mut write = self.begin().await?;
            let removed: Option<(String, i64)> = sqlx::query_as(
                "UPDATE uploads SET removed_at = $2 WHERE id = $1 AND live_messages = 0 AND removed_at IS NULL
                 RETURNING owner_id, COALESCE(counted, size)",
            )
            .bind(&id)
            .bind(now)
            .fetch_optional(&mut write)
            .await?;
            if let Some((owner_id, counted)) = removed {
                sqlx::query("UPDATE users SET upload_bytes = upload_bytes - $2 WHERE id = $1")
                    .bind(owner_id)
                    .bind(counted)
                    .execute(&mut write)
                    .await?;
                write.commit().await?;
            }
        }
        let removed = sqlx::query_as(
            "SELECT id, filename, original_name, mime_type, size, created_at, width, height FROM uploads
             WHERE live_messages = 0 AND purged_at IS NULL AND removed_at IS NOT NULL ORDER BY created_at LIMIT $1",
        )
        .bind(limit)
        .fetch_all(&mut self.read().await?)
        .await?;
        Ok(removed)
    }

    /// Notes that the bytes of a removed upload are gone. Its row stays if a message ever showed it.
    pub async fn upload_purge(&self, id: &str) -> Result<(), StoreError> {
        let mut write = self.begin().await?;
        sqlx::query("DELETE FROM uploads WHERE id = $1 AND removed_at IS NOT NULL AND attached_at IS NULL")
            .bind(id)
            .execute(&mut write)
            .await?;
        sqlx::query("UPDATE uploads SET purged_at = $2 WHERE id = $1 AND removed_at IS NOT NULL AND purged_at IS NULL")
            .bind(id)
            .bind(self.clock.now())
            .execute(&mut write)
            .await?;
        write.commit().await?;
        Ok(())
    }
}

/// Uploads that messages are about to show, locked.
pub(super) struct Attachables<'n> {
    now: Timestamp,
    /// Those that may be attached, by id.
    known: HashMap<String, Attachable>,
    /// The number of messages that show each of them now, and did not before.
    shown: BTreeMap<&'n str, i64>,
}

/// An upload, and who may attach it.
struct Attachable {
    owner_id: String,
    record: AttachmentRecord,
}

impl<'n> Attachables<'n> {
    /// Locks the uploads with these ids until the end of the transaction.
    pub(super) async fn lock(store: &Store, write: &mut Session, ids: &'n [String]) -> Result<Self, sqlx::Error> {
        let answers = write.ask(vec![Attachables::question(store, ids)]).await?;
        Attachables::found(store, &answers, 0)
    }

    /// The question that locks the uploads with these ids until the end of the transaction. [`Attachables::found`] reads the answer.
    pub(super) fn question(store: &Store, ids: impl IntoIterator<Item = &'n String>) -> Question {
        // Rows are locked in one order, so that two transactions do not wait for each other.
        let ids: BTreeSet<&str> = ids.into_iter().map(String::as_str).filter(|id| storable(id)).collect();
        let select = format!(
            "SELECT u.owner_id, u.id, u.filename, u.original_name, u.mime_type, u.size, u.created_at, u.width,
                    u.height
             FROM given, uploads u
             WHERE u.id = given.id AND u.removed_at IS NULL AND (u.attached_at IS NOT NULL OR u.created_at > $2)
             ORDER BY given.number {}",
            store.update_lock("u")
        );
        let columns = [("number", Integer), ("id", Text)];
        let ids = ids.into_iter().enumerate().map(|(number, id)| vec![number.into(), id.into()]).collect();
        let select = store.dialect.about_given(&columns, ids, select);
        let select = select.integer(store.clock.now().before(UNATTACHED).as_millisecond());
        let found =
            ["owner_id", "id", "filename", "original_name", "mime_type", "size", "created_at", "width", "height"];
        Question::new(&found, select)
    }

    /// No uploads.
    pub(super) fn none(store: &Store) -> Self {
        Attachables { now: store.clock.now(), known: HashMap::new(), shown: BTreeMap::new() }
    }

    /// The uploads that may be attached, by the answer to the [question](Attachables::question).
    pub(super) fn found(store: &Store, answers: &Answers, question: usize) -> Result<Self, sqlx::Error> {
        #[derive(Deserialize)]
        struct Found {
            owner_id: String,
            id: String,
            filename: String,
            original_name: String,
            mime_type: String,
            size: i64,
            created_at: i64,
            width: Option<i64>,
            height: Option<i64>,
        }
        let upload = |Found { owner_id, id, filename, original_name, mime_type, size, created_at, width, height }| {
            let created_at = Timestamp::from_millisecond(created_at);
            let dimensions = Dimensions::of((width, height));
            let record =
                AttachmentRecord { id: id.clone(), filename, original_name, mime_type, size, dimensions, created_at };
            (id, Attachable { owner_id, record })
        };
        let known = answers.to::<Found>(question)?.into_iter().map(upload).collect();
        Ok(Attachables { known, ..Attachables::none(store) })
    }

    /// Counts one more message for each of these uploads, and returns them in the order in which they are first named.
    /// `None` if one does not exist, has been removed, has waited too long for its first message, or belongs to another
    /// user than the given `owner`.
    pub(super) fn attach(&mut self, ids: &'n [String], owner: Option<&str>) -> Option<Vec<AttachmentRecord>> {
        let mut distinct: Vec<&'n str> = Vec::with_capacity(ids.len());
        for id in ids {
            if !distinct.contains(&id.as_str()) {
                distinct.push(id);
            }
        }
        let known = |id: &&str| {
            let upload = self.known.get(*id).filter(|upload| owner.is_none_or(|owner| upload.owner_id == owner))?;
            Some(upload.record.clone())
        };
        let attached = distinct.iter().map(known).collect::<Option<Vec<_>>>()?;
        for id in distinct {
            *self.shown.entry(id).or_default() += 1;
        }
        Some(attached)
    }

    /// The statement that counts the messages that show them, if any does.
    pub(super) fn write(&mut self, store: &Store) -> Option<Sql> {
        // Each is counted once, however often a batch writes.
        let shown = mem::take(&mut self.shown);
        if shown.is_empty() {
            return None;
        }
        let shown = shown.into_iter().map(|(id, messages)| vec![id.into(), messages.into()]).collect();
        let columns = [("id", Text), ("messages", Integer)];
        let update = "UPDATE uploads SET live_messages = live_messages + given.messages,
                                         attached_at = COALESCE(attached_at, $2)
                      FROM given WHERE uploads.id = given.id";
        Some(store.dialect.about_given(&columns, shown, update).integer(self.now.as_millisecond()))
    }
}

/// Counts one message less for each upload that a message shows.
pub(super) async fn detach(write: &mut Session, message_id: &str) -> Result<(), sqlx::Error> {
    let mut ids: Vec<(String,)> = sqlx::query_as("SELECT attachment_id FROM message_attachments WHERE message_id = $1")
        .bind(message_id)
        .fetch_all(&mut *write)
        .await?;
    ids.sort_unstable();
    for (id,) in ids {
        sqlx::query("UPDATE uploads SET live_messages = live_messages - 1 WHERE id = $1")
            .bind(id)
            .execute(&mut *write)
            .await?;
    }
    Ok(())
}

impl FromRow<'_, AnyRow> for AttachmentRecord {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(AttachmentRecord {
            id: row.try_get("id")?,
            filename: row.try_get("filename")?,
            original_name: row.try_get("original_name")?,
            mime_type: row.try_get("mime_type")?,
            size: row.try_get("size")?,
            dimensions: Dimensions::of((row.try_get("width")?, row.try_get("height")?)),
            created_at: row.try_get("created_at")?,
        })
    }
}

//! Users, as set by tokens and by administrators.

use accord_runtime::Identity;
use sqlx::{FromRow, Row, any::AnyRow};

use super::{Store, StoreError, Timestamp, UserRecord, session::Session, sql::storable};

/// A user, as administrators set it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserProfile {
    /// The id.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The address of a picture.
    pub image: Option<String>,
}

impl Store {
    /// Creates the user, or updates its name and image from the token. An e-mail address is kept if the token
    /// has none.
    pub async fn user_upsert(&self, identity: &Identity) -> Result<UserRecord, StoreError> {
        let Identity { id, name, email, image, admin: _ } = identity;
        check(id, name, email.as_deref(), image.as_deref())?;
        let stored: Option<(String, Option<String>, Option<String>)> =
            sqlx::query_as("SELECT name, email, image FROM users WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut self.read().await?)
                .await?;
        // Most users have not changed when they connect, which needs no write.
        let current = stored.is_some_and(|(stored_name, stored_email, stored_image)| {
            stored_name == *name && stored_image == *image && (email.is_none() || stored_email == *email)
        });
        if !current {
            let mut write = self.begin().await?;
            sqlx::query(
                "INSERT INTO users (id, name, email, image, created_at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, image = excluded.image,
                 email = COALESCE(excluded.email, users.email)",
            )
            .bind(id)
            .bind(name)
            .bind(email)
            .bind(image)
            .bind(Timestamp::now())
            .execute(&mut write)
            .await?;
            write.commit().await?;
        }
        Ok(UserRecord { id: id.clone(), name: name.clone(), image: image.clone() })
    }

    /// Creates the user if the id is new; otherwise changes nothing.
    pub async fn user_ensure(&self, identity: &Identity) -> Result<(), StoreError> {
        check(&identity.id, &identity.name, identity.email.as_deref(), identity.image.as_deref())?;
        let stored: Option<(String,)> = sqlx::query_as("SELECT id FROM users WHERE id = $1")
            .bind(&identity.id)
            .fetch_optional(&mut self.read().await?)
            .await?;
        if stored.is_none() {
            let mut write = self.begin().await?;
            ensure(&mut write, identity).await?;
            write.commit().await?;
        }
        Ok(())
    }

    /// Creates or updates the user.
    pub async fn user_put(
        &self,
        id: &str,
        name: &str,
        email: Option<&str>,
        image: Option<&str>,
    ) -> Result<UserRecord, StoreError> {
        check(id, name, email, image)?;
        let user = UserProfile {
            id: id.into(),
            name: name.into(),
            email: email.map(Into::into),
            image: image.map(Into::into),
        };
        let mut write = self.begin().await?;
        put(&mut write, &user).await?;
        write.commit().await?;
        Ok(UserRecord { id: user.id, name: user.name, image: user.image })
    }
}

/// Refuses text that a database cannot hold.
pub(super) fn check(id: &str, name: &str, email: Option<&str>, image: Option<&str>) -> Result<(), StoreError> {
    let texts = [
        ("a user's id", Some(id)),
        ("a user's name", Some(name)),
        ("a user's email", email),
        ("a user's image", image),
    ];
    match texts.into_iter().find(|(_, text)| text.is_some_and(|text| !storable(text))) {
        Some((what, _)) => Err(StoreError::Nul { what }),
        None => Ok(()),
    }
}

/// Creates the user if there is none of this id.
pub(super) async fn ensure(connection: &mut Session, identity: &Identity) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO users (id, name, email, image, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&identity.id)
    .bind(&identity.name)
    .bind(&identity.email)
    .bind(&identity.image)
    .bind(Timestamp::now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Creates or updates the user.
pub(super) async fn put(connection: &mut Session, user: &UserProfile) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO users (id, name, email, image, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, image = excluded.image",
    )
    .bind(&user.id)
    .bind(&user.name)
    .bind(&user.email)
    .bind(&user.image)
    .bind(Timestamp::now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Reads the columns `user_id`, `user_name` and `user_image`.
impl FromRow<'_, AnyRow> for UserRecord {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(UserRecord {
            id: row.try_get("user_id")?,
            name: row.try_get("user_name")?,
            image: row.try_get("user_image")?,
        })
    }
}

//! Users, as the issuer of tokens and administrators know them.

use accord_runtime::Identity;
use sqlx::{AnyConnection, FromRow, Row, any::AnyRow};

use super::{Store, StoreError, Timestamp, UserRecord, WorldUser, sql::storable};

impl Store {
    /// Creates the user, or brings its name and image up to what the token says. An e-mail address is kept if the token
    /// has none.
    pub async fn user_upsert(&self, identity: &Identity) -> Result<UserRecord, StoreError> {
        let Identity { id, name, email, image, admin: _ } = identity;
        check(id, name, email.as_deref(), image.as_deref())?;
        let stored: Option<(String, Option<String>, Option<String>)> =
            sqlx::query_as("SELECT name, email, image FROM users WHERE id = $1")
                .bind(id)
                .fetch_optional(&self.reader)
                .await?;
        // Most users connect as they were: that takes no write.
        let current = stored.is_some_and(|(stored_name, stored_email, stored_image)| {
            stored_name == *name && stored_image == *image && (email.is_none() || stored_email == *email)
        });
        if !current {
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
            .execute(&self.writer)
            .await?;
        }
        Ok(UserRecord { id: id.clone(), name: name.clone(), image: image.clone() })
    }

    /// Creates the user if there is none of this id, and changes nothing otherwise.
    pub async fn user_ensure(&self, identity: &Identity) -> Result<(), StoreError> {
        check(&identity.id, &identity.name, identity.email.as_deref(), identity.image.as_deref())?;
        let stored: Option<(String,)> = sqlx::query_as("SELECT id FROM users WHERE id = $1")
            .bind(&identity.id)
            .fetch_optional(&self.reader)
            .await?;
        if stored.is_none() {
            ensure(&mut *self.writer.acquire().await?, identity).await?;
        }
        Ok(())
    }

    /// Creates the user, or brings it to this state.
    pub async fn user_put(
        &self,
        id: &str,
        name: &str,
        email: Option<&str>,
        image: Option<&str>,
    ) -> Result<UserRecord, StoreError> {
        check(id, name, email, image)?;
        let user =
            WorldUser { id: id.into(), name: name.into(), email: email.map(Into::into), image: image.map(Into::into) };
        put(&mut *self.writer.acquire().await?, &user).await?;
        Ok(UserRecord { id: user.id, name: user.name, image: user.image })
    }
}

/// Refuses what a database cannot hold.
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
pub(super) async fn ensure(connection: &mut AnyConnection, identity: &Identity) -> Result<(), sqlx::Error> {
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

/// Creates the user, or brings it to this state.
pub(super) async fn put(connection: &mut AnyConnection, user: &WorldUser) -> Result<(), sqlx::Error> {
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

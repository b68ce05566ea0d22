//! The rows of reactions: those that messages show, and how many there are of each emoji.

use std::collections::HashMap;

use sqlx::{FromRow, Row, any::AnyRow};

use super::{ReactionCount, ReactionRecord, UserRecord, session::Session, sql::select_in};

/// The maximum number of different emoji in the reactions to a message.
pub(super) const MOST_DIFFERENT: usize = 50;

/// The reactions that messages show, by message id. Their number is bounded.
#[derive(Default)]
pub(super) struct Shown {
    reactions: HashMap<String, Vec<ReactionRecord>>,
    counts: HashMap<String, Vec<ReactionCount>>,
}

impl Shown {
    pub(super) async fn of(connection: &mut Session, message_ids: &[&str]) -> Result<Self, sqlx::Error> {
        // A message shows its 200 oldest ones.
        let oldest: Vec<ReactionRecord> = select_in(
            connection,
            "SELECT r.id, r.message_id, r.emoji, r.created_at, u.id AS user_id, u.name AS user_name,
                    u.image AS user_image
             FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY message_id ORDER BY id) AS place
                   FROM reactions WHERE message_id IN",
            &[],
            message_ids,
            ") AS oldest JOIN reactions r ON r.id = oldest.id JOIN users u ON u.id = r.user_id
             WHERE oldest.place <= 200 ORDER BY r.created_at, r.id",
        )
        .await?;
        let mut shown = Shown { counts: counts(connection, message_ids).await?, ..Shown::default() };
        for reaction in oldest {
            shown.reactions.entry(reaction.message_id.clone()).or_default().push(reaction);
        }
        Ok(shown)
    }

    /// The reactions that a message shows.
    pub(super) fn of_message(&self, id: &str) -> (Vec<ReactionRecord>, Vec<ReactionCount>) {
        (self.reactions.get(id).cloned().unwrap_or_default(), self.counts.get(id).cloned().unwrap_or_default())
    }
}

/// The number of reactions to each message by emoji, ordered by the first reaction with each. An older server may have accepted
/// more different emoji than are counted here.
pub(super) async fn counts(
    connection: &mut Session,
    message_ids: &[&str],
) -> Result<HashMap<String, Vec<ReactionCount>>, sqlx::Error> {
    let spellings: Vec<(String, String, i64)> = select_in(
        connection,
        "SELECT message_id, emoji, COUNT(*) FROM reactions WHERE message_id IN",
        &[],
        message_ids,
        "GROUP BY message_id, emoji ORDER BY MIN(id)",
    )
    .await?;
    let mut counts: HashMap<String, Vec<ReactionCount>> = HashMap::new();
    for (message_id, emoji, count) in spellings {
        let of_message = counts.entry(message_id).or_default();
        match of_message.iter().position(|counted| is_same(&counted.emoji, &emoji)) {
            Some(at) => of_message[at].count += count,
            None if of_message.len() < MOST_DIFFERENT => of_message.push(ReactionCount { emoji, count }),
            None => {}
        }
    }
    Ok(counts)
}

/// Whether two emoji are the same. Variation selectors only choose between a picture and text, and some keyboards add them while
/// others do not.
pub(super) fn is_same(emoji: &str, other: &str) -> bool {
    let bare = |emoji| str::chars(emoji).filter(|char| !matches!(char, '\u{fe0e}' | '\u{fe0f}'));
    bare(emoji).eq(bare(other))
}

impl FromRow<'_, AnyRow> for ReactionRecord {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(ReactionRecord {
            id: row.try_get("id")?,
            message_id: row.try_get("message_id")?,
            user: UserRecord::from_row(row)?,
            emoji: row.try_get("emoji")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_that_differ_in_variation_selectors_alone_are_the_same() {
        for (emoji, other, same) in [
            ("👍", "👍\u{fe0f}", true),
            ("❤\u{fe0e}", "❤\u{fe0f}", true),
            ("🏳\u{fe0f}\u{200d}🌈", "🏳\u{200d}🌈", true),
            ("👍", "👍🏽", false),
            ("👍", "👎", false),
            (":tada:", ":Tada:", false),
        ] {
            assert_eq!(is_same(emoji, other), same, "{emoji} and {other}");
        }
    }
}

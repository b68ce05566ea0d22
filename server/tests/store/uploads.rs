use accord_runtime::Membership;
use accord_server::store::{Dimensions, ForwardSource, MessageInsertError, NewMessage, NewUpload, UploadInsertError};
use sqlx::Connection;

use crate::fixture::{Changes, Fixture, QUOTA, channel, conversation, identity, member, on_both};

async fn served(fixture: &Fixture, filename: &str) -> bool {
    fixture.store.upload_by_filename(filename).await.unwrap().is_some()
}

async fn refused(fixture: &Fixture, member: &Membership, ids: &[String]) -> bool {
    let new = NewMessage { content: "", reply_to_id: None, attachment_ids: ids, client_id: None };
    matches!(fixture.store.insert(member, new).await, Err(MessageInsertError::InvalidAttachment))
}

/// Runs the cleanup, and returns the names of the files to delete.
async fn expire(fixture: &Fixture) -> Vec<String> {
    fixture.store.upload_expire(100).await.unwrap().into_iter().map(|upload| upload.filename).collect()
}

on_both! {
    async fn an_upload_is_served_as_it_was_recorded(fixture) {
        let upload = fixture.upload("alice", "abc.txt").await;
        assert_eq!(fixture.store.upload_by_filename("abc.txt").await.unwrap(), Some(upload));
        for name in ["other.txt", "", "ABC.txt", "abc.txt\0", "../abc.txt"] {
            assert!(!served(&fixture, name).await, "{name:?}");
        }
    }

    async fn an_image_has_its_size_wherever_it_is_shown(fixture) {
        let dimensions = Some(Dimensions { width: 320, height: 240 });
        let new = NewUpload { filename: "a.png", original_name: "a.png", mime_type: "image/png", size: 100, dimensions };
        let upload = fixture.store.upload_insert(&identity("alice"), new, QUOTA).await.unwrap();
        assert_eq!(upload.dimensions, dimensions);
        assert_eq!(fixture.store.upload_by_filename("a.png").await.unwrap().as_ref(), Some(&upload));
        let general = member("alice", channel("general"));
        assert_eq!(fixture.send_with(&general, "", &[&upload]).await.attachments, std::slice::from_ref(&upload));
        assert_eq!(fixture.history(&general).await[0].attachments, [upload]);
    }

    async fn sec_37_an_upload_of_an_earlier_release_counts_for_its_size(fixture) {
        fixture.upload("alice", "old").await;
        let mut connection = sqlx::AnyConnection::connect(&fixture.url).await.unwrap();
        let earlier = "UPDATE uploads SET counted = NULL, created_at = created_at - 24 * 60 * 60 * 1000;
                       UPDATE users SET upload_bytes = 100 WHERE id = 'alice'";
        sqlx::raw_sql(earlier).execute(&mut connection).await.unwrap();
        assert_eq!(expire(&fixture).await, ["old"]);
        assert_eq!(fixture.store.upload_bytes("alice").await.unwrap(), 0);
    }

    async fn a_user_who_never_connected_can_upload(fixture) {
        fixture.upload("dora", "abc.txt").await;
        assert_eq!(fixture.store.upload_bytes("dora").await.unwrap(), 4096, "the least that a file counts for");
    }

    async fn sec_19_only_an_upload_of_ones_own_is_attached(fixture) {
        let alice = member("alice", channel("general"));
        let (own, foreign) = (fixture.upload("alice", "own.txt").await, fixture.upload("bob", "foreign.txt").await);
        for ids in [&[foreign.id.clone()][..], &[own.id.clone(), foreign.id], &["none".into()], &["nul\0".into()], &[String::new()]] {
            assert!(refused(&fixture, &alice, ids).await, "{ids:?}");
        }
        assert_eq!(fixture.history(&alice).await, []);
        assert_eq!(fixture.send_with(&alice, "", &[&own]).await.attachments, std::slice::from_ref(&own));
        let again = fixture.send_with(&member("alice", conversation("general")), "again", &[&own]).await;
        assert_eq!(again.attachments, [own]);
    }

    async fn sec_37_uploads_count_towards_a_quota_until_they_are_removed(fixture) {
        let new = |filename, size| NewUpload { filename, original_name: "x", mime_type: "text/plain", size, dimensions: None };
        let alice = identity("alice");
        fixture.store.upload_insert(&alice, new("1", 60_000), 100_000).await.unwrap();
        let too_much = fixture.store.upload_insert(&alice, new("2", 40_001), 100_000).await;
        assert!(matches!(too_much, Err(UploadInsertError::QuotaExceeded)));
        let last = fixture.store.upload_insert(&alice, new("3", 40_000), 100_000).await.unwrap();
        assert_eq!(fixture.store.upload_bytes("alice").await.unwrap(), 100_000);
        assert_eq!(fixture.store.upload_bytes("bob").await.unwrap(), 0);

        let general = member("alice", channel("general"));
        let message = fixture.send_with(&general, "", &[&last]).await;
        fixture.store.delete(&general, &message.id).await.unwrap();
        assert_eq!(expire(&fixture).await, ["3"]);
        assert_eq!(fixture.store.upload_bytes("alice").await.unwrap(), 60_000);
    }

    async fn sec_37_uploads_at_once_stay_within_the_quota(fixture) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..10 {
            let store = fixture.store.clone();
            tasks.spawn(async move {
                let filename = n.to_string();
                let new = NewUpload { filename: &filename, original_name: "x", mime_type: "text/plain", size: 30_000, dimensions: None };
                store.upload_insert(&identity("dora"), new, 100_000).await.is_ok()
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|ok| *ok).count(), 3);
        assert_eq!(fixture.store.upload_bytes("dora").await.unwrap(), 90_000);
    }

    async fn sec_38_a_file_is_served_while_a_live_message_shows_it(fixture) {
        let general = member("alice", channel("general"));
        let file = fixture.upload("alice", "file.txt").await;
        let (first, second) =
            (fixture.send_with(&general, "1", &[&file]).await, fixture.send_with(&general, "2", &[&file]).await);
        fixture.store.delete(&general, &first.id).await.unwrap();
        assert!(served(&fixture, "file.txt").await);
        assert_eq!(expire(&fixture).await, [""; 0]);
        fixture.store.delete(&general, &second.id).await.unwrap();
        assert!(!served(&fixture, "file.txt").await);
        // As long as it has not been cleaned up, its owner can show it once more.
        let third = fixture.send_with(&general, "3", &[&file]).await;
        assert!(served(&fixture, "file.txt").await);
        fixture.store.delete(&general, &third.id).await.unwrap();

        assert_eq!(expire(&fixture).await, ["file.txt"]);
        assert_eq!(expire(&fixture).await, ["file.txt"], "until its bytes are known to be gone");
        assert!(refused(&fixture, &general, std::slice::from_ref(&file.id)).await);
        assert!(!served(&fixture, "file.txt").await);
        fixture.store.upload_purge(&file.id).await.unwrap();
        assert_eq!(expire(&fixture).await, [""; 0]);
    }

    async fn an_upload_in_use_or_young_is_not_cleaned_up(fixture) {
        let general = member("alice", channel("general"));
        let (used, young) = (fixture.upload("alice", "used").await, fixture.upload("alice", "young").await);
        fixture.send_with(&general, "", &[&used]).await;
        assert_eq!(expire(&fixture).await, [""; 0]);
        fixture.store.upload_purge(&used.id).await.unwrap();
        fixture.store.upload_purge(&young.id).await.unwrap();
        assert!(served(&fixture, "used").await && served(&fixture, "young").await);
    }

    async fn sec_38_an_upload_that_nobody_attached_is_gone_after_a_day(fixture) {
        let (old, attached) = (fixture.upload("alice", "old").await, fixture.upload("alice", "attached").await);
        let general = member("alice", channel("general"));
        fixture.send_with(&general, "", &[&attached]).await;
        let mut connection = sqlx::AnyConnection::connect(&fixture.url).await.unwrap();
        let day = "UPDATE uploads SET created_at = created_at - 24 * 60 * 60 * 1000";
        sqlx::raw_sql(day).execute(&mut connection).await.unwrap();
        assert!(!served(&fixture, "old").await && served(&fixture, "attached").await);
        assert!(refused(&fixture, &general, std::slice::from_ref(&old.id)).await, "before any clean-up");
        fixture.send_with(&general, "again", &[&attached]).await;
        assert_eq!(expire(&fixture).await, ["old"]);
        assert_eq!(fixture.store.upload_bytes("alice").await.unwrap(), 4096);
        assert!(refused(&fixture, &general, std::slice::from_ref(&old.id)).await);
        fixture.store.upload_purge(&old.id).await.unwrap();
        assert_eq!(expire(&fixture).await, [""; 0]);
    }

    async fn messages_with_the_same_files_are_sent_and_deleted_at_once(fixture) {
        let general = member("alice", channel("general"));
        let random = member("alice", channel("random"));
        let mut files = Vec::new();
        for n in 0..5 {
            files.push(fixture.upload("alice", &n.to_string()).await.id);
        }
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..20 {
            let (store, general, random, mut ids) = (fixture.store.clone(), general.clone(), random.clone(), files.clone());
            ids.rotate_left(n % 5);
            if n % 2 == 0 {
                ids.reverse();
            }
            tasks.spawn(async move {
                let new = NewMessage { content: "", reply_to_id: None, attachment_ids: &ids, client_id: None };
                let message = store.insert(&general, new).await.unwrap();
                assert!(message.attachments.iter().map(|attachment| &attachment.id).eq(&ids));
                let forwarded = store.forward(ForwardSource::Room(&general), &random, &message.id).await.unwrap().message;
                store.delete(&general, &message.id).await.unwrap();
                store.delete(&random, &forwarded.id).await.unwrap();
                store.upload_insert(&identity("alice"), NewUpload { filename: &format!("n{n}"), original_name: "x", mime_type: "y", size: 1, dimensions: None }, QUOTA).await.unwrap();
            });
        }
        tasks.join_all().await;
        let mut expired = expire(&fixture).await;
        expired.sort();
        assert_eq!(expired, ["0", "1", "2", "3", "4"]);
        assert_eq!(fixture.store.upload_bytes("alice").await.unwrap(), 20 * 4096);
    }
}

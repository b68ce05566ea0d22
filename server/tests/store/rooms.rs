use std::sync::Mutex;

use accord_runtime::Room;
use accord_server::store::{
    ForwardSource, HistoryError, MemberDeleteError, MemberPutError, RoomPage, RoomPutError, RoomRecord, StoreError,
    UserProfile, World, WorldRoom,
};
use futures_util::future::{join, join_all};

use crate::fixture::{Changes, channel, conversation, identity, member, on_both, user};

fn general() -> RoomRecord {
    channel_of("General", ["alice", "bob"])
}

/// The channel `general` by this name, with two members.
fn channel_of(name: &str, members: [&str; 2]) -> RoomRecord {
    RoomRecord { room: channel("general"), name: Some(name.into()), members: members.map(user).into(), member_count: 2 }
}

on_both! {
    async fn a_room_is_brought_to_a_state_and_says_who_left(fixture) {
        let members = ["carol".to_owned(), "alice".to_owned(), "alice".to_owned()];
        let change = fixture.store.put_room(&channel("general"), Some("G"), &members).await.unwrap();
        let expected = channel_of("G", ["alice", "carol"]);
        assert_eq!((change.room, change.removed), (expected.clone(), vec!["bob".to_owned()]));
        let again = fixture.store.put_room(&channel("general"), Some("G"), &members).await.unwrap();
        assert_eq!((again.room, again.removed), (expected, vec![]));
        let emptied = fixture.store.put_room(&channel("general"), Some("G"), &[]).await.unwrap();
        assert_eq!((emptied.room.members, emptied.removed), (vec![], vec!["alice".to_owned(), "carol".to_owned()]));
    }

    async fn a_room_with_unknown_members_is_not_changed(fixture) {
        let members = ["alice".to_owned(), "zoe".to_owned(), "nul\0".to_owned(), "yan".to_owned()];
        let Err(RoomPutError::UnknownUsers(unknown)) = fixture.store.put_room(&channel("general"), None, &members).await
        else { panic!("unknown users are refused") };
        assert_eq!(unknown, ["nul\0", "yan", "zoe"]);
        assert_eq!(fixture.store.room_get(&channel("general")).await.unwrap(), Some(general()));
        assert!(fixture.store.put_room(&channel("new"), None, &members).await.is_err());
        assert_eq!(fixture.store.room_get(&channel("new")).await.unwrap(), None);
    }

    async fn a_room_can_have_thousands_of_members(fixture) {
        let members: Vec<String> = (0..2500).map(|n| format!("user-{n:05}")).collect();
        let users = members.iter().map(|id| accord_server::store::UserProfile {
            id: id.clone(), name: id.clone(), email: None, image: None,
        });
        let world = accord_server::store::World { users: users.collect(), rooms: vec![] };
        fixture.store.world_load(&world).await.unwrap();
        let change = fixture.store.put_room(&channel("big"), None, &members).await.unwrap();
        assert_eq!(change.room.members.iter().map(|user| &user.id).collect::<Vec<_>>(), members.iter().collect::<Vec<_>>());
        let change = fixture.store.put_room(&channel("big"), None, &members[..1]).await.unwrap();
        assert_eq!(change.removed, members[1..]);
    }

    async fn a_member_is_put_and_deleted_again_and_again(fixture) {
        let room = channel("general");
        for _ in 0..2 {
            let change = fixture.store.put_member(&room, "carol").await.unwrap();
            assert_eq!(change.room.members, [user("alice"), user("bob"), user("carol")]);
        }
        assert!(fixture.store.member_exists("carol", &room).await.unwrap());
        for removed in [vec!["carol".to_owned()], vec![]] {
            let change = fixture.store.delete_member(&room, "carol").await.unwrap();
            assert_eq!((change.room, change.removed), (general(), removed));
        }
        assert!(!fixture.store.member_exists("carol", &room).await.unwrap());
    }

    async fn a_membership_is_remembered_until_it_ends(fixture) {
        let (room, carol) = (channel("random"), member("carol", channel("random")));
        let remembered = || fixture.store.member_existed("carol", &room);
        assert!(!remembered());
        assert!(fixture.store.member_exists("carol", &room).await.unwrap() && remembered());
        fixture.store.delete_member(&room, "carol").await.unwrap();
        assert!(!remembered());
        fixture.store.put_member(&room, "carol").await.unwrap();
        assert!(fixture.store.member_exists("carol", &room).await.unwrap() && remembered());
        // Another server ends the membership, and this one does not learn of it.
        fixture.node().await.delete_member(&room, "carol").await.unwrap();
        assert!(remembered());
        fixture.store.edit(&carol, "unknown", "x").await.unwrap_err();
        assert!(!remembered(), "the change that was refused");
    }

    async fn members_of_what_does_not_exist_are_errors(fixture) {
        let store = &fixture.store;
        assert!(matches!(store.put_member(&channel("nowhere"), "alice").await, Err(MemberPutError::RoomNotFound)));
        assert!(matches!(store.put_member(&channel("general"), "nobody").await, Err(MemberPutError::UserNotFound)));
        assert!(matches!(store.put_member(&channel("general"), "nobody\0").await, Err(MemberPutError::UserNotFound)));
        assert!(matches!(store.delete_member(&channel("nowhere"), "alice").await, Err(MemberDeleteError::RoomNotFound)));
        assert_eq!(store.delete_member(&channel("general"), "nobody").await.unwrap().room, general());
        assert_eq!(store.delete_member(&channel("general"), "nobody\0").await.unwrap().room, general());
    }

    async fn rooms_of_different_scopes_never_mix(fixture) {
        fixture.store.delete_member(&conversation("general"), "alice").await.unwrap();
        assert!(fixture.store.member_exists("alice", &channel("general")).await.unwrap());
        assert!(!fixture.store.member_exists("alice", &conversation("general")).await.unwrap());
        let room = fixture.store.room_get(&conversation("general")).await.unwrap().unwrap();
        assert_eq!(room, RoomRecord { room: conversation("general"), name: None, members: vec![user("bob")], member_count: 1 });
    }

    async fn a_user_is_told_its_own_rooms(fixture) {
        let random = RoomRecord {
            room: channel("random"),
            name: Some("Random".into()),
            members: vec![user("alice"), user("bob"), user("carol")],
            member_count: 3,
        };
        assert_eq!(fixture.store.rooms_of("alice", "channel").await.unwrap(), [general(), random.clone()]);
        assert_eq!(fixture.store.rooms_of("carol", "channel").await.unwrap(), [random]);
        assert_eq!(fixture.store.rooms_of("carol", "conversation").await.unwrap(), []);
        assert_eq!(fixture.store.rooms_of("nobody", "channel").await.unwrap(), []);
        assert_eq!(fixture.store.rooms_of("nobody\0", "channel").await.unwrap(), []);
    }

    async fn a_long_list_of_rooms_gives_others_their_turn(fixture) {
        let (store, carol) = (&fixture.store, ["carol".to_owned()]);
        let rooms: Vec<Room> = (0..250).map(|number| channel(&format!("room-{number}"))).collect();
        for put in join_all(rooms.iter().map(|room| store.put_room(room, None, &carol))).await {
            put.unwrap();
        }
        let ended = Mutex::new(Vec::new());
        let list = async || {
            assert_eq!(store.rooms_of("carol", "channel").await.unwrap().len(), 251);
            ended.lock().unwrap().push("a list");
        };
        let lookup = async {
            assert!(store.member_exists("alice", &channel("general")).await.unwrap());
            ended.lock().unwrap().push("a lookup");
        };
        // SQLite is read by four at a time.
        join(join_all([list(), list(), list(), list()]), lookup).await;
        assert_eq!(ended.into_inner().unwrap()[0], "a lookup");
    }

    async fn what_does_not_exist_has_no_members(fixture) {
        for (id, room) in [("alice", "nowhere"), ("nobody", "general"), ("alice\0", "general"), ("alice", "general\0")] {
            assert!(!fixture.store.member_exists(id, &channel(room)).await.unwrap(), "{id:?} in {room:?}");
        }
        assert_eq!(fixture.store.room_get(&channel("general\0")).await.unwrap(), None);
    }

    async fn sec_18_nothing_is_accepted_under_a_membership_that_has_ended(fixture) {
        let carol = member("carol", channel("random"));
        let message = fixture.send(&carol, "hello").await;
        fixture.store.delete_member(&channel("random"), "carol").await.unwrap();
        let new = accord_server::store::NewMessage { content: "still here", ..Default::default() };
        let ended = |error: &StoreError| matches!(error, StoreError::MembershipEnded { .. });
        let node = fixture.node().await;
        use accord_server::store::{MessageChangeError, MessageForwardError, MessageInsertError, ReactionAddError, ReactionRemoveError};
        assert!(matches!(node.insert(&carol, new).await, Err(MessageInsertError::Store(e)) if ended(&e)));
        assert!(matches!(node.edit(&carol, &message.id, "x").await, Err(MessageChangeError::Store(e)) if ended(&e)));
        assert!(matches!(node.delete(&carol, &message.id).await, Err(MessageChangeError::Store(e)) if ended(&e)));
        assert!(matches!(node.react(&carol, &message.id, "👍").await, Err(ReactionAddError::Store(e)) if ended(&e)));
        assert!(matches!(node.take_back(&carol, &message.id, "👍").await, Err(ReactionRemoveError::Store(e)) if ended(&e)));
        assert!(matches!(
            node.forward(ForwardSource::Room(&carol), &member("carol", channel("random")), &message.id).await,
            Err(MessageForwardError::Store(e)) if ended(&e)
        ));
        assert_eq!(fixture.history(&member("bob", channel("random"))).await, [message]);
        fixture.store.user_ensure(&identity("carol")).await.unwrap();
    }

    async fn sec_30_rooms_are_read_by_pages_of_bounded_size(fixture) {
        let store = &fixture.store;
        let ids = ["A", "a", "a-b", "aa", "\u{e9}", "\u{1f44d}"];
        let members: Vec<String> = (0..150).map(|n| format!("user-{n:03}")).collect();
        let users = members.iter().map(|id| UserProfile { id: id.clone(), name: id.clone(), email: None, image: None });
        let rooms = ids.map(|id| WorldRoom { room: channel(id), name: None, members: members.clone() });
        store.world_load(&World { users: users.collect(), rooms: rooms.into() }).await.unwrap();
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let RoomPage { rooms, next_cursor } = store.rooms_page("user-007", "channel", cursor.as_deref(), 4).await.unwrap();
            for room in rooms {
                let shown: Vec<String> = room.members.into_iter().map(|member| member.id).collect();
                assert_eq!((room.member_count, &shown[..]), (150, &members[..100]));
                found.push(room.room.id);
            }
            assert_eq!(found.len(), if next_cursor.is_some() { 4 } else { 6 });
            cursor = match next_cursor { Some(next) => Some(next), None => break };
        }
        assert_eq!(found, ids, "in the order of their bytes");
        let first = store.rooms_page("user-007", "channel", None, 4).await.unwrap().next_cursor.unwrap();
        for (user, scope, cursor) in [("user-008", "channel", &*first), ("user-007", "conversation", &first), ("user-007", "channel", "x")] {
            let refused = store.rooms_page(user, scope, Some(cursor), 4).await;
            assert!(matches!(refused, Err(HistoryError::InvalidCursor(_))), "{refused:?}");
        }
        assert_eq!(store.rooms_page("nobody", "channel", None, 4).await.unwrap(), RoomPage::default());
        assert_eq!(store.room_ids_of("user-007", "channel").await.unwrap().len(), 6);
    }
}

use accord_server::store::{RoomRecord, UserProfile, World, WorldError, WorldRoom};

use crate::fixture::{channel, conversation, on_both, user};

fn dora() -> UserProfile {
    UserProfile { id: "dora".into(), name: "Dora".into(), email: Some("dora@example.com".into()), image: None }
}

fn world() -> World {
    let room = |room, name: Option<&str>, members: &[&str]| WorldRoom {
        room,
        name: name.map(Into::into),
        members: members.iter().map(|id| (*id).to_owned()).collect(),
    };
    World {
        users: vec![dora()],
        rooms: vec![
            room(channel("general"), Some("Everybody"), &["dora", "alice", "dora"]),
            room(conversation("dm-1"), None, &["dora", "alice"]),
        ],
    }
}

on_both! {
    async fn a_world_adds_and_updates_and_removes_nothing(fixture) {
        for _ in 0..2 {
            fixture.store.world_load(&world()).await.unwrap();
            let members = vec![user("alice"), user("bob"), user("dora")];
            let general = RoomRecord { room: channel("general"), name: Some("Everybody".into()), members, member_count: 3 };
            assert_eq!(fixture.store.room_get(&channel("general")).await.unwrap(), Some(general));
            let dm = RoomRecord { room: conversation("dm-1"), name: None, members: vec![user("alice"), user("dora")], member_count: 2 };
            assert_eq!(fixture.store.room_get(&conversation("dm-1")).await.unwrap(), Some(dm));
        }
    }

    async fn a_world_that_names_strangers_is_not_loaded_at_all(fixture) {
        let mut world = world();
        world.rooms[1].members.push("zoe".into());
        let Err(WorldError::UnknownUsers { room, users }) = fixture.store.world_load(&world).await
        else { panic!("strangers are refused") };
        assert_eq!((room, users), (conversation("dm-1"), vec!["zoe".to_owned()]));
        assert!(!fixture.store.member_exists("dora", &channel("general")).await.unwrap());
        assert_eq!(fixture.store.room_get(&conversation("dm-1")).await.unwrap(), None);
    }

    async fn worlds_are_loaded_by_several_nodes_at_once(fixture) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let store = fixture.store.clone();
            let mut world = world();
            world.users.push(UserProfile { id: "eve".into(), name: "Eve".into(), email: None, image: None });
            if n % 2 == 0 {
                world.rooms.reverse();
                world.users.reverse();
            }
            tasks.spawn(async move { store.world_load(&world).await.unwrap() });
        }
        tasks.join_all().await;
    }
}

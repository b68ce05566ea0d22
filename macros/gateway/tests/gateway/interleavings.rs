//! The receivers of messages, in any order in which users enter, leave, are expelled and send.

use std::collections::BTreeSet;

use accord_gateway::Config;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;

use crate::{
    client::{Client, Server},
    desk::Desk,
};

const USERS: [&str; 3] = ["alice", "bob", "carol"];
const ROOMS: [&str; 2] = ["lobby", "attic"];

/// An action of a socket, which belongs to the user of its index, modulo their number.
#[derive(Clone, Copy, Debug)]
enum Step {
    Enter(usize, usize),
    Exit(usize, usize),
    Say(usize, usize),
    Expel(usize, usize),
    Invite(usize, usize),
}

const SOCKETS: usize = 4;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..SOCKETS, 0..ROOMS.len()).prop_map(|(socket, room)| Step::Enter(socket, room)),
        1 => (0..SOCKETS, 0..ROOMS.len()).prop_map(|(socket, room)| Step::Exit(socket, room)),
        6 => (0..SOCKETS, 0..ROOMS.len()).prop_map(|(socket, room)| Step::Say(socket, room)),
        1 => (0..USERS.len(), 0..ROOMS.len()).prop_map(|(user, room)| Step::Expel(user, room)),
        1 => (0..USERS.len(), 0..ROOMS.len()).prop_map(|(user, room)| Step::Invite(user, room)),
    ]
}

/// Takes the steps one after the other, and compares the events of every socket with a model.
async fn follow(steps: &[Step]) {
    let server = Server::with(Desk::new(&[]), Config { limits: false, ..Config::default() }).await;
    let mut sockets: Vec<Client> = Vec::new();
    for socket in 0..SOCKETS {
        sockets.push(server.join(USERS[socket % USERS.len()]).await);
    }
    let mut members = BTreeSet::new();
    let mut inside = BTreeSet::new();
    let mut heard = vec![Vec::new(); SOCKETS];
    for (number, step) in steps.iter().enumerate() {
        match *step {
            Step::Enter(socket, room) => {
                let answer = sockets[socket].call("enter", &json!({ "room": ROOMS[room] })).await;
                let may = members.contains(&(socket % USERS.len(), room));
                assert_eq!(answer["ok"], json!(may), "step {number}");
                if may {
                    inside.insert((socket, room));
                }
            }
            Step::Exit(socket, room) => {
                let answer = sockets[socket].call("exit", &json!({ "room": ROOMS[room] })).await;
                assert_eq!(answer["ok"], json!(true), "step {number}");
                inside.remove(&(socket, room));
            }
            Step::Say(socket, room) => {
                let said = json!({ "room": ROOMS[room], "text": number.to_string() });
                let answer = sockets[socket].call("say", &said).await;
                let may = members.contains(&(socket % USERS.len(), room));
                assert_eq!(answer["ok"], json!(may), "step {number}");
                if may {
                    inside
                        .iter()
                        .filter(|(_, other)| *other == room)
                        .for_each(|(socket, _)| heard[*socket].push(number));
                }
            }
            Step::Expel(user, room) => {
                let path = format!("DELETE /api/rooms/{}/members/{}", ROOMS[room], USERS[user]);
                assert_eq!(server.rest("root", &path, None).await.status, 200);
                members.remove(&(user, room));
                inside.retain(|(socket, other)| (socket % USERS.len(), *other) != (user, room));
            }
            Step::Invite(user, room) => {
                let mut rooms = server.desk.members.lock().unwrap();
                rooms.entry(ROOMS[room].to_owned()).or_default().insert(USERS[user].to_owned());
                members.insert((user, room));
            }
        }
    }
    for (socket, heard) in sockets.iter_mut().zip(heard) {
        socket.call("tick", &json!({})).await;
        let mut said: Vec<usize> = Vec::new();
        loop {
            match socket.event().await {
                (event, value) if event == "said" => said.push(value["text"].as_str().unwrap().parse().unwrap()),
                (event, _) if event == "tock" => break,
                (event, _) => assert_eq!(event, "entered"),
            }
        }
        assert_eq!(said, heard);
    }
}

#[test]
fn sec_22_events_reach_only_the_sockets_in_a_room_in_any_order_of_steps() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() });
    let steps = prop::collection::vec(step(), 1..60);
    // At first, every user is a member of every room.
    let invited = (0..USERS.len()).flat_map(|user| (0..ROOMS.len()).map(move |room| Step::Invite(user, room)));
    let invited: Vec<_> = invited.collect();
    runner
        .run(&steps, |steps| {
            let steps: Vec<_> = invited.iter().copied().chain(steps).collect();
            runtime.block_on(follow(&steps));
            Ok(())
        })
        .unwrap();
}

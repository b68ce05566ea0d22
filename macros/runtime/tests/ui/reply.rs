use accord_runtime::Reply;

#[derive(Reply)]
struct Unmarked {
    new_message: String,
}

#[derive(Reply)]
struct NoEmit {
    #[reply(to = scope)]
    new_message: String,
}

#[derive(Reply)]
struct NoTarget {
    #[reply(ack, emit = "new_message")]
    new_message: String,
}

#[derive(Reply)]
struct Nothing {
    #[reply()]
    new_message: String,
}

#[derive(Reply)]
struct UnknownTarget {
    #[reply(emit = "new_message", to = everybody)]
    new_message: String,
}

#[derive(Reply)]
struct UnknownWord {
    #[reply(send = "new_message")]
    new_message: String,
}

#[derive(Reply)]
struct TwoAcks {
    #[reply(ack)]
    first: String,
    #[reply(ack)]
    second: String,
}

#[derive(Reply)]
struct NobodyAtAll {
    #[reply(emit = "new_message", to = [])]
    new_message: String,
}

#[derive(Reply)]
struct DurableAck {
    #[reply(ack, durable)]
    ack: String,
}

#[derive(Reply)]
struct Unnamed(String);

#[derive(Reply)]
enum Either {
    One,
}

fn main() {}

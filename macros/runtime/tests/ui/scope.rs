use accord_runtime::{Also, DeclaredError, Scope};

#[derive(DeclaredError)]
#[error(name = "denied", code = "denied", message = "Denied", status = 403)]
struct Denied;

#[derive(Clone, Debug, Scope)]
struct Unmarked;

#[derive(Clone, Debug, Scope)]
#[scope(name = "channel")]
struct NotDenied;

#[derive(Clone, Debug, Scope)]
#[scope(name = "channel", denied = Denied, key = "channelId")]
struct Unknown;

#[derive(Also)]
struct NoMember {
    target: String,
}

#[derive(Also)]
struct Unnamed(String);

#[derive(Clone, Debug, Scope)]
#[scope(name = "hall", denied = Denied, log(caught_up = "caught_up"))]
struct HalfALog;

#[derive(Clone, Debug, Scope)]
#[scope(name = "attic", denied = Denied, log(since = 1))]
struct NoLog;

fn main() {}

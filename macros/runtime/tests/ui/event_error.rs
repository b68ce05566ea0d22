use accord_runtime::{DeclaredError, EventError, Fault, Violation};

#[derive(DeclaredError)]
#[error(name = "not_found", code = "not_found", message = "Not found", status = 404)]
struct NotFound;

#[derive(EventError)]
enum NoFault {
    #[error(NotFound)]
    NotFound,
}

#[derive(EventError)]
enum Unmarked {
    NotFound,
    #[fault]
    Fault(Fault),
}

#[derive(EventError)]
enum TwoFaults {
    #[fault]
    Fault(Fault),
    #[fault]
    Other(Fault),
}

#[derive(EventError)]
enum Carrying {
    #[error(NotFound)]
    NotFound(String),
    #[fault]
    Fault(Fault),
}

#[derive(EventError)]
enum BareFault {
    #[fault]
    Fault,
}

#[derive(EventError)]
enum Both {
    #[error(NotFound)]
    #[fault]
    Fault(Fault),
}

#[derive(EventError)]
enum BareInvalid {
    #[invalid]
    InvalidPayload,
    #[fault]
    Fault(Fault),
}

#[derive(EventError)]
enum InvalidAndMore {
    #[error(NotFound)]
    #[invalid]
    InvalidPayload(Violation),
    #[fault]
    Fault(Fault),
}

#[derive(EventError)]
struct NotAnEnum;

fn main() {}

use accord_runtime::{EventSpec, handlers};

static PING: EventSpec = EventSpec { name: "ping", limit: None, scopes: &[], named: &[], log: None, idempotent: None, failure: "Failed to ping" };

#[handlers(Send)]
trait Arguments {}

#[handlers]
trait Empty {}

#[handlers]
trait Generic<T> {
    #[event(PING)]
    async fn ping(&self, call: Call) -> Result<T, ()>;
}

#[handlers]
trait Unbound {
    async fn ping(&self, call: Call) -> Result<(), ()>;
}

#[handlers]
trait BoundTwice {
    #[event(PING)]
    #[connect(PING)]
    async fn ping(&self, call: Call) -> Result<(), ()>;
}

#[handlers]
trait Synchronous {
    #[event(PING)]
    fn ping(&self, call: Call) -> Result<(), ()>;
}

#[handlers]
trait Default {
    #[event(PING)]
    async fn ping(&self, call: Call) -> Result<(), ()> {
        Ok(())
    }
}

#[handlers]
trait NoAnswer {
    #[event(PING)]
    async fn ping(&self, call: Call);
}

#[handlers]
trait NoReceiver {
    #[event(PING)]
    async fn ping(call: Call) -> Result<(), ()>;
}

#[handlers]
trait NoCaller {
    #[event(PING)]
    async fn ping(&self) -> Result<(), ()>;
}

#[handlers]
trait UnknownArgument {
    #[event(PING)]
    async fn ping(&self, call: Call, input: String) -> Result<(), ()>;
}

#[handlers]
trait UnknownAnswer {
    #[operation(PING, text)]
    async fn ping(&self) -> Result<(), ()>;
}

#[handlers]
trait Mixed {
    #[event(PING)]
    async fn ping(&self, call: Call) -> Result<(), ()>;
    #[operation(PING)]
    async fn get_ping(&self) -> Result<(), ()>;
}

#[handlers]
trait TwoHandshakes {
    #[connect(PING)]
    async fn connect(&self, call: Call) -> Result<(), ()>;
    #[connect(PING)]
    async fn connect_again(&self, call: Call) -> Result<(), ()>;
}

#[handlers]
trait Constant {
    const NAME: &'static str;
}

fn main() {}

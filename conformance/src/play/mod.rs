//! Running cases against a server: the sockets, the packets that they receive, and the comparison with the expected ones.
//!
//! The steps consume all packets of an actor in order, and skip none: an unexpected event fails the case at the next
//! step that involves that actor, or at the end of the case.

mod actor;
mod audit;
mod call;
mod connect;
mod deviation;
mod drawn;
mod emit;
mod expect;
mod limit;
mod player;
mod rest_steps;
mod session;
mod steps;
mod tokens;

pub use actor::Actor;
pub use audit::Audit;
pub use deviation::Deviation;
pub use emit::{Emission, Reply};
pub use expect::Expected;
pub(crate) use limit::BURSTS;
pub(crate) use player::violations;
pub(crate) use session::display_name;
pub use session::{Server, Session};
pub use steps::play;

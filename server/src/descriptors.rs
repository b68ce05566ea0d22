//! The limit on file descriptors, and the share of it that connections get.

/// Descriptors that the process always needs: its listeners, its log, its runtime, its database.
const RESERVE: u64 = 64;

/// Raises the limit on descriptors as far as the system allows, and returns it, if there is one.
#[cfg(unix)]
pub fn raise() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // If the system refuses, the limit stays the same.
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).ok();
    getrlimit(Resource::Nofile).current.or(current)
}

/// The limits of this system are unknown.
#[cfg(not(unix))]
pub fn raise() -> Option<u64> {
    None
}

/// The number of connections to allow, given a limit on descriptors. A connection may have a file open for an upload or
/// download, so a quarter is left for those.
pub fn connections(limit: u64) -> usize {
    let connections = limit.saturating_sub(RESERVE) / 4 * 3;
    usize::try_from(connections).unwrap_or(usize::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        assert_eq!([0, 64, 256, 1024, u64::MAX].map(connections)[..4], [1, 1, 144, 720]);
        assert!(raise().is_none_or(|limit| limit > RESERVE));
    }
}

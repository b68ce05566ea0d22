//! SIGHUP: an operator asks for keys to be read again, or a terminal closes. Neither ends the process.

/// The hangups of this process.
pub struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    /// Hangups from this moment on, none of which ends the process.
    #[cfg(unix)]
    pub fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let failed =
            |error: &std::io::Error| tracing::warn!(%error, "cannot handle SIGHUP, which will end the process");
        Hangups { signal: signal(SignalKind::hangup()).inspect_err(failed).ok() }
    }

    /// Never fires: this system has no such signal.
    #[cfg(not(unix))]
    pub fn new() -> Self {
        Hangups {}
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}

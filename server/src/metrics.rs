//! The server's metrics, in Prometheus' text format.

use std::{sync::OnceLock, time::Duration};

use http::{HeaderMap, HeaderValue, header};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::runtime::Handle;

/// Upper bounds of durations in seconds, from a tenth of a millisecond to ten seconds.
const SECONDS: [f64; 16] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The interval at which histograms are drained between two readings, to bound their memory.
pub const UPKEEP: Duration = Duration::from_secs(5);

/// The metrics of this process.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    /// The metrics of this process: every server in it counts into the same ones.
    pub fn of_process() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let recorder = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
                .expect("there are buckets")
                .build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("this process already has a metrics recorder; /metrics stays empty");
            }
            handle
        });
        Metrics { handle: handle.clone() }
    }

    /// The headers of [`Metrics::render`].
    pub fn content_type() -> HeaderMap {
        let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
        HeaderMap::from_iter([(header::CONTENT_TYPE, text)])
    }

    /// The metrics as Prometheus reads them.
    pub fn render(&self) -> String {
        if let Ok(runtime) = Handle::try_current() {
            #[expect(clippy::cast_precision_loss, reason = "no machine has 2^52 tasks")]
            metrics::gauge!("accord_tasks").set(runtime.metrics().num_alive_tasks() as f64);
        }
        self.handle.render()
    }

    /// Drains histograms at intervals, until dropped.
    pub async fn keep_up(self) {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            self.handle.run_upkeep();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_metrics_are_rendered() {
        let rendering = Metrics::of_process();
        metrics::counter!("accord_test_total").increment(2);
        metrics::histogram!("accord_test_seconds").record(0.003);
        let text = Metrics::of_process().render();
        assert!(text.contains("accord_test_total 2"), "{text}");
        assert!(text.contains("accord_test_seconds_bucket{le=\"0.005\"} 1"), "{text}");
        // This ignores the counts of other tests in the process.
        let own = |text: &str| -> Vec<String> {
            text.lines().filter(|line| line.contains("accord_test_")).map(str::to_owned).collect()
        };
        assert_eq!(own(&text), own(&rendering.render()));
    }
}

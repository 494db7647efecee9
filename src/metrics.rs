//! What this process counts while it serves, for `/metrics`. The rest of what is shown there is asked of the
//! database when it is wanted.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The bounds of the times of requests, in seconds.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The counts of one process, from its start on.
pub struct Metrics {
    /// Requests answered, by the first digit of their status.
    requests: Family<[(&'static str, &'static str); 1], Counter>,
    seconds: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { requests: Family::default(), seconds: Histogram::new(SECONDS) }
    }
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, status: u16, took: Duration) {
        let class = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&[("status", class)]).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// Adds the counts to what is shown.
    pub fn register(&self, shown: &mut Registry) {
        shown.register("http_requests", "Requests answered, by class of status", self.requests.clone());
        shown.register(
            "http_request_duration_seconds",
            "Time from a request's headers to its answer's",
            self.seconds.clone(),
        );
    }
}

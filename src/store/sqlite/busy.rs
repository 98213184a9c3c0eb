//! Waiting for a lock that another process holds.

use std::hash::{BuildHasher, RandomState};
use std::thread;
use std::time::{Duration, Instant};

/// How long a lock is waited for before giving up.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A busy handler that waits short random times: SQLite's own waits in step with every other
/// waiter's, and can leave one writer out for seconds.
pub(super) fn handler() -> impl FnMut(i32) -> bool + Send + 'static {
    let mut since = Instant::now();
    move |earlier_calls| {
        if earlier_calls == 0 {
            since = Instant::now();
        }
        if since.elapsed() >= PATIENCE {
            return false;
        }
        thread::sleep(pause(earlier_calls));
        true
    }
}

/// 0.2 to 2 ms at first, up to 20 ms once the lock has been held for longer.
pub(super) fn pause(earlier_calls: i32) -> Duration {
    let most = 2_000u64.saturating_mul(1 + u64::try_from(earlier_calls / 4).unwrap_or(0));
    let most = most.min(20_000);
    // Every RandomState has keys of its own: random enough to fall out of step.
    let random = RandomState::new().hash_one(earlier_calls);
    Duration::from_micros(200 + random % (most - 200))
}

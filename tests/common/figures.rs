//! How long what was waited for took, and a table of it.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display, Formatter};
use std::time::Duration;

/// What was measured, by what it was.
pub struct Figures<K>(BTreeMap<K, Vec<Duration>>);

impl<K> Default for Figures<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord> Figures<K> {
    pub fn note(&mut self, what: K, took: Duration) {
        self.0.entry(what).or_default().push(took);
    }

    pub fn join(&mut self, others: Self) {
        for (what, mut took) in others.0 {
            self.0.entry(what).or_default().append(&mut took);
        }
    }

    /// What so many per cent of them did not exceed.
    pub fn within(&self, what: &K, per_cent: usize) -> Duration {
        let mut took = self.0.get(what).cloned().unwrap_or_default();
        took.sort();
        share(&took, per_cent)
    }
}

/// What so many per cent did not exceed, of those in order.
fn share(took: &[Duration], per_cent: usize) -> Duration {
    let at = (took.len() * per_cent).div_ceil(100).saturating_sub(1);
    took.get(at).copied().unwrap_or_default()
}

impl<K: Ord + Debug> Display for Figures<K> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let head = ["", "count", "median", "p99", "worst"];
        writeln!(f, "{:<22}{:>8}{:>12}{:>12}{:>12}", head[0], head[1], head[2], head[3], head[4])?;
        for (what, took) in &self.0 {
            let mut took = took.clone();
            took.sort();
            let ms = |per_cent| format!("{:.1} ms", share(&took, per_cent).as_secs_f64() * 1e3);
            let (median, high, worst) = (ms(50), ms(99), ms(100));
            let what = format!("{what:?}");
            writeln!(f, "{what:<22}{:>8}{median:>12}{high:>12}{worst:>12}", took.len())?;
        }
        Ok(())
    }
}

//! What everybody shares who takes part: who runs, what was seen and what was told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::faults::Fault;
use super::ground::Clocks;
use super::seen::{Seen, What};

/// How it stands with something that somebody changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    There,
    Not,
    /// Whether the last change was made was not told.
    Unknown,
}

/// Everything that is shared.
pub struct World {
    pub begun: Instant,
    seen: Mutex<Vec<Seen>>,
    pub faults: Mutex<Vec<Fault>>,
    counts: Mutex<BTreeMap<String, usize>>,
    /// Programs that are to live for long, by name.
    running: Mutex<BTreeMap<String, Pid>>,
    /// Programs that do one thing.
    passing: Mutex<BTreeSet<Pid>>,
    /// Nobody is started while it is written: there is no power.
    power: RwLock<()>,
    over: AtomicBool,
    /// Patients' bookings, by what the page calls them.
    pub booked: Mutex<BTreeMap<String, Stands>>,
    /// Commands that scripts were told were done.
    pub commands: Mutex<Vec<String>>,
}

/// Something that is whole whatever befell whoever had it.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl World {
    pub fn new() -> Self {
        Self {
            begun: Instant::now(),
            seen: Mutex::default(),
            faults: Mutex::default(),
            counts: Mutex::default(),
            running: Mutex::default(),
            passing: Mutex::default(),
            power: RwLock::default(),
            over: AtomicBool::new(false),
            booked: Mutex::default(),
            commands: Mutex::default(),
        }
    }

    /// How long it has lasted.
    pub fn at(&self) -> Duration {
        self.begun.elapsed()
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    pub fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// Counts something that was done.
    pub fn did(&self, what: &str) {
        *locked(&self.counts).entry(what.to_owned()).or_default() += 1;
    }

    pub fn counts(&self) -> BTreeMap<String, usize> {
        locked(&self.counts).clone()
    }

    /// Somebody saw an error or a refusal.
    pub fn see(&self, who: &str, what: What, text: impl ToString) {
        let (at, who, text) = (self.at(), who.to_owned(), text.to_string());
        locked(&self.seen).push(Seen { at, who, what, text });
    }

    pub fn all_seen(&self) -> Vec<Seen> {
        locked(&self.seen).clone()
    }

    /// As long as it is held there is power: what is started meanwhile is known before it can fail.
    pub fn power(&self) -> RwLockReadGuard<'_, ()> {
        self.power.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn runs(&self, name: &str, process: u32) {
        locked(&self.running).insert(name.to_owned(), pid(process));
    }

    pub fn ended(&self, name: &str) {
        if let Some(process) = locked(&self.running).remove(name) {
            Clocks::bury(process.as_raw());
        }
    }

    pub fn running(&self) -> BTreeMap<String, Pid> {
        locked(&self.running).clone()
    }

    pub fn passes(&self, process: u32) {
        locked(&self.passing).insert(pid(process));
    }

    pub fn has_passed(&self, process: u32) {
        locked(&self.passing).remove(&pid(process));
    }

    /// Kills every program at once; nobody is started until what is answered is dropped.
    pub fn cut_power(&self) -> RwLockWriteGuard<'_, ()> {
        let dark = self.power.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let long: Vec<Pid> = self.running().into_values().collect();
        for process in long.into_iter().chain(locked(&self.passing).iter().copied()) {
            // It may have ended a moment ago.
            let _ = kill(process, Signal::SIGKILL);
        }
        dark
    }

    /// Kills one.
    pub fn kill(&self, name: &str) {
        if let Some(process) = locked(&self.running).get(name) {
            let _ = kill(*process, Signal::SIGKILL);
        }
    }
}

fn pid(process: u32) -> Pid {
    Pid::from_raw(i32::try_from(process).expect("a process"))
}

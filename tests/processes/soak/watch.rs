//! Who watches: what memory and files the programs have, and what they put into their journals.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::unistd::Pid;

use super::faults::{AGENTS, PORTAL};
use super::seen::What;
use super::world::World;
use crate::programs::Memory;

/// A program is first measured when it has been up for this long.
const WARM: Duration = Duration::from_secs(20);
/// By how much memory may grow from then on, in KiB, and the number of open files.
pub const MOST_MEMORY: u64 = 48 << 10;
pub const MOST_FILES: u64 = 24;

/// What a program has.
#[derive(Clone, Copy, Debug)]
struct Sample {
    memory: u64,
    files: u64,
}

impl Sample {
    fn of(process: Pid) -> Option<Self> {
        let memory = Memory::of(u32::try_from(process.as_raw()).ok()?)?.now;
        let files = std::fs::read_dir(format!("/proc/{process}/fd")).ok()?.count() as u64;
        Some(Self { memory, files })
    }
}

/// The life of one process.
struct Life {
    known: Instant,
    seen: Instant,
    first: Option<Sample>,
    last: Sample,
    most: Sample,
}

/// What every process had, by the program's name.
#[derive(Default)]
pub struct Measured(BTreeMap<(String, Pid), Life>);

impl Measured {
    /// Measures until it is all over.
    pub fn until_over(world: &World, every: Duration) -> Self {
        let mut measured = Self::default();
        let mut next = Instant::now();
        while !world.is_over() {
            // Often at first, so that it is known when each began.
            sleep(Duration::from_millis(500));
            let due = Instant::now() >= next;
            if due {
                next += every;
            }
            for (name, process) in world.running() {
                measured.look(name, process, due);
            }
        }
        for (name, process) in world.running() {
            measured.look(name, process, true);
        }
        measured
    }

    fn look(&mut self, name: String, process: Pid, due: bool) {
        let (now, key) = (Instant::now(), (name, process));
        let mut warmed = false;
        if let Some(life) = self.0.get_mut(&key) {
            life.seen = now;
            warmed = life.first.is_none() && life.known.elapsed() >= WARM;
            if !due && !warmed {
                return;
            }
        }
        let Some(sample) = Sample::of(process) else { return };
        let new = || Life { known: now, seen: now, first: None, last: sample, most: sample };
        let life = self.0.entry(key).or_insert_with(new);
        if warmed {
            (life.first, life.most) = (Some(sample), sample);
        }
        life.last = sample;
        life.most.memory = life.most.memory.max(sample.memory);
        life.most.files = life.most.files.max(sample.files);
    }

    /// A table of the longest life of each program, and the most of all its lives.
    pub fn table(&self) -> String {
        let mut table = String::from(
            "program       lives  longest   memory first/last/most, KiB   files first/last/most\n",
        );
        let mut names: Vec<&String> = self.0.keys().map(|(name, _)| name).collect();
        names.dedup();
        for name in names {
            let lives = || self.0.iter().filter(|((of, _), _)| of == name).map(|(_, life)| life);
            let Some(longest) = lives().max_by_key(|life| life.lasted()) else { continue };
            let first = longest.first.unwrap_or(longest.last);
            let most = lives().map(|life| life.most.memory).max().unwrap_or_default();
            let files = lives().map(|life| life.most.files).max().unwrap_or_default();
            writeln!(
                table,
                "{name:<12}{:>7}{:>7} s  {:>8} {:>8} {most:>8}   {:>8} {:>8} {files:>8}",
                lives().count(),
                longest.lasted().as_secs(),
                first.memory,
                longest.last.memory,
                first.files,
                longest.last.files,
            )
            .expect("a string takes everything");
        }
        table
    }

    /// No process has grown by more than is allowed.
    pub fn assert_bounded(&self) {
        for ((name, _), life) in &self.0 {
            let Some(first) = life.first else { continue };
            let memory = life.most.memory.saturating_sub(first.memory);
            let files = life.most.files.saturating_sub(first.files);
            assert!(memory <= MOST_MEMORY, "{name} grew by {memory} KiB");
            // The portal has a file for every browser that is connected.
            assert!(files <= MOST_FILES, "{name} opened {files} more files");
        }
    }
}

impl Life {
    fn lasted(&self) -> Duration {
        self.seen - self.known
    }
}

/// Reads the journals as they are written.
pub struct Journals {
    world: Arc<World>,
    read: BTreeMap<&'static str, (PathBuf, u64)>,
}

impl Journals {
    pub fn of(world: Arc<World>, log: impl Fn(&str) -> PathBuf) -> Self {
        let names = AGENTS.into_iter().chain([PORTAL]);
        Self { world, read: names.map(|name| (name, (log(name), 0))).collect() }
    }

    /// Reads until it is all over.
    pub fn until_over(mut self) {
        while !self.world.is_over() {
            sleep(Duration::from_millis(200));
            self.read_on();
        }
    }

    fn read_on(&mut self) {
        for (name, (path, from)) in &mut self.read {
            let Ok(mut file) = std::fs::File::open(path) else { continue };
            file.seek(SeekFrom::Start(*from)).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("a log");
            // A line that is not whole yet is read again.
            let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            *from += whole as u64;
            for line in String::from_utf8_lossy(&bytes[..whole]).lines() {
                assert!(!line.contains("panicked at"), "{name}: {line}");
                if let Some(what) = trouble(name, line) {
                    self.world.see(name, what, line);
                }
            }
        }
    }
}

/// What is wrong by a line of a journal.
fn trouble(name: &str, line: &str) -> Option<What> {
    const WELL: [&str; 5] = [" in step", " standing by", " started", " stopped", "agent is back"];
    // The library that sets clocks is not ours.
    if WELL.iter().any(|it| line.contains(it)) || line.starts_with("libfaketime") {
        return None;
    }
    Some(if name == PORTAL { What::PortalTells } else { What::AgentTells })
}

//! The checks of the machine: its clock, its time zone, its disk, and the terminal.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, header};
use chrono::{DateTime, Local, Months, Offset, TimeDelta, TimeZone, Utc};
use reqwest::Url;

use super::checks::{Check, State};
use crate::domain::ClinicZone;
use crate::sync::{Http, Transport};
use crate::texts::Language;
use crate::tui::{Symbols, looks};

/// How long the system may take to tell how its clock is kept.
const PATIENCE: Duration = Duration::from_secs(3);
/// From here on bookings and the log have times that mislead.
const FAR: TimeDelta = TimeDelta::seconds(60);
/// From here on somebody should look.
const OFF: TimeDelta = TimeDelta::seconds(5);

const MEBI: u64 = 1 << 20;
/// With less left nothing can be booked any more soon.
const FULL: u64 = 100 * MEBI;
const NEARLY_FULL: u64 = 1024 * MEBI;
/// A write-ahead log grows so large only while somebody keeps reading.
const LONG_LOG: u64 = 64 * MEBI;

/// Whether a time service keeps the clock, as systemd tells.
pub(super) async fn clock(language: Language) -> Check {
    let name = language.pick("Klocka", "Clock");
    let check = |state, told: &str| Check::new("clock", name, state, told);
    match kept_in_time().await.as_deref() {
        Some("yes") => {
            check(State::Well, language.pick("ställs av en tidstjänst", "kept by a time service"))
        }
        Some("no") => check(
            State::Notice,
            language.pick(
                "ställs inte av någon tidstjänst: `timedatectl set-ntp true`",
                "kept by no time service: `timedatectl set-ntp true`",
            ),
        ),
        _ => check(
            State::Notice,
            language.pick(
                "det går inte att se om en tidstjänst ställer den: se efter själv, på en virtuell dator \
                 hos värden",
                "it can't be seen whether a time service keeps it: see for yourself, for a virtual \
                 machine at its host",
            ),
        ),
    }
}

/// What `timedatectl` says, asked on a thread of its own, which is left behind where it hangs.
async fn kept_in_time() -> Option<String> {
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut command = Command::new("timedatectl");
        command.args(["show", "--property=NTPSynchronized", "--value"]);
        let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
        let said = output.ok().filter(|output| output.status.success());
        // Nobody waits any more where it took too long.
        drop(tell.send(said.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned())));
    });
    tokio::time::timeout(PATIENCE, told).await.ok()?.ok()?
}

/// How far the clock is from that of the booking page's server, which tells it with every answer.
pub(super) async fn other_clock(portal: &str, language: Language) -> Check {
    let name = language.pick("Bokningssidans klocka", "The booking page's clock");
    let check = |state, told: String| Check::new("portal-clock", name, state, told);
    let Some(apart) = apart_from(portal).await else {
        return check(
            State::Notice,
            language.pick(
                format!("{portal} svarar inte: `tidbok sync --check` säger varför"),
                format!("{portal} does not answer: `tidbok sync --check` tells why"),
            ),
        );
    };
    let seconds = apart.num_seconds();
    let told = language.pick(
        format!("skiljer {seconds} s från den här datorns"),
        format!("{seconds} s from this machine's"),
    );
    if apart <= OFF {
        return check(State::Well, told);
    }
    let state = if apart > FAR { State::Fault } else { State::Notice };
    let mend = language.pick(
        "ställ båda med en tidstjänst (`timedatectl set-ntp true`)",
        "keep both with a time service (`timedatectl set-ntp true`)",
    );
    check(state, format!("{told}: {mend}"))
}

async fn apart_from(portal: &str) -> Option<TimeDelta> {
    let url: Url = format!("{}/metadata", portal.trim_end_matches('/')).parse().ok()?;
    let request = Request::get(url.as_str()).body(Bytes::new()).ok()?;
    let before = Utc::now();
    let reply = Http::new().ok()?.send(request).await.ok()?;
    // It was said somewhere in between.
    let here = before + (Utc::now() - before) / 2;
    let said = reply.headers().get(header::DATE)?.to_str().ok()?;
    let there = DateTime::parse_from_rfc2822(said).ok()?;
    Some(here.signed_duration_since(there).abs())
}

/// Whether the machine's clock shows what the clinic's does, over the year to come.
pub(super) fn zone(zone: ClinicZone, language: Language) -> Check {
    let name = language.pick("Tidszon", "Time zone");
    let check = |state, told: String| Check::new("time-zone", name, state, told);
    let now = Utc::now();
    let months = (0..12).filter_map(|month| now.checked_add_months(Months::new(month)));
    let same = |at: &DateTime<Utc>| {
        let here = at.naive_utc() + Local.offset_from_utc_datetime(&at.naive_utc()).fix();
        zone.civil(*at) == here.into()
    };
    if months.into_iter().all(|at| same(&at)) {
        return check(State::Well, zone.to_string());
    }
    check(
        State::Notice,
        language.pick(
            format!(
                "datorns är en annan än klinikens ({zone}), så tider i systemets loggar skiljer från \
                 tidbokens: `timedatectl set-timezone {zone}`, och paketet tzdata om zonen är okänd"
            ),
            format!(
                "the machine's is another than the clinic's ({zone}), so times in the system's logs \
                 differ from the appointment book's: `timedatectl set-timezone {zone}`, and the package \
                 tzdata where the zone is not known"
            ),
        ),
    )
}

/// How much room there is for the database, and how long its write-ahead log is.
pub(super) fn room(database: &Path, language: Language) -> Vec<Check> {
    let folder = database.parent().filter(|it| !it.as_os_str().is_empty());
    let free = free_bytes(folder.unwrap_or(Path::new("."))).map(|free| free_room(free, language));
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let length = std::fs::metadata(PathBuf::from(log)).map_or(0, |it| it.len());
    free.into_iter().chain([write_ahead_log(length, language)]).collect()
}

fn free_room(free: u64, language: Language) -> Check {
    let name = language.pick("Ledigt utrymme", "Free space");
    let told = format!("{} MiB", free / MEBI);
    let mend = language.pick(
        "frigör utrymme, eller flytta databasen till en större disk",
        "make room, or move the database to a larger disk",
    );
    let (state, told) = match free {
        ..FULL => (State::Fault, format!("{told}: {mend}")),
        FULL..NEARLY_FULL => (State::Notice, format!("{told}: {mend}")),
        NEARLY_FULL.. => (State::Well, told),
    };
    Check::new("free-space", name, state, told)
}

fn write_ahead_log(length: u64, language: Language) -> Check {
    let name = language.pick("Ändringslogg (WAL)", "Write-ahead log");
    let told = format!("{} MiB", length.div_ceil(MEBI));
    if length < LONG_LOG {
        return Check::new("write-ahead-log", name, State::Well, told);
    }
    let mend = language.pick(
        "något program läser utan att sluta: avsluta konsoler som står öppna och starta om `tidbok sync`",
        "some program reads without an end: leave consoles that stand open, and restart `tidbok sync`",
    );
    Check::new("write-ahead-log", name, State::Notice, format!("{told}: {mend}"))
}

#[cfg(unix)]
#[allow(clippy::useless_conversion, reason = "the widths differ between systems")]
fn free_bytes(folder: &Path) -> Option<u64> {
    let found = nix::sys::statvfs::statvfs(folder).ok()?;
    let blocks = u64::try_from(found.blocks_available()).ok()?;
    blocks.checked_mul(u64::try_from(found.fragment_size()).ok()?)
}

/// Not read there.
#[cfg(not(unix))]
fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// Whether the console can be drawn here. `env` looks a variable up.
pub(super) fn terminal(env: impl Fn(&str) -> Option<String>, language: Language) -> Check {
    let name = language.pick("Terminal", "Terminal");
    let term = env("TERM").filter(|term| !term.is_empty() && term != "dumb");
    let mut wants = Vec::new();
    if term.is_none() && cfg!(unix) {
        wants.push(language.pick(
            "TERM säger ingen som konsolen kan ritas på: öppna den i en vanlig terminal",
            "TERM names none that the console can be drawn on: open it in an ordinary terminal",
        ));
    }
    if looks::symbols(env) == Symbols::Ascii {
        wants.push(language.pick(
            "språkmiljön är inte UTF-8, så linjer ritas med ASCII: `export LANG=C.UTF-8`",
            "the locale is not UTF-8, so lines are drawn in ASCII: `export LANG=C.UTF-8`",
        ));
    }
    match wants.is_empty() {
        true => Check::new("terminal", name, State::Well, term.unwrap_or_default() + " UTF-8"),
        false => Check::new("terminal", name, State::Notice, wants.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fills_up_is_told_of_in_time() {
        for (mebibytes, state) in [
            (50_000, State::Well),
            (1024, State::Well),
            (1023, State::Notice),
            (100, State::Notice),
            (99, State::Fault),
            (0, State::Fault),
        ] {
            assert_eq!(free_room(mebibytes * MEBI, Language::English).state, state, "{mebibytes}");
        }
        assert!(free_bytes(&std::env::temp_dir()).is_some_and(|free| free > 0));
    }

    #[test]
    fn a_log_that_grows_is_told_of() {
        assert_eq!(write_ahead_log(4 * MEBI, Language::English).state, State::Well);
        assert_eq!(write_ahead_log(64 * MEBI, Language::English).state, State::Notice);
    }

    #[test]
    fn the_terminal_is_one_that_draws_and_speaks_utf_8() {
        let looked = |pairs: &[(&'static str, &'static str)]| {
            let env = |name: &str| pairs.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
            terminal(env, Language::English).state
        };
        assert_eq!(looked(&[("TERM", "xterm-256color"), ("LANG", "sv_SE.UTF-8")]), State::Well);
        assert_eq!(looked(&[("TERM", "xterm"), ("LANG", "C")]), State::Notice);
        #[cfg(unix)]
        for term in ["", "dumb"] {
            assert_eq!(looked(&[("TERM", term), ("LANG", "C.UTF-8")]), State::Notice);
        }
    }

    #[test]
    fn another_zone_than_the_clinics_is_told_of() {
        // No machine is in both.
        let checks = ["Europe/Stockholm", "Pacific/Kiritimati"].map(|name| {
            let zone: ClinicZone = name.parse().expect("a zone");
            super::zone(zone, Language::English).state
        });
        assert!(checks.contains(&State::Notice), "{checks:?}");
    }
}

//! A clinic that has been at work for years, made in SQLite by its own SQL: too much to go through the
//! commands, one by one.
//!
//! A year is 260 working days of 200 practitioners: 312,000 bookings with their entries in the log,
//! 104,000 work sessions and as many preblocks. `TIDBOK_BENCH_YEARS` says how many (1 unless set; ten
//! make 3.1 million bookings and some 4 GB, in a few minutes), `TIDBOK_BENCH_FOLDER` where the
//! databases are kept and found again; without it, they are made anew and thrown away. The entries of the
//! log are there to be looked for: their hashes prove nothing. `TIDBOK_BENCH_DATABASE` names a database
//! that holds the same already, such as one of a server (its password in `TIDBOK_BENCH_PASSWORD`).

use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate, TimeDelta, Utc};
use rusqlite::{Connection, named_params};
use tempfile::TempDir;
use tidbok::domain::*;
use tidbok::store::{
    ClinicFile, DatabaseLocation, DatabasePassword, ImportMode, OpenMode, Store, import,
};

pub const PRACTITIONERS: usize = 200;
const PATIENTS: u32 = 150_000;

const FIRST_NAMES: [&str; 12] = [
    "Anna", "Åsa", "Bo", "Cecilia", "Erik", "Fatima", "Göran", "Ingrid", "Johan", "Karin", "Lars",
    "Maria",
];
const LAST_NAMES: [&str; 16] = [
    "Andersson",
    "Berg",
    "Dahl",
    "Ek",
    "Forsberg",
    "Gustafsson",
    "Holm",
    "Isaksson",
    "Jönsson",
    "Karlsson",
    "Lind",
    "Månsson",
    "Nilsson",
    "Olsson",
    "Persson",
    "Öberg",
];

/// The day on which the bench looks: all but half a year lies behind it.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

/// A database of many years, and the folder that it goes with.
pub struct Years {
    pub years: u32,
    pub location: DatabaseLocation,
    _folder: Option<TempDir>,
}

impl Years {
    /// Made, or found where it was made earlier.
    pub async fn get() -> Self {
        let years = std::env::var("TIDBOK_BENCH_YEARS").ok();
        let years = years.map_or(1, |years| years.parse().expect("a number of years"));
        if let Ok(named) = std::env::var("TIDBOK_BENCH_DATABASE") {
            let mut location: DatabaseLocation = named.parse().expect("a database");
            if let DatabaseLocation::SqlServer(server) = location {
                let password = std::env::var("TIDBOK_BENCH_PASSWORD").unwrap_or_default();
                let server = server.with_password(DatabasePassword::new(password));
                location = DatabaseLocation::SqlServer(Box::new(server));
            }
            return Self { years, location, _folder: None };
        }
        Self::of(PRACTITIONERS, years).await
    }

    /// In a SQLite database, with so many practitioners.
    pub async fn of(practitioners: usize, years: u32) -> Self {
        let kept = std::env::var_os("TIDBOK_BENCH_FOLDER").map(PathBuf::from);
        let (folder, path) = match kept {
            Some(folder) => (None, folder),
            None => {
                let folder = TempDir::new().expect("a folder");
                let path = folder.path().to_owned();
                (Some(folder), path)
            }
        };
        let path = path.join(format!("{practitioners}-practitioners-{years}-years.db"));
        if !path.exists() {
            let made = path.with_extension("part");
            make(&made, practitioners, years).await;
            std::fs::rename(&made, &path).expect("the folder can be written");
        }
        Self { years, location: DatabaseLocation::Sqlite(path), _folder: folder }
    }

    /// The first of the days on which they work.
    pub fn first_day(&self) -> NaiveDate {
        first_day(self.years)
    }

    pub async fn store(&self) -> Store {
        Store::open(&self.location, OpenMode::Existing).await.expect("opens")
    }
}

/// The day after the last on which they work.
fn last_day() -> NaiveDate {
    today() + TimeDelta::days(182)
}

fn first_day(years: u32) -> NaiveDate {
    last_day() - TimeDelta::days(i64::from(years) * 365)
}

async fn make(path: &Path, practitioners: usize, years: u32) {
    let location = DatabaseLocation::Sqlite(path.to_owned());
    let store = Store::open(&location, OpenMode::Create).await.expect("a new database");
    let mut setup = super::setup(practitioners);
    setup.online.horizon_days = 365;
    let file = ClinicFile { setup, ..ClinicFile::default() };
    let command = CommandId::from("registers");
    let imported = import(&store, &file, ImportMode::IntoEmpty, "system", &command, Utc::now());
    imported.await.expect("a sound clinic");
    store.close().await;

    let mut connection = Connection::open(path).expect("opens");
    connection
        .execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -400000",
        )
        .expect("settings");
    register_patients(&mut connection);
    let (first, last) = (first_day(years), last_day());
    for (number, date) in (0..).zip(first.iter_days().take_while(|date| *date < last)) {
        if date.weekday().number_from_monday() <= 5 {
            work_a_day(&mut connection, number, date);
        }
    }
    // The log goes on after what is in it.
    let heads = "INSERT OR REPLACE INTO audit_head (chain, n, hash)
                 SELECT chain, MAX(n), hash FROM audit_entry GROUP BY chain";
    connection.execute(heads, ()).expect("heads");
}

/// Patients with the personnummer that the tax agency keeps for tests: serials from 980 on.
fn register_patients(connection: &mut Connection) {
    let transaction = connection.transaction().expect("begins");
    let born = NaiveDate::from_ymd_opt(1940, 1, 1).expect("a date");
    for n in 0..PATIENTS {
        let day = born + TimeDelta::days(i64::from(n / 20));
        let digits = format!("{}{:03}", day.format("%Y%m%d"), 980 + n % 20);
        let number = format!("{}-{}{}", &digits[..8], &digits[8..], check_digit(&digits[2..]));
        let (first, last) = names(n);
        let id = patient_id(n);
        transaction
            .prepare_cached(
                "INSERT INTO patient VALUES (@id, @number, @first, @last, NULL, '070-174 06 05', NULL, \
                 0, 12, CASE WHEN @n % 7 = 0 THEN date('2026-01-01', (@n % 700) || ' days') END, NULL)",
            )
            .and_then(|mut made| {
                made.execute(named_params! {
                    "@id": id, "@number": number, "@first": first, "@last": last, "@n": n,
                })
            })
            .expect("a patient");
        let mut parts: Vec<String> = last.split('-').map(swedish::search_key).collect();
        parts.push(swedish::search_key(first));
        parts.sort();
        parts.dedup();
        for part in parts {
            transaction
                .prepare_cached("INSERT INTO patient_name (part, patient) VALUES (?, ?)")
                .and_then(|mut made| made.execute((part, &id)))
                .expect("a name");
        }
    }
    transaction.commit().expect("commits");
}

fn patient_id(n: u32) -> String {
    format!("patient-{n:06}")
}

fn names(n: u32) -> (&'static str, String) {
    let of = |names: &[&'static str], n: u32| names[n as usize % names.len()];
    let last = of(&LAST_NAMES, n / 12);
    let born = LAST_NAMES[(n / 192) as usize % LAST_NAMES.len()];
    (
        of(&FIRST_NAMES, n),
        if n.is_multiple_of(5) { format!("{last}-{born}") } else { last.to_owned() },
    )
}

/// Luhn over nine digits.
fn check_digit(digits: &str) -> u32 {
    let doubled = |(place, digit): (usize, u32)| match place % 2 {
        0 if digit > 4 => digit * 2 - 9,
        0 => digit * 2,
        _ => digit,
    };
    let sum: u32 = digits.chars().filter_map(|c| c.to_digit(10)).enumerate().map(doubled).sum();
    (10 - sum % 10) % 10
}

/// Everybody's work sessions, preblocks and bookings of a day, and the log of them.
fn work_a_day(connection: &mut Connection, number: i64, date: NaiveDate) {
    let date = date.to_string();
    let transaction = connection.transaction().expect("begins");
    let day = named_params! { "@number": number, "@date": date };
    for sql in A_DAY {
        let made = transaction.prepare_cached(sql).and_then(|mut made| made.execute(day));
        made.expect("a day's work");
    }
    transaction.commit().expect("commits");
}

/// Two sessions and two preblocks a day, six bookings of 45 minutes, not everybody's at the same time; one in
/// nine is cancelled, one in six made online, one in four holds a resource.
const A_DAY: [&str; 6] = [
    "INSERT INTO work_session WITH half(k, a, b) AS (VALUES (0, '08:00', '12:00'), (1, '13:00', '17:00'))
     SELECT 's' || printf('%05d', @number) || p.id || k, p.id, @date || 'T' || a, @date || 'T' || b, 240
     FROM practitioner p, half",
    "INSERT INTO preblock WITH half(k, a, b) AS (VALUES (0, '08:00', '10:30'), (1, '13:00', '15:30'))
     SELECT 'p' || printf('%05d', @number) || p.id || k, p.id, CASE k WHEN 0 THEN 'e-us' ELSE 'e-alla' END,
     @date || 'T' || a, @date || 'T' || b, 150 FROM practitioner p, half",
    "INSERT INTO booking WITH six(k, a, b) AS (VALUES (0, '08:00', '08:45'), (1, '09:00', '09:45'),
     (2, '10:30', '11:15'), (3, '13:00', '13:45'), (4, '14:30', '15:15'), (5, '16:00', '16:45'))
     SELECT 'b' || printf('%05d', @number) || p.id || k, p.id,
     strftime('%Y-%m-%dT%H:%M', @date || 'T' || a, (p.n + k) % 4 * 5 || ' minutes'),
     strftime('%Y-%m-%dT%H:%M', @date || 'T' || b, (p.n + k) % 4 * 5 || ' minutes'), 45,
     'us', 'us45r', 'patient-' || printf('%06d', (@number * 1213 + p.n * 6 + k) % 150000), CASE k WHEN 3 THEN 'Ringer först' ELSE '' END,
     CASE k % 4 WHEN 1 THEN 'R' ELSE '' END, CASE k WHEN 5 THEN 'ITB' ELSE p.id END,
     (@number + k) % 9 > 0, CASE k WHEN 5 THEN 'portal-' || @number || '-' || p.id END, 0
     FROM (SELECT id, CAST(substr(id, 2) AS INTEGER) AS n FROM practitioner) p, six",
    "INSERT INTO resource_step WITH held AS (
         SELECT starts_at, ends_at FROM booking WHERE active = 1 AND resources = 'R'
         AND id >= 'b' || printf('%05d', @number) AND id < 'b' || printf('%05d', @number + 1)
     )
     SELECT 'R', @date, 60 * substr(at, 12, 2) + substr(at, 15, 2) AS minute, SUM(change) AS changed
     FROM (SELECT starts_at AS at, 1 AS change FROM held UNION ALL SELECT ends_at, -1 FROM held)
     GROUP BY minute HAVING changed <> 0",
    "INSERT INTO audit_entry SELECT 'practitioner/' || practitioner, @number * 6 + substr(id, -1) + 1,
     date(@date, '-20 days') || 'T' || substr(starts_at, 12) || ':00Z', registered_by,
     'c' || id, CASE registered_by WHEN 'ITB' THEN 'booking.online' ELSE 'booking.add' END, 'booking/' || id,
     NULL, '{\"practitioner\":\"' || practitioner || '\",\"start\":\"' || starts_at || '\",\"end\":\"' || ends_at
     || '\",\"state\":\"booked\"}', '', '', 'booking' FROM booking
     WHERE id >= 'b' || printf('%05d', @number) AND id < 'b' || printf('%05d', @number + 1)",
    "INSERT INTO command SELECT 'c' || id, registered_by, @date || 'T' || substr(starts_at, 12) || ':00Z', '{}'
     FROM booking
     WHERE id >= 'b' || printf('%05d', @number) AND id < 'b' || printf('%05d', @number + 1)",
];

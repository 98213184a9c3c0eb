//! What the store's tests share: a throw-away database and the example clinic.
#![allow(dead_code, reason = "each test binary uses some of it")]

pub mod desk;
pub mod engine;
pub mod line;
pub mod settings;

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use tempfile::TempDir;
use tidbok::domain::{Booking, CommandId, Interval, Minutes, ResourceCodes, ResourceUse};
use tidbok::store::{
    ClinicFile, DatabaseLocation, ImportError, ImportMode, ImportReport, OpenMode, Store, Whose,
    import,
};
use uuid::Uuid;

pub const EXAMPLE: &str = include_str!("../data/clinic-example.json");
pub const EXAMPLE_EXPORT: &str = include_str!("../data/clinic-example.export.json");

/// Room for a database, gone at the end.
pub struct Place {
    pub folder: TempDir,
    location: DatabaseLocation,
}

impl Place {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let location = engine::database_in(folder.path());
        Self { folder, location }
    }

    /// Where SQLite's file would be.
    pub fn path(&self) -> PathBuf {
        self.location().file().unwrap().to_owned()
    }

    pub fn location(&self) -> DatabaseLocation {
        self.location.clone()
    }

    pub async fn store(&self) -> Store {
        Store::open(&self.location(), OpenMode::Create).await.unwrap()
    }

    /// A store that holds the example clinic.
    pub async fn example(&self) -> Store {
        let store = self.store().await;
        take_in(&store, &example(), ImportMode::IntoEmpty).await.unwrap();
        store
    }
}

/// Imports as the system, now.
pub async fn take_in(
    store: &Store,
    file: &ClinicFile,
    mode: ImportMode,
) -> Result<ImportReport, ImportError> {
    import(store, file, mode, "system", &CommandId::new(Uuid::now_v7().to_string()), now()).await
}

pub fn example() -> ClinicFile {
    ClinicFile::parse(EXAMPLE, today()).unwrap()
}

pub fn command(id: &str) -> CommandId {
    CommandId::from(id)
}

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 11, 0, 0).unwrap()
}

pub fn interval(text: &str) -> tidbok::domain::Interval {
    let (start, end) = text.split_once('/').unwrap();
    tidbok::domain::Interval::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

/// Holds what is kept of when resources are full against the bookings that there are, day by day (R9).
pub async fn resources_are_counted(store: &Store) {
    let clinic = tidbok::store::export(store).await.unwrap();
    let resources = clinic.setup.resources.values();
    let bookings = clinic.bookings.values();
    let counted = ResourceUse::new(resources, bookings.clone().flat_map(Booking::resource_steps));
    let days: BTreeSet<NaiveDate> =
        bookings.clone().flat_map(|booking| booking.interval.days().iter()).collect();
    let codes: String = clinic.setup.resources.keys().map(ToString::to_string).collect();
    let codes = ResourceCodes::parse(&codes).unwrap();
    let mut reading = store.read().await.unwrap();
    for day in days {
        let day = Interval::whole_day(day);
        let kept = reading.stretch(Whose::These(&[]), day).await.unwrap().resources;
        let ends = bookings.clone().flat_map(|it| [it.interval.start(), it.interval.end()]);
        let moments = ends.flat_map(|end| [end, end - Minutes(1)]).chain([day.start()]);
        for moment in moments.filter(|moment| day.start() <= *moment && *moment < day.end()) {
            let minute = Interval::new(moment, moment + Minutes(1)).unwrap();
            let lacking = |of: &ResourceUse| of.lacking(&codes, minute).collect::<Vec<_>>();
            assert_eq!(lacking(&kept), lacking(&counted), "{minute}");
        }
    }
}

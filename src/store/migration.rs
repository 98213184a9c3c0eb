//! Steps of the schema: the same numbers and names for each engine, with a text of its own in
//! `migrations/`.

/// Every step there is, in order; a step that has been released is never edited.
macro_rules! migrations {
    ($engine:literal) => {
        migrations!($engine:
            1 "0001_" "clinic",
            2 "0002_" "sign_in",
            3 "0003_" "inbox",
            4 "0004_" "call",
            5 "0005_" "online",
            6 "0006_" "week_template",
            7 "0007_" "sync",
            8 "0008_" "sync_pulse",
            9 "0009_" "sync_request",
            10 "0010_" "out_there",
            11 "0011_" "log",
            12 "0012_" "notice",
            13 "0013_" "language",
            14 "0014_" "resources",
            15 "0015_" "resource_step",
            16 "0016_" "patient_name",
        )
    };
    ($engine:literal: $($number:literal $file:literal $name:literal,)+) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("migrations/", $engine, "/", $file, $name, ".sql")),
        }),+]
    };
}

pub(super) const SQLITE: &[Migration] = migrations!("sqlite");
pub(super) const SQL_SERVER: &[Migration] = migrations!("sqlserver");

/// One numbered step.
pub(super) struct Migration {
    pub(super) number: i64,
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
}

/// The number of the newest step.
pub(super) fn newest(migrations: &[Migration]) -> i64 {
    migrations.iter().map(|migration| migration.number).max().unwrap_or(0)
}

/// What a database's schema is, and which steps it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The newest step that has been made; 0 where there is no schema.
    pub found: i64,
    /// The newest step that this program knows.
    pub known: i64,
    /// Numbers and names of the steps that are lacking, in order.
    pub steps: Vec<(i64, &'static str)>,
}

impl Pending {
    /// The steps after `found`.
    pub(super) fn after(found: i64, migrations: &[Migration]) -> Self {
        let lacking = migrations.iter().filter(|migration| migration.number > found);
        let steps = lacking.map(|migration| (migration.number, migration.name)).collect();
        Self { found, known: newest(migrations), steps }
    }
}

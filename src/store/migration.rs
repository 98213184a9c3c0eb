//! Steps of the schema, whichever engine they are for.

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

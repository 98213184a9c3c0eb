//! Bringing a server's schema up to date: numbered steps in one transaction, under a lock, each
//! recorded. A newer schema is refused.

use chrono::Utc;

use super::connection::{Connection, Isolation, Target};
use super::dialect;
use crate::store::OpenMode;
use crate::store::error::StoreError;
use crate::store::migration::{Pending, SQL_SERVER, newest};
use crate::store::server_error::ServerError;
use crate::store::value::{Statement, instant_text, values};

/// One at a time, whoever starts; let go with the transaction.
const LOCK: &str = "DECLARE @held INT; EXEC @held = sp_getapplock @Resource = 'tidbok.schema', \
    @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 60000; \
    IF @held < 0 RAISERROR ('busy', 16, 1);";

const RECORD: &str = "CREATE TABLE tidbok.schema_migration (
    number BIGINT NOT NULL PRIMARY KEY,
    name NVARCHAR(100) NOT NULL,
    applied_at NVARCHAR(20) NOT NULL
)";

/// The texts of all steps, and what stands before them.
pub(in crate::store) fn texts() -> impl Iterator<Item = &'static str> {
    [RECORD].into_iter().chain(SQL_SERVER.iter().map(|migration| migration.sql))
}

/// The newest step that the database's schema has; `None` where there is no schema of ours.
pub(super) async fn schema_of(
    connection: &mut Connection,
    target: &Target,
) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES \
               WHERE TABLE_SCHEMA = @P1 AND TABLE_NAME = 'schema_migration'";
    let there = number(connection, sql, vec![target.location.schema.as_str().into()]).await?;
    if there == Some(0) {
        return Ok(None);
    }
    let newest = "SELECT MAX(number) FROM schema_migration";
    Ok(Some(number(connection, newest, Vec::new()).await?.unwrap_or(0)))
}

async fn number(
    connection: &mut Connection,
    sql: &'static str,
    parameters: Vec<crate::store::value::Value>,
) -> Result<Option<i64>, StoreError> {
    let statement = Statement { sql: sql.into(), parameters };
    match connection.query(&statement).await?.pop() {
        Some(row) => row.columns("schema_migration").optional_number(),
        None => Ok(None),
    }
}

/// Steps that are lacking.
///
/// # Errors
/// [`ServerError::Newer`].
pub(super) fn pending(target: &Target, found: Option<i64>) -> Result<Pending, StoreError> {
    let found = found.unwrap_or(0);
    let known = newest(SQL_SERVER);
    if found > known {
        let server = target.location.server();
        return Err(ServerError::Newer { server, found, known }.into());
    }
    Ok(Pending::after(found, SQL_SERVER))
}

/// Lets a schema pass, or makes what it lacks where the mode allows.
pub(super) async fn accept(
    target: &Target,
    found: Option<i64>,
    mode: OpenMode,
) -> Result<(), StoreError> {
    let lacking = pending(target, found)?;
    if lacking.steps.is_empty() {
        return Ok(());
    }
    let location = &target.location;
    match (mode, found) {
        (OpenMode::Create, None) | (OpenMode::Upgrade, _) => apply_missing(target).await,
        (_, None) => Err(ServerError::NoSchema {
            server: location.server(),
            database: location.database.clone(),
            schema: location.schema.clone(),
        }
        .into()),
        (_, Some(found)) => {
            let (server, known) = (location.server(), lacking.known);
            Err(ServerError::Older { server, found, known }.into())
        }
    }
}

async fn apply_missing(target: &Target) -> Result<(), StoreError> {
    let location = &target.location;
    let for_place = |sql| dialect::for_place(sql, &location.schema, &location.collation);
    let mut connection = Connection::open_patiently(target).await?;
    connection.begin(Isolation::ReadCommitted).await?;
    connection.batch(LOCK).await.map_err(|error| match error {
        StoreError::Engine { .. } => ServerError::Busy.into(),
        error => error,
    })?;
    // Read again under the lock: another process may have been first.
    let found = schema_of(&mut connection, target).await?;
    if found.is_none() {
        let schema = &location.schema;
        let missing = format!("IF SCHEMA_ID('{schema}') IS NULL EXEC('CREATE SCHEMA {schema}')");
        connection.batch(&missing).await?;
        connection.batch(&for_place(RECORD)).await?;
    }
    let found = found.unwrap_or(0);
    for migration in SQL_SERVER.iter().filter(|migration| migration.number > found) {
        connection.batch(&for_place(migration.sql)).await?;
        let sql = "INSERT INTO schema_migration (number, name, applied_at) VALUES (@P1, @P2, @P3)";
        let done = values![migration.number, migration.name, instant_text(Utc::now())];
        connection.execute(&Statement { sql: sql.into(), parameters: done }).await?;
    }
    connection.commit().await?;
    connection.close().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migration::{Migration, SQLITE};

    #[test]
    fn both_engines_take_the_same_accents_from_names_that_are_kept_already() {
        let letters = |steps: &[Migration]| {
            let step = steps.iter().find(|step| step.name == "patient_name").expect("a step");
            let quoted = step.sql.split('\'').skip(1).step_by(2);
            quoted.filter(|text| text.chars().all(char::is_alphabetic)).collect::<String>()
        };
        let of_sqlite = letters(SQLITE);
        assert!(of_sqlite.starts_with('à') && of_sqlite.ends_with('ä'));
        assert_eq!(letters(SQL_SERVER), of_sqlite);
    }

    #[test]
    fn every_table_of_sqlite_has_its_twin_with_the_same_columns() {
        fn tables(sql: &str) -> Vec<(String, Vec<String>)> {
            let of_table = |text: &str| {
                let (name, rest) = text.split_once(" (").unwrap();
                let body = rest.split(";").next().unwrap();
                let columns = body
                    .lines()
                    .flat_map(|line| line.split(", "))
                    .map(str::trim)
                    .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                    .filter_map(|line| line.split_once(' '))
                    .filter(|(_, kind)| {
                        kind.starts_with(|c: char| c.is_ascii_uppercase())
                            && !kind.starts_with("IN")
                            || kind.starts_with("INT")
                    })
                    .map(|(name, _)| name.to_owned())
                    .collect();
                (name.trim_start_matches("tidbok.").to_owned(), columns)
            };
            sql.split("CREATE TABLE ").skip(1).map(of_table).collect()
        }
        let ours: String = SQL_SERVER.iter().map(|migration| migration.sql).collect();
        let theirs = crate::store::sqlite::schema();
        assert_eq!(tables(&ours), tables(&theirs));
        assert!(dialect::tables().count() > 20);
    }
}

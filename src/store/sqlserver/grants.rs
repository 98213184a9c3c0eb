//! What each login needs, as a script for the server's administrator.

use crate::store::location::ServerLocation;

/// What the login of the consoles may not do, although it may change the rows of every table: an outcome
/// is replaced where a patient is erased, and nothing else of what has been done.
const DENIED: &[(&str, &str)] = &[
    ("UPDATE, DELETE", "audit_entry"),
    ("DELETE", "command"),
    ("UPDATE (id, actor, at)", "command"),
    ("INSERT, UPDATE, DELETE", "schema_migration"),
];

/// The script. It may be run again: what it protects is not there before the tables are.
pub(in crate::store) fn grants(location: &ServerLocation) -> String {
    let (database, schema) = (quoted(&location.database), &location.schema);
    let mut script = format!(
        "-- What tidbok needs in {database}, for the server's administrator to look over and run: before\n\
         -- `tidbok migrate`, and once more after it.\n\
         -- Create the logins first, with passwords of your own:\n\
         --   CREATE LOGIN tidbok_console WITH PASSWORD = '...';\n\
         --   CREATE LOGIN tidbok_migrate WITH PASSWORD = '...';\n\
         USE {database};\n\
         GO\n\
         -- Readers see one moment and wait for no writer. Nobody else may be in the database while\n\
         -- the second is set.\n\
         ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;\n\
         ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON;\n\
         GO\n\
         IF USER_ID('tidbok_console') IS NULL CREATE USER tidbok_console FOR LOGIN tidbok_console;\n\
         IF USER_ID('tidbok_migrate') IS NULL CREATE USER tidbok_migrate FOR LOGIN tidbok_migrate;\n\
         GO\n\
         IF SCHEMA_ID('{schema}') IS NULL EXEC('CREATE SCHEMA {schema}');\n\
         GO\n\
         -- The login of `tidbok migrate`: makes and alters the tables.\n\
         GRANT CREATE TABLE TO tidbok_migrate;\n\
         GRANT CONTROL ON SCHEMA::{schema} TO tidbok_migrate;\n\
         GO\n\
         -- The login of consoles, the command line and the agent: reads and writes rows. What has\n\
         -- been done and what the audit log tells stays as it is.\n\
         GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::{schema} TO tidbok_console;\n\
         GO\n\
         IF OBJECT_ID('{schema}.schema_migration') IS NULL\n    \
         PRINT 'There are no tables to protect yet: run this once more after tidbok migrate.';\n\
         ELSE\n\
         BEGIN\n"
    );
    for (rights, table) in DENIED {
        script.push_str(&format!("    DENY {rights} ON {schema}.{table} TO tidbok_console;\n"));
    }
    script.push_str("END;\nGO\n");
    script
}

/// A name in brackets.
fn quoted(name: &str) -> String {
    format!("[{}]", name.replace(']', "]]"))
}

//! What each login needs, as a script for the server's administrator.

use super::dialect;
use crate::store::location::ServerLocation;

/// Tables to which the console only ever adds.
const ADDED_TO: &[&str] = &["command", "audit_entry"];

/// The script.
pub(in crate::store) fn grants(location: &ServerLocation) -> String {
    let (database, schema) = (quoted(&location.database), &location.schema);
    let mut script = format!(
        "-- What tidbok needs in {database}, for the server's administrator to look over and run.\n\
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
         CREATE USER tidbok_console FOR LOGIN tidbok_console;\n\
         CREATE USER tidbok_migrate FOR LOGIN tidbok_migrate;\n\
         GO\n\
         IF SCHEMA_ID('{schema}') IS NULL EXEC('CREATE SCHEMA {schema}');\n\
         GO\n\
         -- The login of `tidbok migrate`: makes and alters the tables.\n\
         GRANT CREATE TABLE TO tidbok_migrate;\n\
         GRANT CONTROL ON SCHEMA::{schema} TO tidbok_migrate;\n\
         GO\n\
         -- The login of consoles, the command line and the agent: reads and writes rows. What has\n\
         -- been done and what the audit log tells stays as it is.\n\
         GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::{schema} TO tidbok_console;\n"
    );
    for table in dialect::tables().filter(|table| ADDED_TO.contains(table)) {
        script.push_str(&format!("DENY UPDATE, DELETE ON {schema}.{table} TO tidbok_console;\n"));
    }
    script.push_str(&format!(
        "DENY INSERT, UPDATE, DELETE ON {schema}.schema_migration TO tidbok_console;\nGO\n"
    ));
    script
}

/// A name in brackets.
fn quoted(name: &str) -> String {
    format!("[{}]", name.replace(']', "]]"))
}

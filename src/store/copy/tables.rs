//! Which tables are copied, in which order, and which are not. A test holds this against the schema.

/// A table that is copied, row by row.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// So many of the columns, the first, are the primary key.
    pub(super) key: usize,
    /// In the order of the schema; `@` marks a civil time and `#` a date.
    columns: &'static str,
}

/// What a column holds, where the engines write it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text or a number.
    Plain,
    Time,
    Date,
}

impl Table {
    const fn new(name: &'static str, key: usize, columns: &'static str) -> Self {
        Self { name, key, columns }
    }

    /// Names and kinds of the columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&'static str, Kind)> {
        self.columns.split(' ').map(|column| match column.chars().next_back() {
            Some('@') => (&column[..column.len() - 1], Kind::Time),
            Some('#') => (&column[..column.len() - 1], Kind::Date),
            _ => (column, Kind::Plain),
        })
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.columns().map(|(name, _)| name).collect()
    }
}

/// Every table that is copied, what is referred to before what refers to it. Revisions are the first:
/// they are what every change takes hold of, so that whoever begins one in the target meanwhile waits.
pub(super) const TABLES: &[Table] = &[
    Table::new("revision", 2, "scope id n"),
    Table::new(
        "settings",
        1,
        "id time_zone horizon_days notice_minutes require_address allow_rebook allow_cancel \
         change_deadline_hours paused",
    ),
    Table::new("closed_day", 1, "day#"),
    Table::new("category", 1, "id name"),
    Table::new("resource", 1, "code name capacity"),
    Table::new(
        "booking_template",
        1,
        "id name minutes category online online_rebook online_cancel recall calendar_text \
         resources moves_recall active",
    ),
    Table::new("template_list", 1, "id name owner_kind owner_id"),
    Table::new("template_list_item", 2, "list place item"),
    Table::new(
        "preblock_type",
        1,
        "id name text color kind for_everyone may_bypass allow expires_days_before code active",
    ),
    Table::new("preblock_type_category", 2, "preblock_type category"),
    Table::new("preblock_list", 1, "id name owner_kind owner_id"),
    Table::new("preblock_list_item", 2, "list place item"),
    Table::new("organisation", 1, "id name template_list online_template_list preblock_list"),
    Table::new(
        "company",
        1,
        "id organisation name org_number address phone email portal_text paused template_list \
         online_template_list preblock_list",
    ),
    Table::new(
        "practitioner",
        1,
        "id company signature name title active template_list online_template_list preblock_list",
    ),
    Table::new("preblock_type_practitioner", 2, "preblock_type practitioner"),
    Table::new("week_template", 1, "id name"),
    Table::new("week_template_session", 4, "week_template weekday start_minute minutes"),
    Table::new(
        "patient",
        1,
        "id personnummer first_name last_name email mobile address protected recall_months \
         recall_date# recall_template",
    ),
    Table::new("patient_name", 2, "part patient"),
    Table::new("app_user", 1, "signature name own_permissions os_account password_hash active"),
    Table::new("user_permission", 2, "signature permission"),
    Table::new("failed_sign_in", 1, "signature failures last_at"),
    Table::new("inbox_seen", 2, "signature chain n"),
    Table::new("work_session", 1, "id practitioner starts_at@ ends_at@ minutes"),
    Table::new("preblock", 1, "id practitioner preblock_type starts_at@ ends_at@ minutes"),
    Table::new(
        "booking",
        1,
        "id practitioner starts_at@ ends_at@ minutes category template patient text resources \
         registered_by active portal_id e_id",
    ),
    Table::new("resource_step", 3, "resource day# minute change"),
    Table::new("booking_call", 1, "booking called_by called_at@"),
    Table::new(
        "given_contacts",
        1,
        "booking given_at@ first_name last_name email mobile address offered language",
    ),
    Table::new("recall_move", 1, "booking from_date# to_date#"),
    Table::new(
        "notice",
        2,
        "booking n kind practitioner starts_at@ ends_at@ patient decided_at state attempts doubtful \
         next_at fault",
    ),
    Table::new("command", 1, "id actor at outcome"),
    Table::new(
        "audit_entry",
        2,
        "chain n at actor command action entity before_value after_value previous_hash hash kind",
    ),
    Table::new("audit_head", 1, "chain n hash"),
    Table::new("audit_personal", 1, "hash salt value"),
];

/// Tables that stay as the schema's steps make them.
///
/// Lease, state, pulse, requests and what is out there are those of the agent that works on the source,
/// and it goes on there. With its lease in the target, an agent there would stand by for one that never
/// comes; with its state, consoles there would show times as published and an agent as alive that know
/// nothing of that clinic; what is asked of it is done by it. The target's own agent finds out by itself
/// what is published, and takes the lease of its own database. The steps of the schema are those that
/// were made in each.
#[cfg(test)]
const LEFT: &[&str] =
    &["out_there", "schema_migration", "sync_lease", "sync_pulse", "sync_request", "sync_state"];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use rusqlite::Connection;

    use super::*;
    use crate::store::{sqlite, sqlserver};

    fn made(sql: &str) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(sql).unwrap();
        connection
    }

    fn texts(connection: &Connection, sql: &str) -> Vec<String> {
        let mut prepared = connection.prepare(sql).unwrap();
        let rows = prepared.query_map((), |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    #[test]
    fn every_table_of_the_schema_is_copied_or_left_for_a_reason() {
        let schema = made(&sqlite::schema());
        let known: BTreeSet<&str> = TABLES.iter().map(|table| table.name).collect();
        let left: BTreeSet<&str> = LEFT.iter().copied().collect();
        assert!(known.is_disjoint(&left) && known.len() == TABLES.len());
        let all: BTreeSet<&str> = known.union(&left).copied().collect();
        let tables = texts(&schema, "SELECT name FROM sqlite_schema WHERE type = 'table'");
        let there: BTreeSet<&str> =
            tables.iter().map(String::as_str).chain(["schema_migration"]).collect();
        assert_eq!(all, there, "add the table to TABLES, or to LEFT and say why");
        assert_eq!(all, sqlserver::tables().collect(), "the server has the same tables");
    }

    #[test]
    fn every_column_is_copied_and_the_key_stands_first() {
        let schema = made(&sqlite::schema());
        for table in TABLES {
            let of = |sql: &str| texts(&schema, &sql.replace("TABLE", table.name));
            let columns = of("SELECT name FROM pragma_table_info('TABLE') ORDER BY cid");
            assert_eq!(columns, table.names(), "{}", table.name);
            let key = of("SELECT name FROM pragma_table_info('TABLE') WHERE pk > 0 ORDER BY pk");
            assert_eq!(key, columns[..table.key], "{}", table.name);
        }
    }

    #[test]
    fn what_is_referred_to_is_copied_before() {
        let schema = made(&sqlite::schema());
        let places: BTreeMap<&str, usize> =
            TABLES.iter().enumerate().map(|(place, table)| (table.name, place)).collect();
        for table in TABLES {
            let sql = format!("SELECT \"table\" FROM pragma_foreign_key_list('{}')", table.name);
            for other in texts(&schema, &sql) {
                assert!(places[other.as_str()] < places[table.name], "{other}, {}", table.name);
            }
        }
    }

    #[test]
    fn times_and_dates_are_those_that_the_server_holds_as_such() {
        let mut found: BTreeMap<(&str, String), Kind> = BTreeMap::new();
        let mut table = "";
        for line in sqlserver::schema_texts().flat_map(str::lines) {
            if let Some(rest) = line.split("TABLE tidbok.").nth(1) {
                table = rest.split([' ', '(']).next().unwrap_or_default();
            }
            let line = line.split(" ADD ").last().unwrap_or_default();
            let mut words = line.trim().split([' ', ',', ';']);
            let name = words.next().unwrap_or_default().to_owned();
            match words.next() {
                Some("DATETIME2(0)") => found.insert((table, name), Kind::Time),
                Some("DATE") => found.insert((table, name), Kind::Date),
                _ => None,
            };
        }
        found.retain(|(table, _), _| TABLES.iter().any(|copied| copied.name == *table));
        let known = TABLES.iter().flat_map(|table| {
            let columns = table.columns().filter(|(_, kind)| *kind != Kind::Plain);
            columns.map(|(name, kind)| ((table.name, name.to_owned()), kind))
        });
        assert_eq!(found, known.collect());
    }
}

//! How SQLite goes about what the program sends: no statement of everyday work reads a whole table that
//! grows with the years.
//!
//! Every command of the permissions' table is carried out and everything a console or the Online Client
//! asks is asked; each statement that is sent meanwhile is looked at, whoever added it.

mod support;
#[path = "permissions/table.rs"]
#[allow(dead_code, reason = "shared with the tests of permissions")]
mod table;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc, WeekdaySet};
use rusqlite::Connection;
use support::Place;
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{AuditChain, AuditFilter, ClinicFile, FailedSignIns, ImportMode, Store};

/// Tables that may be read whole, with what keeps them small.
const SMALL: [(&str, &str); 19] = [
    ("app_user", "the people of the clinic"),
    ("booking_template", "a register"),
    ("category", "a register"),
    ("closed_day", "some days a year"),
    ("company", "a register"),
    ("organisation", "a register"),
    ("practitioner", "a register"),
    ("preblock_list", "a register"),
    ("preblock_list_item", "a register"),
    ("preblock_type", "a register"),
    ("preblock_type_category", "a register"),
    ("preblock_type_practitioner", "a register"),
    ("resource", "a register"),
    ("revision", "a row a practitioner and a resource"),
    ("settings", "one row"),
    ("sync_request", "two rows"),
    ("template_list", "a register"),
    ("template_list_item", "a register"),
    ("user_permission", "a few rows a user"),
];

/// Read with the registers.
const WEEK_TEMPLATES: [&str; 2] = ["week_template", "week_template_session"];

/// Statements that read much all the same, with the reason.
const ALLOWED: [(&str, &str); 2] = [
    (
        "DELETE FROM category ",
        "once in years; whether bookings refer to it is looked up in all of them",
    ),
    (
        "FROM audit_entry WHERE chain = @P1 AND (before_value LIKE ",
        "the log of one book: what happened to a time is told by what entries hold",
    ),
];

/// Tables of which many rows share one of these columns: by it alone, more than a screen needs is found.
const GROWING: [&str; 4] = ["booking", "preblock", "work_session", "audit_entry"];
const COARSE: [&str; 8] =
    ["chain", "kind", "action", "actor", "practitioner", "category", "template", "preblock_type"];

const NOW: &str = "2026-11-23T12:00";

fn now() -> CivilTime {
    NOW.parse().unwrap()
}

/// What has been sent.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<BTreeSet<String>>>);

impl Sent {
    fn watching(&self, store: &Store) -> Store {
        let sent = self.clone();
        store.watched(Arc::new(move |statements| {
            sent.0.lock().unwrap().extend(statements.iter().map(|&sql| sql.to_owned()));
        }))
    }
}

/// The example clinic with somebody who may everything.
fn file() -> ClinicFile {
    let mut file = support::example();
    file.users.insert("X".into(), anybody());
    file
}

fn anybody() -> User {
    User {
        signature: "X".into(),
        name: "X".to_owned(),
        permissions: Some(Permission::ALL.iter().copied().collect()),
        os_account: None,
        password_hash: None,
        active: true,
    }
}

/// Every command there is, each on a clinic of its own.
async fn carry_everything_out(sent: &Sent) {
    let file = file();
    for case in table::table(&file) {
        let place = Place::new();
        let store = place.store().await;
        support::take_in(&store, &file, ImportMode::IntoEmpty).await.unwrap();
        let clinic = Clinic::new(sent.watching(&store));
        let by = |command: &Command| match command.is_online() {
            true => Actor::OnlineClient,
            false => Actor::User(anybody()),
        };
        let commands = case.prepared.into_iter().chain([case.command]).map(|make| make(&file));
        let mut last = None;
        for (id, command) in ["prepared", "wanted"].into_iter().zip(commands) {
            let id = if case.prepared.is_none() { "wanted" } else { id };
            clinic.preview(&by(&command), &command, now()).await.unwrap();
            let done = clinic.execute(&by(&command), id.into(), &command, now()).await;
            last = Some(done.unwrap_or_else(|error| panic!("{}: {error}", case.name)));
        }
        let undo = Command::Undo { command: last.unwrap().command };
        // Some changes are not taken back.
        let undone = clinic.execute(&Actor::User(anybody()), new_command_id(), &undo, now()).await;
        assert!(matches!(undone, Ok(_) | Err(ClinicError::Refused(_))), "{}", case.name);
    }
}

/// What a console asks, and what the Online Client and the command line ask besides.
async fn ask_everything(sent: &Sent) {
    let place = Place::new();
    let store = place.store().await;
    support::take_in(&store, &file(), ImportMode::IntoEmpty).await.unwrap();
    let clinic = Clinic::new(sent.watching(&store));
    let actor = Actor::User(anybody());
    let setup = clinic.setup().await.unwrap();
    let everybody: Vec<PractitionerId> = setup.practitioners.keys().cloned().collect();
    let week = DateRange::new(now().date(), 7);

    clinic.revisions().await.unwrap();
    clinic.users().await.unwrap();
    clinic.book(&everybody[0], week).await.unwrap();
    clinic.books(&everybody, week).await.unwrap();
    let many: Vec<PractitionerId> = (0..200).map(|n| PractitionerId::new(format!("{n}"))).collect();
    clinic.books(&many, week).await.unwrap();
    clinic.day_lists(&actor, &everybody, now().date(), now()).await.unwrap();
    clinic.call_list(&actor, &everybody[0], week).await.unwrap();
    for whose in [None, everybody.first()] {
        clinic.slots(whose, week, now()).await.unwrap();
    }
    for text in ["tolvans", "tolvan tol", "121212", "19121212-1212", "ringer"] {
        clinic.find_patients(&actor, text, 50).await.unwrap();
        clinic.find(&actor, text, now(), 20).await.unwrap();
    }
    clinic.patient_card(&actor, &"p1".into(), now()).await.unwrap();
    clinic.online_booking(&PortalId::parse("portal-1").unwrap()).await.unwrap();
    for among in [Among::Practitioner(everybody[0].clone()), Among::Clinic] {
        let suiting = Suiting { weekdays: WeekdaySet::ALL, part: PartOfDay::WHOLE };
        let template = "us30".into();
        let asked = FreeQuestion { template, among, suiting, from: now().date(), most: 20 };
        clinic.free_times(&asked, now()).await.unwrap();
    }
    clinic.inbox(&actor, 200).await.unwrap();
    be_told_by_e_mail(&clinic).await;
    let seen = [(AuditChain::Practitioner(everybody[0].clone()), 1)].into();
    clinic.keep_seen(&actor, &seen).await.unwrap();
    look_into_the_log(&clinic, &actor, &everybody[0]).await;

    let mut transaction = clinic.store().begin().await.unwrap();
    let at: DateTime<Utc> = support::now();
    transaction.take_lease("agent", at, at + TimeDelta::minutes(1)).await.unwrap();
    transaction.keep_sync_state("{}").await.unwrap();
    transaction.sync_state().await.unwrap();
    transaction.give_lease_back("agent", at).await.unwrap();
    let failed = FailedSignIns { failures: 1, last_at: at };
    transaction.hold_sign_ins(&"X".into()).await.unwrap();
    transaction.keep_failed_sign_ins(&"X".into(), failed).await.unwrap();
    transaction.failed_sign_ins(&"X".into()).await.unwrap();
    transaction.commit().await.unwrap();
}

/// What patients are told of an online booking.
async fn be_told_by_e_mail(clinic: &Clinic) {
    let contacts = Contacts {
        first_name: "Tolvan".to_owned(),
        last_name: "Tolvansson".to_owned(),
        email: "tolvan@example.org".to_owned(),
        mobile: "070-174 06 05".to_owned(),
        address: None,
    };
    let booking = Command::BookOnline(Box::new(OnlineBooking {
        portal_id: PortalId::parse("told").unwrap(),
        practitioner: "AE".into(),
        template: "us30".into(),
        start: "2026-11-25T10:00".parse().unwrap(),
        personnummer: Personnummer::parse("19121212-1212", now().date()).unwrap(),
        contacts,
        identification: Identification::EId,
        language: None,
    }));
    let booked = clinic.execute(&Actor::OnlineClient, new_command_id(), &booking, now()).await;
    booked.unwrap();
    let at = support::now();
    clinic.decide_notices(at).await.unwrap();
    let outgoing = clinic.next_notice(at).await.unwrap().unwrap();
    let claimed = clinic.claim_notice(&outgoing.notice, at).await.unwrap().unwrap();
    let sent = Attempt {
        state: NoticeState::Sent,
        attempts: claimed.attempts,
        doubtful: false,
        next_at: at,
        fault: None,
    };
    assert!(clinic.keep_attempt(&claimed, sent).await.unwrap());
    clinic.agent_report(&[], DateRange::new(now().date(), 1)).await.unwrap();
    // What is cancelled in the meantime is taken back.
    let cancelled =
        Command::CancelBooking { booking: outgoing.booking.id, seen: None, reason: None };
    clinic.execute(&Actor::System, new_command_id(), &cancelled, now()).await.unwrap();
    clinic.decide_notices(at).await.unwrap();
}

/// The log by each filter, and by two at once, first page and later ones.
async fn look_into_the_log(clinic: &Clinic, actor: &Actor, practitioner: &PractitionerId) {
    let nothing = LogFilter::default;
    let day = Some(now().date());
    let mut filters = vec![
        nothing(),
        LogFilter { by: Some("X".to_owned()), ..nothing() },
        LogFilter { practitioner: Some(practitioner.clone()), ..nothing() },
        LogFilter { action: Some("booking.add".to_owned()), ..nothing() },
        LogFilter { kind: Some("booking".to_owned()), ..nothing() },
        LogFilter { from: day, to: day, ..nothing() },
    ];
    filters.extend(filters.clone().into_iter().map(|it| LogFilter { from: day, to: day, ..it }));
    filters.push(LogFilter {
        by: Some("X".to_owned()),
        kind: Some("booking".to_owned()),
        ..nothing()
    });
    for filter in filters {
        for before in [
            None,
            Some(tidbok::store::AuditPlace {
                at: support::now(),
                chain: AuditChain::Settings,
                n: 1,
            }),
        ] {
            let question = LogQuestion::Entries { filter: filter.clone(), before };
            clinic.log(actor, &question, 50).await.unwrap();
        }
    }
    let interval = Interval::whole_day(now().date());
    let question = LogQuestion::Time { practitioner: practitioner.clone(), interval };
    clinic.log(actor, &question, 50).await.unwrap();
    let of_one = AuditFilter { entity: Some("booking/b1".to_owned()), ..AuditFilter::default() };
    let mut reading = clinic.store().read().await.unwrap();
    reading.audit(&of_one).await.unwrap();
    reading.last_audit_of("booking/b1").await.unwrap();
    reading.command_that("booking.online", "booking/b1").await.unwrap();
}

/// What SQLite says of a statement, step by step.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = explained.raw_query().mapped(|row| row.get("detail"));
    steps.collect::<Result<_, _>>().unwrap()
}

/// Whether a step reads all of a table that grows.
fn reads_whole(step: &str) -> bool {
    let Some(scanned) = step.strip_prefix("SCAN ") else { return false };
    let table = scanned.split(' ').next().unwrap_or_default();
    let small = SMALL.iter().map(|(name, _)| *name).chain(WEEK_TEMPLATES).any(|it| it == table);
    !small && table != "CONSTANT" && !table.starts_with('(')
}

/// Whether a step finds all that share one coarse column.
fn is_coarse(step: &str) -> bool {
    let Some(found) = step.strip_prefix("SEARCH ") else { return false };
    let by = step.rsplit_once('(').and_then(|(_, by)| by.strip_suffix("=?)"));
    GROWING.contains(&found.split(' ').next().unwrap_or_default())
        && by.is_some_and(|column| COARSE.contains(&column))
}

/// Whether a plan reads more than it is asked for. The first rows in the order of an index are no more.
fn reads_too_much(sql: &str, plan: &[String]) -> bool {
    let in_order = sql.contains(" LIMIT ") && !plan.iter().any(|step| step.contains("TEMP B-TREE"));
    let everything = !sql.contains(" WHERE ") || sql.contains(" WHERE 1 = 1 ORDER BY ");
    let whole = plan.iter().any(|step| reads_whole(step)) && !(in_order && everything);
    let coarse = plan.iter().any(|step| is_coarse(step)) && !in_order;
    (whole || coarse) && !ALLOWED.iter().any(|(part, _)| sql.contains(part))
}

#[tokio::test]
async fn nothing_that_grows_with_the_years_is_read_whole() {
    let sent = Sent::default();
    carry_everything_out(&sent).await;
    ask_everything(&sent).await;

    let place = Place::new();
    place.store().await.close().await;
    let connection = Connection::open(place.path()).unwrap();
    let mut faults = Vec::new();
    let statements = std::mem::take(&mut *sent.0.lock().unwrap());
    let of_sql = statements.iter().filter(|sql| !["BEGIN", "COMMIT"].contains(&sql.as_str()));
    let mut looked_at = 0;
    for sql in of_sql {
        let plan = plan(&connection, sql);
        if reads_too_much(sql, &plan) {
            faults.push(format!("{sql}\n    {}", plan.join("\n    ")));
        }
        looked_at += 1;
    }
    assert!(looked_at > 100, "only {looked_at} statements were sent");
    for (part, _) in ALLOWED {
        assert!(statements.iter().any(|sql| sql.contains(part)), "{part} is no longer sent");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

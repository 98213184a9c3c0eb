//! The table itself: each command with the permissions that it needs, and where it is asked for.

use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::ClinicFile;

/// One command on the example clinic.
pub struct Case {
    pub name: &'static str,
    pub command: fn(&ClinicFile) -> Command,
    /// Carried out first, by somebody who may everything.
    pub prepared: Option<fn(&ClinicFile) -> Command>,
    /// All of them are needed, and no other (R17).
    pub needs: &'static [Permission],
    pub screen: Screen,
    pub shell: Shell,
}

/// Where it is asked for on the test clinic's screen, and stands grey.
#[derive(Clone, Copy)]
pub enum Screen {
    /// By these keys from the week, the cursor on Wednesday 10:00.
    Keys(&'static str),
    /// What stands first in the palette when this is typed.
    Palette(&'static str),
    /// Why it stands nowhere.
    Nowhere(&'static str),
}

/// How it is asked for on the command line.
#[derive(Clone, Copy)]
pub enum Shell {
    /// A change, previewed only.
    Changing(&'static [&'static str]),
    Plain(&'static [&'static str]),
    /// With something typed on standard input.
    Typing(&'static [&'static str], &'static str),
    /// Why it can't be.
    Nowhere(&'static str),
}

/// Something that is looked at, no change: what it needs.
pub struct Reading {
    pub name: &'static str,
    pub needs: Permission,
    pub screen: Screen,
    pub shell: Shell,
}

use Permission::{
    AuditRead, BookingEdit, OnlineEdit, PatientView, PreblockInternal, PreblockInternet,
    ScheduleEdit, SettingsEdit, UsersManage,
};

pub const READINGS: &[Reading] = &[
    Reading {
        name: "the log",
        needs: AuditRead,
        screen: Screen::Keys("H"),
        shell: Shell::Plain(&["audit", "list"]),
    },
    Reading {
        name: "the history of a time",
        needs: AuditRead,
        screen: Screen::Keys("h"),
        shell: Shell::Plain(&["audit", "verify"]),
    },
    Reading {
        name: "looking for patients",
        needs: PatientView,
        screen: Screen::Keys("/ k a"),
        shell: Shell::Plain(&["patient", "find", "Tolvansson"]),
    },
];

const CONSOLE_ONLY: Shell = Shell::Nowhere("settings are changed in the console, or by a file");

/// Names each entry by its pattern, and does not compile where a kind has none.
macro_rules! entries {
    ($of:ty as $kind_of:ident: $($pattern:pat => [$($case:expr),* $(,)?];)+) => {
        /// The entry that something of a kind belongs to.
        fn $kind_of(of: &$of) -> &'static str {
            match of {
                $($pattern => stringify!($pattern),)+
            }
        }

        fn all() -> Vec<(&'static str, Case)> {
            vec![$($((stringify!($pattern), $case),)*)+]
        }
    };
}

#[path = "table/of_commands.rs"]
mod of_commands;

#[path = "table/of_settings.rs"]
mod of_settings;

/// Every case, each sure to be of the kind that it stands at.
pub fn table(file: &ClinicFile) -> Vec<Case> {
    let mut table = of_commands::checked(file);
    table.extend(of_settings::checked(file));
    table
}

pub fn at(text: &str) -> CivilTime {
    text.parse().expect("a time")
}

/// `2026-11-25T08:00/12:00`.
fn stretch(text: &str) -> Interval {
    let (start, end) = text.split_once('/').expect("from/to");
    let (date, _) = start.split_once('T').expect("a time");
    Interval::new(at(start), at(&format!("{date}T{end}"))).expect("an interval")
}

fn lay(preblock_type: &str) -> Command {
    lay_for("AE", preblock_type)
}

fn lay_for(practitioner: &str, preblock_type: &str) -> Command {
    Command::LayPreblocks {
        practitioner: practitioner.into(),
        preblock_type: preblock_type.into(),
        intervals: vec![stretch("2026-11-26T10:00/11:00")],
        overlap: OverlapChoice::Refuse,
        code: None,
    }
}

/// What a screen shows of [`lay`].
fn shown(preblock_type: &str, kind: PreblockKind) -> Preview {
    let laid = Preblock {
        id: "new".into(),
        practitioner: "AE".into(),
        preblock_type: preblock_type.into(),
        interval: stretch("2026-11-26T10:00/11:00"),
    };
    let changes = vec![Change::Preblock { kind, change: Changed::Added(laid) }];
    Preview { practitioner: Some("AE".into()), ..Preview::of_changes(changes) }
}

fn preblocks(file: &ClinicFile) -> impl Iterator<Item = PreblockId> {
    let own = file.preblocks.iter().filter(|it| it.practitioner.as_str() == "AE");
    own.map(|it| it.id.clone())
}

/// A new week template of one session.
fn week_template() -> WeekTemplate {
    let monday = WeekSession::new(chrono::Weekday::Mon, Minutes(480), Minutes(240));
    let sessions = monday.into_iter().collect();
    WeekTemplate { id: "ny".into(), name: "Ny".to_owned(), sessions }
}

fn repeat() -> Repeat {
    Repeat {
        week: parse_date("2026-11-23").expect("a day"),
        until: RepeatUntil::Weeks(2),
        weeks: WeekParity::Every,
        red_days: RedDays::Skip,
    }
}

fn book(patient: BookedFor) -> Command {
    Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at("2026-11-25T10:00"),
        what: BookingSubject::Template("us30".into()),
        patient,
        text: None,
        confirmed: [].into(),
    })
}

fn new_patient() -> NewPatient {
    NewPatient {
        personnummer: None,
        first_name: "Ny".to_owned(),
        last_name: "Nysson".to_owned(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::None,
    }
}

fn booking(file: &ClinicFile) -> Booking {
    file.bookings[&BookingId::from("b1")].clone()
}

fn change(change: SettingChange) -> Command {
    Command::ChangeSetting(Box::new(change))
}

fn change_type(file: &ClinicFile, id: &str) -> Command {
    let before = file.setup.preblock_types[&PreblockTypeId::from(id)].clone();
    let after = PreblockType { text: "Ny".to_owned(), ..before.clone() };
    change(SettingChange::PreblockType(Changed::Altered { before, after }))
}

fn first<I, T: Clone>(all: &std::collections::BTreeMap<I, T>) -> T {
    all.values().next().expect("there is one").clone()
}

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
        shell: Shell::Plain(&["export"]),
    },
];

const CONSOLE_ONLY: Shell = Shell::Nowhere("settings are changed in the console, or by a file");

/// Names each entry by its pattern, and does not compile where a kind has none.
macro_rules! entries {
    ($of:ty as $kind_of:ident: $($pattern:pat => [$($case:expr),+ $(,)?];)+) => {
        /// The entry that something of a kind belongs to.
        fn $kind_of(of: &$of) -> &'static str {
            match of {
                $($pattern => stringify!($pattern),)+
            }
        }

        fn all() -> Vec<(&'static str, Case)> {
            vec![$($((stringify!($pattern), $case),)+)+]
        }
    };
}

mod of_commands {
    use super::*;

    entries! { Command as kind_of:
        Command::LayPreblocks { .. } => [
            Case {
                name: "lay an Internet preblock",
                command: |_| lay("e-us"),
                prepared: None,
                needs: &[PreblockInternet],
                screen: Screen::Keys("p"),
                shell: Shell::Changing(&["preblock", "add", "AE", "e-us", "2026-11-26T10:00/11:00"]),
            },
            Case {
                name: "lay an internal preblock",
                command: |_| lay("lunch"),
                prepared: None,
                needs: &[PreblockInternal],
                screen: Screen::Keys("p"),
                shell: Shell::Changing(&["preblock", "add", "AE", "lunch", "2026-11-26T10:00/11:00"]),
            },
        ];
        Command::RemovePreblocks { .. } => [
            Case {
                name: "remove an Internet preblock",
                command: |file| Command::RemovePreblocks {
                    practitioner: "AE".into(),
                    preblocks: preblocks(file).take(1).collect(),
                },
                prepared: None,
                needs: &[PreblockInternet],
                screen: Screen::Keys("Down Down Down Down Down Down Del"),
                shell: Shell::Changing(&["preblock", "remove", "AE", "2026-11-25T09:00"]),
            },
        ];
        Command::AddWorkSessions { .. } => [
            Case {
                name: "add a work session",
                command: |_| Command::AddWorkSessions {
                    practitioner: "AE".into(),
                    intervals: vec![stretch("2026-11-27T08:00/12:00")],
                },
                prepared: None,
                needs: &[ScheduleEdit],
                screen: Screen::Keys("s"),
                shell: Shell::Changing(&["session", "add", "AE", "2026-11-27T08:00/12:00"]),
            },
        ];
        Command::RemoveWorkSessions { .. } => [
            Case {
                name: "remove a work session",
                command: |_| Command::RemoveWorkSessions {
                    practitioner: "AE".into(),
                    intervals: vec![stretch("2026-11-25T08:00/09:00")],
                },
                prepared: None,
                needs: &[ScheduleEdit],
                screen: Screen::Keys("S"),
                shell: Shell::Changing(&["session", "remove", "AE", "2026-11-25T08:00/09:00"]),
            },
        ];
        Command::RepeatWorkSessions { .. } => [
            Case {
                name: "repeat a work week",
                command: |_| Command::RepeatWorkSessions {
                    practitioner: "AE".into(),
                    repeat: repeat(),
                },
                prepared: None,
                needs: &[ScheduleEdit],
                screen: Screen::Keys("r"),
                shell: Shell::Changing(&["repeat", "sessions", "AE", "2026-11-25", "--weeks", "2"]),
            },
        ];
        Command::RepeatPreblocks { .. } => [
            Case {
                name: "repeat a week's preblocks",
                command: |_| Command::RepeatPreblocks {
                    practitioner: "AE".into(),
                    repeat: repeat(),
                    overlap: OverlapChoice::Refuse,
                    codes: Vec::new(),
                },
                prepared: None,
                needs: &[PreblockInternet],
                screen: Screen::Keys("R"),
                shell: Shell::Changing(&["repeat", "preblocks", "AE", "2026-11-25", "--weeks", "2"]),
            },
        ];
        Command::Book(_) => [
            Case {
                name: "book",
                command: |_| book(BookedFor::Nobody),
                prepared: None,
                needs: &[BookingEdit],
                screen: Screen::Keys("b"),
                shell: Shell::Changing(&["booking", "add", "AE", "us30", "2026-11-25T10:00"]),
            },
            Case {
                name: "book for a new patient",
                command: |_| book(BookedFor::New(Box::new(new_patient()))),
                prepared: None,
                needs: &[BookingEdit, PatientView],
                screen: Screen::Nowhere("without the right to see patients the field is locked"),
                shell: Shell::Nowhere("patients are registered in the console"),
            },
        ];
        Command::MoveBooking(_) => [
            Case {
                name: "move a booking",
                command: |_| Command::MoveBooking(MovedBooking {
                    booking: "b1".into(),
                    practitioner: "AE".into(),
                    interval: stretch("2026-11-25T10:00/10:40"),
                    confirmed: [].into(),
                }),
                prepared: None,
                needs: &[BookingEdit],
                screen: Screen::Nowhere("bookings are moved from the command line"),
                shell: Shell::Changing(&["booking", "move", "b1", "2026-11-25T10:00/10:40"]),
            },
        ];
        Command::EditBooking(_) => [
            Case {
                name: "change a booking",
                command: |file| Command::EditBooking(EditedBooking {
                    seen: Box::new(booking(file)),
                    template: None,
                    patient: BookedFor::Nobody,
                    text: "Ny text".to_owned(),
                    confirmed: [].into(),
                }),
                prepared: None,
                needs: &[BookingEdit],
                screen: Screen::Nowhere("bookings are changed from the command line"),
                shell: Shell::Changing(&["booking", "edit", "b1", "--text", "Ny text"]),
            },
        ];
        Command::CancelBooking { .. } => [
            Case {
                name: "cancel a booking",
                command: |_| Command::CancelBooking { booking: "b1".into(), reason: None },
                prepared: None,
                needs: &[BookingEdit],
                screen: Screen::Keys("Left Home a"),
                shell: Shell::Changing(&["booking", "cancel", "b1"]),
            },
        ];
        Command::WithdrawPreblocks { .. } => [
            Case {
                name: "withdraw a period's Internet preblocks",
                command: |_| Command::WithdrawPreblocks {
                    practitioner: "AE".into(),
                    days: DateRange::new(stretch("2026-11-23T08:00/09:00").start().date(), 7),
                },
                prepared: None,
                needs: &[PreblockInternet],
                screen: Screen::Keys("D 1 Del"),
                shell: Shell::Nowhere("preblock remove takes them one by one"),
            },
        ];
        Command::MarkCalled { .. } => [
            Case {
                name: "note that a patient has been called",
                command: |_| Command::MarkCalled { booking: "b1".into(), mark: CallMark::Called },
                prepared: None,
                needs: &[BookingEdit],
                screen: Screen::Keys("D 1 r"),
                shell: Shell::Nowhere("whom to call is looked up in the console"),
            },
        ];
        Command::ChangeSetting(_) => [
            Case {
                name: "add a category",
                command: |_| change(SettingChange::Category(Changed::Added(Category {
                    id: "ny".into(),
                    name: "Ny".to_owned(),
                }))),
                prepared: None,
                needs: &[SettingsEdit],
                screen: Screen::Palette("ny · kategorier"),
                shell: CONSOLE_ONLY,
            },
        ];
        Command::SetPassword { .. } => [
            Case {
                name: "set another's password",
                command: |_| Command::SetPassword {
                    user: "ELEV".into(),
                    hash: Password::new("ett långt lösenord".to_owned()).hash().expect("hashed"),
                },
                prepared: None,
                needs: &[UsersManage],
                screen: Screen::Palette("eva karlsson · behörighetssystem"),
                shell: Shell::Typing(&["password", "ELEV"], "ett långt lösenord\n"),
            },
        ];
        Command::Together(_) => [
            Case {
                name: "lay an Internet preblock in two books",
                command: |_| Command::Together(vec![lay("e-us"), lay_for("BL", "e-us")]),
                prepared: None,
                needs: &[PreblockInternet],
                screen: Screen::Keys("d Shift+Right p"),
                shell: Shell::Nowhere("a run of the command line is about one book"),
            },
            Case {
                name: "add a work session in two books",
                command: |_| Command::Together(vec![
                    Command::AddWorkSessions {
                        practitioner: "AE".into(),
                        intervals: vec![stretch("2026-11-27T08:00/12:00")],
                    },
                    Command::AddWorkSessions {
                        practitioner: "BL".into(),
                        intervals: vec![stretch("2026-11-27T08:00/12:00")],
                    },
                ]),
                prepared: None,
                needs: &[ScheduleEdit],
                screen: Screen::Keys("d Shift+Right s"),
                shell: Shell::Nowhere("a run of the command line is about one book"),
            },
        ];
        Command::Undo { .. } => [
            Case {
                name: "undo what laid an Internet preblock",
                command: |_| Command::Undo { command: "prepared".into() },
                prepared: Some(|_| lay("e-us")),
                needs: &[PreblockInternet],
                screen: Screen::Nowhere("what may be undone shows when it is undone"),
                shell: Shell::Nowhere("a run of the command line ends with its command"),
            },
            Case {
                name: "undo a booking",
                command: |_| Command::Undo { command: "prepared".into() },
                prepared: Some(|_| book(BookedFor::Nobody)),
                needs: &[BookingEdit],
                screen: Screen::Nowhere("what may be undone shows when it is undone"),
                shell: Shell::Nowhere("a run of the command line ends with its command"),
            },
        ];
    }

    pub fn checked(file: &ClinicFile) -> Vec<Case> {
        let sorted = |(kind, case): (&str, Case)| {
            assert_eq!(kind_of(&(case.command)(file)), kind, "{}", case.name);
            case
        };
        all().into_iter().map(sorted).collect()
    }
}

mod of_settings {
    use super::*;

    /// A card of the settings.
    fn card(
        name: &'static str,
        command: fn(&ClinicFile) -> Command,
        needs: &'static [Permission],
        typed: &'static str,
    ) -> Case {
        let screen = Screen::Palette(typed);
        Case { name, command, prepared: None, needs, screen, shell: CONSOLE_ONLY }
    }

    entries! { SettingChange as kind_of:
        SettingChange::Organisation(_) => [card(
            "change an organisation",
            |file| {
                let before = first(&file.setup.organisations);
                let after = Organisation { name: "Ny".to_owned(), ..before.clone() };
                change(SettingChange::Organisation(Changed::Altered { before, after }))
            },
            &[SettingsEdit],
            "namn · organisation",
        )];
        SettingChange::Company(_) => [
            card(
                "change a company",
                |file| {
                    let before = first(&file.setup.companies);
                    let after = Company { phone: Some("08-1".to_owned()), ..before.clone() };
                    change(SettingChange::Company(Changed::Altered { before, after }))
                },
                &[SettingsEdit],
                "telefon · företag",
            ),
            card(
                "pause a company",
                |file| {
                    let before = first(&file.setup.companies);
                    let after = Company { paused: !before.paused, ..before.clone() };
                    change(SettingChange::Company(Changed::Altered { before, after }))
                },
                &[OnlineEdit],
                "tillfälligt stängd · företag",
            ),
        ];
        SettingChange::Practitioner(_) => [card(
            "change a practitioner",
            |file| {
                let before = first(&file.setup.practitioners);
                let after = Practitioner { title: "Ny".to_owned(), ..before.clone() };
                change(SettingChange::Practitioner(Changed::Altered { before, after }))
            },
            &[SettingsEdit],
            "anna ek · behandlare",
        )];
        SettingChange::Resource(_) => [card(
            "add a resource",
            |_| change(SettingChange::Resource(Changed::Added(Resource {
                code: ResourceCode('Q'),
                name: "Ny".to_owned(),
                capacity: 1,
            }))),
            &[SettingsEdit],
            "ny · resurser",
        )];
        SettingChange::Category(_) => [card(
            "change a category",
            |file| {
                let before = first(&file.setup.categories);
                let after = Category { name: "Ny".to_owned(), ..before.clone() };
                change(SettingChange::Category(Changed::Altered { before, after }))
            },
            &[SettingsEdit],
            "akut · kategorier",
        )];
        SettingChange::PreblockType(_) => [
            card(
                "change an internal type",
                |file| change_type(file, "lunch"),
                &[SettingsEdit],
                "möte · preblockering i tidboken",
            ),
            card(
                "change an Internet type",
                |file| change_type(file, "e-us"),
                &[SettingsEdit, PreblockInternet],
                "e-us · preblockering i tidboken",
            ),
        ];
        SettingChange::Template(_) => [card(
            "change a template",
            |file| {
                let before = first(&file.setup.templates);
                let after = BookingTemplate { name: "Ny".to_owned(), ..before.clone() };
                change(SettingChange::Template(Changed::Altered { before, after }))
            },
            &[SettingsEdit],
            "blekning · bokningsmallar",
        )];
        SettingChange::TemplateList(_) => [card(
            "add a template list",
            |_| change(SettingChange::TemplateList(Changed::Added(TemplateList {
                id: "ny".into(),
                name: "Ny".to_owned(),
                owner: ListOwner::All,
                items: Vec::new(),
            }))),
            &[SettingsEdit],
            "ny · bokningsmallslistor",
        )];
        SettingChange::PreblockList(_) => [card(
            "add a preblock list",
            |_| change(SettingChange::PreblockList(Changed::Added(PreblockList {
                id: "ny".into(),
                name: "Ny".to_owned(),
                owner: ListOwner::All,
                items: Vec::new(),
            }))),
            &[SettingsEdit],
            "ny · preblocklistor",
        )];
        SettingChange::ClosedDay(_) => [card(
            "add a closed day",
            |_| {
                let day = parse_date("2026-12-23").expect("a day");
                change(SettingChange::ClosedDay(Changed::Added(day)))
            },
            &[SettingsEdit],
            "ny · stängda dagar",
        )];
        SettingChange::Online(_) => [card(
            "pause online booking",
            |file| {
                let before = file.setup.online.clone();
                let after = OnlineSettings { paused: true, ..before.clone() };
                change(SettingChange::Online(Changed::Altered { before, after }))
            },
            &[OnlineEdit],
            "tillfälligt stängd · bokningssidan",
        )];
        SettingChange::User(_) => [card(
            "add a user",
            |_| change(SettingChange::User(Changed::Added(User {
                signature: "NY".into(),
                name: "Ny".to_owned(),
                permissions: None,
                os_account: None,
                password_hash: None,
                active: true,
            }))),
            &[UsersManage],
            "ny · behörighetssystem",
        )];
        SettingChange::Patient(_) => [Case {
            name: "register a patient",
            command: |_| {
                let patient = new_patient().registered("ny".into());
                change(SettingChange::Patient(Changed::Added(patient)))
            },
            prepared: None,
            needs: &[BookingEdit, PatientView],
            screen: Screen::Nowhere("patients are registered along with a booking"),
            shell: Shell::Nowhere("patients are registered in the console"),
        }];
    }

    pub fn checked(file: &ClinicFile) -> Vec<Case> {
        let sorted = |(kind, case): (&str, Case)| {
            let Command::ChangeSetting(change) = (case.command)(file) else {
                panic!("{} changes a setting", case.name)
            };
            assert_eq!(kind_of(&change), kind, "{}", case.name);
            case
        };
        all().into_iter().map(sorted).collect()
    }
}

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

fn preblocks(file: &ClinicFile) -> impl Iterator<Item = PreblockId> {
    let own = file.preblocks.iter().filter(|it| it.practitioner.as_str() == "AE");
    own.map(|it| it.id.clone())
}

fn repeat() -> Repeat {
    Repeat {
        week: parse_date("2026-11-23").expect("a day"),
        until: RepeatUntil::Weeks(2),
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

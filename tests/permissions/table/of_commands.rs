//! The entries of commands.

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
    Command::PastePreblocks(_) => [
        Case {
            name: "paste an Internet preblock",
            command: |_| Command::PastePreblocks(PastedPreblocks {
                practitioner: "AE".into(),
                pasted: vec![WantedPreblock {
                    preblock_type: "e-us".into(),
                    interval: stretch("2026-11-26T10:00/11:00"),
                }],
                cut: None,
                overlap: OverlapChoice::Refuse,
                codes: Vec::new(),
            }),
            prepared: None,
            needs: &[PreblockInternet],
            screen: Screen::Keys("Down Down Down Down Down Down x"),
            shell: Shell::Nowhere("the clipboard is the console's"),
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
    Command::ApplyWeekTemplate { .. } => [
        Case {
            name: "lay a week template",
            command: |_| Command::ApplyWeekTemplate {
                practitioner: "AE".into(),
                template: "ny".into(),
                span: repeat(),
            },
            prepared: Some(|_| change(SettingChange::WeekTemplate(Changed::Added(week_template())))),
            needs: &[ScheduleEdit],
            screen: Screen::Nowhere("a week template is chosen first; the choices stand grey"),
            shell: Shell::Nowhere("the example has no week template to lay"),
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
                seen: None,
                practitioner: "AE".into(),
                interval: stretch("2026-11-25T10:00/10:40"),
                confirmed: [].into(),
            }),
            prepared: None,
            needs: &[BookingEdit],
            screen: Screen::Keys("Left Home m"),
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
            screen: Screen::Keys("Left Home E"),
            shell: Shell::Changing(&["booking", "edit", "b1", "--text", "Ny text"]),
        },
    ];
    Command::CancelBooking { .. } => [
        Case {
            name: "cancel a booking",
            command: |_| Command::CancelBooking { booking: "b1".into(), seen: None, reason: None },
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
    // What patients do is let by R14 and R15 and by no permission; what they gave has to be given
    // first: tests/itb holds both.
    Command::BookOnline(_) => [];
    Command::RebookOnline(_) => [];
    Command::CancelOnline { .. } => [];
    Command::KeepOnline(_) => [];
    Command::TakeOverContacts { .. } => [];
    Command::DismissContacts { .. } => [];
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
    Command::AsShown(_) => [
        Case {
            name: "lay an Internet preblock as its preview was shown",
            command: |_| lay("e-us").as_shown(&shown("e-us", PreblockKind::Internet)),
            prepared: None,
            needs: &[PreblockInternet],
            screen: Screen::Nowhere("the screen holds whatever it previews to what it showed"),
            shell: Shell::Nowhere("a run of the command line shows what was done"),
        },
        Case {
            name: "lay an internal preblock as its preview was shown",
            command: |_| lay("lunch").as_shown(&shown("lunch", PreblockKind::Internal)),
            prepared: None,
            needs: &[PreblockInternal],
            screen: Screen::Nowhere("the screen holds whatever it previews to what it showed"),
            shell: Shell::Nowhere("a run of the command line shows what was done"),
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

//! The entries of settings, by kind.

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
    SettingChange::WeekTemplate(_) => [Case {
        name: "keep a week as a template",
        command: |_| change(SettingChange::WeekTemplate(Changed::Added(week_template()))),
        prepared: None,
        needs: &[ScheduleEdit],
        screen: Screen::Keys("M"),
        shell: CONSOLE_ONLY,
    }];
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
    // Nobody changes what a patient gave; settling it is a command of its own, held in tests/itb.
    SettingChange::Contacts(_) => [];
    SettingChange::Patient(_) => [
        Case {
            name: "register a patient",
            command: |_| {
                let patient = new_patient().registered("ny".into());
                change(SettingChange::Patient(Changed::Added(patient)))
            },
            prepared: None,
            needs: &[BookingEdit, PatientView],
            screen: Screen::Nowhere("patients are registered along with a booking"),
            shell: Shell::Nowhere("patients are registered in the console"),
        },
        Case {
            name: "change a patient's card",
            command: |file| {
                let before = first(&file.patients);
                let after = Patient { mobile: Some("+46701740606".to_owned()), ..before.clone() };
                change(SettingChange::Patient(Changed::Altered { before, after }))
            },
            prepared: None,
            needs: &[BookingEdit, PatientView],
            screen: Screen::Keys("Left Home o E"),
            shell: Shell::Nowhere("patients' cards are in the console"),
        },
    ];
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

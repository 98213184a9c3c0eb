//! The cards of the settings: what is typed and chosen in them, who may do what on them, what they say
//! where nothing is there yet, and how they stand on small screens.

use tidbok::clinic::{Refusal, Revisions};
use tidbok::domain::*;
use tidbok::tui::Message;

use crate::fixture::{Console, Start, time};
use crate::settings::{
    CATEGORIES, COMPANIES, ORGANISATIONS, PRACTITIONERS, RESOURCES, TEMPLATE_LISTS, TEMPLATES,
    TYPES, USERS, change, enter, may, refuse, section,
};

/// The settings with a section's list entered, in a clinic set up so.
fn section_of(start: Start, number: usize, set_up: impl FnOnce(&mut Setup)) -> Console {
    let mut console = Console::started(start);
    set_up(&mut console.setup);
    console.answer();
    enter(&mut console, number);
    console
}

fn wide() -> Start {
    Start { size: (140, 40), ..Start::default() }
}

/// What stands in the text field that has the focus.
fn typed(console: &Console) -> String {
    let screen = console.screen();
    let line = screen.lines().find(|line| line.contains('▶'));
    let field = line.and_then(|line| line.split_once('[')).and_then(|(_, it)| it.split_once(']'));
    field.unwrap_or_else(|| panic!("no text has the focus:\n{screen}")).0.trim_end().to_owned()
}

fn list(id: &str, name: &str, owner: ListOwner) -> TemplateList {
    TemplateList { id: id.into(), name: name.into(), owner, items: Vec::new() }
}

fn company(console: &mut Console) -> (Company, Company) {
    match change(console).1 {
        SettingChange::Company(Changed::Altered { before, after }) => (before, after),
        _ => panic!("a company altered"),
    }
}

// Typing and choosing.

#[test]
fn a_text_is_edited_where_the_cursor_was_moved_on_every_card() {
    for (number, keys) in [
        (TYPES, "Enter"),
        (TEMPLATES, "Enter"),
        (TEMPLATE_LISTS, "Enter"),
        (CATEGORIES, "Enter"),
        (ORGANISATIONS, "Enter"),
        (COMPANIES, "Enter"),
        (PRACTITIONERS, "Enter"),
        (USERS, "Enter Tab"),
    ] {
        let mut console = section(wide(), number);
        console.press(keys);
        let before: Vec<char> = typed(&console).chars().collect();
        let (begins, ends) = before.split_at(before.len() - 2);
        let expected: String = begins.iter().chain(&['x', 'y']).chain(ends).collect();
        console.press("Left Left").type_text("xy");
        assert_eq!(typed(&console), expected, "{number}");
    }
}

#[test]
fn r5_what_is_kept_on_top_of_theirs_is_also_a_list_that_ones_own_organisation_offers() {
    let mut console = section_of(wide(), COMPANIES, |setup| {
        let other =
            Organisation { id: "o2".into(), name: "Zeta".into(), lists: ListChoices::default() };
        setup.organisations.insert(other.id.clone(), other);
        let own = list("of-o2", "Zetas", ListOwner::Organisation("o2".into()));
        setup.template_lists.insert(own.id.clone(), own);
    });
    console.press("Enter Tab").type_text("z");
    console.press(&["Tab"; 7].join(" ")).type_text("z");
    console.press("F2");
    let (request, _) = change(&mut console);
    let phone = Some("08-465 004 21".to_owned());
    console.setup.companies.entry("c".into()).and_modify(|it| it.phone = phone.clone());
    let when = time("2026-11-25T10:15");
    refuse(&mut console, request, Refusal::ChangedMeanwhile { who: "BO".into(), when });
    console.answer().press("2 F2");
    let (_, after) = company(&mut console);
    assert_eq!((after.organisation, after.phone), ("o2".into(), phone));
    assert_eq!(after.lists.template_list, Some("of-o2".into()));
}

#[test]
fn two_editors_a_number_that_one_has_emptied_is_told_of_as_nothing() {
    let expires = |days| {
        move |setup: &mut Setup| {
            setup.preblock_types.values_mut().for_each(|it| it.expires_days_before = days);
        }
    };
    let mut console = section_of(wide(), TYPES, expires(Some(2)));
    console.press("Enter Shift+Tab Shift+Tab Shift+Tab Ctrl+U F2");
    let (request, _) = change(&mut console);
    expires(Some(3))(&mut console.setup);
    let when = time("2026-11-25T10:15");
    refuse(&mut console, request, Refusal::ChangedMeanwhile { who: "BO".into(), when });
    let screen = console.answer().screen();
    assert!(screen.contains("Upphör: ditt inget valt · deras 3 dagar före"), "{screen}");
}

#[test]
fn what_is_selected_stays_selected_while_somebody_else_adds_and_removes() {
    type Theirs = fn(&mut Setup);
    let cases: [(Theirs, &str); 3] = [
        (
            |setup| {
                let new = Category { id: "blek".into(), name: "Blekning".into() };
                setup.categories.insert(new.id.clone(), new);
            },
            "Undersökning",
        ),
        (|setup| drop(setup.categories.remove(&CategoryId::from("akut"))), "Undersökning"),
        (|setup| drop(setup.categories.remove(&CategoryId::from("us"))), "Akut"),
    ];
    for (theirs, selected) in cases {
        let mut console = section(Start::default(), CATEGORIES);
        console.press("Down");
        theirs(&mut console.setup);
        console.send(Message::Polled(Revisions::default())).answer().press("Enter");
        assert!(console.line(0).contains(selected), "{selected}\n{}", console.screen());
    }
}

// What may not be done.

#[test]
fn what_is_in_use_says_by_what_and_is_not_removed() {
    let everything_refers = |setup: &mut Setup| {
        let resource = Resource { code: ResourceCode('R'), name: "Rum".into(), capacity: 1 };
        setup.resources.insert(resource.code, resource);
        let resources = ResourceCodes::parse("R").expect("a character");
        setup.templates.entry("us30".into()).and_modify(|it| it.resources = resources);
        let own = list("own", "Annas", ListOwner::Company("c".into()));
        setup.template_lists.insert(own.id.clone(), own);
    };
    for (number, keys, told) in [
        (CATEGORIES, "Del", &["Bokningsmallar: Akutbesök 20 min"][..]),
        (CATEGORIES, "Down Del", &["Preblockering i tidboken: Bara Bo, E-akut", "Blekning"]),
        (RESOURCES, "Del", &["Bokningsmallar: Undersökning 30 min"]),
        (TEMPLATE_LISTS, "Down Del", &["Företag: Tandkliniken Storgatan AB"]),
        (ORGANISATIONS, "Del", &["Företag: Tandkliniken Storgatan AB"]),
        (COMPANIES, "Del", &["Behandlare: Anna Ek, Bo Öst", "Bokningsmallslistor: Annas"]),
    ] {
        let mut console = section_of(wide(), number, everything_refers);
        let screen = console.press(keys).screen();
        for told in told.iter().chain(&["Används fortfarande"]) {
            assert!(screen.contains(told), "{number} {told}\n{screen}");
        }
        console.press("2");
        assert!(console.take().is_empty(), "{number}");
        assert!(console.screen().contains("ta först bort det som hänvisar hit"), "{number}");
    }
}

#[test]
fn what_is_in_use_by_many_names_a_few_and_how_many_there_are() {
    let start = Start { size: (60, 16), ..Start::default() };
    let mut console = section_of(start, CATEGORIES, |setup| {
        let akut = setup.templates[&TemplateId::from("akut")].clone();
        for nth in 10..40 {
            let id = TemplateId::from(format!("akut-{nth}").as_str());
            let name = format!("Akutbesök hos tandläkare nummer {nth}");
            setup.templates.insert(id.clone(), BookingTemplate { id, name, ..akut.clone() });
        }
    });
    let screen = console.press("Del").screen();
    for told in ["Bokningsmallar: Akutbesök", "… (31)", "1 Nej, ändra inget", "2 Ja, ta bort"] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
}

#[test]
fn r18_the_code_of_a_type_is_told_to_nobody_who_may_not_edit_it() {
    let shows = |start: Start| {
        let mut console = section(start, TYPES);
        console.press("Down Down Down");
        assert!(console.screen().contains("Kod "), "{}", console.screen());
        console.screen().contains("4711")
    };
    assert!(shows(Start::default()));
    assert!(!shows(may(&[Permission::PreblockInternet])));
}

#[test]
fn r17_who_may_only_pause_opens_a_companys_card_and_changes_nothing_else_on_it() {
    let only = || section(may(&[Permission::OnlineEdit]), COMPANIES);
    let mut console = only();
    console.press("Enter").type_text("x");
    assert!(console.line(0).contains("Företag · Tandkliniken"), "{}", console.screen());
    let lacks = "behörighet saknas: Inställningar";
    assert!(console.screen().contains(lacks), "{}", console.screen());
    console.press(&["Tab"; 7].join(" ")).type_text("j");
    console.press("F2");
    let (before, after) = company(&mut console);
    assert!(after == Company { paused: true, ..before });
    for key in ["n", "k", "Del"] {
        let mut console = only();
        let screen = console.press(key).screen();
        assert!(screen.contains(lacks), "{key}\n{screen}");
        assert!(console.take().is_empty() && !console.line(0).contains("· Ny"), "{key}");
    }
}

#[test]
fn r17_who_pauses_leaves_every_text_as_it_is_stored() {
    let text = "Välkommen.\nRing oss gärna. \n";
    let mut console = section_of(may(&[Permission::OnlineEdit]), COMPANIES, |setup| {
        setup.companies.values_mut().for_each(|it| it.portal_text = Some(text.to_owned()));
    });
    console.press("Enter").press(&["Tab"; 7].join(" ")).type_text("j");
    console.press("F2");
    let (_, after) = company(&mut console);
    assert_eq!((after.paused, after.portal_text.as_deref()), (true, Some(text)));
}

#[test]
fn r17_a_copy_of_a_paused_company_is_not_paused_so_that_it_can_be_saved() {
    let mut console = section_of(may(&[Permission::SettingsEdit]), COMPANIES, |setup| {
        setup.companies.values_mut().for_each(|it| it.paused = true);
    });
    console.press("k F2");
    let (_, added) = change(&mut console);
    assert!(matches!(added, SettingChange::Company(Changed::Added(it)) if !it.paused));
}

#[test]
fn r5_a_company_that_may_not_go_is_told_whose_list_holds_it() {
    let mut console = section_of(wide(), COMPANIES, |setup| {
        let other =
            Organisation { id: "o2".into(), name: "Zeta".into(), lists: ListChoices::default() };
        setup.organisations.insert(other.id.clone(), other);
        let own = list("of-o", "Gamla", ListOwner::Organisation("o".into()));
        setup.template_lists.insert(own.id.clone(), own);
        let anna = setup.practitioners.entry("AE".into());
        anna.and_modify(|it| it.lists.template_list = Some("of-o".into()));
    });
    console.press("Enter Tab").type_text("z");
    console.press("F2");
    assert!(console.take().is_empty());
    let screen = console.screen();
    assert!(screen.contains("! En behandlare har valt en lista"), "{screen}");
}

// Where nothing is there yet.

#[test]
fn a_card_with_nothing_to_choose_from_says_so_and_what_to_add_first() {
    for (number, keys, missing) in [
        (TEMPLATES, "Tab Tab", Some("Lägg först upp en kategori")),
        (COMPANIES, "Tab", Some("Lägg först upp en organisation")),
        (PRACTITIONERS, "Tab Tab Tab", Some("Lägg först upp ett företag")),
        (TYPES, "Tab Tab Tab Right Tab", None),
        (TEMPLATE_LISTS, "Tab Tab", None),
    ] {
        let mut console = section_of(wide(), number, |setup| *setup = Setup::default());
        let screen = console.press("n").press(keys).screen();
        assert!(screen.contains("Inget att välja bland än."), "{number}\n{screen}");
        assert!(!screen.contains("Inget passar sökningen"), "{number}\n{screen}");
        if let Some(told) = missing {
            let screen = console.press("F2").screen();
            assert!(screen.contains(told), "{number}\n{screen}");
        }
    }
}

// On small screens.

#[test]
fn every_item_to_tick_off_is_in_view_when_the_cursor_is_on_it() {
    let mut console = section(Start { size: (60, 16), ..Start::default() }, USERS);
    console.press("n Tab Tab Tab");
    for nth in 0..Permission::ALL.len() {
        let line = console.line(usize::from(console.cursor().y));
        assert!(line.contains("[ ] ") || line.contains("[x] "), "{nth}\n{}", console.screen());
        console.press("Down");
    }
}

#[test]
fn on_a_screen_too_narrow_for_both_the_card_takes_the_lists_place() {
    let names = ["Undersökning hos hygienist 30 min", "Undersökning hos hygienist 45 min"];
    let mut console = section_of(Start::default(), TEMPLATE_LISTS, |setup| {
        for (id, name) in ["us30", "vit"].into_iter().zip(names) {
            setup.templates.entry(id.into()).and_modify(|it| it.name = name.into());
        }
    });
    assert!(console.screen().contains(" │ "), "list and card\n{}", console.screen());
    let screen = console.press("Enter Tab Tab").screen();
    for name in names {
        assert!(screen.contains(name), "{name}\n{screen}");
    }
    console.press("Esc");
    assert!(console.line(2).contains("E-tidbok"), "{}", console.screen());
}

#[test]
fn of_a_long_search_the_end_that_is_being_typed_is_in_view() {
    let mut console = section(Start::default(), TEMPLATES);
    console.press("/").type_text("undersökning hos tandhygienist");
    let line = console.line(2);
    assert!(line.contains("tandhygienist"), "{line}");
    let at = console.cursor();
    assert!(at.y == 2 && at.x < 28, "{at}: in the list\n{}", console.screen());
}

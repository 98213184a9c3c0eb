//! What is wrong with a change of the settings, field by field: each row spoils a sound set-up, or a sound
//! card, in one way. R5, R14, R16.

#[path = "common/registers.rs"]
mod registers;

use std::collections::BTreeMap;

use chrono::Weekday;
use registers::{practitioner, preblock_type, template};
use tidbok::domain::*;

/// The most notice, and the most hours before which a patient may change: a month.
const MONTH_IN_MINUTES: u32 = 44_640;
const MONTH_IN_HOURS: u32 = 744;

fn lists() -> ListChoices {
    ListChoices::default()
}

fn company(id: &str, organisation: &str) -> Company {
    Company {
        id: id.into(),
        organisation: organisation.into(),
        name: id.into(),
        org_number: None,
        address: None,
        phone: None,
        email: None,
        portal_text: None,
        paused: false,
        lists: lists(),
    }
}

fn template_list(id: &str, owner: ListOwner) -> TemplateList {
    TemplateList { id: id.into(), name: id.into(), owner, items: Vec::new() }
}

fn preblock_list(id: &str, owner: ListOwner) -> PreblockList {
    PreblockList { id: id.into(), name: id.into(), owner, items: Vec::new() }
}

fn resource(code: char) -> Resource {
    Resource { code: ResourceCode(code), name: "Rum".into(), capacity: 1 }
}

fn category(id: &str) -> Category {
    Category { id: id.into(), name: id.into() }
}

fn week_template(id: &str) -> WeekTemplate {
    let session = WeekSession::new(Weekday::Mon, Minutes(480), Minutes(240)).unwrap();
    WeekTemplate { id: id.into(), name: id.into(), sessions: vec![session] }
}

fn user(signature: &str) -> User {
    User {
        signature: signature.into(),
        name: signature.into(),
        permissions: None,
        os_account: None,
        password_hash: None,
        active: true,
    }
}

fn patient() -> Patient {
    Patient {
        id: "p".into(),
        personnummer: None,
        first_name: "Åsa".into(),
        last_name: "Öberg".into(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::None,
        recall: Recall::default(),
    }
}

fn by_id<I: Ord, T>(items: impl IntoIterator<Item = T>, id: impl Fn(&T) -> I) -> BTreeMap<I, T> {
    items.into_iter().map(|item| (id(&item), item)).collect()
}

/// AE of company `c1`, CX of `c2`, both of organisation `o1`; `o2` has `c3`, where nobody works. Nobody
/// has chosen a list, and nothing refers to anything but to its category.
fn sound() -> Setup {
    let organisation = |id: &str| Organisation { id: id.into(), name: id.into(), lists: lists() };
    let own = |id: &str| ListOwner::Company(id.into());
    Setup {
        organisations: by_id(["o1", "o2"].map(organisation), |it| it.id.clone()),
        companies: by_id([company("c1", "o1"), company("c2", "o1"), company("c3", "o2")], |it| {
            it.id.clone()
        }),
        practitioners: by_id([practitioner("AE", "c1"), practitioner("CX", "c2")], |it| {
            it.id.clone()
        }),
        resources: by_id([resource('R'), resource('S')], |it| it.code),
        categories: by_id(["us", "akut", "fri"].map(category), |it| it.id.clone()),
        preblock_types: by_id(["e", "lunch"].map(preblock_type), |it| it.id.clone()),
        templates: by_id(["us30", "us60"].map(template), |it| it.id.clone()),
        template_lists: by_id(
            [template_list("all", ListOwner::All), template_list("of-c1", own("c1"))],
            |it| it.id.clone(),
        ),
        preblock_lists: by_id(
            [preblock_list("all", ListOwner::All), preblock_list("of-c1", own("c1"))],
            |it| it.id.clone(),
        ),
        closed_days: [parse_date("2026-12-24").unwrap()].into(),
        week_templates: by_id(["tidig", "sen"].map(week_template), |it| it.id.clone()),
        ..Setup::default()
    }
}

fn faults_in(setup: &Setup, change: &SettingChange) -> Vec<(Field, Problem)> {
    let owner = User { os_account: Some("ek".into()), ..user("AE") };
    let users = by_id([owner, user("BL")], |it| it.signature.clone());
    let others = Others { setup, users: &users, personnummer: PersonnummerIs::Free };
    let faults = change.faults(&others).into_iter();
    faults.map(|fault| (fault.field, fault.problem)).collect()
}

fn faults(change: &SettingChange) -> Vec<(Field, Problem)> {
    faults_in(&sound(), change)
}

/// One of its kind altered, as a form would.
fn altered<T: Clone>(
    before: T,
    kind: fn(Changed<T>) -> SettingChange,
    alter: impl FnOnce(&mut T),
) -> SettingChange {
    let mut after = before.clone();
    alter(&mut after);
    kind(Changed::Altered { before, after })
}

fn of_company(alter: impl FnOnce(&mut Company)) -> SettingChange {
    altered(company("c1", "o1"), SettingChange::Company, alter)
}

fn of_practitioner(alter: impl FnOnce(&mut Practitioner)) -> SettingChange {
    altered(practitioner("AE", "c1"), SettingChange::Practitioner, alter)
}

fn of_resource(alter: impl FnOnce(&mut Resource)) -> SettingChange {
    altered(resource('R'), SettingChange::Resource, alter)
}

fn of_type(alter: impl FnOnce(&mut PreblockType)) -> SettingChange {
    altered(preblock_type("e"), SettingChange::PreblockType, alter)
}

fn of_template(alter: impl FnOnce(&mut BookingTemplate)) -> SettingChange {
    altered(template("us30"), SettingChange::Template, alter)
}

fn of_template_list(alter: impl FnOnce(&mut TemplateList)) -> SettingChange {
    altered(template_list("all", ListOwner::All), SettingChange::TemplateList, alter)
}

fn of_preblock_list(alter: impl FnOnce(&mut PreblockList)) -> SettingChange {
    altered(preblock_list("all", ListOwner::All), SettingChange::PreblockList, alter)
}

/// A closed day put on another date.
fn of_closed_day(before: &str, after: &str) -> SettingChange {
    let day = |text| parse_date(text).unwrap();
    SettingChange::ClosedDay(Changed::Altered { before: day(before), after: day(after) })
}

fn of_week_template(alter: impl FnOnce(&mut WeekTemplate)) -> SettingChange {
    altered(week_template("tidig"), SettingChange::WeekTemplate, alter)
}

fn of_online(alter: impl FnOnce(&mut OnlineSettings)) -> SettingChange {
    altered(OnlineSettings::default(), SettingChange::Online, alter)
}

fn of_user(alter: impl FnOnce(&mut User)) -> SettingChange {
    altered(user("BL"), SettingChange::User, alter)
}

fn of_patient(alter: impl FnOnce(&mut Patient)) -> SettingChange {
    altered(patient(), SettingChange::Patient, alter)
}

fn organisation(id: &str) -> Organisation {
    Organisation { id: id.into(), name: id.into(), lists: lists() }
}

/// One of each kind as it is, and one more of each that there may be more of.
fn sound_changes() -> Vec<SettingChange> {
    vec![
        altered(organisation("o1"), SettingChange::Organisation, |_| {}),
        SettingChange::Organisation(Changed::Added(organisation("o3"))),
        of_company(|_| {}),
        SettingChange::Company(Changed::Added(company("c4", "o2"))),
        of_practitioner(|_| {}),
        SettingChange::Practitioner(Changed::Added(practitioner("DY", "c3"))),
        of_resource(|_| {}),
        SettingChange::Resource(Changed::Added(resource('T'))),
        of_resource(|it| it.code = ResourceCode('T')),
        altered(category("us"), SettingChange::Category, |_| {}),
        SettingChange::Category(Changed::Added(category("ny"))),
        of_type(|_| {}),
        SettingChange::PreblockType(Changed::Added(preblock_type("ny"))),
        of_template(|_| {}),
        SettingChange::Template(Changed::Added(template("ny"))),
        of_template_list(|_| {}),
        SettingChange::TemplateList(Changed::Added(template_list("ny", ListOwner::All))),
        of_preblock_list(|_| {}),
        SettingChange::PreblockList(Changed::Added(preblock_list("ny", ListOwner::All))),
        SettingChange::ClosedDay(Changed::Added(parse_date("2026-12-31").unwrap())),
        SettingChange::ClosedDay(Changed::Removed(parse_date("2026-12-24").unwrap())),
        of_week_template(|_| {}),
        SettingChange::WeekTemplate(Changed::Added(week_template("ny"))),
        SettingChange::WeekTemplate(Changed::Removed(week_template("tidig"))),
        of_online(|_| {}),
        of_user(|_| {}),
        SettingChange::User(Changed::Added(user("CX"))),
        SettingChange::User(Changed::Removed(user("BL"))),
        of_patient(|_| {}),
        SettingChange::Patient(Changed::Added(patient())),
        SettingChange::Patient(Changed::Removed(patient())),
    ]
}

#[test]
fn what_is_in_order_has_no_fault() {
    for change in sound_changes() {
        assert_eq!(faults(&change), [], "{}", change.entity());
    }
}

#[test]
fn every_name_is_filled_in_and_short_and_no_others() {
    let (empty, long) = (String::from(" "), "å".repeat(LONGEST_NAME + 1));
    let named = |name: &str| -> [SettingChange; 10] {
        let name = || name.to_owned();
        [
            altered(organisation("o1"), SettingChange::Organisation, |it| it.name = name()),
            of_company(|it| it.name = name()),
            of_practitioner(|it| it.name = name()),
            of_resource(|it| it.name = name()),
            altered(category("us"), SettingChange::Category, |it| it.name = name()),
            of_type(|it| it.name = name()),
            of_template(|it| it.name = name()),
            of_template_list(|it| it.name = name()),
            of_preblock_list(|it| it.name = name()),
            of_week_template(|it| it.name = name()),
        ]
    };
    for change in named(&empty) {
        assert_eq!(faults(&change), [(Field::Name, Problem::Empty)], "{}", change.entity());
    }
    for change in named(&long) {
        let too_long = [(Field::Name, Problem::TooLong(LONGEST_NAME))];
        assert_eq!(faults(&change), too_long, "{}", change.entity());
    }
    for change in named(&"å".repeat(LONGEST_NAME)) {
        assert_eq!(faults(&change), [], "{}", change.entity());
    }
    // Another of the kind has it, however it is spelt.
    for change in [
        altered(organisation("o1"), SettingChange::Organisation, |it| it.name = "O2".into()),
        of_company(|it| it.name = "C2".into()),
        altered(category("us"), SettingChange::Category, |it| it.name = "Akut".into()),
        of_type(|it| it.name = "Lunch".into()),
        of_template(|it| it.name = "US60 ".into()),
        of_template_list(|it| it.name = "Of-c1".into()),
        of_preblock_list(|it| it.name = "Of-c1".into()),
        of_week_template(|it| it.name = "SEN".into()),
    ] {
        assert_eq!(faults(&change), [(Field::Name, Problem::Taken)], "{}", change.entity());
    }
    let same = of_practitioner(|it| it.name = "CX".into());
    assert_eq!(faults(&same), [], "two practitioners may be called the same");
}

#[test]
fn every_wrong_value_is_told_of_at_its_field() {
    let name = || "å".repeat(LONGEST_NAME + 1);
    let text = || "å".repeat(LONGEST_TEXT + 1);
    let codes = |codes: &str| ResourceCodes::parse(codes).unwrap();
    let long = |longest| Problem::TooLong(longest);
    let range = |from, to| Problem::OutOfRange { from, to };
    use Problem::{ControlCharacters, Emoji, Empty, InUse, Malformed, Reserved, Taken, Unknown};
    for (change, field, problem) in [
        (of_company(|it| it.organisation = "o9".into()), Field::Organisation, Unknown),
        (of_company(|it| it.org_number = Some(name())), Field::OrgNumber, long(LONGEST_NAME)),
        (of_company(|it| it.address = Some(text())), Field::Address, long(LONGEST_TEXT)),
        (of_company(|it| it.phone = Some(name())), Field::Phone, long(LONGEST_NAME)),
        (of_company(|it| it.email = Some("a@lokalt".into())), Field::Email, Malformed),
        (of_company(|it| it.portal_text = Some(text())), Field::PortalText, long(LONGEST_TEXT)),
        (of_practitioner(|it| it.signature = " ".into()), Field::Signature, Empty),
        (of_practitioner(|it| it.signature = "Itb".into()), Field::Signature, Reserved),
        (of_practitioner(|it| it.signature = "cx".into()), Field::Signature, Taken),
        (of_practitioner(|it| it.title = name()), Field::Title, long(LONGEST_NAME)),
        (of_practitioner(|it| it.company = "c9".into()), Field::Company, Unknown),
        (of_resource(|it| it.capacity = 0), Field::Capacity, range(1, 100)),
        (of_resource(|it| it.capacity = 101), Field::Capacity, range(1, 100)),
        (of_resource(|it| it.code = ResourceCode(' ')), Field::ResourceCode, Empty),
        (of_resource(|it| it.code = ResourceCode('\u{7}')), Field::ResourceCode, ControlCharacters),
        (of_resource(|it| it.code = ResourceCode('🦷')), Field::ResourceCode, Emoji),
        (of_resource(|it| it.code = ResourceCode('S')), Field::ResourceCode, Taken),
        (of_type(|it| it.text = text()), Field::Text, long(LONGEST_TEXT)),
        (of_type(|it| it.text = "Ring\u{1b}".into()), Field::Text, ControlCharacters),
        (of_type(|it| it.text = "☎\u{fe0f}".into()), Field::Text, Emoji),
        (of_type(|it| it.text = "🎉".into()), Field::Text, Emoji),
        (of_type(|it| it.categories = ["x".into()].into()), Field::Categories, Unknown),
        (
            of_type(|it| it.valid_for = ValidFor::Only(["X".into()].into())),
            Field::ValidFor,
            Unknown,
        ),
        (of_type(|it| it.expires_days_before = Some(731)), Field::Expires, range(0, 730)),
        (of_type(|it| it.code = Some(" ".into())), Field::Code, Empty),
        (of_template(|it| it.category = "".into()), Field::Category, Empty),
        (of_template(|it| it.category = "x".into()), Field::Category, Unknown),
        (of_template(|it| it.calendar_text = text()), Field::Calendar, long(LONGEST_TEXT)),
        (of_template(|it| it.resources = codes("R ")), Field::Resources, Malformed),
        (of_template(|it| it.resources = codes("R\u{7}")), Field::Resources, Malformed),
        (of_template(|it| it.resources = codes("R🦷")), Field::Resources, Malformed),
        (of_template_list(|it| it.items = vec!["x".into()]), Field::Items, Unknown),
        (
            of_template_list(|it| it.items = vec!["us30".into(), "us30".into()]),
            Field::Items,
            Problem::Repeated,
        ),
        (of_preblock_list(|it| it.items = vec!["x".into()]), Field::Items, Unknown),
        (
            of_preblock_list(|it| it.items = vec!["e".into(), "e".into()]),
            Field::Items,
            Problem::Repeated,
        ),
        (
            of_template_list(|it| it.owner = ListOwner::Organisation("x".into())),
            Field::Owner,
            Unknown,
        ),
        (of_template_list(|it| it.owner = ListOwner::Company("x".into())), Field::Owner, Unknown),
        (
            of_preblock_list(|it| it.owner = ListOwner::Practitioner("x".into())),
            Field::Owner,
            Unknown,
        ),
        (
            SettingChange::ClosedDay(Changed::Added(parse_date("2026-12-24").unwrap())),
            Field::Date,
            Taken,
        ),
        (of_closed_day("2026-12-31", "2026-12-24"), Field::Date, Taken),
        (of_week_template(|it| it.sessions.clear()), Field::Sessions, Empty),
        (of_online(|it| it.horizon_days = 0), Field::Horizon, range(1, 730)),
        (of_online(|it| it.horizon_days = 731), Field::Horizon, range(1, 730)),
        (
            of_online(|it| it.notice_minutes = MONTH_IN_MINUTES + 1),
            Field::Notice,
            range(0, MONTH_IN_MINUTES),
        ),
        (
            of_online(|it| it.change_deadline_hours = MONTH_IN_HOURS + 1),
            Field::Deadline,
            range(0, MONTH_IN_HOURS),
        ),
        (SettingChange::Online(Changed::Removed(OnlineSettings::default())), Field::Whole, InUse),
        (of_user(|it| it.name = String::new()), Field::Name, Empty),
        (SettingChange::User(Changed::Added(user("itb"))), Field::Signature, Reserved),
        (SettingChange::User(Changed::Added(user("System"))), Field::Signature, Reserved),
        (SettingChange::User(Changed::Added(user("bl"))), Field::Signature, Taken),
        (of_user(|it| it.signature = "CX".into()), Field::Signature, InUse),
        (of_user(|it| it.os_account = Some(name())), Field::OsAccount, long(LONGEST_NAME)),
        (of_user(|it| it.os_account = Some("ek".into())), Field::OsAccount, Taken),
        (of_patient(|it| it.first_name = " ".into()), Field::FirstName, Empty),
        (of_patient(|it| it.last_name = String::new()), Field::LastName, Empty),
        (of_patient(|it| it.email = Some("x".into())), Field::Email, Malformed),
        (of_patient(|it| it.mobile = Some("abc".into())), Field::Mobile, Malformed),
        (of_patient(|it| it.address = Some(text())), Field::Address, long(LONGEST_TEXT)),
        (of_patient(|it| it.recall.months = 0), Field::RecallMonths, range(1, 120)),
        (of_patient(|it| it.recall.months = 121), Field::RecallMonths, range(1, 120)),
        (of_patient(|it| it.recall.template = Some("x".into())), Field::RecallTemplate, Unknown),
        (
            of_patient(|it| it.recall.template = Some("us30".into())),
            Field::RecallTemplate,
            Problem::NotForRecall,
        ),
    ] {
        assert_eq!(faults(&change), [(field, problem)], "{} {field:?}", change.entity());
    }
}

#[test]
fn r14_a_number_that_staff_give_is_one_that_can_be_rung_and_an_old_one_is_not_in_the_way() {
    let mobile = |number: &str| Patient { mobile: Some(number.into()), ..patient() };
    let malformed = [(Field::Mobile, Problem::Malformed)];
    let long = "070-174 06 05, ".repeat(7);
    assert_eq!(faults(&SettingChange::Patient(Changed::Added(mobile("abc")))), malformed);
    let faulty = faults(&SettingChange::Patient(Changed::Added(mobile(&long))));
    assert_eq!(faulty.first(), Some(&(Field::Mobile, Problem::TooLong(LONGEST_NAME))));
    assert_eq!(faults(&SettingChange::Patient(Changed::Added(mobile("070-174 06 05")))), []);
    let before = mobile("mammas");
    let moved = Patient { address: Some("Storgatan 1".into()), ..before.clone() };
    let altered =
        |after| SettingChange::Patient(Changed::Altered { before: before.clone(), after });
    assert_eq!(faults(&altered(moved)), []);
    assert_eq!(faults(&altered(mobile("pappas"))), malformed);
}

#[test]
fn the_most_and_the_least_are_allowed() {
    for change in [
        of_company(|it| it.portal_text = Some("å".repeat(LONGEST_TEXT))),
        of_company(|it| it.portal_text = Some("Välkommen!\nVi har öppet ©.".into())),
        of_resource(|it| it.capacity = 100),
        of_type(|it| it.categories = ["us".into(), "akut".into()].into()),
        of_type(|it| it.valid_for = ValidFor::Only(["AE".into(), "CX".into()].into())),
        of_type(|it| it.expires_days_before = Some(0)),
        of_type(|it| it.expires_days_before = Some(730)),
        of_online(|it| it.horizon_days = 1),
        of_online(|it| it.horizon_days = 730),
        of_online(|it| (it.notice_minutes, it.change_deadline_hours) = (0, 0)),
        of_online(|it| it.notice_minutes = MONTH_IN_MINUTES),
        of_online(|it| it.change_deadline_hours = MONTH_IN_HOURS),
        of_patient(|it| it.recall.months = 1),
        of_patient(|it| it.recall.months = 120),
        of_template_list(|it| it.items = vec!["us60".into(), "us30".into()]),
        of_preblock_list(|it| it.owner = ListOwner::Practitioner("AE".into())),
    ] {
        assert_eq!(faults(&change), [], "{}", change.entity());
    }
    let mut setup = sound();
    setup.templates.insert("us30".into(), BookingTemplate { recall: true, ..template("us30") });
    let recalled = of_patient(|it| it.recall.template = Some("us30".into()));
    assert_eq!(faults_in(&setup, &recalled), []);
}

#[test]
fn what_is_referred_to_is_not_removed() {
    type Refer = fn(&mut Setup);
    let removed: [(SettingChange, &[Refer]); 8] = [
        (
            SettingChange::Organisation(Changed::Removed(organisation("o2"))),
            &[
                |_| {},
                |setup| {
                    setup.companies.clear();
                    let owner = ListOwner::Organisation("o2".into());
                    setup.preblock_lists.insert("own".into(), preblock_list("own", owner));
                },
            ],
        ),
        (
            SettingChange::Company(Changed::Removed(company("c3", "o2"))),
            &[
                |setup| {
                    setup.practitioners.insert("DY".into(), practitioner("DY", "c3"));
                },
                |setup| {
                    let owner = ListOwner::Company("c3".into());
                    setup.template_lists.insert("own".into(), template_list("own", owner));
                },
            ],
        ),
        (
            SettingChange::Practitioner(Changed::Removed(practitioner("AE", "c1"))),
            &[
                |setup| {
                    let kind = setup.preblock_types.get_mut(&"e".into()).unwrap();
                    kind.valid_for = ValidFor::Only(["AE".into()].into());
                },
                |setup| {
                    let owner = ListOwner::Practitioner("AE".into());
                    setup.template_lists.insert("own".into(), template_list("own", owner));
                },
            ],
        ),
        (
            SettingChange::Resource(Changed::Removed(resource('R'))),
            &[|setup| {
                let found = setup.templates.get_mut(&"us30".into()).unwrap();
                found.resources = ResourceCodes::parse("SR").unwrap();
            }],
        ),
        (
            SettingChange::Category(Changed::Removed(category("fri"))),
            &[
                |setup| {
                    setup.templates.get_mut(&"us30".into()).unwrap().category = "fri".into();
                },
                |setup| {
                    let kind = setup.preblock_types.get_mut(&"e".into()).unwrap();
                    kind.categories = ["fri".into()].into();
                },
            ],
        ),
        (
            SettingChange::PreblockType(Changed::Removed(preblock_type("e"))),
            &[|setup| {
                setup.preblock_lists.get_mut(&"all".into()).unwrap().items = vec!["e".into()];
            }],
        ),
        (
            SettingChange::Template(Changed::Removed(template("us30"))),
            &[|setup| {
                setup.template_lists.get_mut(&"all".into()).unwrap().items = vec!["us30".into()];
            }],
        ),
        (
            SettingChange::TemplateList(Changed::Removed(template_list("all", ListOwner::All))),
            &[
                |setup| {
                    let chooser = setup.organisations.get_mut(&"o2".into()).unwrap();
                    chooser.lists.template_list = Some("all".into());
                },
                |setup| {
                    let chooser = setup.companies.get_mut(&"c3".into()).unwrap();
                    chooser.lists.online_template_list = Some("all".into());
                },
                |setup| {
                    let chooser = setup.practitioners.get_mut(&"AE".into()).unwrap();
                    chooser.lists.template_list = Some("all".into());
                },
            ],
        ),
    ];
    for (removal, referred) in removed {
        for refer in referred {
            let mut setup = sound();
            refer(&mut setup);
            let in_use = [(Field::Whole, Problem::InUse)];
            assert_eq!(faults_in(&setup, &removal), in_use, "{}", removal.entity());
        }
        let mut bare = sound();
        bare.companies.retain(|_, it| it.organisation != "o2".into());
        assert_eq!(faults_in(&bare, &removal), [], "{}", removal.entity());
    }
    let renamed = of_resource(|it| it.code = ResourceCode('T'));
    let mut setup = sound();
    setup.templates.get_mut(&"us30".into()).unwrap().resources = ResourceCodes::parse("R").unwrap();
    assert_eq!(faults_in(&setup, &renamed), [(Field::ResourceCode, Problem::InUse)]);
    let list = SettingChange::PreblockList(Changed::Removed(preblock_list("all", ListOwner::All)));
    assert_eq!(faults(&list), []);
    let chooser = setup.practitioners.get_mut(&"AE".into()).unwrap();
    chooser.lists.preblock_list = Some("all".into());
    assert_eq!(faults_in(&setup, &list), [(Field::Whole, Problem::InUse)]);
}

#[test]
fn r5_a_list_is_chosen_where_it_is_and_where_its_owner_reaches() {
    let templates = |list: &str| ListChoices { template_list: Some(list.into()), ..lists() };
    let online = |list: &str| ListChoices { online_template_list: Some(list.into()), ..lists() };
    let preblocks = |list: &str| ListChoices { preblock_list: Some(list.into()), ..lists() };
    let all = |list: &str| {
        [
            (Field::TemplateList, templates(list)),
            (Field::OnlineTemplateList, online(list)),
            (Field::PreblockList, preblocks(list)),
        ]
    };
    let of_organisation = |lists| {
        altered(organisation("o1"), SettingChange::Organisation, |it: &mut Organisation| {
            it.lists = lists;
        })
    };
    for (field, lists) in all("x") {
        for change in [
            of_organisation(lists.clone()),
            of_company(|it| it.lists = lists.clone()),
            of_practitioner(|it| it.lists = lists.clone()),
        ] {
            assert_eq!(faults(&change), [(field, Problem::Unknown)], "{}", change.entity());
        }
    }
    for (field, lists) in all("of-c1") {
        let within = [
            of_company(|it| it.lists = lists.clone()),
            of_practitioner(|it| it.lists = lists.clone()),
        ];
        for change in within {
            assert_eq!(faults(&change), [], "{}", change.entity());
        }
        let other = practitioner("CX", "c2");
        let other = altered(other, SettingChange::Practitioner, |it| it.lists = lists.clone());
        for change in [of_organisation(lists.clone()), other] {
            assert_eq!(faults(&change), [(field, Problem::NotReachable)], "{}", change.entity());
        }
    }
    for (_, lists) in all("all") {
        assert_eq!(faults(&of_organisation(lists)), []);
    }
}

#[test]
fn r5_a_list_does_not_leave_those_who_have_chosen_it() {
    let choosing: [fn(&mut Setup, ListChoices); 3] = [
        |setup, lists| setup.organisations.get_mut(&"o1".into()).unwrap().lists = lists,
        |setup, lists| setup.companies.get_mut(&"c1".into()).unwrap().lists = lists,
        |setup, lists| setup.practitioners.get_mut(&"AE".into()).unwrap().lists = lists,
    ];
    let given_to = |owner: &ListOwner| {
        let templates = of_template_list(|it| it.owner = owner.clone());
        (templates, of_preblock_list(|it| it.owner = owner.clone()))
    };
    let chosen = ListChoices {
        template_list: Some("all".into()),
        online_template_list: None,
        preblock_list: Some("all".into()),
    };
    let stranding = vec![(Field::Owner, Problem::Stranding)];
    for (owner, strands) in [
        (ListOwner::All, [false, false, false]),
        (ListOwner::Organisation("o1".into()), [false, false, false]),
        (ListOwner::Organisation("o2".into()), [true, true, true]),
        (ListOwner::Company("c1".into()), [true, false, false]),
        (ListOwner::Company("c2".into()), [true, true, true]),
        (ListOwner::Practitioner("AE".into()), [true, true, false]),
    ] {
        for (choose, strands) in choosing.iter().zip(strands) {
            let mut setup = sound();
            choose(&mut setup, chosen.clone());
            let expected = if strands { stranding.clone() } else { Vec::new() };
            let (templates, preblocks) = given_to(&owner);
            assert_eq!(faults_in(&setup, &templates), expected, "{owner:?}");
            assert_eq!(faults_in(&setup, &preblocks), expected, "{owner:?}");
        }
    }
    let (templates, _) = given_to(&ListOwner::Company("c2".into()));
    let mut setup = sound();
    setup.companies.get_mut(&"c1".into()).unwrap().lists.online_template_list = Some("all".into());
    assert_eq!(faults_in(&setup, &templates), stranding, "patients' list, too");
}

#[test]
fn r5_a_company_does_not_go_where_its_practitioners_lists_do_not_reach() {
    let mut setup = sound();
    let owner = ListOwner::Organisation("o1".into());
    setup.template_lists.insert("of-o1".into(), template_list("of-o1", owner));
    let goes = of_company(|it| it.organisation = "o2".into());
    assert_eq!(faults_in(&setup, &goes), []);
    let choose = |setup: &mut Setup, list: &str| {
        setup.practitioners.get_mut(&"AE".into()).unwrap().lists.template_list = Some(list.into());
    };
    choose(&mut setup, "of-c1");
    assert_eq!(faults_in(&setup, &goes), [], "the company's own list goes with it");
    choose(&mut setup, "of-o1");
    assert_eq!(faults_in(&setup, &goes), [(Field::Organisation, Problem::Stranding)]);
    assert_eq!(faults_in(&setup, &of_company(|_| {})), [], "whoever stays is reached as before");
    let other = altered(company("c2", "o1"), SettingChange::Company, |it| {
        it.organisation = "o2".into();
    });
    assert_eq!(faults_in(&setup, &other), [], "nobody of the other company has chosen it");
}

#[test]
fn r21_a_personnummer_that_another_patient_has_is_taken() {
    let (setup, users) = (sound(), BTreeMap::new());
    let faults = |personnummer| {
        of_patient(|_| {}).faults(&Others { setup: &setup, users: &users, personnummer })
    };
    assert_eq!(faults(PersonnummerIs::Free), []);
    let taken = Fault { field: Field::Personnummer, problem: Problem::Taken };
    assert_eq!(faults(PersonnummerIs::AnothersAlready), [taken]);
}

#[test]
fn types_templates_practitioners_and_users_are_only_deactivated() {
    let fault = Fault { field: Field::Whole, problem: Problem::OnlyDeactivated };
    for (change, expected) in [
        (SettingChange::PreblockType(Changed::Removed(preblock_type("e"))), Some(fault)),
        (SettingChange::Template(Changed::Removed(template("us30"))), Some(fault)),
        (SettingChange::Practitioner(Changed::Removed(practitioner("AE", "c1"))), Some(fault)),
        (SettingChange::User(Changed::Removed(user("BL"))), Some(fault)),
        (SettingChange::User(Changed::Added(user("CX"))), None),
        (of_template(|it| it.active = false), None),
        (SettingChange::Category(Changed::Removed(category("fri"))), None),
    ] {
        assert_eq!(change.removal_fault(), expected, "{}", change.entity());
    }
}

fn given() -> GivenContacts {
    let contacts = Contacts {
        first_name: "Åsa".into(),
        last_name: "Öberg".into(),
        email: "asa@example.se".into(),
        mobile: "070-174 06 05".into(),
        address: None,
    };
    GivenContacts {
        booking: "b".into(),
        given_at: "2026-11-23T12:00".parse().unwrap(),
        contacts,
        offer: Offer::Open,
        language: None,
    }
}

#[test]
fn r14_staff_settle_an_offer_and_change_nothing_else_of_it() {
    let settled = GivenContacts { offer: Offer::Settled, ..given() };
    let mut rewritten = settled.clone();
    rewritten.contacts.first_name = "Eva".into();
    let reserved = vec![(Field::Whole, Problem::Reserved)];
    for (change, expected) in [
        (Changed::Altered { before: given(), after: settled.clone() }, vec![]),
        (Changed::Altered { before: settled.clone(), after: given() }, vec![]),
        (Changed::Altered { before: given(), after: rewritten }, reserved.clone()),
        (Changed::Added(given()), reserved.clone()),
        (Changed::Removed(settled), reserved),
    ] {
        assert_eq!(faults(&SettingChange::Contacts(change)), expected);
    }
}

#[test]
fn r14_contacts_are_told_of_field_by_field() {
    let name = || "a".repeat(LONGEST_NAME + 1);
    let text = || "å".repeat(LONGEST_TEXT + 1);
    use Problem::{ControlCharacters, Empty, Malformed, TooLong};
    type Spoil = Box<dyn Fn(&mut Contacts)>;
    let table: Vec<(Spoil, Field, Problem)> = vec![
        (Box::new(|it| it.first_name = " ".into()), Field::FirstName, Empty),
        (Box::new(|it| it.first_name = "Ås\na".into()), Field::FirstName, ControlCharacters),
        (Box::new(|it| it.first_name = "-".into()), Field::FirstName, Malformed),
        (Box::new(move |it| it.first_name = name()), Field::FirstName, TooLong(LONGEST_NAME)),
        (Box::new(|it| it.last_name = String::new()), Field::LastName, Empty),
        (Box::new(|it| it.last_name = "123".into()), Field::LastName, Malformed),
        (Box::new(move |it| it.last_name = name()), Field::LastName, TooLong(LONGEST_NAME)),
        (Box::new(|it| it.email = " ".into()), Field::Email, Empty),
        (Box::new(|it| it.email = "asa".into()), Field::Email, Malformed),
        (Box::new(|it| it.mobile = String::new()), Field::Mobile, Empty),
        (Box::new(|it| it.mobile = "ring".into()), Field::Mobile, Malformed),
        (Box::new(move |it| it.address = Some(text())), Field::Address, TooLong(LONGEST_TEXT)),
    ];
    assert_eq!(given().contacts.faults(), []);
    for (spoil, field, problem) in table {
        let mut contacts = given().contacts;
        spoil(&mut contacts);
        assert_eq!(contacts.faults(), [Fault { field, problem }], "{field:?} {problem:?}");
    }
}

#[test]
fn a_fault_names_its_field_and_what_to_do() {
    for (field, problem, sentence) in [
        (Field::Name, Problem::Empty, "Name: has to be filled in"),
        (Field::Text, Problem::TooLong(1000), "Text: has more than 1000 characters"),
        (
            Field::Capacity,
            Problem::OutOfRange { from: 1, to: 100 },
            "Capacity: is not between 1 and 100",
        ),
    ] {
        assert_eq!(Fault { field, problem }.to_string(), sentence);
    }
}

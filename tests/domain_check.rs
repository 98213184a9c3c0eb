//! The settings check: each row spoils a sound clinic in one way, and says what must be found.

#[path = "common/registers.rs"]
mod registers;

use std::collections::{BTreeMap, BTreeSet};

use registers::practitioner;
use tidbok::domain::*;
use tidbok::{demo, store};

const TODAY: &str = "2026-11-23";

fn by_id<I: Ord, T>(items: impl IntoIterator<Item = T>, id: impl Fn(&T) -> I) -> BTreeMap<I, T> {
    items.into_iter().map(|item| (id(&item), item)).collect()
}

fn preblock_type(id: &str, kind: PreblockKind, categories: &[&str]) -> PreblockType {
    PreblockType {
        kind,
        allow: !categories.is_empty(),
        categories: categories.iter().map(|id| CategoryId::new(*id)).collect(),
        ..registers::preblock_type(id)
    }
}

fn template(id: &str, category: &str, online: bool) -> BookingTemplate {
    BookingTemplate { category: category.into(), online, ..registers::template(id) }
}

fn company(id: &str) -> Company {
    Company {
        id: id.into(),
        organisation: "o".into(),
        name: id.into(),
        org_number: None,
        address: None,
        phone: None,
        email: None,
        portal_text: None,
        paused: false,
        lists: ListChoices::default(),
    }
}

fn templates(id: &str, owner: ListOwner, items: &[&str]) -> TemplateList {
    let items = items.iter().map(|item| TemplateId::new(*item)).collect();
    TemplateList { id: id.into(), name: id.into(), owner, items }
}

/// AE of company `a` and BL of company `b`; the list `web` shows `us` to the patients of both.
fn sound() -> Setup {
    let web = ListChoices { online_template_list: Some("web".into()), ..ListChoices::default() };
    let lists = [
        templates("web", ListOwner::All, &["us"]),
        templates("own-b", ListOwner::Company("b".into()), &["us"]),
        templates("empty", ListOwner::All, &[]),
        templates("staff-only", ListOwner::All, &["lagning"]),
    ];
    let types = [
        preblock_type("e-us", PreblockKind::Internet, &["us"]),
        preblock_type("lunch", PreblockKind::Internal, &[]),
    ];
    Setup {
        organisations: by_id(
            [Organisation { id: "o".into(), name: "o".into(), lists: web }],
            |it: &Organisation| it.id.clone(),
        ),
        companies: by_id([company("a"), company("b")], |it| it.id.clone()),
        practitioners: by_id(
            [
                practitioner("AE", "a"),
                practitioner("BL", "b"),
                Practitioner { active: false, ..practitioner("KM", "b") },
            ],
            |it| it.id.clone(),
        ),
        resources: by_id(
            [Resource { code: ResourceCode('R'), name: "Röntgen".into(), capacity: 1 }],
            |it| it.code,
        ),
        categories: by_id(
            ["us", "lagning", "akut"].map(|id| Category { id: id.into(), name: id.into() }),
            |it| it.id.clone(),
        ),
        preblock_types: by_id(types, |it| it.id.clone()),
        templates: by_id(
            [template("us", "us", true), template("lagning", "lagning", false)],
            |it| it.id.clone(),
        ),
        template_lists: by_id(lists, |it| it.id.clone()),
        preblock_lists: by_id(
            [PreblockList {
                id: "pb".into(),
                name: "pb".into(),
                owner: ListOwner::Practitioner("BL".into()),
                items: vec!["e-us".into()],
            }],
            |it| it.id.clone(),
        ),
        closed_days: [parse_date("2026-12-24").unwrap()].into(),
        ..Setup::default()
    }
}

fn user(signature: &str, permissions: Option<&[Permission]>) -> User {
    User {
        signature: signature.into(),
        name: signature.into(),
        permissions: permissions.map(|some| some.iter().copied().collect()),
        os_account: None,
        password_hash: None,
        active: true,
    }
}

fn users(all: impl IntoIterator<Item = User>) -> BTreeMap<Signature, User> {
    by_id(all, |user: &User| user.signature.clone())
}

fn administrator() -> User {
    user("ADM", Some(&[Permission::UsersManage]))
}

fn found(setup: &Setup) -> Vec<Finding> {
    check(setup, &users([administrator()]), parse_date(TODAY).unwrap())
}

fn spoilt(spoil: impl FnOnce(&mut Setup)) -> Vec<Finding> {
    let mut setup = sound();
    spoil(&mut setup);
    found(&setup)
}

fn e_us(setup: &mut Setup) -> &mut PreblockType {
    setup.preblock_types.get_mut(&"e-us".into()).unwrap()
}

fn us(setup: &mut Setup) -> &mut BookingTemplate {
    setup.templates.get_mut(&"us".into()).unwrap()
}

fn bl(setup: &mut Setup) -> &mut Practitioner {
    setup.practitioners.get_mut(&"BL".into()).unwrap()
}

fn of_type(remark: Remark) -> Finding {
    Finding { subject: Subject::PreblockType("e-us".into()), remark }
}

fn of_template(id: &str, remark: Remark) -> Finding {
    Finding { subject: Subject::Template(id.into()), remark }
}

fn of(subject: Subject, remark: Remark) -> Finding {
    Finding { subject, remark }
}

/// The online template, too, is told of where its only type is what is wrong.
fn none_allows() -> Finding {
    of_template("us", Remark::NoTypeAllows { category: "us".into(), nearly: vec!["e-us".into()] })
}

#[test]
fn a_sound_clinic_gives_no_finding() {
    assert_eq!(found(&sound()), []);
    assert_eq!(check(&Setup::default(), &BTreeMap::new(), parse_date(TODAY).unwrap()), []);
}

#[test]
fn r3_a_type_that_allows_nothing_or_matches_nothing_says_what_would_match() {
    let unset = spoilt(|setup| e_us(setup).allow = false);
    assert_eq!(unset, [of_type(Remark::AllowUnset), none_allows()]);

    let none = spoilt(|setup| e_us(setup).categories.clear());
    let uncovered = Remark::NoTypeAllows { category: "us".into(), nearly: vec![] };
    assert_eq!(none, [of_type(Remark::NoCategory), of_template("us", uncovered.clone())]);

    let other = spoilt(|setup| e_us(setup).categories = ["lagning".into()].into());
    let nothing = Remark::MatchesNoTemplate {
        would_match: ["us".into()].into(),
        not_online: vec!["lagning".into()],
    };
    assert_eq!(other, [of_type(nothing), of_template("us", uncovered)]);
}

#[test]
fn r3_only_an_active_internet_type_that_allows_something_counts_as_one_that_allows() {
    for spoil in [(|it| it.active = false) as fn(&mut PreblockType), |it| {
        it.kind = PreblockKind::Internal;
    }] {
        let findings = spoilt(|setup| spoil(e_us(setup)));
        assert_eq!(findings, [none_allows()]);
    }
}

#[test]
fn r3_templates_that_are_inactive_match_no_more_than_those_not_online() {
    for spoil in [(|it| it.active = false) as fn(&mut BookingTemplate), |it| it.online = false] {
        let findings = spoilt(|setup| spoil(us(setup)));
        let nothing = Remark::MatchesNoTemplate {
            would_match: BTreeSet::new(),
            not_online: vec!["us".into()],
        };
        let list = of(Subject::TemplateList("web".into()), Remark::NothingOnline);
        assert_eq!(findings, [of_type(nothing), list]);
    }
}

#[test]
fn r4_r6_type_template_and_list_must_meet_at_one_practitioner() {
    // `akut` is listed for BL only, the type that allows it is valid for AE only.
    let findings = spoilt(|setup| {
        setup.templates.insert("akut".into(), template("akut", "akut", true));
        let list = templates("bl", ListOwner::Practitioner("BL".into()), &["us", "akut"]);
        setup.template_lists.insert("bl".into(), list);
        bl(setup).lists.online_template_list = Some("bl".into());
        let e_akut = PreblockType {
            valid_for: ValidFor::Only(["AE".into()].into()),
            ..preblock_type("e-akut", PreblockKind::Internet, &["akut"])
        };
        setup.preblock_types.insert("e-akut".into(), e_akut);
    });
    let in_no_list = Remark::MatchesInNoList { templates: vec!["akut".into()] };
    let elsewhere = Remark::TypesElsewhere { types: vec!["e-akut".into()] };
    assert_eq!(
        findings,
        [of(Subject::PreblockType("e-akut".into()), in_no_list), of_template("akut", elsewhere)]
    );
}

#[test]
fn r4_an_online_template_in_nobodys_list_is_found_and_inactive_practitioners_do_not_count() {
    let findings = spoilt(|setup| {
        setup.templates.insert("us2".into(), template("us2", "us", true));
        let list = templates("km", ListOwner::Practitioner("KM".into()), &["us2"]);
        setup.template_lists.insert("km".into(), list);
        let km = setup.practitioners.get_mut(&"KM".into()).unwrap();
        km.lists.online_template_list = Some("km".into());
    });
    assert_eq!(findings, [of_template("us2", Remark::InNoOnlineList)]);
}

#[test]
fn r6_a_type_valid_for_nobody_is_found_of_either_kind() {
    for chosen in [BTreeSet::new(), ["KM".into()].into()] {
        let findings = spoilt(|setup| {
            let lunch = setup.preblock_types.get_mut(&"lunch".into()).unwrap();
            lunch.valid_for = ValidFor::Only(chosen);
        });
        assert_eq!(findings, [of(Subject::PreblockType("lunch".into()), Remark::ValidForNobody)]);
    }
    let findings = spoilt(|setup| e_us(setup).valid_for = ValidFor::Only(BTreeSet::new()));
    assert!(findings.contains(&of_type(Remark::ValidForNobody)), "{findings:?}");
}

#[test]
fn r7_r8_a_type_that_expires_before_its_times_come_into_the_horizon_publishes_nothing() {
    for (days, wrong) in [(89, false), (90, true), (400, true)] {
        let findings = spoilt(|setup| e_us(setup).expires_days_before = Some(days));
        let remark = Remark::ExpiresBeforeHorizon { days_before: days, horizon_days: 90 };
        assert_eq!(findings == [of_type(remark)], wrong, "{days}: {findings:?}");
        assert_eq!(findings.is_empty(), !wrong, "{days}");
    }
}

#[test]
fn r8_a_notice_longer_than_the_horizon_publishes_nothing() {
    for (notice, wrong) in [(2 * 1440 - 1, false), (2 * 1440, true), (u32::MAX, true)] {
        let findings = spoilt(|setup| {
            setup.online.horizon_days = 1;
            setup.online.notice_minutes = notice;
        });
        let expected = [of(Subject::Online, Remark::NoticeBeyondHorizon)];
        assert_eq!(findings == expected, wrong, "{notice}: {findings:?}");
    }
}

#[test]
fn r9_an_unknown_resource_character_is_found_on_staffs_templates_too() {
    for id in ["us", "lagning"] {
        let findings = spoilt(|setup| {
            let found = setup.templates.get_mut(&id.into()).unwrap();
            found.resources = ResourceCodes::parse("RX").unwrap();
        });
        assert_eq!(findings, [of_template(id, Remark::UnknownResource(ResourceCode('X')))]);
    }
}

#[test]
fn r5_a_chosen_list_that_is_empty_or_holds_nothing_of_use_is_found() {
    let empty = spoilt(|setup| bl(setup).lists.online_template_list = Some("empty".into()));
    let chosen_by = BTreeSet::from([Chooser::Practitioner("BL".into())]);
    let list = Subject::TemplateList("empty".into());
    assert_eq!(empty, [of(list.clone(), Remark::EmptyList { chosen_by: chosen_by.clone() })]);

    let staff = spoilt(|setup| bl(setup).lists.template_list = Some("empty".into()));
    assert_eq!(staff, [of(list, Remark::EmptyList { chosen_by })], "also for staff");

    let blind = spoilt(|setup| bl(setup).lists.online_template_list = Some("staff-only".into()));
    assert_eq!(blind, [of(Subject::TemplateList("staff-only".into()), Remark::NothingOnline)]);

    let asleep = spoilt(|setup| {
        bl(setup).lists.preblock_list = Some("pb".into());
        let items = &mut setup.preblock_lists.get_mut(&"pb".into()).unwrap().items;
        *items = vec!["old".into()];
        let old =
            PreblockType { active: false, ..preblock_type("old", PreblockKind::Internal, &[]) };
        setup.preblock_types.insert("old".into(), old);
    });
    assert_eq!(asleep, [of(Subject::PreblockList("pb".into()), Remark::NothingActive)]);
}

#[test]
fn r5_a_list_that_its_owner_does_not_reach_is_found_at_whoever_chose_it() {
    let company = spoilt(|setup| {
        let a = setup.companies.get_mut(&"a".into()).unwrap();
        a.lists.online_template_list = Some("own-b".into());
    });
    let out = Remark::OutOfReach(AnyList::Templates("own-b".into()));
    assert_eq!(company, [of(Subject::Company("a".into()), out)]);

    let practitioner = spoilt(|setup| {
        let ae = setup.practitioners.get_mut(&"AE".into()).unwrap();
        ae.lists.preblock_list = Some("pb".into());
    });
    let out = Remark::OutOfReach(AnyList::Preblocks("pb".into()));
    assert_eq!(practitioner, [of(Subject::Practitioner("AE".into()), out)]);
}

#[test]
fn r5_whoever_shows_everything_while_others_choose_is_told_of() {
    let mixed = spoilt(|setup| {
        let organisation = setup.organisations.get_mut(&"o".into()).unwrap();
        organisation.lists = ListChoices::default();
        bl(setup).lists.online_template_list = Some("web".into());
    });
    assert_eq!(mixed, [of(Subject::Practitioner("AE".into()), Remark::NoOnlineListChosen)]);

    let none = spoilt(|setup| {
        let organisation = setup.organisations.get_mut(&"o".into()).unwrap();
        organisation.lists = ListChoices::default();
    });
    assert_eq!(none, [], "where nobody chooses, everything is meant");
}

#[test]
fn r10_what_is_paused_is_a_notice() {
    let findings = spoilt(|setup| {
        setup.online.paused = true;
        setup.companies.get_mut(&"b".into()).unwrap().paused = true;
    });
    let company = of(Subject::Company("b".into()), Remark::Paused);
    assert_eq!(findings, [company, of(Subject::Online, Remark::Paused)]);
    assert!(findings.iter().all(|finding| finding.severity() == Severity::Notice));
}

#[test]
fn r15_templates_that_may_be_changed_online_while_the_setting_is_off_are_told_of() {
    let change = |setup: &mut Setup| {
        us(setup).online_rebook = true;
        us(setup).online_cancel = true;
    };
    let templates = || vec!["us".into()];
    let off = [
        of(Subject::Online, Remark::RebookingOff { templates: templates() }),
        of(Subject::Online, Remark::CancellingOff { templates: templates() }),
    ];
    assert_eq!(spoilt(change), off);
    let on = spoilt(|setup| {
        change(setup);
        setup.online.allow_rebook = true;
        setup.online.allow_cancel = true;
    });
    assert_eq!(on, []);
}

#[test]
fn r17_an_administrator_is_an_active_user_who_manages_users() {
    let today = parse_date(TODAY).unwrap();
    let nobody = of(Subject::Users, Remark::NoAdministrator);
    let cases = [
        (vec![], vec![]),
        (vec![administrator()], vec![]),
        (vec![user("AE", None)], vec![nobody.clone()]),
        (vec![User { active: false, ..administrator() }, user("AE", None)], vec![nobody]),
        (
            vec![administrator(), user("BO", Some(&[]))],
            vec![of(Subject::User("BO".into()), Remark::NoPermission)],
        ),
        (vec![administrator(), User { active: false, ..user("BO", Some(&[])) }], vec![]),
    ];
    for (all, expected) in cases {
        let signatures: Vec<_> = all.iter().map(|user| user.signature.clone()).collect();
        assert_eq!(check(&sound(), &users(all), today), expected, "{signatures:?}");
    }
}

#[test]
fn r18_a_code_on_an_internet_type_is_advised_against() {
    let findings = spoilt(|setup| e_us(setup).code = Some("4711".into()));
    assert_eq!(findings, [of_type(Remark::HasCode)]);
    assert_eq!(findings.first().map(Finding::severity), Some(Severity::Advice));
    let internal = spoilt(|setup| {
        setup.preblock_types.get_mut(&"lunch".into()).unwrap().code = Some("4711".into());
    });
    assert_eq!(internal, []);
}

#[test]
fn r19_closed_days_that_have_all_passed_are_told_of() {
    let past = spoilt(|setup| setup.closed_days = [parse_date("2025-12-24").unwrap()].into());
    assert_eq!(past, [of(Subject::ClosedDays, Remark::ClosedDaysPassed)]);
    assert_eq!(spoilt(|setup| setup.closed_days = [parse_date(TODAY).unwrap()].into()), []);
    assert_eq!(spoilt(|setup| setup.closed_days.clear()), []);
}

#[test]
fn what_is_inactive_is_in_nobodys_way() {
    let findings = spoilt(|setup| {
        let wrong = PreblockType {
            active: false,
            code: Some("x".into()),
            valid_for: ValidFor::Only(BTreeSet::new()),
            ..preblock_type("old", PreblockKind::Internet, &[])
        };
        setup.preblock_types.insert("old".into(), wrong);
        let resources = ResourceCodes::parse("X").unwrap();
        let wrong = BookingTemplate { active: false, resources, ..template("old", "akut", true) };
        setup.templates.insert("old".into(), wrong);
    });
    assert_eq!(findings, []);
}

#[test]
fn the_gravest_comes_first() {
    let findings = spoilt(|setup| {
        setup.online.paused = true;
        e_us(setup).code = Some("4711".into());
        us(setup).resources = ResourceCodes::parse("X").unwrap();
    });
    let severities: Vec<_> = findings.iter().map(Finding::severity).collect();
    assert_eq!(severities, [Severity::Fault, Severity::Advice, Severity::Notice]);
}

#[test]
fn the_example_and_the_demo_give_only_what_is_right() {
    let today = parse_date(TODAY).unwrap();
    let text = include_str!("data/clinic-example.json");
    let example = store::ClinicFile::parse(text, today).unwrap();
    let all = |file: &store::ClinicFile| check(&file.setup, &file.users, today);
    assert_eq!(all(&example), [of(Subject::Users, Remark::NoAdministrator)]);

    let demo = demo::clinic(today);
    let resting = of(Subject::PreblockType("e-vilande".into()), Remark::AllowUnset);
    let coded = of(Subject::PreblockType("e-blek".into()), Remark::HasCode);
    assert_eq!(all(&demo), [resting, coded]);
}

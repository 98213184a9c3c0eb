//! The demo's registers: who works where, what can be laid out and booked, and who signs in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::domain::*;

/// Everything but books, patients and users. `monday` is the current week's.
pub(super) fn setup(monday: NaiveDate) -> Setup {
    Setup {
        zone: ClinicZone::default(),
        organisations: by_id([organisation()], |item: &Organisation| item.id.clone()),
        companies: by_id(companies(), |item: &Company| item.id.clone()),
        practitioners: by_id(practitioners(), |item: &Practitioner| item.id.clone()),
        resources: by_id(resources(), |item: &Resource| item.code),
        categories: by_id(categories(), |item: &Category| item.id.clone()),
        preblock_types: by_id(preblock_types(), |item: &PreblockType| item.id.clone()),
        templates: by_id(templates(), |item: &BookingTemplate| item.id.clone()),
        template_lists: by_id(template_lists(), |item: &TemplateList| item.id.clone()),
        preblock_lists: by_id(preblock_lists(), |item: &PreblockList| item.id.clone()),
        closed_days: closed_days(monday),
        week_templates: BTreeMap::new(),
        online: OnlineSettings { allow_rebook: true, allow_cancel: true, ..Default::default() },
    }
}

fn by_id<I: Ord, T>(items: impl IntoIterator<Item = T>, id: impl Fn(&T) -> I) -> BTreeMap<I, T> {
    items.into_iter().map(|item| (id(&item), item)).collect()
}

fn organisation() -> Organisation {
    Organisation {
        id: "malar".into(),
        name: "Mälartandvården".into(),
        lists: ListChoices {
            template_list: Some("mottagning".into()),
            online_template_list: Some("webb".into()),
            preblock_list: Some("pb-alla".into()),
        },
    }
}

fn companies() -> [Company; 2] {
    let company = |id: &str, name: &str, number: &str, address: &str, phone: &str| Company {
        id: id.into(),
        organisation: "malar".into(),
        name: name.into(),
        org_number: Some(number.into()),
        address: Some(address.into()),
        phone: Some(phone.into()),
        email: Some(format!("{id}@example.org")),
        portal_text: None,
        paused: false,
        lists: ListChoices::default(),
    };
    let storgatan = Company {
        portal_text: Some("Välkommen till oss på Storgatan. Hissen finns till vänster.".into()),
        ..company(
            "storgatan",
            "Tandkliniken Storgatan AB",
            "556677-8899",
            "Storgatan 4, 721 30 Mälarstad",
            "08-465 004 10",
        )
    };
    let hamnen = Company {
        lists: ListChoices {
            online_template_list: Some("webb-hamnen".into()),
            preblock_list: Some("pb-hamnen".into()),
            template_list: None,
        },
        ..company(
            "hamnen",
            "Hamnens Tandvård AB",
            "556011-2233",
            "Hamngatan 19, 721 33 Mälarstad",
            "08-465 004 20",
        )
    };
    [storgatan, hamnen]
}

fn practitioners() -> Vec<Practitioner> {
    let at = |company: &str, id: &str, name: &str, title: &str| Practitioner {
        id: id.into(),
        company: company.into(),
        signature: id.into(),
        name: name.into(),
        title: title.into(),
        active: true,
        lists: ListChoices::default(),
    };
    let hygienist = |company: &str, id: &str, name: &str| Practitioner {
        lists: ListChoices {
            online_template_list: Some("webb-hygienist".into()),
            preblock_list: Some("pb-hygienist".into()),
            template_list: None,
        },
        ..at(company, id, name, "Tandhygienist")
    };
    let own_lists = Practitioner {
        lists: ListChoices {
            online_template_list: Some("webb-ca".into()),
            preblock_list: Some("pb-ca".into()),
            template_list: None,
        },
        ..at("storgatan", "CÅ", "Cecilia Åström", "Tandläkare")
    };
    vec![
        at("storgatan", "AE", "Anna Ek", "Tandläkare"),
        hygienist("storgatan", "BL", "Björn Lind"),
        own_lists,
        at("storgatan", "DH", "Daniel Holm", "Tandläkare"),
        hygienist("storgatan", "EN", "Elin Norberg"),
        at("hamnen", "FS", "Farid Salehi", "Tandläkare"),
        hygienist("hamnen", "GB", "Gunilla Berg"),
        at("hamnen", "HJ", "Hanna Järvinen", "Tandläkare"),
        at("hamnen", "IK", "Ivan Kovač", "Tandläkare, endodonti"),
        hygienist("hamnen", "JÖ", "Johan Öberg"),
        Practitioner { active: false, ..at("hamnen", "KM", "Karin Malm", "Tandläkare") },
    ]
}

fn resources() -> [Resource; 2] {
    [
        Resource { code: ResourceCode('R'), name: "Röntgenrum".into(), capacity: 1 },
        Resource { code: ResourceCode('M'), name: "Mikroskop".into(), capacity: 1 },
    ]
}

fn categories() -> impl Iterator<Item = Category> {
    [
        ("akut", "Akut"),
        ("barn", "Barn och ungdom"),
        ("blek", "Blekning"),
        ("hyg", "Tandhygienist"),
        ("intern", "Internt"),
        ("lagning", "Lagning och krona"),
        ("rot", "Rotbehandling"),
        ("us", "Undersökning"),
    ]
    .into_iter()
    .map(|(id, name)| Category { id: id.into(), name: name.into() })
}

/// Of an Internet type: id, name, colour, allowed categories.
fn internet(id: &str, name: &str, color: Color, categories: &[&str]) -> PreblockType {
    PreblockType {
        id: id.into(),
        name: name.into(),
        text: "Webb".into(),
        color,
        kind: PreblockKind::Internet,
        valid_for: ValidFor::Everyone,
        may_bypass: true,
        allow: true,
        categories: categories.iter().map(|category| CategoryId::new(*category)).collect(),
        expires_days_before: None,
        code: None,
        active: true,
    }
}

/// Of a type for staff that may not be bypassed.
fn internal(id: &str, name: &str, color: Color) -> PreblockType {
    PreblockType {
        text: String::new(),
        kind: PreblockKind::Internal,
        may_bypass: false,
        allow: false,
        ..internet(id, name, color, &[])
    }
}

fn preblock_types() -> Vec<PreblockType> {
    let rgb = |red, green, blue| Color { red, green, blue };
    let hygienists = ["BL", "EN", "GB", "JÖ"].map(PractitionerId::from).into();
    vec![
        PreblockType {
            expires_days_before: Some(1),
            ..internet("e-us", "E-tid undersökning", rgb(0x2e, 0x8b, 0x57), &["us", "barn"])
        },
        internet("e-akut", "E-tid akut", rgb(0xc9, 0x3c, 0x37), &["akut"]),
        internet("e-alla", "E-tid alla", rgb(0x1f, 0x6f, 0xeb), &["akut", "barn", "hyg", "us"]),
        PreblockType {
            valid_for: ValidFor::Only(hygienists),
            ..internet("e-hyg", "E-tid hygienist", rgb(0x00, 0x8b, 0x8b), &["hyg"])
        },
        PreblockType {
            text: "Kod hos klinikchefen".into(),
            code: Some("VITT".into()),
            ..internet("e-blek", "Kampanj blekning", rgb(0x8a, 0x5c, 0xd6), &["blek"])
        },
        PreblockType {
            text: "Visas först när Tillåt sätts".into(),
            allow: false,
            ..internet("e-vilande", "E-tid vilande", rgb(0x9a, 0x7b, 0x1e), &["us"])
        },
        internal("lunch", "Lunch", rgb(0x88, 0x88, 0x88)),
        internal("mote", "Möte", rgb(0x6b, 0x72, 0x80)),
        PreblockType {
            text: "Håll för akuta samtal".into(),
            may_bypass: true,
            allow: true,
            categories: BTreeSet::from(["akut".into()]),
            ..internal("reserv", "Akutreserv", rgb(0xd2, 0x69, 0x1e))
        },
    ]
}

fn template(
    id: &str,
    name: &str,
    minutes: TemplateMinutes,
    category: &str,
    text: &str,
) -> BookingTemplate {
    BookingTemplate {
        id: id.into(),
        name: name.into(),
        minutes,
        category: category.into(),
        online: false,
        online_rebook: false,
        online_cancel: false,
        recall: false,
        calendar_text: text.into(),
        resources: ResourceCodes::default(),
        moves_recall: false,
        active: true,
    }
}

/// One that patients book, change and cancel online.
fn online(template: BookingTemplate) -> BookingTemplate {
    BookingTemplate { online: true, online_rebook: true, online_cancel: true, ..template }
}

fn with_resource(code: &str, template: BookingTemplate) -> BookingTemplate {
    BookingTemplate { resources: ResourceCodes::parse(code).unwrap_or_default(), ..template }
}

/// A check-up: usable for recall, and moves the next one.
fn check_up(template: BookingTemplate) -> BookingTemplate {
    BookingTemplate { recall: true, moves_recall: true, ..template }
}

fn templates() -> Vec<BookingTemplate> {
    let rows = [
        ("us30", "Undersökning 30 min", 30, "us", "US"),
        ("us45r", "Undersökning med röntgen", 45, "us", "US rtg"),
        ("barn20", "Barnundersökning", 20, "barn", "Barn US"),
        ("akut20", "Akutbesök 20 min", 20, "akut", "Akut"),
        ("hyg30", "Tandhygienist 30 min", 30, "hyg", "Hyg"),
        ("hyg45", "Tandhygienist 45 min", 45, "hyg", "Hyg, tandsten"),
        ("blek30", "Rådgivning blekning", 30, "blek", "Blekning, rådg."),
        ("lag40", "Lagning", 40, "lagning", "Lagning"),
        ("krona60", "Krona", 60, "lagning", "Krona"),
        ("rot90", "Rotfyllning", 90, "rot", "Rotfyllning"),
        ("intern60", "Internt möte", 60, "intern", "Möte"),
        ("us25", "Undersökning 25 min (äldre)", 25, "us", "US"),
    ];
    rows.into_iter()
        .filter_map(|(id, name, minutes, category, text)| {
            let plain = template(id, name, TemplateMinutes::new(minutes).ok()?, category, text);
            Some(match id {
                "us30" | "hyg45" => online(check_up(plain)),
                "us45r" => with_resource("R", online(check_up(plain))),
                "barn20" | "akut20" | "hyg30" | "blek30" => online(plain),
                "rot90" => with_resource("RM", plain),
                "us25" => BookingTemplate { active: false, ..plain },
                _ => plain,
            })
        })
        .collect()
}

fn template_lists() -> Vec<TemplateList> {
    let list = |id: &str, name: &str, owner, items: &[&str]| TemplateList {
        id: id.into(),
        name: name.into(),
        owner,
        items: items.iter().map(|item| TemplateId::new(*item)).collect(),
    };
    vec![
        list(
            "webb",
            "E-tidbok",
            ListOwner::Organisation("malar".into()),
            &["us30", "us45r", "barn20", "akut20", "blek30"],
        ),
        list("webb-hygienist", "E-tidbok hygienist", ListOwner::All, &["hyg30", "hyg45"]),
        list(
            "webb-hamnen",
            "E-tidbok Hamnen",
            ListOwner::Company("hamnen".into()),
            &["us30", "barn20", "akut20"],
        ),
        list(
            "webb-ca",
            "E-tidbok Cecilia",
            ListOwner::Practitioner("CÅ".into()),
            &["barn20", "us30"],
        ),
        list(
            "mottagning",
            "Mottagningen",
            ListOwner::Organisation("malar".into()),
            &[
                "us30", "us45r", "barn20", "akut20", "hyg30", "hyg45", "lag40", "krona60", "rot90",
                "blek30", "intern60",
            ],
        ),
    ]
}

fn preblock_lists() -> Vec<PreblockList> {
    let list = |id: &str, name: &str, owner, items: &[&str]| PreblockList {
        id: id.into(),
        name: name.into(),
        owner,
        items: items.iter().map(|item| PreblockTypeId::new(*item)).collect(),
    };
    vec![
        list(
            "pb-alla",
            "Alla preblock",
            ListOwner::Organisation("malar".into()),
            &["e-us", "e-alla", "e-akut", "e-blek", "e-vilande", "lunch", "mote", "reserv"],
        ),
        list("pb-hygienist", "Hygienist", ListOwner::All, &["e-hyg", "e-alla", "lunch", "mote"]),
        list(
            "pb-hamnen",
            "Hamnen",
            ListOwner::Company("hamnen".into()),
            &["e-alla", "e-us", "e-akut", "lunch", "mote", "reserv"],
        ),
        list(
            "pb-ca",
            "Cecilias",
            ListOwner::Practitioner("CÅ".into()),
            &["e-us", "e-akut", "lunch"],
        ),
    ]
}

/// The three eves that clinics close on, a year back and a year ahead, and a study day close by.
fn closed_days(monday: NaiveDate) -> BTreeSet<NaiveDate> {
    let fixed =
        |year| [(12, 24), (12, 31)].map(|(month, day)| NaiveDate::from_ymd_opt(year, month, day));
    let midsummer = |year| (19..=25).map(move |day| NaiveDate::from_ymd_opt(year, 6, day));
    let years = monday.year() - 1..=monday.year() + 1;
    let mut days: BTreeSet<NaiveDate> =
        years.clone().flat_map(fixed).chain([study_day(monday)]).flatten().collect();
    let june = years.flat_map(midsummer).flatten();
    days.extend(june.filter(|day| day.weekday() == Weekday::Fri));
    days
}

/// A Friday three weeks on, when everybody is on a course.
fn study_day(monday: NaiveDate) -> Option<NaiveDate> {
    monday.checked_add_days(Days::new(25))
}

/// Who signs in: an administrator, the reception, one of the dentists, and a trainee who may not
/// publish (R17).
pub(super) fn users() -> Vec<User> {
    use Permission::*;
    let user = |signature: &str, name: &str, permissions: Option<&[Permission]>| User {
        signature: signature.into(),
        name: name.into(),
        permissions: permissions.map(|some| some.iter().copied().collect()),
        os_account: None,
        password_hash: None,
        active: true,
    };
    let reception = [PreblockInternet, PreblockInternal, BookingEdit, ScheduleEdit, PatientView];
    vec![
        user("ADM", "Klinikchefen", Some(Permission::ALL)),
        user("AE", "Anna Ek", None),
        user("ELEV", "Elev i receptionen", Some(&[BookingEdit, PatientView])),
        user("REC", "Receptionen", Some(&reception)),
        User { active: false, ..user("SEM", "Sommarvikarien", None) },
    ]
}

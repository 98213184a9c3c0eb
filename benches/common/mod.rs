//! What the benches share.
#![allow(dead_code, reason = "each bench uses some of it")]

pub mod years;

use tidbok::domain::*;

/// Registers, types and templates of a clinic with so many practitioners.
pub fn setup(practitioners: usize) -> Setup {
    let mut setup = Setup::default();
    let lists = ListChoices { online_template_list: Some("web".into()), ..ListChoices::default() };
    let organisation = Organisation { id: "org".into(), name: "Organisation".into(), lists };
    setup.organisations.insert(organisation.id.clone(), organisation);
    let company = Company {
        id: "company".into(),
        organisation: "org".into(),
        name: "Company".into(),
        org_number: None,
        address: None,
        phone: None,
        email: None,
        portal_text: None,
        paused: false,
        lists: ListChoices::default(),
    };
    setup.companies.insert(company.id.clone(), company);
    for n in 0..practitioners {
        let practitioner = Practitioner {
            id: PractitionerId::new(format!("P{n:03}")),
            company: "company".into(),
            signature: format!("P{n:03}"),
            name: format!("Practitioner {n}"),
            title: String::new(),
            active: true,
            lists: ListChoices::default(),
        };
        setup.practitioners.insert(practitioner.id.clone(), practitioner);
    }
    for (code, capacity) in [('R', 40), ('S', 60)] {
        let code = ResourceCode(code);
        setup.resources.insert(code, Resource { code, name: code.to_string(), capacity });
    }
    for id in ["akut", "hyg", "us"] {
        let category = Category { id: id.into(), name: id.to_owned() };
        setup.categories.insert(category.id.clone(), category);
    }
    for (id, minutes, category, resources) in [
        ("akut20", 20, "akut", ""),
        ("us30", 30, "us", ""),
        ("us45r", 45, "us", "R"),
        ("hyg60", 60, "hyg", "S"),
        ("hyg40", 40, "hyg", ""),
    ] {
        let template = BookingTemplate {
            id: id.into(),
            name: id.into(),
            minutes: TemplateMinutes::new(minutes).expect("1 to 600 minutes"),
            category: category.into(),
            online: true,
            online_rebook: true,
            online_cancel: true,
            recall: false,
            calendar_text: "E-tid".into(),
            resources: ResourceCodes::parse(resources).expect("distinct characters"),
            moves_recall: false,
            active: true,
        };
        setup.templates.insert(template.id.clone(), template);
    }
    for (id, categories) in [("e-us", vec!["us"]), ("e-alla", vec!["us", "akut", "hyg"])] {
        let preblock_type = PreblockType {
            id: id.into(),
            name: id.into(),
            text: String::new(),
            color: Color { red: 31, green: 111, blue: 235 },
            kind: PreblockKind::Internet,
            valid_for: ValidFor::Everyone,
            may_bypass: true,
            allow: true,
            categories: categories.into_iter().map(CategoryId::from).collect(),
            expires_days_before: Some(1),
            code: None,
            active: true,
        };
        setup.preblock_types.insert(preblock_type.id.clone(), preblock_type);
    }
    let web = TemplateList {
        id: "web".into(),
        name: "E-tidbok".into(),
        owner: ListOwner::All,
        items: setup.templates.keys().cloned().collect(),
    };
    setup.template_lists.insert(web.id.clone(), web);
    setup
}

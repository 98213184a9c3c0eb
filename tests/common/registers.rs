//! Register cards with nothing special about them: what a test is about, it sets itself.
#![allow(dead_code, reason = "each test binary uses some of it")]

use std::collections::BTreeSet;

use tidbok::domain::*;

pub fn practitioner(id: &str, company: &str) -> Practitioner {
    Practitioner {
        id: id.into(),
        company: company.into(),
        signature: id.into(),
        name: id.into(),
        title: String::new(),
        active: true,
        lists: ListChoices::default(),
    }
}

/// Half an hour of `us`, online.
pub fn template(id: &str) -> BookingTemplate {
    BookingTemplate {
        id: id.into(),
        name: id.into(),
        minutes: TemplateMinutes::new(30).expect("minutes"),
        category: "us".into(),
        online: true,
        online_rebook: false,
        online_cancel: false,
        recall: false,
        calendar_text: String::new(),
        resources: ResourceCodes::default(),
        moves_recall: false,
        active: true,
    }
}

/// Of the internet, for everyone, with no category yet.
pub fn preblock_type(id: &str) -> PreblockType {
    PreblockType {
        id: id.into(),
        name: id.into(),
        text: String::new(),
        color: Color { red: 0, green: 0, blue: 0 },
        kind: PreblockKind::Internet,
        valid_for: ValidFor::Everyone,
        may_bypass: true,
        allow: true,
        categories: BTreeSet::new(),
        expires_days_before: None,
        code: None,
        active: true,
    }
}

//! The clinic they write into: the example's settings with eight practitioners who share one X-ray,
//! made from nothing by commands, so that the log tells of all of it.

use tidbok::clinic::{Clinic, ClinicError, Command, new_command_id};
use tidbok::domain::*;
use tidbok::store::ClinicFile;

use crate::support::settings::added;
use crate::support::{self, Place};

pub const NOW: &str = "2026-11-23T12:00";

pub fn at(text: &str) -> CivilTime {
    text.parse().expect("a time")
}

/// Whose patients' times they are.
pub fn days() -> DateRange {
    DateRange::new(at("2026-12-01T00:00").date(), 3)
}

/// Makes the clinic in an empty database, with long days published in every book.
pub async fn made(place: &Place) {
    let clinic = Clinic::new(place.store().await);
    let file = wanted();
    set_up(&clinic, &file).await;
    let long: Vec<Interval> = days()
        .iter()
        .map(|day| {
            Interval::new(CivilTime::at(day, Minutes(480)), CivilTime::at(day, Minutes(960)))
        })
        .map(|interval| interval.expect("an interval"))
        .collect();
    for practitioner in file.setup.practitioners.into_keys() {
        let scheduled = Command::AddWorkSessions {
            practitioner: practitioner.clone(),
            intervals: long.clone(),
        };
        let published = Command::LayPreblocks {
            practitioner,
            preblock_type: "e-us".into(),
            intervals: long.clone(),
            overlap: OverlapChoice::Fill,
            code: None,
        };
        for command in [scheduled, published] {
            let done = clinic.execute(&Actor::System, new_command_id(), &command, at(NOW)).await;
            done.expect("a book is made");
        }
    }
}

fn wanted() -> ClinicFile {
    let mut file = support::example();
    let setup = &mut file.setup;
    let anna = setup.practitioners[&PractitionerId::from("AE")].clone();
    for id in ["AE", "BL", "CÅ", "DM", "EN", "FO", "GP", "HR"] {
        let practitioner = Practitioner {
            id: id.into(),
            signature: id.to_owned(),
            name: format!("Behandlare {id}"),
            ..anna.clone()
        };
        setup.practitioners.insert(practitioner.id.clone(), practitioner);
    }
    setup.online.allow_cancel = true;
    setup.online.allow_rebook = true;
    file
}

/// Changes every setting into what the file holds. What refers to something that is not there yet is
/// refused and tried again after the others.
async fn set_up(clinic: &Clinic, file: &ClinicFile) {
    let mut waiting = settings(file);
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut refused = Vec::new();
        for change in waiting {
            let command = Command::ChangeSetting(Box::new(change.clone()));
            match clinic.execute(&Actor::System, new_command_id(), &command, at(NOW)).await {
                Ok(_) => {}
                Err(ClinicError::Refused(_)) => refused.push(change),
                Err(ClinicError::Store(error)) => panic!("{error}"),
            }
        }
        assert!(refused.len() < before, "{:?}", refused.first().map(SettingChange::entity));
        waiting = refused;
    }
}

/// The settings as changes that can be made one after another. Lists belong to practitioners and
/// practitioners choose lists: whoever chooses is added first and chooses afterwards.
fn settings(file: &ClinicFile) -> Vec<SettingChange> {
    macro_rules! chooses_afterwards {
        ($kind:ident, $after:expr) => {{
            let after = $after;
            let mut before = after.clone();
            before.lists = ListChoices::default();
            let added = SettingChange::$kind(Changed::Added(before.clone()));
            if before == after {
                vec![added]
            } else {
                vec![added, SettingChange::$kind(Changed::Altered { before, after })]
            }
        }};
    }
    let changes = added(file).into_iter().map(|change| match change {
        SettingChange::Organisation(Changed::Added(it)) => chooses_afterwards!(Organisation, it),
        SettingChange::Company(Changed::Added(it)) => chooses_afterwards!(Company, it),
        SettingChange::Practitioner(Changed::Added(it)) => chooses_afterwards!(Practitioner, it),
        SettingChange::Online(Changed::Added(after)) => {
            let before = OnlineSettings::default();
            vec![SettingChange::Online(Changed::Altered { before, after })]
        }
        other => vec![other],
    });
    changes.flatten().collect()
}

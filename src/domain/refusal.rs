//! A rule or a permission that says no to a change.

use thiserror::Error;

use super::booking::Meanwhile;
use super::choice::Confirmation;
use super::id::{PractitionerId, PreblockTypeId, TemplateId};
use super::online_booking::NotChangeable;
use super::reason::NotBookable;
use super::setting::Fault;
use super::time::{CivilTime, Interval};
use super::user::Permission;

/// A rule or a permission that says no. `Display` is English and names things by id,
/// for logs; whoever asks is told in the texts' words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("R17: {user} lacks the permission {}; ask an administrator", .permission.key())]
    Permission { user: String, permission: Permission },
    #[error("R17: {0} is not an active user; ask an administrator")]
    InactiveUser(String),
    #[error("no practitioner {0}; choose one of the clinic's")]
    UnknownPractitioner(PractitionerId),
    #[error("the practitioner {0} is not active; activate on the practitioner's card")]
    InactivePractitioner(PractitionerId),
    #[error("no preblock type {0}; choose one of the clinic's")]
    UnknownPreblockType(PreblockTypeId),
    #[error("the preblock type {0} is not active; activate it among the preblock types")]
    InactivePreblockType(PreblockTypeId),
    #[error(
        "R6: the preblock type {0} is not valid for the practitioner; add the practitioner on the type"
    )]
    TypeNotValid(PreblockTypeId),
    #[error("R18: the preblock type {0} is laid out only with its code; type the right code")]
    Code(PreblockTypeId),
    #[error("no template {0}; choose one of the clinic's")]
    UnknownTemplate(TemplateId),
    #[error("the template {0} is not active; activate it among the booking templates")]
    InactiveTemplate(TemplateId),
    #[error("no such category; choose one of the clinic's")]
    UnknownCategory,
    #[error("no such patient; search again")]
    UnknownPatient,
    #[error("no such user; look among the clinic's users")]
    UnknownUser,
    #[error("nothing to do: {0}")]
    NothingToDo(NothingToDo),
    #[error("R12: the stretches asked for overlap each other at {0}; give them apart")]
    SelfOverlap(Interval),
    #[error("R12: a preblock already lies at {}; replace it or fill the gaps", .0.first().map(ToString::to_string).unwrap_or_default())]
    PreblockInTheWay(Vec<Interval>),
    #[error("R12: a booking already takes {0}; choose another time")]
    BookingInTheWay(Interval),
    #[error(
        "R13: the preblock type {0} at that time may not be bypassed; choose another time or category"
    )]
    MayNotBypass(PreblockTypeId),
    #[error("R13: needs confirmation: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    NeedsConfirmation(Vec<Confirmation>),
    #[error("it is gone: somebody has removed or changed it since; look again")]
    Gone,
    #[error("the booking is already cancelled")]
    AlreadyCancelled,
    #[error("R19: the repetition reaches no later week; give a later end")]
    RepeatsNothing,
    #[error("R19: at most {0} weeks are repeated at once; give a nearer end")]
    RepeatsTooFar(u32),
    #[error("R20: no change of yours with that id can be undone")]
    NotYours,
    #[error("R20: {who} changed the same at {when}; look again and change it by hand")]
    TouchedSince { who: String, when: CivilTime },
    #[error("R20: what patients did is not undone")]
    PatientsChange,
    #[error("R14: what patients do comes through the Online Client, which does nothing else")]
    OnlineOnly,
    #[error(transparent)]
    NotBookable(#[from] NotBookable),
    #[error(transparent)]
    NotChangeable(#[from] NotChangeable),
    #[error("the contacts were taken over or dismissed already; look again")]
    NothingOffered,
    #[error("the text is longer than {0} characters; shorten it")]
    TextTooLong(usize),
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Fault>),
    #[error("{who} changed the same at {when}, meanwhile; look at both and choose")]
    ChangedMeanwhile { who: String, when: CivilTime },
    #[error("the booking {}, last changed by {who} at {when}; look again", now_is(.how))]
    BookingMeanwhile { how: Meanwhile, who: String, when: CivilTime },
    #[error(
        "something else would be done than what was shown, for somebody has changed the book or the settings since; look again and confirm"
    )]
    NotAsShown,
    #[error("{refusal} ({practitioner})")]
    InBookOf { practitioner: PractitionerId, refusal: Box<Refusal> },
    #[error("the database is not empty; import in place of everything with --replace")]
    NotEmpty,
}

impl Refusal {
    /// The rule that says no, such as `R12`; `None` where it is no rule of the domain.
    pub fn rule(&self) -> Option<&'static str> {
        match self {
            Self::NotBookable(reason) => Some(reason.rule()).filter(|rule| rule.starts_with('R')),
            Self::TypeNotValid(_) => Some("R6"),
            Self::SelfOverlap(_) | Self::PreblockInTheWay(_) | Self::BookingInTheWay(_) => {
                Some("R12")
            }
            Self::MayNotBypass(_) | Self::NeedsConfirmation(_) => Some("R13"),
            Self::OnlineOnly => Some("R14"),
            Self::NotChangeable(_) => Some("R15"),
            Self::Permission { .. } | Self::InactiveUser(_) => Some("R17"),
            Self::Code(_) => Some("R18"),
            Self::RepeatsNothing | Self::RepeatsTooFar(_) => Some("R19"),
            Self::InBookOf { refusal, .. } => refusal.rule(),
            Self::NotYours | Self::TouchedSince { .. } | Self::PatientsChange => Some("R20"),
            Self::UnknownPractitioner(_)
            | Self::InactivePractitioner(_)
            | Self::UnknownPreblockType(_)
            | Self::InactivePreblockType(_)
            | Self::UnknownTemplate(_)
            | Self::InactiveTemplate(_)
            | Self::UnknownCategory
            | Self::UnknownPatient
            | Self::UnknownUser
            | Self::NothingToDo(_)
            | Self::Gone
            | Self::NothingOffered
            | Self::AlreadyCancelled
            | Self::TextTooLong(_)
            | Self::Faults(_)
            | Self::ChangedMeanwhile { .. }
            | Self::BookingMeanwhile { .. }
            | Self::NotAsShown
            | Self::NotEmpty => None,
        }
    }
}

fn now_is(how: &Meanwhile) -> String {
    match how {
        Meanwhile::Cancelled => "is cancelled".to_owned(),
        Meanwhile::Moved { practitioner, interval } => {
            format!("has been moved to {interval} ({practitioner})")
        }
        Meanwhile::ForAnother => "is for another patient".to_owned(),
    }
}

/// Why a command would change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NothingToDo {
    #[error("no time was given")]
    NoTime,
    #[error("all of it is covered by preblocks already")]
    AllCovered,
    #[error("no preblock was given")]
    NoPreblock,
    #[error("all of it is scheduled already")]
    AllScheduled,
    #[error("none of it is scheduled")]
    NothingScheduled,
    #[error("the week has no work sessions to repeat")]
    EmptyScheduleWeek,
    #[error("the week has no preblocks to repeat")]
    EmptyPreblockWeek,
    #[error("the days repeated onto are red or look like this already")]
    AlreadyRepeated,
    #[error("no internet preblock lies on those days")]
    NothingPublished,
    #[error("nothing has been changed")]
    Unchanged,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Minutes;

    #[test]
    fn an_english_sentence_has_ids_as_they_are_written() {
        let told = Refusal::UnknownPractitioner("ZZ".into()).to_string();
        assert_eq!(told, "no practitioner ZZ; choose one of the clinic's");
        let told = Refusal::InactiveTemplate("us30".into()).to_string();
        assert!(told.starts_with("the template us30 is not active"), "{told}");
        let unknown = crate::domain::UnknownSubject::Practitioner("ZZ".into());
        assert_eq!(unknown.to_string(), "no practitioner ZZ");
    }

    #[test]
    fn each_refusal_names_the_rule_that_its_english_sentence_begins_with() {
        let start: CivilTime = "2026-11-25T09:00".parse().unwrap();
        let hour = Interval::new(start, start + Minutes(60)).unwrap();
        let user = || "AE".to_owned();
        let permission = Permission::PreblockInternet;
        let refusals = [
            Refusal::Permission { user: user(), permission },
            Refusal::InactiveUser(user()),
            Refusal::UnknownPractitioner("AE".into()),
            Refusal::InactivePractitioner("AE".into()),
            Refusal::UnknownPreblockType("e-us".into()),
            Refusal::InactivePreblockType("e-us".into()),
            Refusal::TypeNotValid("e-us".into()),
            Refusal::Code("e-us".into()),
            Refusal::UnknownTemplate("us30".into()),
            Refusal::InactiveTemplate("us30".into()),
            Refusal::UnknownCategory,
            Refusal::UnknownPatient,
            Refusal::NothingToDo(NothingToDo::NoTime),
            Refusal::SelfOverlap(hour),
            Refusal::PreblockInTheWay(vec![hour]),
            Refusal::BookingInTheWay(hour),
            Refusal::MayNotBypass("e-us".into()),
            Refusal::NeedsConfirmation(vec![Confirmation::OutsideSchedule]),
            Refusal::Gone,
            Refusal::AlreadyCancelled,
            Refusal::RepeatsNothing,
            Refusal::RepeatsTooFar(104),
            Refusal::NotYours,
            Refusal::TouchedSince { who: user(), when: start },
            Refusal::PatientsChange,
            Refusal::OnlineOnly,
            Refusal::NotBookable(NotBookable::Paused),
            Refusal::NotBookable(NotBookable::ClockChange),
            Refusal::NotChangeable(NotChangeable::TooLate { deadline: start }),
            Refusal::NothingOffered,
            Refusal::TextTooLong(1000),
            Refusal::BookingMeanwhile { how: Meanwhile::Cancelled, who: user(), when: start },
            Refusal::InBookOf {
                practitioner: "AE".into(),
                refusal: Box::new(Refusal::TypeNotValid("e-us".into())),
            },
            Refusal::NotEmpty,
        ];
        for refusal in refusals {
            let sentence = refusal.to_string();
            let named = sentence.split_once(": ").map(|(rule, _)| rule);
            let named = named.filter(|rule| rule.starts_with('R'));
            assert_eq!(refusal.rule(), named, "{sentence}");
        }
    }
}

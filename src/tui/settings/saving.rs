//! A card as a command, and what the rules say of it, in words. Pure.

use crate::clinic::Command;
use crate::domain::{Changed, Fault, Field, Others, PersonnummerIs, SettingChange};
use crate::texts::{fault, wrong};
use crate::tui::model::Model;

use super::{Card, CardForm, Entity, Faults, Key, in_words};

/// The command that makes one of the other; `None` where they are not of one kind, or neither is there.
pub fn command(before: Option<Entity>, after: Option<Entity>) -> Option<Command> {
    macro_rules! of {
        ($($kind:ident),+) => {
            match (before, after) {
                $(
                    (None, Some(Entity::$kind(after))) => {
                        SettingChange::$kind(Changed::Added(after))
                    }
                    (Some(Entity::$kind(before)), None) => {
                        SettingChange::$kind(Changed::Removed(before))
                    }
                    (Some(Entity::$kind(before)), Some(Entity::$kind(after))) => {
                        SettingChange::$kind(Changed::Altered { before, after })
                    }
                )+
                _ => return None,
            }
        };
    }
    let change = of!(
        PreblockType,
        Template,
        TemplateList,
        PreblockList,
        Category,
        Resource,
        ClosedDay,
        Online,
        Organisation,
        Company,
        Practitioner,
        User
    );
    Some(Command::ChangeSetting(Box::new(change)))
}

/// What the rules have against a command, before it is sent.
pub fn fault_texts(model: &Model, command: &Command) -> WordedFaults {
    let Command::ChangeSetting(change) = command else { return WordedFaults::default() };
    let others =
        Others { setup: &model.setup, users: &model.users, personnummer: PersonnummerIs::Free };
    faults_in_words(model, &change.faults(&others))
}

/// Faults in words: those of a field of some card, and the others.
#[derive(Default)]
pub struct WordedFaults {
    pub at_fields: Faults,
    pub elsewhere: Vec<String>,
}

impl WordedFaults {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.at_fields.is_empty() && self.elsewhere.is_empty()
    }

    /// Puts each at its field of the form; answers with the others, where there are any.
    pub fn show_on(self, form: &mut CardForm) -> Option<String> {
        let homeless = form.show_faults(self.at_fields);
        let told: Vec<String> = self.elsewhere.into_iter().chain(homeless).collect();
        (!told.is_empty()).then(|| told.join(" "))
    }
}

/// Faults in words, each with its field.
pub fn faults_in_words(model: &Model, faults: &[Fault]) -> WordedFaults {
    let mut worded = WordedFaults::default();
    for found in faults {
        match key(found.field) {
            Some(key) => {
                worded.at_fields.push((key, capital(&wrong(model.language, *found))));
            }
            None => worded.elsewhere.push(capital(&fault(model.language, *found))),
        }
    }
    worded
}

/// As a sentence of its own begins.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The field of a card; `None` where no card has it.
fn key(field: Field) -> Option<Key> {
    Some(match field {
        Field::Active => Key::Active,
        Field::Address => Key::Address,
        Field::Calendar => Key::CalendarText,
        Field::Capacity => Key::Capacity,
        Field::Categories => Key::Categories,
        Field::Category => Key::Category,
        Field::Code => Key::Code,
        Field::Company => Key::Company,
        Field::Date => Key::ClosedDay,
        Field::Deadline => Key::Deadline,
        Field::Email => Key::Email,
        Field::Expires => Key::Expires,
        Field::Horizon => Key::Horizon,
        Field::Items => Key::Items,
        Field::Name => Key::Name,
        Field::Notice => Key::Notice,
        Field::OnlineTemplateList => Key::OnlineTemplateList,
        Field::OrgNumber => Key::OrgNumber,
        Field::Organisation => Key::Organisation,
        Field::OsAccount => Key::OsAccount,
        Field::Owner => Key::Owner,
        Field::Permissions => Key::Permissions,
        Field::Phone => Key::Phone,
        Field::PortalText => Key::PortalText,
        Field::PreblockList => Key::PreblockList,
        Field::Resources => Key::Resources,
        Field::ResourceCode => Key::ResourceCode,
        Field::Signature => Key::Signature,
        Field::TemplateList => Key::TemplateList,
        Field::Text => Key::Text,
        Field::Title => Key::Title,
        Field::ValidFor => Key::ValidPractitioners,
        Field::FirstName => Key::FirstName,
        Field::LastName => Key::LastName,
        Field::Mobile => Key::Mobile,
        Field::Personnummer => Key::Personnummer,
        Field::RecallMonths => Key::RecallMonths,
        Field::RecallTemplate => Key::RecallTemplate,
        Field::Sessions | Field::Whole => return None,
    })
}

/// Field by field, what stands on a card and what somebody else saved.
pub fn differences(model: &Model, card: &Card, theirs: Entity) -> Vec<String> {
    let texts = model.form_texts();
    let theirs = Card::of(model, card.section, theirs);
    let lines: Vec<String> = card
        .form
        .differences(&theirs.form)
        .map(|(mine, theirs)| {
            texts.differs(mine.label, &in_words(model, mine), &in_words(model, theirs))
        })
        .collect();
    if lines.is_empty() { vec![texts.conflict_same.to_owned()] } else { lines }
}

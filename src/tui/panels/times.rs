//! Bookable times that a change would take or give, counted and named by template and time.

use chrono::NaiveDate;

use crate::domain::{PractitionerId, Slot, TemplateId};
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// Most lines of times; the rest is counted.
const LINES: usize = 4;

/// A heading and its lines.
pub(super) type Told = Vec<(String, Role)>;

/// What would vanish from the booking page. Whose it is stands where it is not one's own.
pub(super) fn lost(model: &Model, own: Option<&PractitionerId>, slots: &[Slot]) -> Told {
    let texts = model.language.booking_texts();
    match slots {
        [] => vec![(texts.no_time_vanishes.to_owned(), Role::Dim)],
        _ => told(model, own, slots, texts.vanish(slots.len()), Role::Warning),
    }
}

/// What would become bookable.
pub(super) fn gained(model: &Model, own: Option<&PractitionerId>, slots: &[Slot]) -> Told {
    let texts = model.language.booking_texts();
    match slots {
        [] => vec![(texts.no_time_appears.to_owned(), Role::Dim)],
        _ => told(model, own, slots, texts.appear(slots.len()), Role::Plain),
    }
}

fn told(
    model: &Model,
    own: Option<&PractitionerId>,
    slots: &[Slot],
    heading: String,
    role: Role,
) -> Told {
    let mut groups: Vec<(Group<'_>, Vec<String>)> = Vec::new();
    for slot in slots {
        let start = slot.interval.start();
        let group = Group::of(slot);
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, times)) => times.push(start.clock()),
            None => groups.push((group, vec![start.clock()])),
        }
    }
    let days: std::collections::BTreeSet<NaiveDate> =
        slots.iter().map(|slot| slot.interval.start().date()).collect();
    let mut lines = vec![(heading, role)];
    let mut left = slots.len();
    for (group, times) in groups.iter().take(LINES) {
        left -= times.len();
        let mut line = format!("· {} {}", group.name(model), times.join(" "));
        if days.len() > 1 {
            line.push_str(&format!(" · {}", model.date(group.day)));
        }
        if own != Some(group.practitioner) {
            let found = model.setup.practitioners.get(group.practitioner);
            let name = found.map_or("", |found| &found.name);
            line.push_str(&format!(" · {}", model.language.booking_texts().with(name)));
        }
        lines.push((line, role));
    }
    if left > 0 {
        lines.push((model.language.texts().and_more(left), role));
    }
    lines
}

/// Times that stand on one line.
#[derive(PartialEq, Eq)]
struct Group<'a> {
    practitioner: &'a PractitionerId,
    template: &'a TemplateId,
    day: NaiveDate,
}

impl<'a> Group<'a> {
    fn of(slot: &'a Slot) -> Self {
        Self {
            practitioner: &slot.practitioner,
            template: &slot.template,
            day: slot.interval.start().date(),
        }
    }

    fn name<'b>(&self, model: &'b Model) -> &'b str {
        model.setup.templates.get(self.template).map_or("", |template| &template.name)
    }
}

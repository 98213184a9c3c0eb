//! The demo's bookings: patients' own on the grids of the Internet preblocks, staff's around them.

use crate::domain::*;

use super::books::{Day, Held};
use super::dice::Dice;
use super::patients::CHILDREN;

/// Books day after day, so that nothing overlaps and no resource is overbooked.
pub(super) struct Bookings<'a> {
    setup: &'a Setup,
    patients: &'a [PatientId],
    dice: Dice,
    held: Held,
    made: Vec<Booking>,
}

/// What the reception books for a dentist; the chance of each is its share of the list.
const DENTAL: [&str; 9] =
    ["us30", "lag40", "us45r", "lag40", "krona60", "us30", "akut20", "rot90", "barn20"];
/// What it books for a hygienist.
const HYGIENE: [&str; 3] = ["hyg45", "hyg30", "hyg45"];
/// Unbooked stretches between bookings, in minutes.
const BREAKS: [i32; 7] = [5, 10, 15, 20, 30, 45, 60];

impl<'a> Bookings<'a> {
    pub(super) fn new(setup: &'a Setup, patients: &'a [PatientId]) -> Self {
        let dice = Dice::new(0x71d_b0c);
        Self { setup, patients, dice, held: Held::default(), made: Vec::new() }
    }

    /// Every booking made.
    pub(super) fn finish(self) -> Vec<Booking> {
        self.made
    }

    /// Books a day: fuller the nearer it lies.
    pub(super) fn fill(&mut self, day: &Day<'_>) {
        let (by_staff, by_patients) = match day.week {
            ..=-1 => (80, 70),
            0 => (70, 45),
            1 => (55, 35),
            2 => (40, 20),
            3 => (25, 12),
            _ => (12, 5),
        };
        let sessions = union(day.sessions.clone());
        let mut taken = Vec::new();
        for (preblock_type, interval) in &day.preblocks {
            let preblock_type = self.setup.preblock_types.get(preblock_type);
            if let Some(internet) = preblock_type.filter(|it| it.kind == PreblockKind::Internet) {
                let on = Published { day, sessions: &sessions, internet, interval: *interval };
                self.fill_published(&on, by_patients);
            }
            taken.push(*interval);
        }
        taken.sort_unstable();
        for session in &sessions {
            for free in subtract(*session, &taken) {
                self.fill_free(day, free, by_staff);
            }
        }
    }

    /// Patients' bookings on the grid of one of the templates (R2).
    fn fill_published(&mut self, on: &Published<'_>, percent: u32) {
        let Some(template) = self.online_template(on) else { return };
        let minutes = template.minutes.minutes();
        let mut start = on.interval.start();
        while let Ok(interval) = Interval::new(start, start + minutes)
            && on.interval.contains(interval)
        {
            let scheduled = on.sessions.iter().any(|session| session.contains(interval));
            if scheduled && self.dice.chance(percent) {
                self.book_online(on.day, template, interval);
            }
            start = interval.end();
        }
    }

    fn online_template(&mut self, on: &Published<'_>) -> Option<&'a BookingTemplate> {
        let practitioner = self.setup.practitioners.get(on.day.practitioner)?;
        let fitting: Vec<&BookingTemplate> = self
            .setup
            .online_templates(practitioner)
            .items
            .iter()
            .filter_map(|id| self.setup.templates.get(id))
            .filter(|template| on.internet.allows(&template.category))
            .collect();
        self.dice.pick(&fitting).copied()
    }

    /// Staff bookings one after another with breaks in between; some end up between the rows.
    fn fill_free(&mut self, day: &Day<'_>, free: Interval, percent: u32) {
        let mut start = free.start();
        while start < free.end() {
            if self.dice.chance(percent)
                && let Some(template) = self.staff_template(day)
                && let Ok(interval) = Interval::new(start, start + template.minutes.minutes())
                && free.contains(interval)
                && self.held.is_free(&template.resources, interval)
            {
                self.book_by_staff(day, template, interval);
                start = interval.end();
            } else {
                start = start + Minutes(self.dice.pick(&BREAKS).copied().unwrap_or(15));
            }
        }
    }

    fn staff_template(&mut self, day: &Day<'_>) -> Option<&'a BookingTemplate> {
        let practitioner = self.setup.practitioners.get(day.practitioner)?;
        let usual: &[&str] = if practitioner.title == "Tandhygienist" { &HYGIENE } else { &DENTAL };
        let id = TemplateId::new(*self.dice.pick(usual)?);
        self.setup.templates.get(&id)
    }

    fn book_online(&mut self, day: &Day<'_>, template: &BookingTemplate, interval: Interval) {
        if !self.held.is_free(&template.resources, interval) {
            return;
        }
        let number = self.made.len() + 1;
        let identification =
            if self.dice.chance(60) { Identification::EId } else { Identification::Unverified };
        let booking = Booking {
            registered_by: ITB.to_owned(),
            portal_id: Some(format!("demo-{number:04}")),
            identification,
            ..self.booking(day, template, interval)
        };
        self.keep(booking);
    }

    fn book_by_staff(&mut self, day: &Day<'_>, template: &BookingTemplate, interval: Interval) {
        let by_reception = self.dice.chance(75);
        let mut booking = self.booking(day, template, interval);
        if !by_reception {
            booking.registered_by = day.practitioner.to_string();
        }
        self.keep(booking);
    }

    /// One in sixteen was cancelled; its time is free again.
    fn keep(&mut self, mut booking: Booking) {
        if self.dice.chance(6) {
            booking.state = BookingState::Cancelled;
        } else {
            self.held.hold(&booking.resources, booking.interval);
        }
        self.made.push(booking);
    }

    fn booking(&self, day: &Day<'_>, template: &BookingTemplate, interval: Interval) -> Booking {
        let number = self.made.len() + 1;
        let (adults, children) =
            self.patients.split_at(self.patients.len().saturating_sub(CHILDREN));
        let choice = if template.category.as_str() == "barn" { children } else { adults };
        // A step that shares no factor with their number lets everybody come before any comes again.
        let patient = choice.get(number * 13 % choice.len().max(1));
        Booking {
            id: BookingId::new(format!("b{number:04}")),
            practitioner: day.practitioner.clone(),
            interval,
            category: template.category.clone(),
            template: Some(template.id.clone()),
            patient: patient.cloned(),
            text: template.calendar_text.clone(),
            resources: template.resources.clone(),
            registered_by: "REC".to_owned(),
            state: BookingState::Booked,
            portal_id: None,
            identification: Identification::Unverified,
        }
    }
}

/// One Internet preblock of a day.
struct Published<'d> {
    day: &'d Day<'d>,
    /// Joined (R1).
    sessions: &'d [Interval],
    internet: &'d PreblockType,
    interval: Interval,
}

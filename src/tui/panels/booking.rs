//! The form in which staff book, or edit a booking (R13).

use tui_input::Input;

use crate::clinic::{Confirmation, Preview};
use crate::domain::{Booking, Interval, Patient, Permission, PractitionerId};
use crate::texts;
use crate::tui::dialogs::{
    BookingField, BookingForm, Confirmed, Looking, Making, Previewed, Registering, ShortInput, When,
};
use crate::tui::model::Model;
use crate::tui::sanitise::{clean, fit, hidden, width};
use crate::tui::theme::Role;
use crate::tui::told::{booked_by, protected_mark};

use super::fields::{FIELDS, FORM, below, columns, field, flowed, room, save_lines, scrolled};
use super::form::{FormLines, Use, lines as form_lines};
use super::panel::{Line, Panel, Place};
use super::times;

/// The form as a panel.
pub(super) fn panel(model: &Model, form: &BookingForm) -> Panel {
    let mut drawn = Drawn::default();
    drawn.heading(model, form);
    for wanted in form.fields() {
        let focused = form.field == wanted;
        match wanted {
            // The day's line has the time, too.
            BookingField::Day => drawn.when(model, form),
            BookingField::Template => drawn.template(model, form, focused),
            BookingField::Patient => drawn.patient(model, form, focused),
            BookingField::Text => drawn.text(model, form, focused),
            BookingField::Time | BookingField::Confirm | BookingField::Save => {}
        }
    }
    drawn.lines.extend(meanwhile(model, form));
    drawn.lines.extend(effect_lines(model, &form.preview, |preview| {
        effect(model, &form.practitioner, preview)
    }));
    let yes = match form.making {
        Making::New { .. } => model.texts().confirm_yes,
        Making::Edited { .. } => model.language.booking_texts().edit_yes,
    };
    drawn.confirm(
        model,
        form.to_confirm(),
        form.confirmed,
        yes,
        form.field == BookingField::Confirm,
    );
    let Drawn { mut lines, mut cursor, seen_to } = drawn;
    let saves = form.field == BookingField::Save;
    let wrong = save_lines(model, &mut lines, &mut cursor, saves, form.error.as_ref());
    let title = match form.making {
        Making::New { .. } => model.texts().book_title,
        Making::Edited { .. } => model.language.booking_texts().edit_title,
    };
    let seen_to = wrong.or(seen_to);
    Panel { cursor, seen_to, keep: (FORM, 13), ..Panel::new(title, Place::Centre, lines) }
}

/// Lines as they are collected, where the cursor goes, and the last line that belongs to its field.
#[derive(Default)]
pub(super) struct Drawn {
    pub lines: Vec<Line>,
    pub cursor: Option<(usize, usize)>,
    pub seen_to: Option<usize>,
}

impl Drawn {
    fn heading(&mut self, model: &Model, form: &BookingForm) {
        let date = model.date(form.interval.start().date());
        let when = match form.unreadable(model.now.date()) {
            // Whoever reads it to a caller must not read the time before.
            Some(_) => "–".to_owned(),
            None => format!("{date} {}", model.dates().hours(form.interval)),
        };
        let told = match &form.making {
            Making::New { name, .. } => format!("{} · {when}", clean(name)),
            Making::Edited { .. } => when,
        };
        // A long name must not push out when it is.
        self.lines.extend(flowed(&told, columns(model), Role::Strong));
        if matches!(form.making, Making::New { .. }) {
            self.passed(model, form.interval);
        }
    }

    /// That a time is over where it is: nothing forbids it, and nobody means it often.
    pub fn passed(&mut self, model: &Model, interval: Interval) {
        if interval.end() <= model.now {
            let told = model.language.booking_texts().has_passed;
            self.lines.push(Line::new(told, Role::Warning));
        }
    }

    /// A field whose cursor stands so many columns into it.
    pub fn field(&mut self, label: &str, value: impl Into<String>, cursor: Option<usize>) {
        if let Some(column) = cursor {
            self.cursor = Some((self.lines.len(), FIELDS + column));
        }
        self.lines.push(field(label, value, cursor.is_some()));
    }

    /// A field that is typed into, scrolled so that the cursor is in it; else cut where it ends.
    pub fn typed(
        &mut self,
        model: &Model,
        label: &str,
        (input, shown): (&Input, &str),
        focused: bool,
    ) {
        let room = room(model);
        if !focused {
            return self.field(label, fit(shown, room), None);
        }
        let (shown, column) = scrolled((input, shown), room);
        self.field(label, shown, Some(column));
    }

    /// A day, a time or a number.
    pub fn short(&mut self, model: &Model, label: &str, short: &ShortInput, focused: bool) {
        self.typed(model, label, (short.input(), short.value()), focused);
    }

    /// Lines under a field.
    pub fn note(&mut self, model: &Model, text: &str) {
        self.lines.extend(below(model, text, Role::Dim));
    }

    /// The day and the time of a new booking, on one line.
    fn when(&mut self, model: &Model, form: &BookingForm) {
        const DAY: usize = 18;
        const TIME: usize = 8;
        let Making::New { when, .. } = &form.making else { return };
        let texts = model.language.booking_texts();
        let on = |field| form.field == field;
        let (day, at_day) = scrolled((when.day.input(), when.day.value()), DAY);
        let (time, at_time) = scrolled((when.time.input(), when.time.value()), TIME);
        let gap = " ".repeat(DAY + 2 - width(&day).min(DAY));
        let label = format!("{}  ", texts.time_label);
        let time_from = FIELDS + DAY + 2 + width(&label);
        let columns =
            [(BookingField::Day, FIELDS + at_day), (BookingField::Time, time_from + at_time)];
        let focused = columns.into_iter().find(|(field, _)| on(*field));
        self.cursor = focused.map(|(_, column)| (self.lines.len(), column)).or(self.cursor);
        let role = if on(BookingField::Time) { Role::Key } else { Role::Plain };
        let line = field(texts.day_label, day, on(BookingField::Day));
        self.lines.push(line.and(gap, Role::Plain).and(label, role).and(time, Role::Field));
        if on(BookingField::Time) {
            self.note(model, time_help(model, when));
        }
    }

    fn template(&mut self, model: &Model, form: &BookingForm, focused: bool) {
        let Making::Edited { template, .. } = &form.making else { return };
        let texts = model.language.booking_texts();
        let name = template.chosen().map_or("", |item| &item.text);
        let value = if focused { format!("< {} >", clean(name)) } else { clean(name).into_owned() };
        self.field(texts.template_label, value, focused.then_some(0));
        let minutes = form.template().and_then(|id| model.setup.templates.get(id));
        if minutes.is_some_and(|found| found.minutes.minutes() != form.interval.length()) {
            self.note(model, texts.length_stays);
        }
    }

    fn patient(&mut self, model: &Model, form: &BookingForm, focused: bool) {
        let texts = model.texts();
        if let Some(new) = &form.registering {
            let title = model.language.patient_texts().new_patient;
            self.field(texts.patient_label, title, None);
            self.registering(model, new, focused);
            return;
        }
        let value = patient_value(model, form);
        match form.patient {
            None if model.may(Permission::PatientView) => {
                self.typed(model, texts.patient_label, (&form.search, &value), focused);
            }
            Some(_) | None => {
                let value = fit(&value, room(model));
                self.field(texts.patient_label, value, focused.then_some(0));
            }
        }
        if focused {
            self.lines.extend(found_lines(model, form));
            self.seen_to = self.lines.len().checked_sub(1);
        }
    }

    fn registering(&mut self, model: &Model, new: &Registering, focused: bool) {
        let using = if focused { Use::Editing } else { Use::Looking };
        let FormLines { lines, cursor, focus } =
            form_lines(model, &new.form, using, columns(model), 0);
        let first = self.lines.len();
        self.lines.extend(lines);
        if !focused {
            return;
        }
        self.cursor = cursor.map(|(line, column)| (first + line, column));
        self.seen_to = Some(first + focus.1);
        let texts = model.language.patient_texts();
        if let Some(patient) = &new.taken {
            let name = patient_name(model, patient, columns(model));
            let told = format!("{}: {name}. {}", texts.taken, texts.take_with_enter);
            self.lines.extend(flowed(&told, columns(model), Role::Warning));
            self.seen_to = self.lines.len().checked_sub(1);
        } else if let Some(field) = new.form.focused() {
            self.lines.extend(flowed(field.help, columns(model), Role::Dim));
        }
    }

    fn text(&mut self, model: &Model, form: &BookingForm, focused: bool) {
        let texts = model.texts();
        let written = form.text.value();
        match form.unseen {
            Some(_) => {
                let locked = texts.lacks(Permission::PatientView);
                self.field(texts.text_label, locked, focused.then_some(0));
            }
            None => {
                let shown = model.personal(written);
                self.typed(model, texts.text_label, (&form.text, &shown), focused);
            }
        }
        let Making::New { subject, .. } = &form.making else { return };
        let crate::clinic::BookingSubject::Template(id) = subject else { return };
        let own = model.setup.templates.get(id).map_or("", |found| found.calendar_text.trim());
        if written.trim().is_empty() && !own.is_empty() {
            let from = model.language.booking_texts().text_of_template;
            self.note(model, &format!("{from}: {}", clean(own)));
        }
    }

    /// What must be confirmed, if anything must: no is the answer until the user says yes.
    pub fn confirm(
        &mut self,
        model: &Model,
        asked: &[Confirmation],
        confirmed: Confirmed,
        yes: &str,
        focused: bool,
    ) {
        if asked.is_empty() {
            return;
        }
        let texts = model.texts();
        let value = if confirmed == Confirmed::Yes { yes } else { texts.confirm_no };
        self.field(texts.confirm_label, value, focused.then_some(0));
    }
}

/// What can be done with the time: a dash after what has been typed is typed, too.
pub(super) fn time_help(model: &Model, when: &When) -> &'static str {
    let texts = model.language.booking_texts();
    if when.time.is_being_typed() { texts.time_help } else { texts.move_help }
}

/// Columns that a name has in any case.
const SHORTEST_NAME: usize = 12;

fn patient_value(model: &Model, form: &BookingForm) -> String {
    if !model.may(Permission::PatientView) {
        return model.texts().lacks(Permission::PatientView);
    }
    match &form.patient {
        Some(patient) => patient_name(model, patient, room(model)),
        None => model.personal(form.search.value()),
    }
}

/// Who the patient is, unless names are hidden: a name too long for the columns gives way, the number tells
/// who it is.
pub(super) fn patient_name(model: &Model, patient: &Patient, columns: usize) -> String {
    if !model.shows_patients() {
        return model.texts().patient_label.to_owned();
    }
    let number = patient.personnummer.as_ref().map(|number| format!("  {}", number.as_str()));
    let rest = number.unwrap_or_default() + &protected_mark(model, patient);
    let columns = columns.saturating_sub(width(&rest)).max(SHORTEST_NAME);
    fit(&family_name_first(model, patient), columns) + &rest
}

/// The patient's name alone, unless names are hidden.
pub(super) fn family_name_first(model: &Model, patient: &Patient) -> String {
    match model.shows_patients() {
        true => format!("{}, {}", patient.last_name, patient.first_name),
        false => model.texts().patient_label.to_owned(),
    }
}

/// Patients found, five around the selected one, and last registering a new one.
fn found_lines(model: &Model, form: &BookingForm) -> Vec<Line> {
    const SHOWN: usize = 5;
    let texts = model.texts();
    let note = |text: &str| -> Vec<Line> { below(model, text, Role::Dim).collect() };
    if form.patient.is_some() {
        return note(model.language.booking_texts().drop_patient);
    }
    if !form.is_choosing() {
        return note(texts.patient_help);
    }
    match form.looking {
        Looking::Asked(_) => return note(texts.searching),
        // Why stands below.
        Looking::Failed => return note(model.language.booking_texts().look_again),
        Looking::Done => {}
    }
    let mut lines = if form.found.is_empty() { note(texts.no_patients_found) } else { Vec::new() };
    let new = format!("{}…", model.language.patient_texts().new_patient);
    let names = form.found.iter().map(|it| patient_name(model, it, room(model))).chain([new]);
    let first = (form.selected + 1).saturating_sub(SHOWN);
    lines.extend(names.enumerate().skip(first).take(SHOWN).map(|(at, name)| {
        let (mark, role) =
            if at == form.selected { ("▶ ", Role::Strong) } else { ("  ", Role::Plain) };
        let indent = " ".repeat(FIELDS.saturating_sub(2));
        Line::new(format!("{indent}{mark}{name}"), role)
    }));
    lines
}

/// What somebody else has stored meanwhile, field by field.
fn meanwhile(model: &Model, form: &BookingForm) -> Vec<Line> {
    let Making::Edited { seen, before: Some(before), .. } = &form.making else {
        return Vec::new();
    };
    let texts = model.language.booking_texts();
    let text = match model.shows_patients() {
        true => format!("\"{}\"", clean(&seen.text)),
        false => hidden(&seen.text),
    };
    let booked_by_another =
        (&seen.template, &seen.category) != (&before.template, &before.category);
    // What differs is told of also where names are hidden: it may be saved over.
    let told = [
        (booked_by_another, texts.template_label, booked_by(model, seen)),
        (seen.patient != before.patient, model.texts().patient_label, booked_for(model, seen)),
        (seen.text != before.text, model.texts().text_label, text),
        (seen.interval != before.interval, texts.time_label, model.dates().hours(seen.interval)),
    ];
    told.iter()
        .filter(|(differs, ..)| *differs)
        .map(|(_, label, now)| format!("{}: {label} {now}", texts.now_stored))
        .flat_map(|text| flowed(&text, columns(model), Role::Warning))
        .collect()
}

fn booked_for(model: &Model, booking: &Booking) -> String {
    let Some(id) = &booking.patient else {
        return model.language.booking_texts().nobody.to_owned();
    };
    let known = model.current_book().and_then(|book| book.patients.get(id));
    known.map_or_else(
        || model.texts().patient_label.to_owned(),
        |patient| patient_name(model, patient, usize::MAX),
    )
}

/// What a change would do, as far as that is known.
pub(super) fn effect_lines(
    model: &Model,
    preview: &Previewed,
    words: impl Fn(&Preview) -> Vec<(String, Role)>,
) -> Vec<Line> {
    let lines = match preview {
        Previewed::Nothing => Vec::new(),
        Previewed::Waiting(_) => vec![(model.texts().loading.to_owned(), Role::Dim)],
        Previewed::Refused(reason) => vec![(reason.clone(), Role::Error)],
        Previewed::Ready(preview) | Previewed::Renewing(preview, _) => words(preview),
    };
    lines.into_iter().flat_map(|(text, role)| flowed(&text, columns(model), role)).collect()
}

/// Which rule is bypassed, and which times vanish.
pub(super) fn effect(
    model: &Model,
    own: &PractitionerId,
    preview: &Preview,
) -> Vec<(String, Role)> {
    let mut lines = bypassed(model, &preview.to_confirm);
    lines.extend(elsewhere(model, &preview.elsewhere));
    lines.extend(times::lost(model, Some(own), &preview.lost));
    if !preview.gained.is_empty() {
        lines.extend(times::gained(model, Some(own), &preview.gained));
    }
    lines
}

/// What the patient is booked for with others at that time: nothing forbids it, and nobody means it
/// often.
pub(super) fn elsewhere(model: &Model, bookings: &[Booking]) -> Vec<(String, Role)> {
    let told = bookings.iter().map(|booking| {
        let date = model.date(booking.interval.start().date());
        let when = format!("{date} {}", model.dates().hours(booking.interval));
        let with = model.setup.practitioners.get(&booking.practitioner);
        let with = with.map_or("", |found| found.name.as_str());
        (model.language.booking_texts().booked_elsewhere(&when, with), Role::Warning)
    });
    told.collect()
}

/// The rules that are bypassed, by name (R13).
pub(super) fn bypassed(model: &Model, asked: &[Confirmation]) -> Vec<(String, Role)> {
    let sentence = |what| texts::confirmation(model.language, what, &model.setup);
    asked.iter().map(|what| (sentence(what), Role::Warning)).collect()
}

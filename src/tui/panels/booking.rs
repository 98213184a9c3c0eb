//! The form in which staff book, or edit a booking (R13).

use tui_input::Input;

use crate::clinic::{Confirmation, Preview};
use crate::domain::{Booking, Interval, Patient, Permission, PractitionerId};
use crate::texts;
use crate::tui::dialogs::{
    BookingField, BookingForm, Confirmed, Looking, Making, Previewed, Registering, ShortInput,
};
use crate::tui::model::Model;
use crate::tui::sanitise::{clean, fit, hidden, width, window, wrap};
use crate::tui::theme::Role;
use crate::tui::told::{booked_by, protected_mark};

use super::fields::{FIELDS, FORM, field, save_lines};
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
    let Drawn { mut lines, mut cursor } = drawn;
    let saves = form.field == BookingField::Save;
    save_lines(model, &mut lines, &mut cursor, saves, form.error.as_ref());
    let title = match form.making {
        Making::New { .. } => model.texts().book_title,
        Making::Edited { .. } => model.language.booking_texts().edit_title,
    };
    Panel { cursor, keep: (FORM, 13), ..Panel::new(title, Place::Centre, lines) }
}

/// Lines as they are collected, and where the cursor goes.
#[derive(Default)]
pub(super) struct Drawn {
    pub lines: Vec<Line>,
    pub cursor: Option<(usize, usize)>,
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
        let columns = usize::from(model.size.0).saturating_sub(6).min(FORM);
        let told = wrap(&told, columns).into_iter();
        self.lines.extend(told.map(|line| Line::new(line, Role::Strong)));
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

    /// A line under a field.
    pub fn note(&mut self, text: &str, role: Role) {
        for line in wrap(text, FORM - FIELDS) {
            self.lines.push(Line::new(format!("{}{line}", " ".repeat(FIELDS)), role));
        }
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
            self.note(texts.move_help, Role::Dim);
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
            self.note(texts.length_stays, Role::Dim);
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
        }
    }

    fn registering(&mut self, model: &Model, new: &Registering, focused: bool) {
        let using = if focused { Use::Editing } else { Use::Looking };
        let FormLines { lines, cursor, .. } =
            form_lines(model, &new.form, using, columns(model), 0);
        let first = self.lines.len();
        self.lines.extend(lines);
        if !focused {
            return;
        }
        self.cursor = cursor.map(|(line, column)| (first + line, column));
        let texts = model.language.patient_texts();
        if let Some(patient) = &new.taken {
            let name = patient_name(model, patient);
            let told = format!("{}: {name}. {}", texts.taken, texts.take_with_enter);
            let told = wrap(&told, FORM).into_iter();
            self.lines.extend(told.map(|line| Line::new(line, Role::Warning)));
        } else if let Some(field) = new.form.focused() {
            let help = wrap(field.help, FORM).into_iter();
            self.lines.extend(help.map(|line| Line::new(line, Role::Dim)));
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
            self.note(&format!("{from}: {}", clean(own)), Role::Dim);
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

/// What of a typed text shows in so many columns, and where its cursor stands among them: after the last
/// letter it needs a column, too.
fn scrolled((input, shown): (&Input, &str), columns: usize) -> (String, usize) {
    let skipped = input.visual_scroll(columns.saturating_sub(1));
    (window(shown, skipped, columns), input.visual_cursor().saturating_sub(skipped))
}

fn patient_value(model: &Model, form: &BookingForm) -> String {
    if !model.may(Permission::PatientView) {
        return model.texts().lacks(Permission::PatientView);
    }
    match &form.patient {
        Some(patient) => patient_name(model, patient),
        None => model.personal(form.search.value()),
    }
}

/// Columns that a form has within its panel.
pub(super) fn columns(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(8).min(FORM)
}

/// Columns of a field.
fn room(model: &Model) -> usize {
    columns(model).saturating_sub(FIELDS)
}

/// Who the patient is, unless names are hidden.
pub(super) fn patient_name(model: &Model, patient: &Patient) -> String {
    if !model.shows_patients() {
        return model.texts().patient_label.to_owned();
    }
    let number = patient.personnummer.as_ref().map_or("", |number| number.as_str());
    let name = format!("{}  {number}", family_name_first(model, patient));
    name.trim_end().to_owned() + &protected_mark(model, patient)
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
    let indent = " ".repeat(FIELDS);
    let note = |text: &str| Line::new(format!("{indent}{text}"), Role::Dim);
    if form.patient.is_some() {
        return vec![note(model.language.booking_texts().drop_patient)];
    }
    if !form.is_choosing() {
        return vec![note(texts.patient_help)];
    }
    match form.looking {
        Looking::Asked(_) => return vec![note(texts.searching)],
        // Why stands below.
        Looking::Failed => return vec![note(model.language.booking_texts().look_again)],
        Looking::Done => {}
    }
    let mut lines = Vec::new();
    if form.found.is_empty() {
        lines.push(note(texts.no_patients_found));
    }
    let new = format!("{}…", model.language.patient_texts().new_patient);
    let names = form.found.iter().map(|patient| patient_name(model, patient)).chain([new]);
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
    let mut told = Vec::new();
    let mut compare = |label: &str, of: &dyn Fn(&Booking) -> String| {
        if of(seen) != of(before) {
            told.push(format!("{}: {label} {}", texts.now_stored, of(seen)));
        }
    };
    compare(texts.template_label, &|of| booked_by(model, of));
    compare(model.texts().patient_label, &|of| booked_for(model, of));
    compare(model.texts().text_label, &|of| match model.shows_patients() {
        true => format!("\"{}\"", clean(&of.text)),
        false => hidden(&of.text),
    });
    compare(texts.time_label, &|of| model.dates().hours(of.interval));
    told.iter()
        .flat_map(|text| wrap(text, FORM))
        .map(|line| Line::new(line, Role::Warning))
        .collect()
}

fn booked_for(model: &Model, booking: &Booking) -> String {
    let Some(id) = &booking.patient else {
        return model.language.booking_texts().nobody.to_owned();
    };
    let known = model.current_book().and_then(|book| book.patients.get(id));
    known.map_or_else(
        || model.texts().patient_label.to_owned(),
        |patient| patient_name(model, patient),
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
        Previewed::Ready(preview) => words(preview),
    };
    lines
        .into_iter()
        .flat_map(|(text, role)| {
            wrap(&text, FORM).into_iter().map(move |line| Line::new(line, role))
        })
        .collect()
}

/// Which rule is bypassed, and which times vanish.
pub(super) fn effect(
    model: &Model,
    own: &PractitionerId,
    preview: &Preview,
) -> Vec<(String, Role)> {
    let mut lines = bypassed(model, &preview.to_confirm);
    lines.extend(elsewhere(model, &preview.elsewhere));
    lines.extend(times::lost(model, own, &preview.lost));
    if !preview.gained.is_empty() {
        lines.extend(times::gained(model, own, &preview.gained));
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

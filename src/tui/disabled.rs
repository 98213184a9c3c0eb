//! Why an action can't be done now, in words for whoever sees it grey or presses its key. Changes nothing.

use crate::clinic::{NothingToDo, Refusal};
use crate::domain::{Actor, Permission, PreblockKind};

use super::access::Suspend;
use super::actions::{Action, Context};
use super::clip::Clipped;
use super::dialogs::{CallBoard, Overlay};
use super::model::{Model, Phase, Spread};
use super::patient::{PatientView, lacks_view};
use super::settings::{
    Entity, Level, Section, Shelf, is_new_clinic, lacks_for_card, lacks_for_entity,
    lacks_for_section,
};

use Action as A;

/// Why an action can't be done now; `None` when it can.
pub fn disabled(model: &Model, action: Action) -> Option<String> {
    let texts = model.texts();
    // What can be done everywhere is judged as everywhere.
    if let Some(Overlay::Calls(board)) = model.overlays.last()
        && !matches!(action, A::Lock | A::Suspend)
    {
        return calls_disabled(model, board, action);
    }
    let no_book = || model.chosen_books().is_none().then(|| no_book_why(model).to_owned());
    let loading = || (model.phase == Phase::LoadingSetup).then(|| texts.loading_clinic.to_owned());
    match action {
        A::FindFree | A::Away | A::DayList => {
            model.practitioner.is_none().then(|| texts.no_active_practitioners.to_owned())
        }
        A::Book => no_book().or_else(|| model.lacks(Permission::BookingEdit)),
        A::AddSessions | A::RemoveSessions | A::RepeatSessions => {
            no_book().or_else(|| model.lacks(Permission::ScheduleEdit))
        }
        A::RepeatPreblocks => no_book().or_else(|| {
            let empty = model.week_preblocks().next().is_none();
            let refusal = Refusal::NothingToDo(NothingToDo::EmptyPreblockWeek);
            empty
                .then(|| model.refusal(&refusal))
                .or_else(|| model.lacks_for_preblocks(model.week_preblocks()))
        }),
        A::RemovePreblocks => no_book().or_else(|| {
            let chosen = model.chosen_preblocks();
            if chosen.is_empty() {
                return Some(texts.no_preblock_here.to_owned());
            }
            model.lacks_for_preblocks(chosen.into_iter())
        }),
        A::Cut | A::CopyPreblocks | A::Paste => no_book().or_else(|| clip_disabled(model, action)),
        A::CancelBooking | A::EditBooking | A::MoveBooking => no_book().or_else(|| {
            let nothing = model.booking_at_cursor().is_none();
            nothing
                .then(|| texts.no_bookings_here.to_owned())
                .or_else(|| model.lacks(Permission::BookingEdit))
        }),
        // Without any right to lay, the menu still opens: each type stands there with the reason.
        A::OpenMenu if is_new_clinic(model) => None,
        A::WeekTemplates
        | A::ScheduleMode
        | A::LayPreblock
        | A::OpenMenu
        | A::Why
        | A::PatientsSee
        | A::TypeRange => no_book(),
        A::CellHistory => no_book().or_else(|| model.lacks(Permission::AuditRead)),
        A::AuditLog => loading().or_else(|| model.lacks(Permission::AuditRead)),
        A::Find | A::CheckSettings | A::Settings => loading(),
        A::Inbox => lacks_inbox(model),
        A::SyncNow | A::Republish | A::PauseOnline | A::Diagnostics => {
            agent_disabled(model, action)
        }
        A::OnlineClient => loading(),
        A::Lock => why_not_lock(model),
        A::Suspend => (model.access.suspend == Suspend::Off).then(|| texts.suspend_off.to_owned()),
        A::Password if model.overlays.is_empty() => loading().or_else(|| {
            matches!(model.actor, Actor::System).then(|| texts.lock_needs_user.to_owned())
        }),
        A::OpenPatient => no_book().or_else(|| lacks_view(model)).or_else(|| {
            match model.booking_at_cursor().map(|booking| booking.patient.is_some()) {
                None => Some(texts.no_bookings_here.to_owned()),
                Some(false) => Some(model.language.patient_texts().no_patient_here.to_owned()),
                Some(true) => None,
            }
        }),
        A::EditPatient | A::BookRecall | A::OpenRow => patient_disabled(model, action),
        A::Open | A::New | A::Copy | A::Shelve | A::Search | A::Password => {
            settings_disabled(model, action)
        }
        A::Undo => (!model.history.can_undo()).then(|| texts.nothing_to_undo.to_owned()),
        A::Redo => (!model.history.can_redo()).then(|| texts.nothing_to_redo.to_owned()),
        A::NextPractitioner | A::PreviousPractitioner => match model.count_active() {
            0 => Some(texts.no_active_practitioners.to_owned()),
            1 => Some(texts.one_practitioner.to_owned()),
            _ => None,
        },
        A::Picker => (model.count_active() == 0).then(|| texts.no_active_practitioners.to_owned()),
        A::Spread => model.practitioner.is_none().then(|| texts.no_active_practitioners.to_owned()),
        A::Weekend if model.spread == Spread::Day => {
            Some(texts.one_day(&model.key_of(Context::Grid, A::Spread)))
        }
        A::FinerRows => (model.row_minutes() == 5).then(|| texts.reached_end.to_owned()),
        A::CoarserRows => (model.row_minutes() == 30).then(|| texts.reached_end.to_owned()),
        _ => None,
    }
}

/// Why there is no book to act on: a new clinic has none, others have yet to be loaded.
pub(super) fn no_book_why(model: &Model) -> &'static str {
    let texts = model.texts();
    match (model.phase, &model.practitioner) {
        (Phase::LoadingSetup, _) => texts.loading_clinic,
        (_, None) => texts.no_active_practitioners,
        (_, Some(_)) => texts.loading,
    }
}

/// Why an action of a patient's card can't be done now; `None` when it can.
fn patient_disabled(model: &Model, action: Action) -> Option<String> {
    let Some(Overlay::Patient(view)) = model.overlays.last() else { return None };
    let view: &PatientView = view;
    let texts = model.language.patient_texts();
    if view.card.is_none() {
        return Some(model.texts().loading.to_owned());
    }
    let lacks = || model.lacks(Permission::BookingEdit);
    match action {
        A::OpenRow => view.row().is_none().then(|| texts.nothing_chosen.to_owned()),
        A::BookRecall => lacks()
            .or_else(|| view.recall_template(model).is_none().then(|| texts.no_recall.to_owned())),
        _ => lacks(),
    }
}

/// Why the user has no inbox, if so (R17): it is for those who see patients or book.
pub(super) fn lacks_inbox(model: &Model) -> Option<String> {
    let has = model.may(Permission::PatientView) || model.may(Permission::BookingEdit);
    (!has).then(|| model.texts().lacks(Permission::BookingEdit))
}

/// Why the clipboard can't be used so now; `None` when it can.
fn clip_disabled(model: &Model, action: Action) -> Option<String> {
    if action != A::Paste && of_several_books(model) {
        return Some(model.book_texts().clip_of_one.to_owned());
    }
    let what = match action {
        A::Paste => model.clip.as_ref().map(|clip| clip.what.clone()),
        A::Cut => Clipped::at_cursor(model),
        _ => {
            let chosen = model.chosen_preblocks();
            if chosen.is_empty() {
                return Some(model.texts().no_preblock_here.to_owned());
            }
            return model.lacks_for_preblocks(chosen.into_iter());
        }
    };
    let texts = model.book_texts();
    match what {
        None if action == A::Paste => Some(texts.nothing_cut.to_owned()),
        None => Some(texts.nothing_to_cut.to_owned()),
        Some(Clipped::Booking(_)) => model.lacks(Permission::BookingEdit),
        Some(Clipped::Preblocks { preblocks, .. }) => model.lacks_for_preblocks(preblocks.iter()),
    }
}

/// Whether the marked preblocks lie in more than one book: what is cut or copied is of one.
fn of_several_books(model: &Model) -> bool {
    let mut chosen = model.chosen_preblocks().into_iter();
    chosen.next().is_some_and(|first| chosen.any(|it| it.practitioner != first.practitioner))
}

/// Why an action of the settings screen can't be done now; `None` when it can.
fn settings_disabled(model: &Model, action: Action) -> Option<String> {
    let Some(Overlay::Settings(settings)) = model.overlays.last() else { return None };
    let texts = model.form_texts();
    let section = settings.section;
    // The pane beside the sections says to press n where there is nothing yet.
    if !matches!(settings.level, Level::Entities) && !matches!(action, A::Open | A::New) {
        return Some(texts.choose_section.to_owned());
    }
    let kept = section.shelf() == Shelf::Kept;
    let selected = |lacks: fn(&Model, Section, &Entity) -> Option<String>| match settings.row(model)
    {
        None => Some(texts.nothing_chosen.to_owned()),
        Some(row) => lacks(model, section, &Entity::stored(model, &row.id)?),
    };
    match action {
        A::New if kept => Some(texts.cannot_add.to_owned()),
        A::New => lacks_for_section(model, section),
        A::Password if section != Section::Users => Some(texts.choose_user.to_owned()),
        A::Open if !matches!(settings.level, Level::Entities) => None,
        A::Open => selected(lacks_for_card),
        A::Shelve if kept => Some(texts.cannot_remove.to_owned()),
        A::Copy | A::Password | A::Shelve => selected(lacks_for_entity),
        _ => None,
    }
}

/// Why an action of the list of whom to call can't be done now; `None` when it can.
pub(super) fn calls_disabled(model: &Model, board: &CallBoard, action: Action) -> Option<String> {
    let texts = model.language.away_texts();
    match action {
        A::Withdraw => model.lacks_for_kind(PreblockKind::Internet).or_else(|| {
            let none = board.published().is_none_or(|(preblocks, _)| preblocks == 0);
            none.then(|| texts.nothing_to_withdraw.to_owned())
        }),
        A::Called | A::MoveBooking | A::CancelBooking => {
            let none = || board.current().is_none().then(|| texts.none_chosen.to_owned());
            model.lacks(Permission::BookingEdit).or_else(none)
        }
        A::Open => board.current().is_none().then(|| texts.none_chosen.to_owned()),
        A::Undo => (!model.history.can_undo()).then(|| model.texts().nothing_to_undo.to_owned()),
        A::Redo => (!model.history.can_redo()).then(|| model.texts().nothing_to_redo.to_owned()),
        _ => None,
    }
}

/// Why an action of the Online Client's screen can't be done now; `None` when it can.
pub(super) fn agent_disabled(model: &Model, action: Action) -> Option<String> {
    let lacks = || model.lacks(Permission::OnlineEdit);
    let none = || {
        let none = model.agent.state().is_none();
        none.then(|| model.language.sync_texts().no_agent.to_owned())
    };
    match action {
        A::SyncNow | A::Republish => lacks().or_else(none),
        A::PauseOnline => lacks(),
        A::Diagnostics => none(),
        _ => None,
    }
}

/// Why the screen can't be locked, if so: somebody must be able to open it again.
pub(super) fn why_not_lock(model: &Model) -> Option<String> {
    let texts = model.texts();
    match &model.actor {
        Actor::System | Actor::OnlineClient => Some(texts.lock_needs_user.to_owned()),
        Actor::User(user) if user.password_hash.is_none() => {
            Some(texts.lock_needs_password.to_owned())
        }
        Actor::User(_) => None,
    }
}

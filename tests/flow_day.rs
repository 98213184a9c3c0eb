//! The day, an absent practitioner and the day's list through the whole console: keys, a real store,
//! the screen.

mod common;
mod support;

use std::rc::Rc;

use common::console::Console;
use insta::assert_snapshot;
use support::Place;
use tidbok::clinic::{Clinic, new_command_id};
use tidbok::domain::{Actor, PractitionerId};
use tidbok::store::{Completeness, export};
use tidbok::texts::Language;
use tidbok::tui::keymap::Keymap;
use tidbok::tui::{Options, Palette, Preferences, Purpose, Symbols};
use tokio::runtime::Runtime;

struct Desk {
    console: Console,
    clinic: Clinic,
    runtime: Rc<Runtime>,
    _place: Place,
}

/// The example clinic on the morning of its Wednesday, on a practitioner's week.
fn desk(user: &str, practitioner: &str, size: (u16, u16)) -> Desk {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = Rc::new(runtime.expect("a runtime"));
    let place = Place::new();
    let clinic = Clinic::new(runtime.block_on(place.example()));
    let users = runtime.block_on(clinic.users()).expect("users");
    let actor = users.get(&user.into()).cloned().map_or(Actor::System, Actor::User);
    let options = Options {
        actor,
        language: Language::Swedish,
        palette: Palette::Mono,
        symbols: Symbols::Unicode,
        preferences: Preferences { row_minutes: 30 },
        keymap: Keymap::default(),
        access: Default::default(),
        purpose: Purpose::Clinic,
        practitioner: Some(PractitionerId::from(practitioner)),
        command_ids: Box::new(new_command_id),
    };
    let now = "2026-11-25T07:30".parse().expect("a time");
    let console = Console::open(Rc::clone(&runtime), clinic.clone(), options, now, size);
    Desk { console, clinic, runtime, _place: place }
}

impl Desk {
    /// Presses keys and shows what comes of them.
    fn keys(&mut self, script: &str) -> String {
        self.console.keys(script).poll();
        self.console.screen()
    }

    fn file(&self) -> String {
        self.runtime
            .block_on(export(self.clinic.store()))
            .expect("reads")
            .to_json(Completeness::Complete)
    }
}

#[test]
fn sessions_added_to_several_books_at_once_go_with_one_undo() {
    let mut desk = desk("system", "BL", (80, 24));
    let before = desk.file();
    let screen = desk.keys("dt1500-1600<Enter>");
    assert!(screen.contains("Björn Lind 15:00–16:00 · 1 behandlare"), "{screen}");
    let screen = desk.keys("<Esc>v<Right><Down>s");
    assert!(screen.contains("Klart: lade till 2 arbetspass."), "{screen}");
    assert_ne!(desk.file(), before);
    let screen = desk.keys("u");
    assert!(screen.contains("Ångrat."), "{screen}");
    assert_eq!(desk.file(), before);
}

#[test]
fn d_leads_from_the_days_to_the_list_with_numbers_and_telephone_numbers() {
    let mut desk = desk("REC", "BL", (80, 24));
    let screen = desk.keys("D");
    assert!(screen.contains("Björn Lind är sjuk"), "{screen}");
    assert_snapshot!("list_of_the_sick", desk.keys("1"));
    assert_snapshot!("list_with_a_call", desk.keys("r"));
    let screen = desk.keys("r");
    assert!(screen.contains("ringda: 0"), "the mark is taken back: {screen}");
    let screen = desk.keys("uu");
    assert!(screen.contains("Ångrat.") && screen.contains("ringda: 0"), "{screen}");
}

#[test]
fn on_the_smallest_screen_the_list_and_its_numbers_are_all_there() {
    let mut desk = desk("REC", "BL", (60, 16));
    assert_snapshot!("list_on_the_smallest_screen", desk.keys("D1"));
}

#[test]
fn withdrawing_asks_in_numbers_with_the_harmless_answer_first_and_is_undone() {
    let mut desk = desk("REC", "AE", (80, 24));
    let before = desk.file();
    let screen = desk.keys("D2to-+1v<Enter>");
    assert!(screen.contains("Internet-preblock: 1"), "{screen}");
    desk.keys("<Esc>");
    let screen = desk.keys("D1<Del>");
    assert!(screen.contains("Tar bort 2 Internet-preblock."), "{screen}");
    assert!(screen.contains("försvinner från bokningssidan."), "{screen}");
    assert!(screen.contains("1 bokning berörs"), "{screen}");
    desk.keys("<Enter>");
    assert_eq!(desk.file(), before, "the first answer changes nothing");
    let screen = desk.keys("<Del>2");
    assert!(screen.contains("Inget att dra tillbaka"), "{screen}");
    assert!(screen.contains("Klart: tog bort 2 preblock."), "{screen}");
    desk.keys("u");
    assert_eq!(desk.file(), before);
}

#[test]
fn r17_without_the_permissions_the_keys_stand_grey_and_the_list_names_nobody() {
    let mut desk = desk("ELEV", "BL", (80, 24));
    let before = desk.file();
    let screen = desk.keys("D1");
    assert!(!screen.contains("Tolvan") && !screen.contains("740605"), "{screen}");
    let screen = desk.keys("<Del>");
    assert!(screen.contains("behörighet saknas: Preblock för internet"), "{screen}");
    let mut dentist = self::desk("AE", "BL", (80, 24));
    let screen = dentist.keys("D1r");
    assert!(screen.contains("behörighet saknas: Boka och avboka"), "{screen}");
    assert_eq!(desk.file(), before);
}

#[test]
fn f9_hides_names_and_numbers_in_the_list_and_in_the_days_list() {
    let mut desk = desk("REC", "BL", (80, 24));
    assert!(desk.keys("D1").contains("Tolvan Tolvansson"));
    let screen = desk.keys("<F9>");
    assert!(!screen.contains("Tolvan") && !screen.contains("740605"), "{screen}");
    let screen = desk.keys("<Esc>L");
    assert!(screen.contains("09:40–10:00 Patient."), "{screen}");
    assert!(desk.keys("<F9>").contains("09:40–10:00 Tolvan Tolvansson."));
}

#[test]
fn a_booking_cancelled_from_the_list_leaves_it_and_the_list_can_be_come_back_to() {
    let mut desk = desk("REC", "BL", (80, 24));
    let screen = desk.keys("D1a");
    assert!(screen.contains("Ingen har ringt patienten ännu"), "{screen}");
    let screen = desk.keys("<Esc>ra");
    assert!(!screen.contains("Ingen har ringt patienten ännu"), "{screen}");
    let screen = desk.keys("2");
    assert!(screen.contains("Ingen bokning de dagarna"), "{screen}");
    let screen = desk.keys("<Esc>D");
    assert!(screen.contains("Fortsätt med Björn Lind"), "{screen}");
    let screen = desk.keys("1u");
    assert!(screen.contains("1 bokning berörs"), "{screen}");
    let screen = desk.keys("<Enter>");
    assert!(screen.contains("ons 25 09:30 · 09:40–10:00 · Tolvan Tolvansson"), "{screen}");
}

#[test]
fn what_another_console_does_moves_the_list_along() {
    let mut desk = desk("REC", "BL", (80, 24));
    desk.keys("D1");
    let call = tidbok::clinic::Command::MarkCalled {
        booking: "b2".into(),
        mark: tidbok::clinic::CallMark::Called,
    };
    let now = "2026-11-25T07:31".parse().expect("a time");
    let done = desk.clinic.execute(&Actor::System, new_command_id(), &call, now);
    assert!(desk.runtime.block_on(done).is_ok());
    assert!(desk.keys("<Up>").contains("ringd system"));
    let screen = desk.keys("r");
    assert!(
        screen.contains("Ja, patienten är inte ringd"),
        "another's mark is asked about: {screen}"
    );
    assert!(desk.keys("<Esc>").contains("ringd system"));
    assert!(!desk.keys("r2").contains("ringd system"));
}

#[test]
fn the_days_list_of_the_day_has_everybody_and_of_the_week_the_one() {
    let mut desk = desk("REC", "BL", (80, 24));
    let screen = desk.keys("L");
    assert!(screen.contains("Björn Lind") && !screen.contains("Cecilia"), "{screen}");
    assert_snapshot!("list_of_the_day", desk.keys("qdL"));
}

#[test]
fn a_booking_is_moved_from_the_list_which_stays_beneath_the_form() {
    let mut desk = desk("REC", "BL", (80, 24));
    let screen = desk.keys("D1m");
    assert!(screen.contains("Flytta bokningen"), "{screen}");
    let screen = desk.keys("<Esc>");
    assert!(screen.contains("Björn Lind är sjuk"), "{screen}");
}

on_the_server_too! {
    sessions_added_to_several_books_at_once_go_with_one_undo,
    d_leads_from_the_days_to_the_list_with_numbers_and_telephone_numbers,
    on_the_smallest_screen_the_list_and_its_numbers_are_all_there,
    withdrawing_asks_in_numbers_with_the_harmless_answer_first_and_is_undone,
    r17_without_the_permissions_the_keys_stand_grey_and_the_list_names_nobody,
    f9_hides_names_and_numbers_in_the_list_and_in_the_days_list,
    a_booking_cancelled_from_the_list_leaves_it_and_the_list_can_be_come_back_to,
    what_another_console_does_moves_the_list_along,
    the_days_list_of_the_day_has_everybody_and_of_the_week_the_one,
    a_booking_is_moved_from_the_list_which_stays_beneath_the_form,
}

//! The screens as they are drawn: sizes, colour, mono and ASCII.

use insta::assert_snapshot;
use ratatui::style::{Color, Modifier};
use tidbok::domain::{Calendar, Permission, Setup};
use tidbok::texts::Language;
use tidbok::tui::{Effect, Message, Palette, Symbols};

use crate::fixture::{Console, Start, user};

fn large() -> Start {
    Start { size: (120, 40), row_minutes: 15, ..Start::default() }
}

#[test]
fn the_week_at_80_by_24() {
    assert_snapshot!(Console::open(Start::default()).screen());
}

#[test]
fn the_week_at_120_by_40_with_what_patients_see() {
    assert_snapshot!(Console::open(large()).screen());
}

#[test]
fn the_week_at_60_by_16() {
    assert_snapshot!(Console::open(Start { size: (60, 16), ..Start::default() }).screen());
}

#[test]
fn the_week_in_ascii_has_no_drawing_characters() {
    let screen =
        Console::open(Start { symbols: Symbols::Ascii, ..large() }).press("v Down p").screen();
    let letters = "åäöÅÄÖ";
    let strange = screen.chars().find(|c| !c.is_ascii() && !letters.contains(*c));
    assert_eq!(strange, None);
    assert_snapshot!(screen);
}

#[test]
fn the_week_in_english() {
    assert_snapshot!(Console::open(Start { language: Language::English, ..large() }).screen());
}

#[test]
fn too_small_a_window_says_so() {
    for size in [(59, 16), (60, 15), (20, 3), (1, 1)] {
        let console = Console::open(Start { size, ..Start::default() });
        assert!(!console.screen().contains("08:00"), "{size:?}");
    }
    let console = Console::open(Start { size: (59, 16), ..Start::default() });
    assert!(console.screen().contains("Fönstret är för litet"));
    let console = Console::open(Start { size: (30, 5), ..Start::default() });
    assert!(console.screen().contains("60×16 behövs"), "{}", console.screen());
}

#[test]
fn what_cannot_be_seen_is_not_done() {
    let mut console = Console::open(Start::default());
    console.press("p");
    let shown = console.screen();
    console.take();
    console.send(Message::Resize { width: 40, height: 10 });
    console.press("3 Down Enter u Esc Esc").send(Message::Paste("boka".to_owned()));
    assert!(console.take().is_empty());
    console.send(Message::Resize { width: 80, height: 24 });
    assert_eq!(console.screen(), shown);
    console.press("Esc").send(Message::Resize { width: 40, height: 10 });
    assert!(console.press("q").take() == [Effect::Quit], "but it can be left");
}

#[test]
fn bookings_that_touch_are_told_apart_by_shade_and_others_look_alike() {
    for palette in
        [Palette::TrueColor, Palette::Sixteen, Palette::Mono, Palette::Light, Palette::LightSixteen]
    {
        let console = Console::open(Start { palette, row_minutes: 10, ..Start::default() });
        let buffer = console.buffer();
        // Tuesday: 08:00–08:30 alone, 09:10–09:40 and 09:40–10:00 touching.
        let style = |row: u16| buffer[(30, 2 + row)].style();
        assert_eq!(style(1), style(8), "{palette:?}");
        assert_ne!(style(8), style(11), "{palette:?}");
    }
}

#[test]
fn a_bookable_start_beside_a_booking_is_as_readable_as_the_booking_in_sixteen_colours() {
    for palette in [Palette::Sixteen, Palette::LightSixteen] {
        let mut console = Console::started(Start { palette, ..Start::default() });
        let akut = console.setup.templates.get_mut(&"akut".into()).expect("a template");
        akut.category = "us".into();
        console.answer();
        // Wednesday 14:00: booked online until 14:10, free again from 14:20.
        let line = console.line(14);
        assert!(line.contains("…:10") && line.contains(":20"), "{}", console.screen());
        let buffer = console.buffer();
        let (text, mark) = (&buffer[(38, 14)], &buffer[(48, 14)]);
        assert_eq!((mark.symbol(), mark.fg, mark.bg), (":", text.fg, text.bg), "{palette:?}");
    }
}

#[test]
fn below_the_times_stand_the_days_internet_preblocks() {
    let mut console = Console::open(large());
    console.press("Right Home e").answer();
    let screen = console.screen();
    for told in ["08:00–10:00 E-us", "6 tider", "0 tider · upphörde tis 24 nov", "(R3)"] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
}

#[test]
fn the_preblock_menu_stands_at_the_marking() {
    assert_snapshot!(Console::open(Start::default()).press("Left v Down Right p").screen());
}

#[test]
fn the_booking_form_with_patients_found() {
    let mut console = Console::open(large());
    console.press("b 3").answer().type_text("ka").answer();
    assert_snapshot!(console.screen());
}

#[test]
fn why_no_time_is_shown() {
    assert_snapshot!(Console::open(large()).press("Right Home Down w").answer().screen());
}

#[test]
fn the_help_is_made_from_the_registry() {
    assert_snapshot!(Console::open(large()).press("?").screen());
}

#[test]
fn what_patients_see_as_an_overlay_on_a_narrow_screen() {
    assert_snapshot!(Console::open(Start::default()).press("Right e").screen());
}

#[test]
fn the_info_line_tells_all_that_is_known() {
    let table = [
        ("Left Home", "08:00–08:30 · Karl Karlsson · Undersökning 30 min · Kontroll · av EK"),
        ("Right Home", "Preblock E-us (Internet) 08:00–10:00 · 6 tider · Undersökning"),
        ("Right t", "tor 26 10:00"),
        ("Right Right", "fre 27 10:00 · stängt · ej schemalagt"),
        ("Left", "tis 24 10:00 · ledig tid"),
    ];
    for (keys, told) in table {
        let mut console = Console::open(large());
        console.press(keys).answer();
        assert!(console.line(37).contains(told), "{keys}: {}", console.line(37));
    }
}

#[test]
fn r22_protected_patients_and_those_one_may_not_see_are_masked() {
    let mut console = Console::open(Start { user: user(&[]), ..large() });
    assert!(!console.screen().contains("Karlsson"));
    assert!(!console.screen().contains("Kontroll"));
    console.press("Left Home Down Down Down Down Down").answer();
    assert!(!console.screen().contains("Hemlig"));
    assert!(console.screen().contains("Skyddad"));
    let sees = user(&[Permission::PatientView]);
    let mut console = Console::open(Start { user: sees, ..large() });
    console.press("Left Home Down Down Down Down Down").answer();
    assert!(console.line(37).contains("Hemlig"), "{}", console.line(37));
    assert!(console.line(6).contains("Skyddad"), "masked in the grid always");
}

#[test]
fn hostile_names_reach_the_screen_without_control_characters() {
    let screen = Console::open(large()).screen();
    assert!(!screen.contains('\u{202e}') && !screen.contains('\x1b'));
}

#[test]
fn without_colour_only_modifiers_are_used() {
    let console = Console::open(Start { palette: Palette::Mono, ..large() });
    let buffer = console.buffer();
    assert!(buffer.content.iter().all(|c| c.fg == Color::Reset && c.bg == Color::Reset));
    let underlined = |c: &ratatui::buffer::Cell| c.modifier.contains(Modifier::UNDERLINED);
    assert!(buffer.content.iter().any(underlined), "bookings stay apart");
}

#[test]
fn in_sixteen_colours_no_other_is_used() {
    let console = Console::open(Start { palette: Palette::Sixteen, ..large() });
    let buffer = console.buffer();
    let strange = |color: Color| matches!(color, Color::Rgb(..) | Color::Indexed(_));
    assert!(!buffer.content.iter().any(|c| strange(c.fg) || strange(c.bg)));
}

#[test]
fn on_a_light_background_in_sixteen_colours_no_other_is_used() {
    let console = Console::open(Start { palette: Palette::LightSixteen, ..large() });
    let strange = |color: Color| matches!(color, Color::Rgb(..) | Color::Indexed(_));
    assert!(!console.buffer().content.iter().any(|c| strange(c.fg) || strange(c.bg)));
}

#[test]
fn the_light_theme_changes_colours_only() {
    let dark = Console::open(large());
    let light = Console::open(Start { palette: Palette::Light, ..large() });
    assert_eq!(light.screen(), dark.screen());
    let (light, dark) = (light.buffer(), dark.buffer());
    let differ = light.content.iter().zip(&dark.content).filter(|(a, b)| a.style() != b.style());
    assert!(differ.count() > 1000, "most of the grid is drawn otherwise");
}

#[test]
fn the_terminals_cursor_sits_on_the_focused_cell_or_field() {
    let mut console = Console::open(Start::default());
    let at = console.cursor();
    assert_eq!((at.x, at.y), (37, 6));
    console.press("Down Right");
    let at = console.cursor();
    assert_eq!((at.x, at.y), (52, 7));
    console.press("g").type_text("v5");
    let line = console.line(usize::from(console.cursor().y));
    assert!(line.contains("> v5"), "{line}");
}

#[test]
fn the_first_load_a_clinic_without_practitioners_and_a_week_without_sessions_say_so() {
    let console = Console::started(Start::default());
    assert!(console.screen().contains("Hämtar klinikens uppgifter…"));
    let mut console = Console::started(Start::default());
    console.setup = Setup::default();
    console.answer();
    assert!(console.screen().contains("Kliniken är ny."));
    let mut console = Console::started(Start::default());
    console.calendar = Calendar::default();
    console.answer();
    assert!(console.screen().contains("Inget arbetspass den här veckan."));
}

#[test]
fn in_a_new_clinic_nothing_says_that_it_is_being_loaded() {
    let mut wide = Console::started(Start { size: (120, 40), ..Start::default() });
    wide.setup = Setup::default();
    let screen = wide.answer().screen();
    assert!(screen.contains("Ingen aktiv behandlare"), "beside the grid\n{screen}");
    assert!(!screen.contains("Hämtar"), "{screen}");
    let mut console = Console::started(Start::default());
    console.setup = Setup::default();
    let screen = console.answer().press("?").screen();
    assert!(screen.contains("Ingen aktiv behandlare"), "{screen}");
    assert!(!screen.contains("Hämtar"), "{screen}");
    console.press("Esc Tab");
    assert!(!console.screen().contains("bara en behandlare"), "{}", console.screen());
    console.press("Esc H").answer();
    assert!(console.screen().contains("Loggen"), "the log needs no book\n{}", console.screen());
}

#[test]
fn a_menu_with_nothing_in_it_says_where_that_is_made() {
    let mut console = Console::open(Start::default());
    console.setup.preblock_types.clear();
    console.setup.templates.clear();
    console.setup.categories.clear();
    console.press("F5").answer();
    for (keys, where_to) in [
        ("p", "Inställningar › Preblockering i tidboken"),
        ("n", "Inställningar › Bokningsmallar"),
        ("b 1", "Inställningar › Kategorier"),
        ("w", "Inställningar › Bokningsmallar"),
    ] {
        let screen = console.press(keys).screen();
        let inside = screen.lines().filter_map(|line| line.split('│').nth(1));
        let text = inside.map(str::trim).collect::<Vec<_>>().join(" ");
        assert!(text.contains(where_to), "{keys}\n{screen}");
        console.press("Esc Esc");
    }
}

#[test]
fn the_weekend_shows_on_request_and_when_it_is_used() {
    let mut console = Console::open(Start::default());
    assert!(!console.line(1).contains("lör"));
    console.press("l");
    assert!(console.line(1).contains("lör 28") && console.line(1).contains("sön 29"));
    console.press("l g").type_text("2026-11-28").press("Enter");
    assert!(console.line(1).contains("lör 28"));
}

#[test]
fn public_holidays_are_named() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("g").type_text("2026-12-25").press("Enter").answer();
    assert!(console.line(1).contains("Julda"), "{}", console.line(1));
    assert!(console.line(37).contains("Juldagen"), "{}", console.line(37));
}

#[test]
fn the_day_stands_whole_above_its_column_where_a_red_days_name_has_no_room() {
    for columns in 60..=120 {
        let mut console = Console::open(Start { size: (columns, 20), ..Start::default() });
        console.press("l");
        assert!(console.line(1).contains("fre 27"), "{columns}: {}", console.line(1));
    }
}

#[test]
fn a_new_clinic_tells_all_of_what_to_do_on_the_smallest_screen() {
    let mut console = Console::started(Start { size: (60, 16), ..Start::default() });
    console.setup = Setup::default();
    let screen = console.answer().screen();
    for told in ["Kliniken är ny.", "Behörighetssystem", "Enter öppnar", "sedan F5."] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
}

#[test]
fn a_resize_is_followed() {
    let mut console = Console::open(Start::default());
    console.size = (120, 40);
    console.send(Message::Resize { width: 120, height: 40 });
    assert!(console.screen().contains("Patienten ser"));
}

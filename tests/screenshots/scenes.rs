//! What is pictured, and by which keys one gets there.

use tidbok::texts::Language;
use tidbok::tui::{Palette, Symbols};

/// How one picture is made.
pub struct Scene {
    pub name: &'static str,
    pub stage: Stage,
    pub user: &'static str,
    pub language: Language,
    pub size: (u16, u16),
    pub palette: Palette,
    pub symbols: Symbols,
    pub row_minutes: u8,
    pub keys: &'static str,
}

/// Which clinic the console is open on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Demo,
    /// Nothing has been set up.
    New,
}

const PLAIN: Scene = Scene {
    name: "",
    stage: Stage::Demo,
    user: "REC",
    language: Language::Swedish,
    size: (120, 40),
    palette: Palette::TrueColor,
    symbols: Symbols::Unicode,
    row_minutes: 15,
    keys: "",
};

/// In an 80×24 window.
const SMALL: Scene = Scene { size: (80, 24), row_minutes: 30, ..PLAIN };

/// Whoever may change the settings.
const CHIEF: Scene = Scene { user: "ADM", ..PLAIN };

/// The log comes before whoever looks at patients, which it tells of; what saves something comes last.
pub const SCENES: [Scene; 54] = [
    Scene { name: "log", keys: "H", ..CHIEF },
    Scene { name: "week", keys: "gto<Enter>t1525-1540<Enter><Esc>", ..PLAIN },
    Scene {
        name: "english",
        language: Language::English,
        keys: "gto<Enter>t1525-1540<Enter><Esc>",
        ..PLAIN
    },
    Scene {
        name: "marking",
        keys: "gv49 ti<Enter>t0800-0815<Enter><Esc>v<Down><Down><Down><Right><Right>",
        ..PLAIN
    },
    Scene { name: "preblocks", keys: "gv49 ti<Enter>t0800-0930<Enter>p", ..PLAIN },
    Scene {
        name: "no-permission",
        user: "ELEV",
        keys: "gv49 ti<Enter>t0800-0930<Enter>p",
        ..PLAIN
    },
    Scene { name: "overlap", keys: "gv49 ti<Enter>t1430-1630<Enter>p2", ..PLAIN },
    Scene { name: "remove-preblocks", keys: "gv49 ti<Enter>t1300-1530<Enter><Del>", ..PLAIN },
    Scene { name: "why", keys: "gv49 ti<Enter>t1400-1430<Enter><Esc>w", ..PLAIN },
    Scene { name: "booking", keys: "gv49 ti<Enter>t0830-0900<Enter>b1ber", ..PLAIN },
    Scene {
        name: "register",
        keys: "gv49 ti<Enter>t0830-0900<Enter>b1Hilda Testsson<Enter>18900101-9802<Tab>",
        ..PLAIN
    },
    Scene { name: "help", keys: "?", ..PLAIN },
    Scene { name: "menu", keys: "gv49 ti<Enter>t0830-0900<Enter><Esc><Enter>", ..PLAIN },
    Scene { name: "palette", keys: ":pre", ..CHIEF },
    Scene { name: "handbook", keys: "B<Down><Enter>", ..PLAIN },
    Scene { name: "go-to", keys: "gv50 ti", ..PLAIN },
    Scene { name: "practitioners", keys: "f", ..PLAIN },
    Scene { name: "day", keys: "gv49 ti<Enter>d", ..PLAIN },
    Scene { name: "day-list", keys: "gv49 ti<Enter>L", ..PLAIN },
    Scene { name: "free-times", keys: "gv49 ti<Enter>n1", ..PLAIN },
    Scene { name: "find", keys: "/ber", ..PLAIN },
    Scene { name: "inbox", keys: "N", ..PLAIN },
    Scene { name: "patient", keys: "gv49 ti<Enter>o", ..PLAIN },
    Scene { name: "patient-edit", keys: "gv49 ti<Enter>oE", ..PLAIN },
    Scene { name: "names-hidden", keys: "gv49 ti<Enter><F9>", ..PLAIN },
    Scene { name: "move", keys: "gv49 ti<Enter>m", ..PLAIN },
    Scene { name: "cancel", keys: "gv49 ti<Enter>t1340-1400<Enter><Esc>a", ..PLAIN },
    Scene {
        name: "paste",
        keys: "gv49 ti<Enter>t1400-1530<Enter>cgto<Enter>t1330-1500<Enter>k",
        ..PLAIN
    },
    Scene { name: "ill", keys: "gv49 ti<Enter>D", ..PLAIN },
    Scene { name: "calls", keys: "gv49 ti<Enter>D2", ..PLAIN },
    Scene { name: "schedule", keys: "gv49 ti<Enter>A", ..PLAIN },
    Scene { name: "repeat-sessions", keys: "gv50 må<Enter>r", ..PLAIN },
    Scene { name: "repeat-preblocks", keys: "gv51 må<Enter>R", ..PLAIN },
    Scene { name: "online-client", keys: "<F8>", ..PLAIN },
    Scene { name: "settings", keys: "I", ..CHIEF },
    Scene { name: "booking-templates", keys: "I<Down><Enter>", ..CHIEF },
    Scene { name: "booking-template", keys: "I<Down><Enter><Enter>", ..CHIEF },
    Scene { name: "template-list", keys: "I<Down><Down><Enter><Enter>", ..CHIEF },
    Scene { name: "preblock-type", keys: "I<Enter><Enter>", ..CHIEF },
    Scene {
        name: "online-settings",
        keys: "I<Down><Down><Down><Down><Down><Down><Down><Enter><Enter>",
        ..CHIEF
    },
    Scene {
        name: "practitioner",
        keys: "I<Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Enter><Down><Down><Enter>",
        ..CHIEF
    },
    Scene { name: "permissions", keys: ":behörighetssystem<Enter><Enter>", ..CHIEF },
    Scene { name: "settings-check", keys: "K", ..CHIEF },
    Scene { name: "finding", keys: "K<Enter>", ..CHIEF },
    Scene { name: "first-start", stage: Stage::New, ..PLAIN },
    Scene {
        name: "light",
        palette: Palette::Light,
        keys: "gv49 ti<Enter>t0800-0930<Enter>",
        ..PLAIN
    },
    Scene { name: "small", keys: "gv49 on<Enter>", ..SMALL },
    Scene { name: "patients-see", keys: "gv49 ti<Enter>e", ..SMALL },
    Scene {
        name: "mono-ascii",
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        keys: "gv49 ti<Enter>t0800-0930<Enter>",
        ..SMALL
    },
    Scene {
        name: "online-client-small",
        user: "ADM",
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        keys: "<F8>",
        ..SMALL
    },
    Scene { name: "warning", keys: ":e-tid vilande<Enter>2<F2>", ..CHIEF },
    Scene { name: "week-templates", keys: "M<Enter>Höstvecka<Enter>M<Down><Enter>", ..PLAIN },
    Scene { name: "password", keys: "<S-F7>tandtråd-2026<Tab>tandtråd", ..PLAIN },
    Scene {
        name: "lock", keys: "<S-F7>tandtråd-2026<Tab>tandtråd-2026<F2><F7>tandtråd", ..PLAIN
    },
];

//! Every field of every card, filled in wrongly in every way: each wrong value is told of at its field,
//! and what was typed is kept.

use crate::desk::{CATEGORIES, Desk, PREBLOCK_LISTS};

/// Most characters of a name, and of a text.
const LONG_NAME: &str = "får ha högst 100 tecken";
const LONG_TEXT: &str = "får ha högst 1000 tecken";
const EMPTY: &str = "måste fyllas i";
const TAKEN: &str = "är upptaget";
const EMOJI: &str = "innehåller emoji";
const NUMBER: &str = "Skriv ett helt tal";

/// What is typed into a field and refused, and what is then said there.
type Wrong = (Typed, &'static str);

/// What is typed.
#[derive(Clone, Copy)]
enum Typed {
    Text(&'static str),
    /// One letter so many times.
    Long(usize),
}

use Typed::{Long, Text};

impl Typed {
    fn text(self) -> String {
        match self {
            Text(text) => text.to_owned(),
            Long(letters) => "å".repeat(letters),
        }
    }
}

/// How a field is filled in.
enum Filled {
    /// Typed: something right, and all that is wrong.
    By { right: &'static str, wrong: &'static [Wrong] },
    /// Chosen by these keys, so that nothing wrong can be; what is said where nothing is chosen.
    Chosen { keys: &'static str, missing: Option<&'static str> },
}

use Filled::{By, Chosen};

/// Chosen among answers of which one always holds.
const ANY: Filled = Chosen { keys: "", missing: None };

/// A card to fill in.
struct Form {
    /// Its place in the menu of sections.
    section: usize,
    /// The key that opens it in the list.
    opened_by: &'static str,
    /// Its fields in order, by their labels.
    fields: &'static [(&'static str, Filled)],
}

const NAME_WRONG: [Wrong; 5] = [
    (Text(""), EMPTY),
    (Text("   "), EMPTY),
    (Long(101), LONG_NAME),
    (Long(300), LONG_NAME),
    (Text("Tand 🦷"), EMOJI),
];

/// A name that nothing else of its kind may have: `$taken` another has, `$apart` is the same in other
/// capitals and with its letters taken apart.
macro_rules! name {
    ($taken:literal, $apart:literal) => {
        By {
            right: "Nytt namn",
            wrong: &[
                NAME_WRONG[0],
                NAME_WRONG[1],
                NAME_WRONG[2],
                NAME_WRONG[3],
                NAME_WRONG[4],
                (Text($taken), TAKEN),
                (Text($apart), TAKEN),
            ],
        }
    };
}

/// A text that may be empty.
const NAME_LONG_TEXT: Filled =
    By { right: "", wrong: &[(Long(1001), LONG_TEXT), (Text("E-tid 📅"), EMOJI)] };
const SHORT_TEXT: Filled =
    By { right: "", wrong: &[(Long(101), LONG_NAME), (Text("☎️ 08"), EMOJI)] };

const FORMS: [Form; 12] = [
    Form {
        section: 0,
        opened_by: "n",
        fields: &[
            ("Namn", name!("E-tid undersökning", "E-TID UNDERSO\u{308}KNING")),
            ("Text", NAME_LONG_TEXT),
            ("Färg", ANY),
            ("Giltig för", ANY),
            ("Resurser", ANY),
            ("Får kringgås", ANY),
            ("Typ", ANY),
            ("Tillåt", ANY),
            ("Behandling", ANY),
            (
                "Upphör",
                By {
                    right: "",
                    wrong: &[
                        (Text("-1"), NUMBER),
                        (Text("en"), NUMBER),
                        (Text("731"), "mellan 0 och 730"),
                    ],
                },
            ),
            ("Kod", SHORT_TEXT),
            ("Aktiv", ANY),
        ],
    },
    Form {
        section: 1,
        opened_by: "n",
        fields: &[
            ("Namn", name!("Undersökning 30 min", "UNDERSO\u{308}KNING 30 MIN")),
            (
                "Antal minuter",
                By {
                    right: "30",
                    wrong: &[
                        (Text(""), "1–600"),
                        (Text("0"), "1–600"),
                        (Text("601"), "1–600"),
                        (Text("-30"), "1–600"),
                        (Text("en halvtimme"), "1–600"),
                        (Text("99999999999999999999"), "1–600"),
                    ],
                },
            ),
            (
                "Bokningskategori",
                Chosen { keys: "<Right>", missing: Some("Välj en bokningskategori") },
            ),
            ("Använd i e-tidbok", ANY),
            ("Omboka i e-tidbok", ANY),
            ("Avboka i e-tidbok", ANY),
            ("Använd i revision", ANY),
            ("Tidbokstext", NAME_LONG_TEXT),
            (
                "Pride",
                By {
                    right: "",
                    wrong: &[
                        (Text("RR"), "Samma tecken står två gånger"),
                        (Text("R X"), "skriv tecknen tätt, som RX"),
                        (Text("R🦷"), "skriv tecknen tätt, som RX"),
                    ],
                },
            ),
            ("Flytta nästa rev", ANY),
            ("Aktiv", ANY),
        ],
    },
    Form {
        section: 2,
        opened_by: "n",
        fields: &[("Namn", name!("E-tidbok", "E-TIDBOK")), ("Ägare", ANY), ("Bokningsmallar", ANY)],
    },
    Form {
        section: 3,
        opened_by: "n",
        fields: &[("Namn", name!("Alla", "ALLA")), ("Ägare", ANY), ("Preblock", ANY)],
    },
    Form {
        section: 4,
        opened_by: "n",
        fields: &[("Namn", name!("US/Röntgen", "us/ro\u{308}ntgen"))],
    },
    Form {
        section: 5,
        opened_by: "n",
        fields: &[
            (
                "Tecken",
                By {
                    right: "Q",
                    wrong: &[
                        (Text(""), "ett enda tecken"),
                        (Text(" "), "ett enda tecken"),
                        (Text("RB"), "ett enda tecken"),
                        (Text("🦷"), EMOJI),
                        (Text("R"), TAKEN),
                    ],
                },
            ),
            ("Namn", By { right: "Rum", wrong: &NAME_WRONG }),
            (
                "Antal",
                By {
                    right: "1",
                    wrong: &[
                        (Text(""), NUMBER),
                        (Text("0"), "mellan 1 och 100"),
                        (Text("101"), "mellan 1 och 100"),
                        (Text("två"), NUMBER),
                    ],
                },
            ),
        ],
    },
    Form {
        section: 6,
        opened_by: "n",
        fields: &[(
            "Dag",
            By {
                right: "2027-06-25",
                wrong: &[
                    (Text(""), "Ingen dag"),
                    (Text("julafton"), "Ingen dag"),
                    (Text("2027-02-29"), "Ingen dag"),
                    (Text("2026-12-24"), TAKEN),
                ],
            },
        )],
    },
    Form {
        section: 7,
        opened_by: "<Enter>",
        fields: &[
            (
                "Visa tider",
                By {
                    right: "90",
                    wrong: &[
                        (Text(""), NUMBER),
                        (Text("0"), "mellan 1 och 730"),
                        (Text("731"), "mellan 1 och 730"),
                        (Text("9999999999"), NUMBER),
                    ],
                },
            ),
            (
                "Kortaste varsel",
                By {
                    right: "120",
                    wrong: &[(Text("-1"), NUMBER), (Text("44641"), "mellan 0 och 44640")],
                },
            ),
            ("Kräv adress", ANY),
            ("Tillåt omboka", ANY),
            ("Tillåt avboka", ANY),
            (
                "Senast",
                By {
                    right: "24",
                    wrong: &[(Text("ett dygn"), NUMBER), (Text("745"), "mellan 0 och 744")],
                },
            ),
            ("Tillfälligt stängd", ANY),
        ],
    },
    Form {
        section: 8,
        opened_by: "n",
        fields: &[
            ("Namn", name!("Mälartandvården", "MA\u{308}LARTANDVA\u{30a}RDEN")),
            ("Bokningsmallslista", ANY),
            ("E-tidbokslista", ANY),
            ("Preblocklista", ANY),
        ],
    },
    Form {
        section: 9,
        opened_by: "n",
        fields: &[
            ("Namn", name!("Tandkliniken Storgatan AB", "tandkliniken storgatan ab")),
            ("Organisation", ANY),
            ("Org.nummer", SHORT_TEXT),
            ("Adress", NAME_LONG_TEXT),
            ("Telefon", SHORT_TEXT),
            (
                "E-post",
                By {
                    right: "",
                    wrong: &[
                        (Text("klinik"), "skriv den som namn@exempel.se"),
                        (Text("a b@klinik.se"), "har inte rätt form"),
                        (Text("@klinik.se"), "har inte rätt form"),
                        (Long(101), LONG_NAME),
                    ],
                },
            ),
            ("Bokningssidan", NAME_LONG_TEXT),
            ("Tillfälligt stängd", ANY),
            ("Bokningsmallslista", ANY),
            ("E-tidbokslista", ANY),
            ("Preblocklista", ANY),
        ],
    },
    Form {
        section: 10,
        opened_by: "n",
        fields: &[
            ("Namn", By { right: "Åsa Ny", wrong: &NAME_WRONG }),
            (
                "Signatur",
                By {
                    right: "ÅN",
                    wrong: &[(Text(""), EMPTY), (Long(101), LONG_NAME), (Text("Å😀"), EMOJI)],
                },
            ),
            ("Titel", SHORT_TEXT),
            ("Företag", ANY),
            ("Bokningsmallslista", ANY),
            ("E-tidbokslista", ANY),
            ("Preblocklista", ANY),
            ("Aktiv", ANY),
        ],
    },
    Form {
        section: 11,
        opened_by: "n",
        fields: &[
            (
                "Signatur",
                By {
                    right: "NY",
                    wrong: &[
                        (Text(""), EMPTY),
                        (Text("itb"), "är reserverat"),
                        (Text("System"), "är reserverat"),
                        (Text("rec"), TAKEN),
                        (Long(300), LONG_NAME),
                        (Text("N😀"), EMOJI),
                    ],
                },
            ),
            ("Namn", By { right: "Nils Ny", wrong: &NAME_WRONG }),
            ("Datorkonto", SHORT_TEXT),
            ("Behörigheter", ANY),
            ("Aktiv", ANY),
        ],
    },
];

impl Desk {
    /// Fills in every field rightly, but for one that is filled in so.
    fn fill(&mut self, form: &Form, but: usize, with: &str) {
        for (at, (_, filled)) in form.fields.iter().enumerate() {
            match filled {
                By { .. } if at == but => self.retype(with),
                By { right, .. } => self.retype(right),
                Chosen { .. } if at == but => {}
                Chosen { keys, .. } => {
                    self.console.keys(keys);
                }
            }
            self.console.keys("<Tab>");
        }
    }
}

#[test]
fn the_table_names_every_field_of_every_card() {
    let mut desk = Desk::open();
    for form in &FORMS {
        desk.section(form.section);
        desk.console.keys(form.opened_by);
        let mut found = Vec::new();
        for _ in form.fields {
            found.push(desk.focused());
            desk.console.keys("<Tab>");
        }
        let labels: Vec<&str> = form.fields.iter().map(|(label, _)| *label).collect();
        assert_eq!(found, labels);
        assert_eq!(desk.focused(), labels[0], "there are no more");
        desk.console.keys("<Esc><Esc><Esc>");
    }
}

#[test]
fn each_wrong_value_is_told_of_at_its_field_and_kept() {
    let mut desk = Desk::open();
    // The example has no preblock list whose name could be taken.
    desk.section(PREBLOCK_LISTS);
    desk.console.keys("nAlla<F2><Esc><Esc>");
    for form in &FORMS {
        desk.section(form.section);
        let before = desk.settings_revision();
        for (at, (label, filled)) in form.fields.iter().enumerate() {
            let nothing = [(Text(""), "")];
            let wrong: &[Wrong] = match filled {
                By { wrong, .. } => wrong,
                Chosen { missing: Some(_), .. } => &nothing,
                Chosen { missing: None, .. } => &[],
            };
            for (typed, told) in wrong {
                let told = match filled {
                    Chosen { missing: Some(told), .. } => told,
                    _ => told,
                };
                desk.console.keys(form.opened_by);
                desk.fill(form, at, &typed.text());
                desk.console.keys("<F2>");
                assert_eq!(desk.focused(), *label, "{}", desk.console.screen());
                let said = desk.said_at(label);
                let lower = said.to_lowercase();
                assert!(
                    lower.contains(&told.to_lowercase()),
                    "{told}: {said}\n{}",
                    desk.console.screen()
                );
                // The end of a long text shows. A wide character takes two cells, one of them empty.
                let folded = |text: &str| text.chars().filter(|it| *it != ' ').collect::<String>();
                let typed = folded(&typed.text());
                let end = typed.char_indices().rev().nth(6).map_or(0, |(at, _)| at);
                let shown = &typed[end..];
                assert!(folded(&said).contains(shown), "{shown} is kept: {said}");
                desk.drop_card();
            }
        }
        assert_eq!(desk.settings_revision(), before, "nothing wrong was stored");
        desk.console.keys("<Esc><Esc>");
    }
}

#[test]
fn unsaved_edits_survive_the_question_and_go_only_when_told_to() {
    let mut desk = Desk::open();
    for form in FORMS.iter().filter(|form| form.opened_by == "n") {
        desk.section(form.section);
        desk.console.keys(form.opened_by).paste("q");
        for _ in 0..2 {
            desk.console.keys("<Esc>");
            assert!(desk.console.screen().contains("Lämna utan att spara?"));
            desk.console.keys("<Enter>");
            assert!(desk.said_at(form.fields[0].0).contains("[q"), "{}", desk.console.screen());
        }
        desk.drop_card();
        desk.console.keys("n");
        assert!(desk.said_at(form.fields[0].0).contains("[ "), "{}", desk.console.screen());
        desk.console.keys("<Esc><Esc><Esc>");
    }
}

#[test]
fn letters_that_come_apart_are_put_together_before_they_are_stored() {
    let mut desk = Desk::open();
    desk.section(CATEGORIES);
    desk.console.keys("n").paste("O\u{308}vrigt a\u{30a}r").keys("<F2>");
    let setup = desk.setup();
    let names: Vec<&str> = setup.categories.values().map(|it| it.name.as_str()).collect();
    assert!(names.contains(&"Övrigt år"), "{names:?}");
}

crate::on_the_server_too! {
    the_table_names_every_field_of_every_card,
    each_wrong_value_is_told_of_at_its_field_and_kept,
    unsaved_edits_survive_the_question_and_go_only_when_told_to,
    letters_that_come_apart_are_put_together_before_they_are_stored,
}

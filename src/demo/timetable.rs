//! When each of the demo's practitioners works, and what usually lies laid out then.

use chrono::{NaiveDate, Weekday};

use crate::domain::{CivilTime, Interval, Minutes};

/// A stretch of a day: from and to, written as on a wall chart (`830` is 08:30).
pub(super) struct Stretch(i32, i32);

impl Stretch {
    /// The stretch on a date.
    pub(super) fn on(&self, date: NaiveDate) -> Option<Interval> {
        let time = |clock: i32| CivilTime::at(date, Minutes(clock / 100 * 60 + clock % 100));
        Interval::new(time(self.0), time(self.1)).ok()
    }
}

/// The type's id and where it lies.
pub(super) type Laid = (&'static str, Stretch);

/// Work sessions of a weekday; breaks are the gaps.
pub(super) fn sessions(practitioner: &str, weekday: Weekday) -> &'static [Stretch] {
    use Weekday::*;
    match (practitioner, weekday) {
        ("AE", Mon | Tue | Wed | Thu) => &[Stretch(800, 1200), Stretch(1300, 1700)],
        ("AE", Fri) => &[Stretch(800, 1200)],
        ("BL", Mon | Tue | Wed | Thu | Fri) => &[Stretch(800, 1130), Stretch(1215, 1630)],
        ("CÅ", Mon | Tue | Thu) => &[Stretch(810, 1200), Stretch(1250, 1640)],
        ("CÅ", Wed) => &[Stretch(1000, 1900)],
        ("DH", Mon | Tue | Wed) => &[Stretch(730, 1145), Stretch(1230, 1600)],
        ("DH", Thu) => &[Stretch(730, 1145)],
        ("EN", Tue | Wed | Thu | Fri) => &[Stretch(800, 1200), Stretch(1245, 1645)],
        ("EN", Sat) => &[Stretch(900, 1300)],
        ("FS", Mon | Wed | Fri) => &[Stretch(800, 1000), Stretch(1000, 1200), Stretch(1300, 1700)],
        ("GB", Mon | Tue | Wed | Thu) => &[Stretch(745, 1145), Stretch(1230, 1615)],
        ("HJ", Mon | Tue | Thu | Fri) => &[Stretch(830, 1215), Stretch(1300, 1645)],
        ("HJ", Sat) => &[Stretch(930, 1330)],
        ("IK", Tue | Thu) => &[Stretch(800, 1200), Stretch(1300, 1800)],
        ("JÖ", Mon | Tue | Wed | Fri) => &[Stretch(800, 1200), Stretch(1245, 1700)],
        _ => &[],
    }
}

/// Whether the practitioner is on leave that week, counted from the current one.
pub(super) fn is_away(practitioner: &str, week: i32) -> bool {
    matches!((practitioner, week), ("DH", 2) | ("GB", -1))
}

/// Every other Saturday is worked, the two companies taking turns.
pub(super) fn open_saturday(practitioner: &str, week: i32) -> bool {
    week.rem_euclid(2) == i32::from(practitioner == "HJ")
}

/// Preblocks of a weekday. They do not overlap (R12); one reaches over a lunch break and one past
/// the end of the session, as happens (R1).
pub(super) fn preblocks(practitioner: &str, weekday: Weekday, week: i32) -> &'static [Laid] {
    use Weekday::*;
    let even = week.rem_euclid(2) == 0;
    match (practitioner, weekday) {
        ("AE", Mon) => &[("e-us", Stretch(1300, 1500)), ("reserv", Stretch(1600, 1640))],
        ("AE", Tue) if even => &[("mote", Stretch(800, 900)), ("e-akut", Stretch(1300, 1400))],
        ("AE", Tue) => &[("e-akut", Stretch(1300, 1400)), ("e-us", Stretch(1400, 1530))],
        ("AE", Wed) => &[("e-us", Stretch(1130, 1400))],
        ("AE", Thu) => &[("e-alla", Stretch(1505, 1700))],
        ("BL", Mon | Thu) => &[("e-hyg", Stretch(900, 1130))],
        ("BL", Wed) => &[("e-hyg", Stretch(1215, 1445)), ("e-alla", Stretch(1445, 1630))],
        ("CÅ", Tue) => &[("e-us", Stretch(810, 940)), ("e-vilande", Stretch(1250, 1420))],
        ("CÅ", Wed) => &[
            ("e-akut", Stretch(1000, 1100)),
            ("lunch", Stretch(1330, 1400)),
            ("e-us", Stretch(1600, 1900)),
        ],
        ("DH", Mon) => &[("e-us", Stretch(730, 900)), ("e-akut", Stretch(1500, 1600))],
        ("DH", Thu) => &[("e-blek", Stretch(1000, 1145))],
        ("EN", Tue | Fri) => &[("e-hyg", Stretch(800, 1015))],
        ("EN", Sat) => &[("e-hyg", Stretch(900, 1300))],
        ("FS", Mon) => &[("e-alla", Stretch(930, 1115)), ("reserv", Stretch(1620, 1700))],
        ("FS", Wed) => &[("e-us", Stretch(1530, 1730))],
        ("FS", Fri) => &[("e-akut", Stretch(800, 900)), ("e-us", Stretch(1300, 1430))],
        ("GB", Tue) => &[("e-hyg", Stretch(1230, 1445))],
        ("GB", Thu) if even => &[("mote", Stretch(745, 845)), ("e-hyg", Stretch(900, 1030))],
        ("HJ", Mon | Thu) => &[("e-us", Stretch(830, 1000)), ("e-akut", Stretch(1300, 1400))],
        ("HJ", Sat) => &[("e-alla", Stretch(930, 1330))],
        ("IK", Tue) => &[("e-akut", Stretch(1700, 1800))],
        ("IK", Thu) if even => &[("mote", Stretch(1300, 1400))],
        ("JÖ", Mon | Fri) => &[("e-hyg", Stretch(1245, 1500))],
        _ => &[],
    }
}

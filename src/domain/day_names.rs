//! What days and months are called in full, in Swedish and English, for whatever speaks to people:
//! screens, letters and the booking page.

/// From Monday on.
pub const WEEKDAYS_SV: [&str; 7] =
    ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"];
/// From Monday on.
pub const WEEKDAYS_EN: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// From January on.
pub const MONTHS_SV: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

/// From January on.
pub const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

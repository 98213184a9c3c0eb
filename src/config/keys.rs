//! Every key of the configuration files with what it may hold: from it comes the table in the README.

/// A key as it is told of.
#[derive(Debug)]
pub struct KeyDoc {
    pub key: &'static str,
    /// A line that a file may have.
    pub example: &'static str,
    /// What holds where no file says anything.
    pub default: &'static str,
    pub about: &'static str,
}

/// Every key, in the order of the table.
pub const KEYS: &[KeyDoc] = &[
    KeyDoc {
        key: "database",
        example: "database = \"sqlite:/srv/tidbok/clinic.db\"",
        default: "`tidbok.db` in the user's data folder",
        about: "The clinic's database; a path that is not absolute is counted from the file's folder",
    },
    KeyDoc {
        key: "login",
        example: "login = \"os\"",
        default: "`none`",
        about: "How one becomes a user of the clinic: `none`, `os` or `password`; what the machine's file says holds",
    },
    KeyDoc {
        key: "lock_minutes",
        example: "lock_minutes = 10",
        default: "never",
        about: "Minutes without a key, 1 to 240, after which the screen locks; what the machine's file says holds",
    },
    KeyDoc {
        key: "restricted",
        example: "restricted = true",
        default: "`false`",
        about: "`true`: only the machine's database, no suspending, no password from a file; what the machine's file says holds",
    },
    KeyDoc {
        key: "language",
        example: "language = \"en\"",
        default: "`sv`",
        about: "The language of screens and messages: `sv` or `en`",
    },
    KeyDoc {
        key: "theme",
        example: "theme = \"light\"",
        default: "as the terminal tells",
        about: "`dark` or `light`, for such a background; `16` colours; `mono`, without colour",
    },
    KeyDoc {
        key: "ascii",
        example: "ascii = true",
        default: "as the locale tells",
        about: "`true` draws without line-drawing characters",
    },
    KeyDoc {
        key: "row_minutes",
        example: "row_minutes = 10",
        default: "15",
        about: "Minutes a row of the week: 5, 10, 15 or 30; + and - change it for a user from then on",
    },
    KeyDoc {
        key: "keys",
        example: "keys = { lay-preblock = \"x\", redo = [\"Z\", \"Ctrl+Y\"] }",
        default: "those of the table of keys",
        about: "Keys of one's own, by action: they stand in place of the action's others",
    },
];

-- Working weeks under a name, to be laid on weeks of any book.
CREATE TABLE week_template (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Weekdays count from Monday, 0; times are minutes of the day.
CREATE TABLE week_template_session (
    week_template TEXT NOT NULL REFERENCES week_template (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    PRIMARY KEY (week_template, weekday, start_minute, minutes)
) STRICT, WITHOUT ROWID;

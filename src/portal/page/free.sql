-- What patients look through, kept so that looking through it is cheap.

-- Slots that are free, by treatment and start; when they begin and end as the slot says it, with the
-- clinic's UTC offset.
CREATE TABLE free_time (
    clinic TEXT NOT NULL,
    service TEXT NOT NULL,
    at INTEGER NOT NULL,
    book TEXT NOT NULL,
    slot TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    PRIMARY KEY (clinic, service, at, book, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX free_time_of_slot ON free_time (clinic, slot);

-- How often companies, practitioners, treatments or books of a clinic have changed: whoever has read
-- them at one version need not read them again.
CREATE TABLE registers (
    clinic TEXT PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The contacts that patients gave with their online bookings, beside their cards.
CREATE TABLE given_contacts (
    booking TEXT PRIMARY KEY REFERENCES booking (id),
    given_at TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    mobile TEXT NOT NULL,
    address TEXT,
    offered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Recall dates that bookings have moved: from what, for when one is cancelled, and to what.
CREATE TABLE recall_move (
    booking TEXT PRIMARY KEY REFERENCES booking (id),
    from_date TEXT,
    to_date TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Patients whose check-up is due.
CREATE INDEX patient_by_recall ON patient (recall_date) WHERE recall_date IS NOT NULL;

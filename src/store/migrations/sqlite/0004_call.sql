-- Who has called the patient of a booking, and when: civil time at the clinic.
CREATE TABLE booking_call (
    booking TEXT PRIMARY KEY REFERENCES booking (id),
    called_by TEXT NOT NULL,
    called_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

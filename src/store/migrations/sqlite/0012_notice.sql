-- What patients have been told by e-mail of their online bookings, and what waits to be sent. Neither
-- address nor text: both are made of the booking when it is sent.
CREATE TABLE notice (
    booking TEXT NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    practitioner TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    patient TEXT,
    decided_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    attempts INTEGER NOT NULL,
    doubtful INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    fault TEXT,
    PRIMARY KEY (booking, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_by_state ON notice (state, next_at);

-- Online bookings that are not over, cancelled ones too.
CREATE INDEX booking_online ON booking (ends_at) WHERE portal_id IS NOT NULL;

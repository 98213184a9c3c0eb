-- What patients have been told by e-mail of their online bookings, and what waits to be sent. Neither
-- address nor text: both are made of the booking when it is sent.
CREATE TABLE tidbok.notice (
    booking NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    n BIGINT NOT NULL,
    kind NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    practitioner NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    starts_at DATETIME2(0) NOT NULL,
    ends_at DATETIME2(0) NOT NULL,
    patient NVARCHAR(200) COLLATE Latin1_General_BIN2,
    decided_at NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    state NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    attempts BIGINT NOT NULL,
    doubtful BIT NOT NULL,
    next_at NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    fault NVARCHAR(20) COLLATE Latin1_General_BIN2,
    CONSTRAINT notice_pk PRIMARY KEY (booking, n),
    CONSTRAINT notice_states CHECK (state IN ('waiting', 'sent', 'failed', 'dropped'))
);
CREATE INDEX notice_by_state ON tidbok.notice (state, next_at);

-- Online bookings that are not over, cancelled ones too.
CREATE INDEX booking_online ON tidbok.booking (ends_at) WHERE portal_id IS NOT NULL;

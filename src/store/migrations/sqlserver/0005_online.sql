-- The contacts that patients gave with their online bookings, beside their cards.
CREATE TABLE tidbok.given_contacts (
    booking NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    given_at DATETIME2(0) NOT NULL,
    first_name NVARCHAR(MAX) NOT NULL,
    last_name NVARCHAR(MAX) NOT NULL,
    email NVARCHAR(MAX) NOT NULL,
    mobile NVARCHAR(MAX) NOT NULL,
    address NVARCHAR(MAX),
    offered BIT NOT NULL,
    CONSTRAINT given_contacts_pk PRIMARY KEY (booking),
    CONSTRAINT given_contacts_booking_fk FOREIGN KEY (booking) REFERENCES tidbok.booking (id)
);

-- Recall dates that bookings have moved: from what, for when one is cancelled, and to what.
CREATE TABLE tidbok.recall_move (
    booking NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    from_date DATE,
    to_date DATE NOT NULL,
    CONSTRAINT recall_move_pk PRIMARY KEY (booking),
    CONSTRAINT recall_move_booking_fk FOREIGN KEY (booking) REFERENCES tidbok.booking (id)
);

-- Patients whose check-up is due.
CREATE INDEX patient_by_recall ON tidbok.patient (recall_date) WHERE recall_date IS NOT NULL;

-- Who has called the patient of a booking, and when: civil time at the clinic.
CREATE TABLE tidbok.booking_call (
    booking NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    called_by NVARCHAR(MAX) NOT NULL,
    called_at DATETIME2(0) NOT NULL,
    CONSTRAINT booking_call_pk PRIMARY KEY (booking),
    CONSTRAINT booking_call_booking_fk FOREIGN KEY (booking) REFERENCES tidbok.booking (id)
);

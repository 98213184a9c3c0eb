-- Whoever looks at a book asks who else holds resources then: the index answers, without a look at each of
-- those bookings.
DROP INDEX booking_holding_resources ON tidbok.booking;
CREATE INDEX booking_holding_resources ON tidbok.booking (starts_at, ends_at) INCLUDE (resources)
    WHERE active = 1 AND holds_resources = 1;

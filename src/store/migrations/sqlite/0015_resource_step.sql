-- How many bookings hold each resource, and when: from a minute of a day on, so many more, or fewer. Each day
-- begins at none, minute 1440 is its end. What holds a resource past midnight does so on each day anew.
CREATE TABLE resource_step (
    resource TEXT NOT NULL,
    day TEXT NOT NULL,
    minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1440),
    change INTEGER NOT NULL,
    PRIMARY KEY (day, resource, minute)
) STRICT, WITHOUT ROWID;

-- What is held until now.
INSERT INTO resource_step (resource, day, minute, change)
WITH RECURSIVE most (n) AS (
    SELECT MAX(length(resources) + julianday(date(ends_at)) - julianday(date(starts_at))) FROM booking
),
number (n) AS (
    SELECT 0
    UNION ALL
    SELECT number.n + 1 FROM number JOIN most ON number.n < most.n
),
piece (resources, day, from_minute, to_minute) AS (
    SELECT
        resources,
        date(starts_at, n || ' days'),
        CASE WHEN n = 0 THEN 60 * substr(starts_at, 12, 2) + substr(starts_at, 15, 2) ELSE 0 END,
        CASE
            WHEN date(starts_at, n || ' days') = date(ends_at)
                THEN 60 * substr(ends_at, 12, 2) + substr(ends_at, 15, 2)
            ELSE 1440
        END
    FROM booking
    JOIN number ON n <= julianday(date(ends_at)) - julianday(date(starts_at))
    WHERE active = 1 AND holds_resources = 1
),
held (resource, day, from_minute, to_minute) AS (
    SELECT substr(resources, n + 1, 1), day, from_minute, to_minute
    FROM piece
    JOIN number ON n < length(resources)
    WHERE from_minute < to_minute
)
SELECT resource, day, minute, SUM(change)
FROM (
    SELECT resource, day, from_minute AS minute, 1 AS change FROM held
    UNION ALL
    SELECT resource, day, to_minute, -1 FROM held
) AS step
GROUP BY resource, day, minute
HAVING SUM(change) <> 0;

-- No longer needed; and whoever writes bookings without counting what they hold can't any more.
DROP INDEX booking_holding_resources;
ALTER TABLE booking DROP COLUMN holds_resources;

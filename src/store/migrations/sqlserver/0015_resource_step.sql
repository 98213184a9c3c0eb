-- How many bookings hold each resource, and when: from a minute of a day on, so many more, or fewer. Each day
-- begins at none, minute 1440 is its end. What holds a resource past midnight does so on each day anew.
CREATE TABLE tidbok.resource_step (
    day DATE NOT NULL,
    resource NVARCHAR(2) COLLATE Latin1_General_BIN2 NOT NULL,
    minute INT NOT NULL,
    change INT NOT NULL,
    CONSTRAINT resource_step_pk PRIMARY KEY (day, resource, minute),
    CONSTRAINT resource_step_minute CHECK (minute BETWEEN 0 AND 1440)
);

-- What is held until now. A character beyond the first 65,536 takes two places of a text.
-- What counts up may hold no MAX of its own.
DECLARE @most INT = (
    SELECT MAX(LEN(resources) + DATEDIFF(day, starts_at, ends_at)) FROM tidbok.booking
);
WITH number (n) AS (
    SELECT 0
    UNION ALL
    SELECT n + 1 FROM number WHERE n < @most
),
piece (resources, day, from_minute, to_minute) AS (
    SELECT
        resources,
        DATEADD(day, n, CAST(starts_at AS DATE)),
        CASE WHEN n = 0 THEN 60 * DATEPART(hour, starts_at) + DATEPART(minute, starts_at) ELSE 0 END,
        CASE
            WHEN n = DATEDIFF(day, starts_at, ends_at)
                THEN 60 * DATEPART(hour, ends_at) + DATEPART(minute, ends_at)
            ELSE 1440
        END
    FROM tidbok.booking
    JOIN number ON n <= DATEDIFF(day, starts_at, ends_at)
    WHERE active = 1 AND holds_resources = 1
),
held (resource, day, from_minute, to_minute) AS (
    SELECT
        SUBSTRING(
            resources,
            n + 1,
            CASE WHEN UNICODE(SUBSTRING(resources, n + 1, 1)) BETWEEN 55296 AND 56319 THEN 2 ELSE 1 END
        ),
        day,
        from_minute,
        to_minute
    FROM piece
    JOIN number ON n < LEN(resources)
    WHERE from_minute < to_minute AND UNICODE(SUBSTRING(resources, n + 1, 1)) NOT BETWEEN 56320 AND 57343
)
INSERT INTO tidbok.resource_step (resource, day, minute, change)
SELECT resource COLLATE Latin1_General_BIN2, day, minute, SUM(change)
FROM (
    SELECT resource, day, from_minute AS minute, 1 AS change FROM held
    UNION ALL
    SELECT resource, day, to_minute, -1 FROM held
) AS step
GROUP BY resource COLLATE Latin1_General_BIN2, day, minute
HAVING SUM(change) <> 0
OPTION (MAXRECURSION 0);

-- No longer needed; and whoever writes bookings without counting what they hold can't any more.
DROP INDEX booking_holding_resources ON tidbok.booking;
ALTER TABLE tidbok.booking DROP COLUMN holds_resources;

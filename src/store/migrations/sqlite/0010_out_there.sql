-- What the agent has published: one practitioner's times of a day, as JSON.
CREATE TABLE out_there (
    practitioner TEXT NOT NULL,
    day TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (practitioner, day)
) STRICT;
CREATE INDEX out_there_by_day ON out_there (day);

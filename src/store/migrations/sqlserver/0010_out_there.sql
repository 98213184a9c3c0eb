-- What the agent has published: one practitioner's times of a day, as JSON.
CREATE TABLE tidbok.out_there (
    practitioner NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    day DATE NOT NULL,
    content NVARCHAR(MAX) NOT NULL,
    CONSTRAINT out_there_pk PRIMARY KEY (practitioner, day)
);
CREATE INDEX out_there_by_day ON tidbok.out_there (day);

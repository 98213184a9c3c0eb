-- Working weeks under a name, to be laid on weeks of any book.
CREATE TABLE tidbok.week_template (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    CONSTRAINT week_template_pk PRIMARY KEY (id)
);

-- Weekdays count from Monday, 0; times are minutes of the day.
CREATE TABLE tidbok.week_template_session (
    week_template NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    weekday INT NOT NULL,
    start_minute INT NOT NULL,
    minutes INT NOT NULL,
    CONSTRAINT week_template_session_pk PRIMARY KEY (week_template, weekday, start_minute, minutes),
    CONSTRAINT week_template_session_weekday CHECK (weekday BETWEEN 0 AND 6),
    CONSTRAINT week_template_session_start CHECK (start_minute BETWEEN 0 AND 1439),
    CONSTRAINT week_template_session_minutes CHECK (minutes BETWEEN 1 AND 1440),
    CONSTRAINT week_template_session_fk FOREIGN KEY (week_template)
        REFERENCES tidbok.week_template (id)
);

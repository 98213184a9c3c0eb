-- What is asked every second of the agent: that it lives, and the number of what it last told.
CREATE TABLE tidbok.sync_pulse (
    id INT NOT NULL,
    n BIGINT NOT NULL,
    alive_at NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    in_step_at NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT sync_pulse_pk PRIMARY KEY (id),
    CONSTRAINT sync_pulse_one CHECK (id = 1)
);
INSERT INTO tidbok.sync_pulse (id, n, alive_at, in_step_at) VALUES (1, 0, '', '');

-- What is asked every second of the agent: that it lives, and the number of what it last told.
CREATE TABLE sync_pulse (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n INTEGER NOT NULL,
    alive_at TEXT NOT NULL,
    in_step_at TEXT NOT NULL
) STRICT;
INSERT INTO sync_pulse (id, n, alive_at, in_step_at) VALUES (1, 0, '', '');

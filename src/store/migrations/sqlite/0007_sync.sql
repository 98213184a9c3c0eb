-- The agent that works, and what it says of its state.
CREATE TABLE sync_lease (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    holder TEXT NOT NULL,
    held_until TEXT NOT NULL
) STRICT;
INSERT INTO sync_lease (id, holder, held_until) VALUES (1, '', '1970-01-01T00:00:00Z');

CREATE TABLE sync_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    content TEXT NOT NULL
) STRICT;
INSERT INTO sync_state (id, content) VALUES (1, '');

-- The agent that works, and what it says of its state.
CREATE TABLE tidbok.sync_lease (
    id INT NOT NULL,
    holder NVARCHAR(MAX) NOT NULL,
    held_until NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT sync_lease_pk PRIMARY KEY (id),
    CONSTRAINT sync_lease_one CHECK (id = 1)
);
INSERT INTO tidbok.sync_lease (id, holder, held_until) VALUES (1, '', '1970-01-01T00:00:00Z');

CREATE TABLE tidbok.sync_state (
    id INT NOT NULL,
    content NVARCHAR(MAX) NOT NULL,
    CONSTRAINT sync_state_pk PRIMARY KEY (id),
    CONSTRAINT sync_state_one CHECK (id = 1)
);
INSERT INTO tidbok.sync_state (id, content) VALUES (1, '');

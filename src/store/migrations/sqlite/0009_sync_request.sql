-- What users ask of the agent: how often, and by whom and when it was asked last.
CREATE TABLE sync_request (
    id TEXT PRIMARY KEY,
    n INTEGER NOT NULL,
    asked_at TEXT NOT NULL,
    asked_by TEXT NOT NULL
) STRICT;
INSERT INTO sync_request (id, n, asked_at, asked_by) VALUES
    ('now', 0, '1970-01-01T00:00:00Z', ''), ('everything', 0, '1970-01-01T00:00:00Z', '');

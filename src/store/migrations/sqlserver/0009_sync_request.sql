-- What users ask of the agent: how often, and by whom and when it was asked last.
CREATE TABLE tidbok.sync_request (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    n BIGINT NOT NULL,
    asked_at NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    asked_by NVARCHAR(MAX) NOT NULL,
    CONSTRAINT sync_request_pk PRIMARY KEY (id)
);
INSERT INTO tidbok.sync_request (id, n, asked_at, asked_by) VALUES
    ('now', 0, '1970-01-01T00:00:00Z', ''), ('everything', 0, '1970-01-01T00:00:00Z', '');

-- How far each user has looked through what patients did online, by chain of the audit log.
CREATE TABLE tidbok.inbox_seen (
    signature NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    chain NVARCHAR(220) COLLATE Latin1_General_BIN2 NOT NULL,
    n BIGINT NOT NULL,
    CONSTRAINT inbox_seen_pk PRIMARY KEY (signature, chain)
);

-- What one actor did, the newest first: the inbox, and the log of one user.
CREATE INDEX audit_entry_by_actor ON tidbok.audit_entry (actor, at);

-- How far each user has looked through what patients did online, by chain of the audit log.
CREATE TABLE inbox_seen (
    signature TEXT NOT NULL,
    chain TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (signature, chain)
) STRICT, WITHOUT ROWID;

-- What one actor did, the newest first: the inbox, and the log of one user.
CREATE INDEX audit_entry_by_actor ON audit_entry (actor, at);

-- Failed attempts to sign in with a password since the last that succeeded: they slow down guessing.
CREATE TABLE failed_sign_in (
    signature TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

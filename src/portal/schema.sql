-- The booking page's store: FHIR resources by clinic, and what they are searched by.
-- Instants are milliseconds since 1970 in UTC.

CREATE TABLE resource (
    clinic TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (clinic, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX resource_by_update ON resource (clinic, kind, updated_at, id);

-- Codes, identifiers and references.
CREATE TABLE term (
    clinic TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (clinic, kind, name, value, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX term_of_resource ON term (clinic, kind, id);

CREATE TABLE moment (
    clinic TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (clinic, kind, name, at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX moment_of_resource ON moment (clinic, kind, id);

-- The last version given: none is given twice, also after a resource was removed.
CREATE TABLE last_version (n INTEGER NOT NULL) STRICT;
INSERT INTO last_version (n) VALUES (0);

-- When a clinic's agent was last heard from.
CREATE TABLE agent (
    clinic TEXT PRIMARY KEY,
    heard_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

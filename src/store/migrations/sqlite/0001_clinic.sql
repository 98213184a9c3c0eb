-- The clinic: registers, books, patients, users, revisions, commands and the audit log.
-- Times are civil YYYY-MM-DDTHH:MM text, dates YYYY-MM-DD, flags 0 or 1, ids text made by the program.

CREATE TABLE settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    time_zone TEXT NOT NULL,
    horizon_days INTEGER NOT NULL,
    notice_minutes INTEGER NOT NULL,
    require_address INTEGER NOT NULL,
    allow_rebook INTEGER NOT NULL,
    allow_cancel INTEGER NOT NULL,
    change_deadline_hours INTEGER NOT NULL,
    paused INTEGER NOT NULL
) STRICT;

CREATE TABLE closed_day (day TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE category (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    capacity INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE booking_template (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    category TEXT NOT NULL REFERENCES category (id),
    online INTEGER NOT NULL,
    online_rebook INTEGER NOT NULL,
    online_cancel INTEGER NOT NULL,
    recall INTEGER NOT NULL,
    calendar_text TEXT NOT NULL,
    resources TEXT NOT NULL,
    moves_recall INTEGER NOT NULL,
    active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE template_list (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE template_list_item (
    list TEXT NOT NULL REFERENCES template_list (id),
    place INTEGER NOT NULL,
    item TEXT NOT NULL REFERENCES booking_template (id),
    PRIMARY KEY (list, place),
    UNIQUE (list, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE preblock_type (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    color TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('internet', 'internal')),
    for_everyone INTEGER NOT NULL,
    may_bypass INTEGER NOT NULL,
    allow INTEGER NOT NULL,
    expires_days_before INTEGER,
    code TEXT,
    active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE preblock_type_category (
    preblock_type TEXT NOT NULL REFERENCES preblock_type (id),
    category TEXT NOT NULL REFERENCES category (id),
    PRIMARY KEY (preblock_type, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE preblock_list (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE preblock_list_item (
    list TEXT NOT NULL REFERENCES preblock_list (id),
    place INTEGER NOT NULL,
    item TEXT NOT NULL REFERENCES preblock_type (id),
    PRIMARY KEY (list, place),
    UNIQUE (list, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE organisation (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    template_list TEXT REFERENCES template_list (id),
    online_template_list TEXT REFERENCES template_list (id),
    preblock_list TEXT REFERENCES preblock_list (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE company (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    org_number TEXT,
    address TEXT,
    phone TEXT,
    email TEXT,
    portal_text TEXT,
    paused INTEGER NOT NULL,
    template_list TEXT REFERENCES template_list (id),
    online_template_list TEXT REFERENCES template_list (id),
    preblock_list TEXT REFERENCES preblock_list (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE practitioner (
    id TEXT PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (id),
    signature TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    active INTEGER NOT NULL,
    template_list TEXT REFERENCES template_list (id),
    online_template_list TEXT REFERENCES template_list (id),
    preblock_list TEXT REFERENCES preblock_list (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE preblock_type_practitioner (
    preblock_type TEXT NOT NULL REFERENCES preblock_type (id),
    practitioner TEXT NOT NULL REFERENCES practitioner (id),
    PRIMARY KEY (preblock_type, practitioner)
) STRICT, WITHOUT ROWID;

CREATE TABLE patient (
    id TEXT PRIMARY KEY,
    personnummer TEXT UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT,
    mobile TEXT,
    address TEXT,
    protected INTEGER NOT NULL,
    recall_months INTEGER NOT NULL,
    recall_date TEXT,
    recall_template TEXT REFERENCES booking_template (id)
) STRICT, WITHOUT ROWID;

-- The words of patients' names in normalised form: what a search by name reads.
CREATE TABLE patient_name (
    part TEXT NOT NULL,
    patient TEXT NOT NULL REFERENCES patient (id),
    PRIMARY KEY (part, patient)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_name_of_patient ON patient_name (patient);

CREATE TABLE app_user (
    signature TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    own_permissions INTEGER NOT NULL,
    os_account TEXT,
    password_hash TEXT,
    active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user_permission (
    signature TEXT NOT NULL REFERENCES app_user (signature),
    permission TEXT NOT NULL,
    PRIMARY KEY (signature, permission)
) STRICT, WITHOUT ROWID;

-- `minutes` is the length; its index answers how long the longest is, which bounds interval
-- queries from below without ever losing a row.
CREATE TABLE work_session (
    id TEXT PRIMARY KEY,
    practitioner TEXT NOT NULL REFERENCES practitioner (id),
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL CHECK (ends_at > starts_at),
    minutes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX work_session_in_book ON work_session (practitioner, starts_at, ends_at);
CREATE INDEX work_session_by_start ON work_session (starts_at, ends_at);
CREATE INDEX work_session_by_length ON work_session (minutes);

CREATE TABLE preblock (
    id TEXT PRIMARY KEY,
    practitioner TEXT NOT NULL REFERENCES practitioner (id),
    preblock_type TEXT NOT NULL REFERENCES preblock_type (id),
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL CHECK (ends_at > starts_at),
    minutes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Unique: a net under R12, whose whole check is made under the practitioner's revision.
CREATE UNIQUE INDEX preblock_in_book ON preblock (practitioner, starts_at);
CREATE INDEX preblock_by_start ON preblock (starts_at, ends_at);
CREATE INDEX preblock_by_length ON preblock (minutes);
CREATE INDEX preblock_of_type ON preblock (preblock_type);

CREATE TABLE booking (
    id TEXT PRIMARY KEY,
    practitioner TEXT NOT NULL REFERENCES practitioner (id),
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL CHECK (ends_at > starts_at),
    minutes INTEGER NOT NULL,
    category TEXT NOT NULL REFERENCES category (id),
    template TEXT REFERENCES booking_template (id),
    patient TEXT REFERENCES patient (id),
    text TEXT NOT NULL,
    resources TEXT NOT NULL,
    holds_resources INTEGER NOT NULL,
    registered_by TEXT NOT NULL,
    active INTEGER NOT NULL,
    portal_id TEXT,
    e_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Unique: a net under R12, whose whole check is made under the practitioner's revision.
CREATE UNIQUE INDEX booking_in_book ON booking (practitioner, starts_at) WHERE active = 1;
CREATE INDEX booking_by_start ON booking (starts_at, ends_at) WHERE active = 1;
CREATE INDEX booking_holding_resources ON booking (starts_at, ends_at)
    WHERE active = 1 AND holds_resources = 1;
CREATE INDEX booking_by_length ON booking (minutes);
CREATE INDEX booking_of_practitioner ON booking (practitioner);
CREATE INDEX booking_of_patient ON booking (patient) WHERE patient IS NOT NULL;
CREATE INDEX booking_from_portal ON booking (portal_id) WHERE portal_id IS NOT NULL;

-- Lock and change feed. No foreign key points here: its check would wait for the lock.
CREATE TABLE revision (
    scope TEXT NOT NULL,
    id TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

-- Commands carried out, with their outcome as JSON.
CREATE TABLE command (
    id TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The audit log: one chain a practitioner and one for settings. before_value and after_value are
-- JSON in which personal values stand as the salted hash of a row in audit_personal.
CREATE TABLE audit_entry (
    chain TEXT NOT NULL,
    n INTEGER NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    command TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    before_value TEXT,
    after_value TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entry_by_time ON audit_entry (at);
CREATE INDEX audit_entry_of_entity ON audit_entry (entity, chain, n);

-- Where each chain ends: shows a last entry removed.
CREATE TABLE audit_head (
    chain TEXT PRIMARY KEY,
    n INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Personal values of the audit log, erasable without breaking a chain.
CREATE TABLE audit_personal (
    hash TEXT PRIMARY KEY,
    salt TEXT NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

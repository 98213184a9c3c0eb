-- The clinic: registers, books, patients, users, revisions, commands and the audit log, as in SQLite's
-- schema. Ids are text made by the program and compared by code point. Civil times are DATETIME2(0);
-- moments are UTC as YYYY-MM-DDTHH:MM:SSZ, the text that the audit log's hashes cover.

CREATE TABLE tidbok.settings (
    id INT NOT NULL,
    time_zone NVARCHAR(100) NOT NULL,
    horizon_days BIGINT NOT NULL,
    notice_minutes BIGINT NOT NULL,
    require_address BIT NOT NULL,
    allow_rebook BIT NOT NULL,
    allow_cancel BIT NOT NULL,
    change_deadline_hours BIGINT NOT NULL,
    paused BIT NOT NULL,
    CONSTRAINT settings_pk PRIMARY KEY (id),
    CONSTRAINT settings_one CHECK (id = 1)
);

CREATE TABLE tidbok.closed_day (
    day DATE NOT NULL,
    CONSTRAINT closed_day_pk PRIMARY KEY (day)
);

CREATE TABLE tidbok.category (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    CONSTRAINT category_pk PRIMARY KEY (id)
);

CREATE TABLE tidbok.resource (
    code NVARCHAR(2) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    capacity BIGINT NOT NULL,
    CONSTRAINT resource_pk PRIMARY KEY (code)
);

CREATE TABLE tidbok.booking_template (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    minutes INT NOT NULL,
    category NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    online BIT NOT NULL,
    online_rebook BIT NOT NULL,
    online_cancel BIT NOT NULL,
    recall BIT NOT NULL,
    calendar_text NVARCHAR(MAX) NOT NULL,
    resources NVARCHAR(MAX) NOT NULL,
    moves_recall BIT NOT NULL,
    active BIT NOT NULL,
    CONSTRAINT booking_template_pk PRIMARY KEY (id),
    CONSTRAINT booking_template_minutes CHECK (minutes BETWEEN 1 AND 600),
    CONSTRAINT booking_template_category_fk FOREIGN KEY (category) REFERENCES tidbok.category (id)
);

CREATE TABLE tidbok.template_list (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    owner_kind NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    owner_id NVARCHAR(200) COLLATE Latin1_General_BIN2,
    CONSTRAINT template_list_pk PRIMARY KEY (id)
);

CREATE TABLE tidbok.template_list_item (
    list NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    place BIGINT NOT NULL,
    item NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT template_list_item_pk PRIMARY KEY (list, place),
    CONSTRAINT template_list_item_once UNIQUE (list, item),
    CONSTRAINT template_list_item_list_fk FOREIGN KEY (list) REFERENCES tidbok.template_list (id),
    CONSTRAINT template_list_item_item_fk FOREIGN KEY (item) REFERENCES tidbok.booking_template (id)
);

CREATE TABLE tidbok.preblock_type (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    text NVARCHAR(MAX) NOT NULL,
    color NVARCHAR(20) NOT NULL,
    kind NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    for_everyone BIT NOT NULL,
    may_bypass BIT NOT NULL,
    allow BIT NOT NULL,
    expires_days_before BIGINT,
    code NVARCHAR(MAX),
    active BIT NOT NULL,
    CONSTRAINT preblock_type_pk PRIMARY KEY (id),
    CONSTRAINT preblock_type_kind CHECK (kind IN ('internet', 'internal'))
);

CREATE TABLE tidbok.preblock_type_category (
    preblock_type NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    category NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT preblock_type_category_pk PRIMARY KEY (preblock_type, category),
    CONSTRAINT preblock_type_category_preblock_type_fk FOREIGN KEY (preblock_type) REFERENCES tidbok.preblock_type (id),
    CONSTRAINT preblock_type_category_category_fk FOREIGN KEY (category) REFERENCES tidbok.category (id)
);

CREATE TABLE tidbok.preblock_list (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    owner_kind NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    owner_id NVARCHAR(200) COLLATE Latin1_General_BIN2,
    CONSTRAINT preblock_list_pk PRIMARY KEY (id)
);

CREATE TABLE tidbok.preblock_list_item (
    list NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    place BIGINT NOT NULL,
    item NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT preblock_list_item_pk PRIMARY KEY (list, place),
    CONSTRAINT preblock_list_item_once UNIQUE (list, item),
    CONSTRAINT preblock_list_item_list_fk FOREIGN KEY (list) REFERENCES tidbok.preblock_list (id),
    CONSTRAINT preblock_list_item_item_fk FOREIGN KEY (item) REFERENCES tidbok.preblock_type (id)
);

CREATE TABLE tidbok.organisation (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    template_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    online_template_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    preblock_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    CONSTRAINT organisation_pk PRIMARY KEY (id),
    CONSTRAINT organisation_template_list_fk FOREIGN KEY (template_list) REFERENCES tidbok.template_list (id),
    CONSTRAINT organisation_online_template_list_fk FOREIGN KEY (online_template_list) REFERENCES tidbok.template_list (id),
    CONSTRAINT organisation_preblock_list_fk FOREIGN KEY (preblock_list) REFERENCES tidbok.preblock_list (id)
);

CREATE TABLE tidbok.company (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    organisation NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    org_number NVARCHAR(MAX),
    address NVARCHAR(MAX),
    phone NVARCHAR(MAX),
    email NVARCHAR(MAX),
    portal_text NVARCHAR(MAX),
    paused BIT NOT NULL,
    template_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    online_template_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    preblock_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    CONSTRAINT company_pk PRIMARY KEY (id),
    CONSTRAINT company_organisation_fk FOREIGN KEY (organisation) REFERENCES tidbok.organisation (id),
    CONSTRAINT company_template_list_fk FOREIGN KEY (template_list) REFERENCES tidbok.template_list (id),
    CONSTRAINT company_online_template_list_fk FOREIGN KEY (online_template_list) REFERENCES tidbok.template_list (id),
    CONSTRAINT company_preblock_list_fk FOREIGN KEY (preblock_list) REFERENCES tidbok.preblock_list (id)
);

CREATE TABLE tidbok.practitioner (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    company NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    signature NVARCHAR(MAX) NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    title NVARCHAR(MAX) NOT NULL,
    active BIT NOT NULL,
    template_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    online_template_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    preblock_list NVARCHAR(200) COLLATE Latin1_General_BIN2,
    CONSTRAINT practitioner_pk PRIMARY KEY (id),
    CONSTRAINT practitioner_company_fk FOREIGN KEY (company) REFERENCES tidbok.company (id),
    CONSTRAINT practitioner_template_list_fk FOREIGN KEY (template_list) REFERENCES tidbok.template_list (id),
    CONSTRAINT practitioner_online_template_list_fk FOREIGN KEY (online_template_list) REFERENCES tidbok.template_list (id),
    CONSTRAINT practitioner_preblock_list_fk FOREIGN KEY (preblock_list) REFERENCES tidbok.preblock_list (id)
);

CREATE TABLE tidbok.preblock_type_practitioner (
    preblock_type NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    practitioner NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT preblock_type_practitioner_pk PRIMARY KEY (preblock_type, practitioner),
    CONSTRAINT preblock_type_practitioner_preblock_type_fk FOREIGN KEY (preblock_type) REFERENCES tidbok.preblock_type (id),
    CONSTRAINT preblock_type_practitioner_practitioner_fk FOREIGN KEY (practitioner) REFERENCES tidbok.practitioner (id)
);

CREATE TABLE tidbok.patient (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    personnummer NVARCHAR(20) COLLATE Latin1_General_BIN2,
    first_name NVARCHAR(MAX) NOT NULL,
    last_name NVARCHAR(MAX) NOT NULL,
    email NVARCHAR(MAX),
    mobile NVARCHAR(MAX),
    address NVARCHAR(MAX),
    protected BIT NOT NULL,
    recall_months BIGINT NOT NULL,
    recall_date DATE,
    recall_template NVARCHAR(200) COLLATE Latin1_General_BIN2,
    CONSTRAINT patient_pk PRIMARY KEY (id),
    CONSTRAINT patient_recall_template_fk FOREIGN KEY (recall_template) REFERENCES tidbok.booking_template (id)
);
CREATE UNIQUE INDEX patient_personnummer ON tidbok.patient (personnummer)
    WHERE personnummer IS NOT NULL;

-- The words of patients' names in normalised form: what a search by name reads.
CREATE TABLE tidbok.patient_name (
    part NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    patient NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT patient_name_pk PRIMARY KEY NONCLUSTERED (part, patient),
    CONSTRAINT patient_name_patient_fk FOREIGN KEY (patient) REFERENCES tidbok.patient (id)
);
CREATE CLUSTERED INDEX patient_name_of_patient ON tidbok.patient_name (patient);

CREATE TABLE tidbok.app_user (
    signature NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    name NVARCHAR(MAX) NOT NULL,
    own_permissions BIT NOT NULL,
    os_account NVARCHAR(MAX),
    password_hash NVARCHAR(MAX),
    active BIT NOT NULL,
    CONSTRAINT app_user_pk PRIMARY KEY (signature)
);

CREATE TABLE tidbok.user_permission (
    signature NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    permission NVARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT user_permission_pk PRIMARY KEY (signature, permission),
    CONSTRAINT user_permission_signature_fk FOREIGN KEY (signature) REFERENCES tidbok.app_user (signature)
);

-- `minutes` is the length; its index answers how long the longest is, which bounds interval queries
-- from below without ever losing a row. A book's rows lie together, in order of time.
CREATE TABLE tidbok.work_session (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    practitioner NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    starts_at DATETIME2(0) NOT NULL,
    ends_at DATETIME2(0) NOT NULL,
    minutes INT NOT NULL,
    CONSTRAINT work_session_pk PRIMARY KEY NONCLUSTERED (id),
    CONSTRAINT work_session_order CHECK (ends_at > starts_at),
    CONSTRAINT work_session_practitioner_fk FOREIGN KEY (practitioner) REFERENCES tidbok.practitioner (id)
);
CREATE CLUSTERED INDEX work_session_in_book ON tidbok.work_session (practitioner, starts_at);
CREATE INDEX work_session_by_start ON tidbok.work_session (starts_at, ends_at);
CREATE INDEX work_session_by_length ON tidbok.work_session (minutes);

CREATE TABLE tidbok.preblock (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    practitioner NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    preblock_type NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    starts_at DATETIME2(0) NOT NULL,
    ends_at DATETIME2(0) NOT NULL,
    minutes INT NOT NULL,
    CONSTRAINT preblock_pk PRIMARY KEY NONCLUSTERED (id),
    CONSTRAINT preblock_order CHECK (ends_at > starts_at),
    CONSTRAINT preblock_practitioner_fk FOREIGN KEY (practitioner) REFERENCES tidbok.practitioner (id),
    CONSTRAINT preblock_preblock_type_fk FOREIGN KEY (preblock_type) REFERENCES tidbok.preblock_type (id)
);
-- Unique: a net under R12, whose whole check is made under the practitioner's revision.
CREATE UNIQUE CLUSTERED INDEX preblock_in_book ON tidbok.preblock (practitioner, starts_at);
CREATE INDEX preblock_by_start ON tidbok.preblock (starts_at, ends_at);
CREATE INDEX preblock_by_length ON tidbok.preblock (minutes);
CREATE INDEX preblock_of_type ON tidbok.preblock (preblock_type);

CREATE TABLE tidbok.booking (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    practitioner NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    starts_at DATETIME2(0) NOT NULL,
    ends_at DATETIME2(0) NOT NULL,
    minutes INT NOT NULL,
    category NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    template NVARCHAR(200) COLLATE Latin1_General_BIN2,
    patient NVARCHAR(200) COLLATE Latin1_General_BIN2,
    text NVARCHAR(MAX) NOT NULL,
    resources NVARCHAR(MAX) NOT NULL,
    holds_resources BIT NOT NULL,
    registered_by NVARCHAR(MAX) NOT NULL,
    active BIT NOT NULL,
    portal_id NVARCHAR(200) COLLATE Latin1_General_BIN2,
    e_id BIT NOT NULL,
    CONSTRAINT booking_pk PRIMARY KEY NONCLUSTERED (id),
    CONSTRAINT booking_order CHECK (ends_at > starts_at),
    CONSTRAINT booking_practitioner_fk FOREIGN KEY (practitioner) REFERENCES tidbok.practitioner (id),
    CONSTRAINT booking_category_fk FOREIGN KEY (category) REFERENCES tidbok.category (id),
    CONSTRAINT booking_template_fk FOREIGN KEY (template) REFERENCES tidbok.booking_template (id),
    CONSTRAINT booking_patient_fk FOREIGN KEY (patient) REFERENCES tidbok.patient (id)
);
CREATE CLUSTERED INDEX booking_of_practitioner ON tidbok.booking (practitioner, starts_at);
-- Unique: a net under R12, whose whole check is made under the practitioner's revision.
CREATE UNIQUE INDEX booking_in_book ON tidbok.booking (practitioner, starts_at) WHERE active = 1;
CREATE INDEX booking_by_start ON tidbok.booking (starts_at, ends_at) WHERE active = 1;
CREATE INDEX booking_holding_resources ON tidbok.booking (starts_at, ends_at)
    WHERE active = 1 AND holds_resources = 1;
CREATE INDEX booking_by_length ON tidbok.booking (minutes);
CREATE INDEX booking_of_patient ON tidbok.booking (patient) WHERE patient IS NOT NULL;
CREATE INDEX booking_from_portal ON tidbok.booking (portal_id) WHERE portal_id IS NOT NULL;

-- Lock and change feed. No foreign key points here: its check would wait for the lock.
CREATE TABLE tidbok.revision (
    scope NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    n BIGINT NOT NULL,
    CONSTRAINT revision_pk PRIMARY KEY (scope, id)
);

-- Commands carried out, with their outcome as JSON.
CREATE TABLE tidbok.command (
    id NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    actor NVARCHAR(MAX) NOT NULL,
    at NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    outcome NVARCHAR(MAX) NOT NULL,
    CONSTRAINT command_pk PRIMARY KEY (id)
);

-- The audit log: one chain a practitioner and one for settings. before_value and after_value are
-- JSON in which personal values stand as the salted hash of a row in audit_personal.
CREATE TABLE tidbok.audit_entry (
    chain NVARCHAR(220) COLLATE Latin1_General_BIN2 NOT NULL,
    n BIGINT NOT NULL,
    at NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    actor NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    command NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    action NVARCHAR(MAX) NOT NULL,
    entity NVARCHAR(220) COLLATE Latin1_General_BIN2 NOT NULL,
    before_value NVARCHAR(MAX) COLLATE Latin1_General_BIN2,
    after_value NVARCHAR(MAX) COLLATE Latin1_General_BIN2,
    previous_hash NVARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
    hash NVARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT audit_entry_pk PRIMARY KEY (chain, n)
);
CREATE INDEX audit_entry_by_time ON tidbok.audit_entry (at);
CREATE INDEX audit_entry_of_entity ON tidbok.audit_entry (entity, chain, n);

-- Where each chain ends: shows a last entry removed.
CREATE TABLE tidbok.audit_head (
    chain NVARCHAR(220) COLLATE Latin1_General_BIN2 NOT NULL,
    n BIGINT NOT NULL,
    hash NVARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT audit_head_pk PRIMARY KEY (chain)
);

-- Personal values of the audit log, erasable without breaking a chain.
CREATE TABLE tidbok.audit_personal (
    hash NVARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
    salt NVARCHAR(MAX) NOT NULL,
    value NVARCHAR(MAX) NOT NULL,
    CONSTRAINT audit_personal_pk PRIMARY KEY (hash)
);

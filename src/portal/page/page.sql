-- What the booking page keeps beside the resources. A browser is known by the hash of its cookie.

-- Times that are held while their patients write their details.
CREATE TABLE hold (
    clinic TEXT NOT NULL,
    slot TEXT NOT NULL,
    browser TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (clinic, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_by_browser ON hold (clinic, browser);

-- Which browser may look at which wish.
CREATE TABLE asked (
    clinic TEXT NOT NULL,
    appointment TEXT NOT NULL,
    browser TEXT NOT NULL,
    slot TEXT NOT NULL,
    service TEXT NOT NULL,
    book TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (clinic, appointment)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_by_browser ON asked (clinic, browser);

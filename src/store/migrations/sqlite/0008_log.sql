-- What kind of thing an entry is about: `booking` of `booking/ID`.
ALTER TABLE audit_entry ADD COLUMN kind TEXT NOT NULL DEFAULT '';
UPDATE audit_entry SET kind = substr(entity, 1, instr(entity || '/', '/') - 1);

-- The newest entries about one kind of thing, of one action, and of one book.
CREATE INDEX audit_entry_by_kind ON audit_entry (kind, at);
CREATE INDEX audit_entry_by_action ON audit_entry (action, at);
CREATE INDEX audit_entry_of_chain ON audit_entry (chain, at);

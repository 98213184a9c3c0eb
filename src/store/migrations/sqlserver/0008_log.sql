-- What kind of thing an entry is about: `booking` of `booking/ID`. Of a column that has just come only a
-- text that is read later may speak.
ALTER TABLE tidbok.audit_entry ADD kind NVARCHAR(220) COLLATE Latin1_General_BIN2 NOT NULL DEFAULT '';
EXEC('UPDATE tidbok.audit_entry SET kind = LEFT(entity, CHARINDEX(''/'', entity + ''/'') - 1)');

-- The newest entries about one kind of thing, of one action, and of one book. What an index holds is of
-- limited length.
EXEC('CREATE INDEX audit_entry_by_kind ON tidbok.audit_entry (kind, at)');
ALTER TABLE tidbok.audit_entry ALTER COLUMN action NVARCHAR(100);
CREATE INDEX audit_entry_by_action ON tidbok.audit_entry (action, at);
CREATE INDEX audit_entry_of_chain ON tidbok.audit_entry (chain, at);

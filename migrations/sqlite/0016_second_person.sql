-- No kind of deadline speaks of violence: what was a protection order is another official deadline.

UPDATE entry SET deadline_kind = 'other' WHERE deadline_kind = 'protection_order';
DELETE FROM deadline_kind WHERE word = 'protection_order';

-- A change of queue takes two people: it carries a day of registration into another procedure's draw.
CREATE TABLE relocation (
    id BLOB PRIMARY KEY,
    entry_id BLOB NOT NULL REFERENCES entry (id),
    -- Where the entry would wait.
    queue_id BLOB NOT NULL REFERENCES queue (id),
    -- Sealed with the person's key; null where the agent of a wrong counter proposed it.
    reason BLOB,
    proposed_by BLOB NOT NULL REFERENCES staff (id),
    proposed_at TEXT NOT NULL,
    approved_by BLOB REFERENCES staff (id),
    approved_at TEXT,
    rejected_by BLOB REFERENCES staff (id),
    rejected_at TEXT,
    rejected_reason BLOB,
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE UNIQUE INDEX relocation_open ON relocation (entry_id) WHERE approved_at IS NULL AND rejected_at IS NULL;

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

-- Whoever lost an appointment to a closed day goes first only once a second person approves: one row an act.
CREATE TABLE compensation (
    id BLOB PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES site (id),
    day TEXT NOT NULL,
    -- Null where the reason is sealed with the convocation.
    reason TEXT,
    proposed_by BLOB REFERENCES staff (id),
    proposed_at TEXT NOT NULL,
    approved_by BLOB REFERENCES staff (id),
    approved_at TEXT,
    rejected_by BLOB REFERENCES staff (id),
    rejected_at TEXT,
    rejected_reason TEXT,
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE INDEX compensation_pending ON compensation (site_id, proposed_at)
    WHERE approved_at IS NULL AND rejected_at IS NULL;
CREATE TABLE compensated (
    compensation_id BLOB NOT NULL REFERENCES compensation (id),
    entry_id BLOB NOT NULL REFERENCES entry (id),
    -- The appointment that was taken back.
    convocation_id BLOB NOT NULL REFERENCES convocation (id),
    PRIMARY KEY (compensation_id, entry_id)
);
-- Withdrawn while in a frozen list: whoever wins it is owed this.
ALTER TABLE slot ADD COLUMN compensation_id BLOB REFERENCES compensation (id);

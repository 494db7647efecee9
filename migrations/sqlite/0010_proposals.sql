-- A proposal is approved, rejected by another person or withdrawn by its author: rejected_by tells the last two
-- apart. What was rejected may be proposed again, so a label is held once among those that were not. SQLite cannot
-- drop a UNIQUE: the table is written again.

ALTER TABLE rules ADD COLUMN reason TEXT;
ALTER TABLE rules ADD COLUMN rejected_by BLOB REFERENCES staff (id);
ALTER TABLE rules ADD COLUMN rejected_reason TEXT;

ALTER TABLE draw ADD COLUMN annul_proposed_at TEXT;
ALTER TABLE draw ADD COLUMN annul_rejected_by BLOB REFERENCES staff (id);
ALTER TABLE draw ADD COLUMN annul_rejected_at TEXT;
ALTER TABLE draw ADD COLUMN annul_rejected_reason TEXT;

CREATE TABLE privilege_before AS SELECT * FROM privilege;
DROP TABLE privilege;
CREATE TABLE privilege (
    id BLOB PRIMARY KEY,
    entry_id BLOB NOT NULL REFERENCES entry (id),
    -- 0 is priority; 1 to 255 a reserve's label.
    label INTEGER NOT NULL CHECK (label BETWEEN 0 AND 255),
    reason BLOB NOT NULL,
    proposed_by BLOB NOT NULL REFERENCES staff (id),
    proposed_at TEXT NOT NULL,
    approved_by BLOB REFERENCES staff (id),
    approved_at TEXT,
    rejected_by BLOB REFERENCES staff (id),
    rejected_at TEXT,
    -- Sealed with the person's key, as the reason is.
    rejected_reason BLOB,
    CHECK (label <> 0 OR approved_by IS NULL OR approved_by <> proposed_by)
);
INSERT INTO privilege (id, entry_id, label, reason, proposed_by, proposed_at, approved_by, approved_at)
SELECT id, entry_id, label, reason, proposed_by, proposed_at, approved_by, approved_at FROM privilege_before;
DROP TABLE privilege_before;
CREATE UNIQUE INDEX privilege_stands ON privilege (entry_id, label) WHERE rejected_at IS NULL;

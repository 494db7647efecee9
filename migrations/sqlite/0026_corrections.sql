-- What an agent puts right about a person. The reason and the claim (what the document says) are sealed with the person's
-- key. One row stands open while a second agent is awaited, who must claim the same.
CREATE TABLE correction_kind (word TEXT PRIMARY KEY);
INSERT INTO correction_kind (word) VALUES ('correction'), ('takeover');
CREATE TABLE correction (
    id BLOB PRIMARY KEY,
    entry_id BLOB NOT NULL REFERENCES entry (id),
    kind TEXT NOT NULL REFERENCES correction_kind (word),
    reason BLOB NOT NULL,
    claim BLOB NOT NULL,
    asked_by BLOB NOT NULL REFERENCES staff (id),
    asked_at TEXT NOT NULL,
    done_by BLOB REFERENCES staff (id),
    done_at TEXT,
    CHECK ((done_by IS NULL) = (done_at IS NULL))
);
CREATE UNIQUE INDEX correction_open ON correction (entry_id) WHERE done_at IS NULL;
CREATE INDEX correction_entry ON correction (entry_id);

-- Since when an entry belongs to whoever proved that it is theirs (real time): pages that were open before are closed.
ALTER TABLE entry ADD COLUMN holder_since TEXT;

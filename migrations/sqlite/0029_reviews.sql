-- Somebody asks that a person looks at what was decided about them (GDPR, article 22); an agent answers, in time. Both texts
-- are sealed with the person's key.
INSERT INTO notice_kind (word) VALUES ('review_answered');
CREATE TABLE review (
    id BLOB PRIMARY KEY,
    entry_id BLOB NOT NULL REFERENCES entry (id),
    request BLOB NOT NULL,
    asked_at TEXT NOT NULL,
    -- The agent who wrote it down for the person, if one did.
    asked_by BLOB REFERENCES staff (id),
    due_at TEXT NOT NULL,
    answer BLOB,
    answered_at TEXT,
    answered_by BLOB REFERENCES staff (id),
    CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CHECK ((answered_by IS NULL) = (answered_at IS NULL))
);
CREATE UNIQUE INDEX review_open ON review (entry_id) WHERE answered_at IS NULL;
CREATE INDEX review_entry ON review (entry_id);
CREATE INDEX review_due ON review (due_at) WHERE answered_at IS NULL;

-- Whoever registers somebody with their mandate, and speaks for them. The name, what was seen of the mandate and the reason of an
-- end are sealed with the person's key. One at a time for an entry; one helper may have several entries.
CREATE TABLE helper_kind (word TEXT PRIMARY KEY);
INSERT INTO helper_kind (word) VALUES ('family'), ('association'), ('social_worker'), ('lawyer'), ('other');
CREATE TABLE helper (
    id UUID PRIMARY KEY,
    entry_id UUID NOT NULL REFERENCES entry (id),
    kind TEXT NOT NULL REFERENCES helper_kind (word),
    name BYTEA NOT NULL,
    -- What an agent saw of the mandate; null where it was only stated.
    mandate_seen BYTEA,
    -- Whether the contact of the entry is the helper's own.
    has_contact BOOLEAN NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    -- The agent who wrote it down, if one did.
    recorded_by UUID REFERENCES staff (id),
    ended_at TIMESTAMPTZ,
    end_reason BYTEA,
    CHECK (end_reason IS NULL OR ended_at IS NOT NULL)
);
CREATE UNIQUE INDEX helper_now ON helper (entry_id) WHERE ended_at IS NULL;
CREATE INDEX helper_entry ON helper (entry_id);

-- The log outside the house: heads as they were signed, and how far each witness follows.
-- The same file stands in both dialects; only the names of types differ.

CREATE TABLE signed_head (
    size BIGINT PRIMARY KEY,
    root BYTEA NOT NULL,
    -- The signed note, to the byte. Who edits the log cannot sign again without the master key.
    note TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);

CREATE TABLE witness (
    url TEXT PRIMARY KEY,
    -- The last head that it acknowledged.
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    acknowledged_at TIMESTAMPTZ,
    -- Failed attempts in a row, and what the last one met.
    attempts INT NOT NULL,
    next_attempt_at TIMESTAMPTZ NOT NULL,
    fault TEXT
);

CREATE INDEX audit_frozen ON audit (position) WHERE action = 'draw.frozen';

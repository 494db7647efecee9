-- What each part of the installation last did, whichever process runs it: the process that shows the alarms may be
-- another one. Times are real.
CREATE TABLE component_kind (word TEXT PRIMARY KEY);
INSERT INTO component_kind (word) VALUES ('job'), ('gateway'), ('certificate'), ('write');

CREATE TABLE component_health (
    kind TEXT NOT NULL REFERENCES component_kind (word),
    name TEXT NOT NULL,
    -- When it was last looked at, and when it was last in order.
    checked_at TEXT NOT NULL,
    healthy_at TEXT,
    -- What is wrong with it now; null if nothing is.
    fault TEXT CHECK (fault <> ''),
    PRIMARY KEY (kind, name)
);

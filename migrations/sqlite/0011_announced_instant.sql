-- What an entry was at the announced instant of a freeze that runs late: the list is made from this, and nothing
-- that changed afterwards enters it. A row is written by the first change after that instant.
CREATE TABLE entry_at_freeze (
    draw_id BLOB NOT NULL REFERENCES draw (id),
    entry_id BLOB NOT NULL REFERENCES entry (id),
    -- False for an entry that was moved into the queue afterwards.
    was_there BOOLEAN NOT NULL,
    state TEXT NOT NULL REFERENCES entry_state (word),
    draws_survived INTEGER NOT NULL,
    displaced BOOLEAN NOT NULL,
    priority BOOLEAN NOT NULL,
    labels TEXT NOT NULL,
    deadline_seen_at TEXT,
    availability TEXT NOT NULL,
    paused BOOLEAN NOT NULL,
    paused_until TEXT,
    PRIMARY KEY (draw_id, entry_id)
);

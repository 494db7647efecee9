-- What an entry was at the announced instant of a freeze that runs late: the list is made from this, and nothing
-- that changed afterwards enters it. A row is written by the first change after that instant.
CREATE TABLE entry_at_freeze (
    draw_id UUID NOT NULL REFERENCES draw (id),
    entry_id UUID NOT NULL REFERENCES entry (id),
    -- False for an entry that was moved into the queue afterwards.
    was_there BOOLEAN NOT NULL,
    state TEXT NOT NULL REFERENCES entry_state (word),
    draws_survived INT NOT NULL,
    displaced BOOLEAN NOT NULL,
    priority BOOLEAN NOT NULL,
    labels JSONB NOT NULL,
    deadline_seen_at TIMESTAMPTZ,
    availability JSONB NOT NULL,
    paused BOOLEAN NOT NULL,
    paused_until TIMESTAMPTZ,
    PRIMARY KEY (draw_id, entry_id)
);

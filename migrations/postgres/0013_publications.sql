-- Slots that few of those who wait could accept are published by two people: the plan waits here for the second.
CREATE TABLE publication (
    id UUID PRIMARY KEY,
    queue_id UUID NOT NULL REFERENCES queue (id),
    -- Site, desk, start and length of each slot.
    slots JSONB NOT NULL,
    -- Null where the program itself published: a file imported on the command line.
    proposed_by UUID REFERENCES staff (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    approved_by UUID REFERENCES staff (id),
    approved_at TIMESTAMPTZ,
    rejected_by UUID REFERENCES staff (id),
    rejected_at TIMESTAMPTZ,
    rejected_reason TEXT,
    CHECK (approved_by IS NULL OR proposed_by IS NULL OR approved_by <> proposed_by)
);
CREATE UNIQUE INDEX publication_open ON publication (queue_id) WHERE approved_at IS NULL AND rejected_at IS NULL;
CREATE INDEX publication_day ON publication (queue_id, proposed_at);

-- Whether somebody accepted enough of a draw's seats for it to count as survived. One was enough before.
ALTER TABLE draw_entry ADD COLUMN wide BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE draw_entry SET wide = had_chance;

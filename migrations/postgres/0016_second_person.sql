-- No kind of deadline speaks of violence: what was a protection order is another official deadline.

UPDATE entry SET deadline_kind = 'other' WHERE deadline_kind = 'protection_order';
DELETE FROM deadline_kind WHERE word = 'protection_order';

-- A change of queue takes two people: it carries a day of registration into another procedure's draw.
CREATE TABLE relocation (
    id UUID PRIMARY KEY,
    entry_id UUID NOT NULL REFERENCES entry (id),
    -- Where the entry would wait.
    queue_id UUID NOT NULL REFERENCES queue (id),
    -- Sealed with the person's key; null where the agent of a wrong counter proposed it.
    reason BYTEA,
    proposed_by UUID NOT NULL REFERENCES staff (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    approved_by UUID REFERENCES staff (id),
    approved_at TIMESTAMPTZ,
    rejected_by UUID REFERENCES staff (id),
    rejected_at TIMESTAMPTZ,
    rejected_reason BYTEA,
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE UNIQUE INDEX relocation_open ON relocation (entry_id) WHERE approved_at IS NULL AND rejected_at IS NULL;

-- Whoever lost an appointment to a closed day goes first only once a second person approves: one row an act.
CREATE TABLE compensation (
    id UUID PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES site (id),
    day DATE NOT NULL,
    -- Null where the reason is sealed with the convocation.
    reason TEXT,
    proposed_by UUID REFERENCES staff (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    approved_by UUID REFERENCES staff (id),
    approved_at TIMESTAMPTZ,
    rejected_by UUID REFERENCES staff (id),
    rejected_at TIMESTAMPTZ,
    rejected_reason TEXT,
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE INDEX compensation_pending ON compensation (site_id, proposed_at)
    WHERE approved_at IS NULL AND rejected_at IS NULL;
CREATE TABLE compensated (
    compensation_id UUID NOT NULL REFERENCES compensation (id),
    entry_id UUID NOT NULL REFERENCES entry (id),
    -- The appointment that was taken back.
    convocation_id UUID NOT NULL REFERENCES convocation (id),
    PRIMARY KEY (compensation_id, entry_id)
);
-- Withdrawn while in a frozen list: whoever wins it is owed this.
ALTER TABLE slot ADD COLUMN compensation_id UUID REFERENCES compensation (id);

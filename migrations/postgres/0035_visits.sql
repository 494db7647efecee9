-- When the holder's pages of an entry were opened with its reference and birth date, or by a code; one row a day (real time).
CREATE TABLE visit (
    entry_id UUID NOT NULL REFERENCES entry (id),
    -- Days since 1970, in UTC.
    day INTEGER NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 1),
    PRIMARY KEY (entry_id, day)
);

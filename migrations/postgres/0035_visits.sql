-- When the holder's pages of an entry were opened with its reference and birth date, or by a code; one row a day (real time).
-- No foreign key: on PostgreSQL it would wait for a freeze, which holds the rows of a whole list.
CREATE TABLE visit (
    entry_id UUID NOT NULL,
    -- Days since 1970, in UTC.
    day INTEGER NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 1),
    PRIMARY KEY (entry_id, day)
);

-- Codes asked for with one contact and birth date are counted.
CREATE INDEX one_time_code_contact ON one_time_code (contact_fingerprint, created_at);

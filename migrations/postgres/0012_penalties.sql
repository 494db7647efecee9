-- A suspension belongs to the person, not to a request that can be withdrawn: it follows the fingerprints of
-- their keys. Only these and the end of the suspension are kept.
CREATE TABLE penalty (
    procedure_id UUID NOT NULL REFERENCES procedure (id),
    scope UUID NOT NULL,
    kind TEXT NOT NULL REFERENCES key_kind (word),
    print BYTEA NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (procedure_id, kind, print, scope)
);

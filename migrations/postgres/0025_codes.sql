-- One-time codes, sent to a contact that is known already. A row stands for everybody who asks, known or not, so that
-- nothing tells the two apart; its tries are counted here, whatever else is out of order.
CREATE TABLE code_purpose (word TEXT PRIMARY KEY);
INSERT INTO code_purpose (word) VALUES ('lost_reference'), ('contact');
CREATE TABLE one_time_code (
    id UUID PRIMARY KEY,
    purpose TEXT NOT NULL REFERENCES code_purpose (word),
    -- What was asked with: the fingerprints of a telephone or an address, and of a birth date.
    contact_fingerprint BYTEA,
    birth_date_fingerprint BYTEA,
    -- The request whose contact would change, and to what: sealed.
    entry_id UUID REFERENCES entry (id),
    change BYTEA,
    -- An HMAC of the code: a stolen database does not tell it.
    code_fingerprint BYTEA NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX one_time_code_expires ON one_time_code (expires_at);
CREATE INDEX one_time_code_entry ON one_time_code (entry_id);

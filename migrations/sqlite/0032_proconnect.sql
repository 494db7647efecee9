-- The staff signs in with ProConnect: an account is linked by its owner to one identity there, and an identity to one
-- account at most.
CREATE TABLE proconnect_link (
    staff_id BLOB PRIMARY KEY REFERENCES staff (id),
    -- Of issuer and subject: a stolen database names nobody.
    fingerprint BLOB NOT NULL UNIQUE,
    linked_at TEXT NOT NULL
);
-- What ProConnect wants to see again at the logout of a session that was opened with it, sealed.
ALTER TABLE session ADD COLUMN id_token BLOB;

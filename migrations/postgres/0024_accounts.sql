-- Accounts live in the pages: their owners set their own passwords, through a link that only they receive, and sign in
-- with a second factor.

-- Sealed by the installation's key.
ALTER TABLE staff ADD COLUMN full_name BYTEA;
ALTER TABLE staff ADD COLUMN phone BYTEA;
-- The secret of the second factor, sealed, and the last of its steps that was used: none is good twice.
ALTER TABLE staff ADD COLUMN totp BYTEA;
ALTER TABLE staff ADD COLUMN totp_step BIGINT;
-- Who invited somebody, and who confirmed it: for whoever decides of queues or accounts, another person.
ALTER TABLE staff ADD COLUMN invited_by UUID REFERENCES staff (id);
ALTER TABLE staff ADD COLUMN confirmed_by UUID REFERENCES staff (id) CHECK (confirmed_by <> invited_by);
ALTER TABLE staff ADD COLUMN confirmed_at TIMESTAMPTZ;
-- Who asks that a lost second factor be taken away; another person does it.
ALTER TABLE staff ADD COLUMN reset_asked_by UUID REFERENCES staff (id);
UPDATE staff SET confirmed_at = created_at;

CREATE TABLE staff_site (
    staff_id UUID NOT NULL REFERENCES staff (id),
    site_id UUID NOT NULL REFERENCES site (id),
    PRIMARY KEY (staff_id, site_id)
);
-- The prefectures that an auditor reads besides their own.
CREATE TABLE staff_prefecture (
    staff_id UUID NOT NULL REFERENCES staff (id),
    prefecture_id UUID NOT NULL REFERENCES prefecture (id),
    PRIMARY KEY (staff_id, prefecture_id)
);

CREATE TABLE staff_link_kind (word TEXT PRIMARY KEY);
INSERT INTO staff_link_kind (word) VALUES ('invitation'), ('password');
CREATE TABLE staff_link (
    -- The hash of the token: a stolen database opens no account.
    token_hash BYTEA PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    kind TEXT NOT NULL REFERENCES staff_link_kind (word),
    -- Null where an operator made it.
    made_by UUID REFERENCES staff (id),
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX staff_link_staff ON staff_link (staff_id);

CREATE TABLE recovery_code (
    staff_id UUID NOT NULL REFERENCES staff (id),
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (staff_id, code_hash)
);

CREATE TABLE session_before AS SELECT * FROM session;
DROP TABLE session;
CREATE TABLE session_stage (word TEXT PRIMARY KEY);
INSERT INTO session_stage (word) VALUES ('password'), ('enrol'), ('full');
CREATE TABLE session (
    -- The hash of the cookie's token: a stolen database opens no session.
    token_hash BYTEA PRIMARY KEY,
    -- By this its owner ends it from another browser.
    id UUID NOT NULL UNIQUE,
    staff_id UUID NOT NULL REFERENCES staff (id),
    stage TEXT NOT NULL REFERENCES session_stage (word),
    -- Wrong codes given to it.
    tries INTEGER NOT NULL DEFAULT 0,
    -- The prefecture whose pages it shows.
    prefecture_id UUID NOT NULL REFERENCES prefecture (id),
    csrf BYTEA NOT NULL,
    browser TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX session_staff ON session (staff_id);
INSERT INTO session (token_hash, id, staff_id, stage, prefecture_id, csrf, browser, created_at, last_seen_at, expires_at)
SELECT b.token_hash, gen_random_uuid(), b.staff_id, 'full', s.prefecture_id, b.csrf, '', b.created_at, b.created_at, b.expires_at
FROM session_before b JOIN staff s ON s.id = b.staff_id;
DROP TABLE session_before;

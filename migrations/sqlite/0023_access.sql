-- People are found again, and whoever opens their data is written down.

-- Every number, document, telephone and address can be looked for, verified or not. What is coarse flags pairs for an
-- agent and refuses nobody: see domain/near.rs. The program computes the fingerprints when it starts: it takes the
-- master key.
ALTER TABLE applicant ADD COLUMN number_fingerprint BLOB;
ALTER TABLE applicant ADD COLUMN document_fingerprint BLOB;
CREATE INDEX applicant_number ON applicant (number_fingerprint) WHERE number_fingerprint IS NOT NULL;
CREATE INDEX applicant_document ON applicant (document_fingerprint) WHERE document_fingerprint IS NOT NULL;
DROP INDEX applicant_name_birth;
ALTER TABLE applicant DROP COLUMN name_birth_fingerprint;
UPDATE applicant SET birth_date_fingerprint = NULL;

CREATE TABLE loose_kind (word TEXT PRIMARY KEY);
INSERT INTO loose_kind (word) VALUES ('day'), ('year'), ('partial'), ('letters'), ('number'), ('document');
CREATE TABLE loose_key (
    applicant_id BLOB NOT NULL REFERENCES applicant (id),
    kind TEXT NOT NULL REFERENCES loose_kind (word),
    fingerprint BLOB NOT NULL,
    PRIMARY KEY (applicant_id, kind, fingerprint)
);
CREATE INDEX loose_key_found ON loose_key (fingerprint, kind);

INSERT INTO staff_role (word) VALUES ('auditor'), ('administrator');
INSERT INTO key_kind (word) VALUES ('pivot');
INSERT INTO identity_proof (word) VALUES ('oidc');

-- One row for each person, reader, purpose and day.
CREATE TABLE reading_purpose (word TEXT PRIMARY KEY);
INSERT INTO reading_purpose (word) VALUES ('entry'), ('search'), ('counter'), ('identity'), ('pair'), ('message'), ('decision');
CREATE TABLE reading (
    applicant_id BLOB NOT NULL REFERENCES applicant (id),
    staff_id BLOB NOT NULL REFERENCES staff (id),
    purpose TEXT NOT NULL REFERENCES reading_purpose (word),
    -- Days since 1970, in UTC.
    day INTEGER NOT NULL,
    entry_id BLOB NOT NULL REFERENCES entry (id),
    -- What the reader was there for, and where.
    role TEXT NOT NULL REFERENCES staff_role (word),
    prefecture_id BLOB NOT NULL REFERENCES prefecture (id),
    site_id BLOB REFERENCES site (id),
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 1),
    PRIMARY KEY (applicant_id, day, staff_id, purpose)
);
CREATE INDEX reading_place ON reading (prefecture_id, last_at);
CREATE INDEX reading_reader ON reading (staff_id, last_at);
CREATE INDEX reading_entry ON reading (entry_id);

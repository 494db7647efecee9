-- Fingerprints (HMAC, blind indexes) and digests are called what they are.
ALTER TABLE live_key RENAME COLUMN print TO fingerprint;
ALTER TABLE penalty RENAME COLUMN print TO fingerprint;
ALTER TABLE penalty_case_key RENAME COLUMN print TO fingerprint;
ALTER TABLE applicant RENAME COLUMN name_birth_print TO name_birth_fingerprint;
ALTER TABLE applicant RENAME COLUMN birth_date_print TO birth_date_fingerprint;
ALTER TABLE applicant RENAME COLUMN phone_print TO phone_fingerprint;
ALTER TABLE applicant RENAME COLUMN email_print TO email_fingerprint;
ALTER TABLE register_number RENAME COLUMN number_print TO number_fingerprint;
ALTER TABLE register_number RENAME COLUMN number_birth_print TO number_birth_fingerprint;
ALTER TABLE idempotency RENAME COLUMN key_print TO key_digest;
ALTER TABLE idempotency RENAME COLUMN request_print TO request_fingerprint;

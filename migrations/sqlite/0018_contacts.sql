-- Fingerprints of a person's telephone and address, so that agents see how many requests carry the same one. The
-- program computes them when it starts, with the birth date's: it takes the master key.
ALTER TABLE applicant ADD COLUMN phone_print BLOB;
ALTER TABLE applicant ADD COLUMN email_print BLOB;
CREATE INDEX applicant_phone ON applicant (phone_print) WHERE phone_print IS NOT NULL;
CREATE INDEX applicant_email ON applicant (email_print) WHERE email_print IS NOT NULL;
UPDATE applicant SET birth_date_print = NULL WHERE phone IS NOT NULL OR email IS NOT NULL;

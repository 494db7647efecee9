-- A correction of somebody who stands in a frozen list waits for the outcome. What will be written then is sealed with the
-- person's key; it may have been confirmed by a second agent meanwhile.
ALTER TABLE correction ADD COLUMN person BLOB;
ALTER TABLE correction ADD COLUMN waits_since TEXT;
ALTER TABLE correction ADD COLUMN confirmed_by BLOB REFERENCES staff (id);
CREATE INDEX correction_waits ON correction (waits_since) WHERE done_at IS NULL AND waits_since IS NOT NULL;

-- A convocation whose name was corrected is issued again: same place, same time, and its former papers are void.
INSERT INTO notice_kind (word) VALUES ('reissued');
ALTER TABLE convocation ADD COLUMN issue INTEGER NOT NULL DEFAULT 1;
ALTER TABLE convocation ADD COLUMN reissued_at TEXT;
-- Each issue is told once by each way.
ALTER TABLE notice ADD COLUMN issue INTEGER NOT NULL DEFAULT 1;
DROP INDEX notice_once;
CREATE UNIQUE INDEX notice_once ON notice (convocation_id, kind, way, issue) WHERE convocation_id IS NOT NULL;

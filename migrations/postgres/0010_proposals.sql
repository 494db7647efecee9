-- A proposal is approved, rejected by another person or withdrawn by its author: rejected_by tells the last two
-- apart. What was rejected may be proposed again, so a label is held once among those that were not.

ALTER TABLE rules ADD COLUMN reason TEXT;
ALTER TABLE rules ADD COLUMN rejected_by UUID REFERENCES staff (id);
ALTER TABLE rules ADD COLUMN rejected_reason TEXT;

ALTER TABLE draw ADD COLUMN annul_proposed_at TIMESTAMPTZ;
ALTER TABLE draw ADD COLUMN annul_rejected_by UUID REFERENCES staff (id);
ALTER TABLE draw ADD COLUMN annul_rejected_at TIMESTAMPTZ;
ALTER TABLE draw ADD COLUMN annul_rejected_reason TEXT;

ALTER TABLE privilege ADD COLUMN rejected_by UUID REFERENCES staff (id);
ALTER TABLE privilege ADD COLUMN rejected_at TIMESTAMPTZ;
-- Sealed with the person's key, as the reason is.
ALTER TABLE privilege ADD COLUMN rejected_reason BYTEA;
ALTER TABLE privilege DROP CONSTRAINT privilege_entry_id_label_key;
CREATE UNIQUE INDEX privilege_stands ON privilege (entry_id, label) WHERE rejected_at IS NULL;

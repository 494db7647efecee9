-- A person's data are erased some time after their entry ends: the key that opens them is destroyed.
ALTER TABLE entry ADD COLUMN erased_at TIMESTAMPTZ;
CREATE INDEX entry_to_erase ON entry (queue_id, ended_at) WHERE ended_at IS NOT NULL AND erased_at IS NULL;

-- What the keys of the fingerprints and of the log are derived from, sealed under the master key that wraps: from the first
-- change of master key on. Before that, they come from the master key itself.
ALTER TABLE installation ADD COLUMN roots BYTEA;

-- How often a notice has begun to leave. The epoch of its lease also grows when a batch ends before its turn.
ALTER TABLE notice ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;

-- What an event makes of an entry, kept where it must be known later.

-- Staff changed somebody's availability, pause or deadline: the person is told.
INSERT INTO notice_kind (word) VALUES ('changed');
-- When a slot came back to the pool: only a list announced for a later instant may offer it.
ALTER TABLE slot ADD COLUMN freed_at TEXT;
-- False where the draw raised nobody's seniority, or that seniority was reset since: an annulment takes back
-- only what still counts.
ALTER TABLE draw_entry ADD COLUMN counts BOOLEAN NOT NULL DEFAULT TRUE;

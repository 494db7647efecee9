-- An answer to a retry is written before the entry it names, and its reference is checked at the commit. SQLite
-- then looks, as each entry comes, for the answers that waited for it: without this, it reads them all.
-- PostgreSQL would do so for each entry that is deleted.
CREATE INDEX idempotency_entry ON idempotency (entry_id);

-- What the register of numbers could not settle when somebody registered: it did not answer, or it knows no more than the
-- year of birth. The entry keeps its day meanwhile.
INSERT INTO component_kind (word) VALUES ('register');
CREATE TABLE register_check_state (word TEXT PRIMARY KEY);
INSERT INTO register_check_state (word) VALUES ('due'), ('year');
CREATE TABLE register_check (
    entry_id BLOB PRIMARY KEY REFERENCES entry (id),
    state TEXT NOT NULL REFERENCES register_check_state (word),
    asked_at TEXT NOT NULL
);
CREATE INDEX register_check_due ON register_check (asked_at) WHERE state = 'due';
-- Short fingerprints of the names under a number, one after another; null where the register gives no names.
ALTER TABLE register_number ADD COLUMN name_fingerprints BLOB;

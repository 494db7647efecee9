-- A tick of the counter is provisional until the site closes, and a penalty is announced before it takes effect.

CREATE TABLE tick (word TEXT PRIMARY KEY);
INSERT INTO tick (word) VALUES ('served'), ('absent');
CREATE TABLE penalty_reason (word TEXT PRIMARY KEY);
INSERT INTO penalty_reason (word) VALUES ('missed'), ('late_return'), ('late_withdrawal');
CREATE TABLE penalty_state (word TEXT PRIMARY KEY);
INSERT INTO penalty_state (word) VALUES ('announced'), ('objected'), ('upheld'), ('in_force'), ('lifted');
INSERT INTO notice_kind (word) VALUES ('penalty_upheld'), ('penalty_lifted');

ALTER TABLE convocation ADD COLUMN tick TEXT REFERENCES tick (word);
ALTER TABLE convocation ADD COLUMN ticked_by BLOB REFERENCES staff (id);
ALTER TABLE convocation ADD COLUMN ticked_at TEXT;
-- When the tick becomes final.
ALTER TABLE convocation ADD COLUMN settles_at TEXT;
CREATE INDEX convocation_settles ON convocation (settles_at) WHERE state = 'live' AND tick IS NOT NULL;

-- A penalty from its announcement on. Once it is in force, 0012's table holds what it suspends.
CREATE TABLE penalty_case (
    -- The appointment that was missed or given back late.
    convocation_id BLOB PRIMARY KEY REFERENCES convocation (id),
    -- Whose it was. The person's later entries bear the penalty through its keys.
    entry_id BLOB NOT NULL REFERENCES entry (id),
    reason TEXT NOT NULL REFERENCES penalty_reason (word),
    -- Days out of the draws; null where the rules close the entry.
    days INTEGER CHECK (days BETWEEN 1 AND 365),
    objection_days INTEGER NOT NULL,
    state TEXT NOT NULL REFERENCES penalty_state (word),
    noted_by BLOB REFERENCES staff (id),
    announced_at TEXT NOT NULL,
    -- When its notice left; null while it waits.
    told_at TEXT,
    effect_at TEXT NOT NULL,
    -- Sealed with the key of the entry's applicant, as the ruling's reason is.
    objection BLOB,
    objected_at TEXT,
    -- The agent who recorded it; null if the holder wrote it.
    objected_by BLOB REFERENCES staff (id),
    decided_by BLOB REFERENCES staff (id),
    decided_at TEXT,
    decided_reason BLOB,
    CHECK (decided_by IS NULL OR noted_by IS NULL OR decided_by <> noted_by)
);
CREATE INDEX penalty_case_entry ON penalty_case (entry_id);
CREATE INDEX penalty_case_due ON penalty_case (effect_at) WHERE state IN ('announced', 'upheld');
CREATE INDEX penalty_case_objected ON penalty_case (objected_at) WHERE state = 'objected';

-- The fingerprints of the person, while the penalty may still take effect.
CREATE TABLE penalty_case_key (
    convocation_id BLOB NOT NULL REFERENCES penalty_case (convocation_id),
    procedure_id BLOB NOT NULL REFERENCES procedure (id),
    scope BLOB NOT NULL,
    kind TEXT NOT NULL REFERENCES key_kind (word),
    print BLOB NOT NULL,
    PRIMARY KEY (procedure_id, kind, print, scope, convocation_id)
);
CREATE INDEX penalty_case_key_case ON penalty_case_key (convocation_id);

-- When a message counts as received: a letter five days after it is posted, or when it is handed over; any other
-- once its gateway has taken it. Terms begin then, and what was never received costs nothing.
ALTER TABLE notice ADD COLUMN received_at TIMESTAMPTZ;
UPDATE notice SET received_at = settled_at WHERE state IN ('accepted', 'delivered');
-- By which ways somebody was reached at the announced instant: whoever gets letters only accepts no early class.
ALTER TABLE entry_at_freeze ADD COLUMN reach_sms BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE entry_at_freeze ADD COLUMN reach_email BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE entry_at_freeze SET
    reach_sms = (SELECT a.reach_sms FROM applicant a JOIN entry e ON e.applicant_id = a.id
        WHERE e.id = entry_at_freeze.entry_id),
    reach_email = (SELECT a.reach_email FROM applicant a JOIN entry e ON e.applicant_id = a.id
        WHERE e.id = entry_at_freeze.entry_id);
-- Whoever registered online, and whom nobody has verified, makes no letters: a flood of them would bury the others.
INSERT INTO notice_state (word) VALUES ('withheld');

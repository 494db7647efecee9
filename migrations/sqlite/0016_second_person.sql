-- No kind of deadline speaks of violence: what was a protection order is another official deadline.

UPDATE entry SET deadline_kind = 'other' WHERE deadline_kind = 'protection_order';
DELETE FROM deadline_kind WHERE word = 'protection_order';

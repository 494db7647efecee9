-- Somebody who gave a slot back too late.
INSERT INTO penalty (procedure_id, scope, kind, print, until)
SELECT procedure_id, scope, kind, print, '2027-02-01T08:00:00+00:00' FROM live_key ORDER BY print LIMIT 1;

-- Somebody whom an agent has noted as absent, until the evening.
UPDATE convocation SET tick = 'absent', ticked_by = (SELECT id FROM staff ORDER BY login LIMIT 1),
    ticked_at = starts.at, settles_at = '2027-02-17T19:00:00+00:00'
FROM (SELECT c.id, s.starts_at AS at FROM convocation c JOIN slot s ON s.id = c.slot_id
    WHERE c.state = 'live' ORDER BY c.id LIMIT 1) AS starts
WHERE convocation.id = starts.id;
-- Somebody who has missed an appointment and can object.
INSERT INTO penalty_case (entry_id, convocation_id, reason, days, objection_days, state, noted_by, announced_at,
    told_at, effect_at)
SELECT c.entry_id, c.id, 'missed', 30, 15, 'announced', (SELECT id FROM staff ORDER BY login LIMIT 1),
    c.ended_at, c.ended_at, '2027-02-01T08:00:00+00:00'
FROM convocation c WHERE c.state = 'missed' ORDER BY c.id LIMIT 1;
INSERT INTO penalty_case_key (convocation_id, procedure_id, scope, kind, print)
SELECT p.convocation_id, k.procedure_id, k.scope, k.kind, k.print FROM penalty_case p JOIN live_key k ON k.entry_id = p.entry_id;

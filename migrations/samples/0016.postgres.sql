-- A change of queue that waits for a second person.
INSERT INTO relocation (id, entry_id, queue_id, proposed_by, proposed_at)
SELECT p.id, p.entry_id, q.id, p.proposed_by, p.proposed_at
FROM privilege p JOIN entry e ON e.id = p.entry_id JOIN queue q ON q.id <> e.queue_id ORDER BY p.id, q.id LIMIT 1;
-- A closed day whose people wait for a second person.
INSERT INTO compensation (id, site_id, day, reason, proposed_by, proposed_at)
SELECT p.id, s.site_id, DATE '2027-01-13', 'panne', p.proposed_by, p.proposed_at FROM privilege p, slot s ORDER BY p.id, s.id LIMIT 1;
INSERT INTO compensated (compensation_id, entry_id, convocation_id)
SELECT o.id, c.entry_id, c.id FROM compensation o, convocation c ORDER BY c.id LIMIT 1;

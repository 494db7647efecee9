-- A change of queue that waits for a second person.
INSERT INTO relocation (id, entry_id, queue_id, proposed_by, proposed_at)
SELECT p.id, p.entry_id, q.id, p.proposed_by, p.proposed_at
FROM privilege p JOIN entry e ON e.id = p.entry_id JOIN queue q ON q.id <> e.queue_id ORDER BY p.id, q.id LIMIT 1;

INSERT INTO review (id, entry_id, request, asked_at, due_at) SELECT p.id, p.entry_id, p.reason, p.proposed_at, p.proposed_at FROM privilege p ORDER BY p.id LIMIT 1;

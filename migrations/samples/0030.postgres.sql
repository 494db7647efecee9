INSERT INTO register_check (entry_id, state, asked_at) SELECT e.id, 'due', e.registered_at FROM entry e ORDER BY e.id LIMIT 1;

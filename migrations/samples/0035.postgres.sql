INSERT INTO visit (entry_id, day, first_at, last_at, times) SELECT e.id, 20700, e.registered_at, e.registered_at, 2 FROM entry e ORDER BY e.id LIMIT 1;

INSERT INTO proconnect_link (staff_id, fingerprint, linked_at) SELECT f.id, e.leaf, f.created_at FROM staff f, audit e ORDER BY f.id, e.id LIMIT 1;

INSERT INTO staff_site (staff_id, site_id) SELECT f.id, s.id FROM staff f, site s WHERE s.prefecture_id = f.prefecture_id ORDER BY f.id, s.id LIMIT 1;
INSERT INTO staff_prefecture (staff_id, prefecture_id) SELECT f.id, f.prefecture_id FROM staff f ORDER BY f.id LIMIT 1;
INSERT INTO staff_link (token_hash, staff_id, kind, made_at, expires_at) SELECT e.leaf, f.id, 'invitation', '2027-01-08T09:00:00Z', '2027-01-15T09:00:00Z' FROM staff f, audit e ORDER BY f.id, e.id LIMIT 1;
INSERT INTO recovery_code (staff_id, code_hash) SELECT f.id, e.leaf FROM staff f, audit e ORDER BY f.id, e.id LIMIT 1;

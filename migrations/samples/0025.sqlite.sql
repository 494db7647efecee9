INSERT INTO one_time_code (id, purpose, code_fingerprint, created_at, expires_at) SELECT id, 'lost_reference', leaf, '2027-01-08T09:00:00Z', '2027-01-08T09:10:00Z' FROM audit ORDER BY id LIMIT 1;

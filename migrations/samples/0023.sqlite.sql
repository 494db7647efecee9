INSERT INTO loose_key (applicant_id, kind, fingerprint) SELECT id, 'day', wrapped_key FROM applicant ORDER BY id LIMIT 1;
INSERT INTO reading (applicant_id, staff_id, purpose, day, entry_id, role, prefecture_id, first_at, last_at, times)
SELECT e.applicant_id, s.id, 'entry', 20827, e.id, 'agent', s.prefecture_id, '2027-01-08T09:00:00Z', '2027-01-08T09:00:00Z', 1
FROM entry e, staff s ORDER BY e.id, s.id LIMIT 1;

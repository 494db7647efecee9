-- The log's last head, signed with the sample's key, and a witness that acknowledged it after a failure.

INSERT INTO signed_head (size, root, note, at) VALUES
    (87, '\xfcc048ea6c2f9cc7cbd92a104b2e881d50ca5ed1c78156399367d92682056060', 'localhost:8080/journal
87
/MBI6mwvnMfL2SoQSy6IHVDKXtHHgVY5k2fZJoIFYGA=
time 1799974800

— localhost:8080/journal 8+gQcQ0CMRMeteO+fmDfEvcjCwBh9BulfbGJv1TMN+aX643ElRWATl5PGKocpW/866d7TaSqRnGcWduqWRC6zDSM1Aw=
', '2027-01-15T01:00:00+00:00');

INSERT INTO witness (url, size, root, acknowledged_at, attempts, next_attempt_at, fault) VALUES
    ('https://temoin.example.org', 87, '\xfcc048ea6c2f9cc7cbd92a104b2e881d50ca5ed1c78156399367d92682056060', '2027-01-15T01:20:05+00:00', 1, '2027-01-15T01:22:00+00:00', 'no answer in time');

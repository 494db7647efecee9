-- SQLite rewrites rows in place and needs no room: this number stands for PostgreSQL's fill factor.
SELECT 1;

-- A draw rewrites every row of its list (its place) and of the queue (a draw survived). PostgreSQL writes a
-- new version of a row beside the old one: where the page has room for it, and no indexed column changes,
-- no index is touched. So pages are filled to less than half. SQLite rewrites rows in place.
ALTER TABLE draw_entry SET (fillfactor = 45);
ALTER TABLE entry SET (fillfactor = 45);

-- An agent notes that somebody came and that something was missing from their file. What it was is the sealed reason
-- of the convocation, written with the tick.
INSERT INTO tick (word) VALUES ('incomplete');
INSERT INTO convocation_state (word) VALUES ('incomplete');
INSERT INTO notice_kind (word) VALUES ('incomplete');

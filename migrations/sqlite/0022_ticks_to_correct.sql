-- The wrong counter and somebody else are ticks too: until the evening they can be corrected.
INSERT INTO tick (word) VALUES ('wrong_counter'), ('not_the_person');
-- The queue to which a move is proposed when the wrong counter becomes final.
ALTER TABLE convocation ADD COLUMN right_queue_id BLOB REFERENCES queue (id);

-- Somebody who changed after the announced instant of a freeze that ran late.
INSERT INTO entry_at_freeze (draw_id, entry_id, was_there, state, draws_survived, displaced, priority, labels,
    deadline_seen_at, availability, paused, paused_until)
SELECT d.id, e.id, TRUE, 'waiting', e.draws_survived, e.displaced, e.priority, e.labels, e.deadline_seen_at,
    e.availability, e.paused, e.paused_until
FROM entry e JOIN draw d ON d.queue_id = e.queue_id ORDER BY e.id, d.id LIMIT 1;

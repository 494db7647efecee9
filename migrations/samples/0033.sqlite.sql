UPDATE correction SET person = claim, waits_since = asked_at, confirmed_by = asked_by;
UPDATE convocation SET issue = 2, reissued_at = issued_at WHERE id = (SELECT n.convocation_id FROM notice n WHERE n.kind = 'convocation' ORDER BY n.convocation_id LIMIT 1);

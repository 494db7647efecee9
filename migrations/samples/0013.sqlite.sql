-- Slots that few could accept, proposed and not yet approved.
INSERT INTO publication (id, queue_id, slots, proposed_by, proposed_at)
SELECT X'01a207a7900077a0b0c0d0e0f0000001', q.id, '[{"id":"01a207a7-9000-77a0-b0c0-d0e0f0000002","site":"01a207a7-8337-707a-a2ed-14018a905c04","desk":"01a207a7-8337-707a-a2ed-14029d0d69ec","starts_at":"2027-02-07T08:00:00Z","minutes":20}]',
    s.id, '2027-01-14T08:00:00+00:00'
FROM queue q, staff s WHERE q.slug = 'renouvellement' AND s.login = 'alice';

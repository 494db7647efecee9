-- A document is kept in pieces of 128 KiB, so that it can be sent without ever being in memory whole. What is
-- computed once from a bundle for its page stands beside it.
CREATE TABLE draw_document_pieces (
    draw_id BLOB NOT NULL REFERENCES draw (id),
    kind TEXT NOT NULL CHECK (kind IN ('list', 'bundle', 'figures')),
    number INTEGER NOT NULL CHECK (number >= 0),
    body BLOB NOT NULL,
    PRIMARY KEY (draw_id, kind, number)
);
INSERT INTO draw_document_pieces (draw_id, kind, number, body)
WITH RECURSIVE piece (draw_id, kind, number) AS (
    SELECT draw_id, kind, 0 FROM draw_document
    UNION ALL
    SELECT p.draw_id, p.kind, p.number + 1 FROM piece p
    JOIN draw_document d ON d.draw_id = p.draw_id AND d.kind = p.kind
    WHERE length(d.body) > (p.number + 1) * 131072
)
SELECT d.draw_id, d.kind, p.number, substr(d.body, p.number * 131072 + 1, 131072)
FROM piece p JOIN draw_document d ON d.draw_id = p.draw_id AND d.kind = p.kind;
DROP TABLE draw_document;
ALTER TABLE draw_document_pieces RENAME TO draw_document;

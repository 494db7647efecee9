-- Two entries of one person become one.
INSERT INTO correction_kind (word) VALUES ('merge');

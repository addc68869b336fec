-- Compared with file.id, which has this collation.
ALTER TABLE idempotency_key ALTER COLUMN file_id TYPE TEXT COLLATE "C";
-- Each row is completed once, and finds room for that in its own page.
ALTER TABLE idempotency_key SET (fillfactor = 50);

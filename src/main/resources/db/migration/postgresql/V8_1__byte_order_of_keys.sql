-- Compared with file.id, which has this collation.
ALTER TABLE idempotency_key ALTER COLUMN file_id TYPE TEXT COLLATE "C";

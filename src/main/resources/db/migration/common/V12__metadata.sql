-- What clients said about files: a JSON object of texts. Empty: nothing. It is not named
-- "metadata": the version before reads that column of appended_upload beside all of this table.
ALTER TABLE file ADD COLUMN pairs TEXT;
-- The same, of the request that claimed the key.
ALTER TABLE idempotency_key ADD COLUMN pairs TEXT;

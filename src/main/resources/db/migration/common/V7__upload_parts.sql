-- Files whose bytes come in parts, in more than one request. Versions before know neither of
-- their styles, and leave such rows alone.
ALTER TABLE file ADD COLUMN declared_bytes BIGINT;
-- When an upload in parts ends if it was not completed.
ALTER TABLE file ADD COLUMN upload_expires_at BIGINT;
-- How many keys for parts were named, and how many of these got no bytes.
ALTER TABLE file ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE file ADD COLUMN parts_failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE file ADD COLUMN cancelled_at BIGINT;
-- SHA-256 of the list of part ids that completed the upload.
ALTER TABLE file ADD COLUMN completed_list TEXT;

CREATE TABLE upload_part (
	id TEXT NOT NULL PRIMARY KEY,
	file_id TEXT NOT NULL,
	-- from 1, in the order in which the parts began
	number INTEGER NOT NULL,
	object_key TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	-- empty until all bytes have arrived
	bytes BIGINT,
	crc32c BIGINT
);

CREATE UNIQUE INDEX upload_part_of_file ON upload_part (file_id, number);

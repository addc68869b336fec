-- Files whose bytes are appended, in any number of requests. Each request has a number, the
-- value of the file's "parts" when it began, which also names what it may leave. Versions
-- before do not know their style, and leave such rows alone.
CREATE TABLE appended_upload (
	file_id TEXT NOT NULL PRIMARY KEY,
	-- as its client sent it
	metadata TEXT,
	-- the number of the request that may change the upload; 0: none
	writer INTEGER NOT NULL DEFAULT 0,
	-- grows while that request is ending because a newer one waits
	beats INTEGER NOT NULL DEFAULT 0,
	-- the engine's id of the multipart upload of the file's key
	store_upload TEXT,
	-- what is in its parts
	parts INTEGER NOT NULL DEFAULT 0,
	bytes BIGINT NOT NULL DEFAULT 0,
	crc32c BIGINT NOT NULL DEFAULT 0,
	-- what is behind them: the request that left it, or 0
	rest INTEGER NOT NULL DEFAULT 0,
	rest_bytes BIGINT NOT NULL DEFAULT 0,
	rest_crc32c BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE appended_part (
	file_id TEXT NOT NULL,
	-- from 1
	number INTEGER NOT NULL,
	etag TEXT NOT NULL,
	bytes BIGINT NOT NULL,
	crc32c BIGINT NOT NULL,
	PRIMARY KEY (file_id, number)
);

-- The objects of parts up to this number were removed. A request that was replaced may still
-- write one of them, so the sweeper removes them again.
ALTER TABLE file ADD COLUMN parts_removed INTEGER NOT NULL DEFAULT 0;

-- What clients sent as Idempotency-Key. Times are Unix seconds.
CREATE TABLE idempotency_key (
	owner TEXT NOT NULL,
	key TEXT NOT NULL,
	-- the file of the request that claimed the key
	file_id TEXT NOT NULL,
	-- how the bytes of that file come in
	style TEXT NOT NULL,
	-- until when the key is kept; an answer is kept as long from created_at on
	expires_at BIGINT NOT NULL,
	-- what the request asked for; a multipart upload says so after its bytes
	purpose TEXT,
	filename TEXT,
	bytes BIGINT,
	-- in seconds; empty: as configured for its purpose
	lifetime BIGINT,
	crc32c BIGINT,
	-- the rest of the answer to a multipart upload, whose file may be deleted since; without
	-- created_at, there is no answer yet
	content_type TEXT,
	created_at BIGINT,
	file_expires_at BIGINT,
	PRIMARY KEY (owner, key)
);

CREATE INDEX idempotency_key_by_time ON idempotency_key (expires_at);

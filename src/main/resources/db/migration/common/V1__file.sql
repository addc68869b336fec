-- Times are Unix seconds.
CREATE TABLE file (
	id TEXT NOT NULL PRIMARY KEY,
	owner TEXT NOT NULL,
	style TEXT NOT NULL,
	status TEXT NOT NULL,
	-- a multipart upload may bring its purpose after its bytes
	purpose TEXT,
	filename TEXT,
	bytes BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT,
	object_key TEXT NOT NULL,
	-- how many keys for copies were named
	copies INTEGER NOT NULL,
	-- until when a signed URL, or a call that failed, may bring bytes
	upload_ends_at BIGINT,
	-- when the sweeper must look at it next
	sweep_at BIGINT
);

CREATE INDEX file_by_owner ON file (owner, id) WHERE status = 'AVAILABLE';

CREATE INDEX file_by_purpose ON file (owner, purpose, id) WHERE status = 'AVAILABLE';

CREATE INDEX file_to_sweep ON file (sweep_at) WHERE sweep_at IS NOT NULL;

CREATE TABLE api_key (
	owner TEXT NOT NULL PRIMARY KEY,
	sha256 TEXT NOT NULL,
	created_at BIGINT NOT NULL
);

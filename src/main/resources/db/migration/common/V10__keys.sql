-- Owners that were created; others have files or configured keys only. Times are Unix seconds.
CREATE TABLE owner (
	name TEXT NOT NULL PRIMARY KEY,
	-- what people call it
	title TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	-- since then its keys open nothing, and its files stay
	archived_at BIGINT
);

CREATE TABLE managed_key (
	id TEXT NOT NULL PRIMARY KEY,
	owner TEXT NOT NULL,
	-- the service account that it belongs to, if any
	account TEXT,
	name TEXT NOT NULL,
	-- of the secret
	sha256 TEXT NOT NULL,
	-- separated by spaces
	scopes TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT,
	last_used_at BIGINT,
	revoked_at BIGINT
);

CREATE INDEX managed_key_by_owner ON managed_key (owner, id);

-- The key of a first start gets an id of its own.
INSERT INTO owner (name, title, created_at) SELECT owner, owner, created_at FROM api_key;

INSERT INTO managed_key (id, owner, name, sha256, scopes, created_at)
SELECT 'first', owner, 'first', sha256, 'files.read files.write', created_at FROM api_key;

CREATE TABLE service_account (
	id TEXT NOT NULL PRIMARY KEY,
	owner TEXT NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL
);

CREATE INDEX service_account_by_owner ON service_account (owner, id);

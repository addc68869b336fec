-- What owners may have and ask for, where it differs from the settings. Empty: as in the settings.
CREATE TABLE owner_limit (
	owner TEXT NOT NULL PRIMARY KEY,
	max_files BIGINT,
	max_bytes BIGINT,
	max_file_size BIGINT,
	requests_per_minute INTEGER,
	uploads_at_once INTEGER,
	changed_at BIGINT NOT NULL
);

CREATE INDEX owner_limit_by_change ON owner_limit (changed_at);

-- The settings of the instance that started last, for the triggers. One row; empty: no limit.
CREATE TABLE usual_limit (
	one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	max_files BIGINT,
	max_bytes BIGINT
);

INSERT INTO usual_limit (one) VALUES (1);

-- What owners have: available files, and pending ones with the size that they will have, as
-- far as it is known. Triggers keep it, so a server of the version before does, too. It is the
-- sum of an owner's rows, several of which let simultaneous changes not wait for each other.
CREATE TABLE owner_usage (
	owner TEXT NOT NULL,
	stripe INTEGER NOT NULL DEFAULT 0,
	files BIGINT NOT NULL,
	bytes BIGINT NOT NULL,
	PRIMARY KEY (owner, stripe)
);

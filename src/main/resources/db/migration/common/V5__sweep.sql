-- How often the sweeper has claimed a row since it last got it done.
ALTER TABLE file ADD COLUMN sweep_attempts INTEGER NOT NULL DEFAULT 0;

-- What is due for the first time, by kind and owner. file_to_sweep stays for the version before.
CREATE INDEX file_to_sweep_by_owner ON file (status, owner, sweep_at)
	WHERE sweep_at IS NOT NULL AND sweep_attempts = 0;

-- What failed before, which comes after all else.
CREATE INDEX file_to_sweep_again ON file (sweep_at) WHERE sweep_at IS NOT NULL AND sweep_attempts > 0;

-- The search for staged objects that no row names: one row.
CREATE TABLE staging_search (
	-- when it is due, or until when an instance has it in hand
	due_at BIGINT NOT NULL,
	-- behind which key it goes on; empty: at the start
	position TEXT NOT NULL
);

INSERT INTO staging_search (due_at, position) VALUES (0, '');

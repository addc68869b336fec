-- To which store the database belongs. One row; times are Unix seconds.
CREATE TABLE store_identity (
	one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	id TEXT NOT NULL,
	-- the store's object holds this word, or the next one while it is being replaced
	word TEXT NOT NULL,
	next_word TEXT,
	previous_word TEXT,
	-- when the word was last written to the store; empty: never
	written_at BIGINT
);

-- Whether keys have ever been configured, so that a start without any is no accident.
CREATE TABLE keys_configured (
	one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	since BIGINT NOT NULL
);

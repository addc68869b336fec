-- The place of a file in its owner's list, taken when it becomes available. Files that were
-- available before have 0: they come first, in the order of their ids.
ALTER TABLE file ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
-- A number below the limit of pending files that no other pending file of its owner has.
ALTER TABLE file ADD COLUMN pending_slot INTEGER;
-- Until when a completion may be in progress.
ALTER TABLE file ADD COLUMN completing_until BIGINT;
-- The staged object that was found to be no JSON, and what was said of it.
ALTER TABLE file ADD COLUMN refused_etag TEXT;
ALTER TABLE file ADD COLUMN refusal TEXT;

CREATE INDEX file_in_order ON file (owner, position, id) WHERE status = 'AVAILABLE';

CREATE INDEX file_in_order_by_purpose ON file (owner, purpose, position, id) WHERE status = 'AVAILABLE';

CREATE UNIQUE INDEX file_pending ON file (owner, pending_slot) WHERE status = 'PENDING' AND pending_slot IS NOT NULL;

-- Where files stood that are gone, for readers whose cursor they are; for a week.
CREATE TABLE removed_file (
	id TEXT NOT NULL PRIMARY KEY,
	owner TEXT NOT NULL,
	position BIGINT NOT NULL,
	removed_at BIGINT NOT NULL
);

CREATE INDEX removed_file_by_time ON removed_file (removed_at);

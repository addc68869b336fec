-- What happened to files and is still to be delivered. A file has two events at most: it is
-- created, and then deleted or expired.
CREATE TABLE event (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL,
	type TEXT NOT NULL,
	file_id TEXT NOT NULL,
	owner TEXT NOT NULL,
	filename TEXT,
	purpose TEXT,
	bytes BIGINT NOT NULL,
	file_created_at BIGINT NOT NULL,
	file_expires_at BIGINT,
	happened_at BIGINT NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	-- when it may be delivered next; a claim moves it
	due_at BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX event_by_file ON event (file_id, seq);

CREATE INDEX event_by_due ON event (due_at, seq);

-- The sweeper claims a file beyond its expiry, a delete happens before it.
CREATE TRIGGER file_has_event AFTER UPDATE OF status ON file
WHEN NEW.status <> OLD.status AND 'AVAILABLE' IN (OLD.status, NEW.status) AND EXISTS (SELECT 1 FROM events_wanted)
BEGIN
	INSERT INTO event (id, type, file_id, owner, filename, purpose, bytes, file_created_at, file_expires_at, happened_at)
		VALUES ('evt_' || lower(hex(randomblob(16))),
			CASE WHEN NEW.status = 'AVAILABLE' THEN 'file.created' WHEN NEW.sweep_at >= NEW.expires_at THEN 'file.expired'
				ELSE 'file.deleted' END,
			NEW.id, NEW.owner, NEW.filename, NEW.purpose, NEW.bytes, NEW.created_at, NEW.expires_at, unixepoch());
END;

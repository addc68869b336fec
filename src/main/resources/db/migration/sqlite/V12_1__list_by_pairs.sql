-- The pairs of available files, in the order of lists. The table is its only index. Triggers
-- keep it, so that it is right whichever version changes a file.
CREATE TABLE file_pair (
	owner TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	position BIGINT NOT NULL,
	file_id TEXT NOT NULL,
	PRIMARY KEY (owner, name, value, position, file_id)
) WITHOUT ROWID;

CREATE TRIGGER file_lists_pairs AFTER UPDATE OF position ON file
WHEN NEW.pairs IS NOT NULL AND NEW.status = 'AVAILABLE'
BEGIN
	INSERT INTO file_pair (owner, name, value, position, file_id)
		SELECT NEW.owner, key, value, NEW.position, NEW.id FROM json_each(NEW.pairs);
END;

CREATE TRIGGER file_ends_pairs AFTER UPDATE OF status ON file
WHEN OLD.pairs IS NOT NULL AND OLD.status = 'AVAILABLE' AND NEW.status <> 'AVAILABLE'
BEGIN
	DELETE FROM file_pair WHERE owner = OLD.owner AND position = OLD.position AND file_id = OLD.id
		AND (name, value) IN (SELECT key, value FROM json_each(OLD.pairs));
END;

CREATE TRIGGER file_leaves_pairs AFTER DELETE ON file
WHEN OLD.pairs IS NOT NULL AND OLD.status = 'AVAILABLE'
BEGIN
	DELETE FROM file_pair WHERE owner = OLD.owner AND position = OLD.position AND file_id = OLD.id
		AND (name, value) IN (SELECT key, value FROM json_each(OLD.pairs));
END;

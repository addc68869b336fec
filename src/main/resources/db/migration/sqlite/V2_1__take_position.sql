-- SQLite has one writer at a time, so files become visible in the order in which they take
-- their positions. The last one is kept in a row of its own: the file that has it may go.
CREATE TABLE last_position (
	position BIGINT NOT NULL
);

INSERT INTO last_position (position) VALUES (0);

CREATE TRIGGER file_takes_position AFTER UPDATE OF status ON file
WHEN NEW.status = 'AVAILABLE' AND OLD.status <> 'AVAILABLE'
BEGIN
	UPDATE last_position SET position = position + 1;
	UPDATE file SET position = (SELECT position FROM last_position) WHERE id = NEW.id;
END;

-- Each removal takes two that are a week old along, so nothing else has to.
CREATE TRIGGER file_leaves_position AFTER DELETE ON file
WHEN OLD.position > 0
BEGIN
	INSERT OR REPLACE INTO removed_file (id, owner, position, removed_at)
		VALUES (OLD.id, OLD.owner, OLD.position, unixepoch());
	DELETE FROM removed_file WHERE id IN (SELECT id FROM removed_file
		WHERE removed_at < unixepoch() - 604800 ORDER BY removed_at LIMIT 2);
END;

-- No server of the version before runs beside this one, so nobody lists by it any more.
DROP INDEX file_by_purpose;

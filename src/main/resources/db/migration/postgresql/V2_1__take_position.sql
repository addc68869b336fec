-- A trigger, so that files that a server of the version before completes take their places,
-- too. Transactions commit in another order than they take their positions. So each holds a
-- lock of its owner, shared with all others that complete, until it has ended, and a reader
-- waits for that lock: whatever is below the position that it then reads has ended.
CREATE SEQUENCE file_position;

CREATE FUNCTION file_takes_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.owner, 1));
	NEW.position := nextval('file_position');
	RETURN NEW;
END $$;

CREATE TRIGGER file_takes_position BEFORE UPDATE OF status ON file FOR EACH ROW
WHEN (NEW.status = 'AVAILABLE' AND OLD.status <> 'AVAILABLE')
EXECUTE FUNCTION file_takes_position();

CREATE FUNCTION file_position_settled(of_owner TEXT) RETURNS BIGINT LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended(of_owner, 1));
	RETURN (SELECT last_value FROM file_position);
END $$;

-- Each removal takes two that are a week old along, so nothing else has to.
CREATE FUNCTION file_leaves_position() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	moment BIGINT := extract(epoch FROM clock_timestamp());
BEGIN
	INSERT INTO removed_file (id, owner, position, removed_at) VALUES (OLD.id, OLD.owner, OLD.position, moment)
		ON CONFLICT DO NOTHING;
	DELETE FROM removed_file WHERE id IN (SELECT id FROM removed_file
		WHERE removed_at < moment - 604800 ORDER BY removed_at LIMIT 2 FOR UPDATE SKIP LOCKED);
	RETURN NULL;
END $$;

CREATE TRIGGER file_leaves_position AFTER DELETE ON file FOR EACH ROW
WHEN (OLD.position > 0)
EXECUTE FUNCTION file_leaves_position();

-- The pairs of available files, in the order of lists, by one index. Triggers keep it, so that
-- it is right whichever version changes a file. Texts are compared by their bytes, like ids.
CREATE TABLE file_pair (
	owner TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	value TEXT COLLATE "C" NOT NULL,
	position BIGINT NOT NULL,
	file_id TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (owner, name, value, position, file_id)
);

-- An owner's names and values are mostly its own. Without this, PostgreSQL takes a common pair
-- for a rare one, and sorts all its files to find the first.
CREATE STATISTICS file_pair_together (mcv) ON owner, name, value FROM file_pair;

CREATE FUNCTION file_lists_pairs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO file_pair (owner, name, value, position, file_id)
		SELECT NEW.owner, key, value, NEW.position, NEW.id FROM json_each_text(NEW.pairs::json);
	RETURN NULL;
END $$;

CREATE TRIGGER file_lists_pairs AFTER UPDATE OF status ON file FOR EACH ROW
WHEN (NEW.pairs IS NOT NULL AND NEW.status = 'AVAILABLE' AND OLD.status <> 'AVAILABLE')
EXECUTE FUNCTION file_lists_pairs();

CREATE FUNCTION file_ends_pairs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM file_pair p USING json_each_text(OLD.pairs::json) said
		WHERE p.owner = OLD.owner AND p.name = said.key AND p.value = said.value
			AND p.position = OLD.position AND p.file_id = OLD.id;
	RETURN NULL;
END $$;

CREATE TRIGGER file_ends_pairs AFTER UPDATE OF status ON file FOR EACH ROW
WHEN (OLD.pairs IS NOT NULL AND OLD.status = 'AVAILABLE' AND NEW.status <> 'AVAILABLE')
EXECUTE FUNCTION file_ends_pairs();

CREATE TRIGGER file_leaves_pairs AFTER DELETE ON file FOR EACH ROW
WHEN (OLD.pairs IS NOT NULL AND OLD.status = 'AVAILABLE')
EXECUTE FUNCTION file_ends_pairs();

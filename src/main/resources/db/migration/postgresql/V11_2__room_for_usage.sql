-- How much more a row of owner_usage may count without a look at the limits. What an owner's
-- rows count and may count is never more than the limits allow: a change of files moves room to
-- usage, or back, in one row. Only a transaction that has the owner's lock changes the sum of
-- both, so the sum that it sees is exact, whatever others are changing.
ALTER TABLE owner_usage
	ADD COLUMN room_files BIGINT NOT NULL DEFAULT 0,
	ADD COLUMN room_bytes BIGINT NOT NULL DEFAULT 0,
	-- the largest file that may use it; -1: none, the limits have to be looked at
	ADD COLUMN room_size BIGINT NOT NULL DEFAULT -1;

CREATE FUNCTION counted_files(status TEXT) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN status IN ('PENDING', 'AVAILABLE') THEN 1 ELSE 0 END::BIGINT
$$;

CREATE FUNCTION counted_bytes(status TEXT, bytes BIGINT, declared_bytes BIGINT) RETURNS BIGINT
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE status WHEN 'AVAILABLE' THEN bytes WHEN 'PENDING' THEN coalesce(declared_bytes, 0) ELSE 0 END
$$;

-- Counts where no row with room was free. One row gets an eighth of what is left, so that few
-- changes come here. Close to a limit, what other rows have left over is gathered.
CREATE FUNCTION usage_grows(whose TEXT, more_files BIGINT, more_bytes BIGINT, new_size BIGINT) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	may RECORD;
	has RECORD;
	rest RECORD;
BEGIN
	IF more_files <= 0 AND more_bytes <= 0 THEN
		INSERT INTO owner_usage (owner, stripe, files, bytes, room_files, room_bytes)
			VALUES (whose, floor(random() * 1000000000), more_files, more_bytes, -more_files, -more_bytes);
		RETURN;
	END IF;
	PERFORM pg_advisory_xact_lock(hashtextextended(whose, 3));
	SELECT coalesce(l.max_files, usual.max_files, 1000000000000000000) AS files,
			coalesce(l.max_bytes, usual.max_bytes, 1000000000000000000) AS bytes,
			coalesce(l.max_file_size, 1000000000000000000) AS size
		INTO may FROM usual_limit usual LEFT JOIN owner_limit l ON l.owner = whose FOR SHARE OF usual;
	IF more_bytes > 0 AND new_size > may.size THEN
		RAISE EXCEPTION 'beyond the size' USING ERRCODE = 'SW001';
	END IF;
	FOR attempt IN 1..2 LOOP
		SELECT may.files - coalesce(sum(files + room_files), 0) AS files,
				may.bytes - coalesce(sum(bytes + room_bytes), 0) AS bytes
			INTO rest FROM owner_usage WHERE owner = whose;
		EXIT WHEN (more_files <= 0 OR more_files <= rest.files) AND (more_bytes <= 0 OR more_bytes <= rest.bytes);
		IF attempt = 2 THEN
			RAISE EXCEPTION 'beyond the quota' USING ERRCODE = 'SW001';
		END IF;
		-- waits for the others
		UPDATE owner_usage SET room_files = 0, room_bytes = 0 WHERE owner = whose;
	END LOOP;
	SELECT stripe INTO has FROM owner_usage WHERE owner = whose LIMIT 1 FOR UPDATE SKIP LOCKED;
	INSERT INTO owner_usage AS known (owner, stripe, files, bytes, room_files, room_bytes, room_size)
		VALUES (whose, coalesce(has.stripe, floor(random() * 1000000000)), more_files, more_bytes,
			greatest(rest.files - more_files, 0) / 8, greatest(rest.bytes - more_bytes, 0) / 8,
			-- an owner may have more than the limits allow, if they were lowered
			CASE WHEN rest.files >= more_files AND rest.bytes >= more_bytes THEN may.size ELSE -1 END)
		ON CONFLICT (owner, stripe) DO UPDATE SET files = known.files + excluded.files,
			bytes = known.bytes + excluded.bytes, room_files = known.room_files + excluded.room_files,
			room_bytes = known.room_bytes + excluded.room_bytes, room_size = excluded.room_size;
END $$;

-- Counts in any row with room that no other transaction is changing. If the row has lost its
-- room before it is locked, it is unlocked again: the transaction that has the owner's lock may
-- wait for this row, and this one waits for that lock next. For the same reason a transaction
-- may add for an owner only once.
CREATE OR REPLACE FUNCTION file_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	whose TEXT := coalesce(NEW.owner, OLD.owner);
	new_size BIGINT := counted_bytes(NEW.status, NEW.bytes, NEW.declared_bytes);
	more_files BIGINT := counted_files(NEW.status) - counted_files(OLD.status);
	more_bytes BIGINT := new_size - counted_bytes(OLD.status, OLD.bytes, OLD.declared_bytes);
	known RECORD;
BEGIN
	IF more_files = 0 AND more_bytes = 0 THEN
		RETURN NULL;
	END IF;
	BEGIN
		SELECT stripe INTO known FROM owner_usage
			WHERE owner = whose AND ((more_files <= 0 AND more_bytes <= 0)
				OR (room_size >= new_size AND room_files >= more_files AND room_bytes >= more_bytes))
			LIMIT 1 FOR UPDATE SKIP LOCKED;
		UPDATE owner_usage SET files = files + more_files, bytes = bytes + more_bytes,
				room_files = room_files - more_files, room_bytes = room_bytes - more_bytes
			WHERE owner = whose AND stripe = known.stripe;
		IF FOUND THEN
			RETURN NULL;
		END IF;
		RAISE EXCEPTION 'no room' USING ERRCODE = 'SW002';
	EXCEPTION WHEN SQLSTATE 'SW002' THEN
	END;
	PERFORM usage_grows(whose, more_files, more_bytes, new_size);
	RETURN NULL;
END $$;

DROP FUNCTION owner_may_have(TEXT, BIGINT, BIGINT, BIGINT), limits_of(TEXT);

-- Takes all room from the rows of an owner, so that its limits are looked at again.
CREATE FUNCTION end_room(whose TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended(whose, 3));
	UPDATE owner_usage SET room_files = 0, room_bytes = 0, room_size = -1 WHERE owner = whose;
END $$;

CREATE FUNCTION limit_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_TABLE_NAME = 'owner_limit' THEN
		PERFORM end_room(coalesce(NEW.owner, OLD.owner));
	ELSE
		UPDATE owner_usage SET room_files = 0, room_bytes = 0, room_size = -1 WHERE room_size >= 0;
	END IF;
	RETURN NULL;
END $$;

CREATE TRIGGER limit_changes AFTER INSERT OR UPDATE OF max_files, max_bytes, max_file_size OR DELETE ON owner_limit
FOR EACH ROW EXECUTE FUNCTION limit_changes();

CREATE TRIGGER limit_changes AFTER UPDATE ON usual_limit FOR EACH ROW EXECUTE FUNCTION limit_changes();

-- Its rows are changed several times for each file, and find room in their page.
ALTER TABLE owner_usage SET (fillfactor = 50);

CREATE FUNCTION limits_of(whose TEXT, OUT files BIGINT, OUT bytes BIGINT, OUT size BIGINT) LANGUAGE sql AS $$
	SELECT coalesce(l.max_files, usual.max_files), coalesce(l.max_bytes, usual.max_bytes), l.max_file_size
	FROM usual_limit usual LEFT JOIN owner_limit l ON l.owner = whose
$$;

-- Refuses what would be beyond a limit of the owner. Other transactions may be adding to what
-- the owner has, and cannot be seen. While all of them together would not reach the limit, they
-- share a lock. Close to the limit, or for a large file, a transaction has the lock alone, so
-- all others have ended, and what it compares is exact. One that changes the limits has it
-- alone, too.
CREATE FUNCTION owner_may_have(whose TEXT, more_files BIGINT, more_bytes BIGINT, new_size BIGINT) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	others BIGINT := current_setting('max_connections');
	may RECORD;
	has RECORD;
BEGIN
	BEGIN
		PERFORM pg_advisory_xact_lock_shared(hashtextextended(whose, 3));
		SELECT * INTO may FROM limits_of(whose);
		IF may.files IS NULL AND may.bytes IS NULL AND may.size IS NULL THEN
			RETURN;
		END IF;
		IF more_bytes <= coalesce(may.bytes / 10 / others, more_bytes) AND new_size <= coalesce(may.size, new_size) THEN
			SELECT coalesce(sum(files), 0) AS files, coalesce(sum(bytes), 0) AS bytes INTO has
				FROM owner_usage WHERE owner = whose;
			IF has.files + others <= coalesce(may.files, has.files + others)
					AND has.bytes + coalesce(may.bytes / 10, 0) <= coalesce(may.bytes, has.bytes) THEN
				RETURN;
			END IF;
		END IF;
		-- gives the lock back
		RAISE EXCEPTION 'close to a limit' USING ERRCODE = 'SW002';
	EXCEPTION WHEN SQLSTATE 'SW002' THEN
	END;
	PERFORM pg_advisory_xact_lock(hashtextextended(whose, 3));
	SELECT * INTO may FROM limits_of(whose);
	IF more_bytes > 0 AND new_size > may.size THEN
		RAISE EXCEPTION 'beyond the size' USING ERRCODE = 'SW001';
	END IF;
	SELECT coalesce(sum(files), 0) + more_files AS files, coalesce(sum(bytes), 0) + more_bytes AS bytes INTO has
		FROM owner_usage WHERE owner = whose;
	IF (more_files > 0 AND has.files > may.files) OR (more_bytes > 0 AND has.bytes > may.bytes) THEN
		RAISE EXCEPTION 'beyond the quota' USING ERRCODE = 'SW001';
	END IF;
END $$;

CREATE FUNCTION file_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	whose TEXT;
	new_bytes BIGINT := 0;
	more_files BIGINT := 0;
	more_bytes BIGINT;
BEGIN
	IF TG_OP <> 'DELETE' THEN
		whose := NEW.owner;
		more_files := CASE WHEN NEW.status IN ('PENDING', 'AVAILABLE') THEN 1 ELSE 0 END;
		new_bytes := CASE NEW.status WHEN 'AVAILABLE' THEN NEW.bytes WHEN 'PENDING' THEN coalesce(NEW.declared_bytes, 0)
			ELSE 0 END;
	END IF;
	more_bytes := new_bytes;
	IF TG_OP <> 'INSERT' THEN
		whose := OLD.owner;
		more_files := more_files - CASE WHEN OLD.status IN ('PENDING', 'AVAILABLE') THEN 1 ELSE 0 END;
		more_bytes := more_bytes - CASE OLD.status WHEN 'AVAILABLE' THEN OLD.bytes
			WHEN 'PENDING' THEN coalesce(OLD.declared_bytes, 0) ELSE 0 END;
	END IF;
	IF more_files = 0 AND more_bytes = 0 THEN
		RETURN NULL;
	END IF;
	IF more_files > 0 OR more_bytes > 0 THEN
		PERFORM owner_may_have(whose, more_files, more_bytes, new_bytes);
	END IF;
	-- any row of the owner that no other transaction is changing, or one more
	LOOP
		UPDATE owner_usage SET files = files + more_files, bytes = bytes + more_bytes
			WHERE owner = whose AND stripe = (SELECT stripe FROM owner_usage WHERE owner = whose
				LIMIT 1 FOR UPDATE SKIP LOCKED);
		EXIT WHEN FOUND;
		INSERT INTO owner_usage (owner, stripe, files, bytes)
			VALUES (whose, floor(random() * 1000000000), more_files, more_bytes) ON CONFLICT DO NOTHING;
		EXIT WHEN FOUND;
	END LOOP;
	RETURN NULL;
END $$;

CREATE TRIGGER file_counts AFTER INSERT OR DELETE OR UPDATE OF status, bytes, declared_bytes ON file
FOR EACH ROW EXECUTE FUNCTION file_counts();

-- Nobody changes files until this is committed, because the trigger was created.
INSERT INTO owner_usage (owner, files, bytes)
SELECT owner, count(*), sum(CASE status WHEN 'AVAILABLE' THEN bytes ELSE coalesce(declared_bytes, 0) END)
FROM file WHERE status IN ('PENDING', 'AVAILABLE') GROUP BY owner;

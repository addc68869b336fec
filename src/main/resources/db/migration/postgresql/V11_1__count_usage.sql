-- The row of an owner is changed several times for each file, and finds room in its page.
ALTER TABLE owner_usage SET (fillfactor = 50);

-- Refuses what would be beyond a limit of the owner. Two transactions of an owner wait for each
-- other from here to their commit, so what is compared is exact.
CREATE FUNCTION file_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	whose TEXT;
	new_files BIGINT := 0;
	new_bytes BIGINT := 0;
	old_bytes BIGINT := 0;
	more_files BIGINT;
	more_bytes BIGINT;
	has RECORD;
	may RECORD;
BEGIN
	IF TG_OP <> 'DELETE' THEN
		whose := NEW.owner;
		new_files := CASE WHEN NEW.status IN ('PENDING', 'AVAILABLE') THEN 1 ELSE 0 END;
		new_bytes := CASE NEW.status WHEN 'AVAILABLE' THEN NEW.bytes WHEN 'PENDING' THEN coalesce(NEW.declared_bytes, 0)
			ELSE 0 END;
	END IF;
	more_files := new_files;
	IF TG_OP <> 'INSERT' THEN
		whose := OLD.owner;
		more_files := new_files - CASE WHEN OLD.status IN ('PENDING', 'AVAILABLE') THEN 1 ELSE 0 END;
		old_bytes := CASE OLD.status WHEN 'AVAILABLE' THEN OLD.bytes WHEN 'PENDING' THEN coalesce(OLD.declared_bytes, 0)
			ELSE 0 END;
	END IF;
	more_bytes := new_bytes - old_bytes;
	IF more_files = 0 AND more_bytes = 0 THEN
		RETURN NULL;
	END IF;
	INSERT INTO owner_usage AS u (owner, files, bytes) VALUES (whose, more_files, more_bytes)
		ON CONFLICT (owner) DO UPDATE SET files = u.files + more_files, bytes = u.bytes + more_bytes
		RETURNING u.files, u.bytes INTO has;
	IF more_files > 0 OR more_bytes > 0 THEN
		SELECT coalesce(l.max_files, usual.max_files) AS files, coalesce(l.max_bytes, usual.max_bytes) AS bytes,
			l.max_file_size AS size INTO may
			FROM usual_limit usual LEFT JOIN owner_limit l ON l.owner = whose;
		IF more_bytes > 0 AND new_bytes > may.size THEN
			RAISE EXCEPTION 'beyond the size' USING ERRCODE = 'SW001';
		END IF;
		IF (more_files > 0 AND has.files > may.files) OR (more_bytes > 0 AND has.bytes > may.bytes) THEN
			RAISE EXCEPTION 'beyond the quota' USING ERRCODE = 'SW001';
		END IF;
	END IF;
	RETURN NULL;
END $$;

CREATE TRIGGER file_counts AFTER INSERT OR DELETE OR UPDATE OF status, bytes, declared_bytes ON file
FOR EACH ROW EXECUTE FUNCTION file_counts();

-- Nobody changes files until this is committed, because the trigger was created.
INSERT INTO owner_usage (owner, files, bytes)
SELECT owner, count(*), sum(CASE status WHEN 'AVAILABLE' THEN bytes ELSE coalesce(declared_bytes, 0) END)
FROM file WHERE status IN ('PENDING', 'AVAILABLE') GROUP BY owner;

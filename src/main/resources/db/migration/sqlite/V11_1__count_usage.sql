-- Triggers refuse what would be beyond a limit of the owner. SQLite has one writer at a time, so
-- what is compared is exact.
CREATE TRIGGER file_counts_new AFTER INSERT ON file
WHEN NEW.status IN ('PENDING', 'AVAILABLE')
BEGIN
	INSERT INTO owner_usage (owner, files, bytes)
		VALUES (NEW.owner, 1, CASE NEW.status WHEN 'AVAILABLE' THEN NEW.bytes ELSE coalesce(NEW.declared_bytes, 0) END)
		ON CONFLICT (owner, stripe) DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes;
	SELECT RAISE(ABORT, 'beyond the size') FROM owner_limit
		WHERE owner = NEW.owner AND coalesce(NEW.declared_bytes, 0) > max_file_size;
	SELECT RAISE(ABORT, 'beyond the quota') FROM owner_usage u
		JOIN usual_limit usual LEFT JOIN owner_limit l ON l.owner = u.owner
		WHERE u.owner = NEW.owner AND (u.files > coalesce(l.max_files, usual.max_files)
			OR coalesce(NEW.declared_bytes, 0) > 0 AND u.bytes > coalesce(l.max_bytes, usual.max_bytes));
END;

CREATE TRIGGER file_counts_change AFTER UPDATE OF status, bytes, declared_bytes ON file
WHEN OLD.status IN ('PENDING', 'AVAILABLE')
BEGIN
	UPDATE owner_usage SET files = files - CASE WHEN NEW.status IN ('PENDING', 'AVAILABLE') THEN 0 ELSE 1 END,
		bytes = bytes - CASE OLD.status WHEN 'AVAILABLE' THEN OLD.bytes ELSE coalesce(OLD.declared_bytes, 0) END
			+ CASE NEW.status WHEN 'AVAILABLE' THEN NEW.bytes WHEN 'PENDING' THEN coalesce(NEW.declared_bytes, 0) ELSE 0 END
		WHERE owner = NEW.owner;
	SELECT RAISE(ABORT, 'beyond the size')
		FROM (SELECT CASE OLD.status WHEN 'AVAILABLE' THEN OLD.bytes ELSE coalesce(OLD.declared_bytes, 0) END AS before,
			CASE NEW.status WHEN 'AVAILABLE' THEN NEW.bytes WHEN 'PENDING' THEN coalesce(NEW.declared_bytes, 0) ELSE 0 END AS after)
		JOIN owner_limit l ON l.owner = NEW.owner
		WHERE after > before AND after > l.max_file_size;
	SELECT RAISE(ABORT, 'beyond the quota')
		FROM (SELECT CASE OLD.status WHEN 'AVAILABLE' THEN OLD.bytes ELSE coalesce(OLD.declared_bytes, 0) END AS before,
			CASE NEW.status WHEN 'AVAILABLE' THEN NEW.bytes WHEN 'PENDING' THEN coalesce(NEW.declared_bytes, 0) ELSE 0 END AS after)
		JOIN owner_usage u ON u.owner = NEW.owner
		JOIN usual_limit usual LEFT JOIN owner_limit l ON l.owner = NEW.owner
		WHERE after > before AND u.bytes > coalesce(l.max_bytes, usual.max_bytes);
END;

CREATE TRIGGER file_counts_gone AFTER DELETE ON file
WHEN OLD.status IN ('PENDING', 'AVAILABLE')
BEGIN
	UPDATE owner_usage SET files = files - 1,
		bytes = bytes - CASE OLD.status WHEN 'AVAILABLE' THEN OLD.bytes ELSE coalesce(OLD.declared_bytes, 0) END
		WHERE owner = OLD.owner;
END;

INSERT INTO owner_usage (owner, files, bytes)
SELECT owner, count(*), sum(CASE status WHEN 'AVAILABLE' THEN bytes ELSE coalesce(declared_bytes, 0) END)
FROM file WHERE status IN ('PENDING', 'AVAILABLE') GROUP BY owner;

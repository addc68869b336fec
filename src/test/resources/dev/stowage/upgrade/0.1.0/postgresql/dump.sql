SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.counted_bytes(status text, bytes bigint, declared_bytes bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$
	SELECT CASE status WHEN 'AVAILABLE' THEN bytes WHEN 'PENDING' THEN coalesce(declared_bytes, 0) ELSE 0 END
$$;
CREATE FUNCTION public.counted_files(status text) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$
	SELECT CASE WHEN status IN ('PENDING', 'AVAILABLE') THEN 1 ELSE 0 END::BIGINT
$$;
CREATE FUNCTION public.end_room(whose text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended(whose, 3));
	UPDATE owner_usage SET room_files = 0, room_bytes = 0, room_size = -1 WHERE owner = whose;
END $$;
CREATE FUNCTION public.file_counts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION public.file_ends_pairs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
	DELETE FROM file_pair p USING json_each_text(OLD.pairs::json) said
		WHERE p.owner = OLD.owner AND p.name = said.key AND p.value = said.value
			AND p.position = OLD.position AND p.file_id = OLD.id;
	RETURN NULL;
END $$;
CREATE FUNCTION public.file_has_event() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
	INSERT INTO event (id, type, file_id, owner, filename, purpose, bytes, file_created_at, file_expires_at, happened_at)
		SELECT 'evt_' || replace(gen_random_uuid()::TEXT, '-', ''),
			CASE WHEN NEW.status = 'AVAILABLE' THEN 'file.created' WHEN NEW.sweep_at >= NEW.expires_at THEN 'file.expired'
				ELSE 'file.deleted' END,
			NEW.id, NEW.owner, NEW.filename, NEW.purpose, NEW.bytes, NEW.created_at, NEW.expires_at,
			floor(extract(epoch FROM clock_timestamp()))::BIGINT
		FROM events_wanted;
	RETURN NULL;
END $$;
CREATE FUNCTION public.file_leaves_position() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
	moment BIGINT := extract(epoch FROM clock_timestamp());
BEGIN
	INSERT INTO removed_file (id, owner, position, removed_at) VALUES (OLD.id, OLD.owner, OLD.position, moment)
		ON CONFLICT DO NOTHING;
	DELETE FROM removed_file WHERE id IN (SELECT id FROM removed_file
		WHERE removed_at < moment - 604800 ORDER BY removed_at LIMIT 2 FOR UPDATE SKIP LOCKED);
	RETURN NULL;
END $$;
CREATE FUNCTION public.file_lists_pairs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
	INSERT INTO file_pair (owner, name, value, position, file_id)
		SELECT NEW.owner, key, value, NEW.position, NEW.id FROM json_each_text(NEW.pairs::json);
	RETURN NULL;
END $$;
CREATE FUNCTION public.file_position_settled(of_owner text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended(of_owner, 1));
	RETURN (SELECT last_value FROM file_position);
END $$;
CREATE FUNCTION public.file_takes_position() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
	PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.owner, 1));
	NEW.position := nextval('file_position');
	RETURN NEW;
END $$;
CREATE FUNCTION public.limit_changes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
	IF TG_TABLE_NAME = 'owner_limit' THEN
		PERFORM end_room(coalesce(NEW.owner, OLD.owner));
	ELSE
		UPDATE owner_usage SET room_files = 0, room_bytes = 0, room_size = -1 WHERE room_size >= 0;
	END IF;
	RETURN NULL;
END $$;
CREATE FUNCTION public.usage_grows(whose text, more_files bigint, more_bytes bigint, new_size bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.api_key (
    owner text NOT NULL,
    sha256 text NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.appended_part (
    file_id text NOT NULL,
    number integer NOT NULL,
    etag text NOT NULL,
    bytes bigint NOT NULL,
    crc32c bigint NOT NULL
);
CREATE TABLE public.appended_upload (
    file_id text NOT NULL,
    metadata text,
    writer integer DEFAULT 0 NOT NULL,
    beats integer DEFAULT 0 NOT NULL,
    store_upload text,
    parts integer DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    crc32c bigint DEFAULT 0 NOT NULL,
    rest integer DEFAULT 0 NOT NULL,
    rest_bytes bigint DEFAULT 0 NOT NULL,
    rest_crc32c bigint DEFAULT 0 NOT NULL
);
CREATE TABLE public.event (
    seq bigint NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    file_id text NOT NULL,
    owner text NOT NULL,
    filename text,
    purpose text,
    bytes bigint NOT NULL,
    file_created_at bigint NOT NULL,
    file_expires_at bigint,
    happened_at bigint NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at bigint DEFAULT 0 NOT NULL
);
ALTER TABLE public.event ALTER COLUMN seq ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.event_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.events_wanted (
    one integer NOT NULL,
    CONSTRAINT events_wanted_one_check CHECK ((one = 1))
);
CREATE TABLE public.file (
    id text NOT NULL COLLATE pg_catalog."C",
    owner text NOT NULL,
    style text NOT NULL,
    status text NOT NULL,
    purpose text,
    filename text,
    bytes bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    object_key text NOT NULL,
    copies integer NOT NULL,
    upload_ends_at bigint,
    sweep_at bigint,
    "position" bigint DEFAULT 0 NOT NULL,
    pending_slot integer,
    completing_until bigint,
    refused_etag text,
    refusal text,
    crc32c bigint,
    sweep_attempts integer DEFAULT 0 NOT NULL,
    content_type text,
    declared_bytes bigint,
    upload_expires_at bigint,
    parts integer DEFAULT 0 NOT NULL,
    parts_failed integer DEFAULT 0 NOT NULL,
    cancelled_at bigint,
    completed_list text,
    parts_removed integer DEFAULT 0 NOT NULL,
    pairs text
);
CREATE TABLE public.file_pair (
    owner text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    file_id text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.file_position
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.flyway_schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
CREATE TABLE public.idempotency_key (
    owner text NOT NULL,
    key text NOT NULL,
    file_id text NOT NULL COLLATE pg_catalog."C",
    style text NOT NULL,
    expires_at bigint NOT NULL,
    purpose text,
    filename text,
    bytes bigint,
    lifetime bigint,
    crc32c bigint,
    content_type text,
    created_at bigint,
    file_expires_at bigint,
    pairs text
)
WITH (fillfactor='50');
CREATE TABLE public.keys_configured (
    one integer NOT NULL,
    since bigint NOT NULL,
    CONSTRAINT keys_configured_one_check CHECK ((one = 1))
);
CREATE TABLE public.managed_key (
    id text NOT NULL,
    owner text NOT NULL,
    account text,
    name text NOT NULL,
    sha256 text NOT NULL,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint
);
CREATE TABLE public.owner (
    name text NOT NULL,
    title text NOT NULL,
    created_at bigint NOT NULL,
    archived_at bigint
);
CREATE TABLE public.owner_limit (
    owner text NOT NULL,
    max_files bigint,
    max_bytes bigint,
    max_file_size bigint,
    requests_per_minute integer,
    uploads_at_once integer,
    changed_at bigint NOT NULL
);
CREATE TABLE public.owner_usage (
    owner text NOT NULL,
    stripe integer DEFAULT 0 NOT NULL,
    files bigint NOT NULL,
    bytes bigint NOT NULL,
    room_files bigint DEFAULT 0 NOT NULL,
    room_bytes bigint DEFAULT 0 NOT NULL,
    room_size bigint DEFAULT '-1'::integer NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE public.removed_file (
    id text NOT NULL,
    owner text NOT NULL,
    "position" bigint NOT NULL,
    removed_at bigint NOT NULL
);
CREATE TABLE public.service_account (
    id text NOT NULL,
    owner text NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.staging_search (
    due_at bigint NOT NULL,
    "position" text NOT NULL
);
CREATE TABLE public.store_identity (
    one integer NOT NULL,
    id text NOT NULL,
    word text NOT NULL,
    next_word text,
    previous_word text,
    written_at bigint,
    CONSTRAINT store_identity_one_check CHECK ((one = 1))
);
CREATE TABLE public.upload_part (
    id text NOT NULL,
    file_id text NOT NULL,
    number integer NOT NULL,
    object_key text NOT NULL,
    created_at bigint NOT NULL,
    bytes bigint,
    crc32c bigint
);
CREATE TABLE public.usual_limit (
    one integer NOT NULL,
    max_files bigint,
    max_bytes bigint,
    CONSTRAINT usual_limit_one_check CHECK ((one = 1))
);
INSERT INTO public.appended_upload VALUES ('file-0VcVCxZOiRGFpB8ewWD2rILHU9ZiKW', NULL, 0, 0, NULL, 0, 0, 0, 1, 5, 1873091992);
INSERT INTO public.file VALUES ('file-0VcVCvQ1xk9IWr34GsddCNxs9VLK4b', 'alice', 'MULTIPART', 'AVAILABLE', 'BATCH', 'requests.jsonl', 31, 1796081497, 1798673497, 'files/file-0VcVCvQ1xk9IWr34GsddCNxs9VLK4b', 0, NULL, 1798673497, 1, NULL, NULL, NULL, NULL, 245419496, 0, 'application/octet-stream', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCvWuLGIrad7e4s03Bc81eDU7cy', 'alice', 'MULTIPART', 'AVAILABLE', 'USER_DATA', 'Übersicht – 日本.txt', 8, 1796081498, NULL, 'files/file-0VcVCvWuLGIrad7e4s03Bc81eDU7cy', 0, NULL, NULL, 2, NULL, NULL, NULL, NULL, 70021954, 0, 'text/plain', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCvaQzRTkAgpVu5151Og1lLfXx5', 'alice', 'MULTIPART', 'AVAILABLE', 'FINE_TUNE', 'training.jsonl', 17, 1796081498, NULL, 'files/file-0VcVCvaQzRTkAgpVu5151Og1lLfXx5', 0, NULL, NULL, 3, NULL, NULL, NULL, NULL, 2429376105, 0, 'application/octet-stream', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCvdNn5OYsLhDDr0ZO01Q0cAvsP', 'alice', 'MULTIPART', 'AVAILABLE', 'ASSISTANTS', 'an hour.txt', 7, 1796081498, 1796085098, 'files/file-0VcVCvdNn5OYsLhDDr0ZO01Q0cAvsP', 0, NULL, 1796085098, 4, NULL, NULL, NULL, NULL, 2674111941, 0, 'text/plain', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCviIhjWA790vIVPEXE4dofiA44', 'alice', 'MULTIPART', 'AVAILABLE', 'VISION', 'a month.png', 9, 1796081498, 1798673498, 'files/file-0VcVCviIhjWA790vIVPEXE4dofiA44', 0, NULL, 1798673498, 5, NULL, NULL, NULL, NULL, 4015665857, 0, 'image/png', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCvmSiAQAQ0CiQzQq47gBhjEQxr', 'alice', 'MULTIPART', 'AVAILABLE', 'EVALS', 'a century.jsonl', 3, 1796081499, 4949681499, 'files/file-0VcVCvmSiAQAQ0CiQzQq47gBhjEQxr', 0, NULL, 4949681499, 6, NULL, NULL, NULL, NULL, 4028603687, 0, 'application/octet-stream', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCvxYxCxVg2tF6B7dnYFfUqZcjX', 'alice', 'MULTIPART', 'AVAILABLE', 'USER_DATA', '6 MiB.bin', 6291456, 1796081500, NULL, 'files/file-0VcVCvxYxCxVg2tF6B7dnYFfUqZcjX', 0, NULL, NULL, 8, NULL, NULL, NULL, NULL, 2120864700, 0, 'application/octet-stream', 1335090, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCwBUmIZUj0LwbSl5kI0x5I98Qn', 'bob', 'MULTIPART', 'AVAILABLE', 'USER_DATA', 'bob''s.txt', 5, 1796081500, NULL, 'files/file-0VcVCwBUmIZUj0LwbSl5kI0x5I98Qn', 0, NULL, NULL, 9, NULL, NULL, NULL, NULL, 2215527082, 0, 'text/plain', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCwdSdCU8ILi1URcc6JEBInQBg8', 'alice', 'PRESIGNED', 'PENDING', 'CONTEXT', 'refused.json', 0, 1796081502, 1798673502, 'staging/file-0VcVCwdSdCU8ILi1URcc6JEBInQBg8', 0, 1796085702, 1796085702, 0, 4364, NULL, '7c1f7bb3f8bee22bcdd6e8ae693ebb2e', 'The file is not valid JSON: line 1, column 2: expected ''u'' of null but found ''o''', NULL, 0, 'application/json', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCvqN5FIdTofPkXZqgIdITXX4lS', 'alice', 'MULTIPART', 'DELETING', 'USER_DATA', 'deleted.txt', 7, 1796081499, NULL, 'files/file-0VcVCvqN5FIdTofPkXZqgIdITXX4lS', 0, NULL, 1796081503, 7, NULL, NULL, NULL, NULL, 4019059201, 0, 'text/plain', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCvDUBzlKgucfXHYvTFCAI3NKFA', 'alice', 'PRESIGNED', 'AVAILABLE', 'CONTEXT', 'completed.json', 19, 1796081497, 1798673497, 'files/file-0VcVCvDUBzlKgucfXHYvTFCAI3NKFA.1', 1, 1796085697, 1796081501, 10, 157, 1796081561, NULL, NULL, 4088833705, 0, 'application/json', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCx4HFb6H8S00CPX7eTXyKJUO4p', 'proj_bb1b046b4224a2a099180eac', 'MULTIPART', 'AVAILABLE', 'USER_DATA', 'carol''s.txt', 7, 1796081504, 1798673504, 'files/file-0VcVCx4HFb6H8S00CPX7eTXyKJUO4p', 0, NULL, 1798673504, 12, NULL, NULL, NULL, NULL, 2276007955, 0, 'text/plain', 0, NULL, 0, 0, NULL, NULL, 0, '{"team":"blue"}');
INSERT INTO public.file VALUES ('file-0VcVCwR2USJbkQ8gYPICwQZivs96PO', 'bob', 'PRESIGNED', 'AVAILABLE', 'CONTEXT', 'bob''s.json', 6, 1796081501, 1798673501, 'files/file-0VcVCwR2USJbkQ8gYPICwQZivs96PO.1', 1, 1796085701, 1796081502, 11, 4173, 1796081561, NULL, NULL, 1392670293, 0, 'application/json', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCwXyNBOS8OGB2YVMfoQh5eWhga', 'alice', 'PRESIGNED', 'PENDING', 'CONTEXT', 'granted.json', 0, 1796081502, 1798673502, 'staging/file-0VcVCwXyNBOS8OGB2YVMfoQh5eWhga', 0, 1796085702, 1796085702, 0, 6980, NULL, NULL, NULL, NULL, 0, 'application/json', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCwZPrB0SoUvx55b4ZNttn9tacy', 'alice', 'PRESIGNED', 'PENDING', 'CONTEXT', 'sent.json', 0, 1796081502, 1798673502, 'staging/file-0VcVCwZPrB0SoUvx55b4ZNttn9tacy', 0, 1796085702, 1796085702, 0, 2747, NULL, NULL, NULL, NULL, 0, 'application/json', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCxK76vgwoRi5Sq37YH70MPirlZ', 'alice', 'PARTS', 'PENDING', 'USER_DATA', 'parts.txt', 0, 1796081505, NULL, 'files/file-0VcVCxK76vgwoRi5Sq37YH70MPirlZ.1', 0, 1796171505, 1796085105, 0, 5538, NULL, NULL, NULL, NULL, 0, 'text/plain', 10, 1796085105, 1, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCxZOiRGFpB8ewWD2rILHU9ZiKW', 'alice', 'APPENDED', 'PENDING', 'USER_DATA', 'upload', 0, 1796081506, NULL, 'files/file-0VcVCxZOiRGFpB8ewWD2rILHU9ZiKW.1', 1, 1796254306, 1796167906, 0, 6274, NULL, NULL, NULL, NULL, 0, 'application/octet-stream', 10, 1796167906, 1, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file VALUES ('file-0VcVCxg2fS5wqVMxRyBzrRfaBDO2rn', 'alice', 'MULTIPART', 'AVAILABLE', 'USER_DATA', 'once.txt', 4, 1796081506, NULL, 'files/file-0VcVCxg2fS5wqVMxRyBzrRfaBDO2rn', 0, NULL, NULL, 13, NULL, NULL, NULL, NULL, 4096615033, 0, 'text/plain', 0, NULL, 0, 0, NULL, NULL, 0, NULL);
INSERT INTO public.file_pair VALUES ('proj_bb1b046b4224a2a099180eac', 'team', 'blue', 12, 'file-0VcVCx4HFb6H8S00CPX7eTXyKJUO4p');
INSERT INTO public.flyway_schema_history VALUES (1, '1', 'file', 'SQL', 'V1__file.sql', -765690215, 'postgres', '2026-11-30 23:30:53.860339', 182, true);
INSERT INTO public.flyway_schema_history VALUES (2, '1.1', 'byte order', 'SQL', 'V1_1__byte_order.sql', 677414528, 'postgres', '2026-11-30 23:30:54.319467', 87, true);
INSERT INTO public.flyway_schema_history VALUES (3, '1.2', 'no order by id alone', 'SQL', 'V1_2__no_order_by_id_alone.sql', 209224710, 'postgres', '2026-11-30 23:30:54.590226', 59, true);
INSERT INTO public.flyway_schema_history VALUES (4, '2', 'finish order', 'SQL', 'V2__finish_order.sql', -587601113, 'postgres', '2026-11-30 23:30:54.730543', 237, true);
INSERT INTO public.flyway_schema_history VALUES (5, '2.1', 'take position', 'SQL', 'V2_1__take_position.sql', -719874532, 'postgres', '2026-11-30 23:30:55.0642', 107, true);
INSERT INTO public.flyway_schema_history VALUES (6, '3', 'checksum', 'SQL', 'V3__checksum.sql', -511926105, 'postgres', '2026-11-30 23:30:55.286805', 48, true);
INSERT INTO public.flyway_schema_history VALUES (7, '4', 'store identity', 'SQL', 'V4__store_identity.sql', -1938882888, 'postgres', '2026-11-30 23:30:55.421309', 125, true);
INSERT INTO public.flyway_schema_history VALUES (8, '5', 'sweep', 'SQL', 'V5__sweep.sql', -1701711240, 'postgres', '2026-11-30 23:30:55.637317', 112, true);
INSERT INTO public.flyway_schema_history VALUES (9, '6', 'content type', 'SQL', 'V6__content_type.sql', 1013877221, 'postgres', '2026-11-30 23:30:55.817747', 88, true);
INSERT INTO public.flyway_schema_history VALUES (10, '7', 'upload parts', 'SQL', 'V7__upload_parts.sql', 55195566, 'postgres', '2026-11-30 23:30:55.980183', 78, true);
INSERT INTO public.flyway_schema_history VALUES (11, '8', 'idempotency', 'SQL', 'V8__idempotency.sql', 1409573648, 'postgres', '2026-11-30 23:30:56.109354', 29, true);
INSERT INTO public.flyway_schema_history VALUES (12, '8.1', 'idempotency', 'SQL', 'V8_1__idempotency.sql', 1735071026, 'postgres', '2026-11-30 23:30:56.169584', 11, true);
INSERT INTO public.flyway_schema_history VALUES (13, '9', 'appended uploads', 'SQL', 'V9__appended_uploads.sql', 1812977384, 'postgres', '2026-11-30 23:30:56.208129', 44, true);
INSERT INTO public.flyway_schema_history VALUES (14, '10', 'keys', 'SQL', 'V10__keys.sql', 160450546, 'postgres', '2026-11-30 23:30:56.274219', 87, true);
INSERT INTO public.flyway_schema_history VALUES (15, '11', 'quota', 'SQL', 'V11__quota.sql', 421705431, 'postgres', '2026-11-30 23:30:56.389363', 100, true);
INSERT INTO public.flyway_schema_history VALUES (16, '11.1', 'count usage', 'SQL', 'V11_1__count_usage.sql', -1596603341, 'postgres', '2026-11-30 23:30:56.557765', 113, true);
INSERT INTO public.flyway_schema_history VALUES (17, '11.2', 'room for usage', 'SQL', 'V11_2__room_for_usage.sql', -2017745428, 'postgres', '2026-11-30 23:30:56.777301', 113, true);
INSERT INTO public.flyway_schema_history VALUES (18, '12', 'metadata', 'SQL', 'V12__metadata.sql', 1453188329, 'postgres', '2026-11-30 23:30:56.978723', 17, true);
INSERT INTO public.flyway_schema_history VALUES (19, '12.1', 'list by pairs', 'SQL', 'V12_1__list_by_pairs.sql', -784726124, 'postgres', '2026-11-30 23:30:57.067588', 74, true);
INSERT INTO public.flyway_schema_history VALUES (20, '13', 'events', 'SQL', 'V13__events.sql', -455341041, 'postgres', '2026-11-30 23:30:57.176503', 87, true);
INSERT INTO public.flyway_schema_history VALUES (21, '13.1', 'record events', 'SQL', 'V13_1__record_events.sql', -1645514427, 'postgres', '2026-11-30 23:30:57.442434', 44, true);
INSERT INTO public.idempotency_key VALUES ('alice', 'once', 'file-0VcVCxg2fS5wqVMxRyBzrRfaBDO2rn', 'MULTIPART', 1796167906, 'USER_DATA', 'once.txt', 4, NULL, 4096615033, 'text/plain', 1796081506, NULL, NULL);
INSERT INTO public.keys_configured VALUES (1, 1796081484);
INSERT INTO public.managed_key VALUES ('l2Oq9Qlusoyf', 'proj_bb1b046b4224a2a099180eac', 'svc_acct_DkzyE26vpkM2', 'nightly', '1a2a82dfeff32a24e986b069269ee866a01e4e16ea7334bb6911a0801c9e4861', 'files.read files.write', 1796081503, NULL, 1796081504, NULL);
INSERT INTO public.owner VALUES ('proj_bb1b046b4224a2a099180eac', 'Carol''s', 1796081503, NULL);
INSERT INTO public.owner_limit VALUES ('proj_bb1b046b4224a2a099180eac', 2, NULL, NULL, NULL, NULL, 1796081503);
INSERT INTO public.owner_usage VALUES ('bob', 879696913, 2, 11, 124999999999999999, 124999999999999989, 1000000000000000000);
INSERT INTO public.owner_usage VALUES ('proj_bb1b046b4224a2a099180eac', 912809095, 1, 7, 0, 124999999999999993, 1000000000000000000);
INSERT INTO public.owner_usage VALUES ('alice', 72072216, 14, 6291574, 124999999999999987, 124999999993708426, 1000000000000000000);
INSERT INTO public.service_account VALUES ('svc_acct_DkzyE26vpkM2', 'proj_bb1b046b4224a2a099180eac', 'nightly', 1796081503);
INSERT INTO public.staging_search VALUES (1796167895, '');
INSERT INTO public.store_identity VALUES (1, 'dca2211ab935b775a1bbffb7e81a7dae', '5fb31675cfe521f05114d513aff33ef2', NULL, 'd712bd5f1506aac62ca789fbf1442501', 1796081481);
INSERT INTO public.upload_part VALUES ('part_0VcVCxTl3mBlnT1j13IGzi7ZjZuAHX', 'file-0VcVCxK76vgwoRi5Sq37YH70MPirlZ', 1, 'staging/file-0VcVCxK76vgwoRi5Sq37YH70MPirlZ.1', 1796081505, 5, 1873091992);
INSERT INTO public.usual_limit VALUES (1, NULL, NULL);
SELECT pg_catalog.setval('public.event_seq_seq', 1, false);
SELECT pg_catalog.setval('public.file_position', 13, true);
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (owner);
ALTER TABLE ONLY public.appended_part
    ADD CONSTRAINT appended_part_pkey PRIMARY KEY (file_id, number);
ALTER TABLE ONLY public.appended_upload
    ADD CONSTRAINT appended_upload_pkey PRIMARY KEY (file_id);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.events_wanted
    ADD CONSTRAINT events_wanted_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public.file_pair
    ADD CONSTRAINT file_pair_pkey PRIMARY KEY (owner, name, value, "position", file_id);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (owner, key);
ALTER TABLE ONLY public.keys_configured
    ADD CONSTRAINT keys_configured_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public.managed_key
    ADD CONSTRAINT managed_key_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.owner_limit
    ADD CONSTRAINT owner_limit_pkey PRIMARY KEY (owner);
ALTER TABLE ONLY public.owner
    ADD CONSTRAINT owner_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.owner_usage
    ADD CONSTRAINT owner_usage_pkey PRIMARY KEY (owner, stripe);
ALTER TABLE ONLY public.removed_file
    ADD CONSTRAINT removed_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.service_account
    ADD CONSTRAINT service_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.store_identity
    ADD CONSTRAINT store_identity_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public.upload_part
    ADD CONSTRAINT upload_part_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.usual_limit
    ADD CONSTRAINT usual_limit_pkey PRIMARY KEY (one);
CREATE INDEX event_by_due ON public.event USING btree (due_at, seq);
CREATE INDEX event_by_file ON public.event USING btree (file_id, seq);
CREATE UNIQUE INDEX file_by_id ON public.file USING btree (id text_pattern_ops);
ALTER TABLE ONLY public.file REPLICA IDENTITY USING INDEX file_by_id;
CREATE INDEX file_by_owner ON public.file USING btree (owner, id) WHERE (status = 'AVAILABLE'::text);
CREATE INDEX file_by_purpose ON public.file USING btree (owner, purpose, id) WHERE (status = 'AVAILABLE'::text);
CREATE INDEX file_in_order ON public.file USING btree (owner, "position", id) WHERE (status = 'AVAILABLE'::text);
CREATE INDEX file_in_order_by_purpose ON public.file USING btree (owner, purpose, "position", id) WHERE (status = 'AVAILABLE'::text);
CREATE UNIQUE INDEX file_pending ON public.file USING btree (owner, pending_slot) WHERE ((status = 'PENDING'::text) AND (pending_slot IS NOT NULL));
CREATE INDEX file_to_sweep ON public.file USING btree (sweep_at) WHERE (sweep_at IS NOT NULL);
CREATE INDEX file_to_sweep_again ON public.file USING btree (sweep_at) WHERE ((sweep_at IS NOT NULL) AND (sweep_attempts > 0));
CREATE INDEX file_to_sweep_by_owner ON public.file USING btree (status, owner, sweep_at) WHERE ((sweep_at IS NOT NULL) AND (sweep_attempts = 0));
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
CREATE INDEX idempotency_key_by_time ON public.idempotency_key USING btree (expires_at);
CREATE INDEX managed_key_by_owner ON public.managed_key USING btree (owner, id);
CREATE INDEX owner_limit_by_change ON public.owner_limit USING btree (changed_at);
CREATE INDEX removed_file_by_time ON public.removed_file USING btree (removed_at);
CREATE INDEX service_account_by_owner ON public.service_account USING btree (owner, id);
CREATE UNIQUE INDEX upload_part_of_file ON public.upload_part USING btree (file_id, number);
CREATE STATISTICS public.file_pair_together (mcv) ON owner, name, value FROM public.file_pair;
CREATE TRIGGER file_counts AFTER INSERT OR DELETE OR UPDATE OF status, bytes, declared_bytes ON public.file FOR EACH ROW EXECUTE FUNCTION public.file_counts();
CREATE TRIGGER file_ends_pairs AFTER UPDATE OF status ON public.file FOR EACH ROW WHEN (((old.pairs IS NOT NULL) AND (old.status = 'AVAILABLE'::text) AND (new.status <> 'AVAILABLE'::text))) EXECUTE FUNCTION public.file_ends_pairs();
CREATE TRIGGER file_has_event AFTER UPDATE OF status ON public.file FOR EACH ROW WHEN (((new.status <> old.status) AND (('AVAILABLE'::text = old.status) OR ('AVAILABLE'::text = new.status)))) EXECUTE FUNCTION public.file_has_event();
CREATE TRIGGER file_leaves_pairs AFTER DELETE ON public.file FOR EACH ROW WHEN (((old.pairs IS NOT NULL) AND (old.status = 'AVAILABLE'::text))) EXECUTE FUNCTION public.file_ends_pairs();
CREATE TRIGGER file_leaves_position AFTER DELETE ON public.file FOR EACH ROW WHEN ((old."position" > 0)) EXECUTE FUNCTION public.file_leaves_position();
CREATE TRIGGER file_lists_pairs AFTER UPDATE OF status ON public.file FOR EACH ROW WHEN (((new.pairs IS NOT NULL) AND (new.status = 'AVAILABLE'::text) AND (old.status <> 'AVAILABLE'::text))) EXECUTE FUNCTION public.file_lists_pairs();
CREATE TRIGGER file_takes_position BEFORE UPDATE OF status ON public.file FOR EACH ROW WHEN (((new.status = 'AVAILABLE'::text) AND (old.status <> 'AVAILABLE'::text))) EXECUTE FUNCTION public.file_takes_position();
CREATE TRIGGER limit_changes AFTER INSERT OR DELETE OR UPDATE OF max_files, max_bytes, max_file_size ON public.owner_limit FOR EACH ROW EXECUTE FUNCTION public.limit_changes();
CREATE TRIGGER limit_changes AFTER UPDATE ON public.usual_limit FOR EACH ROW EXECUTE FUNCTION public.limit_changes();

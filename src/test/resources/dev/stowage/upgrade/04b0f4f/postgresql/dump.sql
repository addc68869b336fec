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
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.api_key (
    owner text NOT NULL,
    sha256 text NOT NULL,
    created_at bigint NOT NULL
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
    content_type text
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
CREATE TABLE public.keys_configured (
    one integer NOT NULL,
    since bigint NOT NULL,
    CONSTRAINT keys_configured_one_check CHECK ((one = 1))
);
CREATE TABLE public.removed_file (
    id text NOT NULL,
    owner text NOT NULL,
    "position" bigint NOT NULL,
    removed_at bigint NOT NULL
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
INSERT INTO public.file VALUES ('file-0VcLhpgQn19w1G3ie0EG9lBwFjksvG', 'alice', 'MULTIPART', 'AVAILABLE', 'BATCH', 'requests.jsonl', 31, 1795941100, 1798533100, 'files/file-0VcLhpgQn19w1G3ie0EG9lBwFjksvG', 0, NULL, 1798533100, 1, NULL, NULL, NULL, NULL, 245419496, 0, 'application/octet-stream');
INSERT INTO public.file VALUES ('file-0VcLhpo5X0jBhcZsG3Z2kbhA4650BC', 'alice', 'MULTIPART', 'AVAILABLE', 'USER_DATA', 'Übersicht – 日本.txt', 8, 1795941101, NULL, 'files/file-0VcLhpo5X0jBhcZsG3Z2kbhA4650BC', 0, NULL, NULL, 2, NULL, NULL, NULL, NULL, 70021954, 0, 'text/plain');
INSERT INTO public.file VALUES ('file-0VcLhpslyLWwSzUz25Q0baz5c4Z0CL', 'alice', 'MULTIPART', 'AVAILABLE', 'FINE_TUNE', 'training.jsonl', 17, 1795941101, NULL, 'files/file-0VcLhpslyLWwSzUz25Q0baz5c4Z0CL', 0, NULL, NULL, 3, NULL, NULL, NULL, NULL, 2429376105, 0, 'application/octet-stream');
INSERT INTO public.file VALUES ('file-0VcLhpwz0y55zYPDzxqHsqUzjw7U54', 'alice', 'MULTIPART', 'AVAILABLE', 'ASSISTANTS', 'an hour.txt', 7, 1795941101, 1795944701, 'files/file-0VcLhpwz0y55zYPDzxqHsqUzjw7U54', 0, NULL, 1795944701, 4, NULL, NULL, NULL, NULL, 2674111941, 0, 'text/plain');
INSERT INTO public.file VALUES ('file-0VcLhpyq5mGubhUdMVZfR3X3UB9iSC', 'alice', 'MULTIPART', 'AVAILABLE', 'VISION', 'a month.png', 9, 1795941101, 1798533101, 'files/file-0VcLhpyq5mGubhUdMVZfR3X3UB9iSC', 0, NULL, 1798533101, 5, NULL, NULL, NULL, NULL, 4015665857, 0, 'image/png');
INSERT INTO public.file VALUES ('file-0VcLhpzmNTzYW5ZBL4jBfOtvbWfdcU', 'alice', 'MULTIPART', 'AVAILABLE', 'EVALS', 'a century.jsonl', 3, 1795941101, 4949541101, 'files/file-0VcLhpzmNTzYW5ZBL4jBfOtvbWfdcU', 0, NULL, 4949541101, 6, NULL, NULL, NULL, NULL, 4028603687, 0, 'application/octet-stream');
INSERT INTO public.file VALUES ('file-0VcLhq1NJypgwnJ70JvpRoPaBUoDeJ', 'alice', 'MULTIPART', 'AVAILABLE', 'USER_DATA', '6 MiB.bin', 6291456, 1795941102, NULL, 'files/file-0VcLhq1NJypgwnJ70JvpRoPaBUoDeJ', 0, NULL, NULL, 8, NULL, NULL, NULL, NULL, 2120864700, 0, 'application/octet-stream');
INSERT INTO public.file VALUES ('file-0VcLhq9EPehRSMh483VJmF4Xl7bzey', 'bob', 'MULTIPART', 'AVAILABLE', 'USER_DATA', 'bob''s.txt', 5, 1795941102, NULL, 'files/file-0VcLhq9EPehRSMh483VJmF4Xl7bzey', 0, NULL, NULL, 9, NULL, NULL, NULL, NULL, 2215527082, 0, 'text/plain');
INSERT INTO public.file VALUES ('file-0VcLhqaW0vUiP93RpYxTfXxs5Y1vcx', 'alice', 'PRESIGNED', 'PENDING', 'CONTEXT', 'refused.json', 0, 1795941104, 1798533104, 'staging/file-0VcLhqaW0vUiP93RpYxTfXxs5Y1vcx', 0, 1795945304, 1795945304, 0, 9467, NULL, '7c1f7bb3f8bee22bcdd6e8ae693ebb2e', 'The file is not valid JSON: line 1, column 2: expected ''u'' of null but found ''o''', NULL, 0, 'application/json');
INSERT INTO public.file VALUES ('file-0VcLhq0Z174Y4TDQueinQtsGoYappw', 'alice', 'MULTIPART', 'DELETING', 'USER_DATA', 'deleted.txt', 7, 1795941101, NULL, 'files/file-0VcLhq0Z174Y4TDQueinQtsGoYappw', 0, NULL, 1795941104, 7, NULL, NULL, NULL, NULL, 4019059201, 0, 'text/plain');
INSERT INTO public.file VALUES ('file-0VcLhpW2jIFxDXKcrKsXhOlkMLmDLf', 'alice', 'PRESIGNED', 'AVAILABLE', 'CONTEXT', 'completed.json', 19, 1795941099, 1798533099, 'files/file-0VcLhpW2jIFxDXKcrKsXhOlkMLmDLf.1', 1, 1795945299, 1795941102, 10, 6581, 1795941282, NULL, NULL, 4088833705, 0, 'application/json');
INSERT INTO public.file VALUES ('file-0VcLhqKFdXoRptZzGKrzPBzT62xSrn', 'bob', 'PRESIGNED', 'AVAILABLE', 'CONTEXT', 'bob''s.json', 6, 1795941103, 1798533103, 'files/file-0VcLhqKFdXoRptZzGKrzPBzT62xSrn.1', 1, 1795945303, 1795941103, 11, 2814, 1795941283, NULL, NULL, 1392670293, 0, 'application/json');
INSERT INTO public.file VALUES ('file-0VcLhqVjB7Oem8lGTSmCBhRdGXA0o5', 'alice', 'PRESIGNED', 'PENDING', 'CONTEXT', 'granted.json', 0, 1795941103, 1798533103, 'staging/file-0VcLhqVjB7Oem8lGTSmCBhRdGXA0o5', 0, 1795945303, 1795945303, 0, 2110, NULL, NULL, NULL, NULL, 0, 'application/json');
INSERT INTO public.file VALUES ('file-0VcLhqXSTisx5N5DCXHhU3TZiNbD1p', 'alice', 'PRESIGNED', 'PENDING', 'CONTEXT', 'sent.json', 0, 1795941103, 1798533103, 'staging/file-0VcLhqXSTisx5N5DCXHhU3TZiNbD1p', 0, 1795945303, 1795945303, 0, 7395, NULL, NULL, NULL, NULL, 0, 'application/json');
INSERT INTO public.flyway_schema_history VALUES (1, '1', 'file', 'SQL', 'V1__file.sql', -765690215, 'postgres', '2026-11-29 08:31:05.53826', 11, true);
INSERT INTO public.flyway_schema_history VALUES (2, '1.1', 'byte order', 'SQL', 'V1_1__byte_order.sql', 677414528, 'postgres', '2026-11-29 08:31:05.586071', 18, true);
INSERT INTO public.flyway_schema_history VALUES (3, '1.2', 'no order by id alone', 'SQL', 'V1_2__no_order_by_id_alone.sql', 209224710, 'postgres', '2026-11-29 08:31:05.634077', 133, true);
INSERT INTO public.flyway_schema_history VALUES (4, '2', 'finish order', 'SQL', 'V2__finish_order.sql', -587601113, 'postgres', '2026-11-29 08:31:05.843331', 37, true);
INSERT INTO public.flyway_schema_history VALUES (5, '2.1', 'take position', 'SQL', 'V2_1__take_position.sql', -719874532, 'postgres', '2026-11-29 08:31:05.905506', 23, true);
INSERT INTO public.flyway_schema_history VALUES (6, '3', 'checksum', 'SQL', 'V3__checksum.sql', -511926105, 'postgres', '2026-11-29 08:31:05.96297', 28, true);
INSERT INTO public.flyway_schema_history VALUES (7, '4', 'store identity', 'SQL', 'V4__store_identity.sql', -1938882888, 'postgres', '2026-11-29 08:31:06.034499', 40, true);
INSERT INTO public.flyway_schema_history VALUES (8, '5', 'sweep', 'SQL', 'V5__sweep.sql', -1701711240, 'postgres', '2026-11-29 08:31:06.129085', 28, true);
INSERT INTO public.flyway_schema_history VALUES (9, '6', 'content type', 'SQL', 'V6__content_type.sql', 1013877221, 'postgres', '2026-11-29 08:31:06.18591', 15, true);
INSERT INTO public.keys_configured VALUES (1, 1795941083);
INSERT INTO public.staging_search VALUES (1796027498, '');
INSERT INTO public.store_identity VALUES (1, '78fb03920cefea8bece9f83522d45997', 'b4aec5397dfae0e320dad2dc690c1874', NULL, 'e4f6f6a99190938b2abdad527324b2fa', 1795941082);
SELECT pg_catalog.setval('public.file_position', 11, true);
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (owner);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
ALTER TABLE ONLY public.keys_configured
    ADD CONSTRAINT keys_configured_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public.removed_file
    ADD CONSTRAINT removed_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.store_identity
    ADD CONSTRAINT store_identity_pkey PRIMARY KEY (one);
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
CREATE INDEX removed_file_by_time ON public.removed_file USING btree (removed_at);
CREATE TRIGGER file_leaves_position AFTER DELETE ON public.file FOR EACH ROW WHEN ((old."position" > 0)) EXECUTE FUNCTION public.file_leaves_position();
CREATE TRIGGER file_takes_position BEFORE UPDATE OF status ON public.file FOR EACH ROW WHEN (((new.status = 'AVAILABLE'::text) AND (old.status <> 'AVAILABLE'::text))) EXECUTE FUNCTION public.file_takes_position();

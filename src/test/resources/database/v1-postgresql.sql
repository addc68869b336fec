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
    sweep_at bigint
);
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
INSERT INTO public.api_key VALUES ('default', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 1790000000);
INSERT INTO public.file VALUES ('file-0V1aaaaa0000000000000000000001', 'alice', 'MULTIPART', 'AVAILABLE', 'USER_DATA', 'Größe 📦.txt', 5000000000, 1790000001, NULL, 'files/file-0V1aaaaa0000000000000000000001', 0, NULL, NULL);
INSERT INTO public.file VALUES ('file-0V1aaaaB0000000000000000000002', 'alice', 'MULTIPART', 'AVAILABLE', 'BATCH', 'b.jsonl', 2, 1790000002, 1792592002, 'files/file-0V1aaaaB0000000000000000000002', 0, NULL, 1792592002);
INSERT INTO public.file VALUES ('file-0V1aaaab0000000000000000000003', 'alice', 'MULTIPART', 'AVAILABLE', 'VISION', 'c.png', 3, 1790000003, NULL, 'files/file-0V1aaaab0000000000000000000003', 0, NULL, NULL);
INSERT INTO public.file VALUES ('file-0V1aaaaZ0000000000000000000004', 'alice', 'PRESIGNED', 'AVAILABLE', 'CONTEXT', 'd.json', 4, 1790000004, 1792592004, 'files/file-0V1aaaaZ0000000000000000000004.2', 2, 1790004204, 1790000104);
INSERT INTO public.file VALUES ('file-0V1aaaaz0000000000000000000005', 'alice', 'PRESIGNED', 'AVAILABLE', 'BATCH', 'e.json', 5, 1790000005, 1792592005, 'files/file-0V1aaaaz0000000000000000000005.1', 1, 1790004205, 1792592005);
INSERT INTO public.file VALUES ('file-0V1aaac00000000000000000000006', 'alice', 'MULTIPART', 'AVAILABLE', 'EVALS', 'expired.txt', 6, 1789990006, 1789993606, 'files/file-0V1aaac00000000000000000000006', 0, NULL, 1789993606);
INSERT INTO public.file VALUES ('file-0V1aaac10000000000000000000007', 'alice', 'PRESIGNED', 'PENDING', 'CONTEXT', 'pending.json', 0, 1790000007, 1792592007, 'staging/file-0V1aaac10000000000000000000007', 0, 1790004207, 1790004207);
INSERT INTO public.file VALUES ('file-0V1aaac20000000000000000000008', 'alice', 'PRESIGNED', 'PENDING', 'CONTEXT', 'trying.json', 0, 1790000008, 1792592008, 'staging/file-0V1aaac20000000000000000000008', 1, 1790004208, 1790004208);
INSERT INTO public.file VALUES ('file-0V1aaac30000000000000000000009', 'alice', 'MULTIPART', 'PENDING', NULL, NULL, 0, 1790000009, NULL, 'files/file-0V1aaac30000000000000000000009', 0, NULL, 1790000444);
INSERT INTO public.file VALUES ('file-0V1aaac40000000000000000000010', 'alice', 'MULTIPART', 'DELETING', 'ASSISTANTS', 'deleted.txt', 10, 1790000010, NULL, 'files/file-0V1aaac40000000000000000000010', 0, NULL, 1790000100);
INSERT INTO public.file VALUES ('file-0V1aaac50000000000000000000011', 'alice', 'PRESIGNED', 'DELETING', 'CONTEXT', 'deleted.json', 11, 1790000011, 1792592011, 'files/file-0V1aaac50000000000000000000011.1', 1, 1790004211, 1790000220);
INSERT INTO public.file VALUES ('file-0V1aaac60000000000000000000012', 'alice', 'MULTIPART', 'DELETING', NULL, NULL, 0, 1790000012, NULL, 'files/file-0V1aaac60000000000000000000012', 0, 1790000700, 1790000120);
INSERT INTO public.file VALUES ('file-0V1aaac70000000000000000000013', 'alice', 'MULTIPART', 'AVAILABLE', 'FINE_TUNE', 'm.jsonl', 13, 1790000013, NULL, 'files/file-0V1aaac70000000000000000000013', 0, NULL, NULL);
INSERT INTO public.file VALUES ('file-0V1aaab00000000000000000000014', 'bob', 'MULTIPART', 'AVAILABLE', 'USER_DATA', 'n', 14, 1790000014, NULL, 'files/file-0V1aaab00000000000000000000014', 0, NULL, NULL);
INSERT INTO public.flyway_schema_history VALUES (1, '1', 'file', 'SQL', 'V1__file.sql', -765690215, 'postgres', '2026-11-28 09:29:53.170426', 21, true);
INSERT INTO public.flyway_schema_history VALUES (2, '1.1', 'byte order', 'SQL', 'V1_1__byte_order.sql', 677414528, 'postgres', '2026-11-28 09:29:53.215718', 19, true);
INSERT INTO public.flyway_schema_history VALUES (3, '1.2', 'no order by id alone', 'SQL', 'V1_2__no_order_by_id_alone.sql', 209224710, 'postgres', '2026-11-28 09:29:53.257695', 10, true);
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (owner);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
CREATE UNIQUE INDEX file_by_id ON public.file USING btree (id text_pattern_ops);
ALTER TABLE ONLY public.file REPLICA IDENTITY USING INDEX file_by_id;
CREATE INDEX file_by_owner ON public.file USING btree (owner, id) WHERE (status = 'AVAILABLE'::text);
CREATE INDEX file_by_purpose ON public.file USING btree (owner, purpose, id) WHERE (status = 'AVAILABLE'::text);
CREATE INDEX file_to_sweep ON public.file USING btree (sweep_at) WHERE (sweep_at IS NOT NULL);
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);

-- The media type of a file. Versions before write none: octets of a multipart upload, JSON of
-- a pre-signed one.
ALTER TABLE file ADD COLUMN content_type TEXT;

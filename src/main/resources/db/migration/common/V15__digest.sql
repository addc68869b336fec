-- What the client has said that the digests of the whole file are, as in Repr-Digest. Empty: nothing.
ALTER TABLE appended_upload ADD COLUMN digest TEXT;

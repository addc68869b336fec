-- CRC-32C of the file's bytes; unknown for files of older versions
ALTER TABLE file ADD COLUMN crc32c BIGINT;

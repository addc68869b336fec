-- Ids are sorted by their bytes, as SQLite does, whatever the database's locale.
ALTER TABLE file ALTER COLUMN id TYPE TEXT COLLATE "C";

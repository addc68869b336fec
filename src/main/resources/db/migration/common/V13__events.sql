-- Whether events are recorded: a row, if the instance that started last has a receiver for them.
-- Triggers record them, so a server of the version before does, too.
CREATE TABLE events_wanted (
	one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1)
);

package dev.stowage.owner;

import java.time.Clock;

import dev.stowage.database.TestDatabase;

/** The projects of a database. */
public final class ProjectRows {

	private ProjectRows() {
	}

	public static Projects of(TestDatabase database, Clock clock) {
		return new Projects(new OwnerRepository(database.jdbc(), database.changes()), clock);
	}

}

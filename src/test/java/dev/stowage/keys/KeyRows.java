package dev.stowage.keys;

import java.time.Clock;

import dev.stowage.database.TestDatabase;
import dev.stowage.owner.ProjectRows;
import dev.stowage.owner.Projects;

/**
 * The keys of a database, as one instance sees them.
 *
 * @param known what it believes
 * @param keys makes and revokes them
 */
public record KeyRows(KnownKeys known, Keys keys, LastUses uses) {

	public static KeyRows of(TestDatabase database, Clock clock) {
		KeyRepository rows = new KeyRepository(database.jdbc(), database.changes());
		Projects projects = ProjectRows.of(database, clock);
		LastUses uses = new LastUses(rows, clock);
		KnownKeys known = new KnownKeys(rows, uses, clock);
		return new KeyRows(known, new Keys(rows, projects, known, database.changes(), clock), uses);
	}

}

package dev.stowage.command;

import dev.stowage.settings.InvalidSettingException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;

/** The tables of the database, which only a server creates and changes. */
final class Schema {

	private Schema() {
	}

	/**
	 * Refuses a database that lacks tables of this version. One of a newer version is
	 * accepted, because migrations only add.
	 */
	static void requireCurrent(Flyway flyway) {
		MigrationInfoService migrations = flyway.info();
		if (migrations.applied().length == 0) {
			throw new InvalidSettingException("The database has no tables of Stowage.",
					"Check SPRING_DATASOURCE_URL and STOWAGE_DATA_DIR, or start the server once, which creates them.");
		}
		if (migrations.pending().length > 0) {
			throw new InvalidSettingException(
					"The database belongs to an older version of Stowage: it lacks the migration "
							+ migrations.pending()[0].getVersion() + ".",
					"Start a server of this version once, which adds it, or use the jar of the server that runs.");
		}
	}

}

package dev.stowage.command;

import java.util.function.Consumer;

import org.springframework.jdbc.core.simple.JdbcClient;

/** How much owners have, by the rows of their files. */
class OwnerUsageRepository {

	private final JdbcClient jdbc;

	OwnerUsageRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** In the order of their names. Reads all rows of available files. */
	void forEach(Consumer<Usage> action) {
		this.jdbc.sql("""
				SELECT owner, count(*) AS files, CAST(sum(bytes) AS BIGINT) AS bytes FROM file
				WHERE status = 'AVAILABLE' GROUP BY owner ORDER BY owner""").query((row) -> {
			action.accept(new Usage(row.getString("owner"), row.getLong("files"), row.getLong("bytes")));
		});
	}

	/**
	 * What an owner has.
	 *
	 * @param files how many are available
	 * @param bytes of all of them
	 */
	record Usage(String owner, long files, long bytes) {
	}

}

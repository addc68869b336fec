package dev.stowage.check;

import java.util.function.Consumer;

import dev.stowage.database.LongStatements;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How much owners have, by the rows of their files. */
public class OwnerUsageRepository {

	private final JdbcClient jdbc;

	OwnerUsageRepository(JdbcTemplate database) {
		this.jdbc = LongStatements.on(database);
	}

	/** In the order of their names. Reads all rows of available files. */
	public void forEach(Consumer<Usage> action) {
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
	public record Usage(String owner, long files, long bytes) {
	}

}

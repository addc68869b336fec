package dev.stowage.support;

import java.util.Collection;
import java.util.List;

import dev.stowage.storage.s3.TestBucket;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What the table and the bucket hold in addition to what existing files need. */
public final class Leftovers {

	private Leftovers() {
	}

	/** Requires that what is counted for owners is what rows say. */
	public static void requireCounted(JdbcClient database) {
		assertThat(miscounted(database)).isEmpty();
	}

	/** Owners for whom something else is counted than rows say, at one moment. */
	public static List<String> miscounted(JdbcClient database) {
		return database.sql("""
				SELECT owner FROM (SELECT owner, files, bytes FROM owner_usage
					UNION ALL SELECT owner, -1, -CASE status WHEN 'AVAILABLE' THEN bytes
						ELSE coalesce(declared_bytes, 0) END
					FROM file WHERE status IN ('PENDING', 'AVAILABLE')) AS counted
				GROUP BY owner HAVING sum(files) <> 0 OR sum(bytes) <> 0""")
			.query((row, number) -> row.getString("owner"))
			.list();
	}

	/** Requires a row and an object for each of these files, and nothing else. */
	public static void requireNone(Collection<String> ids, JdbcClient database, TestBucket bucket) {
		requireCounted(database);
		assertThat(database.sql("SELECT id FROM file").query(String.class).list())
			.containsExactlyInAnyOrderElementsOf(ids);
		assertThat(bucket.keys()).containsExactlyInAnyOrderElementsOf(
				database.sql("SELECT object_key FROM file").query(String.class).list());
		assertThat(bucket.keys().stream().map(Leftovers::idIn)).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(bucket.openUploads()).isEmpty();
	}

	/** The id of a file in the key of its object; there is none in a staged object's. */
	public static String idIn(String key) {
		return key.replaceFirst("^files/([^.]+)(\\.\\d+)?$", "$1");
	}

}

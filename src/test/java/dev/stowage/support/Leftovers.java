package dev.stowage.support;

import java.util.Collection;

import dev.stowage.storage.s3.TestBucket;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What the table and the bucket hold in addition to what existing files need. */
public final class Leftovers {

	private Leftovers() {
	}

	/** Requires that what owners have, as counted, is what rows say. */
	public static void requireCounted(JdbcClient database) {
		assertThat(database
			.sql("SELECT owner, files, bytes FROM owner_usage WHERE files <> 0 OR bytes <> 0 ORDER BY owner")
			.query()
			.listOfRows())
			.isEqualTo(database.sql("""
					SELECT owner, count(*) AS files, CAST(sum(CASE status WHEN 'AVAILABLE' THEN bytes
						ELSE coalesce(declared_bytes, 0) END) AS BIGINT) AS bytes
					FROM file WHERE status IN ('PENDING', 'AVAILABLE') GROUP BY owner ORDER BY owner""")
				.query()
				.listOfRows());
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

package dev.stowage.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A PostgreSQL whose commits wait for its disk, as in production. The package for tests
 * starts one whose commits do not. It has more memory for its pages than PostgreSQL's
 * default, 512 MiB.
 */
final class DurablePostgres implements AutoCloseable {

	/** The database that is there from the start. */
	static final String DATABASE = "postgres";

	private static final String USER = "postgres";

	private final EmbeddedPostgres server;

	private DurablePostgres(EmbeddedPostgres server) {
		this.server = server;
	}

	static DurablePostgres start() throws IOException {
		return new DurablePostgres(EmbeddedPostgres.builder()
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("full_page_writes", "on")
			.setServerConfig("shared_buffers", "512MB")
			.start());
	}

	/** Adds an empty database. */
	void create(String database) {
		JdbcClient.create(this.server.getPostgresDatabase()).sql("CREATE DATABASE " + database).update();
	}

	/** With the user's name. */
	String url(String database) {
		return this.server.getJdbcUrl(USER, database);
	}

	/** What a server needs to use a database. */
	Map<String, String> environment(String database) {
		return environment(database, Map.of());
	}

	/** With more settings. */
	Map<String, String> environment(String database, Map<String, String> settings) {
		Map<String, String> all = new HashMap<>(settings);
		all.put("SPRING_DATASOURCE_URL", url(database));
		all.put("SPRING_DATASOURCE_USERNAME", USER);
		all.put("SPRING_DATASOURCE_PASSWORD", USER);
		return all;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}

package dev.stowage.file;

import java.io.IOException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link FileRepository} in a real PostgreSQL that sorts text as people do. */
class PostgresFileRepositoryTests extends FileRepositoryContract {

	private static EmbeddedPostgres server;

	private static TestDatabase database;

	@BeforeAll
	static void start() throws IOException {
		server = EmbeddedPostgres.start();
		JdbcClient.create(server.getPostgresDatabase())
			.sql("CREATE DATABASE stowage TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
			.update();
		database = TestDatabase.postgres(server.getJdbcUrl("postgres", "stowage"));
	}

	@AfterAll
	static void stop() throws IOException {
		database.close();
		server.close();
	}

	@Override
	TestDatabase database() {
		return database;
	}

	@BeforeEach
	@Override
	void setUp() {
		database.jdbc().sql("TRUNCATE file").update();
		super.setUp();
	}

	@Test
	void wouldSortTextOtherwiseThanByItsBytes() {
		assertThat(database.jdbc().sql("SELECT 'a' < 'B'").query(Boolean.class).single()).isTrue();
		assertThat(database.jdbc().sql("SELECT 'a' < 'B' COLLATE \"C\"").query(Boolean.class).single()).isFalse();
	}

}

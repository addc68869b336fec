package dev.stowage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Startup messages about a PostgreSQL that requires a password. */
@ExtendWith(OutputCaptureExtension.class)
class PostgresStartupTests {

	private static EmbeddedPostgres database;

	@TempDir
	Path folder;

	@BeforeAll
	static void start() throws Exception {
		database = EmbeddedPostgres.start();
		JdbcClient admin = JdbcClient.create(database.getPostgresDatabase());
		admin.sql("CREATE ROLE keeper LOGIN PASSWORD 'right-secret'").update();
		admin.sql("CREATE DATABASE stowage OWNER keeper").update();
		Path access = Path.of(admin.sql("SHOW hba_file").query(String.class).single());
		Files.writeString(access, "host all keeper all scram-sha-256\n" + Files.readString(access));
		admin.sql("SELECT pg_reload_conf()").query().singleRow();
		Soon.await()
			.untilAsserted(() -> assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(url("stowage"), "keeper", "wrong-secret").close()));
	}

	@AfterAll
	static void stop() throws Exception {
		database.close();
	}

	private static String url(String name) {
		return "jdbc:postgresql://127.0.0.1:" + database.getPort() + "/" + name;
	}

	private StowageServer start(String url, String password) {
		return StowageServer.start(this.folder, "stowage.s3.bucket=embedded", "spring.datasource.url=" + url,
				"spring.datasource.username=keeper", "spring.datasource.password=" + password);
	}

	@Test
	void startsWithThePasswordOfTheVariables() {
		try (StowageServer server = start(url("stowage"), "right-secret")) {
			assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
		}
	}

	@Test
	void saysWhatToSetWhenThePasswordIsWrong(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(url("stowage"), "wrong-secret"));
		assertRefused(output, "password authentication failed for user \"keeper\"",
				"Set SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD to a user of the database.");
	}

	@Test
	void doesNotRepeatAPasswordInTheUrl(CapturedOutput output) {
		assertThatException().isThrownBy(() -> StowageServer.start(this.folder, "stowage.s3.bucket=embedded",
				"spring.datasource.url=" + url("stowage") + "?user=keeper&password=wrong-secret"));
		assertRefused(output, "password authentication failed for user \"keeper\"",
				"Set SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD to a user of the database.");
	}

	@Test
	void saysThatThereIsNoSuchDatabase(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(url("missing"), "right-secret"));
		assertRefused(output, "database \"missing\" does not exist",
				"Create the database, or name another in SPRING_DATASOURCE_URL.");
	}

	private static void assertRefused(CapturedOutput output, String description, String action) {
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The database cannot be used: FATAL: " + description)
			.contains(action)
			.doesNotContain("\tat ")
			.doesNotContain("secret");
	}

}

package dev.stowage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.support.StowageServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.StatementCallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** The whole server on a real PostgreSQL, configured only by its URL. */
class PostgresServerTests {

	@TempDir
	Path folder;

	@Test
	void servesBothStylesAndKeepsThemOverARestart() throws Exception {
		try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
			String url = "spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres");
			String multipart;
			String presigned;
			String deleted;
			try (StowageServer first = StowageServer.start(this.folder, url, "stowage.s3.bucket=embedded")) {
				multipart = first.alice().uploaded("user_data", "a.txt", "kept");
				presigned = first.alice().completed("a.json", "[1]");
				deleted = first.alice().uploaded("user_data", "b.txt", "gone");
				assertThat(first.alice().delete("/v1/files/" + deleted).status()).isEqualTo(200);
			}
			assertThat(this.folder.resolve("stowage.db")).doesNotExist();
			try (StowageServer second = StowageServer.start(this.folder, url, "stowage.s3.bucket=embedded")) {
				assertThat(second.alice().get("/v1/files").ids()).containsExactly(presigned, multipart);
				assertThat(second.bob().get("/v1/files").ids()).isEmpty();
				assertThat(second.alice().get("/v1/files/" + multipart + "/content").body()).isEqualTo("kept");
				second.clock().move(Duration.ofSeconds(2));
				second.sweep();
				assertThat(second.engine().keys()).containsExactlyInAnyOrder("files/" + multipart,
						"files/" + presigned + ".1");
			}
		}
	}

	@Test
	void boundsWhatTheDatabaseCanKeepItWaitingForUnlessToldOtherwise() throws Exception {
		try (EmbeddedPostgres database = EmbeddedPostgres.start();
				StowageServer server = StowageServer.start(this.folder,
						"spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
						"stowage.s3.bucket=embedded");
				Connection connection = server.database().getConnection()) {
			HikariDataSource pool = server.database();
			assertThat(pool.getMaximumPoolSize()).isEqualTo(10);
			// the pool's own default is the same, and may change
			assertThat(server.bean("environment", Environment.class)
				.getProperty("spring.datasource.hikari.maximum-pool-size")).isEqualTo("10");
			assertThat(pool.getConnectionTimeout()).isEqualTo(5_000);
			assertThat(connection.getNetworkTimeout()).isEqualTo(30_000);
			assertThat(server.bean("jdbcTemplate", JdbcTemplate.class)
				.execute((StatementCallback<Integer>) Statement::getQueryTimeout)).isEqualTo(10);
			assertThat(pool.getDataSourceProperties()).containsEntry("connectTimeout", "5")
				.containsEntry("tcpKeepAlive", "true");
		}
	}

	@Test
	void repeatsNoRowWhenAStatementFails() throws Exception {
		try (EmbeddedPostgres database = EmbeddedPostgres.start();
				StowageServer server = StowageServer.start(this.folder,
						"spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
						"stowage.s3.bucket=embedded")) {
			JdbcTemplate jdbc = server.bean("jdbcTemplate", JdbcTemplate.class);
			jdbc.execute("CREATE TABLE name (name text PRIMARY KEY)");
			jdbc.update("INSERT INTO name VALUES ('secret')");
			assertThatException().isThrownBy(() -> jdbc.update("INSERT INTO name SELECT 'secret'"))
				.havingRootCause()
				.withMessageContaining("name_pkey")
				.withMessageNotContaining("Key (name)");
		}
	}

}

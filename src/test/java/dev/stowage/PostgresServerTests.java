package dev.stowage;

import java.nio.file.Path;
import java.time.Duration;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole server on a real PostgreSQL, set up by nothing but its URL. */
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
			try (StowageServer first = StowageServer.start(this.folder, url)) {
				multipart = first.alice().uploaded("user_data", "a.txt", "kept");
				presigned = first.alice().completed("a.json", "[1]");
				deleted = first.alice().uploaded("user_data", "b.txt", "gone");
				assertThat(first.alice().delete("/v1/files/" + deleted).status()).isEqualTo(200);
			}
			assertThat(this.folder.resolve("stowage.db")).doesNotExist();
			try (StowageServer second = StowageServer.start(this.folder, url)) {
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

}

package dev.stowage.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.stowage.storage.s3.TestBucket;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.Caller;
import dev.stowage.support.CommandLineRun;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** On SQLite and the embedded engine, which the running server has locked. */
class EmbeddedCheckTests extends CheckCommandContract {

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static TestStore bucket;

	@BeforeAll
	static void start() throws IOException {
		server = StowageServer.start(folder);
		List<String> key = Files.readAllLines(folder.resolve("embedded-s3.key"));
		String port = Files.readString(folder.resolve("embedded-s3.port"));
		bucket = TestStore.at(URI.create("http://127.0.0.1:" + port), "stowage",
				AwsBasicCredentials.create(key.getFirst(), key.getLast()));
	}

	@AfterAll
	static void stop() throws IOException {
		bucket.close();
		server.close();
	}

	@Test
	void goesOnWithoutTheServer(@TempDir Path data) throws Exception {
		try (StowageServer other = StowageServer.start(data)) {
			other.alice().uploaded("user_data", "a.txt", "four");
		}
		Map<String, String> environment = Map.of("STOWAGE_DATA_DIR", data.toString(), "STOWAGE_S3_EMBEDDED_PORT", "0");
		CommandLineRun whole = CommandLineRun.of(data, environment, "check", "--read");
		assertThat(whole.errors()).isEmpty();
		assertThat(whole.results()).isEqualTo("Checked 1 files and 1 objects: 0 differences; read 4 bytes\n");
		assertThat(whole.code()).isZero();
	}

	@Test
	void runsInAProcessOfItsOwnBesideTheServer() throws Exception {
		String id = upload("gone");
		Files.delete(objects().resolve("files").resolve(id));
		CommandLineRun run = CommandLineRun.of(folder, Map.of("STOWAGE_DATA_DIR", folder.toString()), "check");
		assertThat(run.errors()).isEmpty();
		assertThat(run.results()).contains("no object: " + id, "Checked 1 files and 0 objects: 1 differences");
		assertThat(run.code()).isEqualTo(1);
	}

	@Override
	Caller alice() {
		return server.alice();
	}

	@Override
	Map<String, String> settings() {
		return new HashMap<>(Map.of("stowage.data-dir", folder.toString()));
	}

	@Override
	Path objects() {
		return folder.resolve("objects/stowage");
	}

	@Override
	TestBucket bucket() {
		return bucket;
	}

	@Override
	JdbcClient database() {
		return JdbcClient.create(server.database());
	}

	@Override
	boolean isSqlite() {
		return true;
	}

}

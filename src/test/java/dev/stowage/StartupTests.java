package dev.stowage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** The messages of a server that cannot start, and what the first start creates. */
@ExtendWith(OutputCaptureExtension.class)
class StartupTests {

	@TempDir
	Path folder;

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			stowage.max-file-sise=1MB          | Unknown setting 'stowage.max-file-sise'
			stowage.s3.buckett=b               | Unknown setting 'stowage.s3.buckett'
			stowage.expiry.vison=1d            | Unknown setting 'stowage.expiry.vison'
			stowage.max-file-size=0            | stowage.max-file-size must be at least one byte
			stowage.max-file-size=9000TB       | stowage.max-file-size is
			stowage.presigned.max-size=6TB     | stowage.presigned.max-size must be at most 5TB
			stowage.upload-url-ttl=0s          | stowage.upload-url-ttl must be 1s to 7d
			stowage.upload-url-ttl=8d          | stowage.upload-url-ttl must be 1s to 7d
			stowage.upload-timeout=10ms        | stowage.upload-timeout must be 1s to 1d
			stowage.upload-timeout=25d         | stowage.upload-timeout must be 1s to 1d
			stowage.max-requests=-1            | stowage.max-requests must be 0 to 1000000
			stowage.max-pending=0              | stowage.max-pending must be 1 to 10000000
			stowage.uploads.life=31d           | stowage.uploads.life must be 1s to 30d
			stowage.uploads.max-size=700GB     | stowage.uploads.max-size must be 1 to 671088640000 bytes
			stowage.resumable.max-age=31d      | stowage.resumable.max-age must be 1s to 30d
			stowage.resumable.max-size=6TB     | stowage.resumable.max-size must be 1 byte to 5TB
			stowage.shutdown-delay=-1s         | stowage.shutdown-delay must not be negative
			stowage.sweep-interval=-5s         | stowage.sweep-interval must not be negative
			stowage.expiry.batch=0             | stowage.expiry.* must be at least 1s, or never
			stowage.cors-origins=app.example   | stowage.cors-origins holds 'app.example'
			stowage.presigned.completion-window=-1s | stowage.presigned.completion-window must not be negative
			stowage.presigned.max-size=0       | stowage.presigned.max-size must be at least one byte
			stowage.s3.embedded-port=70000     | stowage.s3.embedded-port must be 0 to 65535
			stowage.s3.public-endpoint=minio:9000 | stowage.s3.public-endpoint must be an absolute http or https URL
			stowage.s3.endpoint=http://x:1     | stowage.s3.endpoint is set but stowage.s3.bucket is not
			stowage.s3.sse=aes                 | stowage.s3.sse must be AES256, aws:kms or aws:kms:dsse
			stowage.s3.sse=AES256              | stowage.s3.sse is set, but the embedded store encrypts nothing
			stowage.min-free-space=-1MB        | stowage.min-free-space must not be negative
			stowage.embedded-sync=perhaps      | stowage.embedded-sync
			spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x | no bucket is configured
			stowage.upload-url-ttl=soon        | stowage.upload-url-ttl
			""")
	void refusesToStartWithABadSettingAndNamesIt(String setting, String message, CapturedOutput output) {
		assertThatException().isThrownBy(() -> StowageServer.start(this.folder, setting));
		assertThat(output).contains("APPLICATION FAILED TO START").contains(message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					jdbc:postgresql://127.0.0.1:1/x           | The database cannot be used: Connection to 127.0.0.1:1 refused
					jdbc:postgresql://no-such-host.invalid/x  | The connection attempt failed. (java.net.UnknownHostException: no-such-host.invalid)
					""")
	void refusesToStartWithoutItsDatabase(String url, String message, CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> StowageServer.start(this.folder, "spring.datasource.url=" + url, "stowage.s3.bucket=embedded"));
		assertThat(output).contains("APPLICATION FAILED TO START").contains(message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			alice                                  | Entry 1 of stowage.api-keys must read owner=key
			=secret-0123456789abc                  | Entry 1 of stowage.api-keys must read owner=key
			a=secret-0123456789abc,b=secret        | Entry 2 of stowage.api-keys has a key of fewer than 16 characters
			a=secret-0123456789abc,b=secret-0123456789abc | Entry 2 of stowage.api-keys repeats the key of another entry
			a b=secret-0123456789abc               | An owner's name is 1 to 64 letters
			a=secret-0123456789 abc                | Entry 1 of stowage.api-keys has a key with characters that are not
			""")
	void refusesBadKeysWithoutRepeatingThem(String keys, String message, CapturedOutput output) {
		assertThatException().isThrownBy(() -> StowageServer.start(this.folder, "stowage.api-keys=" + keys));
		assertThat(output).contains("APPLICATION FAILED TO START").contains(message).doesNotContain("secret");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			secret              | stowage.metrics-key is a key of fewer than 16 characters
			secret-0123456789 b | stowage.metrics-key is a key with characters that are not allowed in a header
			sk-alice-0123456789abcdef | stowage.metrics-key must not be the key of an owner
			""")
	void refusesABadKeyToTheMetricsWithoutRepeatingIt(String key, String message, CapturedOutput output) {
		assertThatException().isThrownBy(() -> StowageServer.start(this.folder, "stowage.metrics-key=" + key));
		assertThat(output).contains("APPLICATION FAILED TO START").contains(message).doesNotContain(key);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "postgresql://keeper:secret@127.0.0.1/stowage",
			"jdbc:postgres://127.0.0.1/stowage?password=secret", "jdbc:mysql://127.0.0.1/stowage?password=secret",
			"jdbc:postgresql://127.0.0.1:port/stowage?password=secret",
			"jdbc:postgresql://keeper:secret@127.0.0.1/stowage",
			"jdbc:postgresql://keeper:secret@127.0.0.1:5432/stowage" })
	void refusesADatabaseUrlThatNoDriverUnderstandsWithoutRepeatingIt(String url, CapturedOutput output) {
		assertThatException().isThrownBy(() -> StowageServer.start(this.folder, "spring.datasource.url=" + url));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Set SPRING_DATASOURCE_URL to jdbc:postgresql://host:port/database")
			.doesNotContain("secret");
	}

	@Test
	void refusesToStartOnAPortThatIsTaken(CapturedOutput output) throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatException()
				.isThrownBy(() -> StowageServer.start(this.folder, "stowage.s3.embedded-port=" + taken.getLocalPort()));
			assertThat(output).contains("The port " + taken.getLocalPort() + " of the embedded S3 store is in use")
				.contains("STOWAGE_S3_EMBEDDED_PORT");
		}
		try (ServerSocket taken = new ServerSocket(0)) {
			assertThatException()
				.isThrownBy(() -> StowageServer.start(this.folder, "server.port=" + taken.getLocalPort()));
			assertThat(output).contains("Port " + taken.getLocalPort() + " was already in use");
		}
	}

	@Test
	void refusesToStartOverAFolderThatCannotBeWritten(CapturedOutput output) throws IOException {
		Path file = Files.createFile(this.folder.resolve("file"));
		assertThatException().isThrownBy(() -> StowageServer.start(file.resolve("data")));
		assertThat(output).contains("The data directory " + file.resolve("data") + " cannot be written")
			.contains("set STOWAGE_DATA_DIR");
	}

	@Test
	void makesAKeyAtItsFirstStartAndShowsItOnce(CapturedOutput output) {
		String key;
		try (StowageServer first = StowageServer.start(this.folder, "stowage.api-keys=")) {
			Matcher shown = Pattern.compile("export API_KEY=(sk-[A-Za-z0-9]{61})").matcher(output);
			assertThat(shown.find()).isTrue();
			key = shown.group(1);
			assertThat(output).contains("curl http://localhost:" + first.port() + "/v1/files");
			first.with(key).uploaded("user_data", "a", "x");
		}
		int length = output.length();
		try (StowageServer second = StowageServer.start(this.folder, "stowage.api-keys=")) {
			assertThat(output.toString().substring(length)).doesNotContain("sk-");
			assertThat(second.with(key).get("/v1/files").ids()).hasSize(1);
			assertThat(second.with("sk-another-key-0123456789").get("/v1/files").status()).isEqualTo(401);
		}
		assertThat(this.folder).isDirectoryRecursivelyContaining("glob:**stowage.db");
		assertThat(contents(this.folder.resolve("stowage.db"))).doesNotContain(key);
	}

	private static String contents(Path file) {
		try {
			return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void keepsFilesOverARestart() {
		String id;
		try (StowageServer first = StowageServer.start(this.folder)) {
			id = first.alice().uploaded("user_data", "a", "kept");
		}
		try (StowageServer second = StowageServer.start(this.folder)) {
			assertThat(second.alice().get("/v1/files/" + id + "/content").body()).isEqualTo("kept");
		}
	}

	@Test
	void logsNeitherKeysNorNamesNorSignedUrls(CapturedOutput output) {
		try (StowageServer server = StowageServer.start(this.folder)) {
			String id = server.alice().completed("secret-name.json", "[]");
			server.alice().uploaded("user_data", "secret-name.txt", "x");
			server.alice().get("/v1/files/" + id + "/content?expires_in=60");
			server.with("sk-wrong-secret-name-0123").get("/v1/files");
			assertThat(output).contains("Completed " + id + ": 2 bytes")
				.doesNotContain("secret-name")
				.doesNotContain("X-Amz-Signature")
				.doesNotContain(StowageServer.ALICE);
		}
	}

}

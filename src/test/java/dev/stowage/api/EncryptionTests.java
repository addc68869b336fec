package dev.stowage.api;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.stowage.storage.StorageProperties.Encryption;
import dev.stowage.storage.s3.Fault;
import dev.stowage.storage.s3.FaultyS3;
import dev.stowage.storage.s3.LenientEngine;
import dev.stowage.storage.s3.S3Call;
import dev.stowage.storage.s3.Samples;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.StowageServer;
import dev.stowage.support.SystemProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** A store that refuses each write without the headers of encryption. */
class EncryptionTests {

	private static final List<S3Call> WRITES = List.of(S3Call.PUT_OBJECT, S3Call.CREATE_UPLOAD, S3Call.COPY_OBJECT);

	private static final byte[] TWO_PARTS = Samples.bytes(9 * 1024 * 1024);

	@TempDir
	private Path folder;

	private LenientEngine engine;

	private FaultyS3 front;

	private final SystemProperties properties = new SystemProperties();

	@BeforeEach
	void startEngine() throws Exception {
		this.engine = LenientEngine.start(Files.createDirectory(this.folder.resolve("engine")), "id", "secret");
		this.front = new FaultyS3(this.engine.endpoint());
		this.properties.set("aws.accessKeyId", "id").set("aws.secretAccessKey", "secret");
	}

	@AfterEach
	void stopEngine() throws Exception {
		this.properties.close();
		this.front.close();
		this.engine.close();
	}

	@ParameterizedTest
	@CsvSource({ "AES256,", "aws:kms,", "aws:kms, arn:aws:kms:us-east-1:111122223333:key/1234abcd",
			"aws:kms:dsse, alias/a" })
	void getsThemWithEachWrite(String sse, @Nullable String key) throws Exception {
		Map<String, String> headers = new Encryption(sse, Optional.ofNullable(key)).headers();
		WRITES.forEach((write) -> this.front.failAlways(write, Fault.unlessIts(headers, Fault.NONE)));
		try (StowageServer server = start(sse, key)) {
			assertUploads(server, new byte[] { 1, 2, 3 });
			assertUploads(server, TWO_PARTS);
			Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
			assertThat(grant.status()).as(grant.toString()).isEqualTo(200);
			assertThat(uploadHeaders(grant)).isEqualTo(headers);
			URI url = URI.create(grant.text("upload_url"));
			assertThat(Caller.sendTo(url, "PUT", "{}").status()).isEqualTo(403);
			assertThat(Caller.sendTo(url, "PUT", "{}", "x-amz-server-side-encryption", "none").status()).isEqualTo(403);
			String[] sent = headers.entrySet()
				.stream()
				.flatMap((header) -> List.of(header.getKey(), header.getValue()).stream())
				.toArray(String[]::new);
			assertThat(Caller.sendTo(url, "PUT", "{\"a\": 1}", sent).status()).isEqualTo(200);
			assertCompletes(server, grant.text("id"));
		}
		WRITES.forEach((write) -> assertThat(this.front.count(write)).as(write.name()).isPositive());
	}

	/**
	 * As where keys of a key management service are used: a copy has a tag of its own.
	 */
	@Test
	void completesWhereTagsAreNoMd5() throws Exception {
		Map<String, String> headers = new Encryption("aws:kms", Optional.empty()).headers();
		this.front.failAlways(S3Call.COPY_OBJECT, Fault.unlessIts(headers, Fault.wrongTag()));
		try (StowageServer server = start("aws:kms", null)) {
			Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
			Answer put = Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "{\"a\": 1}",
					"x-amz-server-side-encryption", "aws:kms");
			assertThat(put.status()).isEqualTo(200);
			assertCompletes(server, grant.text("id"));
		}
	}

	@Test
	void refusesTheServerWhereTheyAreNotSet() {
		Map<String, String> headers = new Encryption("AES256", Optional.empty()).headers();
		WRITES.forEach((write) -> this.front.failAlways(write, Fault.unlessIts(headers, Fault.NONE)));
		try (StowageServer server = start(null, null)) {
			Acknowledged.assertUnavailable(
					server.alice().upload(new Form().field("purpose", "user_data").file("a", new byte[] { 1 })));
		}
	}

	@Test
	void areNotInTheGrantWhereTheyAreNotSet() {
		try (StowageServer server = start(null, null)) {
			Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
			assertThat(grant.json().propertyNames()).containsExactlyInAnyOrder("id", "object", "created", "upload_url",
					"expires_in");
			assertThat(Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "{\"a\": 1}").status())
				.isEqualTo(200);
			assertCompletes(server, grant.text("id"));
		}
	}

	@Test
	void mustBeKnownWords() {
		assertThatException().isThrownBy(() -> start("aes", null).close())
			.havingRootCause()
			.withMessage("stowage.s3.sse must be AES256, aws:kms or aws:kms:dsse");
	}

	private StowageServer start(@Nullable String sse, @Nullable String key) {
		List<String> more = new ArrayList<>();
		if (sse != null) {
			more.add("stowage.s3.sse=" + sse);
		}
		if (key != null) {
			more.add("stowage.s3.sse-kms-key-id=" + key);
		}
		return StowageServer.start(this.folder,
				LenientEngine.settings(this.front.endpoint(), more.toArray(String[]::new)));
	}

	private static void assertUploads(StowageServer server, byte[] content) {
		Answer uploaded = server.alice().upload(new Form().field("purpose", "user_data").file("a", content));
		assertThat(uploaded.status()).as(uploaded.toString()).isEqualTo(200);
		assertThat(server.alice().get("/v1/files/" + uploaded.text("id") + "/content").bytes()).isEqualTo(content);
	}

	private static void assertCompletes(StowageServer server, String id) {
		String file = "/v1/files/" + id;
		Answer complete = server.alice().post(file + "/complete");
		assertThat(complete.status()).as(complete.toString()).isEqualTo(200);
		URI link = URI.create(server.alice().get(file + "/content").text("download_url"));
		assertThat(Caller.sendTo(link, "GET", "").body()).isEqualTo("{\"a\": 1}");
		assertThat(server.alice().get(file + "/content", "Accept", "application/octet-stream").body())
			.isEqualTo("{\"a\": 1}");
	}

	private static Map<String, String> uploadHeaders(Answer grant) {
		Map<String, String> headers = new TreeMap<>();
		for (Map.Entry<String, JsonNode> header : grant.json().path("upload_headers").properties()) {
			headers.put(header.getKey(), header.getValue().asString());
		}
		return headers;
	}

}

package dev.stowage.api.uploads;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import com.openai.models.uploads.parts.UploadPart;
import dev.stowage.support.Backing;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The official Java SDK, unmodified, sends files in parts to a running server. */
class OpenAiJavaUploadTests extends OnEachBacking {

	private static final int MIB = 1024 * 1024;

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static OpenAIClient client;

	private static OpenAIClient stranger;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder);
		client = client(StowageServer.ALICE);
		stranger = client("sk-nobody-0123456789");
	}

	private static OpenAIClient client(String key) {
		return OpenAIOkHttpClient.builder().apiKey(key).baseUrl(server.url("/v1").toString()).build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		client.close();
		stranger.close();
		server.close();
	}

	private static Upload create(long bytes) {
		return client.uploads().create(params(bytes).build()).validate();
	}

	private static UploadCreateParams.Builder params(long bytes) {
		return UploadCreateParams.builder()
			.bytes(bytes)
			.filename("data.csv")
			.mimeType("text/csv")
			.purpose(FilePurpose.USER_DATA);
	}

	private static String part(Upload upload, String text) {
		return client.uploads()
			.parts()
			.create(upload.id(), PartCreateParams.builder().data(text.getBytes(StandardCharsets.UTF_8)).build())
			.validate()
			.id();
	}

	private static Upload complete(Upload upload, List<String> ids) {
		return client.uploads().complete(upload.id(), UploadCompleteParams.builder().partIds(ids).build()).validate();
	}

	@Test
	void sendsWhateverTheSdkTakesInParallelAndCompletesWithAChecksum() throws Exception {
		byte[] whole = new byte[21 * MIB];
		new Random(1).nextBytes(whole);
		Upload upload = create(whole.length);
		assertThat(upload.status()).isEqualTo(Upload.Status.PENDING);
		assertThat(upload.expiresAt()).isEqualTo(upload.createdAt() + 3600);
		Path file = Files.write(folder.resolve("naïve 日本.bin"), slice(whole, 0, 7 * MIB).readAllBytes());
		List<PartCreateParams> pieces = List.of(PartCreateParams.builder().data(file).build(),
				PartCreateParams.builder().data(slice(whole, 7 * MIB, 7 * MIB + 5).readAllBytes()).build(),
				PartCreateParams.builder().data(unsized(whole, 7 * MIB + 5, 14 * MIB)).build(),
				PartCreateParams.builder()
					.data(MultipartField.<InputStream>builder()
						.value(slice(whole, 14 * MIB, whole.length))
						.filename("blob")
						.build())
					.build());
		List<String> ids = pieces.parallelStream()
			.map((piece) -> client.uploads().parts().create(upload.id(), piece).validate())
			.map(UploadPart::id)
			.toList();
		String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(whole));
		Upload completed = client.uploads()
			.complete(upload.id(), UploadCompleteParams.builder().partIds(ids).md5(md5).build())
			.validate();
		assertThat(completed.status()).isEqualTo(Upload.Status.COMPLETED);
		assertThat(completed.id()).isEqualTo(upload.id());
		FileObject stored = completed.file().orElseThrow();
		assertThat(stored.createdAt()).isEqualTo(upload.createdAt());
		assertThat(client.files().retrieve(stored.id()).validate()).isEqualTo(stored);
		try (HttpResponse content = client.files().content(stored.id())) {
			assertThat(content.body()).hasBinaryContent(whole);
		}
		assertThat(complete(upload, ids)).isEqualTo(completed);
	}

	private static InputStream slice(byte[] whole, int from, int to) {
		return new ByteArrayInputStream(whole, from, to - from);
	}

	/** Of no known length, so the SDK sends it in chunks. */
	private static InputStream unsized(byte[] whole, int from, int to) {
		return new SequenceInputStream(slice(whole, from, from + 1), slice(whole, from + 1, to));
	}

	@Test
	void asksForAnExpiry() {
		Upload upload = client.uploads()
			.create(params(5).expiresAfter(UploadCreateParams.ExpiresAfter.builder().seconds(7200).build()).build());
		// the file's life begins when it is completed
		assertThat(complete(upload, List.of(part(upload, "hello"))).file().orElseThrow().expiresAt().orElseThrow())
			.isBetween(upload.createdAt() + 7200, upload.createdAt() + 7260);
	}

	@Test
	void cancels() {
		Upload upload = create(5);
		String id = part(upload, "hello");
		Upload cancelled = client.uploads().cancel(upload.id()).validate();
		assertThat(cancelled.status()).isEqualTo(Upload.Status.CANCELLED);
		assertThat(cancelled.file()).isEmpty();
		assertThat(client.uploads().cancel(upload.id())).isEqualTo(cancelled);
		String ended = "The upload " + upload.id() + " is cancelled. Create a new upload.";
		assertThatExceptionOfType(BadRequestException.class).isThrownBy(() -> part(upload, "late"))
			.satisfies((ex) -> assertError(ex, 400, "upload_id", ended));
		assertThatExceptionOfType(BadRequestException.class).isThrownBy(() -> complete(upload, List.of(id)))
			.satisfies((ex) -> assertError(ex, 400, "upload_id", ended));
	}

	@Test
	void throwsItsTypedErrors() {
		assertThatExceptionOfType(BadRequestException.class).isThrownBy(() -> create(0))
			.satisfies((ex) -> assertError(ex, 400, "bytes", "'bytes' must be from 1 to 8589934592."));
		Upload upload = create(5);
		assertThatExceptionOfType(BadRequestException.class).isThrownBy(() -> part(upload, ""))
			.satisfies((ex) -> assertError(ex, 400, "data", "The part is empty. Send at least one byte."));
		String hell = part(upload, "hell");
		assertThatExceptionOfType(BadRequestException.class).isThrownBy(() -> complete(upload, List.of(hell)))
			.satisfies((ex) -> assertError(ex, 400, "part_ids", "The parts have 4 bytes together, but the upload was"
					+ " created for 5. Name other parts, or create a new upload."));
		List<String> both = new ArrayList<>(List.of(hell, part(upload, "o")));
		assertThatExceptionOfType(BadRequestException.class)
			.isThrownBy(() -> client.uploads()
				.complete(upload.id(), UploadCompleteParams.builder().partIds(both).md5("0".repeat(32)).build()))
			.satisfies((ex) -> assertError(ex, 400, "md5",
					"The parts have the MD5 5d41402abc4b2a76b9719d911017c592, not " + "0".repeat(32) + "."));
		assertThat(complete(upload, both).status()).isEqualTo(Upload.Status.COMPLETED);
		assertThatExceptionOfType(BadRequestException.class).isThrownBy(() -> complete(upload, both.reversed()))
			.satisfies((ex) -> assertError(ex, 400, "upload_id", "The upload " + upload.id() + " is completed."));
		assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> client.uploads().cancel("upload_x"))
			.satisfies((ex) -> assertError(ex, 404, "upload_id", "No such Upload object: upload_x"));
		assertThatExceptionOfType(UnauthorizedException.class)
			.isThrownBy(() -> stranger.uploads().create(params(5).build()))
			.satisfies((ex) -> assertThat(ex.code()).contains("invalid_api_key"));
	}

	@Test
	void seesWhyAPartOfMoreThan64MibIsRefused() throws IOException {
		Upload upload = create(5);
		byte[] large = new byte[64 * MIB + 1];
		Path file = Files.write(folder.resolve("large.bin"), large);
		for (PartCreateParams params : List.of(PartCreateParams.builder().data(large).build(),
				PartCreateParams.builder().data(new ByteArrayInputStream(large)).build(),
				PartCreateParams.builder().data(file).build())) {
			// the SDK has no type of its own for this status
			assertThatExceptionOfType(UnexpectedStatusCodeException.class)
				.isThrownBy(() -> client.uploads().parts().create(upload.id(), params))
				.satisfies((ex) -> assertError(ex, 413, "data", "The part is too large. The limit is 67108864 bytes."));
		}
		assertThat(complete(upload, List.of(part(upload, "hello"))).file()).isPresent();
	}

	@Test
	void completesOnceWhenSeveralAskAtTheSameTime() {
		Upload upload = create(5);
		List<String> ids = List.of(part(upload, "hel"), part(upload, "lo"));
		List<Upload> answers = IntStream.range(0, 4).parallel().mapToObj((number) -> complete(upload, ids)).toList();
		assertThat(answers).containsOnly(answers.getFirst());
	}

	private static void assertError(OpenAIServiceException ex, int status, String param, String message) {
		assertThat(ex.statusCode()).isEqualTo(status);
		assertThat(ex.type()).contains("invalid_request_error");
		assertThat(ex.param()).contains(param);
		assertThat(ex.code()).isEmpty();
		assertThat(ex).hasMessage(status + ": " + message);
	}

}

package dev.stowage.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.stowage.support.Backing;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** The official Java SDK, unmodified, against a running server. */
class OpenAiJavaClientTests extends OnEachBacking {

	private static final byte[] CONTENT = "some content of a file".getBytes(StandardCharsets.UTF_8);

	private static final FilePurpose ANY = FilePurpose.USER_DATA;

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static OpenAIClient client;

	private static OpenAIClient stranger;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.max-file-size=20MB");
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

	@Test
	void createsListsRetrievesDownloadsAndDeletes() throws IOException {
		Path file = Files.writeString(folder.resolve("mydata.jsonl"), "{\"a\":1}\n");
		FileObject created = client.files()
			.create(FileCreateParams.builder()
				.file(file)
				.purpose(FilePurpose.BATCH)
				.expiresAfter(FileCreateParams.ExpiresAfter.builder().seconds(3600).build())
				.build())
			.validate();
		assertThat(created.bytes()).isEqualTo(8);
		assertThat(created.filename()).isEqualTo("mydata.jsonl");
		assertThat(created.expiresAt()).contains(created.createdAt() + 3600);
		assertThat(client.files().list().data()).extracting(FileObject::id).contains(created.id());
		assertThat(client.files().retrieve(created.id()).validate()).isEqualTo(created);
		try (HttpResponse content = client.files().content(created.id())) {
			assertThat(content.body()).hasContent("{\"a\":1}\n");
		}
		assertThat(client.files().delete(created.id()).validate().deleted()).isTrue();
		assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> client.files().retrieve(created.id()));
	}

	@ParameterizedTest
	@MethodSource("inputs")
	void uploadsWhateverTheSdkTakes(MultipartField<InputStream> input, String kept) throws IOException {
		FileObject created = client.files()
			.create(FileCreateParams.builder()
				.file(input)
				.purpose(FilePurpose.USER_DATA)
				.expiresAfter(FileCreateParams.ExpiresAfter.builder().seconds(2_592_000).build())
				.build())
			.validate();
		assertThat(created.filename()).isEqualTo(kept);
		assertThat(created.purpose().asString()).isEqualTo("user_data");
		assertThat(created.bytes()).isEqualTo(CONTENT.length);
		assertThat(created.expiresAt()).contains(created.createdAt() + 2_592_000);
		try (HttpResponse content = client.files().content(created.id())) {
			assertThat(content.body()).hasBinaryContent(CONTENT);
		}
	}

	static Stream<Arguments> inputs() throws IOException {
		Path file = Files.write(folder.resolve("naïve 日本.txt"), CONTENT);
		return Stream.of(arguments(FileCreateParams.builder().file(CONTENT).purpose(ANY).build()._file(), "upload"),
				arguments(FileCreateParams.builder().file(stream()).purpose(ANY).build()._file(), "upload"),
				arguments(FileCreateParams.builder().file(file).purpose(ANY).build()._file(), "naïve 日本.txt"),
				arguments(MultipartField.<InputStream>builder()
					.value(stream())
					.filename("a \"quoted\" name.txt")
					.contentType("text/plain")
					.build(), "a \"quoted\" name.txt"));
	}

	/** Of no known length, so the SDK sends it in chunks. */
	private static InputStream stream() {
		return new SequenceInputStream(new ByteArrayInputStream(CONTENT, 0, 5),
				new ByteArrayInputStream(CONTENT, 5, CONTENT.length));
	}

	@Test
	void pagesOverTwoHundredAndFiftyFiles() {
		List<String> ids = IntStream.range(0, 250)
			.mapToObj((i) -> server.alice().uploaded("vision", i + ".png", "x"))
			.toList();
		FileListParams.Builder forty = FileListParams.builder().limit(40).purpose("vision");
		List<String> ascending = paged(forty.order(FileListParams.Order.ASC).build());
		List<String> descending = paged(forty.order(FileListParams.Order.DESC).build());
		assertThat(ascending).isEqualTo(ids);
		assertThat(descending).isEqualTo(ascending.reversed());
	}

	private static List<String> paged(FileListParams params) {
		return client.files().list(params).autoPager().stream().map(FileObject::id).toList();
	}

	@Test
	void throwsItsTypedErrors() {
		assertThatExceptionOfType(BadRequestException.class)
			.isThrownBy(() -> client.files().create(ofBytes(new byte[0], FilePurpose.USER_DATA)))
			.satisfies((ex) -> assertError(ex, 400, "file", "The file is empty. Upload at least one byte."));
		assertThatExceptionOfType(BadRequestException.class)
			.isThrownBy(() -> client.files().create(ofBytes(CONTENT, FilePurpose.of("nonsense"))))
			.satisfies((ex) -> assertError(ex, 400, "purpose", "'nonsense' is not one of"
					+ " ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'"));
		assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> client.files().delete("file-x"))
			.satisfies((ex) -> assertError(ex, 404, "id", "No such File object: file-x"));
		assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> stranger.files().list())
			.satisfies((ex) -> assertThat(ex.code()).contains("invalid_api_key"))
			.withMessage("401: Incorrect API key provided: sk-n…789.");
	}

	private static void assertError(OpenAIServiceException ex, int status, String param, String message) {
		assertThat(ex.statusCode()).isEqualTo(status);
		assertThat(ex.type()).contains("invalid_request_error");
		assertThat(ex.param()).contains(param);
		assertThat(ex.code()).isEmpty();
		assertThat(ex).hasMessage(status + ": " + message);
	}

	@Test
	void seesWhyALargeUploadIsRefused() throws IOException {
		byte[] large = new byte[40 * 1024 * 1024];
		Path file = Files.write(folder.resolve("large.bin"), large);
		for (int i = 0; i < 4; i++) {
			assertTooLarge(ofBytes(large, FilePurpose.USER_DATA));
			assertTooLarge(FileCreateParams.builder()
				.file(new ByteArrayInputStream(large))
				.purpose(FilePurpose.EVALS)
				.build());
			assertTooLarge(FileCreateParams.builder().file(file).purpose(FilePurpose.USER_DATA).build());
			assertThatExceptionOfType(UnauthorizedException.class)
				.isThrownBy(() -> stranger.files().create(ofBytes(large, FilePurpose.USER_DATA)));
		}
	}

	/** The SDK has no type of its own for this status. */
	private static void assertTooLarge(FileCreateParams params) {
		assertThatExceptionOfType(UnexpectedStatusCodeException.class).isThrownBy(() -> client.files().create(params))
			.satisfies((ex) -> assertError(ex, 413, "file", "File is too large. The limit is 20971520 bytes."));
	}

	private static FileCreateParams ofBytes(byte[] bytes, FilePurpose purpose) {
		return FileCreateParams.builder().file(bytes).purpose(purpose).build();
	}

}

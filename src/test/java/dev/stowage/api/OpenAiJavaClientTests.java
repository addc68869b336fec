package dev.stowage.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.stowage.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The official Java SDK, unmodified, against a running server. */
class OpenAiJavaClientTests {

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static OpenAIClient client;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder);
		client = client(StowageServer.ALICE);
	}

	private static OpenAIClient client(String key) {
		return OpenAIOkHttpClient.builder().apiKey(key).baseUrl(server.url("/v1").toString()).build();
	}

	@AfterAll
	static void stop() {
		client.close();
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

	@Test
	void uploadsBytesAndStreams() throws IOException {
		byte[] bytes = "from bytes".getBytes(StandardCharsets.UTF_8);
		FileObject fromBytes = client.files()
			.create(FileCreateParams.builder().file(bytes).purpose(FilePurpose.USER_DATA).build());
		FileObject fromStream = client.files()
			.create(FileCreateParams.builder()
				.file(MultipartField.<InputStream>builder()
					.value(new ByteArrayInputStream(bytes))
					.filename("naïve 日本.txt")
					.contentType("text/plain")
					.build())
				.purpose(FilePurpose.USER_DATA)
				.build());
		assertThat(fromBytes.filename()).isEqualTo("upload");
		assertThat(fromStream.filename()).isEqualTo("naïve 日本.txt");
		try (HttpResponse content = client.files().content(fromStream.id())) {
			assertThat(content.body()).hasBinaryContent(bytes);
		}
	}

	@Test
	void pagesOverAllFiles() {
		List<String> ids = IntStream.range(0, 25)
			.mapToObj((i) -> server.alice().uploaded("vision", i + ".png", "x"))
			.toList();
		FileListParams seven = FileListParams.builder()
			.limit(7)
			.purpose("vision")
			.order(FileListParams.Order.ASC)
			.build();
		assertThat(client.files().list(seven).autoPager().stream().map(FileObject::id).toList())
			.containsExactlyInAnyOrderElementsOf(ids);
	}

	@Test
	void throwsItsTypedErrors() {
		assertThatExceptionOfType(BadRequestException.class)
			.isThrownBy(() -> client.files()
				.create(FileCreateParams.builder().file(new byte[0]).purpose(FilePurpose.USER_DATA).build()))
			.satisfies((ex) -> assertThat(ex.param()).contains("file"));
		OpenAIClient stranger = client("sk-nobody-0123456789");
		assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> stranger.files().list())
			.satisfies((ex) -> assertThat(ex.code()).contains("invalid_api_key"));
		stranger.close();
	}

}

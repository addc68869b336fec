package dev.stowage.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.stowage.support.Backing;
import dev.stowage.support.Command;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The pre-signed flow as its publisher's samples run it, with curl and with Python. Those
 * for Node are in {@code src/test/node}.
 */
class PresignedSampleTests extends OnEachBacking {

	private static final String CONTENT = "{\n  \"users\": [\"Ada\", \"日本\"]\r\n}\n";

	private static final Path PYTHON = Path.of("src/test/python/presigned.py").toAbsolutePath();

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) throws IOException {
		server = StowageServer.start(backing, folder);
		Files.writeString(folder.resolve("data.json"), CONTENT);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Content-Type: application/json         | --data-binary | @data.json
			Content-Type:                          | --data-binary | @data.json
			Content-Type: application/octet-stream | --data-binary | @data.json
			Content-Type: text/csv; charset=utf-8  | --data-binary | @data.json
			Accept: */*                            | --data-binary | @data.json
			Content-Type: application/json         | -T            | data.json
			Accept: */*                            | -T            | data.json
			""")
	void takesEveryByteThatCurlPuts(String header, String option, String data) throws IOException {
		assertThat(download(upload("-X", "PUT", "-H", header, option, data)))
			.isEqualTo(CONTENT.getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Type: application/json", "Content-Type:", "Accept: */*" })
	void takesWhatCurlLeavesOfAFileThatItSendsWithoutLineEnds(String header) throws IOException {
		assertThat(download(upload("-X", "PUT", "-H", header, "-d", "@data.json")))
			.isEqualTo(CONTENT.replaceAll("[\r\n]", "").getBytes(StandardCharsets.UTF_8));
	}

	/** Creates, puts and completes a file, and returns its id. */
	private static String upload(String... put) {
		JsonNode created = api("/v1/files", "-H", "Content-Type: application/json", "-d",
				"{\"filename\": \"data.json\", \"purpose\": \"context\"}");
		assertThat(curl(created.path("upload_url").asString(), put)).isEmpty();
		String id = created.path("id").asString();
		JsonNode completed = api("/v1/files/" + id + "/complete", "-X", "POST");
		assertThat(completed.path("status").asString()).isEqualTo("completed");
		return id;
	}

	private static byte[] download(String id) throws IOException {
		JsonNode link = api("/v1/files/" + id + "/content?expires_in=3600");
		assertThat(link.path("expires_in").asInt()).isEqualTo(3600);
		curl(link.path("download_url").asString(), "-o", "downloaded.json");
		return Files.readAllBytes(folder.resolve("downloaded.json"));
	}

	private static JsonNode api(String path, String... options) {
		List<String> all = new ArrayList<>(List.of(options));
		all.addAll(List.of("-H", "Authorization: Bearer " + StowageServer.ALICE));
		return JsonMapper.shared().readTree(curl(server.url(path).toString(), all.toArray(String[]::new)));
	}

	private static String curl(String url, String... options) {
		List<String> command = new ArrayList<>(List.of("curl", "-sS", "--fail-with-body"));
		command.addAll(List.of(options));
		command.add(url);
		return Command.run(folder, Map.of(), command.toArray(String[]::new));
	}

	@Test
	void takesWhatPythonPuts() {
		assumeTrue(Command.exists("python3"), "SKIPPED: no python3 to run the sample with");
		String output = Command.run(folder,
				Map.of("STOWAGE_URL", server.url("").toString(), "STOWAGE_KEY", StowageServer.ALICE), "python3",
				PYTHON.toString(), "data.json");
		assertThat(output).matches("completed [0-9]+ bytes with (requests|urllib)\\n");
	}

}

package dev.stowage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.ManyRows;
import dev.stowage.support.RawConnection;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Each line that a request causes carries its id, on every thread. */
@ExtendWith(OutputCaptureExtension.class)
class LogTests {

	/**
	 * Makes threads log that would otherwise log nothing. The sweeper is off: what it
	 * writes passes the same threads, for no request.
	 */
	private static final String[] LOUD = { "logging.level.org.springframework.jdbc=debug",
			"logging.level.software.amazon.awssdk.request=debug", "stowage.sweep-interval=0" };

	private static final String NAME = "secret-name.txt";

	@TempDir
	Path folder;

	private final Set<String> ids = new TreeSet<>();

	/** Boot sets it in the logging system, and does not reset it. */
	@AfterEach
	void forgetTheSwitch() {
		System.clearProperty(LoggingSystemProperty.CONSOLE_STRUCTURED_FORMAT.getEnvironmentVariableName());
	}

	@Test
	void isJsonByOneSwitch(CapturedOutput output) throws Exception {
		JsonMapper json = new JsonMapper();
		List<JsonNode> lines = new ArrayList<>();
		for (String line : linesOf(output, "logging.structured.format.console=ecs")) {
			JsonNode node = json.readTree(line);
			String thread = node.path("process").path("thread").path("name").asString();
			if (!thread.startsWith("scheduling") && !thread.equals("start-report")) {
				lines.add(node);
			}
		}
		assertThat(lines).allSatisfy((line) -> assertThat(this.ids).contains(line.path("request_id").asString("")));
		assertThat(lines).anyMatch((line) -> line.path("message").asString().startsWith("Uploaded file-"))
			.anyMatch((line) -> line.path("message").asString().startsWith("The object store failed"))
			.anyMatch((line) -> line.path("process").path("thread").path("name").asString().equals("database-writer"))
			.anyMatch((line) -> line.path("message").asString().contains("partNumber"));
	}

	@Test
	void isPlainWithoutIt(CapturedOutput output) throws Exception {
		Pattern id = Pattern.compile("\\[(req_[0-9a-f]{32})]");
		List<String> lines = linesOf(output).stream()
			// the second line of a statement is not a separate log line
			.filter((line) -> line.matches("\\d{4}-.*") && !line.contains("scheduling-")
					&& !line.contains("start-report"))
			.toList();
		assertThat(lines).hasSizeGreaterThan(20)
			.allSatisfy((line) -> assertThat(id.matcher(line).results().map((found) -> found.group(1))).hasSize(1)
				.isSubsetOf(this.ids));
	}

	@Test
	void saysNothingOfClientsThatLeave(CapturedOutput output) throws Exception {
		try (StowageServer server = StowageServer.start(this.folder)) {
			byte[] large = new byte[16 << 20];
			String id = server.alice().upload(new Form().field("purpose", "user_data").file("a", large)).text("id");
			ManyRows.write(server.database(), 10_000, "a".repeat(255));
			int before = output.length();
			for (String path : List.of("/v1/files", "/v1/files/" + id + "/content")) {
				try (RawConnection client = new RawConnection(server)) {
					client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
							+ StowageServer.ALICE + "\r\n\r\n");
					assertThat(client.statusLine()).startsWith("HTTP/1.1 200");
					client.vanish();
				}
				Soon.await().until(() -> server.connections() == 0);
			}
			assertThat(output.toString().substring(before)).doesNotContain("ERROR").doesNotContain("\tat ");
		}
	}

	/** What is logged between start and stop, for requests that succeed and that fail. */
	private List<String> linesOf(CapturedOutput output, String... settings) throws Exception {
		String logged;
		String[] loud = Stream.concat(Stream.of(LOUD), Stream.of(settings)).toArray(String[]::new);
		try (StowageServer server = StowageServer.start(this.folder, loud)) {
			int started = output.length();
			Caller alice = server.alice();
			String id = told(alice.upload(new Form().field("purpose", "user_data").file(NAME, new byte[9 << 20])))
				.text("id");
			told(alice.upload(new Form().field("purpose", NAME).file(NAME, "x")));
			told(alice.get("/v1/files/" + id + "/content?expires_in=60"));
			told(alice.post("/v1/files", "{\"filename\": \"" + NAME + ".json\"}"));
			told(server.with("sk-" + NAME + "-0123456789").get("/v1/files"));
			told(alice.get("/" + NAME));
			server.engine().stop();
			told(alice.upload(new Form().field("purpose", "user_data").file(NAME, new byte[9 << 20])));
			told(alice.get("/v1/files/" + id + "/content"));
			logged = output.toString().substring(started);
		}
		assertThat(logged).doesNotContain(NAME).doesNotContain("X-Amz-Signature=").doesNotContain(StowageServer.ALICE);
		return logged.lines().toList();
	}

	private Answer told(Answer answer) {
		this.ids.add(answer.header("x-request-id").orElseThrow());
		return answer;
	}

}

package dev.stowage;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Command;
import dev.stowage.support.EventReceiver;
import dev.stowage.support.EventReceiver.Delivery;
import dev.stowage.support.Form;
import dev.stowage.support.NodeProject;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** The events of a whole server, as a real receiver gets them. */
@ExtendWith(OutputCaptureExtension.class)
class EventTests extends OnEachBacking {

	@TempDir
	static Path folder;

	private static EventReceiver receiver;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) throws IOException {
		receiver = new EventReceiver();
		server = StowageServer.start(backing, folder, receiver.settings());
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
		receiver.close();
	}

	@AfterEach
	void setRight() {
		receiver.acceptAll();
		server.clock().reset();
	}

	@ParameterizedTest
	@EnumSource
	void tellOfAFile(Way way) {
		String id = way.in(server.alice());
		awaitTypes(id, "file.created");
		JsonNode file = server.alice().get("/v1/files/" + id).json();
		JsonNode data = deliveriesOf(id).getFirst().json().path("data");
		assertThat(data.path("owner").asString()).isEqualTo("alice");
		assertThat(List.of("id", "filename", "purpose", "bytes", "created_at", "expires_at"))
			.allSatisfy((name) -> assertThat(data.path(name)).as(name).isEqualTo(file.path(name)));
		assertThat(server.alice().delete("/v1/files/" + id).status()).isEqualTo(200);
		awaitTypes(id, "file.created", "file.deleted");
		assertThat(deliveriesOf(id).getLast().json().path("data")).isEqualTo(data);
		assertThat(deliveriesOf(id)).allSatisfy(EventTests::requireDescribed);
	}

	private static void requireDescribed(Delivery delivery) {
		ObjectNode schema = JsonMapper.shared().createObjectNode().put("$ref", "#/components/schemas/Event");
		schema.set("components", server.with("").get("/openapi.json").json().path("components"));
		assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
			.getSchema(schema)
			.validate(delivery.json())).isEmpty();
	}

	@Test
	void tellOfAFileThatExpired() {
		String id = server.bob()
			.upload(new Form().field("purpose", "evals")
				.field("expires_after[anchor]", "created_at")
				.field("expires_after[seconds]", "3600")
				.file("a", "x"))
			.text("id");
		server.clock().move(Duration.ofHours(1));
		assertThat(server.bob().delete("/v1/files/" + id).status()).isEqualTo(404);
		server.sweep();
		awaitTypes(id, "file.created", "file.expired");
		assertThat(deliveriesOf(id).getFirst().json().at("/data/owner").asString()).isEqualTo("bob");
	}

	@Test
	void tellNothingOfWhatIsNoFileYet() {
		Caller alice = server.alice();
		String pending = alice.post("/v1/files", "{\"filename\": \"a.json\"}").text("id");
		assertThat(alice.delete("/v1/files/" + pending).status()).isEqualTo(200);
		assertThat(alice.upload(new Form().file("a", "x")).status()).isEqualTo(400);
		awaitTypes(alice.uploaded("evals", "a", "x"), "file.created");
		assertThat(receiver.typesOf(pending)).isEmpty();
	}

	@Test
	void holdNoRequestBackWhileTheReceiverIsSilent() {
		receiver.fallSilent();
		List<String> ids = Stream.generate(() -> server.alice().uploaded("evals", "a", "x")).limit(30).toList();
		await()
			.until(() -> receiver.attempts().stream().anyMatch((attempt) -> attempt.fileId().equals(ids.getFirst())));
		ids.forEach((id) -> assertThat(server.alice().delete("/v1/files/" + id).status()).isEqualTo(200));
		assertThat(ids).allSatisfy((id) -> assertThat(receiver.typesOf(id)).isEmpty());
		receiver.acceptAll();
		await().until(() -> {
			// the exchanges that were silent end, and their events wait
			server.clock().move(Duration.ofMinutes(2));
			return waiting(server) == 0;
		});
		ids.forEach((id) -> assertThat(receiver.typesOf(id)).containsExactly("file.created", "file.deleted"));
	}

	@Test
	@EnabledIf("dev.stowage.support.NodeProject#isHere")
	void areVerifiedByTheLibraryOfStandardWebhooks(@TempDir Path its) throws IOException {
		NodeProject.install();
		for (Way way : Way.values()) {
			String id = way.in(server.alice());
			server.alice().delete("/v1/files/" + id);
			awaitTypes(id, "file.created", "file.deleted");
		}
		List<Delivery> latest = receiver.accepted().reversed().subList(0, 2 * Way.values().length);
		Path file = Files.writeString(its.resolve("deliveries.json"), JsonMapper.shared().writeValueAsString(latest));
		assertThat(Command.run(NodeProject.FOLDER, Map.of("WEBHOOK_SECRET", EventReceiver.SECRET), "node",
				"webhooks.js", file.toString()))
			.contains(latest.size() + " verified");
	}

	@Test
	void endWithTheirSetting(CapturedOutput output, @TempDir Path its) throws IOException {
		try (EventReceiver away = new EventReceiver()) {
			away.stop();
			try (StowageServer before = StowageServer.start(this.backing, its, away.settings())) {
				before.alice().uploaded("evals", "a", "x");
				assertThat(waiting(before)).isOne();
			}
		}
		try (StowageServer after = StowageServer.start(this.backing, its)) {
			assertThat(output).contains("STOWAGE_WEBHOOK_URL is no longer set: 1 events were not delivered");
			String id = after.alice().uploaded("evals", "a", "x");
			assertThat(after.alice().delete("/v1/files/" + id).status()).isEqualTo(200);
			assertThat(waiting(after)).isZero();
		}
	}

	private static int waiting(StowageServer of) {
		return JdbcClient.create(of.database()).sql("SELECT count(*) FROM event").query(Integer.class).single();
	}

	private static void awaitTypes(String id, String... types) {
		await().until(() -> receiver.typesOf(id).equals(List.of(types)));
	}

	private static List<Delivery> deliveriesOf(String id) {
		return receiver.accepted().stream().filter((delivery) -> delivery.fileId().equals(id)).toList();
	}

	/** How the bytes of a file come. */
	enum Way {

		FORM {
			@Override
			String in(Caller caller) {
				return caller.uploaded("user_data", "a\u20ac.txt", "hello");
			}
		},

		SIGNED_URL {
			@Override
			String in(Caller caller) {
				return caller.completed("a.json", "[1]");
			}
		},

		PARTS {
			@Override
			String in(Caller caller) {
				String path = "/v1/uploads/" + caller.post("/v1/uploads",
						"{\"purpose\": \"evals\", \"filename\": \"a\", \"bytes\": 1, \"mime_type\": \"text/plain\"}")
					.text("id");
				Answer part = caller.form(path + "/parts", new Form().part("form-data; name=\"data\"", new byte[1]));
				return caller.post(path + "/complete", "{\"part_ids\": [\"" + part.text("id") + "\"]}")
					.json()
					.at("/file/id")
					.asString();
			}
		},

		TUS {
			@Override
			String in(Caller caller) {
				return caller
					.send("POST", "/v1/uploads", BodyPublishers.ofString("hello"), "Tus-Resumable", "1.0.0",
							"Upload-Length", "5", "Content-Type", "application/offset+octet-stream")
					.header("Stowage-File-Id")
					.orElseThrow();
			}
		},

		RESUMABLE {
			@Override
			String in(Caller caller) {
				return caller
					.send("POST", "/v1/files?purpose=user_data", BodyPublishers.ofString("hello"), "Content-Type",
							"text/plain", "Upload-Complete", "?1")
					.text("id");
			}
		};

		abstract String in(Caller caller);

	}

}

package dev.stowage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

import dev.stowage.support.BadCrowd;
import dev.stowage.support.BadCrowd.Manner;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.RawConnection;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageProcess;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server with 256 MiB of heap whose room is used up by clients of two addresses and two
 * owners that send nothing, or slowly, or never read. Other clients are still served, and
 * everyone is served after these have disconnected.
 */
class EveryRouteTests {

	/** There is room for 1,160 connections. */
	private static final int CROWD = 1_400;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String BOB = "sk-bob-0123456789abcdef";

	private static final String CAROL = "sk-carol-0123456789abcdef";

	private static final String OTHER_ADDRESS = "127.0.0.2";

	private static final String ANTHROPIC = "anthropic-version: 2023-06-01\r\n";

	private static final byte[] FORM = new Form().field("purpose", "user_data").file("a.txt", "bytes").bytes();

	@TempDir
	static Path folder;

	private static SharedBacking backing;

	private static StowageProcess server;

	private static String id;

	@BeforeAll
	static void start() throws Exception {
		backing = new SharedBacking(folder);
		server = StowageProcess.start(backing, folder,
				"stowage.api-keys=alice=" + StowageServer.ALICE + ",bob=" + BOB + ",carol=" + CAROL,
				"stowage.admin-key=" + StowageServer.ADMIN);
		id = HeldUpload.idIn(upload(StowageServer.ALICE, "127.0.0.1"));
	}

	@AfterAll
	static void stop() throws IOException {
		server.close();
		backing.close();
	}

	@Test
	void letsOthersInBesideAllMannersAtAllRoutes() throws Exception {
		besideCrowd(EnumSet.allOf(Route.class), EnumSet.allOf(Manner.class));
	}

	@ParameterizedTest
	@EnumSource
	@Tag("long")
	void letsOthersInBesideAllMannersAtOneRoute(Route route) throws Exception {
		besideCrowd(EnumSet.of(route), EnumSet.allOf(Manner.class));
	}

	@ParameterizedTest
	@EnumSource
	@Tag("long")
	void letsOthersInBesideOneMannerAtAllRoutes(Manner manner) throws Exception {
		besideCrowd(EnumSet.allOf(Route.class), EnumSet.of(manner));
	}

	private static void besideCrowd(Set<Route> routes, Set<Manner> manners) throws Exception {
		try (BadCrowd crowd = new BadCrowd()) {
			int number = 0;
			while (number < CROWD) {
				for (Route route : routes) {
					for (Manner manner : manners) {
						add(crowd, route, manner, number++);
					}
				}
			}
			crowd.start();
			for (int second = 0; second < 5; second++) {
				Thread.sleep(1_000);
				assertThat(quickly(() -> list(BOB, OTHER_ADDRESS))).startsWith("HTTP/1.1 200");
				assertThat(quickly(() -> upload(BOB, OTHER_ADDRESS))).startsWith("HTTP/1.1 200");
				assertThat(quickly(() -> list(StowageServer.ALICE, "127.0.0.3")))
					.matches("(?s)HTTP/1.1 (200|503)\\b.*");
			}
		}
		Soon.await().atMost(PATIENCE).until(() -> isServed("127.0.0.3") && isServed("127.0.0.4"));
		assertThat(upload(StowageServer.ALICE, "127.0.0.3")).startsWith("HTTP/1.1 200");
		assertThat(server.output()).doesNotContain("OutOfMemoryError").doesNotContain(" ERROR ");
	}

	/** Every third one has no key; the others are two owners', or the operator's. */
	private static void add(BadCrowd crowd, Route route, Manner manner, int number) {
		String owner = (number % 3 == 1) ? StowageServer.ALICE : CAROL;
		String key = (number % 3 == 0) ? ""
				: "Authorization: Bearer " + (route.isForOperator() ? StowageServer.ADMIN : owner) + "\r\n";
		crowd.add(server.port(), "127.0.0." + (3 + number / 3 % 2), manner,
				route.line.replace("ID", id) + " HTTP/1.1\r\nHost: localhost\r\n" + key + route.type, route.body());
	}

	private static boolean isServed(String from) throws IOException {
		return list(StowageServer.ALICE, from).startsWith("HTTP/1.1 200");
	}

	private static String list(String key, String from) throws IOException {
		try (RawConnection connection = server.connect(from)) {
			return connection
				.send("GET /v1/files?limit=2 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n")
				.answer();
		}
	}

	private static String upload(String key, String from) throws IOException {
		try (RawConnection connection = server.connect(from)) {
			return connection
				.send("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
						+ "\r\nContent-Type: " + Form.CONTENT_TYPE + "\r\nContent-Length: " + FORM.length + "\r\n\r\n")
				.send(FORM)
				.answer();
		}
	}

	private static String quickly(Call call) throws IOException {
		long start = System.nanoTime();
		String answer = call.make();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
		return answer;
	}

	@FunctionalInterface
	private interface Call {

		String make() throws IOException;

	}

	/** Every route. */
	enum Route {

		LIST("GET /v1/files"), FILE("GET /v1/files/ID"), CONTENT("GET /v1/files/ID/content"),
		HEAD("HEAD /v1/files/ID/content"), LINK("GET /v1/files/ID/content?expires_in=60"), URL("GET /v1/files/ID/url"),
		DELETE("DELETE /v1/files/file-none"), UPLOAD("POST /v1/files", Form.CONTENT_TYPE),
		GRANT("POST /v1/files", "application/json"), COMPLETE("POST /v1/files/ID/complete", ""),
		UPLOAD_URLS("GET /v1/files/ID/upload_urls"), NEW_UPLOAD("POST /v1/uploads", "application/json"),
		SHOW_UPLOAD("GET /v1/uploads/upload_none"), PART("POST /v1/uploads/upload_none/parts", Form.CONTENT_TYPE),
		PARTS("GET /v1/uploads/upload_none/parts"),
		COMPLETE_UPLOAD("POST /v1/uploads/upload_none/complete", "application/json"),
		CANCEL_UPLOAD("POST /v1/uploads/upload_none/cancel", ""),
		NEW_TUS_UPLOAD("POST /v1/uploads",
				"application/offset+octet-stream\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 0"),
		NEW_RESUMABLE_UPLOAD("POST /v1/files", "text/plain\r\nUpload-Complete: ?1"),
		OFFSET("HEAD /v1/uploads/upload_none"),
		APPEND_WITH_TUS("PATCH /v1/uploads/upload_none",
				"application/offset+octet-stream\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0"),
		APPEND("PATCH /v1/uploads/upload_none",
				"application/partial-upload\r\nUpload-Complete: ?1\r\nUpload-Offset: 0"),
		END_UPLOAD("DELETE /v1/uploads/upload_none"), UPLOAD_OPTIONS("OPTIONS /v1/uploads"),
		PROJECTS("GET /v1/organization/projects"), NEW_PROJECT("POST /v1/organization/projects", "application/json"),
		NEW_KEY("POST /v1/organization/projects/proj_none/service_accounts", "application/json"),
		QUOTA("POST /v1/organization/projects/proj_none/quota", "application/json"),
		RATE_LIMIT("POST /v1/organization/projects/proj_none/rate_limits/rl-files", "application/json"),
		USAGE("GET /v1/organization/projects/proj_none/usage"), UNKNOWN("POST /v1/nothing", ""),
		HEALTH("GET /actuator/health"), LIVENESS("GET /actuator/health/liveness"),
		READINESS("GET /actuator/health/readiness"), METRICS("GET /actuator/prometheus"), DOCS("GET /docs"),
		SCRIPT_OF_DOCS("GET /swagger-ui/swagger-ui-bundle.js"), ROOT("GET /"), CONSOLE("GET /console/"),
		SCRIPT("GET /console/app.js"), OWN_USAGE("GET /v1/usage"), OPENAPI("GET /openapi.json"),
		OPENAPI_OF_ANTHROPIC("GET /openapi-anthropic.yaml"), LIST_FOR_ANTHROPIC("GET /v1/files", ANTHROPIC, false),
		FILE_FOR_ANTHROPIC("GET /v1/files/ID", ANTHROPIC, false),
		CONTENT_FOR_ANTHROPIC("GET /v1/files/ID/content", ANTHROPIC, false),
		DELETE_FOR_ANTHROPIC("DELETE /v1/files/file-none", ANTHROPIC, false),
		UPLOAD_OF_ANTHROPIC("POST /v1/files", Form.CONTENT_TYPE + "\r\nanthropic-version: 2023-06-01"),
		LIST_OF_PAIRS("GET /v1/files?metadata[a]=b"), UPLOAD_OF_AZURE("POST /openai/files", Form.CONTENT_TYPE),
		PREFLIGHT("OPTIONS /v1/files");

		private final String line;

		private final String type;

		private final boolean hasBody;

		Route(String line) {
			this(line, "", false);
		}

		Route(String line, String contentType) {
			this(line, contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n", true);
		}

		Route(String line, String type, boolean hasBody) {
			this.line = line;
			this.type = type;
			this.hasBody = hasBody;
		}

		private boolean isForOperator() {
			return this.line.contains("/v1/organization/");
		}

		/** A refused request; otherwise the test would create many files. */
		private Optional<String> body() {
			return this.hasBody ? Optional.of("{}") : Optional.empty();
		}

	}

}

package dev.stowage.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import dev.stowage.support.Backing;
import dev.stowage.support.Command;
import dev.stowage.support.NodeProject;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The official JavaScript SDKs and the clients of tus, unmodified, and Node's own fetch
 * against a running server: runs the tests in {@code src/test/node}.
 */
@EnabledIf("dev.stowage.support.NodeProject#isHere")
class OpenAiNodeClientTests extends OnEachBacking {

	@TempDir
	static Path folder;

	@TempDir
	static Path roomyFolder;

	@TempDir
	static Path redirectingFolder;

	private static StowageServer server;

	private static StowageServer roomy;

	private static StowageServer redirecting;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) throws IOException {
		NodeProject.install();
		server = StowageServer.start(backing, folder, "stowage.max-file-size=20MB",
				"stowage.admin-key=" + StowageServer.ADMIN);
		roomy = StowageServer.start(backing, roomyFolder);
		redirecting = StowageServer.start(backing, redirectingFolder, "stowage.max-file-size=20MB",
				"stowage.content-redirect=true");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
		roomy.close();
		redirecting.close();
	}

	static Stream<String> testFiles() throws IOException {
		try (Stream<Path> files = Files.list(NodeProject.FOLDER)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".test.js"))
				.sorted()
				.toList()
				.stream();
		}
	}

	@ParameterizedTest
	@MethodSource("testFiles")
	void passesItsTests(String file) {
		assumeTrue(this.backing == Backing.EMBEDDED || !file.startsWith("refusals"),
				"What is refused reaches no store, so it is tried on one");
		requirePassed(file, server);
	}

	@ParameterizedTest
	@ValueSource(strings = { "files.test.js", "presigned.test.js" })
	void passesItsTestsWhereContentIsRedirectedToTheStore(String file) {
		requirePassed(file, redirecting);
	}

	@Test
	void waitsAsLongAsARateLimitSays(@TempDir Path limitedFolder) {
		assumeTrue(this.backing == Backing.EMBEDDED, "What is refused reaches no store, so it is tried on one");
		try (StowageServer limited = StowageServer.start(this.backing, limitedFolder, "stowage.rate-limit=60")) {
			requirePassed("limited.js", limited);
		}
	}

	private static void requirePassed(String file, StowageServer by) {
		String output = Command.run(NodeProject.FOLDER,
				Map.of("STOWAGE_URL", by.url("").toString(), "STOWAGE_ROOMY_URL", roomy.url("").toString(),
						"STOWAGE_KEY", StowageServer.ALICE, "STOWAGE_ADMIN_KEY", StowageServer.ADMIN),
				"node", "--test", "--test-reporter=tap", file);
		assertThat(output).containsPattern("# pass [1-9]").contains("# fail 0", "# skipped 0");
	}

	@Test
	void locksTheClientsWithoutARegistrysName() throws IOException {
		assertThat(NodeProject.LOCK).content()
			.contains("\"@anthropic-ai/sdk\": \"1.14.0\"", "\"groq-sdk\": \"1.6.0\"", "\"openai\": \"6.49.0\"",
					"\"tus-js-client\": \"4.3.1\"", "npm:tus-js-client@5.0.0-pre2")
			.doesNotContain("resolved", "registry");
		assertThat(Path.of("src/bench/node/package-lock.json")).content()
			.contains("\"fastify\": \"5.12.8\"", "\"@aws-sdk/lib-storage\": \"3.1169.0\"")
			.doesNotContain("resolved", "registry");
	}

}

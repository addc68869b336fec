package dev.stowage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.JavaProcess;
import dev.stowage.support.ManyRows;
import dev.stowage.support.RawConnection;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients that send requests to a server with 256 MiB of heap and never read. */
class UnreadAnswersTests {

	private static final int DOWNLOADS = 1000;

	private static final int LISTS = 140;

	private static final int SHORT_LISTS = 200;

	private static final int OTHERS = 100;

	private static final Duration SOON = Duration.ofSeconds(10);

	@TempDir
	Path folder;

	@Test
	void leaveOthersTheirRoomOnTheEmbeddedStore() throws Exception {
		int port = JavaProcess.freePort();
		try (JavaProcess server = start(port, Map.of(),
				Stream.of("stowage.s3.embedded-port=0", "stowage.data-dir=" + this.folder))) {
			requireRoom(server, port, "jdbc:sqlite:" + this.folder.resolve("stowage.db") + "?busy_timeout=10000");
		}
	}

	@Test
	void leaveOthersTheirRoomOnAnExternalStore() throws Exception {
		int port = JavaProcess.freePort();
		try (SharedBacking backing = new SharedBacking(this.folder);
				JavaProcess server = start(port, backing.environment(), Stream.of(backing.settings()))) {
			requireRoom(server, port, backing.databaseUrl());
		}
	}

	private JavaProcess start(int port, Map<String, String> environment, Stream<String> settings)
			throws IOException, InterruptedException {
		Stream<String> options = Stream.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
				"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				StowageApplication.class.getName(), "--server.port=" + port, "--server.address=127.0.0.1",
				"--stowage.address-share=100",
				"--stowage.api-keys=alice=" + StowageServer.ALICE + ",bob=" + StowageServer.BOB);
		JavaProcess server = new JavaProcess(this.folder.resolve("log"), environment,
				Stream.concat(options, settings.map((setting) -> "--" + setting)).toList());
		server.awaitUp(URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness"));
		return server;
	}

	private static void requireRoom(JavaProcess server, int port, String databaseUrl) throws Exception {
		URI url = URI.create("http://127.0.0.1:" + port);
		Caller alice = new Caller(url, StowageServer.ALICE);
		Caller bob = new Caller(url, StowageServer.BOB);
		byte[] content = new byte[10_000_000];
		String id = alice.upload(new Form().field("purpose", "user_data").file("a", content)).text("id");
		String link = alice.completed("a.json", "{}");
		String bobs = bob.uploaded("user_data", "b", "b");
		ManyRows.write(new DriverManagerDataSource(databaseUrl), 10_000, "\u5b57".repeat(255));
		List<RawConnection> clients = new ArrayList<>();
		try {
			ask(clients, port, LISTS, "/v1/files");
			ask(clients, port, SHORT_LISTS, "/v1/files?limit=50");
			ask(clients, port, OTHERS, "/v1/files/" + link + "/content");
			ask(clients, port, OTHERS, "/v1/files/none");
			ask(clients, port, DOWNLOADS, "/v1/files/" + id + "/content");
			for (int i = 0; i < 3; i++) {
				requireSoon(() -> assertThat(bob.get("/v1/files").status()).isEqualTo(200));
				requireSoon(() -> assertThat(bob.uploaded("user_data", "b", "b")).isNotEmpty());
				requireSoon(() -> assertThat(bob.get("/v1/files/" + bobs + "/content").body()).isEqualTo("b"));
			}
		}
		finally {
			for (RawConnection client : clients) {
				client.vanish();
			}
		}
		Soon.await()
			.untilAsserted(() -> assertThat(alice.get("/v1/files/" + id + "/content").bytes()).hasSize(content.length));
		assertThat(server.isAlive()).isTrue();
		assertThat(server.output()).doesNotContain("OutOfMemory", "Out of memory");
	}

	private static void ask(List<RawConnection> clients, int port, int count, String path) throws IOException {
		for (int i = 0; i < count; i++) {
			RawConnection client = new RawConnection(port);
			clients.add(client);
			client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
					+ "\r\n\r\n");
		}
	}

	/** On a busy machine, the first attempt may fail. */
	private static void requireSoon(Runnable question) {
		Soon.await().untilAsserted(() -> {
			long begun = System.nanoTime();
			question.run();
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
		});
	}

}

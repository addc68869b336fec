package dev.stowage.startup;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.stowage.StowageApplication;
import dev.stowage.support.JavaProcess;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.web.HttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;

/** A server whose memory has run out halts, however it was started. */
class OutOfMemoryTests {

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "/v1/in-a-handler", "/v1/in-a-thread" })
	void haltsWithOneLine(String path) throws Exception {
		int port = JavaProcess.freePort();
		List<String> arguments = List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
				"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				StowageApplication.class.getName(), "--spring.main.sources=" + Greedy.class.getName(),
				"--server.port=" + port, "--stowage.s3.embedded-port=0", "--stowage.data-dir=" + this.folder,
				"--stowage.api-keys=alice=" + StowageServer.ALICE);
		try (JavaProcess server = new JavaProcess(this.folder.resolve("log"), Map.of(), arguments)) {
			server.awaitUp(URI.create("http://127.0.0.1:" + port + "/actuator/health/liveness"));
			try (RawConnection client = new RawConnection(port)) {
				client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
						+ StowageServer.ALICE + "\r\n\r\n");
				requireHalt(server);
			}
		}
	}

	private static void requireHalt(JavaProcess process) throws Exception {
		assertThat(process.awaitEnd()).isEqualTo(3);
		assertThat(process.output().lines().filter((line) -> line.contains("memory"))).hasSize(1)
			.first()
			.asString()
			.startsWith("Out of memory: the process halts");
	}

	/** Without the rest of a server, which has many of them. */
	@Test
	void haltsWhenAVirtualThreadRunsOutOfMemory() throws Exception {
		List<String> arguments = List.of("-Xmx32m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				InVirtualThread.class.getName());
		try (JavaProcess process = new JavaProcess(this.folder.resolve("log"), Map.of(), arguments)) {
			requireHalt(process);
		}
	}

	/** A process one thread of which uses up all memory. */
	static class InVirtualThread {

		public static void main(String[] arguments) throws InterruptedException {
			OutOfMemory.haltOnThreads();
			Thread.ofVirtual().start(Greedy::takeAll).join();
		}

	}

	/** A bean that uses up all memory on request. */
	static class Greedy {

		@Bean("/v1/in-a-handler")
		HttpRequestHandler inHandler() {
			return (request, response) -> takeAll();
		}

		@Bean("/v1/in-a-thread")
		HttpRequestHandler inThread() {
			return (request, response) -> Thread.ofPlatform().start(Greedy::takeAll);
		}

		private static void takeAll() {
			List<byte[]> all = new ArrayList<>();
			while (all.size() < Integer.MAX_VALUE) {
				all.add(new byte[10_000]);
			}
		}

	}

}

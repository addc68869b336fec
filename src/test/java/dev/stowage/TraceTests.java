package dev.stowage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.StowageProcess;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Traces go to a receiver, if one is configured, and contain no secrets. */
class TraceTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	@TempDir
	Path folder;

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private HttpServer receiver;

	@BeforeEach
	void receive() throws IOException {
		this.receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.receiver.createContext("/v1/traces", this::accept);
		this.receiver.start();
	}

	@AfterEach
	void stop() {
		this.receiver.stop(0);
	}

	private void accept(HttpExchange post) throws IOException {
		byte[] body = post.getRequestBody().readAllBytes();
		synchronized (this.received) {
			this.received.writeBytes(body);
		}
		post.sendResponseHeaders(200, -1);
		post.close();
	}

	private String received() {
		synchronized (this.received) {
			return this.received.toString(StandardCharsets.ISO_8859_1);
		}
	}

	private StowageServer traced() {
		return StowageServer.start(this.folder,
				"management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
						+ this.receiver.getAddress().getPort() + "/v1/traces",
				"management.opentelemetry.tracing.export.schedule-delay=100ms");
	}

	@Test
	void followARequestToTheStoreAndItsParts() {
		try (StowageServer server = traced()) {
			Answer answer = server.alice()
				.send("POST", "/v1/files",
						BodyPublishers.ofByteArray(new Form().field("purpose", "user_data")
							.file("secret-name.txt", new byte[9 * 1024 * 1024])
							.bytes()),
						"Content-Type", Form.CONTENT_TYPE, "traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");
			assertThat(answer.status()).isEqualTo(200);
			await().until(() -> received().contains("POST /v1/files"));
		}
		assertThat(received()).contains("s3 CreateMultipartUpload", "s3 UploadPart", "s3 CompleteMultipartUpload")
			.contains("stowage");
		String id = new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1);
		// the request, the upload's begin and end, and two parts on threads of their own
		assertThat(received().split(id, -1)).hasSize(1 + 5);
	}

	@Test
	void tellNoKeyNoNameAndNoSignedUrl() throws Exception {
		try (StowageServer server = traced()) {
			String traceparent = "00-" + TRACE + "-b7ad6b7169203331-01";
			Caller alice = server.alice();
			String id = alice.completed("secret-name.json", "[]");
			alice.uploaded("user_data", "secret-name.txt", "x");
			for (Caller caller : new Caller[] { alice, server.with("sk-secret-name-0123456789") }) {
				caller.get("/v1/files/" + id + "/content?expires_in=60", "traceparent", traceparent, "baggage",
						"a=secret-name");
				caller.get("/v1/files/secret-name", "traceparent", traceparent);
				caller.get("/secret-name?X-Amz-Signature=secret-name", "traceparent", traceparent);
				caller.send("POST", "/v1/files", BodyPublishers.ofString("{\"filename\": \"secret-name\"}"),
						"Content-Type", "application/json", "traceparent", traceparent);
				caller.send("POST", "/v1/files",
						BodyPublishers.ofByteArray(new Form().field("purpose", "secret-name").file("a", "x").bytes()),
						"Content-Type", Form.CONTENT_TYPE, "traceparent", traceparent);
			}
			alice.send("DELETE", "/v1/files/secret-name", BodyPublishers.ofString("%secret-name"), "Content-Type",
					"application/x-www-form-urlencoded", "traceparent", traceparent);
			try (RawConnection connection = new RawConnection(server)) {
				connection
					.send("SECRET-NAME /v1/files HTTP/1.1\r\nHost: x\r\nConnection: close\r\ntraceparent: "
							+ traceparent + "\r\n\r\n")
					.rest();
			}
			server.engine().stop();
			alice.get("/v1/files/" + id + "/content", "Accept", "application/octet-stream", "traceparent", traceparent);
		}
		assertThat(received()).contains("GET /v1/files/{id}/content", "NO_ANSWER", "401", "503")
			.doesNotContainIgnoringCase("secret-name")
			.doesNotContain("X-Amz-")
			.doesNotContain(StowageServer.ALICE)
			.doesNotContain("staging/")
			.doesNotContain("file-");
	}

	/** Configured by the standard names, as the page on operations says. */
	@Test
	void goWhereTheEnvironmentSays() throws Exception {
		Map<String, String> variables = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT",
				"http://127.0.0.1:" + this.receiver.getAddress().getPort(), "OTEL_TRACES_SAMPLER",
				"parentbased_always_on");
		try (SharedBacking backing = new SharedBacking(this.folder);
				StowageProcess server = StowageProcess.start(variables, backing, this.folder)) {
			assertThat(new Caller(server.url(), StowageServer.ALICE).get("/v1/files").status()).isEqualTo(200);
			await().until(() -> received().contains("GET /v1/files"));
			// except of a store that is slow to remove the probe's objects
			assertThat(server.output().lines()).filteredOn((line) -> !line.contains("ProbeCalls"))
				.noneMatch((line) -> line.contains(" ERROR ") || line.contains(" WARN "));
		}
	}

	@Test
	void areNotMadeWhereNobodyIsNamedToReceiveThem() {
		try (StowageServer server = traced()) {
			assertThat(exporters()).isPositive();
			assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
		}
		await().until(() -> exporters() == 0);
		try (StowageServer server = StowageServer.start(this.folder)) {
			assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
			assertThat(exporters()).isZero();
		}
	}

	private static long exporters() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().contains("BatchSpanProcessor"))
			.count();
	}

}

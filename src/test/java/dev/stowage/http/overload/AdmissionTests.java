package dev.stowage.http.overload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** More requests than a server can serve at the same time. */
class AdmissionTests {

	private static final int REQUESTS = 2;

	private static final String ORIGIN = "https://app.example";

	private static final byte[] FORM = new Form().field("purpose", "user_data").file("a.txt", "bytes").bytes();

	@TempDir
	static Path folder;

	private static StowageServer server;

	private final List<RawConnection> open = new ArrayList<>();

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.max-requests=" + REQUESTS, "stowage.cors-origins=" + ORIGIN);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void hangUp() throws IOException {
		for (RawConnection connection : this.open) {
			connection.close();
		}
		awaitFree(REQUESTS);
	}

	@Test
	void refusesWhatIsMoreThanItServesAtOnce() throws IOException {
		HeldUpload first = begun();
		HeldUpload second = begun();
		double before = turnedAway();
		Answer refused = server.alice().get("/v1/files");
		assertThat(refused.status()).isEqualTo(503);
		assertThat(turnedAway() - before).isEqualTo(1);
		assertThat(refused.text("code")).isEqualTo("server_busy");
		assertThat(refused.text("detail")).contains("try again");
		assertThat(refused.json().get("error").get("type").asString()).isEqualTo("server_error");
		assertThat(refused.header("Retry-After").map(Integer::parseInt).orElseThrow()).isBetween(1, 10);
		assertThat(refused.header("x-request-id")).isPresent();
		assertThat(server.alice().get("/actuator/health/readiness").status()).isEqualTo(200);
		assertThat(first.finish()).startsWith("HTTP/1.1 200");
		assertThat(second.finish()).startsWith("HTTP/1.1 200");
		awaitFree(REQUESTS);
		assertThat(server.alice().get("/v1/files").ids()).hasSize(2);
	}

	@Test
	void tellsPagesOfAnAllowedOrigin() throws IOException {
		begun();
		begun();
		Answer refused = server.alice().get("/v1/files", "Origin", ORIGIN);
		assertThat(refused.status()).isEqualTo(503);
		assertThat(refused.header("Access-Control-Allow-Origin")).contains(ORIGIN);
	}

	@Test
	void tellsClientsThatAreStillSending() throws IOException {
		begun();
		begun();
		Answer refused = server.alice()
			.upload(new Form().field("purpose", "user_data").file("large", new byte[40 << 20]).bytes());
		assertThat(refused.status()).isEqualTo(503);
		assertThat(refused.text("code")).isEqualTo("server_busy");
	}

	@Test
	void asksNoBytesOfThoseWhoAskBefore() throws IOException {
		begun();
		begun();
		try (RawConnection asking = new RawConnection(server)) {
			asking.uploadHead("Content-Length: 1000000", "Expect: 100-continue");
			assertThat(asking.statusLine()).contains("503");
		}
	}

	@Test
	void waitsForNoClientThatSaysNothing() throws IOException {
		begun();
		begun();
		try (RawConnection silent = new RawConnection(server)) {
			silent.uploadHead("Content-Length: 1000000");
			String refused = silent.rest();
			assertThat(refused).startsWith("HTTP/1.1 503").contains("Connection: close").contains("server_busy");
		}
	}

	@Test
	void waitsForNoStrangerWhoSaysNothing() throws IOException {
		try (RawConnection silent = new RawConnection(server)) {
			silent.send("POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-wrong\r\nContent-Type: "
					+ Form.CONTENT_TYPE + "\r\nContent-Length: 1000000\r\n\r\n");
			String refused = silent.rest();
			assertThat(refused).startsWith("HTTP/1.1 401").contains("Connection: close").contains("invalid_api_key");
		}
	}

	/** An upload whose end was not sent yet. */
	private HeldUpload begun() throws IOException {
		int free = filter().free();
		RawConnection connection = new RawConnection(server);
		this.open.add(connection);
		HeldUpload upload = new HeldUpload(connection, FORM, 10);
		awaitFree(free - 1);
		return upload;
	}

	private static double turnedAway() {
		return server.bean("prometheusMeterRegistry", MeterRegistry.class)
			.get("stowage.turned.away")
			.tag("what", "request")
			.counter()
			.count();
	}

	private static AdmissionFilter filter() {
		return server.bean("admissionFilter", AdmissionFilter.class);
	}

	private static void awaitFree(int places) {
		await().untilAsserted(() -> assertThat(filter().free()).isEqualTo(places));
	}

}

package dev.stowage.http.overload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** One owner, or one address, that uses as much as it can get. */
class FairShareTests {

	private static final int REQUESTS = 8;

	/** Of 8 places, so that a quarter of what the others leave is free. */
	private static final int OWNERS_SHARE = 6;

	/** As {@link Capacity} has them for 8 requests. */
	private static final int CONNECTIONS = 8 + 1 + 8;

	/** Nine tenths of these, rounded up. */
	private static final int ADDRESS_SHARE = 16;

	private static final byte[] FORM = new Form().field("purpose", "user_data").file("a.txt", "bytes").bytes();

	private static final String LIST = "GET /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
			+ StowageServer.ALICE + "\r\n\r\n";

	private final List<RawConnection> open = new ArrayList<>();

	@TempDir
	Path folder;

	@AfterEach
	void hangUp() throws IOException {
		for (RawConnection connection : this.open) {
			connection.close();
		}
	}

	@Test
	void anOwnerGetsNoMoreRequestsThanItsShareAndAnotherIsServed() throws IOException {
		try (StowageServer server = start()) {
			List<HeldUpload> uploads = held(server, OWNERS_SHARE);
			Answer refused = server.alice().get("/v1/files");
			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.text("code")).isEqualTo("server_busy");
			assertThat(refused.text("detail")).contains("You have too many requests in progress");
			assertThat(refused.header("Retry-After")).isPresent();
			assertThat(server.bob().get("/v1/files").status()).isEqualTo(200);
			assertThat(server.bob().uploaded("user_data", "a.txt", "x")).startsWith("file-");
			assertThat(uploads.getFirst().finish()).startsWith("HTTP/1.1 200");
			await().until(() -> server.alice().get("/v1/files").status() == 200);
		}
	}

	@Test
	void anOwnerThatIsAloneGetsAllRequests() throws IOException {
		try (StowageServer server = start("stowage.api-keys=alice=" + StowageServer.ALICE)) {
			held(server, REQUESTS);
			Answer refused = server.alice().get("/v1/files");
			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.text("detail")).contains("The server is busy");
		}
	}

	@Test
	void anOwnerGetsTheShareThatIsConfigured() throws IOException {
		try (StowageServer server = start("stowage.owner-share=50")) {
			held(server, REQUESTS / 2);
			assertThat(server.alice().get("/v1/files").status()).isEqualTo(503);
			assertThat(server.bob().get("/v1/files").status()).isEqualTo(200);
		}
	}

	private List<HeldUpload> held(StowageServer server, int count) throws IOException {
		AdmissionFilter filter = server.bean("admissionFilter", AdmissionFilter.class);
		List<HeldUpload> uploads = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			RawConnection connection = new RawConnection(server);
			this.open.add(connection);
			uploads.add(new HeldUpload(connection, FORM, 10));
		}
		await().until(() -> filter.free() == REQUESTS - count);
		return uploads;
	}

	@Test
	void anAddressGetsNoMoreConnectionsThanItsShareAndAnotherIsServed() throws IOException {
		try (StowageServer server = start()) {
			for (int i = 0; i < CONNECTIONS; i++) {
				this.open.add(new RawConnection(server));
			}
			assertThat(this.open.getLast().send(LIST).rest()).startsWith("HTTP/1.1 503");
			assertThat(server.connections()).isEqualTo(ADDRESS_SHARE);
			try (RawConnection other = new RawConnection(server, "127.0.0.2")) {
				assertThat(other.send(LIST).answer()).startsWith("HTTP/1.1 200");
			}
			this.open.getFirst().close();
			await().until(() -> server.connections() == ADDRESS_SHARE - 1);
			try (RawConnection next = new RawConnection(server)) {
				assertThat(next.send(LIST).answer()).startsWith("HTTP/1.1 200");
			}
		}
	}

	@Test
	void anAddressBehindAProxyIsToldByItsHeader() throws IOException {
		try (StowageServer server = start("stowage.address-share=50")) {
			refuse(server, "192.0.2.1");
			assertThat(timeToRefuse(server, "192.0.2.1")).isLessThan(Duration.ofSeconds(1));
			assertThat(timeToRefuse(server, "192.0.2.2")).isGreaterThan(Duration.ofSeconds(1));
		}
	}

	@Test
	void anAddressThatIsNoProxysIsNotBelievedWhatItSaysOfItself() throws IOException {
		try (StowageServer server = start("stowage.address-share=50",
				"server.tomcat.remoteip.internal-proxies=10\\..*")) {
			refuse(server, "192.0.2.1");
			assertThat(timeToRefuse(server, "192.0.2.2")).isLessThan(Duration.ofSeconds(1));
		}
	}

	/** As many as there are places for bodies of refused requests. */
	private void refuse(StowageServer server, String address) throws IOException {
		for (int i = 0; i < (CONNECTIONS - REQUESTS + 1) / 2; i++) {
			RawConnection stranger = new RawConnection(server).send(stranger(address));
			this.open.add(stranger);
		}
		await().pollDelay(Duration.ofMillis(300)).until(() -> true);
	}

	/** The server waits for a client if it is among those. */
	private static Duration timeToRefuse(StowageServer server, String address) throws IOException {
		long start = System.nanoTime();
		try (RawConnection stranger = new RawConnection(server).send(stranger(address))) {
			assertThat(stranger.rest()).startsWith("HTTP/1.1 401");
		}
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static String stranger(String address) {
		return "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + address
				+ "\r\nContent-Length: 1000000\r\n\r\n";
	}

	private StowageServer start(String... more) {
		List<String> settings = new ArrayList<>(
				// otherwise it waits for held uploads until its end
				List.of("stowage.max-requests=" + REQUESTS, "server.shutdown=immediate"));
		settings.addAll(List.of(more));
		return StowageServer.start(this.folder, settings.toArray(String[]::new));
	}

}

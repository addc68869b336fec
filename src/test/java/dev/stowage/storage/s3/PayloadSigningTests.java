package dev.stowage.storage.s3;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

import static org.assertj.core.api.Assertions.assertThat;

/** What requests to a store on plain http say about their bytes. */
class PayloadSigningTests {

	private static final byte[] BYTES = Samples.bytes(100_000);

	private final AtomicReference<String> told = new AtomicReference<>("");

	private HttpServer http;

	@BeforeEach
	void listen() throws Exception {
		this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.http.createContext("/", (exchange) -> {
			exchange.getRequestBody().readAllBytes();
			this.told.set(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
			exchange.sendResponseHeaders(200, -1);
			exchange.close();
		});
		this.http.start();
	}

	@AfterEach
	void stop() {
		this.http.stop(0);
	}

	@Test
	void isToldTheirDigest() throws Exception {
		put(true);
		assertThat(this.told).hasValue(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BYTES)));
	}

	@Test
	void isToldNothingWhereTheNetworkIsTrusted() throws Exception {
		put(false);
		assertThat(this.told).hasValue("UNSIGNED-PAYLOAD");
	}

	private void put(boolean signed) throws Exception {
		URI endpoint = URI.create("http://127.0.0.1:" + this.http.getAddress().getPort());
		S3Connection connection = new S3Connection(Optional.of(endpoint), Optional.empty(), Region.US_EAST_1, true,
				signed, "bucket", StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")), () -> {
				});
		try (StoreUnderTest store = new StoreUnderTest(connection, 4)) {
			store.store().put(Samples.newKey(), Samples.stream(BYTES), BYTES.length);
		}
	}

}

package dev.stowage.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A token service that gives everyone the same credentials, or refuses everyone. */
public final class FakeSts implements AutoCloseable {

	private final HttpServer server;

	private final String accessKeyId;

	private final String secretAccessKey;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private volatile Duration validity = Duration.ofHours(1);

	private volatile boolean refusing;

	public FakeSts(String accessKeyId, String secretAccessKey) throws IOException {
		this.accessKeyId = accessKeyId;
		this.secretAccessKey = secretAccessKey;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	public URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	public void refuse() {
		this.refusing = true;
	}

	/** How long the next credentials are valid. */
	public void validity(Duration validity) {
		this.validity = validity;
	}

	/** The forms that were sent, decoded. */
	public List<String> requests() {
		return List.copyOf(this.requests);
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.requests.add(URLDecoder.decode(
				new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8));
		byte[] answer = (this.refusing ? refusal() : credentials()).getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "text/xml");
		exchange.sendResponseHeaders(this.refusing ? 403 : 200, answer.length);
		exchange.getResponseBody().write(answer);
		exchange.close();
	}

	private static String refusal() {
		return """
				<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
				<Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message>
				</Error><RequestId>1</RequestId></ErrorResponse>
				""";
	}

	private String credentials() {
		return """
				<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
				<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>%s</AccessKeyId>
				<SecretAccessKey>%s</SecretAccessKey><SessionToken>the-session</SessionToken>
				<Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
				<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>
				""".formatted(this.accessKeyId, this.secretAccessKey,
				Instant.now().plus(this.validity).truncatedTo(ChronoUnit.SECONDS));
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}

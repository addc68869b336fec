package dev.stowage.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * An issuer of tokens on a loopback port: it signs with real keys, rotates them, and can
 * be unreachable, silent, slow or wrong.
 */
public final class TestIssuer implements AutoCloseable {

	public static final String AUDIENCE = "stowage";

	private static final String METADATA = "/.well-known/openid-configuration";

	private static final String KEYS = "/keys";

	private final int port;

	private final Clock clock;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final CountDownLatch end = new CountDownLatch(1);

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private volatile HttpServer server;

	/** Has the port while nobody listens there, so that nobody else gets it. */
	private final AtomicReference<@Nullable SocketChannel> holder = new AtomicReference<>();

	private volatile List<JWK> keys = List.of();

	private volatile Answering answering = this::asUsual;

	/** Starts one whose tokens are issued at the times of a clock. */
	public TestIssuer(Clock clock) throws IOException {
		this.clock = clock;
		this.server = listen(0);
		this.port = this.server.getAddress().getPort();
		rotate();
	}

	private HttpServer listen(int on) throws IOException {
		HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 0);
		listening.setExecutor(this.threads);
		listening.createContext("/", (exchange) -> {
			this.requests.add(exchange.getRequestURI().getPath());
			this.answering.answer(exchange);
		});
		listening.start();
		return listening;
	}

	public String url() {
		return "http://127.0.0.1:" + this.port;
	}

	/** The settings of a server that accepts its tokens. */
	public String[] settings() {
		return new String[] { "stowage.jwt.issuer=" + url(), "stowage.jwt.audience=" + AUDIENCE };
	}

	/** Signs with new keys from now on. The old ones are no longer published. */
	public void rotate() {
		try {
			String name = "key-" + System.nanoTime();
			this.keys = List.of(new RSAKeyGenerator(2048).keyID(name + "-rsa").generate(),
					new ECKeyGenerator(Curve.P_256).keyID(name + "-ec").generate());
		}
		catch (JOSEException ex) {
			throw new AssertionError(ex);
		}
	}

	/** The RSA key with which tokens are signed. */
	public RSAKey rsaKey() {
		return (RSAKey) this.keys.getFirst();
	}

	/** A token for an owner that is valid for five minutes. */
	public String token(String owner) {
		return token((claims) -> claims.subject(owner));
	}

	/** A token with other claims than usual. */
	public String token(Consumer<JWTClaimsSet.Builder> change) {
		return token(JWSAlgorithm.RS256, change);
	}

	/** A token signed by another algorithm. */
	public String token(JWSAlgorithm algorithm, Consumer<JWTClaimsSet.Builder> change) {
		JWK key = this.keys.get(JWSAlgorithm.Family.EC.contains(algorithm) ? 1 : 0);
		return token(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), signer(key), change);
	}

	/** A token with any header. */
	public String token(JWSHeader header, JWSSigner signer, Consumer<JWTClaimsSet.Builder> change) {
		JWTClaimsSet.Builder claims = claims();
		change.accept(claims);
		try {
			SignedJWT token = new SignedJWT(header, claims.build());
			token.sign(signer);
			return token.serialize();
		}
		catch (JOSEException ex) {
			throw new AssertionError(ex);
		}
	}

	/** What a token usually says. */
	public JWTClaimsSet.Builder claims() {
		return new JWTClaimsSet.Builder().issuer(url())
			.audience(List.of("another", AUDIENCE))
			.subject("alice")
			.issueTime(Date.from(this.clock.instant()))
			.expirationTime(Date.from(this.clock.instant().plus(Duration.ofMinutes(5))));
	}

	public static JWSSigner signer(JWK key) {
		try {
			return new DefaultJWSSignerFactory().createJWSSigner(key);
		}
		catch (JOSEException ex) {
			throw new AssertionError(ex);
		}
	}

	/** The paths that were requested, in order. */
	public List<String> requests() {
		return new ArrayList<>(this.requests);
	}

	/** How often the keys were requested. */
	public long reads() {
		return this.requests.stream().filter(KEYS::equals).count();
	}

	/** Refuses connections. */
	public void stop() {
		this.server.stop(0);
		try {
			SocketChannel bound = SocketChannel.open();
			this.holder.set(bound);
			bound.setOption(StandardSocketOptions.SO_REUSEADDR, true);
			bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Answers as it should, on the same port. */
	public void recover() throws IOException {
		this.answering = this::asUsual;
		// ends the answers that are silent or slow
		this.server.stop(0);
		releasePort();
		this.server = listen(this.port);
	}

	private void releasePort() {
		SocketChannel bound = this.holder.getAndSet(null);
		try {
			if (bound != null) {
				bound.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Accepts connections and requests, and answers nothing. */
	public void fallSilent() {
		this.answering = (exchange) -> await();
	}

	/** Sends one byte after the other, and never ends. */
	public void answerSlowly() {
		this.answering = (exchange) -> {
			exchange.sendResponseHeaders(200, 0);
			while (this.end.getCount() > 0) {
				exchange.getResponseBody().write(' ');
				exchange.getResponseBody().flush();
				pause();
			}
		};
	}

	/** Answers all requests for metadata like this. */
	public void answerMetadata(int status, String body) {
		this.answering = (exchange) -> send(exchange, status, body);
	}

	/** Answers all requests for keys like this. */
	public void answerKeys(int status, String body) {
		this.answering = (exchange) -> {
			if (exchange.getRequestURI().getPath().equals(KEYS)) {
				send(exchange, status, body);
			}
			else {
				asUsual(exchange);
			}
		};
	}

	/** Publishes its metadata only where RFC 8414 says. */
	public void answerLikeAnAuthorizationServer() {
		this.answering = (exchange) -> {
			switch (exchange.getRequestURI().getPath()) {
				case "/.well-known/oauth-authorization-server" -> send(exchange, 200, metadata(url()));
				case KEYS -> asUsual(exchange);
				default -> send(exchange, 404, "");
			}
		};
	}

	/** The metadata of an issuer whose keys are here. */
	public String metadata(String issuer) {
		return "{\"issuer\": \"%s\", \"jwks_uri\": \"%s\"}".formatted(issuer, url() + KEYS);
	}

	private void asUsual(HttpExchange exchange) throws IOException {
		switch (exchange.getRequestURI().getPath()) {
			case METADATA -> send(exchange, 200, metadata(url()));
			case KEYS -> send(exchange, 200, new JWKSet(this.keys).toString(true));
			default -> send(exchange, 404, "");
		}
	}

	private static void send(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, (bytes.length == 0) ? -1 : bytes.length);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

	private void await() {
		try {
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void pause() {
		try {
			Thread.sleep(100);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.end.countDown();
		this.server.stop(0);
		releasePort();
		this.threads.shutdownNow();
	}

	/** How requests are answered. */
	@FunctionalInterface
	private interface Answering {

		void answer(HttpExchange exchange) throws IOException;

	}

}

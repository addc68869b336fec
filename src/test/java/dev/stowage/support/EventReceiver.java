package dev.stowage.support;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A receiver of events on a loopback port, which can be unreachable, silent, slow or
 * wrong.
 */
public final class EventReceiver implements AutoCloseable {

	public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	/** A part of its URL, which no log may show. */
	public static final String TOKEN = "token-0123456789abcdef";

	private final int port;

	private final List<Delivery> attempts = new CopyOnWriteArrayList<>();

	private final List<Delivery> accepted = new CopyOnWriteArrayList<>();

	private final CountDownLatch end = new CountDownLatch(1);

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private volatile HttpServer server;

	private volatile Answering answering = this::accept;

	private final Optional<SSLContext> encryption;

	public EventReceiver() throws IOException {
		this(Optional.empty());
	}

	private EventReceiver(Optional<SSLContext> encryption) throws IOException {
		Secrets.note(SECRET);
		Secrets.note(TOKEN);
		this.encryption = encryption;
		this.server = listen(0);
		this.port = this.server.getAddress().getPort();
	}

	/** One that speaks TLS, with the key in a file. */
	public static EventReceiver withCertificate(Path keys, String password) throws Exception {
		KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		managers.init(KeyStore.getInstance(keys.toFile(), password.toCharArray()), password.toCharArray());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(managers.getKeyManagers(), null, null);
		return new EventReceiver(Optional.of(context));
	}

	private HttpServer listen(int on) throws IOException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), on);
		HttpServer listening = this.encryption.isPresent() ? HttpsServer.create(address, 0)
				: HttpServer.create(address, 0);
		if (listening instanceof HttpsServer encrypted) {
			encrypted.setHttpsConfigurator(new HttpsConfigurator(this.encryption.orElseThrow()));
		}
		listening.setExecutor(this.threads);
		listening.createContext("/", (exchange) -> {
			Delivery delivery = Delivery.in(exchange);
			this.attempts.add(delivery);
			this.answering.answer(exchange, delivery);
			exchange.close();
		});
		listening.start();
		return listening;
	}

	public String url() {
		return (this.encryption.isPresent() ? "https" : "http") + "://127.0.0.1:" + this.port + "/hooks/" + TOKEN
				+ "?key=" + TOKEN;
	}

	/** The settings of a server that delivers its events to it. */
	public String[] settings(String... more) {
		String[] own = { "stowage.webhook.url=" + url(), "stowage.webhook.secret=" + SECRET,
				"stowage.webhook.allowed-networks=127.0.0.0/8" };
		String[] all = Arrays.copyOf(own, own.length + more.length);
		System.arraycopy(more, 0, all, own.length, more.length);
		return all;
	}

	/** Everything that arrived, in order. */
	public List<Delivery> attempts() {
		return List.copyOf(this.attempts);
	}

	/** What was accepted, in order. */
	public List<Delivery> accepted() {
		return List.copyOf(this.accepted);
	}

	/** The types of a file's events that were accepted, in order. */
	public List<String> typesOf(String fileId) {
		return this.accepted.stream()
			.filter((delivery) -> delivery.fileId().equals(fileId))
			.map(Delivery::type)
			.toList();
	}

	/** Accepts everything from now on. */
	public void acceptAll() {
		this.answering = this::accept;
	}

	/** Answers like this to everything, with headers as name, value, name, value. */
	public void answer(int status, String... headers) {
		this.answering = (exchange, delivery) -> send(exchange, status, headers);
	}

	/** Answers like this to events of a type, and accepts others. */
	public void answerTo(String type, int status) {
		this.answering = (exchange, delivery) -> {
			if (delivery.type().equals(type)) {
				send(exchange, status);
			}
			else {
				accept(exchange, delivery);
			}
		};
	}

	/** Accepts connections and requests, and answers nothing. */
	public void fallSilent() {
		this.answering = (exchange, delivery) -> this.end.await();
	}

	/** Sends one byte of an answer after the other, and never ends. */
	public void answerSlowly() {
		this.answering = (exchange, delivery) -> {
			exchange.sendResponseHeaders(200, 0);
			while (this.end.getCount() > 0) {
				exchange.getResponseBody().write(' ');
				exchange.getResponseBody().flush();
				Thread.sleep(50);
			}
		};
	}

	/** Accepts everything, with answers that never end, as fast as they are read. */
	public void answerEndlessly() {
		this.answering = (exchange, delivery) -> {
			this.accepted.add(delivery);
			exchange.sendResponseHeaders(200, 0);
			byte[] piece = new byte[64 * 1024];
			try (OutputStream out = exchange.getResponseBody()) {
				while (this.end.getCount() > 0) {
					out.write(piece);
				}
			}
			catch (IOException ex) {
				// the sender has seen enough
			}
		};
	}

	/** Refuses connections. */
	public void stop() {
		this.server.stop(0);
	}

	/** Accepts them again, on the same port. */
	public void startAgain() throws IOException {
		this.server = listen(this.port);
	}

	private void accept(HttpExchange exchange, Delivery delivery) throws IOException {
		this.accepted.add(delivery);
		send(exchange, 204);
	}

	private static void send(HttpExchange exchange, int status, String... headers) throws IOException {
		for (int i = 0; i < headers.length; i += 2) {
			exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
		}
		exchange.sendResponseHeaders(status, -1);
	}

	@Override
	public void close() {
		this.end.countDown();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/** A request that it got. */
	public record Delivery(String id, long timestamp, String signature, String body) {

		private static Delivery in(HttpExchange exchange) throws IOException {
			return new Delivery(exchange.getRequestHeaders().getFirst("webhook-id"),
					Long.parseLong(exchange.getRequestHeaders().getFirst("webhook-timestamp")),
					exchange.getRequestHeaders().getFirst("webhook-signature"),
					new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
		}

		public JsonNode json() {
			return JsonMapper.shared().readTree(this.body);
		}

		public String type() {
			return json().path("type").asString();
		}

		public String fileId() {
			return json().at("/data/id").asString();
		}

	}

	/** How requests are answered. */
	@FunctionalInterface
	private interface Answering {

		void send(HttpExchange exchange, Delivery delivery) throws IOException, InterruptedException;

		default void answer(HttpExchange exchange, Delivery delivery) throws IOException {
			try {
				send(exchange, delivery);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}

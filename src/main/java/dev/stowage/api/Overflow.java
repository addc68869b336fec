package dev.stowage.api;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

import com.sun.management.UnixOperatingSystemMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Connections for which the server has no room. One thread and one buffer serve all of
 * them: each gets 503 as soon as it asks for anything, and a moment to read that. In the
 * kernel's queue they would wait for as long as those before them take, and be reset when
 * it is full.
 */
final class Overflow implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Overflow.class);

	private static final int MAX_CONNECTIONS = 16 * 1024;

	/** Uploads in flight need open files, too. */
	private static final int SHARE_OF_OPEN_FILES = 4;

	private static final int BUFFER = 64 * 1024;

	/** So long a connection has to ask, and then to read its answer. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

	private static final JsonMapper json = new JsonMapper();

	private final Semaphore places = new Semaphore(maxConnections());

	private final Queue<SocketChannel> arrived = new ConcurrentLinkedQueue<>();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

	private final Selector selector = Selector.open();

	private final Thread thread = Thread.ofPlatform().daemon().name("overflow").unstarted(this::serve);

	Overflow() throws IOException {
		this.thread.start();
	}

	private static int maxConnections() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? (int) Math.min(MAX_CONNECTIONS, unix.getMaxFileDescriptorCount() / SHARE_OF_OPEN_FILES)
				: MAX_CONNECTIONS;
	}

	/** Takes a connection over, and closes it. Waits while there are too many. */
	void take(SocketChannel connection) {
		this.places.acquireUninterruptibly();
		this.arrived.add(connection);
		this.selector.wakeup();
	}

	private void serve() {
		long looked = System.nanoTime();
		try {
			while (this.selector.isOpen()) {
				this.selector.select(this::read, LOOK_AGAIN.toMillis());
				registerArrived();
				if (System.nanoTime() - looked > LOOK_AGAIN.toNanos()) {
					looked = System.nanoTime();
					closeOverdue(looked);
				}
			}
		}
		catch (IOException ex) {
			logger.error("Connections beyond the server's room are not answered any more", ex);
		}
	}

	private void registerArrived() {
		for (SocketChannel next = this.arrived.poll(); next != null; next = this.arrived.poll()) {
			try {
				next.configureBlocking(false);
				next.register(this.selector, SelectionKey.OP_READ, new Visit(System.nanoTime(), false));
			}
			catch (IOException ex) {
				close(next);
			}
		}
	}

	/** What a client sends is read, or it would not read its answer. */
	private void read(SelectionKey key) {
		SocketChannel connection = (SocketChannel) key.channel();
		try {
			if (connection.read(this.buffer.clear()) < 0) {
				close(connection);
			}
			else if (!((Visit) key.attachment()).isAnswered()) {
				connection.write(ByteBuffer.wrap(answer()));
				connection.shutdownOutput();
				key.attach(new Visit(System.nanoTime(), true));
			}
		}
		catch (IOException ex) {
			close(connection);
		}
	}

	private void closeOverdue(long now) {
		for (SelectionKey key : this.selector.keys()) {
			if (now - ((Visit) key.attachment()).since() > PATIENCE.toNanos()) {
				close((SocketChannel) key.channel());
			}
		}
	}

	private void close(SocketChannel connection) {
		try {
			connection.close();
		}
		catch (IOException ex) {
			logger.debug("A connection did not close: {}", ex.toString());
		}
		this.places.release();
	}

	private static byte[] answer() {
		ServerBusyException busy = new ServerBusyException();
		HttpStatus status = HttpStatus.SERVICE_UNAVAILABLE;
		String id = RequestIdFilter.newId();
		String body = json.writeValueAsString(
				Problem.of(status, ServerBusyException.CODE, String.valueOf(busy.getMessage()), null, id));
		String head = String.join("\r\n", "HTTP/1.1 " + status.value() + " ",
				HttpHeaders.RETRY_AFTER + ": " + busy.retryAfterSeconds(), RequestIdFilter.HEADER + ": " + id,
				HttpHeaders.CONTENT_TYPE + ": " + MediaType.APPLICATION_PROBLEM_JSON_VALUE,
				HttpHeaders.CONTENT_LENGTH + ": " + body.length(), HttpHeaders.CONNECTION + ": close", "", "");
		return (head + body).getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public void close() throws IOException {
		this.selector.keys().forEach((key) -> close((SocketChannel) key.channel()));
		this.selector.close();
	}

	/** Since when a connection has been waiting, and for what. */
	private record Visit(long since, boolean isAnswered) {
	}

}

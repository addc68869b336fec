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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.UnixOperatingSystemMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
	private static final int SHARE_OF_OPEN_FILES = 2;

	private static final int BUFFER = 64 * 1024;

	/** So long a connection may say nothing, before it is answered and afterwards. */
	private static final Duration SILENCE = Duration.ofSeconds(5);

	/** So long it has in all to say what it has begun to say. */
	private static final Duration MAX_TIME = Duration.ofSeconds(30);

	private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

	/** Whoever asks this would restart the server, which would help nobody. */
	private static final byte[] LIVENESS = "GET /actuator/health/liveness ".getBytes(StandardCharsets.US_ASCII);

	private final Semaphore places;

	private final Queue<SocketChannel> arrived = new ConcurrentLinkedQueue<>();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

	private final Selector selector = Selector.open();

	private volatile boolean open = true;

	private long looked = System.nanoTime();

	private final Thread thread = Thread.ofPlatform().daemon().name("overflow").unstarted(this::serve);

	private final Duration silence;

	private final Duration maxTime;

	/** With as many places as the process may have. */
	Overflow() throws IOException {
		this(maxConnections(), SILENCE, MAX_TIME);
	}

	Overflow(int places, Duration silence, Duration maxTime) throws IOException {
		this.places = new Semaphore(places);
		this.silence = silence;
		this.maxTime = maxTime;
		this.thread.start();
	}

	private static int maxConnections() {
		long files = (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? unix.getMaxFileDescriptorCount() : -1;
		return (files > 0) ? (int) Math.min(MAX_CONNECTIONS, files / SHARE_OF_OPEN_FILES) : MAX_CONNECTIONS;
	}

	/** How many more it can take. */
	int free() {
		return this.places.availablePermits();
	}

	/** Takes a connection over, and closes it: at once, when there are too many. */
	void take(SocketChannel connection) {
		if (!awaitPlace()) {
			closeQuietly(connection);
			return;
		}
		this.arrived.add(connection);
		this.selector.wakeup();
		if (!this.open && this.arrived.remove(connection)) {
			leave(connection);
		}
	}

	private boolean awaitPlace() {
		try {
			return this.places.tryAcquire(1, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void serve() {
		try {
			while (this.open) {
				serveOnce();
			}
		}
		finally {
			this.open = false;
			leaveAll();
		}
	}

	/** Whatever fails, even for lack of memory, there is a next time. */
	private void serveOnce() {
		try {
			this.selector.select(this::read, this.selector.keys().isEmpty() ? 0 : LOOK_AGAIN.toMillis());
			register();
			long now = System.nanoTime();
			if (now - this.looked > LOOK_AGAIN.toNanos()) {
				this.looked = now;
				this.selector.keys().stream().filter(SelectionKey::isValid).forEach((key) -> look(key, now));
			}
		}
		catch (Throwable ex) {
			leaveAll();
			logger.error("Connections beyond the server's room were not answered", ex);
			LockSupport.parkNanos(LOOK_AGAIN.toNanos());
		}
	}

	private void register() {
		for (SocketChannel next = this.arrived.poll(); next != null; next = this.arrived.poll()) {
			try {
				next.configureBlocking(false);
				next.register(this.selector, SelectionKey.OP_READ, new Visit());
			}
			catch (IOException ex) {
				leave(next);
			}
		}
	}

	/** What a client sends is read, or it would not read its answer. */
	private void read(SelectionKey key) {
		SocketChannel connection = (SocketChannel) key.channel();
		try {
			if (connection.read(this.buffer.clear()) < 0) {
				leave(connection);
			}
			else {
				hear(connection, (Visit) key.attachment());
			}
		}
		catch (IOException ex) {
			leave(connection);
		}
	}

	private void hear(SocketChannel connection, Visit visit) throws IOException {
		visit.heard = System.nanoTime();
		if (!visit.answered) {
			boolean isAlive = this.buffer.flip().mismatch(ByteBuffer.wrap(LIVENESS)) == LIVENESS.length;
			answer(connection, visit, isAlive ? RawAnswer.alive() : RawAnswer.busy());
		}
	}

	private static void answer(SocketChannel connection, Visit visit, byte[] answer) throws IOException {
		visit.answered = true;
		connection.write(ByteBuffer.wrap(answer));
		connection.shutdownOutput();
	}

	/** Who says nothing is told, too: it may be slow. */
	private void look(SelectionKey key, long now) {
		SocketChannel connection = (SocketChannel) key.channel();
		Visit visit = (Visit) key.attachment();
		boolean isSilent = now - visit.heard > this.silence.toNanos();
		if (now - visit.begun > this.maxTime.toNanos() || (isSilent && visit.answered)) {
			leave(connection);
		}
		else if (isSilent) {
			visit.heard = now;
			try {
				answer(connection, visit, RawAnswer.busy());
			}
			catch (IOException ex) {
				leave(connection);
			}
		}
	}

	private void leaveAll() {
		register();
		this.selector.keys().forEach((key) -> leave((SocketChannel) key.channel()));
	}

	private void leave(SocketChannel connection) {
		if (connection.isOpen()) {
			closeQuietly(connection);
			this.places.release();
		}
	}

	private static void closeQuietly(SocketChannel connection) {
		try {
			connection.close();
		}
		catch (IOException ex) {
			logger.debug("A connection did not close: {}", ex.toString());
		}
	}

	/** Whoever is still here finds its connection closed. */
	@Override
	public void close() throws IOException {
		this.open = false;
		this.selector.wakeup();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.selector.close();
	}

	/** One connection's. */
	private static final class Visit {

		private final long begun = System.nanoTime();

		private long heard = this.begun;

		private boolean answered;

	}

}

package dev.stowage.http.overload;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.stowage.http.CrossOrigin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections for which the server has no room. One thread and one buffer serve all of
 * them: each gets 503 as soon as it sends anything, and a moment to read it. In the
 * kernel's queue they would wait for as long as the requests before them take, and would
 * be reset once it is full.
 */
final class Overflow implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Overflow.class);

	private static final int MAX_CONNECTIONS = 16 * 1024;

	/** Uploads in progress need open files, too. */
	private static final int SHARE_OF_OPEN_FILES = 2;

	/** How many percent of the places one address may have. */
	private static final int ADDRESS_SHARE = 95;

	private static final int BUFFER = 64 * 1024;

	/** How long a connection may stay silent, before it is answered and afterwards. */
	private static final Duration SILENCE = Duration.ofSeconds(5);

	/** How long a connection may take to send its request. */
	private static final Duration MAX_TIME = Duration.ofSeconds(30);

	private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

	private final Places places;

	private final Queue<OverflowVisit> arrived = new ConcurrentLinkedQueue<>();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

	private final Selector selector = Selector.open();

	private volatile boolean open = true;

	private long looked = System.nanoTime();

	private final Thread thread = Thread.ofPlatform().daemon().name("overflow").unstarted(this::serve);

	private final Duration silence;

	private final Duration maxTime;

	private final CrossOrigin origins;

	/**
	 * Has as many places as the process may have open files for.
	 * @param origins those whose pages may read the answer
	 */
	Overflow(List<String> origins) throws IOException {
		this(maxConnections(), SILENCE, MAX_TIME, origins);
	}

	Overflow(int places, Duration silence, Duration maxTime, List<String> origins) throws IOException {
		this.origins = new CrossOrigin(origins);
		this.places = new Places(places, ADDRESS_SHARE);
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
		return this.places.free();
	}

	/**
	 * Takes a connection over and closes it; immediately, if there are too many, or too
	 * many from its address. Never blocks, because the thread that accepts connections
	 * calls it.
	 */
	void take(SocketChannel connection, Object address) {
		if (!this.places.take(address)) {
			closeQuietly(connection);
			return;
		}
		OverflowVisit visit = new OverflowVisit(connection, address);
		this.arrived.add(visit);
		this.selector.wakeup();
		if (!this.open && this.arrived.remove(visit)) {
			leave(visit);
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

	/** After any failure, even an OutOfMemoryError, the loop continues. */
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
			logger.error("Connections beyond the server's limit could not be answered", ex);
			LockSupport.parkNanos(LOOK_AGAIN.toNanos());
		}
	}

	private void register() {
		for (OverflowVisit next = this.arrived.poll(); next != null; next = this.arrived.poll()) {
			try {
				next.connection().configureBlocking(false);
				next.connection().register(this.selector, SelectionKey.OP_READ, next);
			}
			catch (IOException ex) {
				leave(next);
			}
		}
	}

	/** What a client sends is read; otherwise it would not read its answer. */
	private void read(SelectionKey key) {
		OverflowVisit visit = (OverflowVisit) key.attachment();
		try {
			if (visit.connection().read(this.buffer.clear()) < 0) {
				leave(visit);
			}
			else {
				visit.hear(this.buffer.flip(), this.origins);
			}
		}
		catch (IOException ex) {
			leave(visit);
		}
	}

	/** Clients that send nothing are answered, too: they may be slow. */
	private void look(SelectionKey key, long now) {
		OverflowVisit visit = (OverflowVisit) key.attachment();
		try {
			if (visit.isOver(now, this.silence, this.maxTime)) {
				leave(visit);
			}
		}
		catch (IOException ex) {
			leave(visit);
		}
	}

	private void leaveAll() {
		register();
		this.selector.keys().forEach((key) -> leave((OverflowVisit) key.attachment()));
	}

	private void leave(OverflowVisit visit) {
		if (visit.connection().isOpen()) {
			closeQuietly(visit.connection());
			this.places.leave(visit.address());
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

	/** The remaining connections are closed. */
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

}

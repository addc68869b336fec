package dev.stowage.file;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, at most once a minute, that rows were skipped. A newer version of the server
 * wrote them, with words that this one does not know.
 */
final class UnknownRows {

	private static final Logger logger = LoggerFactory.getLogger(UnknownRows.class);

	private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private final AtomicLong skipped = new AtomicLong();

	private final AtomicLong next = new AtomicLong(System.nanoTime());

	/**
	 * @param id of the row; not a client's text
	 * @param reason what is unknown about it
	 */
	void skip(String id, RuntimeException reason) {
		long count = this.skipped.incrementAndGet();
		long due = this.next.get();
		long now = System.nanoTime();
		if (now - due >= 0 && this.next.compareAndSet(due, now + INTERVAL)) {
			logger.warn("Skipped {} rows that this version does not understand, as of {}: {}", count, id,
					reason.getMessage());
			this.skipped.addAndGet(-count);
		}
	}

}

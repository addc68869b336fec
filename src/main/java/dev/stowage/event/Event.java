package dev.stowage.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * What happened to a file, to be delivered.
 *
 * @param sequence greater than that of all earlier events of the same file
 * @param id the same in each attempt
 * @param type such as {@code file.created}
 * @param owner its name
 * @param purpose as the row of the file has it
 * @param attempts how many have failed
 */
record Event(long sequence, String id, String type, String fileId, String owner, @Nullable String filename,
		@Nullable String purpose, long bytes, Instant createdAt, Optional<Instant> expiresAt, Instant happenedAt,
		int attempts) {

	private static final int MOST_TRIPLINGS = 5;

	/**
	 * How long to wait after another failure: 1, 3, 9 … seconds, at most five minutes,
	 * with a random part, so that not all events are tried again at once.
	 */
	Duration nextWait() {
		long seconds = (long) Math.pow(3, Math.min(this.attempts, MOST_TRIPLINGS));
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(seconds * 1_000, seconds * 1_200));
	}

}

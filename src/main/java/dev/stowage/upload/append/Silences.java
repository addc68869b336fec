package dev.stowage.upload.append;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.stowage.file.FileId;

/**
 * Since when writers give no sign of life for whose end requests wait on this instance.
 * The time does not begin again with a newer request, because several clients may ask in
 * turn.
 */
final class Silences {

	/** How often a writer looks whether a newer request waits, and gives a sign then. */
	static final Duration SIGN = Duration.ofMillis(500);

	private static final Duration LONGEST = SIGN.multipliedBy(5);

	private static final Duration KNOWN = Duration.ofMinutes(1);

	private final Map<FileId, Silence> all = new ConcurrentHashMap<>();

	/** Whether the writer has given no sign for too long. */
	boolean isTooLong(WriterRepository.Requests found) {
		Silence silence = this.all.compute(found.id(), (id, known) -> (known != null && known.isOf(found)) ? known
				: new Silence(found.writer(), found.beats(), System.nanoTime()));
		return silence.isLongerThan(LONGEST);
	}

	/** The upload has another writer. */
	void forget(FileId id) {
		this.all.remove(id);
	}

	/** Forgets those for which nobody waits any more. */
	void forgetOld() {
		this.all.values().removeIf((silence) -> silence.isLongerThan(KNOWN));
	}

	/** The silence of one writer. */
	private record Silence(int writer, int beats, long since) {

		private boolean isOf(WriterRepository.Requests found) {
			return this.writer == found.writer() && this.beats == found.beats();
		}

		private boolean isLongerThan(Duration time) {
			return System.nanoTime() - this.since > time.toNanos();
		}

	}

}

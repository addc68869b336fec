package dev.stowage.sweep;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows that one sweeper has claimed for a while, and the updates of these rows once their
 * bytes were removed, or could not be.
 *
 * @param rows the repository of the rows
 * @param asked when the claim was made, before any bytes are removed
 * @param now the time that decides which files are due
 * @param until when the claim ends
 * @param began like {@code asked}, by the monotonic clock
 */
record SweptBatch(SweepRepository rows, Instant asked, Instant now, Instant until, long began) {

	private static final Logger logger = LoggerFactory.getLogger(SweptBatch.class);

	private static final Duration CLAIM = Duration.ofMinutes(2);

	/** How late in a claim a call may begin, so that it ends within the claim. */
	private static final Duration WORK = Duration.ofMinutes(1);

	private static final Duration MAX_BACK_OFF = Duration.ofHours(1);

	/** Starts a claim on rows that were due when the round started. */
	static SweptBatch begin(SweepRepository rows, Clock clock, Instant start) {
		Instant asked = clock.instant();
		return new SweptBatch(rows, asked, asked.isBefore(start) ? asked : start, asked.plus(CLAIM), System.nanoTime());
	}

	boolean isOld() {
		return System.nanoTime() - this.began > WORK.toNanos();
	}

	/**
	 * Records the result for each file.
	 * @param toTell how many failures to log one by one
	 */
	void settle(Erasure.Outcome outcome, int toTell) {
		finish(outcome.done());
		fail(outcome.failed(), toTell);
		this.rows.release(ids(outcome.left()), this.until, this.now);
	}

	private void finish(List<DueFile> done) {
		Map<Boolean, List<DueFile>> deleted = done.stream()
			.filter((file) -> file.status() == FileStatus.DELETING)
			.collect(Collectors.partitioningBy((file) -> file.isOpenAfter(this.asked)));
		this.rows.remove(ids(deleted.getOrDefault(false, List.of())), this.until);
		this.rows.keepWhileOpen(ids(deleted.getOrDefault(true, List.of())), this.until);
		this.rows.tidied(ids(done.stream().filter((file) -> file.status() == FileStatus.AVAILABLE).toList()),
				this.until, this.asked);
	}

	private void fail(Map<DueFile, String> failed, int toTell) {
		failed.entrySet()
			.stream()
			.limit(toTell)
			.forEach((each) -> logger.warn("Could not sweep {} (again in {}): {}", each.getKey().id(),
					backOff(each.getKey().attempts()), each.getValue()));
		Map<Duration, List<DueFile>> byPause = failed.keySet()
			.stream()
			.collect(Collectors.groupingBy((file) -> backOff(file.attempts()), TreeMap::new, Collectors.toList()));
		byPause.forEach((pause, files) -> this.rows.failed(ids(files), this.until, this.asked.plus(pause)));
	}

	/** After the first attempt two minutes, then twice as long each time. */
	private static Duration backOff(int attempts) {
		Duration pause = CLAIM.multipliedBy(1L << Math.clamp(attempts - 1L, 0, 10));
		return (pause.compareTo(MAX_BACK_OFF) < 0) ? pause : MAX_BACK_OFF;
	}

	private static List<FileId> ids(Collection<DueFile> files) {
		return files.stream().map(DueFile::id).toList();
	}

}

package dev.stowage.sweep;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.UploadMethod;
import dev.stowage.settings.DurationOrNever;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.support.Faults;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The rows of files that are due for the sweeper, for tests of every package. */
public final class SweepRows extends SweepRepository {

	private final Faults faults;

	private final TestDatabase database;

	/** How long a claim lasts. */
	public static final Duration CLAIM = Duration.ofMinutes(2);

	public SweepRows(TestDatabase database) {
		this(database, new Faults());
	}

	/** Repositories whose calls fail as the test requests. */
	public SweepRows(TestDatabase database, Faults faults) {
		super(database.jdbc(), database.changes());
		this.faults = faults;
		this.database = database;
	}

	/** A sweeper of these rows. */
	public Sweeping sweeper(ObjectStore store, SweepProperties limits, Clock clock, MeterRegistry meters) {
		Sweeper sweeper = new Sweeper(this, store, new UnusualShare(new ShareRepository(this.database.jdbc()), limits),
				clock, meters);
		return new Sweeping(sweeper);
	}

	/**
	 * Runs a sweeper once, by the clock of this machine.
	 * @param maxShare of the files of an owner that may expire at once
	 * @param usualCount how many may, whatever their share
	 */
	public void sweep(ObjectStore store, double maxShare, int usualCount) {
		SweepProperties limits = new SweepProperties(new DurationOrNever(Optional.empty()),
				new SweepProperties.Sweep(Duration.ofHours(1), maxShare, usualCount));
		sweeper(store, limits, Clock.systemUTC(), new SimpleMeterRegistry()).sweep();
	}

	/** Claims everything that is due, whether it was claimed before or not. */
	public List<Due> claimDue(Instant now) {
		return all(now, 100).stream()
			.map((file) -> new Due(file.id(), file.method(), file.status(), file.key(), file.copies(),
					file.uploadEndsAt()))
			.toList();
	}

	List<DueFile> all(Instant now, int limit) {
		List<DueFile> claimed = new ArrayList<>(new DueFiles(this).claim(true, now, now.plus(CLAIM), limit));
		claimed.addAll(claimAgain(true, now, now.plus(CLAIM), limit - claimed.size()));
		return claimed;
	}

	@Override
	public List<DueFile> claim(FileStatus kind, List<String> owners, Instant now, Instant until, int each) {
		return this.faults.around("claim", () -> super.claim(kind, owners, now, until, each));
	}

	@Override
	public List<DueFile> claimAgain(boolean expired, Instant now, Instant until, int limit) {
		return this.faults.around("claim", () -> super.claimAgain(expired, now, until, limit));
	}

	@Override
	public void remove(Collection<FileId> ids, Instant claim) {
		this.faults.around("remove", () -> super.remove(ids, claim));
	}

	@Override
	public void tidied(Collection<FileId> ids, Instant claim, Instant asked) {
		this.faults.around("tidied", () -> super.tidied(ids, claim, asked));
	}

	@Override
	public int unknown(Instant now, int limit) {
		return super.unknown(now, limit);
	}

	/**
	 * A row that is due.
	 *
	 * @param copies how often a copy of its staged object was named
	 * @param uploadEndsAt until when bytes may go directly to the store
	 */
	public record Due(FileId id, UploadMethod method, FileStatus status, ObjectKey key, int copies,
			Optional<Instant> uploadEndsAt) {
	}

	/** A sweeper that other packages may run. */
	public static final class Sweeping {

		final Sweeper sweeper;

		private Sweeping(Sweeper sweeper) {
			this.sweeper = sweeper;
		}

		/** Runs it once. */
		public void sweep() {
			this.sweeper.sweep();
		}

	}

}

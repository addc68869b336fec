package dev.stowage.quota;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import dev.stowage.database.OnEachDatabase;
import dev.stowage.database.RefusedChangeException;
import dev.stowage.owner.Owner;
import dev.stowage.support.Leftovers;
import dev.stowage.support.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows of files that come, change and go in any order, while limits change: the database
 * refuses what is beyond a limit, and nothing else.
 */
class CountedFilesTests extends OnEachDatabase {

	private static final Owner OWNER = new Owner("counted");

	private static final int MOST_FILES = 8;

	private static final int MOST_BYTES = 60;

	private static final int LARGEST = 15;

	private final AtomicInteger number = new AtomicInteger();

	private QuotaRepository rows;

	@BeforeEach
	void empty() {
		this.database.jdbc().sql("DELETE FROM owner_limit").update();
		this.rows = new QuotaRepository(this.database.jdbc(), this.database.changes());
		this.rows.setUsual(Quota.NONE);
	}

	@AfterEach
	void clear() {
		Leftovers.requireCounted(this.database.jdbc());
		this.rows.setUsual(Quota.NONE);
		this.database.jdbc().sql("DELETE FROM owner_limit").update();
		this.database.jdbc().sql("DELETE FROM file").update();
		this.database.jdbc().sql("DELETE FROM owner_usage").update();
	}

	/** With changes that are rolled back in between. */
	@RepeatedTest(2)
	void areRefusedExactlyBeyondTheLimits() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		List<Counted> files = new ArrayList<>();
		Quota quota = Quota.NONE;
		for (int step = 0; step < 250; step++) {
			if (random.nextInt(20) == 0) {
				quota = changedLimits(random);
			}
			int chosen = files.isEmpty() ? -1 : random.nextInt(files.size());
			Counted before = (chosen < 0 || random.nextInt(3) == 0) ? Counted.NONE : files.get(chosen);
			Counted after = !before.isThere() ? new Counted(this.number.getAndIncrement(), true, size(random))
					: before.changed(random);
			boolean isAllowed = isAllowed(quota, files, before, after);
			assertThat(isMade(before, after)).as("seed %d, step %d: %s to %s, %s", seed, step, before, after, quota)
				.isEqualTo(isAllowed);
			if (isAllowed) {
				files.remove(before);
				if (after.isThere()) {
					files.add(after);
				}
			}
		}
		assertThat(this.rows.usage(OWNER)).isEqualTo(usage(files));
	}

	/** Exactly as much as is left can still be used afterwards. */
	@RepeatedTest(2)
	void neverExceedLimitsAtWhichManyAreChangedAtOnce() throws Exception {
		allow(200, 1_000);
		Together.run(8, () -> {
			Random random = new Random();
			List<Counted> mine = new ArrayList<>();
			for (int step = 0; step < 100; step++) {
				boolean isNew = mine.isEmpty() || random.nextInt(10) < 6;
				Counted before = isNew ? Counted.NONE : mine.get(random.nextInt(mine.size()));
				Counted after = isNew ? new Counted(this.number.getAndIncrement(), true, size(random))
						: before.changed(random);
				if (isMade(before, after)) {
					mine.remove(before);
					if (after.isThere()) {
						mine.add(after);
					}
				}
				Usage usage = this.rows.usage(OWNER);
				assertThat(usage.files()).isLessThanOrEqualTo(200);
				assertThat(usage.bytes()).isLessThanOrEqualTo(1_000);
			}
			return mine;
		});
		Leftovers.requireCounted(this.database.jdbc());
		fillUp(200, 1_000);
	}

	private void fillUp(long files, long bytes) {
		Usage has = this.rows.usage(OWNER);
		for (long left = bytes - has.bytes(); left > 0 && this.rows.usage(OWNER).files() < files; left--) {
			assertThat(isMade(Counted.NONE, new Counted(this.number.getAndIncrement(), true, 1))).isTrue();
		}
		Usage full = this.rows.usage(OWNER);
		assertThat(full.files() == files || full.bytes() == bytes).as("%s", full).isTrue();
		assertThat(isMade(Counted.NONE, new Counted(this.number.getAndIncrement(), true, 1))).isFalse();
	}

	@Test
	void obeyLimitsThatWereLoweredWhileOthersAreChanged() throws Exception {
		allow(1_000, 100_000);
		AtomicInteger turn = new AtomicInteger();
		Together.run(6, () -> {
			if (turn.getAndIncrement() == 0) {
				for (int most = 1_000; most >= 100; most -= 20) {
					allow(most, 100_000);
				}
				return true;
			}
			for (int step = 0; step < 100; step++) {
				isMade(Counted.NONE, new Counted(this.number.getAndIncrement(), true, 1));
			}
			return true;
		});
		Usage has = this.rows.usage(OWNER);
		Leftovers.requireCounted(this.database.jdbc());
		assertThat(isMade(Counted.NONE, new Counted(this.number.getAndIncrement(), true, 1)))
			.isEqualTo(has.files() < 100);
		allow(has.files() + 3, 100_000);
		fillUp(has.files() + 3, 100_000);
	}

	private Quota changedLimits(Random random) {
		Quota quota = new Quota(any(random, MOST_FILES), any(random, MOST_BYTES), any(random, LARGEST));
		if (random.nextInt(4) == 0) {
			this.database.jdbc().sql("DELETE FROM owner_limit").update();
			quota = new Quota(quota.maxFiles(), quota.maxBytes(), OptionalLong.empty());
			this.rows.setUsual(quota);
		}
		else {
			this.rows.setUsual(Quota.NONE);
			this.rows.setQuota(OWNER, quota, Instant.now(Clock.systemUTC()));
		}
		return quota;
	}

	private void allow(long files, long bytes) {
		this.rows.setQuota(OWNER, new Quota(OptionalLong.of(files), OptionalLong.of(bytes), OptionalLong.empty()),
				Instant.now(Clock.systemUTC()));
	}

	private static OptionalLong any(Random random, int most) {
		return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(most));
	}

	private static int size(Random random) {
		return random.nextInt(LARGEST + 3);
	}

	private static Usage usage(List<Counted> files) {
		return new Usage(files.size(), files.stream().mapToLong(Counted::bytes).sum());
	}

	private static boolean isAllowed(Quota quota, List<Counted> files, Counted before, Counted after) {
		Usage has = usage(files);
		long moreFiles = after.files() - before.files();
		long moreBytes = after.bytes() - before.bytes();
		return (moreBytes <= 0 || after.bytes() <= quota.maxFileSize().orElse(Long.MAX_VALUE))
				&& (moreFiles <= 0 || has.files() + moreFiles <= quota.maxFiles().orElse(Long.MAX_VALUE))
				&& (moreBytes <= 0 || has.bytes() + moreBytes <= quota.maxBytes().orElse(Long.MAX_VALUE));
	}

	private boolean isMade(Counted before, Counted after) {
		try {
			this.database.changes().update(change(before, after));
			return true;
		}
		catch (RefusedChangeException ex) {
			return false;
		}
	}

	private JdbcClient.StatementSpec change(Counted before, Counted after) {
		JdbcClient jdbc = this.database.jdbc();
		if (!before.isThere()) {
			return jdbc.sql("""
					INSERT INTO file (id, owner, style, status, bytes, declared_bytes, created_at, object_key, copies)
					VALUES (:id, :owner, 'MULTIPART', 'PENDING', 0, :bytes, 0, :id, 0)""")
				.param("id", after.id())
				.param("owner", OWNER.name())
				.param("bytes", after.bytes());
		}
		if (!after.isThere()) {
			return jdbc.sql("DELETE FROM file WHERE id = :id").param("id", before.id());
		}
		return jdbc.sql("UPDATE file SET status = 'AVAILABLE', bytes = :bytes WHERE id = :id")
			.param("id", before.id())
			.param("bytes", after.bytes());
	}

	/** A file of a size, or none. */
	private record Counted(int number, boolean isThere, long bytes) {

		private static final Counted NONE = new Counted(-1, false, 0);

		private String id() {
			return "file-%030d".formatted(this.number);
		}

		private long files() {
			return this.isThere ? 1 : 0;
		}

		private Counted changed(Random random) {
			return (random.nextInt(3) == 0) ? new Counted(this.number, false, 0)
					: new Counted(this.number, true, size(random));
		}

	}

}

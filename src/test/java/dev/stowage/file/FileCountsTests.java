package dev.stowage.file;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import dev.stowage.database.TestDatabase;
import dev.stowage.owner.Owner;
import dev.stowage.support.Rows;
import dev.stowage.support.StandingClock;
import dev.stowage.sweep.SweepRows;
import dev.stowage.upload.UploadRows;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.scheduling.support.SimpleTriggerContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Rows are counted by state, and not too often. */
class FileCountsTests {

	private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

	private static final Duration LEAST = Duration.ofMinutes(1);

	@TempDir
	Path folder;

	private final MeterRegistry meters = new SimpleMeterRegistry();

	@Test
	void tellsRowsByStyleAndStatusOnceTheyAreCounted() {
		try (TestDatabase database = TestDatabase.sqlite(this.folder)) {
			FileCounts counts = new FileCounts(database.jdbc(), this.meters);
			assertThat(count("multipart", "pending")).isNaN();
			FileId id = FileId.createdAt(NOW);
			new UploadRows(database).addMultipart(id, new Owner("alice"), NOW, ObjectKeys.upload(id), NOW);
			counts.count();
			assertThat(count("multipart", "pending")).isEqualTo(1);
			assertThat(count("presigned", "available")).isZero();
			new SweepRows(database).claimDue(NOW);
			counts.count();
			assertThat(count("multipart", "pending")).isZero();
			assertThat(count("multipart", "deleting")).isEqualTo(1);
		}
	}

	@Test
	void keepsWhatItKnewWhileTheDatabaseIsAway() {
		TestDatabase database = TestDatabase.sqlite(this.folder);
		FileCounts counts = new FileCounts(database.jdbc(), this.meters);
		counts.count();
		database.close();
		assertThatNoException().isThrownBy(counts::count);
		assertThat(count("multipart", "available")).isZero();
	}

	private double count(String style, String status) {
		return this.meters.get("stowage.files").tags("style", style, "status", status).gauge().value();
	}

	@Test
	void restsForAHundredTimesAsLongAsItTook() {
		assertThat(next(Duration.ofSeconds(3))).isEqualTo(NOW.plusSeconds(3 + 300));
		assertThat(next(Duration.ofMillis(5))).isEqualTo(NOW.plusMillis(5).plus(LEAST));
	}

	@Test
	void beginsAtOnce() {
		assertThat(FileCounts.next(new SimpleTriggerContext(new StandingClock(NOW)), LEAST)).isEqualTo(NOW);
	}

	private static Instant next(Duration took) {
		return FileCounts.next(new SimpleTriggerContext(NOW, NOW, NOW.plus(took)), LEAST);
	}

}

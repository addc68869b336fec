package dev.stowage.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.support.Together;
import dev.stowage.support.WithRows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Which events the changes of files write, and how they are claimed, on each database.
 */
class EventRepositoryTests extends WithRows {

	private static final Duration CLAIM = Duration.ofMinutes(1);

	private static final Instant EXPIRY = LATER.plusSeconds(60);

	private EventRepository events;

	@BeforeEach
	void want() {
		this.events = new EventRepository(this.database.jdbc(), this.database.changes());
		this.events.want();
		this.events.want();
	}

	@Test
	void writesOneForEachFileThatBecomesAvailable() {
		StoredFile file = available(nextId(), ALICE, Purpose.FINE_TUNE, Optional.of(EXPIRY));
		StoredFile presigned = completedPresigned(Optional.empty());
		List<Event> claimed = claim(NOW);
		assertThat(claimed).extracting(Event::type, Event::fileId)
			.containsExactly(tuple("file.created", file.id().value()), tuple("file.created", presigned.id().value()));
		Event event = claimed.getFirst();
		assertThat(event.id()).matches("evt_[0-9a-f]{32}").isNotEqualTo(claimed.getLast().id());
		assertThat(event.happenedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
		assertThat(EventBody.of(event).data()).isEqualTo(new EventBody.Data(file.id().value(), "alice",
				file.name().value(), "fine-tune", 7, NOW.getEpochSecond(), EXPIRY.getEpochSecond()));
		assertThat(EventBody.of(claimed.getLast()).data().expiresAt()).isNull();
	}

	@Test
	void writesOneForEachFileThatIsDeletedOrExpires() {
		FileId deleted = available(nextId(), ALICE, Purpose.EVALS, Optional.of(EXPIRY)).id();
		FileId expiring = available(nextId(), ALICE, Purpose.EVALS, Optional.of(EXPIRY)).id();
		FileId abandoned = available(nextId(), ALICE, Purpose.EVALS, Optional.empty()).id();
		this.events.delivered(claim(NOW));
		assertThat(this.files.delete(BOB, deleted, NOW)).isFalse();
		assertThat(this.files.delete(ALICE, deleted, NOW)).isTrue();
		assertThat(this.files.delete(ALICE, deleted, NOW)).isFalse();
		assertThat(this.files.delete(ALICE, expiring, EXPIRY)).isFalse();
		this.sweeping.claimDue(EXPIRY);
		// after the answer to its completion was lost
		this.uploads.abandon(abandoned, ALICE, ObjectKeys.upload(abandoned), NOW, LATER);
		assertThat(claim(NOW)).extracting(Event::type, Event::fileId)
			.containsExactly(tuple("file.deleted", deleted.value()), tuple("file.expired", expiring.value()),
					tuple("file.deleted", abandoned.value()));
	}

	@Test
	void writesNoneForWhatNeverBecameAFile() {
		FileId multipart = pendingMultipart(LATER);
		FileId presigned = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(this.files.delete(ALICE, presigned, NOW)).isTrue();
		this.uploads.abandon(multipart, ALICE, ObjectKeys.upload(multipart), NOW, LATER);
		pendingMultipart(LATER);
		this.sweeping.claimDue(LATER);
		assertThat(claim(NOW)).isEmpty();
		assertThat(this.events.oldest()).isEmpty();
	}

	@Test
	void writesNoneWhileNobodyWantsThemAndKeepsNoneThen() {
		available(ALICE, Purpose.EVALS);
		assertThat(this.events.wantNone()).isOne();
		assertThat(this.events.wantNone()).isZero();
		this.files.delete(ALICE, available(ALICE, Purpose.EVALS).id(), NOW);
		assertThat(this.events.oldest()).isEmpty();
		this.events.want();
		available(ALICE, Purpose.EVALS);
		assertThat(claim(NOW)).hasSize(1);
	}

	@Test
	void claimsAnEventOfAFileOnlyAfterAllEarlierOnes() {
		FileId file = available(ALICE, Purpose.EVALS).id();
		this.files.delete(ALICE, file, NOW);
		FileId other = available(ALICE, Purpose.EVALS).id();
		List<Event> first = claim(NOW);
		assertThat(first).extracting(Event::fileId).containsExactly(file.value(), other.value());
		assertThat(this.events.areDue(NOW)).isFalse();
		this.events.failed(first.getFirst(), NOW.plus(CLAIM), LATER);
		this.events.delivered(first.subList(1, 2));
		assertThat(claim(LATER.minusSeconds(1))).isEmpty();
		List<Event> again = claim(LATER);
		assertThat(again).singleElement()
			.returns("file.created", Event::type)
			.returns(1, Event::attempts)
			.returns(first.getFirst().id(), Event::id);
		this.events.delivered(again);
		assertThat(claim(LATER)).singleElement().returns("file.deleted", Event::type);
	}

	@Test
	void claimsAgainWhatAnInstanceClaimedThatDied() {
		available(ALICE, Purpose.EVALS);
		Event claimed = claim(NOW).getFirst();
		assertThat(claim(NOW.plus(CLAIM).minusSeconds(1))).isEmpty();
		assertThat(claim(NOW.plus(CLAIM))).extracting(Event::id).containsExactly(claimed.id());
		// it was not dead: what it says of its old claim has no effect
		this.events.failed(claimed, NOW.plus(CLAIM), NOW);
		assertThat(this.events.areDue(NOW)).isFalse();
	}

	@Test
	void claimsEachForOneOfSeveralInstances() throws Exception {
		for (int i = 0; i < 40; i++) {
			available(ALICE, Purpose.EVALS);
		}
		List<String> ids = Together.run(4, () -> {
			List<String> claimed = new ArrayList<>();
			while (this.events.areDue(NOW)) {
				claim(NOW, 3).forEach((event) -> claimed.add(event.id()));
			}
			return claimed;
		}).stream().flatMap(List::stream).toList();
		assertThat(ids).hasSize(40).doesNotHaveDuplicates();
	}

	@Test
	void claimsTheOldestFirstAndNoMoreThanAskedFor() {
		List<String> files = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			files.add(available(ALICE, Purpose.EVALS).id().value());
		}
		assertThat(claim(NOW, 2)).extracting(Event::fileId).containsExactlyInAnyOrderElementsOf(files.subList(0, 2));
		assertThat(claim(NOW, 2)).extracting(Event::fileId).containsExactlyInAnyOrderElementsOf(files.subList(2, 4));
	}

	@Test
	void dropsTheOldestUpToATime() {
		for (int i = 0; i < 5; i++) {
			available(ALICE, Purpose.EVALS);
		}
		Instant happened = this.events.oldest().orElseThrow();
		assertThat(this.events.drop(happened, 100)).isZero();
		assertThat(this.events.drop(happened.plusSeconds(60), 2)).isEqualTo(2);
		assertThat(claim(NOW)).hasSize(3);
	}

	/** However many wait, of which some were tried before. */
	@Test
	void findsTheOldestWithoutReadingAll() {
		this.database.jdbc().sql("""
				INSERT INTO event (id, type, file_id, owner, bytes, file_created_at, happened_at, due_at)
				WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
				SELECT 'evt_' || n, CASE WHEN n % 2 = 1 THEN 'file.created' ELSE 'file.deleted' END,
					'file-' || ((n + 1) / 2), 'alice', 1, 0, n, CASE WHEN n < 50 THEN 2000000000 ELSE 0 END
				FROM numbers""").update();
		this.database.jdbc().sql("ANALYZE event").update();
		boolean shared = this.database.changes().areShared();
		List<String> plan = this.database.jdbc()
			.sql((shared ? "EXPLAIN " : "EXPLAIN QUERY PLAN ")
					+ EventRepository.DUE.replace(":now", "1800000000").replace(":limit", "16"))
			.query((row, number) -> row.getString(shared ? 1 : 4))
			.list();
		assertThat(plan)
			.noneMatch((step) -> step.contains("Seq Scan") || step.contains("Sort") || step.contains("Hash")
					|| step.contains("B-TREE"))
			.anyMatch((step) -> step.contains("event_by_due"))
			.anyMatch((step) -> step.contains("event_by_file"));
		assertThat(claim(NOW, 16)).hasSize(16).first().returns("file-26", Event::fileId);
	}

	@Test
	void claimsNewOnesBeforeAnyNumberOfThoseThatFailed() {
		this.database.jdbc().sql("""
				INSERT INTO event (id, type, file_id, owner, bytes, file_created_at, happened_at, attempts, due_at)
				WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 41)
				SELECT 'evt_' || n, 'file.created', 'file-' || n, 'alice', 1, 0, n, CASE WHEN n < 41 THEN 3 ELSE 0 END,
					CASE WHEN n < 41 THEN 1000 + n ELSE 0 END
				FROM numbers""").update();
		assertThat(claim(NOW, 2)).extracting(Event::fileId).containsExactlyInAnyOrder("file-41", "file-1");
	}

	private List<Event> claim(Instant now) {
		return claim(now, 100);
	}

	private List<Event> claim(Instant now, int limit) {
		return this.events.claim(now, now.plus(CLAIM), limit);
	}

}

package dev.stowage.upload;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.stowage.file.FileException;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.support.Faults;
import dev.stowage.support.FileWorld;
import dev.stowage.support.InFileWorld;
import dev.stowage.support.Soon;
import dev.stowage.support.Together;
import dev.stowage.upload.pending.Turns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.BOB;
import static dev.stowage.support.FileWorld.JSON;
import static dev.stowage.support.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a pre-signed upload becomes a file, even if other requests touch it at the same
 * time.
 */
class CompletionTests extends InFileWorld {

	private static final byte[] OTHER = bytes("{\"b\": [4, 5, 6]}");

	/** The time after which an unfinished completion no longer blocks another. */
	private static final Duration CLAIM = Duration.ofMinutes(1);

	@Test
	void makesTheFileOfWhatWasSent() throws IOException {
		UploadGrant grant = this.world.sent(JSON);
		StoredFile file = this.world.complete(grant);
		assertThat(file.status()).isEqualTo(FileStatus.AVAILABLE);
		assertThat(file.bytes()).isEqualTo(JSON.length);
		assertThat(file.createdAt()).isEqualTo(grant.file().createdAt());
		assertThat(this.world.files.getAvailable(ALICE, file.id())).isEqualTo(file);
		assertThat(this.world.listed()).containsExactly(file);
		assertThat(this.world.served(file)).isEqualTo(JSON);
		this.world.requireNothingButListed();
		assertThat(this.world.served(file)).isEqualTo(JSON);
	}

	@Test
	void asksForTheBytesFirst() {
		UploadGrant grant = this.world.grant();
		assertThatExceptionOfType(FileException.NotUploaded.class).isThrownBy(() -> this.world.complete(grant))
			.withMessageContaining(grant.file().id().value());
		this.world.send(grant, JSON);
		assertThat(this.world.complete(grant).status()).isEqualTo(FileStatus.AVAILABLE);
	}

	@Test
	void completesNothingTwice() {
		UploadGrant grant = this.world.sent(JSON);
		StoredFile file = this.world.complete(grant);
		assertThatExceptionOfType(FileException.AlreadyCompleted.class).isThrownBy(() -> this.world.complete(grant))
			.withMessage("The file " + file.id() + " is already completed.");
		assertThat(this.world.listed()).containsExactly(file);
	}

	@Test
	void staysPendingAfterWhatIsNoJsonAndTakesWhatIsSentNext() throws IOException {
		UploadGrant grant = this.world.sent(bytes("{\n \"a\": nul}"));
		assertThatExceptionOfType(FileException.NotJson.class).isThrownBy(() -> this.world.complete(grant))
			.withMessageStartingWith("The file is not valid JSON: line 2, column 10: ");
		this.world.send(grant, new byte[0]);
		assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> this.world.complete(grant))
			.withMessageStartingWith("The uploaded file is empty")
			.returns("file", FileException.InvalidParameter::parameter);
		this.world.send(grant, OTHER);
		assertThat(this.world.served(this.world.complete(grant))).isEqualTo(OTHER);
	}

	@Test
	void acceptsFilesUpToTheLimitAndNotOneByteMore() {
		String limit = JSON.length + "B";
		try (FileWorld small = world(Map.of("stowage.presigned.max-size", limit))) {
			UploadGrant grant = small.sent(bytes(" " + new String(JSON, StandardCharsets.UTF_8)));
			assertThatExceptionOfType(FileException.TooLarge.class).isThrownBy(() -> small.complete(grant))
				.withMessage("File is too large.");
			small.send(grant, JSON);
			assertThat(small.complete(grant).bytes()).isEqualTo(JSON.length);
		}
	}

	@Test
	void letsExactlyOneOfManyWin() throws Exception {
		UploadGrant grant = this.world.sent(JSON);
		List<String> outcomes = Together.run(12, () -> {
			try {
				return this.world.complete(grant).key().value();
			}
			catch (FileException.BeingCompleted | FileException.AlreadyCompleted ex) {
				return "already";
			}
		});
		assertThat(this.world.store.calls(Call.OPEN)).hasSize(1);
		StoredFile file = this.world.listed().getFirst();
		assertThat(outcomes).containsOnlyOnce(file.key().value());
		assertThat(outcomes).filteredOn("already"::equals).hasSize(11);
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		assertThat(this.world.served(file)).isEqualTo(JSON);
	}

	@Test
	void readsTheBytesForOneOfSixteenWhoCompleteAtOnce() throws Exception {
		UploadGrant grant = this.world.sent(JSON);
		CountDownLatch refused = new CountDownLatch(15);
		this.world.store.run(Moment.BEFORE, Call.OPEN, 1, (key) -> awaitAll(refused));
		List<String> outcomes = Together.run(16, () -> {
			try {
				return this.world.complete(grant).status().name();
			}
			catch (FileException.BeingCompleted ex) {
				refused.countDown();
				return "being completed";
			}
		});
		assertThat(outcomes).filteredOn("being completed"::equals).hasSize(15);
		assertThat(this.world.store.calls(Call.OPEN)).hasSize(1);
		assertThat(this.world.listed()).hasSize(1);
		this.world.requireNothingButListed();
	}

	private static void awaitAll(CountDownLatch latch) {
		try {
			assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void doesNotReadAgainWhatItFoundInvalid() throws IOException {
		UploadGrant grant = this.world.sent(bytes("{"));
		List<String> messages = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(FileException.NotJson.class).isThrownBy(() -> this.world.complete(grant))
				.satisfies((ex) -> messages.add(String.valueOf(ex.getMessage())));
		}
		assertThat(messages).hasSize(3).containsOnly(messages.getFirst());
		assertThat(this.world.store.calls(Call.OPEN)).hasSize(1);
		this.world.send(grant, bytes("[1,"));
		assertThatExceptionOfType(FileException.NotJson.class).isThrownBy(() -> this.world.complete(grant));
		assertThat(this.world.store.calls(Call.OPEN)).hasSize(2);
		this.world.send(grant, OTHER);
		assertThat(this.world.served(this.world.complete(grant))).isEqualTo(OTHER);
		this.world.requireNothingButListed();
	}

	@Test
	void letsOthersCompleteAMinuteAfterAnInstanceDied() {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.fail(Moment.BEFORE, Call.OPEN);
		this.world.faults.fail(Faults.Moment.BEFORE, "releaseClaim");
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.complete(grant));
		this.world.store.heal();
		this.world.faults.heal();
		assertThatExceptionOfType(FileException.BeingCompleted.class).isThrownBy(() -> this.world.complete(grant));
		this.world.clock.move(Duration.ofSeconds(59));
		assertThatExceptionOfType(FileException.BeingCompleted.class).isThrownBy(() -> this.world.complete(grant));
		this.world.clock.move(Duration.ofSeconds(1));
		assertThat(this.world.complete(grant).status()).isEqualTo(FileStatus.AVAILABLE);
	}

	@Test
	void letsOthersCompleteThoughTheClockWasSetBackAfterAnInstanceDied() {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.fail(Moment.BEFORE, Call.OPEN);
		this.world.faults.fail(Faults.Moment.BEFORE, "releaseClaim");
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.complete(grant));
		this.world.store.heal();
		this.world.faults.heal();
		this.world.clock.move(Duration.ofHours(-1));
		assertThat(this.world.complete(grant).status()).isEqualTo(FileStatus.AVAILABLE);
	}

	@Test
	void keepsItsClaimHoweverSlowlyTheStoreGivesTheBytes() throws IOException {
		try (FileWorld slow = world(Map.of(), new Slow())) {
			UploadGrant grant = slow.sent(JSON);
			((Slow) slow.store).onRead = () -> {
				slow.clock.move(Duration.ofSeconds(20));
				assertThatExceptionOfType(FileException.BeingCompleted.class).isThrownBy(() -> slow.complete(grant));
			};
			assertThat(slow.served(slow.complete(grant))).isEqualTo(JSON);
			assertThat(slow.clock.instant()).isAfter(grant.file().createdAt().plusSeconds(200));
		}
	}

	/** Returns a byte at a time. */
	private static final class Slow extends FailingObjectStore {

		private Runnable onRead = () -> {
		};

		Slow() {
			super(engine().store());
		}

		@Override
		public Optional<InputStream> open(ObjectInfo object) {
			return super.open(object).map((bytes) -> new FilterInputStream(bytes) {

				@Override
				public int read(byte[] buffer, int offset, int length) throws IOException {
					Slow.this.onRead.run();
					return super.read(buffer, offset, Math.min(1, length));
				}

			});
		}

	}

	@Test
	void letsAnOwnerCompleteAFewFilesAtATime() throws Exception {
		List<UploadGrant> grants = new ArrayList<>();
		for (int i = 0; i < Turns.AT_ONCE + 4; i++) {
			grants.add(this.world.sent(JSON));
		}
		UploadGrant foreign = this.world.grant(BOB, "b.json", Purpose.CONTEXT);
		this.world.send(foreign, JSON);
		CountDownLatch go = new CountDownLatch(1);
		this.world.store.run(Moment.BEFORE, Call.OPEN, 0, (key) -> {
			if (!key.equals(foreign.file().key())) {
				awaitAll(go);
			}
		});
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<StoredFile>> all = new ArrayList<>();
			grants.forEach((grant) -> all.add(executor.submit(() -> this.world.complete(grant))));
			Soon.await().until(() -> this.world.store.calls(Call.OPEN).size() == Turns.AT_ONCE);
			assertThat(this.world.service.complete(BOB, foreign.file().id()).status()).isEqualTo(FileStatus.AVAILABLE);
			assertThat(this.world.store.calls(Call.OPEN)).hasSize(Turns.AT_ONCE + 1);
			go.countDown();
			for (Future<StoredFile> one : all) {
				assertThat(one.get().status()).isEqualTo(FileStatus.AVAILABLE);
			}
		}
	}

	@Test
	void saysAlreadyCompletedToWhomeverIsOvertakenAndSwept() {
		for (Call overtaken : List.of(Call.FIND, Call.OPEN, Call.COPY)) {
			UploadGrant grant = this.world.sent(JSON);
			this.world.store.heal();
			this.world.store.run(Moment.BEFORE, overtaken, 1, (key) -> {
				this.world.clock.move(CLAIM);
				this.world.complete(grant);
				this.world.sweeper.sweep();
			});
			assertThatExceptionOfType(FileException.AlreadyCompleted.class).as(overtaken.name())
				.isThrownBy(() -> this.world.complete(grant));
		}
		assertThat(this.world.listed()).hasSize(3);
		this.world.requireNothingButListed();
	}

	@Test
	void takesBackTheCopyOfTheLoserAtOnce() {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.run(Moment.AFTER, Call.COPY, 1, (key) -> {
			this.world.clock.move(CLAIM);
			this.world.complete(grant);
		});
		assertThatExceptionOfType(FileException.AlreadyCompleted.class).isThrownBy(() -> this.world.complete(grant));
		StoredFile file = this.world.listed().getFirst();
		assertThat(file.key()).isEqualTo(ObjectKeys.copy(file.id(), 2));
		this.world.requireObjects(file.key(), ObjectKeys.staging(file.id()));
	}

	@Test
	void leavesTheCopyOfTheLoserToTheSweeperWhereTheStoreIsAway() {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.run(Moment.AFTER, Call.COPY, 1, (key) -> {
			this.world.clock.move(CLAIM);
			this.world.complete(grant);
		});
		this.world.store.fail(Moment.BEFORE, Call.DELETE);
		assertThatExceptionOfType(FileException.AlreadyCompleted.class).isThrownBy(() -> this.world.complete(grant));
		assertThat(engine().keys()).hasSize(3);
		this.world.store.heal();
		this.world.sweeper.sweep();
		this.world.requireObjects(this.world.listed().getFirst().key());
	}

	@Test
	void findsNoFileThatWasDeletedMeanwhile() {
		for (Call overtaken : List.of(Call.FIND, Call.OPEN, Call.COPY)) {
			for (Moment moment : Moment.values()) {
				UploadGrant grant = this.world.sent(JSON);
				this.world.store.heal();
				this.world.store.run(moment, overtaken, 1, (key) -> this.world.files.delete(ALICE, grant.file().id()));
				assertThatExceptionOfType(FileException.NotFound.class).as(moment + " " + overtaken)
					.isThrownBy(() -> this.world.complete(grant));
			}
		}
		this.world.requireNothingButListed();
		this.world.requireObjects();
	}

	@Test
	void refusesWhatIsReplacedBetweenItsCheckAndItsCopy() throws IOException {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.run(Moment.BEFORE, Call.COPY, 1, (key) -> this.world.send(grant, OTHER));
		assertThatExceptionOfType(FileException.Replaced.class).isThrownBy(() -> this.world.complete(grant));
		assertThat(this.world.files.get(ALICE, grant.file().id()).status()).isEqualTo(FileStatus.PENDING);
		assertThat(this.world.listed()).isEmpty();
		assertThat(this.world.served(this.world.complete(grant))).isEqualTo(OTHER);
		this.world.requireNothingButListed();
	}

	@Test
	void refusesWhatIsReplacedBetweenItsDescriptionAndItsCheck() {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.run(Moment.BEFORE, Call.OPEN, 1, (key) -> this.world.send(grant, OTHER));
		assertThatExceptionOfType(FileException.Replaced.class).isThrownBy(() -> this.world.complete(grant));
		assertThat(this.world.complete(grant).status()).isEqualTo(FileStatus.AVAILABLE);
	}

	@Test
	void servesWhatWasCheckedWhateverIsSentLater() throws IOException {
		UploadGrant grant = this.world.sent(JSON);
		StoredFile file = this.world.complete(grant);
		this.world.send(grant, OTHER);
		assertThat(this.world.served(file)).isEqualTo(JSON);
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		this.world.send(grant, OTHER);
		this.world.clock.move(Duration.ofMinutes(70));
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		assertThat(this.world.served(file)).isEqualTo(JSON);
	}

	@Test
	void acceptsACopyWithATagOfItsOwn() throws IOException {
		try (FileWorld encrypting = world(Map.of(), new Retagging())) {
			StoredFile file = encrypting.complete(encrypting.sent(JSON));
			assertThat(encrypting.served(file)).isEqualTo(JSON);
			encrypting.requireNothingButListed();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"b\": [4, 5, 6]}", "no JSON, as long", "[]" })
	void refusesWhatAnEngineCopiedWithoutLookingAtItsTag(String other) throws IOException {
		Retagging store = new Retagging();
		try (FileWorld careless = world(Map.of(), store)) {
			UploadGrant grant = careless.sent(JSON);
			store.run(Moment.BEFORE, Call.COPY, 1, (key) -> careless.send(grant, bytes(other)));
			assertThatExceptionOfType(FileException.Replaced.class).isThrownBy(() -> careless.complete(grant));
			careless.requireObjects(ObjectKeys.staging(grant.file().id()));
			careless.send(grant, JSON);
			assertThat(careless.served(careless.complete(grant))).isEqualTo(JSON);
			careless.requireNothingButListed();
		}
	}

	@Test
	void removesACopyThatComesAfterItsFileWasSwept() {
		UploadGrant grant = this.world.sent(JSON);
		this.world.clock.move(Duration.ofMinutes(70).minusSeconds(1));
		this.world.store.run(Moment.BEFORE, Call.COPY, 1, (key) -> {
			// longer than the claim holds
			this.world.clock.move(Duration.ofMinutes(3));
			this.world.sweeper.sweep();
			this.world.requireObjects();
			// the copy itself can no longer be made, so another object replaces it
			putCopy(key);
			this.world.store.fail(Moment.BEFORE, Call.DELETE);
		});
		assertThatExceptionOfType(FileException.NotFound.class).isThrownBy(() -> this.world.complete(grant));
		assertThat(engine().keys()).hasSize(1);
		this.world.requireNothingButListed();
		this.world.requireObjects();
	}

	private static void putCopy(ObjectKey key) {
		try {
			engine().store().put(key, new ByteArrayInputStream(JSON), 100);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** An engine that obeys no condition on copies, and gives each a new tag. */
	private static final class Retagging extends FailingObjectStore {

		Retagging() {
			super(engine().store());
		}

		@Override
		public Optional<ObjectInfo> copy(ObjectInfo source, ObjectKey target) {
			// the hooks of the test come first, so that they fall between check and copy
			return super.copy(source, target).or(() -> super.copy(find(source.key()).orElseThrow(), target))
				.map((copy) -> new ObjectInfo(copy.key(), copy.size(), "made-anew"));
		}

	}

}

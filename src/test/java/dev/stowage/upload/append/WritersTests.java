package dev.stowage.upload.append;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.upload.pending.UploadStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Requests that append to the same upload at the same time, on two instances. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WritersTests extends InAppendWorld {

	private static final int PART = 8 * MIB;

	private static final byte[] ALL = Sent.bytes(PART + 100);

	/** Another instance over the same rows. */
	private AppendRows.Instance other;

	@BeforeEach
	void startAnother() {
		this.other = this.world.instance(Map.of());
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 16_384, 100_000, PART, PART + 99 })
	void tellsANewerRequestAllThatAnOlderOneHasReceived(int received) throws IOException {
		AppendedUpload upload = create(ALL.length);
		HeldBody held = new HeldBody(Arrays.copyOf(ALL, received));
		CompletableFuture<AppendedUpload> older = begin(() -> append(upload, held.sent(ALL.length).at(0)));
		held.awaitSilence();
		assertThat(toContinue(upload).offset()).isEqualTo(received);
		requireTakenOver(older);
		requireCompletes(upload, ALL);
	}

	@Test
	void endsARequestOnAnotherInstance() throws Exception {
		AppendedUpload upload = create(ALL.length);
		HeldBody held = new HeldBody(Arrays.copyOf(ALL, PART + 3));
		CompletableFuture<AppendedUpload> older = begin(() -> append(upload, held.sent(ALL.length).at(0)));
		held.awaitSilence();
		try (AutoCloseable watch = this.world.appended.watch()) {
			assertThat(watch).isNotNull();
			assertThat(this.other.uploads().toContinue(ALICE, upload.id()).offset()).isEqualTo(PART + 3);
		}
		requireTakenOver(older);
		requireCompletes(upload, ALL);
	}

	@Test
	void endsARequestWhoseUploadIsCancelledOnAnotherInstance() throws Exception {
		AppendedUpload upload = create(ALL.length);
		HeldBody held = new HeldBody(Arrays.copyOf(ALL, PART + 3));
		CompletableFuture<AppendedUpload> request = begin(() -> append(upload, held.sent(ALL.length).at(0)));
		held.awaitSilence();
		this.other.uploads().cancel(ALICE, upload.id());
		assertThat(held.isEnded()).isFalse();
		this.world.appended.look();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(request::join)
			.withCauseInstanceOf(AppendException.Ended.class)
			.withMessageContaining("is cancelled");
		requireOnlyFiles();
	}

	@Test
	void waitsForAnOlderRequestThatIsStillEnding() throws Exception {
		AppendedUpload upload = create(ALL.length);
		HeldBody held = new HeldBody(Arrays.copyOf(ALL, PART + 3));
		CountDownLatch gate = new CountDownLatch(1);
		this.world.store.run(Moment.AFTER, Call.APPEND, 1, (key) -> {
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		CompletableFuture<AppendedUpload> older = begin(() -> append(upload, held.sent(ALL.length).at(0)));
		held.awaitSilence();
		try (AutoCloseable watch = this.world.appended.watch()) {
			assertThat(watch).isNotNull();
			CompletableFuture<AppendedUpload> newer = begin(() -> this.other.uploads().toContinue(ALICE, upload.id()));
			// longer than a silence
			await().until(() -> beats() > 7);
			assertThat(newer).isNotDone();
			gate.countDown();
			assertThat(newer.join().offset()).isEqualTo(PART + 3);
		}
		requireTakenOver(older);
		requireCompletes(upload, ALL);
	}

	private int beats() {
		return this.world.database.jdbc().sql("SELECT beats FROM appended_upload").query(Integer.class).single();
	}

	@Test
	void replacesARequestWhoseInstanceIsDead() throws IOException {
		AppendedUpload upload = create(ALL.length);
		HeldBody held = new HeldBody(Arrays.copyOf(ALL, PART + 3));
		CompletableFuture<AppendedUpload> dead = begin(() -> append(upload, held.sent(ALL.length).at(0)));
		held.awaitSilence();
		await().until(() -> count("appended_part") == 1);
		assertThat(this.other.uploads().toContinue(ALICE, upload.id()).offset()).isEqualTo(PART);
		assertThat(held.isEnded()).isFalse();
		this.other.uploads().append(ALICE, upload.id(), Sent.of(Arrays.copyOfRange(ALL, PART, PART + 50)).at(PART));
		held.end();
		requireTakenOver(dead);
		assertThat(toContinue(upload).offset()).isEqualTo(PART + 50);
		requireCompletes(upload, ALL);
	}

	@Test
	void removesWhatADeadInstanceWritesLate() throws IOException {
		byte[] all = Sent.bytes(100);
		AppendedUpload upload = create(all.length);
		HeldBody held = new HeldBody(Arrays.copyOf(all, 30));
		CompletableFuture<AppendedUpload> dead = begin(() -> append(upload, held.sent(all.length).at(0)));
		held.awaitSilence();
		assertThat(this.other.uploads().toContinue(ALICE, upload.id()).offset()).isZero();
		for (int i = 0; i < 20; i++) {
			this.other.uploads().append(ALICE, upload.id(), Sent.of(new byte[] { all[i] }).at(i));
		}
		held.end();
		requireTakenOver(dead);
		assertThat(toContinue(upload).offset()).isEqualTo(20);
		requireCompletes(upload, all);
	}

	@Test
	void makesTheLatestOfSeveralRequestsTheWriter() throws IOException {
		AppendedUpload upload = create(2);
		Writers writers = this.world.appended.writers();
		Writers.Writer first = writers.take(upload.id(), () -> {
		});
		List<CompletableFuture<Writers.Writer>> newer = List.of(take(upload, writers), take(upload, writers),
				take(upload, this.other.writers()));
		await()
			.until(() -> this.world.database.jdbc().sql("SELECT parts FROM file").query(Integer.class).single() == 4);
		assertThat(first.isEnded()).isTrue();
		first.close();
		await().until(() -> newer.stream().allMatch(CompletableFuture::isDone));
		List<CompletableFuture<Writers.Writer>> taken = newer.stream()
			.filter((one) -> !one.isCompletedExceptionally())
			.toList();
		assertThat(taken).hasSize(1);
		assertThat(taken.getFirst().join().number()).isEqualTo(4);
		newer.stream()
			.filter(CompletableFuture::isCompletedExceptionally)
			.forEach((one) -> assertThatExceptionOfType(CompletionException.class).isThrownBy(one::join)
				.withCauseInstanceOf(AppendException.TakenOver.class));
		taken.getFirst().join().close();
		assertThat(writers.isWritten(upload.id())).isFalse();
	}

	private CompletableFuture<Writers.Writer> take(AppendedUpload upload, Writers writers) {
		return begin(() -> writers.take(upload.id(), () -> {
		}));
	}

	@Test
	void letsOneOfManyRequestsWithTheSameBytesAppend() throws IOException {
		byte[] all = Sent.bytes(200_000);
		AppendedUpload upload = create(all.length);
		List<CompletableFuture<AppendedUpload>> requests = Arrays
			.asList(this.world.appended, this.other, this.world.appended, this.other, this.world.appended)
			.stream()
			.map((instance) -> begin(() -> instance.uploads().append(ALICE, upload.id(), Sent.of(all).at(0))))
			.toList();
		await().until(() -> {
			this.world.appended.look();
			this.other.look();
			return requests.stream().allMatch(CompletableFuture::isDone);
		});
		assertThat(requests.stream().filter((request) -> !request.isCompletedExceptionally()))
			.allSatisfy((request) -> assertThat(request.join().status()).isEqualTo(UploadStatus.COMPLETED));
		requests.stream()
			.filter(CompletableFuture::isCompletedExceptionally)
			.forEach((request) -> assertThat(request.exceptionNow()).isInstanceOfAny(AppendException.TakenOver.class,
					AppendException.WrongOffset.class));
		requireCompletes(upload, all);
	}

	private static void requireTakenOver(CompletableFuture<AppendedUpload> request) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(request::join)
			.withCauseInstanceOf(AppendException.TakenOver.class);
	}

	private static <T> CompletableFuture<T> begin(Callable<T> request) {
		CompletableFuture<T> result = new CompletableFuture<>();
		Thread.ofVirtual().start(() -> {
			try {
				result.complete(request.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		});
		return result;
	}

}

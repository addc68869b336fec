package dev.stowage.storage.s3;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.stowage.memory.Reservation;
import dev.stowage.memory.UploadMemory;
import dev.stowage.memory.Uploader;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.support.Soon;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Compositions in a store that fails temporarily or permanently. */
class ComposeFaultTests extends BehindFaults {

	private static final int MIB = 1024 * 1024;

	private static final int PART = 5 * MIB;

	private final byte[] large = Samples.bytes(3 * PART);

	private final byte[] small = Samples.bytes(1_000);

	private ObjectRange largeOne;

	private ObjectRange smallOne;

	@BeforeAll
	void putSources() throws Exception {
		this.largeOne = put(Samples.newKey(), this.large);
		this.smallOne = put(Samples.newKey(), this.small);
	}

	private ObjectRange put(ObjectKey key, byte[] bytes) throws Exception {
		this.reliable.store().put(key, Samples.stream(bytes), bytes.length);
		return ObjectRange.of(this.reliable.store().find(key).orElseThrow());
	}

	/** Of each kind of call there is one: two copies, three reads and two sent parts. */
	private Optional<ObjectInfo> compose() {
		return this.faulty.store()
			.compose(List.of(this.largeOne, this.smallOne, this.largeOne, this.smallOne), this.key, "alice",
					ComposeFaultTests::ignore);
	}

	@Test
	void copiesLargeSourcesAndReadsOnlyWhatBordersOnSmallOnes() throws Exception {
		assertThat(compose()).isPresent();
		assertHolds();
		assertThat(this.faults.count(S3Call.COPY_PART)).isEqualTo(2);
		assertThat(this.faults.count(S3Call.GET_OBJECT)).isEqualTo(3);
		assertThat(this.faults.count(S3Call.UPLOAD_PART)).isEqualTo(2);
		// the copied source, and the target
		assertThat(this.faults.count(S3Call.HEAD_OBJECT)).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource(names = { "CREATE_UPLOAD", "COPY_PART", "UPLOAD_PART", "GET_OBJECT", "COMPLETE_UPLOAD" })
	void composesWhenOneCallFailsOnce(S3Call call) throws Exception {
		this.faults.fail(call, 1, 1, Fault.answer(503, "SlowDown"));
		assertThat(compose()).isPresent();
		assertHolds();
	}

	@ParameterizedTest
	@EnumSource(names = { "CREATE_UPLOAD", "COPY_PART", "UPLOAD_PART", "GET_OBJECT", "COMPLETE_UPLOAD", "HEAD_OBJECT" })
	void leavesNothingWhenCallsFailForGood(S3Call call) {
		this.faults.failAlways(call, Fault.answer(500, "InternalError"));
		assertFails();
	}

	@ParameterizedTest
	@EnumSource(names = { "COPY_PART", "COMPLETE_UPLOAD" })
	void leavesNothingWhenAnErrorComesInsideOk(S3Call call) {
		this.faults.failAlways(call, Fault.answer(200, "InternalError"));
		assertFails();
	}

	@ParameterizedTest
	@EnumSource(names = { "UPLOAD_PART", "GET_OBJECT", "COMPLETE_UPLOAD", "HEAD_OBJECT" })
	void leavesNothingWhenCallsAreRefused(S3Call call) {
		this.faults.failAlways(call, Fault.answer(403, "AccessDenied"));
		assertFails();
	}

	@ParameterizedTest
	@CsvSource({ "COPY_OBJECT", "PUT_OBJECT" })
	void leavesNothingWhenTheOnlyCallFails(S3Call call) {
		this.faults.failAlways(call, Fault.answer(500, "InternalError"));
		List<ObjectRange> sources = (call == S3Call.COPY_OBJECT) ? List.of(this.largeOne)
				: List.of(this.smallOne, this.smallOne);
		assertThatExceptionOfType(ObjectStoreException.class)
			.isThrownBy(() -> this.faulty.store().compose(sources, this.key, "alice", ComposeFaultTests::ignore));
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@CsvSource({ "403, AccessDenied", "501, NotImplemented", "400, InvalidRequest" })
	void sendsWhatTheEngineRefusesToCopy(int status, String code) throws Exception {
		this.faults.failAlways(S3Call.COPY_PART, Fault.answer(status, code));
		this.faults.failAlways(S3Call.COPY_OBJECT, Fault.answer(status, code));
		assertThat(compose()).isPresent();
		assertHolds();
		assertThat(this.faulty.store().compose(List.of(this.largeOne), this.key, "alice", ComposeFaultTests::ignore))
			.isPresent();
		assertHolds(this.large);
		assertThat(this.faulty.store().compose(List.of(this.smallOne), this.key, "alice", ComposeFaultTests::ignore))
			.isPresent();
		assertHolds(this.small);
	}

	@Test
	void composesNothingIfWhatTheEngineRefusesToCopyIsReplaced() throws Exception {
		ObjectRange source = put(Samples.newKey(), this.large);
		this.faults.failAlways(S3Call.COPY_PART, Fault.answer(403, "AccessDenied"));
		AtomicInteger calls = new AtomicInteger();
		assertThat(this.faulty.store().compose(List.of(source, this.smallOne), this.key, "alice", () -> {
			// to create the upload, to copy, to read the small one: then to send
			if (calls.incrementAndGet() == 3) {
				this.reliable.store().delete(source.key());
			}
		})).isEmpty();
		assertNothingIsLeft();
	}

	@Test
	void composesNothingIfSourceIsReplacedAfterItWasCopied() throws Exception {
		ObjectRange source = put(Samples.newKey(), this.large);
		assertThat(this.faulty.store().compose(List.of(source, this.largeOne), this.key, "alice", () -> {
			// the comparison follows
			if (this.faults.count(S3Call.COPY_PART) == 2) {
				replace(source.key());
			}
		})).isEmpty();
		assertNothingIsLeft();
	}

	private void replace(ObjectKey key) {
		try {
			put(key, new byte[3 * PART]);
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void doesNotComposeObjectsOfAnotherSize() {
		ObjectRange longer = ObjectRange.ofUnchanging(this.largeOne.key(), 3 * PART + 1);
		ObjectRange smaller = ObjectRange.ofUnchanging(this.smallOne.key(), 999);
		assertThatExceptionOfType(ObjectDamagedException.class).isThrownBy(() -> this.faulty.store()
			.compose(List.of(smaller, this.smallOne), this.key, "alice", ComposeFaultTests::ignore));
		assertNothingIsLeft();
		for (List<ObjectRange> sources : List.of(List.of(longer), List.of(smaller),
				List.of(longer, this.smallOne, longer))) {
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> this.faulty.store().compose(sources, this.key, "alice", ComposeFaultTests::ignore))
				.isInstanceOfAny(ObjectStoreException.class, ObjectDamagedException.class);
			assertNothingIsLeft();
		}
	}

	@Test
	void countsCompletionWhoseAnswerWasLostAsDone() throws Exception {
		this.faults.fail(S3Call.COMPLETE_UPLOAD, 1, 1, Fault.cutAnswerAfter(0));
		assertThat(compose()).isPresent();
		assertHolds();
	}

	/** An engine removes the parts of an upload before the upload itself. */
	@ParameterizedTest
	@CsvSource({ "404, NoSuchUpload", "400, InvalidPart" })
	void countsCompletionAsDoneWhoseRepetitionFindsNothing(int status, String code) throws Exception {
		this.faults.fail(S3Call.COMPLETE_UPLOAD, 1, 1, Fault.cutAnswerAfter(0));
		Fault refusal = Fault.answer(status, code);
		this.faults.fail(S3Call.COMPLETE_UPLOAD, 2, 2, (head, in, exchange) -> {
			Soon.await().until(() -> this.reliable.store().find(this.key).isPresent());
			refusal.handOn(head, in, exchange);
		});
		assertThat(compose()).isPresent();
		assertHolds();
		assertThat(this.faults.count(S3Call.COMPLETE_UPLOAD)).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "404, NoSuchUpload", "400, InvalidPart" })
	void leavesNothingWhenPartsAreGoneThatWereNotCompleted(int status, String code) {
		this.faults.failAlways(S3Call.COMPLETE_UPLOAD, Fault.answer(status, code));
		assertFails();
	}

	@Test
	void abortsOnlyAfterItsCallsHaveEnded() {
		this.faults.fail(S3Call.UPLOAD_PART, 1, 1, Fault.answer(403, "AccessDenied"));
		assertFails();
		assertThat(this.faults.seen()).endsWith(S3Call.ABORT_UPLOAD);
	}

	@Test
	void makesEightCallsAtATime() throws Exception {
		CountDownLatch eight = new CountDownLatch(8);
		CountDownLatch gate = new CountDownLatch(1);
		this.faults.failAlways(S3Call.COPY_PART, (head, in, exchange) -> {
			eight.countDown();
			gate.await();
			Fault.NONE.handOn(head, in, exchange);
		});
		Thread opener = Thread.ofVirtual().start(() -> {
			try {
				eight.await();
				gate.countDown();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		assertThat(this.faulty.store()
			.compose(Collections.nCopies(20, this.largeOne), this.key, "alice", ComposeFaultTests::ignore)).isPresent();
		opener.join();
		assertThat(this.faults.count(S3Call.COPY_PART)).isEqualTo(20);
	}

	@Test
	void givesMemoryToTheSenderThatHoldsTheLeast() throws Exception {
		UploadMemory memory = this.faulty.memory();
		List<ObjectRange> quarter = List.of(this.largeOne.part(0, 4 * MIB), this.largeOne.part(0, 4 * MIB));
		List<String> calls = new CopyOnWriteArrayList<>();
		ObjectKey bobs = Samples.newKey();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
				Reservation one = reserve(memory, "alice");
				Reservation two = reserve(memory, "alice");
				Reservation three = reserve(memory, "carol")) {
			List<Future<?>> both = new ArrayList<>();
			try (Reservation four = reserve(memory, "carol")) {
				both.add(executor
					.submit(() -> this.faulty.store().compose(quarter, this.key, "alice", () -> calls.add("alice"))));
				Soon.await().until(() -> memory.waiting() == 1);
				both.add(executor
					.submit(() -> this.faulty.store().compose(quarter, bobs, "bob", () -> calls.add("bob"))));
				Soon.await().until(() -> memory.waiting() == 2);
				assertThat(List.of(one, two, three, four)).noneMatch(Reservation::isRevoked);
			}
			for (Future<?> done : both) {
				done.get();
			}
		}
		// two reads and what they were for, before the memory is returned
		assertThat(calls).startsWith("bob", "bob", "bob").contains("alice");
		this.reliable.store().delete(bobs);
	}

	private static Reservation reserve(UploadMemory memory, String sender) throws InterruptedException {
		return memory.reserve(memory.largestReservation(), new Uploader(sender, memory.newSpeed(), () -> {
		}));
	}

	private static void ignore() {
		// nothing depends on the progress
	}

	private void assertFails() {
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(this::compose);
		assertNothingIsLeft();
	}

	private void assertNothingIsLeft() {
		assertThat(this.reliable.store().find(this.key)).isEmpty();
		assertThat(this.reliable.openUploads(this.key)).isEmpty();
	}

	private void assertHolds() throws Exception {
		assertHolds(this.large, this.small, this.large, this.small);
	}

	private void assertHolds(byte[]... pieces) throws Exception {
		try (InputStream stored = this.reliable.store()
			.open(this.reliable.store().find(this.key).orElseThrow())
			.orElseThrow()) {
			for (byte[] piece : pieces) {
				assertThat(stored.readNBytes(piece.length)).isEqualTo(piece);
			}
			assertThat(stored.read()).isEqualTo(-1);
		}
	}

}

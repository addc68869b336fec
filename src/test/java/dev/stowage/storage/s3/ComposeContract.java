package dev.stowage.storage.s3;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** How {@link ObjectStore#compose} makes one object of many. */
abstract class ComposeContract extends StreamedPutContract {

	private static final int MIB = 1024 * 1024;

	/** The smallest part that S3 accepts while others follow. */
	private static final int PART = 5 * MIB;

	/** Of each of their calls something can fail. */
	private static final List<Integer> MIXED = List.of(PART + 1, 7, 2 * PART, 9);

	private final Random random = new Random(7);

	@ParameterizedTest
	@ValueSource(strings = { "1", "100000", "5242880", "9000000", "1,2,3", "100000,1,200000,3", "5242880,5242880",
			"6000000,5242880,7000000", "1,6000000", "6000000,1", "6000000,1,6000000", "1,6000000,1,6000000,1",
			"5242879,5242880,5242879,5242881", "3000000,3000000,3000000,9000000,2000000", "5242880,5242879,1",
			"8388608,1", "1,5242880,1,5242880,1,5242880", "4194304,4194304,5242880", "1,5242879,5242880",
			"65536,65536,1,65535,20000000" })
	void composesWholeObjects(String sizes) throws Exception {
		assertComposes(Stream.of(sizes.split(",")).map((size) -> store(Integer.parseInt(size))).toList());
	}

	@Test
	void composesRangesInAnyOrder() throws Exception {
		Piece one = store(12 * MIB);
		Piece other = store(6 * MIB);
		assertComposes(List.of(one.part(6 * MIB, 6 * MIB), one.part(0, 6 * MIB)));
		assertComposes(List.of(one.part(12 * MIB - 1, 1), one.part(1, 11 * MIB), other.part(3, 70_000),
				other.part(0, PART), one.part(0, 12 * MIB)));
		assertComposes(List.of(one.part(5, PART)));
		assertComposes(List.of(one.part(0, PART), one.part(0, PART - 1)));
		assertComposes(List.of(other.part(7, 9)));
		assertComposes(List.of(one.part(MIB, 9 * MIB).part(1, 6 * MIB), other.part(0, 1)));
	}

	@Test
	void composesObjectsThatNobodyCanReplace() throws Exception {
		Piece large = store(PART + 3);
		Piece small = store(1_000);
		assertComposes(List.of(large.unchanging()));
		assertComposes(List.of(small.unchanging()));
		assertComposes(List.of(large.unchanging(), small.unchanging(), large.unchanging().part(1, PART),
				small.unchanging().part(10, 90)));
	}

	@Test
	void composesManySmallOnesInLittleMemory() throws Exception {
		List<Piece> few = Stream.generate(() -> store(40_000 + this.random.nextInt(1_000))).limit(40).toList();
		List<Piece> many = IntStream.range(0, 1_200).mapToObj((i) -> few.get(i * 7 % few.size())).toList();
		UploadMemory memory = subject().memory();
		AtomicInteger most = new AtomicInteger();
		Optional<ObjectInfo> composed = store().compose(ranges(many), key(), "alice",
				() -> most.accumulateAndGet(memory.capacity() - memory.available(), Math::max));
		byte[] bytes = bytes(many);
		assertThat(composed).map(ObjectInfo::size).contains((long) bytes.length);
		assertHolds(key(), bytes);
		assertThat(bytes.length).isGreaterThan(memory.capacity() * UploadMemory.CHUNK_SIZE);
		assertThat(most.get()).isBetween(1, 3 * Samples.CHUNKS);
	}

	@Test
	void keepsNothingThatClientSetOnItsPut() throws Exception {
		ObjectKey staged = Samples.newStagingKey();
		HttpRequest.Builder put = HttpRequest.newBuilder(store().signPut(staged, Duration.ofMinutes(1)).url())
			.header("Content-Type", "text/html")
			.header("Cache-Control", "max-age=31536000")
			.header("Content-Language", "de")
			.PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[PART]));
		try (HttpClient http = HttpClient.newHttpClient()) {
			assertThat(http.send(put.build(), HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(200);
		}
		ObjectRange source = ObjectRange.of(store().find(staged).orElseThrow());
		for (List<ObjectRange> sources : List.of(List.of(source), List.of(source, source.part(0, 1)),
				List.of(source.part(0, 1)))) {
			ObjectKey target = Samples.newKey();
			assertThat(store().compose(sources, target, "alice", ComposeContract::ignore)).isPresent();
			HeadObjectResponse head = subject().client()
				.headObject((request) -> request.bucket(subject().connection().bucket()).key(target.value()));
			assertThat(head.contentType()).isEqualTo("application/octet-stream");
			assertThat(head.cacheControl()).isNull();
			assertThat(head.contentLanguage()).isNull();
		}
	}

	@Test
	void refusesToComposeNothing() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> store().compose(List.of(), key(), "alice", ComposeContract::ignore));
		assertNothingIsLeft();
	}

	@Test
	void refusesMorePartsThanAnObjectMayHaveBeforeAnyCall() {
		List<ObjectRange> sources = Collections.nCopies(10_001, ObjectRange.ofUnchanging(key(), 9 * MIB));
		AtomicInteger calls = new AtomicInteger();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> store().compose(sources, Samples.newKey(), "alice", calls::incrementAndGet))
			.withMessageContaining("10000 parts");
		assertThat(calls).hasValue(0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3 })
	void composesNothingIfOneSourceIsMissing(int missing) {
		List<Piece> pieces = MIXED.stream().map(this::store).toList();
		store().delete(pieces.get(missing).range().key());
		assertThat(store().compose(ranges(pieces), key(), "alice", ComposeContract::ignore)).isEmpty();
		assertNothingIsLeft();
		List<Piece> unchanging = pieces.stream().map(Piece::unchanging).toList();
		assertThat(store().compose(ranges(unchanging), key(), "alice", ComposeContract::ignore)).isEmpty();
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3 })
	void composesNothingIfOneSourceWasReplaced(int replaced) throws Exception {
		List<Piece> pieces = MIXED.stream().map(this::store).toList();
		Piece changed = pieces.get(replaced);
		byte[] others = changed.bytes().clone();
		others[0]++;
		put(changed.range().key(), others);
		assertThat(store().compose(ranges(pieces), key(), "alice", ComposeContract::ignore)).isEmpty();
		assertNothingIsLeft();
		put(changed.range().key(), new byte[] { 1 });
		assertThat(store().compose(ranges(pieces), key(), "alice", ComposeContract::ignore)).isEmpty();
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, PART, 2 * PART })
	void composesNothingOfSingleSourceThatIsMissingOrWasReplaced(int size) throws Exception {
		Piece whole = store(size);
		Piece part = whole.part(1, size - 1);
		byte[] others = whole.bytes().clone();
		others[0]++;
		put(whole.range().key(), others);
		for (Piece one : List.of(whole, part)) {
			assertThat(store().compose(ranges(List.of(one)), key(), "alice", ComposeContract::ignore)).isEmpty();
			assertNothingIsLeft();
		}
		store().delete(whole.range().key());
		for (Piece one : List.of(whole, part, whole.unchanging(), part.unchanging())) {
			assertThat(store().compose(ranges(List.of(one)), key(), "alice", ComposeContract::ignore)).isEmpty();
			assertNothingIsLeft();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "5242881,7,10485760,9", "7,8,9", "20" })
	void leavesNothingWhereverItsProgressThrows(String sizes) {
		List<Piece> pieces = Stream.of(sizes.split(",")).map((size) -> store(Integer.parseInt(size))).toList();
		AtomicInteger calls = new AtomicInteger();
		assertThat(store().compose(ranges(pieces), Samples.newKey(), "alice", calls::incrementAndGet)).isPresent();
		for (int last = 1; last <= calls.get(); last++) {
			IllegalStateException end = new IllegalStateException("cancelled before call " + last);
			AtomicInteger left = new AtomicInteger(last);
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> store().compose(ranges(pieces), key(), "alice", () -> {
					if (left.decrementAndGet() == 0) {
						throw end;
					}
				}))
				.isSameAs(end);
			assertThat(left).as("no call follows").hasValue(0);
			assertNothingIsLeft();
		}
	}

	@Test
	void reportsProgressToOneThreadAtATime() {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		List<Piece> pieces = Collections.nCopies(200, store(100));
		assertThat(store().compose(ranges(pieces), key(), "alice", () -> {
			most.accumulateAndGet(inside.incrementAndGet(), Math::max);
			LockSupport.parkNanos(1);
			inside.decrementAndGet();
		})).isPresent();
		assertThat(most).hasValue(1);
	}

	private void assertComposes(List<Piece> pieces) throws Exception {
		ObjectKey target = Samples.newKey();
		byte[] bytes = bytes(pieces);
		ObjectInfo composed = store().compose(ranges(pieces), target, "alice", ComposeContract::ignore).orElseThrow();
		assertThat(composed.size()).isEqualTo(bytes.length);
		assertThat(store().find(target)).contains(composed);
		assertHolds(target, bytes);
		assertThat(openUploads(target)).isEmpty();
		store().delete(target);
	}

	private static void ignore() {
		// nothing depends on the progress
	}

	/** A new object of bytes without a pattern. */
	private Piece store(int size) {
		byte[] bytes = new byte[size];
		this.random.nextBytes(bytes);
		ObjectKey key = Samples.newKey();
		try {
			put(key, bytes);
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
		return new Piece(ObjectRange.of(store().find(key).orElseThrow()), bytes);
	}

	private static List<ObjectRange> ranges(List<Piece> pieces) {
		return pieces.stream().map(Piece::range).toList();
	}

	private static byte[] bytes(List<Piece> pieces) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		pieces.forEach((piece) -> all.writeBytes(piece.bytes()));
		return all.toByteArray();
	}

	/** A source, and the bytes that it has. */
	private static final class Piece {

		private final ObjectRange range;

		private final byte[] bytes;

		private Piece(ObjectRange range, byte[] bytes) {
			this.range = range;
			this.bytes = bytes;
		}

		private ObjectRange range() {
			return this.range;
		}

		private byte[] bytes() {
			return this.bytes;
		}

		private Piece part(int offset, int length) {
			return new Piece(this.range.part(offset, length), Arrays.copyOfRange(this.bytes, offset, offset + length));
		}

		private Piece unchanging() {
			return new Piece(new ObjectRange(this.range.key(), this.range.size(), Optional.empty(), this.range.offset(),
					this.range.length()), this.bytes);
		}

	}

}

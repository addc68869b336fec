package dev.stowage.storage.s3;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.stream.Stream;

import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStoreException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Reading from a store that aborts, and readers that do. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3StreamTests extends BehindFaults {

	private static final int SIZE = 4_000_000;

	private final ObjectKey object = Samples.newKey();

	@BeforeAll
	void store() throws Exception {
		this.reliable.store().put(this.object, Samples.stream(Samples.bytes(SIZE)), SIZE);
	}

	@Test
	void readsByteByByteAsUnsigned() throws Exception {
		byte[] bytes = Samples.bytes(SIZE);
		try (InputStream stored = this.reliable.store().open(this.object, SIZE, 0, 500).orElseThrow()) {
			for (int i = 0; i < 500; i++) {
				assertThat(stored.read()).isEqualTo(bytes[i] & 0xFF);
			}
			assertThat(stored.read()).isEqualTo(-1);
		}
	}

	@Test
	void givesItsConnectionBackWhenClosedEarly() throws Exception {
		byte first = Samples.bytes(SIZE)[0];
		// the client has 1,024 connections, and a wait for one ends after 10 s
		for (int i = 0; i < 2_000; i++) {
			try (InputStream stored = this.reliable.store().open(this.object, SIZE, 0, 300_000).orElseThrow()) {
				assertThat((byte) stored.read()).isEqualTo(first);
			}
		}
		this.reliable.store().ping();
	}

	@Test
	void keepsItsConnectionWhenAllWasRead() throws Exception {
		int before = this.faults.connections();
		for (int i = 0; i < 10; i++) {
			try (InputStream stored = this.faulty.store().open(this.object, SIZE, i, 100_000).orElseThrow()) {
				assertThat(stored.readNBytes(100_000)).hasSize(100_000);
			}
		}
		assertThat(this.faults.connections()).isLessThanOrEqualTo(before + 1);
	}

	@Test
	void givesItsConnectionBackWhenClosedUnread() throws Exception {
		for (int i = 0; i < 1_100; i++) {
			this.reliable.store().open(this.object, SIZE, 0, 10).orElseThrow().close();
		}
		this.reliable.store().ping();
	}

	@ParameterizedTest
	@CsvSource({ "0, 4000000, 100000", "0, 4000000, 1000000", "0, 4000000, 3999999", "1234567, 2000000, 300000",
			"3999000, 1000, 600", "0, 1, 500", "17, 20000, 1000" })
	void goesOnWhereTheStoreStopped(int offset, int length, int cut) throws Exception {
		this.faults.failAlways(S3Call.GET_OBJECT, Fault.cutAnswerAfter(cut));
		try (InputStream stored = this.faulty.store().open(this.object, SIZE, offset, length).orElseThrow()) {
			assertThat(stored.readAllBytes())
				.isEqualTo(Arrays.copyOfRange(Samples.bytes(SIZE), offset, offset + length));
			assertThat(stored.read()).isEqualTo(-1);
		}
		this.reliable.store().ping();
	}

	@Test
	void goesOnWithWhatWasFound() throws Exception {
		ObjectInfo found = this.reliable.store().find(this.object).orElseThrow();
		this.faults.failAlways(S3Call.GET_OBJECT, Fault.cutAnswerAfter(500_000));
		try (InputStream stored = this.faulty.store().open(found).orElseThrow()) {
			assertThat(stored.readAllBytes()).isEqualTo(Samples.bytes(SIZE));
		}
	}

	@ParameterizedTest
	@MethodSource
	void goesOnWhereTheRestFailsAFewTimes(Fault fault) throws Exception {
		this.faults.fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(1_000_000));
		this.faults.fail(S3Call.GET_OBJECT, 2, 4, fault);
		try (InputStream stored = this.faulty.store().open(this.object, SIZE, 0, SIZE).orElseThrow()) {
			assertThat(stored.readAllBytes()).isEqualTo(Samples.bytes(SIZE));
		}
	}

	static Stream<Named<Fault>> goesOnWhereTheRestFailsAFewTimes() {
		return Stream.of(Named.of("500", Fault.answer(500, "InternalError")),
				Named.of("503", Fault.answer(503, "SlowDown")), Named.of("403", Fault.answer(403, "AccessDenied")),
				Named.of("reset", Fault.reset()), Named.of("half as if whole", Fault.halfAnswer()),
				Named.of("empty as if whole", Fault.emptyAnswer()), Named.of("cut", Fault.cutAnswer()));
	}

	@Test
	void breaksOffWhereTheStoreIsGone() throws Exception {
		this.faults.failAlways(S3Call.GET_OBJECT, Fault.cutAnswerAfter(1_000_000));
		try (InputStream stored = this.faulty.store().open(this.object, SIZE, 0, SIZE).orElseThrow()) {
			assertThat(stored.read()).isNotNegative();
			this.faults.refuse();
			assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(stored::readAllBytes)
				.withMessageContaining(this.object.value());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "same size", "shorter", "longer", "removed" })
	void mixesNoBytesOfAnotherObject(String change) throws Exception {
		ObjectKey other = Samples.newKey();
		this.reliable.store().put(other, Samples.stream(Samples.bytes(SIZE)), SIZE);
		this.faults.fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(1_000_000));
		try (InputStream stored = this.faulty.store().open(other, SIZE, 0, SIZE).orElseThrow()) {
			ByteArrayOutputStream read = new ByteArrayOutputStream();
			read.writeBytes(stored.readNBytes(10));
			switch (change) {
				case "removed" -> this.reliable.store().delete(other);
				case "shorter" -> this.reliable.store().put(other, Samples.stream(new byte[2]), SIZE);
				case "longer" -> this.reliable.store().put(other, Samples.stream(new byte[SIZE + 1]), SIZE + 1);
				default -> this.reliable.store().put(other, Samples.stream(new byte[SIZE]), SIZE);
			}
			assertThatExceptionOfType(ObjectReplacedException.class).isThrownBy(() -> stored.transferTo(read))
				.withMessageContaining(other.value());
			assertThat(read.size()).isBetween(10, 1_000_000);
			assertThat(read.toByteArray()).isEqualTo(Arrays.copyOf(Samples.bytes(SIZE), read.size()));
		}
	}

	@Test
	void mixesNoBytesWhereTheStoreDoesNotObeyTheCondition() throws Exception {
		this.faults.fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(1_000_000));
		this.faults.failAlways(S3Call.GET_OBJECT, Fault.wrongTag());
		try (InputStream stored = this.faulty.store().open(this.object, SIZE, 0, SIZE).orElseThrow()) {
			assertThatExceptionOfType(ObjectReplacedException.class).isThrownBy(stored::readAllBytes);
		}
		assertThat(this.faults.count(S3Call.GET_OBJECT)).isEqualTo(2);
	}

	@Test
	void doesNotGoOnAfterItWasClosed() throws Exception {
		InputStream stored = this.faulty.store().open(this.object, SIZE, 0, SIZE).orElseThrow();
		assertThat(stored.read()).isNotNegative();
		stored.close();
		assertThatThrownBy(stored::read).isInstanceOf(ObjectStoreException.class);
		assertThat(this.faults.count(S3Call.GET_OBJECT)).isEqualTo(1);
	}

	@Test
	void tellsBrokenStoreFromBrokenClient() throws Exception {
		this.faults.fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(1_000_000));
		this.faults.failAlways(S3Call.GET_OBJECT, Fault.answer(403, "AccessDenied"));
		try (InputStream stored = this.faulty.store().open(this.object, SIZE, 0, SIZE).orElseThrow()) {
			assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(stored::readAllBytes)
				.withMessageContaining(this.object.value());
		}
		assertThat(this.faults.count(S3Call.GET_OBJECT)).isBetween(3, 10);
	}

	@Test
	void triesAgainWhereNothingWasReadYet() throws Exception {
		this.faults.fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(0));
		this.faults.fail(S3Call.GET_OBJECT, 2, 2, Fault.answer(503, "ServiceUnavailable"));
		try (InputStream stored = this.faulty.store().open(this.object, SIZE, 0, SIZE).orElseThrow()) {
			assertThat(stored.readAllBytes()).isEqualTo(Samples.bytes(SIZE));
		}
		assertThat(this.faults.count(S3Call.GET_OBJECT)).isEqualTo(3);
	}

	@Test
	void failsLikeTheStoreWhenTheClientIsClosedMeanwhile() throws Exception {
		StoreUnderTest closing = new StoreUnderTest(this.reliable.connection(), 4);
		try (InputStream stored = closing.store().open(this.object, SIZE, 0, SIZE).orElseThrow()) {
			assertThat(stored.read()).isNotNegative();
			closing.close();
			assertThatThrownBy(stored::readAllBytes).isInstanceOf(ObjectStoreException.class);
		}
		assertThatThrownBy(() -> closing.store().open(this.object, 1, 0, 1)).isInstanceOf(ObjectStoreException.class);
	}

	@Test
	void closesTwice() throws Exception {
		InputStream stored = this.reliable.store().open(this.object, SIZE, 0, SIZE).orElseThrow();
		stored.close();
		stored.close();
		assertThatThrownBy(stored::read).isInstanceOf(ObjectStoreException.class);
	}

}

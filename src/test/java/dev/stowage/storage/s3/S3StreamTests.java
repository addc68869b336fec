package dev.stowage.storage.s3;

import java.io.InputStream;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
	void givesItsConnectionBackWhenClosedUnread() throws Exception {
		for (int i = 0; i < 1_100; i++) {
			this.reliable.store().open(this.object, SIZE, 0, 10).orElseThrow().close();
		}
		this.reliable.store().ping();
	}

	@Test
	void tellsBrokenStoreFromBrokenClient() throws Exception {
		this.faults.fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(1_000_000));
		try (InputStream stored = this.faulty.store().open(this.object, SIZE, 0, SIZE).orElseThrow()) {
			assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(stored::readAllBytes)
				.withMessageContaining(this.object.value());
		}
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

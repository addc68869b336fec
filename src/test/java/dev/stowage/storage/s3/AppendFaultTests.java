package dev.stowage.storage.s3;

import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.ObjectStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Appending to a store that fails temporarily or permanently. */
class AppendFaultTests extends BehindFaults {

	private static final int SIZE = 2 * Samples.BUFFER + 100_000;

	private static final byte[] ALL = Samples.bytes(SIZE);

	private Grower grower;

	@BeforeEach
	void create() {
		this.grower = new Grower(this.faulty.store(), this.key);
	}

	@AfterEach
	void forget() {
		this.faults.recover();
		this.grower.forget();
	}

	@ParameterizedTest
	@CsvSource({ "CREATE_UPLOAD, 1", "UPLOAD_PART, 1", "UPLOAD_PART, 2", "PUT_OBJECT, 1", "UPLOAD_PART, 3",
			"COMPLETE_UPLOAD, 1" })
	void appendsWhenOneCallFailsOnce(S3Call call, int number) throws Exception {
		this.faults.fail(call, number, number, Fault.answer(503, "SlowDown"));
		appendTwiceAndFinish();
	}

	@ParameterizedTest
	@CsvSource({ "CREATE_UPLOAD, 1", "UPLOAD_PART, 1", "UPLOAD_PART, 2", "PUT_OBJECT, 1", "UPLOAD_PART, 3",
			"COMPLETE_UPLOAD, 1" })
	void appendsWhenAnAnswerIsLost(S3Call call, int number) throws Exception {
		this.faults.fail(call, number, number, Fault.cutAnswerAfter(0));
		appendTwiceAndFinish();
		assertThat(this.grower.told()).filteredOn("begun"::equals).hasSize(1);
	}

	/** Two parts and a rest, which the last part then takes up. */
	private void appendTwiceAndFinish() throws Exception {
		this.grower.appendOf(ALL, SIZE - 1);
		assertThat(this.grower.rest().length()).isPositive();
		assertThat(this.reliable.openUploads(this.key)).hasSize(1);
		this.grower.ending().appendOf(ALL, SIZE);
		this.grower.finish();
		assertHolds();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void keepsThePartsBeforeOneThatIsRefused(int refused) throws Exception {
		this.faults.fail(S3Call.UPLOAD_PART, refused, 10, Fault.answer(403, "AccessDenied"));
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.grower.appendOf(ALL, SIZE));
		assertThat(this.grower.parts()).hasSizeLessThan(refused);
		assertThat(this.grower.rest().length()).isZero();
		this.faults.recover();
		appendTwiceAndFinish();
	}

	@ParameterizedTest
	@EnumSource(names = { "CREATE_UPLOAD", "UPLOAD_PART", "PUT_OBJECT" })
	void continuesAfterTheStoreHasFailedForLong(S3Call call) throws Exception {
		this.faults.failAlways(call, Fault.answer(500, "InternalError"));
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.grower.appendOf(ALL, SIZE - 1));
		this.faults.recover();
		assertThat(this.grower.kept()).isEqualTo(Grower.sumOf(ALL, this.grower.kept().length()));
		appendTwiceAndFinish();
	}

	@ParameterizedTest
	@CsvSource({ "500, InternalError", "200, InternalError", "403, AccessDenied", "404, NoSuchUpload",
			"400, InvalidPart" })
	void finishesOnceTheStoreDoes(int status, String code) throws Exception {
		this.grower.ending().appendOf(ALL, SIZE);
		this.faults.failAlways(S3Call.COMPLETE_UPLOAD, Fault.answer(status, code));
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(this.grower::finish);
		assertThat(this.reliable.store().find(this.key)).isEmpty();
		this.faults.recover();
		this.grower.finish();
		assertHolds();
	}

	@Test
	void countsACompletionWhoseAnswersWereAllLostAsDone() throws Exception {
		this.grower.ending().appendOf(ALL, SIZE);
		this.faults.failAlways(S3Call.COMPLETE_UPLOAD, Fault.cutAnswerAfter(0));
		this.grower.finish();
		assertHolds();
	}

	@Test
	void reportsPartsInOrderThoughTheFirstIsStoredLast() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		this.faults.fail(S3Call.UPLOAD_PART, 1, 1, Fault.noAnswer(gate));
		Thread opener = Thread.ofVirtual().start(() -> {
			await().until(() -> this.faults.count(S3Call.UPLOAD_PART) == 3);
			gate.countDown();
		});
		this.grower.ending().appendOf(ALL, SIZE);
		opener.join();
		assertThat(this.grower.parts()).extracting(StoredPart::number).isEqualTo(List.of(1, 2, 3));
		assertThat(this.grower.told()).filteredOn("stored"::equals).hasSizeLessThan(4);
		this.grower.finish();
		assertHolds();
	}

	@Test
	void endsInTimeThoughTheLogFailsWhilePartsAreOnTheirWay() throws Exception {
		Grower.Failing failing = new Grower.Failing(this.faulty.store(), this.key, "stored", 1);
		InputStream endless = new InputStream() {
			@Override
			public int read() {
				return 0;
			}

			@Override
			public int read(byte[] buffer, int offset, int length) {
				return length;
			}
		};
		assertThatExceptionOfType(Grower.ForgottenException.class)
			.isThrownBy(() -> failing.append(endless, Grower.ANY));
		assertThat(this.faults.count(S3Call.UPLOAD_PART)).isLessThan(10);
		failing.forget();
	}

	private void assertHolds() throws Exception {
		try (InputStream stored = this.reliable.store().open(this.key, SIZE, 0, SIZE).orElseThrow()) {
			assertThat(stored.readAllBytes()).isEqualTo(ALL);
		}
		assertThat(this.reliable.openUploads(this.key)).isEmpty();
	}

}

package dev.stowage.storage.s3;

import java.io.InputStream;
import java.util.List;

import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Uploads to a store that fails temporarily or permanently. */
class PartPipelineFaultTests extends BehindFaults {

	private static final int WHOLE = 1_000_000;

	private static final int THREE_PARTS = 2 * Samples.BUFFER + 4_321;

	private static final long ANY = 1L << 35;

	@ParameterizedTest
	@CsvSource({ "CREATE_UPLOAD, 1, 500, InternalError", "CREATE_UPLOAD, 1, 503, ServiceUnavailable",
			"UPLOAD_PART, 1, 500, InternalError", "UPLOAD_PART, 2, 503, SlowDown",
			"UPLOAD_PART, 3, 503, ServiceUnavailable", "COMPLETE_UPLOAD, 1, 500, InternalError",
			"COMPLETE_UPLOAD, 1, 503, ServiceUnavailable", "COMPLETE_UPLOAD, 1, 200, InternalError" })
	void storesInPartsWhenOneCallFailsOnce(S3Call call, int number, int status, String code) throws Exception {
		this.faults.fail(call, number, number, Fault.answer(status, code));
		putAndCompare(THREE_PARTS);
		assertThat(this.faults.count(call)).isEqualTo((call == S3Call.UPLOAD_PART) ? 4 : 2);
	}

	@ParameterizedTest
	@CsvSource({ "500, InternalError", "503, ServiceUnavailable" })
	void storesWholeWhenTheCallFailsTwice(int status, String code) throws Exception {
		this.faults.fail(S3Call.PUT_OBJECT, 1, 2, Fault.answer(status, code));
		putAndCompare(WHOLE);
		assertThat(this.faults.count(S3Call.PUT_OBJECT)).isEqualTo(3);
	}

	@ParameterizedTest
	@CsvSource({ "UPLOAD_PART, 0", "UPLOAD_PART, 1000000", "UPLOAD_PART, 8388608", "COMPLETE_UPLOAD, 10",
			"CREATE_UPLOAD, 0" })
	void sendsAgainWhatAResetConnectionLost(S3Call call, int arrived) throws Exception {
		this.faults.fail(call, 1, 1, Fault.resetAfter(arrived));
		putAndCompare(THREE_PARTS);
	}

	@ParameterizedTest
	@CsvSource({ "0", "500000" })
	void sendsWholeObjectAgainAfterReset(int arrived) throws Exception {
		this.faults.fail(S3Call.PUT_OBJECT, 1, 1, Fault.resetAfter(arrived));
		putAndCompare(WHOLE);
	}

	@Test
	void sendsPartsAgainWhoseAnswersWereLost() throws Exception {
		this.faults.fail(S3Call.UPLOAD_PART, 1, 2, Fault.cutAnswerAfter(0));
		putAndCompare(THREE_PARTS);
		assertThat(this.faults.count(S3Call.UPLOAD_PART)).isEqualTo(5);
	}

	@Test
	void countsCompletionWhoseAnswerWasLostAsDone() throws Exception {
		this.faults.fail(S3Call.COMPLETE_UPLOAD, 1, 1, Fault.cutAnswerAfter(0));
		putAndCompare(THREE_PARTS);
		assertThat(this.faults.count(S3Call.COMPLETE_UPLOAD)).isGreaterThan(1);
		assertThat(this.faults.count(S3Call.ABORT_UPLOAD)).isZero();
	}

	@Test
	void doesNotCountCompletionOfUnknownUploadAsDone() {
		this.faults.failAlways(S3Call.COMPLETE_UPLOAD, Fault.answer(404, "NoSuchUpload"));
		assertFails(THREE_PARTS);
		assertNothingIsLeft();
	}

	@Test
	void doesNotTakeAnotherObjectForItsOwn() throws Exception {
		this.reliable.store().put(this.key, Samples.stream(Samples.bytes(10)), ANY);
		this.faults.failAlways(S3Call.COMPLETE_UPLOAD, Fault.answer(404, "NoSuchUpload"));
		assertFails(THREE_PARTS);
		assertThat(this.reliable.store().find(this.key)).map(ObjectInfo::size).contains(10L);
		assertThat(this.reliable.openUploads(this.key)).isEmpty();
	}

	@Test
	void doesNotCountErrorInsideOkAsDone() {
		this.faults.failAlways(S3Call.COMPLETE_UPLOAD, Fault.answer(200, "InternalError"));
		assertFails(THREE_PARTS);
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@EnumSource(names = { "CREATE_UPLOAD", "UPLOAD_PART", "COMPLETE_UPLOAD" })
	void givesUpAndLeavesNothingWhenOneCallFailsForGood(S3Call call) {
		this.faults.failAlways(call, Fault.answer(500, "InternalError"));
		assertFails(THREE_PARTS);
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@CsvSource({ "1", "2", "3" })
	void givesUpWhenOnePartIsRefused(int number) {
		this.faults.fail(S3Call.UPLOAD_PART, number, number, Fault.answer(403, "AccessDenied"));
		assertFails(THREE_PARTS);
		assertNothingIsLeft();
	}

	@Test
	void givesUpWhenWholeObjectIsRefused() {
		this.faults.failAlways(S3Call.PUT_OBJECT, Fault.answer(403, "AccessDenied"));
		assertFails(WHOLE);
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@EnumSource(names = { "UPLOAD_PART", "COMPLETE_UPLOAD" })
	void givesUpWhenConnectionsAreResetForGood(S3Call call) {
		this.faults.failAlways(call, Fault.resetAfter(0));
		assertFails(THREE_PARTS);
		assertNothingIsLeft();
	}

	@Test
	void readsNoFurtherOnceAPartHasFailed() {
		this.faults.failAlways(S3Call.UPLOAD_PART, Fault.answer(403, "AccessDenied"));
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
		assertThatExceptionOfType(ObjectStoreException.class)
			.isThrownBy(() -> this.faulty.store().put(this.key, endless, ANY));
		assertNothingIsLeft();
	}

	@Test
	void leavesOpenUploadOnlyWhereEvenTheAbortFails() {
		this.faults.failAlways(S3Call.COMPLETE_UPLOAD, Fault.answer(500, "InternalError"));
		this.faults.failAlways(S3Call.ABORT_UPLOAD, Fault.answer(500, "InternalError"));
		assertFails(THREE_PARTS);
		assertThat(this.reliable.openUploads(this.key)).containsExactly(this.key.value());
		this.reliable.store().deleteUploads(this.key);
		assertNothingIsLeft();
	}

	@Test
	void leavesUploadsWhoseNamesItNeverLearned() {
		this.faults.failAlways(S3Call.CREATE_UPLOAD, Fault.cutAnswerAfter(0));
		assertFails(THREE_PARTS);
		assertThat(this.reliable.store().find(this.key)).isEmpty();
		assertThat(this.reliable.openUploads(this.key)).isNotEmpty().containsOnly(this.key.value());
		this.reliable.store().deleteUploads(this.key);
		assertNothingIsLeft();
	}

	@Test
	void abortsOnlyAfterThePartsHaveEnded() {
		this.faults.fail(S3Call.UPLOAD_PART, 1, 1, Fault.answer(403, "AccessDenied"));
		assertFails(THREE_PARTS);
		List<S3Call> seen = this.faults.seen();
		assertThat(seen.indexOf(S3Call.ABORT_UPLOAD)).isGreaterThan(seen.lastIndexOf(S3Call.UPLOAD_PART));
	}

	private void putAndCompare(int size) throws Exception {
		byte[] bytes = Samples.bytes(size);
		assertThat(this.faulty.store().put(this.key, Samples.stream(bytes), ANY)).isEqualTo(size);
		try (InputStream stored = this.reliable.store().open(this.key, size, 0, size).orElseThrow()) {
			assertThat(stored.readAllBytes()).isEqualTo(bytes);
		}
		assertThat(this.reliable.store().find(this.key)).map(ObjectInfo::size).contains((long) size);
	}

	private void assertFails(int size) {
		assertThatExceptionOfType(ObjectStoreException.class)
			.isThrownBy(() -> this.faulty.store().put(this.key, Samples.stream(Samples.bytes(size)), ANY))
			.withMessageContaining(this.key.value())
			.withCauseInstanceOf(SdkException.class);
	}

	private void assertNothingIsLeft() {
		assertThat(this.reliable.store().find(this.key)).isEmpty();
		assertThat(this.reliable.openUploads(this.key)).isEmpty();
	}

}

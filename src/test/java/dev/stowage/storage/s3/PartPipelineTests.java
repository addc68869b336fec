package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.s3.parts.PartPipeline;
import dev.stowage.storage.s3.parts.S3Timeouts;
import dev.stowage.storage.s3.parts.UploadCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Uploads that are cancelled, or that meet a stalled store. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PartPipelineTests extends BehindFaults {

	private static final int THREE_PARTS = 2 * Samples.BUFFER + 4_321;

	private static final long ANY = 1L << 35;

	private static final Duration SOON = Duration.ofSeconds(20);

	@Test
	void sendsPartsWhileTheNextIsRead() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		this.faults.fail(S3Call.UPLOAD_PART, 1, 2, Fault.stallAfter(0, gate));
		InputStream bytes = Samples.streamThen(THREE_PARTS, () -> {
			await().atMost(SOON).until(() -> this.faults.count(S3Call.UPLOAD_PART) == 2);
			gate.countDown();
		});
		assertThat(this.faulty.store().put(this.key, bytes, ANY)).isEqualTo(THREE_PARTS);
	}

	@Test
	void waitsForPartsInFlightBeforeItAborts() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		this.faults.fail(S3Call.UPLOAD_PART, 1, 2, Fault.stallAfter(1_000, gate));
		IOException hangUp = new IOException("the client disconnected");
		InputStream bytes = Samples.streamThen(THREE_PARTS, () -> {
			await().atMost(SOON).until(() -> this.faults.count(S3Call.UPLOAD_PART) == 2);
			throw hangUp;
		});
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Long> upload = executor.submit(() -> this.faulty.store().put(this.key, bytes, ANY));
			await().atMost(SOON).until(() -> this.faulty.memory().available() == 2 * Samples.CHUNKS);
			await().during(Duration.ofMillis(300)).until(() -> this.faults.count(S3Call.ABORT_UPLOAD) == 0);
			assertThat(upload).isNotDone();
			gate.countDown();
			assertThatThrownBy(upload::get).isInstanceOf(ExecutionException.class).hasCause(hangUp);
		}
		assertThat(this.faults.seen()).endsWith(S3Call.ABORT_UPLOAD);
		assertNothingIsLeft();
	}

	@Test
	void losesNoBufferInTwoHundredUploadsThatFail() {
		byte[] bytes = Samples.bytes(Samples.BUFFER + 1);
		IOException hangUp = new IOException("the client disconnected");
		this.faults.failAlways(S3Call.UPLOAD_PART, Fault.answer(403, "AccessDenied"));
		this.faults.failAlways(S3Call.PUT_OBJECT, Fault.answer(403, "AccessDenied"));
		for (int i = 0; i < 50; i++) {
			assertThatThrownBy(() -> this.faulty.store().put(this.key, Samples.stream(bytes), ANY))
				.isInstanceOf(ObjectStoreException.class);
			assertThatThrownBy(() -> this.faulty.store().put(this.key, Samples.stream(new byte[9]), ANY))
				.isInstanceOf(ObjectStoreException.class);
			assertThatThrownBy(() -> this.faulty.store().put(this.key, Samples.streamThen(9, () -> {
				throw hangUp;
			}), ANY)).isSameAs(hangUp);
			assertThatThrownBy(() -> this.reliable.store().put(this.key, Samples.stream(bytes), bytes.length - 1))
				.isInstanceOf(ObjectTooLargeException.class);
		}
		assertThat(this.faulty.memory().available()).isEqualTo(this.faulty.memory().capacity());
		assertNothingIsLeft();
	}

	@Test
	void abortsUploadWhoseThreadIsInterruptedWhileItReads() throws Exception {
		InputStream bytes = interruptingAt(Samples.BUFFER + 10, Samples.BUFFER);
		inOwnThread(() -> {
			assertThatExceptionOfType(InterruptedIOException.class)
				.isThrownBy(() -> this.reliable.store().put(this.key, bytes, ANY));
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		});
		assertNothingIsLeft();
	}

	@Test
	void abortsUploadWhoseThreadIsInterruptedAtItsEnd() throws Exception {
		InputStream bytes = interruptingAt(THREE_PARTS, 0);
		inOwnThread(() -> {
			assertThatExceptionOfType(ObjectStoreException.class)
				.isThrownBy(() -> this.reliable.store().put(this.key, bytes, ANY));
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		});
		assertNothingIsLeft();
	}

	/**
	 * Interrupts its reader after a number of bytes, and has some more after them.
	 */
	private static InputStream interruptingAt(int size, int more) {
		return new SequenceInputStream(Samples.streamThen(size, () -> Thread.currentThread().interrupt()),
				Samples.stream(new byte[more]));
	}

	private static void inOwnThread(Runnable action) throws Exception {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			executor.submit(action).get(20, TimeUnit.SECONDS);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1_000_000, THREE_PARTS })
	void givesUpOnStoreThatReadsNoFurther(int size) {
		CountDownLatch gate = new CountDownLatch(1);
		this.faults.failAlways(S3Call.UPLOAD_PART, Fault.stallAfter(1_000, gate));
		this.faults.failAlways(S3Call.PUT_OBJECT, Fault.stallAfter(1_000, gate));
		assertThatExceptionOfType(ObjectStoreException.class)
			.isThrownBy(() -> impatient(200).put(this.key, IncomingBytes.of(Samples.stream(Samples.bytes(size)), ANY)))
			.withCauseInstanceOf(ApiCallTimeoutException.class);
		gate.countDown();
		assertNothingIsLeft();
	}

	@Test
	void sendsPartAgainThatGotStuck() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		this.faults.fail(S3Call.UPLOAD_PART, 2, 2, Fault.stallAfter(1_000, gate));
		assertThat(impatient(1_000).put(this.key, IncomingBytes.of(Samples.stream(Samples.bytes(THREE_PARTS)), ANY))
			.length()).isEqualTo(THREE_PARTS);
		gate.countDown();
		try (InputStream stored = this.reliable.store().open(this.key, THREE_PARTS, 0, THREE_PARTS).orElseThrow()) {
			assertThat(stored.readAllBytes()).isEqualTo(Samples.bytes(THREE_PARTS));
		}
	}

	private PartPipeline impatient(int millis) {
		return new PartPipeline(new UploadCalls(this.faulty.client(), this.faulty.connection().bucket(),
				new S3Timeouts(S3Timeouts.USUAL.attempt(), S3Timeouts.USUAL.call(), Duration.ofMillis(millis),
						S3Timeouts.USUAL.assembly(), S3Timeouts.USUAL.pause())),
				this.faulty.memory());
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, Samples.BUFFER, THREE_PARTS })
	void failsAsTheStoreDoesWhenTheClientIsClosedMeanwhile(int size) {
		try (StoreUnderTest closing = new StoreUnderTest(this.reliable.connection(), 4)) {
			InputStream bytes = Samples.streamThen(size, () -> closing.client().close());
			assertThatExceptionOfType(ObjectStoreException.class)
				.isThrownBy(() -> closing.store().put(this.key, bytes, ANY));
			assertThat(closing.memory().available()).isEqualTo(4 * Samples.CHUNKS);
		}
		assertThat(this.reliable.store().find(this.key)).isEmpty();
		this.reliable.store().deleteUploads(this.key);
	}

	private void assertNothingIsLeft() {
		assertThat(this.reliable.store().find(this.key)).isEmpty();
		assertThat(this.reliable.openUploads(this.key)).isEmpty();
	}

}

package dev.stowage.storage.s3;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedUploadsOffException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Whether upload URLs are issued, depending on what the store does during the probe. */
@ExtendWith(OutputCaptureExtension.class)
class UploadGateTests extends BehindFaults {

	private static final Pattern COPY = Pattern
		.compile("^PUT /[^/]+/([^? ]+)|(?i:\r\nx-amz-copy-source: */[^/]+/([^?\r]+))");

	private CountDownLatch end = new CountDownLatch(1);

	private UploadGate gate;

	@BeforeEach
	void create() {
		this.end = new CountDownLatch(1);
		this.gate = new UploadGate(this.faulty.probe(), false);
	}

	@AfterEach
	void letGo() {
		this.end.countDown();
	}

	@Test
	void givesThemOutWhereTheStoreRefusesAndProbesItOnce() {
		this.gate.requireOpen();
		int calls = this.faults.seen().size();
		this.gate.requireOpen();
		assertThat(this.faults.seen()).hasSize(calls);
		assertThat(this.reliable.store().list("", Optional.empty(), 10).objects()).isEmpty();
	}

	@Test
	void givesNoneOutWhereTheStoreCopiesForWhoeverAsks(CapturedOutput output) {
		this.faults.failAlways(S3Call.COPY_OBJECT, (head, in, exchange) -> {
			List<MatchResult> keys = COPY.matcher(head).results().toList();
			copy(keys.get(1).group(2), keys.get(0).group(1));
			exchange.answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
			exchange.reset();
		});
		assertThatExceptionOfType(SignedUploadsOffException.class).isThrownBy(this.gate::requireOpen);
		assertThatExceptionOfType(SignedUploadsOffException.class).isThrownBy(this.gate::requireOpen);
		assertThat(output.getOut().lines().filter((line) -> line.contains("are off"))).singleElement()
			.asString()
			.contains("can add x-amz-copy-source to the PUT");
	}

	private void copy(String source, String target) {
		String bucket = this.reliable.connection().bucket();
		this.reliable.client()
			.copyObject((copy) -> copy.sourceBucket(bucket)
				.sourceKey(source)
				.destinationBucket(bucket)
				.destinationKey(target));
	}

	@Test
	void waitsForAStoreThatIsAway() throws Exception {
		this.faults.refuse();
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(this.gate::requireOpen);
		this.faults.recover();
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(this.gate::requireOpen)
			.withMessageContaining("could not be probed");
		assertThat(this.faults.seen()).isEmpty();
		await().untilAsserted(() -> assertThatCode(this.gate::requireOpen).doesNotThrowAnyException());
	}

	@ParameterizedTest
	@EnumSource(names = { "PUT_OBJECT", "COPY_OBJECT" })
	void keepsNobodyWaitingForAStoreThatIsSilent(S3Call call) throws Exception {
		this.faults.failAlways(call, Fault.noAnswer(this.end));
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<?>> asked = Stream.<Future<?>>generate(() -> clients.submit(this.gate::requireOpen))
				.limit(50)
				.toList();
			asked.forEach((one) -> assertThat(one).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.withCauseInstanceOf(ObjectStoreException.class));
		}
		assertThat(this.faults.count(call)).isLessThan(5);
	}

	@ParameterizedTest
	@EnumSource(names = { "PUT_OBJECT", "COPY_OBJECT", "GET_OBJECT" })
	void concludesNothingFromAStoreThatFails(S3Call call) {
		this.faults.failAlways(call, Fault.answer(500, "InternalError"));
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(this.gate::requireOpen);
	}

}

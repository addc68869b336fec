package dev.stowage.api;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.stowage.storage.s3.Fault;
import dev.stowage.storage.s3.FaultsInFront;
import dev.stowage.storage.s3.S3Call;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A store that accepts connections and then hangs, and a server with short timeouts. */
@Tag("long")
@Timeout(60)
class StoreStallTests extends BehindStoreFaults {

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		start(backing, FaultsInFront.ofAnImpatientServer());
	}

	@ParameterizedTest
	@MethodSource("steps")
	void holdsNobodyForEverWhoWaitsForAnAnswer(Step step) {
		CountDownLatch gate = new CountDownLatch(1);
		assertGivenUp(step.deed(), step.call(), Fault.noAnswer(gate), gate);
	}

	@ParameterizedTest
	@CsvSource({ "UPLOAD_SMALL, PUT_OBJECT", "UPLOAD_LARGE, UPLOAD_PART" })
	void holdsNobodyForEverWhoSends(Deed deed, S3Call call) {
		CountDownLatch gate = new CountDownLatch(1);
		assertGivenUp(deed, call, Fault.stallAfter(1_000, gate), gate);
	}

	private static void assertGivenUp(Deed deed, S3Call call, Fault fault, CountDownLatch gate) {
		Supplier<Answer> act = deed.prepare();
		faults().recover();
		faults().failAlways(call, fault);
		Answer answer = act.get();
		gate.countDown();
		if (deed == Deed.DELETE) {
			assertThat(answer.status()).isEqualTo(200);
		}
		else {
			Acknowledged.assertUnavailable(answer);
		}
	}

	@ParameterizedTest
	@MethodSource("stepsThatAreRepeated")
	void isForgottenWhenOneAttemptStallsAndTheNextDoesNot(Step step) {
		CountDownLatch gate = new CountDownLatch(1);
		Supplier<Answer> act = step.deed().prepare();
		faults().recover();
		faults().fail(step.call(), 1, 1, Fault.noAnswer(gate));
		Answer answer = act.get();
		gate.countDown();
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(faults().count(step.call())).isGreaterThan(1);
	}

	@ParameterizedTest
	@CsvSource({ "UPLOAD_LARGE, COMPLETE_UPLOAD", "COMPLETE, COPY_OBJECT" })
	void mayTakeItsTimeToMoveBytesItself(Deed deed, S3Call call) {
		CountDownLatch gate = new CountDownLatch(1);
		Supplier<Answer> act = deed.prepare();
		faults().recover();
		faults().failAlways(call, Fault.noAnswer(gate));
		// longer than an attempt at anything else may take
		CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(gate::countDown);
		assertThat(act.get().status()).isEqualTo(200);
		assertThat(faults().count(call)).isEqualTo(1);
	}

	/** Only the wait for the first byte is limited. */
	@Test
	void letsADownloadTakeAsLongAsItsClient() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(server().url("/v1/files/" + kept() + "/content"))
			.header("Authorization", "Bearer " + StowageServer.ALICE)
			.build();
		try (HttpClient http = HttpClient.newHttpClient();
				InputStream bytes = http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
			byte[] begin = bytes.readNBytes(100);
			Thread.sleep(2_000);
			assertThat(begin).isEqualTo(Arrays.copyOf(LARGE, 100));
			assertThat(bytes.readAllBytes()).isEqualTo(Arrays.copyOfRange(LARGE, 100, LARGE.length));
		}
	}

	/** No call is repeated while the store may still be working on it. */
	static Stream<Step> stepsThatAreRepeated() {
		return steps().filter((step) -> step.call() != S3Call.COMPLETE_UPLOAD && step.call() != S3Call.COPY_OBJECT);
	}

}

package dev.stowage.api;

import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.stowage.storage.s3.Fault;
import dev.stowage.storage.s3.FaultsInFront;
import dev.stowage.storage.s3.S3Call;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** No client notices that one call to the store failed. */
@Tag("long")
class StoreHiccupTests extends BehindStoreFaults {

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		start(backing, FaultsInFront.usual());
	}

	@ParameterizedTest
	@MethodSource("oneFault")
	void isMendedByAskingAgain(Deed deed, S3Call call, Fault fault) {
		Supplier<Answer> act = deed.prepare();
		faults().recover();
		faults().fail(call, 1, 1, fault);
		Answer answer = act.get();
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(faults().count(call)).isGreaterThan(1);
	}

	static Stream<Arguments> oneFault() {
		return steps()
			.flatMap((step) -> Stream.concat(anywhere(), bringsBytes(step.call()) ? inTheBody() : Stream.empty())
				.map((fault) -> arguments(step.deed(), step.call(), fault)));
	}

	private static boolean bringsBytes(S3Call call) {
		return call == S3Call.PUT_OBJECT || call == S3Call.UPLOAD_PART;
	}

	private static Stream<Named<Fault>> anywhere() {
		return Stream.of(Named.of("500", Fault.answer(500, "InternalError")),
				Named.of("503", Fault.answer(503, "SlowDown")), Named.of("reset", Fault.reset()),
				Named.of("answer lost", Fault.cutAnswerAfter(0)), Named.of("answer cut", Fault.cutAnswerAfter(20)));
	}

	private static Stream<Named<Fault>> inTheBody() {
		return Stream.of(Named.of("reset in the body", Fault.resetAfter(100)));
	}

}
